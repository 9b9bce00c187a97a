package ecosystem_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical"
	medicaldb "example.jp/jpkimock/medical/db"
	"example.jp/jpkimock/medical/insurer"
	medicalplatform "example.jp/jpkimock/medical/platform"
	"example.jp/jpkimock/medical/reception"
	medicalweb "example.jp/jpkimock/medical/web"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

// fresh gives challenges that differ, as a patient's do.
type fresh struct {
	*refusing
	now func() time.Time
}

func (k fresh) NewChallenge(context.Context) (rp.Challenge, error) {
	return rp.Challenge{Nonce: rand.Text() + rand.Text(), Expires: k.now().Add(time.Minute)}, nil
}

// field is the medical field over one kit: a hospital, the platform, which knows one
// certificate, and the insurer that has linked it.
func field(t *testing.T, kit *refusing, known jpki.SerialNumber) *webtest.Browser {
	t.Helper()
	const number = medical.InsurerNumber("06990014")
	now := func() time.Time { return time.Date(2026, 4, 1, 3, 0, 0, 0, time.UTC) }
	at := func(name string) string { return filepath.Join(t.TempDir(), name+".db") }
	must := func(err error) { t.Helper(); webtest.Must(t, err) }

	insured, err := medicaldb.OpenInsurer(at("kenpo"))
	must(err)
	office, err := insurer.New(insurer.Config{Number: number, Name: "健保", Verifier: kit, Challenges: insurer.NewChallenges(now), Linkage: kit, Store: insured, Now: now})
	must(err)
	routes, err := medicaldb.OpenPlatform(at("platform"))
	must(err)
	must(routes.AddRoute(t.Context(), known, number, now()))
	visits, err := medicaldb.OpenReception(at("hospital"))
	must(err)
	t.Cleanup(func() {
		for _, store := range []interface{ Close() error }{insured, routes, visits} {
			must(store.Close())
		}
	})
	return webtest.NewBrowser(t, webtest.Serve(t, func(url string) http.Handler {
		exchange, err := medicalplatform.New(medicalplatform.Config{
			Verifier: fresh{kit, now}, Linkage: kit, Store: routes, Now: now,
			Insurers: map[medical.InsurerNumber]medicalplatform.Insurer{number: medicalweb.NewInsurerClient(url, "kenpo", "relay")},
		})
		must(err)
		desk, err := reception.New(reception.Config{Code: "9910000011", Platform: medicalweb.NewPlatformClient(url, "hospital"), Store: visits, Now: now})
		must(err)
		pages, err := medicalweb.New(medicalweb.Config{
			PublicURL: url, Platform: exchange, RelayKey: "relay", Now: now,
			Institutions: []medicalweb.Institution{{
				Institution: medicalplatform.Institution{ID: "hospital", Code: "9910000011", Name: "病院"}, NameEN: "Hospital", Desk: desk, Key: "hospital", StaffKey: "staff",
			}},
			Insurers: []medicalweb.Insurer{{ID: "kenpo", NameEN: "Kenpo", Office: office}},
		})
		must(err)
		return pages
	}))
}

// card is an answer of a card with a certificate of a serial number, which nobody has
// verified.
func card(t *testing.T, serial int64) json.RawMessage {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	webtest.Must(t, err)
	cert := &x509.Certificate{SerialNumber: big.NewInt(serial)}
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, &key.PublicKey, key)
	webtest.Must(t, err)
	token, err := json.Marshal(map[string][]byte{"unverifiedCertificate": der})
	webtest.Must(t, err)
	return token
}

// In the medical field the insurer verifies, and the platform asks about a card that it
// does not know: what the kit refuses either of them reaches the reception under the same
// code, and the page says it in words.
func TestTheKitsErrorsHaveOneCodeInTheMedicalField(t *testing.T) {
	t.Parallel()
	const known, unknown = 5, 6
	kit := &refusing{}
	b := field(t, kit, jpki.SerialNumber("5"))
	b.Fills("/hospital/desk/signin", "key", "staff").Says(http.StatusOK)
	for _, rule := range rptest.Errors() {
		kit.rule = rule
		q := medical.Question{Inquiry: rand.Text(), Institution: "病院", Challenge: rp.Challenge{Nonce: rand.Text(), Expires: time.Date(2026, 4, 1, 3, 1, 0, 0, time.UTC)}, Token: card(t, known)}
		b.Calls(http.MethodPost, "/insurers/kenpo/relay/confirmations", q, nil, webtest.Bearer("relay")...).Refuses(http.StatusUnprocessableEntity, rp.Code(rule))
		for _, serial := range []int64{known, unknown} {
			var asked struct{ Nonce string }
			b.Calls(http.MethodPost, "/hospital/desk/v1/challenges", struct{}{}, &asked, webtest.Bearer("staff")...).Says(http.StatusOK)
			var visit struct {
				ID     int64
				Reason string
			}
			b.Calls(http.MethodPost, "/hospital/desk/v1/receptions", map[string]any{"nonce": asked.Nonce, "token": card(t, serial)}, &visit, webtest.Bearer("staff")...).Says(http.StatusCreated)
			if visit.Reason != rp.Code(rule) {
				t.Errorf("%v at a card %d reaches the reception as %s: want %s", rule, serial, visit.Reason, rp.Code(rule))
			}
			b.Visits(fmt.Sprint("/hospital/desk/visits/", visit.ID)).Says(http.StatusOK).Lacks(">" + rp.Code(rule) + "<")
		}
	}
}
