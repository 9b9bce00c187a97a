package desk

import (
	"regexp"
	"slices"

	"example.jp/jpkimock/authority/jpki"
)

// InvalidError says which field of an application or an entry was refused.
// Neither member repeats the value, which could be a PIN or a key.
type InvalidError struct {
	Field  string
	Reason string
}

// Error gives field and reason.
func (e *InvalidError) Error() string { return "authority: " + e.Field + ": " + e.Reason }

// Invalid gives an *InvalidError.
func Invalid(field, reason string) error { return &InvalidError{field, reason} }

// Wrong gives every field that an error refuses, in order.
func Wrong(err error) (all []*InvalidError) {
	switch err := err.(type) {
	case *InvalidError:
		return []*InvalidError{err}
	case interface{ Unwrap() []error }:
		for _, e := range err.Unwrap() {
			all = append(all, Wrong(e)...)
		}
	case interface{ Unwrap() error }:
		return Wrong(err.Unwrap())
	}
	return all
}

// ElsewhereError refuses an officer whose counter is not responsible: the
// resident belongs to another municipality (住所地の市区町村).
type ElsewhereError struct{ Responsible Municipality }

// Error names the municipality that is responsible.
func (e *ElsewhereError) Error() string {
	m := e.Responsible
	return "authority: the counter of " + m.Prefecture + m.City + " (" + m.Code + ") is responsible"
}

// maxText bounds the free texts of all registers, in characters.
const maxText = 200

// CheckText refuses a field that is neither empty nor one line of at most 200
// characters, as package jpki defines it.
func CheckText(field, s string) error {
	if s == "" {
		return nil
	}
	return CheckLine(field, s)
}

// CheckLine is CheckText for a field that must be given.
func CheckLine(field, s string) error {
	if err := jpki.CheckLine(s, maxText); err != nil {
		return Invalid(field, err.Error())
	}
	return nil
}

var idForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,62}$`)

// ID reports whether s can identify a resident, a card or a verifier.
func ID(s string) bool { return idForm.MatchString(s) }

// CheckID refuses a field that is not an ID.
func CheckID(field, s string) error {
	if !ID(s) {
		return Invalid(field, "must be 1 to 63 of a-z 0-9 . _ -")
	}
	return nil
}

// CheckKinds refuses a list with an unknown kind, or with one twice.
func CheckKinds(kinds []jpki.Kind) error {
	for i, k := range kinds {
		if !k.Valid() || slices.Contains(kinds[:i], k) {
			return Invalid("kinds", "has an unknown kind, or one twice")
		}
	}
	return nil
}
