package jpki

import (
	"fmt"
	"slices"
	"strings"
)

// Reason is a revocation reason (失効事由), with the numbers of RFC 5280
// CRLReason.
type Reason int

// The reasons the authority uses. The numbers are those of RFC 5280 §5.3.1.
const (
	// Unspecified: discarded before it was handed over (交付前破棄).
	Unspecified Reason = 0
	// KeyCompromise: the holder's key may be in another's hands.
	KeyCompromise Reason = 1
	// CACompromise: the CA's key may be in another's hands.
	CACompromise Reason = 2
	// AffiliationChanged is revocation by reason of change (異動): what the
	// certificate says of its holder no longer holds.
	AffiliationChanged Reason = 3
	// Superseded: a newer certificate replaced it (更新).
	Superseded Reason = 4
	// CessationOfOperation: no longer needed (返納, 死亡).
	CessationOfOperation Reason = 5
	// CertificateHold is suspension (一時保留), the one reason that can end.
	CertificateHold Reason = 6
)

var reasonWords = map[Reason][2]string{
	Unspecified:          {"unspecified", "交付前に破棄されました"},
	KeyCompromise:        {"keyCompromise", "秘密鍵が漏えいした、又はそのおそれがあります（紛失・盗難等）"},
	CACompromise:         {"cACompromise", "認証局の秘密鍵が漏えいしました"},
	AffiliationChanged:   {"affiliationChanged", "記載事項（氏名・住所等）に異動がありました"},
	Superseded:           {"superseded", "新しい電子証明書に更新されました"},
	CessationOfOperation: {"cessationOfOperation", "利用の必要がなくなりました（返納等）"},
	CertificateHold:      {"certificateHold", "一時保留されています"},
}

// String gives the name of RFC 5280, e.g. "affiliationChanged".
func (r Reason) String() string {
	if w, ok := reasonWords[r]; ok {
		return w[0]
	}
	return fmt.Sprintf("reason(%d)", int(r))
}

// Japanese gives the sentence that a citizen may read.
func (r Reason) Japanese() string {
	if w, ok := reasonWords[r]; ok {
		return w[1]
	}
	return "失効事由が不明です"
}

// Valid reports whether r is a reason the authority uses.
func (r Reason) Valid() bool { _, ok := reasonWords[r]; return ok }

// ParseReason reads the form that String gives.
func ParseReason(s string) (Reason, error) {
	for r, w := range reasonWords {
		if w[0] == s {
			return r, nil
		}
	}
	return 0, fmt.Errorf("jpki: %q is not a revocation reason", s)
}

// MarshalText writes the form that String gives.
func (r Reason) MarshalText() ([]byte, error) {
	if !r.Valid() {
		return nil, fmt.Errorf("jpki: revocation reason %d has no text form", int(r))
	}
	return []byte(r.String()), nil
}

// Wanted says how a reason is written in a request.
func (Reason) Wanted() string {
	names := make([]string, 0, len(reasonWords))
	for _, w := range reasonWords {
		names = append(names, w[0])
	}
	slices.Sort(names)
	return "one of " + strings.Join(names, ", ")
}

// UnmarshalText reads the form that String gives.
func (r *Reason) UnmarshalText(b []byte) error {
	p, err := ParseReason(string(b))
	if err != nil {
		return err
	}
	*r = p
	return nil
}
