package folder

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
)

// WorldID names the world of a seed, which is NoWorld, "default", or the path of a file: by
// a digest of the file, so that the same world at another path is the same.
func WorldID(seed string) (string, error) {
	if seed == NoWorld || seed == "default" {
		return seed, nil
	}
	b, err := os.ReadFile(seed)
	if err != nil {
		return "", fmt.Errorf("ecosystem: read the world: %w", err)
	}
	digest := sha256.Sum256(b)
	return hex.EncodeToString(digest[:]), nil
}
