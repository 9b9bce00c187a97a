// Package wire reads what comes in: signatures, tokens, status responses,
// revocation lists and the lines of a change confirmation. It is strict about
// form and believes nothing: what a value says is checked by package rp.
package wire

import (
	"errors"
	"fmt"
)

// The rules that a form can break. Package rp exports them.
var (
	ErrMalformed = errors.New("malformed")
	ErrTooLarge  = errors.New("too large")
	ErrAlgorithm = errors.New("algorithm not accepted")
)

// Refusal says what a form should have been and what was found, in English for
// developers. Neither holds personal data.
type Refusal struct {
	Expected, Found string
	Err             error // one of the rules, possibly wrapping a cause
}

// Error gives one line for a log.
func (r *Refusal) Error() string {
	return fmt.Sprintf("%v: expected %s, found %s", r.Err, r.Expected, r.Found)
}

// Unwrap gives the rule.
func (r *Refusal) Unwrap() error { return r.Err }
