// Package rptest gives the tests of a relying party an authority and people
// with cards, in the manner of net/http/httptest:
//
//	func TestOpenAccount(t *testing.T) {
//		w := rptest.New(t)
//		bank := myBank(w.Verifier("https://bank.example.jp"))
//
//		application := []byte("I apply for an account.")
//		cms := w.Card("hanako").Sign(application)
//		// … the bank accepts application and cms …
//
//		w.Revoke("hanako", jpki.DigitalSignature, jpki.KeyCompromise)
//		// … now the bank refuses, with rp.ErrRevoked …
//	}
//
// In a module of one's own comes first: "go mod edit -require example.jp/jpkimock@v0.0.0
// -replace example.jp/jpkimock=CLONE", and "go mod tidy".
//
// What a change confirmation is about is a move. Move tells it whole: the
// certificate of the old address is revoked, the register has the new one, and
// the card a new certificate, which says so:
//
//	known := w.Card("hanako").Serial(jpki.DigitalSignature)
//	w.Move("hanako", "青葉県みほん市三番町3-3")
//	// … CheckStatus says Changed of known; the bank asks for the new address …
//	signed := w.Card("hanako").Sign(notice) // … which is in the certificate
//
// Nothing is pretended. The cards are virtual cards that make their
// signatures over APDUs, the certificates are issued by the mock's authority,
// and the verifier asks that authority's OCSP responder over HTTP on a port of
// the loopback interface. Everything is in memory and gone with the test.
//
// The World has three people: hanako and taro, who are grown up, and haruto,
// who is ten and so has no digital signature certificate. People adds others.
// Every card has the PINs SignaturePIN and AuthenticationPIN. The keys are
// published, so that no test waits for one to be made.
//
// The World's clock shows noon of 1 April 2026, Japan time, when a test
// begins, and runs on from there; Clock moves it. All cards are issued then, so
// that they have expired for whoever moves the clock twenty years.
package rptest

import (
	"context"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/memory"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/authority/web"
	"example.jp/jpkimock/internal/simclock"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/virtualcard"
)

// The PINs of every card (暗証番号).
const (
	SignaturePIN      = "ABC123"
	AuthenticationPIN = "1234"
)

// VerifierKey is the accreditation key of the verifiers that a World makes.
const VerifierKey = "rptest-verifier-key-not-secret"

// VerifierID is under which the authority knows that key.
const VerifierID = "rptest"

// World is an authority, people and their cards. Its methods end the test when
// something fails that is not the test's subject, so they must be called from
// the test's goroutine.
type World struct {
	Clock *Clock

	t         TB
	people    map[string]Person
	authority *authority.Authority
	cabinet   *virtualcard.Cabinet
	server    *httptest.Server
	cards     map[string]*Card

	mu     sync.Mutex
	tamper func(request, honest []byte) []byte
	silent bool
}

// Person is somebody in the register.
type Person struct {
	ID        string // 1 to 63 of a-z 0-9 . _ -
	BasicFour jpki.BasicFour
}

// Option changes a World before it begins.
type Option func(*settings)

type settings struct {
	people    []Person
	freshKeys bool
}

// People adds residents to the register. One with the ID of one of the three
// takes that one's place.
func People(people ...Person) Option {
	return func(s *settings) { s.people = append(s.people, people...) }
}

// FreshKeys makes the authority's keys anew, which takes about a second. Two
// worlds have the same authority's keys otherwise, and believe each other.
func FreshKeys() Option { return func(s *settings) { s.freshKeys = true } }

// TB is what a World needs of a *testing.T or *testing.B.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// New begins a World. It ends with the test.
func New(t TB, options ...Option) *World {
	t.Helper()
	s := settings{people: threePeople()}
	for _, o := range options {
		o(&s)
	}
	w := &World{t: t, Clock: &Clock{simclock.New()}, people: map[string]Person{}, cards: map[string]*Card{}}
	w.Clock.Set(time.Date(2026, time.April, 1, 12, 0, 0, 0, jpki.JST))
	for _, p := range s.people {
		w.people[p.ID] = p
	}
	w.openCabinet()
	w.openAuthority(s)
	for _, p := range s.people {
		if w.cards[p.ID] == nil {
			w.cards[p.ID] = w.firstCard(p.ID)
		}
	}
	return w
}

func threePeople() []Person {
	person := func(id, name, address string, birth jpki.DateOfBirth, gender jpki.Gender) Person {
		return Person{id, jpki.NewBasicFour(name, birth, gender, address)}
	}
	return []Person{
		person("hanako", "見本　花子", "青葉県みほん市一番町1-1", jpki.DateOfBirthOn(1980, time.February, 17), jpki.Female),
		person("taro", "見本　太郎", "青葉県みほん市二番町2-2", jpki.DateOfBirthOn(1975, time.November, 3), jpki.Male),
		person("haruto", "見本　陽翔", "青葉県みほん市一番町1-1", jpki.DateOfBirthOn(2015, time.June, 20), jpki.Male),
	}
}

func (w *World) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("rptest: %v", err)
	}
}

// openAuthority starts the authority and its HTTP server, enters the people
// into the register and accredits the verifier.
func (w *World) openAuthority(s settings) {
	w.t.Helper()
	ctx := context.Background()
	keys, err := authorityKeys(s.freshKeys)
	w.must(err)
	w.server = httptest.NewUnstartedServer(nil)
	url := "http://" + w.server.Listener.Addr().String()
	store := memory.New()
	w.authority, err = authority.New(ctx, authority.Config{Now: w.Clock.Now, Store: store, Keys: keys, Writer: writer{w.cabinet}, PublicURL: url})
	w.must(err)
	handler, err := web.New(web.Config{Authority: w.authority, Latest: store, Clock: w.Clock.clock, PublicURL: url})
	w.must(err)
	w.server.Config.Handler = w.tampering(handler)
	w.server.Start()
	w.t.Cleanup(func() { w.server.Close(); w.authority.Close() })
	// A municipality without a Japanese name, in which every address of a test may be.
	anywhere := desk.Municipality{Code: "99201", PrefectureRomaji: "Aoba-ken", CityRomaji: "Mihon-shi"}
	for _, p := range w.people {
		_, err := w.authority.RegisterResident(ctx, register.Resident{ID: p.ID, BasicFour: p.BasicFour, Municipality: anywhere}, desk.By{Why: "rptest"})
		w.must(err)
	}
	_, err = w.authority.Ministry.Register(ctx, accreditation.Registration{ID: VerifierID, Name: "rptest", Key: VerifierKey, Kinds: jpki.Kinds()})
	w.must(err)
}

// URL is the address of the authority, as rp.Config.AuthorityURL wants it.
func (w *World) URL() string { return w.server.URL }

// Anchors are the certificates of the two CAs.
func (w *World) Anchors() []*x509.Certificate {
	var anchors []*x509.Certificate
	for _, k := range jpki.Kinds() {
		anchors = append(anchors, w.authority.CACertificate(k))
	}
	return anchors
}

// Config gives the settings of an accredited verifier with this origin, to be
// changed before rp.NewVerifier.
func (w *World) Config(origin string) rp.Config {
	return rp.Config{Anchors: w.Anchors(), Origin: origin, Key: VerifierKey, AuthorityURL: w.URL(), Client: &http.Client{Transport: w.server.Client().Transport}, Now: w.Clock.Now}
}

// Verifier gives an accredited verifier with this origin; with changes its settings first.
func (w *World) Verifier(origin string, with ...func(*rp.Config)) *rp.Verifier {
	w.t.Helper()
	cfg := w.Config(origin)
	for _, set := range with {
		set(&cfg)
	}
	v, err := rp.NewVerifier(cfg)
	w.must(err)
	return v
}

// Linkage gives a Linkage with the verifier's key.
func (w *World) Linkage() *rp.Linkage {
	w.t.Helper()
	return w.Verifier("").Linkage()
}

// NewExample begins a World for an Example or a program, which have no
// *testing.T: what would end a test panics. Call end when done.
func NewExample(options ...Option) (w *World, end func()) {
	a := &alone{}
	return New(a, options...), a.end
}

// alone is a TB outside a test.
type alone struct{ cleanups []func() }

func (a *alone) Helper()                           {}
func (a *alone) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (a *alone) Cleanup(f func())                  { a.cleanups = append(a.cleanups, f) }

func (a *alone) end() {
	for i := len(a.cleanups) - 1; i >= 0; i-- {
		a.cleanups[i]()
	}
	a.cleanups = nil
}

// Clock is the World's clock.
type Clock struct{ clock *simclock.Clock }

// Now gives the simulated time.
func (c *Clock) Now() time.Time { return c.clock.Now() }

// Advance moves the clock by d.
func (c *Clock) Advance(d time.Duration) { c.clock.Advance(d) }

// Set moves the clock to t.
func (c *Clock) Set(t time.Time) { c.clock.Set(t) }
