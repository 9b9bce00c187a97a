package folder

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
)

// WorldID names the world of a seed, which is NoWorld, "default", or the path of a file, and of
// the file of what somebody adds to it, if there is one. A file is named by a digest, so that
// the same world at another path is the same.
func WorldID(seed, own string) (string, error) {
	var parts []string
	for _, part := range []string{seed, own} {
		if part == "" {
			continue
		}
		if part != NoWorld && part != "default" {
			b, err := os.ReadFile(part)
			if err != nil {
				return "", fmt.Errorf("ecosystem: read the world: %w", err)
			}
			digest := sha256.Sum256(b)
			part = hex.EncodeToString(digest[:])
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " "), nil
}
