package session

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
)

// browser keeps the one cookie between requests.
type browser struct {
	cookie *http.Cookie
	from   string // its address of the network; empty for httptest's
}

func (b *browser) visits(do func(echo.Context)) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	if b.from != "" {
		r.RemoteAddr = b.from + ":50000"
	}
	if b.cookie != nil {
		r.AddCookie(b.cookie)
	}
	w := httptest.NewRecorder()
	do(echo.New().NewContext(r, w))
	for _, c := range w.Result().Cookies() {
		b.cookie = c
	}
}

func TestASessionThatIsOverSaysWhy(t *testing.T) {
	cases := []struct {
		name string
		pass []time.Duration // between visits
		want Ending
	}{
		{"in use", []time.Duration{9 * time.Minute, 9 * time.Minute}, ""},
		{"left alone", []time.Duration{11 * time.Minute}, EndedIdle},
		{"used for too long", []time.Duration{9 * time.Minute, 9 * time.Minute, 9 * time.Minute, 9 * time.Minute}, EndedByAge},
		{"clock moved back", []time.Duration{-time.Hour}, EndedByAge},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			now := time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)
			s := New[name](Config{Cookie: "jpkimock_x", Now: func() time.Time { return now }, Idle: 10 * time.Minute, Age: 30 * time.Minute})
			b := &browser{}
			b.visits(func(c echo.Context) {
				if why := s.Ended(c); why != "" {
					t.Errorf("a first visit has ended by %q", why)
				}
				s.Update(c, func(v *name) { *v = "花子" })
			})
			var got Ending
			for _, d := range tc.pass {
				now = now.Add(d)
				b.visits(func(c echo.Context) { got = s.Ended(c) })
			}
			if got != tc.want {
				t.Errorf("ended by %q: want %q", got, tc.want)
			}
		})
	}
}

func TestASessionOfAnotherProcessEndedElsewhere(t *testing.T) {
	s := New[name](Config{Cookie: "jpkimock_x", Now: func() time.Time { return time.Time{} }, Idle: time.Minute, Age: time.Minute})
	b := &browser{cookie: &http.Cookie{Name: "jpkimock_x", Value: "UNKNOWN"}}
	b.visits(func(c echo.Context) {
		if why := s.Ended(c); why != EndedElsewhere {
			t.Errorf("ended by %q: want %q", why, EndedElsewhere)
		}
	})
}
