package agent_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Of many forms sent at once only one reaches the card.
func TestFormsThatRaceSpendOneTry(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=card-hanako")
	page := b.asked(authAsk)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { b.post(page+"/pin", "turn", "0", "pin", "9999") })
	}
	all.Wait()
	if got := w.tries(hanako); got != [2]int{5, 2} {
		t.Errorf("tries left %v", got)
	}
}

// Of many scripts that take the answer at once only one gets it.
func TestTheAnswerIsTakenOnce(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=card-hanako")
	page := b.asked(authAsk)
	b.types(page, "1234")
	var all sync.WaitGroup
	got := make(chan int, 8)
	for range 8 {
		all.Go(func() { got <- b.answer(page).Status })
	}
	all.Wait()
	close(got)
	count := map[int]int{}
	for s := range got {
		count[s]++
	}
	if count[http.StatusOK] != 1 || count[http.StatusGone] != 7 {
		t.Errorf("answered %v", count)
	}
}

// Requests that nobody answers do not fill the memory: the oldest makes room.
func TestOldRequestsMakeRoom(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	first := b.asked(authAsk)
	var last string
	for range 256 {
		last = b.asked(authAsk)
	}
	if a := b.get(first); a.Status != http.StatusNotFound {
		t.Errorf("the oldest request was answered %d", a.Status)
	}
	if a := b.get(last); a.Status != http.StatusOK {
		t.Errorf("the newest request was answered %d", a.Status)
	}
}

// A page that opens requests which nobody comes for does not throw out the person
// who is typing a PIN.
func TestRequestsThatNobodyComesForMakeRoomFirst(t *testing.T) {
	w := newTown(t)
	person := w.browser()
	person.get("/reader?card=card-hanako")
	page := person.asked(authAsk)
	flood := w.browser()
	flood.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for range 257 {
		if a := flood.handsOver("kiosk", "http://a.example", authForm("return", "http://a.example/back")); a.Status != http.StatusSeeOther {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	person.types(page, "1234")
	if a := person.answer(page); a.Status != http.StatusOK {
		t.Errorf("the person's request was answered %d", a.Status)
	}
}

// A flood of windows and of cards, without cookies and at full speed, ends no
// window in which somebody types a PIN and takes no card off a reader.
func TestAFloodLeavesPeopleWhereTheyAre(t *testing.T) {
	w := newTown(t)
	signs, proves, waits := w.browser(), w.browser(), w.browser()
	signs.get("/reader?card=card-hanako")
	first := signs.asked(signAsk())
	signs.get(first)
	second := proves.asked(authAsk)
	proves.get(second)
	proves.post(second+"/reader", "card", "card-naoko")
	waits.get("/reader?card=card-haruto")
	waits.get("/reader")
	handler := w.handler
	post := func(method, path, kind, body string) int {
		r := httptest.NewRequest(method, "http://localhost"+path, strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		rec := httptest.NewRecorder()
		handler.ServeHTTP(rec, r)
		return rec.Code
	}
	for range 300 {
		if got := post("POST", "/window/requests", "application/json", authAsk); got != http.StatusCreated {
			t.Fatalf("a window was answered %d", got)
		}
	}
	for range 10_400 {
		if got := post("POST", "/reader", "application/x-www-form-urlencoded", "card=card-hanako"); got != http.StatusSeeOther {
			t.Fatalf("a card was answered %d", got)
		}
	}
	signs.types(first, "HANAKO123").shows(t, `data-code="ok"`)
	proves.types(second, "8901").shows(t, `data-code="ok"`)
	waits.get("/reader").shows(t, `data-testid="reader-card" data-card="card-haruto"`)
}

// A browser that opens one window after another throws out its own.
func TestABrowserHasItsShareOfTheRequests(t *testing.T) {
	w := newTown(t)
	person, greedy := w.browser(), w.browser()
	page := person.asked(authAsk)
	person.get(page)
	pages := []string{}
	for range 20 {
		at := greedy.asked(authAsk)
		greedy.get(at)
		pages = append(pages, at)
	}
	for i, at := range append([]string{page}, pages...) {
		want := http.StatusOK
		if i >= 1 && i <= 4 {
			want = http.StatusNotFound
		}
		b := greedy
		if i == 0 {
			b = person
		}
		if a := b.get(at); a.Status != want {
			t.Errorf("request %d was answered %d, want %d", i, a.Status, want)
		}
	}
}

// A request of a time that has not come yet, after the clock was moved back, is
// over.
func TestAClockMovedBackEndsARequest(t *testing.T) {
	w := newTown(t)
	w.pass(time.Hour)
	b := w.browser()
	b.get("/reader?card=card-hanako")
	w.pass(time.Minute)
	page := b.asked(authAsk)
	w.pass(-30 * time.Second)
	b.get(page).shows(t, `data-code="expired"`)
}

func TestIdentifiersCannotBeGuessed(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	seen := map[string]bool{}
	for range 20 {
		page := b.asked(authAsk)
		id := page[len("/window/requests/"):]
		if len(id) < 26 || seen[id] { // 26 characters of base32 are 130 bits
			t.Errorf("the identifier %q", id)
		}
		seen[id] = true
	}
	if a := b.get(fmt.Sprintf("/window/requests/%d", 1)); a.Status != http.StatusNotFound {
		t.Errorf("answered %d", a.Status)
	}
}
