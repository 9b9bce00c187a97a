//go:build unix && !solaris && !illumos && !aix

package dbopen

import (
	"errors"
	"os"
	"syscall"
)

// lock reports whether it locked an open file. Unlike a POSIX lock, flock belongs
// to the open file: it holds against this process too, and closing another one
// does not release it.
func lock(f *os.File) (bool, error) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
