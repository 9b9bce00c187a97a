//go:build !cgo && !darwin && !windows

package pcsc

import (
	"errors"
	"strings"
	"testing"
)

func TestAStaticProgramSaysThatItHasNoReaders(t *testing.T) {
	_, err := Readers()
	if _, other := Connect(t.Context(), "any"); !errors.Is(err, ErrNoLibrary) || !errors.Is(other, ErrNoLibrary) || !strings.Contains(err.Error(), "CGO_ENABLED=1") {
		t.Errorf("%v, %v", err, other)
	}
}
