package db_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/portal/partner/db"
	"example.jp/jpkimock/portal/postbox"
)

// business is a register that knows everybody, and tells whatever is put into told.
type business struct {
	partner.NoticesOnly
	told  []partner.Told
	since time.Time
}

func (*business) Connects(context.Context, partner.Connection) error { return nil }

func (b *business) tells(_ context.Context, since time.Time, _ []partner.Connected) ([]partner.Told, error) {
	b.since = since
	return b.told, nil
}

// street is a docket beside a portal that can be silent, or refuse.
type street struct {
	*testing.T
	*db.Docket
	*business
	now    time.Time
	asked  int
	status int      // what the portal answers; 200 keeps
	box    []string // what it has kept: address and ID
}

func newStreet(t *testing.T) *street {
	t.Helper()
	s := &street{T: t, business: &business{}, now: time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC), status: http.StatusOK}
	portal := httptest.NewServer(http.HandlerFunc(s.take))
	t.Cleanup(portal.Close)
	var err error
	s.Docket, err = db.Open(t.Context(), db.Config{
		Address: filepath.Join(t.TempDir(), "docket.db"), ID: "city", Name: "みほん市", Register: s.business, Now: func() time.Time { return s.now },
		PostBox: partner.NewPostBox(portal.URL), Tells: s.tells,
	})
	s.must(err)
	t.Cleanup(func() { s.must(s.Close()) })
	return s
}

func (s *street) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// take is the portal: it verifies the seal.
func (s *street) take(w http.ResponseWriter, r *http.Request) {
	s.asked++
	var in struct{ Notice string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.URL.Path != "/postbox/v1/letters" || r.Header.Get("Authorization") != "" {
		s.Errorf("%s: %v", r.URL.Path, err)
	}
	c, err := postbox.Open(in.Notice, "city", s.KeySet())
	if err != nil || c.Notice.At != s.now.Unix() {
		s.Errorf("%+v %v", c.Notice, err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(s.status)
	if s.status == http.StatusOK {
		s.box = append(s.box, c.Notice.Box+" "+c.Notice.ID)
	}
	_, _ = w.Write([]byte(`{"code":"no_box"}`))
}

func (s *street) connects(customer string) {
	s.Helper()
	s.must(s.Connect(s.Context(), partner.Connection{
		Customer: customer, Name: "青葉　花子", DateOfBirth: jpki.DateOfBirthOn(1990, 4, 12), Certificate: "0A", Box: "box-" + customer,
	}))
}

// notice adds something to tell now.
func (s *street) notice(customer, id string) {
	s.told = append(s.told, partner.Told{Customer: customer, Notice: partner.Notice{ID: id, At: s.now.Unix(), Title: "お知らせ", Body: "本文"}})
}

func (s *street) has(want ...string) {
	s.Helper()
	if !slices.Equal(s.box, want) {
		s.Errorf("the portal has %v, want %v", s.box, want)
	}
}

// Who has connected is told everything from then on, once, however often the records give
// it; who has not, or no longer, is told nothing.
func TestEachNoticeIsToldOnce(t *testing.T) {
	s := newStreet(t)
	s.notice("1", "before")
	s.notice("2", "nobody's")
	s.now = s.now.Add(time.Hour)
	s.connects("1")
	s.notice("1", "first")
	for range 3 {
		s.must(s.Tell(t.Context()))
	}
	s.has("box-1 first")
	s.now = s.now.AddDate(0, 0, 1)
	s.notice("1", "second")
	s.must(s.Tell(t.Context()))
	s.has("box-1 first", "box-1 second")
	if age := s.now.Sub(s.since); age > 26*time.Hour {
		t.Errorf("the records were asked since %v ago", age)
	}
	s.status = http.StatusInternalServerError
	s.notice("1", "withdrawn")
	if s.Tell(t.Context()) == nil {
		t.Error("silence is no error")
	}
	s.must(s.Disconnect(t.Context(), "1"))
	s.status, s.now = http.StatusOK, s.now.Add(time.Hour)
	s.connects("2")
	s.must(s.Tell(t.Context()))
	s.has("box-1 first", "box-1 second")
}

// A portal that is silent for days is asked ever more seldom, and is told everything when
// it is back. What it refuses is not repeated.
func TestASilentPortalCostsNothing(t *testing.T) {
	s := newStreet(t)
	s.connects("1")
	s.notice("1", "first")
	s.status = http.StatusServiceUnavailable
	for range 3 * 24 * 6 {
		_ = s.Tell(t.Context())
		s.now = s.now.Add(10 * time.Minute)
	}
	if s.asked < 12 || s.asked > 30 {
		t.Errorf("the portal was asked %d times in three days", s.asked)
	}
	s.status, s.now = http.StatusOK, s.now.Add(6*time.Hour)
	s.notice("1", "second")
	s.must(s.Tell(t.Context()))
	s.has("box-1 first", "box-1 second")
	s.status = http.StatusNotFound
	s.notice("1", "refused")
	s.must(s.Tell(t.Context()))
	s.status, s.now = http.StatusOK, s.now.Add(7*time.Hour)
	s.must(s.Tell(t.Context()))
	s.has("box-1 first", "box-1 second")
}
