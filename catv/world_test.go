package catv_test

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/db"
	"example.jp/jpkimock/catv/internal/papers"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

const origin = "http://localhost:8084"

// living is a living room: a station with its contracts, and people with cards.
type living struct {
	*rptest.World
	*catv.Station
	t     *testing.T
	ctx   context.Context
	store *db.Store
	// meanwhile happens once, while the authority is asked at such an address.
	meanwhile map[string]func()
}

// RoundTrip is the station's line to the authority's register.
func (l *living) RoundTrip(r *http.Request) (*http.Response, error) {
	for part, happens := range l.meanwhile {
		if strings.Contains(r.URL.Path, part) {
			delete(l.meanwhile, part)
			happens()
			break
		}
	}
	return http.DefaultTransport.RoundTrip(r)
}

func newLiving(t *testing.T) *living {
	t.Helper()
	inInitialTown := rptest.Person{ID: "yuki", BasicFour: jpki.NewBasicFour("若葉　由紀", jpki.DateOfBirthOn(1982, time.May, 5), jpki.Female, "若葉県いろは市本町1-1")}
	l := &living{World: rptest.New(t, rptest.People(inInitialTown)), t: t, ctx: t.Context()}
	cfg := l.World.Config(origin)
	cfg.WantPaired = true
	verifier, err := rp.NewVerifier(cfg)
	if err != nil {
		t.Fatal(err)
	}
	linkage, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: l.URL(), Key: rptest.VerifierKey, Client: &http.Client{Transport: l}})
	if err != nil {
		t.Fatal(err)
	}
	if l.store, err = db.Open(filepath.Join(t.TempDir(), "catv.db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.store.Close() })
	if l.Station, err = catv.New(catv.Config{Verifier: verifier, Linkage: linkage, Store: l.store, Now: l.Clock.Now}); err != nil {
		t.Fatal(err)
	}
	for _, c := range papers.Contracts() {
		if err := l.Install(l.ctx, c); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// answers gives a challenge and the card's answer to it.
func (l *living) answers(person string) (token []byte, nonce string) {
	l.t.Helper()
	nonce, err := l.Challenge(l.ctx)
	if err != nil {
		l.t.Fatal(err)
	}
	return l.Card(person).Authenticate(origin, nonce), nonce
}

// enrols enrols somebody with a line of contract papers.
func (l *living) enrols(person, nickname string, number catv.ContractNumber, code catv.RegistrationCode) catv.Viewer {
	l.t.Helper()
	token, nonce := l.answers(person)
	v, err := l.Enrol(l.ctx, catv.Enrolment{Contract: number, Code: code, Nickname: catv.Nickname(nickname), Token: token, Nonce: nonce})
	if err != nil {
		l.t.Fatal(err)
	}
	return v
}

// signsIn lays a card on the reader.
func (l *living) signsIn(person string) (catv.Viewer, error) {
	l.t.Helper()
	token, nonce := l.answers(person)
	return l.SignIn(l.ctx, token, nonce)
}

// refused wants an error by name.
func (l *living) refused(got error, want error, what string) {
	l.t.Helper()
	if !errors.Is(got, want) {
		l.t.Errorf("%s: %v; want %v", what, got, want)
	}
}

// well wants no error.
func (l *living) well(err error, what string) {
	l.t.Helper()
	if err != nil {
		l.t.Fatalf("%s: %v", what, err)
	}
}
