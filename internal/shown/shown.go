// Package shown notices that what somebody confirms is no longer what was shown.
// Between a page of confirmation and its button another act may commit: who
// confirms sends the version of what was shown, and the act compares it, where it
// is alone, with what it would show now.
package shown

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
)

// ErrChanged is an act that would now be another one than was shown. Nothing was
// done.
var ErrChanged = errors.New("what was shown has changed since")

// Version names what was shown, in 32 hexadecimal digits. The empty version is
// that of a program that acts at once and was shown nothing.
type Version string

// Of gives the version of what the parts say, in their order.
func Of(parts ...string) Version {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return Version(hex.EncodeToString(h.Sum(nil)[:16]))
}

// Still refuses with ErrChanged what is confirmed if it would be shown otherwise
// now.
func (v Version) Still(now Version) error {
	if v == "" || v == now {
		return nil
	}
	return ErrChanged
}
