package rp

import (
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Verb names one of the three services of the kit.
type Verb string

// The verbs: 本人確認, 資格確認 and 変更確認.
const (
	VerbVerifySignature      Verb = "VerifySignature"
	VerbVerifyAuthentication Verb = "VerifyAuthentication"
	VerbCheckStatus          Verb = "CheckStatus"
)

// Event is told to Config.Trace when a check is done, passed or not. It holds
// no personal data: serial numbers, object identifiers, times and addresses.
type Event struct {
	Verb     Verb
	Check    Check
	Kind     jpki.Kind         // 0 while it is not known
	Serial   jpki.SerialNumber // "" while it is not known
	Expected Fact
	Found    Fact
	Err      error // nil if the check passed
	At       time.Time
	// Request and Response are the DER of an OCSP exchange, with StatusCheck.
	Request, Response []byte
}

// Record is the verification record (検証記録): what was checked, against what,
// and when. A relying party keeps it beside the signature, as JSON for
// instance. It holds no personal data.
type Record struct {
	Verb   Verb              `json:"verb"`
	At     time.Time         `json:"at"`
	Kind   jpki.Kind         `json:"kind"`
	Serial jpki.SerialNumber `json:"serial"`
	// Anchor is the SHA-256 of the CA certificate, in hexadecimal.
	Anchor string         `json:"anchor,omitempty"`
	Checks []CheckedEntry `json:"checks"`
	// OCSPResponse is the authority's signed statement (DER).
	OCSPResponse []byte `json:"ocspResponse,omitempty"`
}

// CheckedEntry is one check that passed.
type CheckedEntry struct {
	Check    Check `json:"check"`
	Expected Fact  `json:"expected"`
	Found    Fact  `json:"found"`
}
