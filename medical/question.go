package medical

import (
	"errors"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// Question is what the platform asks: whose card answered a challenge, and whether that
// person is insured here. Member is set at the first use, to link the card.
type Question struct {
	Inquiry     string       `json:"inquiry"`
	Institution string       `json:"institution"`
	Challenge   rp.Challenge `json:"challenge"`
	Token       []byte       `json:"token"`
	Member      *Member      `json:"member,omitempty"`
}

// Reply is the eligibility, ④. None of an insured person who was never linked is given.
type Reply struct {
	Qualification   Qualification `json:"qualification"`
	Steps           []Step        `json:"steps"`
	CertificateEnds time.Time     `json:"certificateEnds"`
}

// ByNumber is a question without a card, by the numbers of the notice: for a revisit and
// for settling later what was taken by paper.
type ByNumber struct {
	Inquiry     string `json:"inquiry"`
	Institution string `json:"institution"`
	Member      Member `json:"member"`
}

// NumberReply is the eligibility, and the certificate by which the platform may ask
// another insurer; "" if no card is linked.
type NumberReply struct {
	Qualification Qualification     `json:"qualification"`
	Serial        jpki.SerialNumber `json:"serial,omitempty"`
}

// StepsOf says how far the question about a card came that was verified, or refused with
// a code: ① asked, ② the authority asked, ③ its answer. What the certificate itself breaks
// is found before the authority is asked; the authority's silence is at ②, and what it
// says at ③.
func StepsOf(by InsurerNumber, began, now time.Time, code string, err error) []Step {
	first, second := Step{N: 1, Insurer: by, At: began.UTC()}, Step{N: 2, Insurer: by, At: now.UTC()}
	if err == nil {
		return []Step{first, second, {N: 3, Insurer: by, At: now.UTC()}}
	}
	if check, ok := errors.AsType[*rp.CheckError](err); !ok || check.Check != rp.StatusCheck {
		first.Trouble = code
		return []Step{first}
	}
	if errors.Is(err, rp.ErrStatusUnavailable) || errors.Is(err, rp.ErrNotAccredited) {
		second.Trouble = code
		return []Step{first, second}
	}
	return []Step{first, second, {N: 3, Insurer: by, At: now.UTC(), Trouble: code}}
}
