package booking_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	"example.jp/jpkimock/catv/db"
	"example.jp/jpkimock/catv/internal/papers"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

// town is the booking service over a real database, with viewers who have cards,
// and an authority to ask.
type town struct {
	*rptest.World
	*booking.Service
	t     *testing.T
	ctx   context.Context
	store *db.Store
	house *catv.Station

	verifier *rp.Verifier
	linkage  *rp.Linkage
}

func newTown(t *testing.T) *town {
	t.Helper()
	elsewhere := rptest.Person{ID: "yuki", BasicFour: jpki.NewBasicFour("若葉　由紀", jpki.DateOfBirthOn(1982, time.May, 5), jpki.Female, "若葉県いろは市本町1-1")}
	w := &town{World: rptest.New(t, rptest.People(elsewhere)), t: t, ctx: t.Context()}
	cfg := w.World.Config("http://localhost:8084")
	cfg.WantPaired = true
	var err error
	w.verifier, err = rp.NewVerifier(cfg)
	w.well(err, "verifier")
	w.linkage, err = rp.NewLinkage(rp.LinkageConfig{AuthorityURL: w.URL(), Key: rptest.VerifierKey})
	w.well(err, "linkage")
	w.store, err = db.Open(filepath.Join(t.TempDir(), "catv.db"))
	w.well(err, "store")
	t.Cleanup(func() { _ = w.store.Close() })
	w.house, err = catv.New(catv.Config{Verifier: w.verifier, Linkage: w.linkage, Store: w.store, Now: w.Clock.Now})
	w.well(err, "station")
	w.Service, err = booking.New(booking.Config{Household: w.house, Verifier: w.verifier, Linkage: w.linkage, Store: w.store, Now: w.Clock.Now})
	w.well(err, "service")
	for _, c := range papers.Contracts() {
		w.well(w.house.Install(w.ctx, c), "install")
	}
	return w
}

// joins makes a viewer, known by their card, of a line of contract papers.
func (w *town) joins(person string, number catv.ContractNumber, code catv.RegistrationCode) catv.ViewerID {
	w.t.Helper()
	place, err := w.house.Papers(w.ctx, number, code)
	w.well(err, "papers")
	card := w.Card(person)
	v, err := w.store.AddViewer(w.ctx, catv.Viewer{
		Contract: number, Place: place.ID, Nickname: catv.Nickname(person),
		Serial: card.Serial(jpki.UserAuthentication), Signature: card.Serial(jpki.DigitalSignature),
	})
	w.well(err, "viewer")
	return v.ID
}

func (w *town) hanako() catv.ViewerID { w.t.Helper(); return w.joins("hanako", "100101", "110011") }
func (w *town) taro() catv.ViewerID   { w.t.Helper(); return w.joins("taro", "100102", "120011") }

// proves signs an application for the resident price.
func (w *town) proves(person string) (booking.Residency, error) {
	w.t.Helper()
	d, err := w.DraftApplication(w.ctx)
	w.well(err, "draft")
	return w.ProveResidency(w.ctx, d, w.Card(person).Sign([]byte(d.Content)))
}

// refused wants an error by name.
func (w *town) refused(got error, want error, what string) {
	w.t.Helper()
	if !errors.Is(got, want) {
		w.t.Errorf("%s: %v; want %v", what, got, want)
	}
}

// well wants no error.
func (w *town) well(err error, what string) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("%s: %v", what, err)
	}
}

func (w *town) today() catv.Day { return catv.DayOf(w.Clock.Now()) }
