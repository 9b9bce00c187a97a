package rp

import (
	"fmt"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/internal/wire"
)

// answer is a line of the answer to a change confirmation.
type answer struct{ *wire.AnswerLine }

// status gives what the line says, if it answers the question about this
// serial number, in its canonical form.
func (a answer) status(kind jpki.Kind, serial jpki.SerialNumber) (Status, *badAnswer) {
	if a.Code != nil {
		return Status{}, a.refusal()
	}
	if string(a.Kind) != kind.String() || string(a.Serial) != serial.String() || a.Number != nil {
		return Status{}, &badAnswer{ErrStatusMissing, fmt.Sprintf("an answer about %.40q %.40q in place of %s", a.Kind, a.Serial, serial)}
	}
	s := Status{Kind: kind, Serial: serial}
	if !a.stateInto(&s) {
		return Status{}, &badAnswer{fmt.Errorf("%w: %w", ErrStatusUnavailable, ErrMalformed),
			fmt.Sprintf("state %.40q, reason %.40q, at %.40q", a.State, a.Reason, a.At)}
	}
	return s, nil
}

// stateInto writes state, reason and time into a status. The authority calls
// every revocation a change, and gives the reason.
func (a answer) stateInto(s *Status) bool {
	switch string(a.State) {
	case "unchanged":
		s.State = Unchanged
	case "expired":
		s.State = Expired
	case "unknown":
		s.State = Unknown
	case "changed", "suspended":
		var err error
		if s.Reason, err = jpki.ParseReason(string(a.Reason)); err != nil {
			return false
		}
		if s.At, err = time.Parse(time.RFC3339, string(a.At)); err != nil {
			return false
		}
		s.State, s.At = stateOf(s.Reason), s.At.UTC()
		return (s.State == Suspended) == (string(a.State) == "suspended")
	}
	return s.State != "" && a.Reason == nil && a.At == nil
}

// refusal gives the error that a line names.
func (a answer) refusal() *badAnswer {
	bad := &badAnswer{ErrStatusUnavailable, fmt.Sprintf("error %.40q", a.Code)}
	switch string(a.Code) {
	case "no_key", "unknown_key", "suspended", "withdrawn", "kind_not_covered":
		bad.rule = ErrNotAccredited
	}
	return bad
}
