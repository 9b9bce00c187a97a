package ecosystem_test

import (
	"context"
	"crypto/x509"
	"fmt"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	catvdb "example.jp/jpkimock/catv/db"
	"example.jp/jpkimock/catv/health"
	catvweb "example.jp/jpkimock/catv/web"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	bankdb "example.jp/jpkimock/rp/bank/db"
	bankweb "example.jp/jpkimock/rp/bank/web"
	"example.jp/jpkimock/rp/platform"
	platformdb "example.jp/jpkimock/rp/platform/db"
	platformweb "example.jp/jpkimock/rp/platform/web"
	"example.jp/jpkimock/rp/rptest"
)

// refusing is a kit that refuses every card with one error. It checks no
// certificates that are kept.
type refusing struct {
	bank.Verifier
	rule error
}

func (k *refusing) NewChallenge(context.Context) (rp.Challenge, error) {
	return rp.Challenge{Nonce: "nonce"}, nil
}

func (k *refusing) failed(kind jpki.Kind) error {
	return &rp.CheckError{Check: rp.StatusCheck, Kind: kind, Expected: rp.Fact{Code: "not_revoked"}, Found: rp.Fact{Code: "none"}, Err: k.rule}
}

func (k *refusing) Issued(context.Context, *x509.Certificate) error { return nil }

func (k *refusing) VerifyAuthentication(context.Context, []byte, string) (*rp.Authentication, error) {
	return nil, k.failed(jpki.UserAuthentication)
}

func (k *refusing) VerifySignature(context.Context, []byte, []byte) (*rp.Signature, error) {
	return nil, k.failed(jpki.DigitalSignature)
}

func (k *refusing) VerifyDigest(context.Context, [32]byte, []byte, []byte) (*rp.Signature, error) {
	return nil, k.failed(jpki.DigitalSignature)
}

func (k *refusing) FetchCRL(_ context.Context, kind jpki.Kind) (*rp.CRL, error) {
	return nil, k.failed(kind)
}

func (k *refusing) Pair(context.Context, jpki.Kind, jpki.SerialNumber) (jpki.SerialNumber, error) {
	return "", k.rule
}

func (k *refusing) Predecessors(context.Context, jpki.Kind, jpki.SerialNumber) ([]jpki.SerialNumber, error) {
	return nil, k.rule
}

func (k *refusing) Successor(context.Context, jpki.Kind, jpki.SerialNumber) (jpki.SerialNumber, error) {
	return "", k.rule
}

// relyingParties are the houses that verify cards, over one kit.
func relyingParties(t *testing.T, kit *refusing) map[string]http.Handler {
	now := func() time.Time { return time.Date(2026, 4, 1, 3, 0, 0, 0, time.UTC) }
	at := func(name string) string { return filepath.Join(t.TempDir(), name+".db") }
	must := func(err error) { t.Helper(); webtest.Must(t, err) }

	bankStore, err := bankdb.Open(at("bank"))
	must(err)
	theBank, err := bank.New(bank.Config{Verifier: kit, Store: bankStore, Now: now})
	must(err)
	bankPages, err := bankweb.New(bankweb.Config{Bank: theBank, Now: now})
	must(err)

	platformStore, err := platformdb.Open(at("platform"))
	must(err)
	thePlatform, err := platform.New(t.Context(), platform.Config{Verifier: kit, Linkage: kit, Store: platformStore, Now: now, PublicURL: "http://localhost:8085"})
	must(err)
	platformPages, err := platformweb.New(platformweb.Config{Platform: thePlatform, Now: now})
	must(err)

	catvStore, err := catvdb.Open(at("catv"))
	must(err)
	station, err := catv.New(catv.Config{Verifier: kit, Store: catvStore, Now: now})
	must(err)
	healthService, err := health.New(health.Config{Household: station, Store: catvStore, Now: now})
	must(err)
	bookings, err := booking.New(booking.Config{Household: station, Verifier: kit, Linkage: kit, Store: catvStore, Now: now})
	must(err)
	catvPages, err := catvweb.New(catvweb.Config{Station: station, Health: healthService, Booking: bookings, Now: now})
	must(err)

	t.Cleanup(func() {
		for _, store := range []interface{ Close() error }{bankStore, platformStore, catvStore} {
			must(store.Close())
		}
	})
	return map[string]http.Handler{"bank": bankPages, "platform": platformPages, "catv": catvPages}
}

// The same error of the kit leaves every house under the same code and status,
// and a page says it in words.
func TestTheKitsErrorsHaveOneCodeInEveryHouse(t *testing.T) {
	t.Parallel()
	kit := &refusing{}
	for name, pages := range relyingParties(t, kit) {
		b := webtest.NewBrowser(t, webtest.Serve(t, func(string) http.Handler { return pages }))
		for _, rule := range rptest.Errors() {
			kit.rule = rule
			asks := func(accept string) webtest.Page {
				// Programs ask for a challenge, people look at the page.
				if name == "platform" {
					b.Visits("/signin").Says(http.StatusOK)
				} else {
					b.Calls(http.MethodPost, "/signin/challenge", nil, nil).Says(http.StatusOK)
				}
				return b.Sends(http.MethodPost, "/signin", "token=%7B%7D", "Content-Type", "application/x-www-form-urlencoded", "Accept", accept)
			}
			p := asks("application/json")
			if code := fmt.Sprint(p.Member("code")); code != rp.Code(rule) {
				t.Errorf("%s: %v leaves as %s: want %s", name, rule, code, rp.Code(rule))
			}
			if page := asks("text/html"); page.Status != p.Status {
				t.Errorf("%s: %v is %d to programs, and %d to people", name, rule, p.Status, page.Status)
			}
		}
	}
}
