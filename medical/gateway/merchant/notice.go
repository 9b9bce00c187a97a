package merchant

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"example.jp/jpkimock/internal/held"
)

// Header carries the signature of a notice (webhook): "t=SECONDS,v1=HEX", an HMAC-SHA256
// under the merchant's secret over the seconds, a dot and the body.
const Header = "Mihon-Signature"

// Window is how far the time of a notice may be from now.
const Window = 5 * time.Minute

// Why a notice is refused.
var (
	ErrSignature = errors.New("merchant: the notice is not signed by the gateway")
	ErrOld       = errors.New("merchant: the notice is of another time")
	ErrReplayed  = errors.New("merchant: the notice came before")
)

// Sign gives the value of Header.
func Sign(secret string, at time.Time, body []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac(secret, t, body))
}

func mac(secret, t string, body []byte) []byte {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(t + "."))
	h.Write(body)
	return h.Sum(nil)
}

// Mailbox takes notices in. Each is taken once.
type Mailbox struct {
	secret string
	now    func() time.Time
	seen   *held.Box[bool]
}

// NewMailbox takes notices that are signed under a secret; under an empty one, none.
func NewMailbox(secret string, now func() time.Time) *Mailbox {
	return &Mailbox{secret, now, held.New(held.Config[bool]{Now: now, Life: 2 * Window, Max: 100_000})}
}

// Take checks a notice and gives the payment that it is about.
func (m *Mailbox) Take(header string, body []byte) (Payment, error) {
	t, sum, _ := strings.Cut(strings.TrimPrefix(header, "t="), ",v1=")
	given, err := hex.DecodeString(sum)
	seconds, wrong := strconv.ParseInt(t, 10, 64)
	if err != nil || wrong != nil || m.secret == "" || !hmac.Equal(given, mac(m.secret, t, body)) {
		return Payment{}, ErrSignature
	}
	if away := m.now().Sub(time.Unix(seconds, 0)); away.Abs() > Window {
		return Payment{}, ErrOld
	}
	if _, err := m.seen.Look(header); err == nil {
		return Payment{}, ErrReplayed
	}
	var p Payment
	if err := json.Unmarshal(body, &p); err != nil {
		return Payment{}, err
	}
	return p, m.seen.Put(header, true)
}
