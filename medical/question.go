package medical

import (
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
