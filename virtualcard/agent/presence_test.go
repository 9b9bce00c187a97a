package agent_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/webtest"
)

// sits authenticates at the set and gives the presence token of the card.
func (b *browser) sits(card, pin string) string {
	b.w.t.Helper()
	b.get("/reader?card=" + card)
	_, fields := b.types(b.takenOver("tv", authForm()), pin).posted(b.w.t)
	return fields["presence"]
}

// asks asks about a presence as a page of origin does.
func (w *town) asks(token, wait, origin string) answered {
	w.t.Helper()
	return w.browser().get("/presence?wait="+wait+"&token="+token, "Origin", origin, "Sec-Fetch-Site", "cross-site", "Accept", "")
}

// here fails the test unless the answer says so, to the bank's pages alone.
func (a answered) here(t *testing.T, want bool) {
	t.Helper()
	if a.Status != http.StatusOK || a.Member("present") != want || a.Header.Get("Access-Control-Allow-Origin") != bank ||
		a.Header.Get("Access-Control-Allow-Credentials") != "" || a.Header.Get("Vary") != "Origin" || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("answered %d %s %v", a.Status, a.Body, a.Header)
	}
}

func TestACardTakenAwayIsNoticedWithinOnePoll(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	token := b.sits("card-hanako", "1234")
	w.asks(token, "0", bank).here(t, true)
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() { w.asks(token, "25", bank).here(t, false) })
	}
	b.post("/reader", "card", "")
	all.Wait() // long before 25 seconds, or the test's own time is up
	b.post("/reader", "card", "card-hanako")
	w.asks(token, "25", bank).here(t, false) // the card is back; whoever held it was away
}

func TestPresenceEndsWithTheCardAndWithItsTime(t *testing.T) {
	for name, end := range map[string]func(w *town, b *browser){
		"taken away":       func(_ *town, b *browser) { b.post("/reader", "card", "") },
		"changed":          func(_ *town, b *browser) { b.get("/reader?card=card-naoko") },
		"twelve hours":     func(w *town, _ *browser) { w.pass(12 * time.Hour) },
		"clock moved back": func(w *town, _ *browser) { w.pass(-time.Second) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t)
			b := w.browser()
			token := b.sits("card-hanako", "1234")
			w.pass(12*time.Hour - time.Second)
			w.asks(token, "0", bank).here(t, true)
			w.pass(time.Second - 12*time.Hour)
			b.get("/reader?card=card-hanako") // it lies there already
			w.asks(token, "0", bank).here(t, true)
			end(w, b)
			w.asks(token, "25", bank).here(t, false)
		})
	}
}

func TestPresenceIsOfOneReader(t *testing.T) {
	w := newTown(t)
	b, other := w.browser(), w.browser()
	token, others := b.sits("card-hanako", "1234"), other.sits("card-hanako", "1234")
	if token == others {
		t.Fatal("two readers have one token")
	}
	other.post("/reader", "card", "")
	w.asks(token, "0", bank).here(t, true)
	w.asks(others, "0", bank).here(t, false)
}

// The card was taken away between the PIN and the page that hands over.
func TestPresenceIsOfTheCardThatAnswered(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=card-hanako")
	page := b.takenOver("tv", authForm())
	b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	b.types(page, "1234")
	b.post("/reader", "card", "")
	b.post("/reader", "card", "card-naoko")
	_, fields := b.get(page).posted(t)
	w.asks(fields["presence"], "0", bank).here(t, false)
}

func TestWhoMayAskAboutAPresence(t *testing.T) {
	w := newTown(t)
	token := w.browser().sits("card-hanako", "1234")
	for _, c := range []struct {
		name, token, wait, origin string
		status                    int
		allows                    string
	}{
		{"the asking page", token, "0", bank, 200, bank},
		{"a server", token, "0", "", 200, bank},
		{"a foreign page", token, "0", "http://evil.example", 403, ""},
		{"a foreign page with another port", token, "0", "http://localhost:8084", 403, ""},
		{"a page without an origin", token, "0", "null", 403, ""},
		{"with a token of nobody's", "AAAAAAAAAAAAAAAAAAAAAAAAAA", "25", bank, 404, "*"},
		{"with half a token", token[:20], "25", bank, 404, "*"},
		{"with no token", "", "25", bank, 404, "*"},
		{"with a very long token", strings.Repeat("A", 4000), "25", bank, 404, "*"},
		{"for too long", token, "26", bank, 400, ""},
		{"for less than nothing", token, "-1", bank, 400, ""},
		{"for a word", token, "long", bank, 400, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := w.asks(c.token, c.wait, c.origin)
			if a.Status != c.status || a.Header.Get("Access-Control-Allow-Origin") != c.allows || a.Status == 404 && a.Member("present") != false {
				t.Errorf("answered %d %s %v", a.Status, a.Body, a.Header)
			}
		})
	}
	if strings.Contains(w.log.String(), token) {
		t.Errorf("the log has a presence token: %s", w.log)
	}
}

func TestARemoteOnThePageTakesTheCardAway(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	token := b.sits("card-hanako", "1234")
	takes := func(token, origin string) answered {
		return w.browser().request(http.MethodPost, "/presence", "application/x-www-form-urlencoded", "token="+token, "Origin", origin, "Sec-Fetch-Site", "cross-site", "Accept", "*/*")
	}
	for _, foreign := range []string{"http://evil.example", "null", w.url} {
		if a := takes(token, foreign); a.Status != http.StatusForbidden {
			t.Errorf("%s was answered %d %s", foreign, a.Status, a.Body)
		}
	}
	takes("AAAA", bank)
	w.asks(token, "0", bank).here(t, true)
	takes(token, bank).here(t, false)
	b.get("/reader").shows(t, `data-testid="reader-empty"`)
	b.get("/reader?card=card-naoko")
	takes(token, bank).here(t, false) // it was good for one card
	b.get("/reader").shows(t, `data-card="card-naoko"`)
}

func TestTheAgentsOwnPagesLookAtTheReader(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	if a := b.get("/reader/presence?placement=0"); a.Member("present") != false {
		t.Errorf("a browser without a reader is answered %d %s", a.Status, a.Body)
	}
	b.get("/reader?card=card-hanako")
	if a := b.get("/reader/presence?placement=0"); a.Member("present") != true || a.Member("placement") != 1.0 {
		t.Errorf("answered %d %s", a.Status, a.Body)
	}
	var all sync.WaitGroup
	all.Go(func() {
		if a := b.get("/reader/presence?placement=1"); a.Member("present") != false || a.Member("placement") != 2.0 {
			t.Errorf("answered %d %s", a.Status, a.Body)
		}
	})
	b.post("/reader", "card", "")
	all.Wait()
	if a := b.get("/reader/presence?placement=2&wait=0", "Sec-Fetch-Site", "cross-site"); a.Status != http.StatusForbidden {
		t.Errorf("a foreign page was answered %d", a.Status)
	}
}

// A house that shuts down does not wait for those who wait for a card.
func TestAShutdownEndsThePolls(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=card-hanako")
	arrived := make(chan struct{})
	s := httptest.NewUnstartedServer(nil)
	s.Config = door.Server(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		close(arrived)
		w.handler.ServeHTTP(rw, r)
	}))
	s.Start()
	defer s.Close()
	var all sync.WaitGroup
	all.Go(func() {
		there := webtest.NewBrowser(t, s.URL)
		there.Jar = b.Jar
		if a := there.Visits("/reader/presence?placement=1"); a.Member("present") != true {
			t.Errorf("answered %d %s", a.Status, a.Body)
		}
	})
	<-arrived
	soon, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	w.do(s.Config.Shutdown(soon))
	all.Wait()
}
