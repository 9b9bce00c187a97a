package medical

import "errors"

// ErrMember is a set of numbers that no notice of an insurer has.
var ErrMember = errors.New("medical: not the numbers of an insured person")

// The codes of a Refused that are not the kit's.
const (
	PlatformSilent  = "platform_silent"  // the platform did not answer
	InsurerSilent   = "insurer_silent"   // the insurer did not answer
	UnknownInsurer  = "unknown_insurer"  // no insurer of this number is at the platform
	NoMember        = "no_member"        // the insurer knows nobody with these numbers
	NotLinked       = "not_linked"       // the insurer has no link with the card (any more)
	LinkedElsewhere = "linked_elsewhere" // the card, or the insured person, is linked with another
	TooManyTries    = "too_many_tries"   // too many wrong numbers with one touch of the card
	NoInquiry       = "no_inquiry"       // an inquiry that the platform does not know (any more)
)

// Refused is the answer of a party that confirmed nothing: the code of the reason, the
// kit's or one of those above, and how far it came.
type Refused struct {
	Code string `json:"code"`
	// Inquiry numbers what was asked; empty if the platform did not hear of it.
	Inquiry string `json:"inquiry,omitempty"`
	Steps   []Step `json:"steps,omitempty"`
}

func (e *Refused) Error() string { return "medical: not confirmed: " + e.Code }
