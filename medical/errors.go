package medical

import "errors"

// Rules that a request can break.
var (
	// ErrMember is a set of numbers that no notice of an insurer has.
	ErrMember = errors.New("medical: not the numbers of an insured person")
	// ErrOrder is no prescription: medicines, doses, days or names are missing or out of bounds.
	ErrOrder = errors.New("medical: not a prescription")
)

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

// The codes of the prescription inquiry system.
const (
	PrescriptionsSilent  = "rx_silent"     // it did not answer
	NoPrescription       = "rx_unknown"    // there is no such prescription, or not for who asks
	NotADoctor           = "rx_not_doctor" // the signature is not that of a doctor of the institution
	NoGrant              = "rx_no_grant"   // the patient's card was taken away, or its time is over
	PrescriptionTaken    = "rx_taken"      // another pharmacy has it (調剤中)
	PrescriptionUsed     = "rx_dispensed"  // it was dispensed (調剤済)
	PrescriptionVoid     = "rx_cancelled"  // the doctor cancelled it (取消)
	PrescriptionOver     = "rx_expired"    // its days are over
	PrescriptionEarly    = "rx_early"      // the next dispensing of a refill is not due yet
	PrescriptionFindings = "rx_findings"   // the check found what has no reason yet
	PrescriptionStuck    = "rx_state"      // not in a state for this
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

// Heard gives what another party answered: its refusal, or its silence as one with a code.
func Heard(err error, silent string) error {
	if _, answered := errors.AsType[*Refused](err); err == nil || answered {
		return err
	}
	return &Refused{Code: silent}
}
