package simclock

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

// ReadOffset reads the offset from the wall clock that was saved in a file: 0 if the
// clock was never moved.
func ReadOffset(path string) (time.Duration, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	offset, err := time.ParseDuration(strings.TrimSpace(string(b)))
	if err != nil {
		return 0, fmt.Errorf("ecosystem: %s does not hold the offset of the clock: %w", path, err)
	}
	return offset, nil
}
