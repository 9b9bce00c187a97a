package gateway

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/rp/holder"
)

// Card is a credit card that its holder has registered. The number was forgotten when it
// had been read: what the card's issuer will say to a charge is Test.
type Card struct {
	Token  string            // stands for the number
	Serial jpki.SerialNumber // the holder's certificate for user authentication
	Brand  string
	Last4  string
	Ends   string // the month to whose end it is valid, YYYY-MM
	Test   Outcome
	At     time.Time
}

// Outcome is what the issuer of a test card says to a charge: Approved, Confirm, or the
// reason for which it declines.
type Outcome string

// The outcomes.
const (
	Approved     Outcome = "approved"
	Confirm      Outcome = "confirm" // the holder is to confirm first (3-D Secure)
	Insufficient Outcome = "insufficient_funds"
	Lost         Outcome = "lost_card"
	Expired      Outcome = "expired_card"
	DoNotHonour  Outcome = "do_not_honour"
)

// The reasons for which a confirmation fails.
const (
	NotConfirmed = "not_confirmed"
	TooLate      = "confirmation_expired"
)

// TestNumber is a number that may be registered. All begin with 9, as no issuer's do (ISO/IEC
// 7812: for national assignment), and have the check digit.
type TestNumber struct {
	Number, Brand string
	Outcome
}

// TestNumbers lists them as they are published.
func TestNumbers() []TestNumber {
	return []TestNumber{
		{"9990000000000003", "MIHON", Approved},
		{"9980000000000104", "IROHA", Approved},
		{"9990000000000201", "MIHON", Confirm},
		{"9990000000000300", "MIHON", Insufficient},
		{"9990000000000409", "MIHON", Lost},
		{"9990000000000508", "MIHON", Expired},
		{"9990000000000607", "MIHON", DoNotHonour},
	}
}

// Details is what is printed on a credit card, as its holder types it.
type Details struct{ Number, Ends, Code string }

// read gives the card of the details.
func (d Details) read(now time.Time) (Card, error) {
	number := strings.NewReplacer(" ", "", "-", "").Replace(d.Number)
	if len(number) != 16 || !checked(number) {
		return Card{}, ErrNumber
	}
	i := slices.IndexFunc(TestNumbers(), func(t TestNumber) bool { return t.Number == number })
	if i < 0 {
		return Card{}, ErrNotTest
	}
	ends, err := time.ParseInLocation("01/06", strings.TrimSpace(d.Ends), jpki.JST)
	if err != nil || !now.Before(ends.AddDate(0, 1, 0)) || len(d.Code) != 3 || strings.Trim(d.Code, "0123456789") != "" {
		return Card{}, ErrDetails
	}
	t := TestNumbers()[i]
	return Card{Token: held.Name(), Brand: t.Brand, Last4: number[12:], Ends: ends.Format("2006-01"), Test: t.Outcome, At: now.UTC()}, nil
}

// checked reports that digits have the check digit of Luhn (ISO/IEC 7812-1, annex B).
func checked(digits string) bool {
	sum := 0
	for i, r := range digits {
		n := int(r - '0')
		if n < 0 || n > 9 {
			return false
		}
		if i%2 == 0 {
			n *= 2
		}
		sum += n/10 + n%10
	}
	return sum%10 == 0
}

// SignIn lets the holder of an individual number card in, whose credit card is found by
// an earlier certificate too.
func (g *Gateway) SignIn(ctx context.Context, token []byte, nonce string) (jpki.SerialNumber, error) {
	who, err := g.Verifier.VerifyAuthentication(ctx, token, nonce)
	if err != nil {
		return "", err
	}
	if _, err := g.Card(ctx, who.Serial); err != nil && !errors.Is(err, ErrNoCard) {
		return "", err
	}
	return who.Serial, nil
}

// Register registers a credit card for the holder of a certificate, in place of an
// earlier one.
func (g *Gateway) Register(ctx context.Context, holder jpki.SerialNumber, d Details) (Card, error) {
	card, err := d.read(g.Now())
	if err != nil {
		return Card{}, err
	}
	card.Serial = holder
	return card, g.Store.Keep(ctx, card)
}

// Card gives the credit card of the holder of a certificate that was verified, by that
// certificate or by one that went before it (更新, 再発行): ErrNoCard.
func (g *Gateway) Card(ctx context.Context, serial jpki.SerialNumber) (Card, error) {
	card, moved, err := holder.Of(ctx, g.Linkage, serial, g.Store.Card, ErrNoCard)
	if err != nil || !moved {
		return card, err
	}
	return card, g.Store.Move(ctx, card.Token, serial)
}
