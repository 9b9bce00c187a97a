//go:build !cgo && !darwin && !windows

package pcsc

import "fmt"

// errStatic is why a static program has no readers.
var errStatic = fmt.Errorf("%w: this program is a static one; build it with CGO_ENABLED=1 and a C compiler to use the readers of this machine", ErrNoLibrary)

func readers() ([]Reader, error)     { return nil, errStatic }
func connect(string) (handle, error) { return nil, errStatic }
