package staffroom_test

import (
	"embed"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/staffroom"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/webtest"
)

// name is who has signed in.
type name string

func (n name) InUse() bool { return n != "" }

// house has two rooms: one whose staff share a key, at /desk, and one whose staff say who
// they are, at /office.
func house(t *testing.T, key string) *webtest.Browser {
	t.Helper()
	return houseOf(t, key, func(next http.Handler) http.Handler { return next })
}

func houseOf(t *testing.T, key string, around func(http.Handler) http.Handler) *webtest.Browser {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC) }
	site := ui.Site{House: "clinic", Name: ui.Text{JA: "診療所", EN: "Clinic"}, Lobby: "http://lobby.example", Now: now}
	var none embed.FS
	pages, err := ui.NewPages(site, none)
	webtest.Must(t, err)
	e := door.New(door.Config{House: "clinic", Pages: pages})
	says := func(next echo.HandlerFunc) echo.HandlerFunc { return next }
	here := func(c echo.Context) error { return c.String(http.StatusOK, "behind") }

	clerks := staffroom.New(staffroom.Config[staffroom.Clerk]{
		At: "/desk/signin", Out: "/desk/signout", Front: "/desk", Pages: pages, Key: key, Now: now, Cookie: "clerks",
	})
	clerks.Mount(e, says)
	desk := e.Group("/desk", says, clerks.Only)
	desk.GET("", here)
	desk.GET("/queue", here)
	desk.POST("/act", here)
	e.GET("/desk/v1/queue", here, clerks.Scripts("clinic"))

	people := staffroom.New(staffroom.Config[name]{
		At: "/office", Out: "/office/signout", Front: "/office/a", Rooms: []string{"/office"}, Pages: pages, Key: key, Now: now, Cookie: "people",
		Staff: &staffroom.Choice{
			Field: "who", Label: ui.Text{JA: "担当", EN: "Who"},
			All: []staffroom.Person{{ID: "a", Name: ui.Text{JA: "甲", EN: "A"}}, {ID: "b", Name: ui.Text{JA: "乙", EN: "B"}}},
		},
		Post: func(who string) name { return name(who) },
		Name: func(n name) ui.Text { return ui.Text{JA: "担当 " + string(n), EN: string(n)} },
	})
	people.Mount(e)
	for _, who := range []string{"a", "b"} {
		e.GET("/office/"+who, here, people.OnlyAs(who, func(n name) bool { return string(n) == who }))
	}
	s := httptest.NewServer(around(e))
	t.Cleanup(s.Close)
	return webtest.NewBrowser(t, s.URL)
}

const key = "the key of the staff"

func TestStaffSignInAndGoOnToThePage(t *testing.T) {
	b := house(t, key)
	if p := b.Visits("/desk/queue").Says(200, "職員のサインイン", "職員の鍵", "職員としてサインインしてください", `<a href="http://lobby.example/offices">`); !strings.HasPrefix(p.Path(), "/desk/signin?next=") {
		t.Errorf("the sign-in is at %s", p.Path())
	}
	b.Fills("/desk/signin", "key", "wrong", "next", "/desk/queue").Says(403, "サインインできません", "職員の鍵が違います。", `value="/desk/queue"`)
	if p := b.Fills("/desk/signin", "key", key, "next", "/desk/queue").Says(200, "behind"); p.Path() != "/desk/queue" {
		t.Errorf("the sign-in leads to %s", p.Path())
	}
	if p := b.Visits("/desk/signin"); p.Path() != "/desk" {
		t.Errorf("who is signed in is led to %s", p.Path())
	}
	b.Fills("/desk/signout").Says(200, "職員のサインイン")
	b.Visits("/desk").Says(200, "職員のサインイン")
	b.Fills("/desk/signin", "key", key, "next", "https://evil.example/desk").Says(200, "behind")
}

func TestWhoIsNotSignedInIsToldSo(t *testing.T) {
	b := house(t, key)
	b.Fills("/desk/act").Says(401, "職員のサインインが必要です", `href="/desk/signin"`)
	b.Calls("POST", "/desk/act", nil, nil).Refuses(401, "staff_signed_out")
	b.Calls("GET", "/desk/queue", nil, nil).Refuses(401, "staff_signed_out")
	b.Calls("POST", "/desk/signin", map[string]string{"key": "wrong"}, nil).Refuses(403, "staff_key")
	b.Calls("POST", "/desk/signin", map[string]string{"key": key, "officer": "x"}, nil).Refuses(400, "malformed")
	b.Calls("GET", "/desk/v1/queue", nil, nil, webtest.Bearer("another")...).Refuses(401, "wrong_key")
	b.Calls("POST", "/desk/signin", map[string]string{"key": key}, nil).Says(204)
	b.Fills("/desk/act").Says(200, "behind")
}

func TestStaffAreChosenAndStayAtTheirOwnDesk(t *testing.T) {
	b := house(t, key)
	if p := b.Visits("/office/b").Says(200, `<option value="b" selected>`); p.Path() != "/office?to=b&next=%2Foffice%2Fb" {
		t.Errorf("the sign-in is at %s", p.Path())
	}
	b.Fills("/office", "who", "nobody", "key", key).Says(403, "サインインできません")
	b.Fills("/office", "who", "b", "key", key, "next", "/office/b").Says(200, "behind")
	b.Visits("/office/a").Says(200, `<option value="a" selected>`)
}

func TestAHouseWithoutAKeyIsShut(t *testing.T) {
	b := house(t, "")
	b.Visits("/desk/signin").Says(200, "業務端末を開いていません", "職員の鍵が設定されていない")
	b.Fills("/desk/signin", "key", "").Says(403, "業務端末を開いていません")
	b.Calls("POST", "/desk/signin", map[string]string{"key": ""}, nil).Refuses(403, "staff_closed")
}

func TestTooManyWrongKeysShutTheDoorForAWhile(t *testing.T) {
	b := house(t, key)
	for range door.MaxWrongKeys {
		b.Fills("/desk/signin", "key", "guess").Says(403)
	}
	b.Fills("/desk/signin", "key", key).Says(429, `href="/desk/signin"`)
}

// Where the town offers its published key, a button signs in without typing it; nobody is
// let in so whose key is another.
func TestTheTestKeyIsOnAButton(t *testing.T) {
	for _, c := range []struct {
		offered []string
		status  int
		button  bool
	}{{[]string{"other", "sesame"}, http.StatusOK, true}, {[]string{"other"}, http.StatusForbidden, false}, {nil, http.StatusForbidden, false}} {
		b := houseOf(t, "sesame", func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				next.ServeHTTP(w, r.WithContext(ui.WithTown(r.Context(), func() ui.Town { return ui.Town{TestKeys: c.offered} })))
			})
		})
		p := b.Visits("/desk/signin").Says(http.StatusOK)
		if shown := strings.Contains(p.Body, `data-testid="test-key"`); shown != c.button || strings.Contains(p.Body, "sesame") {
			t.Errorf("offered %v: the button is shown: %v", c.offered, shown)
		}
		b.Fills("/desk/signin", "test", "yes", "key", "").Says(c.status)
		b.Fills("/office", "test", "yes", "key", "", "who", "b").Says(c.status)
	}
}
