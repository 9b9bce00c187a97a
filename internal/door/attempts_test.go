package door_test

import (
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
)

// desk is a sign-in of staff.
func desk(t *testing.T) (en *entrance, clock *time.Time) {
	clock = &time.Time{}
	*clock = time.Date(2026, 4, 1, 0, 30, 0, 0, time.UTC)
	en = open(t, nil)
	attempts := door.NewAttempts(func() time.Time { return *clock })
	en.POST("/staff", func(c echo.Context) error {
		right := c.FormValue("key") == "right"
		if err := attempts.Allow(c, right); err != nil {
			return err
		}
		if right {
			en.changed++
		}
		return c.NoContent(204)
	})
	return en, clock
}

func (e *entrance) key(key, from, accept string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "http://localhost/staff", strings.NewReader("key="+key))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", accept)
	r.RemoteAddr = from
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	return w
}

func TestAfterFiveWrongKeysNoKeyIsTakenForAMinute(t *testing.T) {
	en, clock := desk(t)
	const here, there = "192.0.2.1:1000", "192.0.2.2:1000"
	for range door.MaxWrongKeys {
		if w := en.key("wrong", here, ""); w.Code != 204 {
			t.Fatalf("a wrong key: %d", w.Code)
		}
		if w := en.key("right", there, ""); w.Code != 204 {
			t.Fatalf("a right key: %d", w.Code)
		}
	}
	*clock = clock.Add(20*time.Second + time.Millisecond)
	w := en.key("right", here, "")
	if w.Code != 429 || w.Header().Get("Retry-After") != "40" || problemOf(t, w)["code"] != "too_many_attempts" {
		t.Errorf("the right key after too many: %d, %v", w.Code, w.Header())
	}
	page := en.key("right", here, browserAccept)
	if page.Code != 429 || !strings.Contains(page.Body.String(), "40秒") || !strings.Contains(page.Body.String(), `href="/staff"`) {
		t.Errorf("the page: %d %s", page.Code, page.Body)
	}
	if en.changed != door.MaxWrongKeys || en.key("right", there, "").Code != 204 {
		t.Errorf("%d signed in; another address is shut out", en.changed)
	}
	*clock = clock.Add(40 * time.Second)
	if w := en.key("right", here, ""); w.Code != 204 {
		t.Errorf("a minute later: %d", w.Code)
	}
}

func TestKeysSentAtOnceAreCounted(t *testing.T) {
	en, _ := desk(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	taken := 0
	for range 100 {
		wg.Go(func() {
			w := en.key("wrong", "192.0.2.1:1", "")
			mu.Lock()
			defer mu.Unlock()
			if w.Code == 204 {
				taken++
			}
		})
	}
	wg.Wait()
	if taken != door.MaxWrongKeys {
		t.Errorf("%d were looked at", taken)
	}
}

func TestOneSenderIsOneNetwork(t *testing.T) {
	en, clock := desk(t)
	for i := range door.MaxWrongKeys {
		en.key("wrong", "[2001:db8:0:1::"+strconv.Itoa(i)+"]:1", "")
	}
	for from, want := range map[string]int{"[2001:db8:0:1:ffff::9]:1": 429, "[2001:db8:0:2::1]:1": 204} {
		if w := en.key("wrong", from, ""); w.Code != want {
			t.Errorf("%s: %d", from, w.Code)
		}
	}
	// However many addresses send, what is remembered is bounded, and they
	// cannot push out the count of another.
	for i := range 12_000 {
		en.key("wrong", "10."+strconv.Itoa(i>>16&255)+"."+strconv.Itoa(i>>8&255)+"."+strconv.Itoa(i&255)+":1", "")
	}
	for from, want := range map[string]int{"[2001:db8:0:1::3]:1": 429, "10.99.0.1:1": 429} {
		if w := en.key("right", from, ""); w.Code != want {
			t.Errorf("%s in the flood: %d", from, w.Code)
		}
	}
	*clock = clock.Add(time.Minute)
	if w := en.key("right", "10.99.0.1:1", ""); w.Code != 204 {
		t.Errorf("after the flood: %d", w.Code)
	}
}
