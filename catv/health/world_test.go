package health_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/db"
	"example.jp/jpkimock/catv/health"
	"example.jp/jpkimock/catv/internal/papers"
	"example.jp/jpkimock/internal/simclock"
)

// town is the health programme over a real database, with the households that
// take part in it. Nobody needs a card here.
type town struct {
	*health.Service
	t     *testing.T
	ctx   context.Context
	clock *simclock.Clock
	store *db.Store
	house *catv.Station
}

// noCards is a kit that nobody asks.
type noCards struct{ catv.Verifier }

func newTown(t *testing.T) *town {
	t.Helper()
	store, err := db.Open(filepath.Join(t.TempDir(), "catv.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	w := &town{t: t, ctx: t.Context(), store: store, clock: simclock.New()}
	w.clock.Set(time.Date(2026, time.April, 1, 12, 0, 0, 0, jpki.JST))
	w.house, err = catv.New(catv.Config{Verifier: noCards{}, Store: store, Now: w.clock.Now})
	w.well(err, "station")
	w.Service, err = health.New(health.Config{Household: w.house, Store: store, Now: w.clock.Now})
	w.well(err, "service")
	for _, c := range papers.Contracts() {
		w.well(w.house.Install(w.ctx, c), "install")
	}
	return w
}

// joins makes a viewer of a line of contract papers.
func (w *town) joins(nickname string, number catv.ContractNumber, code catv.RegistrationCode) catv.ViewerID {
	w.t.Helper()
	place, err := w.house.Papers(w.ctx, number, code)
	w.well(err, "papers")
	v, err := w.store.AddViewer(w.ctx, catv.Viewer{Contract: number, Place: place.ID, Nickname: catv.Nickname(nickname), Serial: jpki.SerialNumber("0A" + code)})
	w.well(err, "viewer")
	return v.ID
}

// hanako and haruto are a mother and her child; taro is a neighbour.
func (w *town) hanako() catv.ViewerID { w.t.Helper(); return w.joins("はな", "100101", "110011") }
func (w *town) haruto() catv.ViewerID {
	w.t.Helper()
	return w.joins("はるくん", "100101", "110022")
}
func (w *town) taro() catv.ViewerID { w.t.Helper(); return w.joins("たろう", "100102", "120011") }

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

func (w *town) today() catv.Day { return catv.DayOf(w.clock.Now()) }
