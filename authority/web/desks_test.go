package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/authority/web"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/webtest"
)

// clerk is an officer's browser, at the page it came to last.
type clerk struct {
	*town
	web  *webtest.Browser
	last webtest.Page
	page string // the body of the last page
	at   string // its path
	code int
}

// browser opens a browser that nobody has signed in with.
func (tn *town) browser() *clerk { return &clerk{town: tn, web: webtest.NewBrowser(tn.t, tn.url)} }

// as opens a browser and signs an officer in.
func (tn *town) at(officer string) *clerk {
	tn.t.Helper()
	c := tn.browser()
	c.fills("/office/signin", "officer", officer, "key", officerKey)
	if c.code != 200 || c.at == "/office/signin" {
		tn.t.Fatalf("%s could not sign in: %d at %s", officer, c.code, c.at)
	}
	return c
}

func (c *clerk) goes(method, path string, form url.Values, headers ...string) *clerk {
	c.t.Helper()
	if method == http.MethodPost {
		c.last = c.web.Posts(path, form, headers...)
	} else {
		c.last = c.web.Sends(method, path, form.Encode(), headers...)
	}
	c.page, c.at, c.code = c.last.Body, c.last.URL.Path, c.last.Status
	return c
}

func (c *clerk) visits(path string) *clerk { c.t.Helper(); return c.goes("GET", path, nil) }

// fills posts a form of name, value pairs.
func (c *clerk) fills(path string, pairs ...string) *clerk {
	c.t.Helper()
	form := webtest.Form(pairs...)
	if m := seenTag.FindStringSubmatch(c.page); m != nil && path == c.at && !form.Has("seen") {
		form.Set("seen", m[1]) // as a browser does, from the form that it shows
	}
	return c.goes("POST", path, form)
}

var seenTag = regexp.MustCompile(`<input type="hidden" name="seen" value="([^"]*)">`)

func (c *clerk) says(code int, parts ...string) *clerk {
	c.t.Helper()
	c.last.Says(code, parts...)
	return c
}

func (c *clerk) silent(parts ...string) *clerk {
	c.t.Helper()
	c.last.Lacks(parts...)
	return c
}

var effectTag = regexp.MustCompile(`data-testid="effect" data-kind="([^"]*)" data-act="([^"]*)" data-serial="[^"]*"(?: data-reason="([^"]*)")?`)

// effects lists what the page says of each certificate: "sign revoked
// affiliationChanged".
func (c *clerk) effects() []string {
	var all []string
	for _, m := range effectTag.FindAllStringSubmatch(c.page, -1) {
		kind := map[string]string{"digital-signature": "sign", "user-authentication": "auth"}[m[1]]
		all = append(all, strings.TrimSpace(kind+" "+m[2]+" "+m[3]))
	}
	return all
}

func (c *clerk) foresees(effects ...string) *clerk {
	c.t.Helper()
	if got := c.effects(); !slices.Equal(got, effects) {
		c.t.Errorf("%s: effects %q, want %q", c.at, got, effects)
	}
	return c
}

// prepares fills the form of an act, up to the page that says what it will do.
func (c *clerk) prepares(resident string, e register.LifeEvent, pairs ...string) *clerk {
	c.t.Helper()
	c.visits("/office/counter/residents/"+resident+"/acts/"+string(e)).says(200, `data-testid="preview"`)
	return c.fills("/office/counter/residents/"+resident+"/acts/"+string(e), pairs...).says(200, `data-testid="confirm"`)
}

// confirms does what was shown.
func (c *clerk) confirms(pairs ...string) *clerk {
	c.t.Helper()
	return c.fills(c.at, pairs...).says(200, `data-testid="done"`)
}

// states gives what the resident's page says of both certificates.
func (c *clerk) states(resident string) string {
	c.t.Helper()
	c.visits("/office/counter/residents/"+resident).says(200, `data-testid="journal"`)
	var all []string
	for _, m := range regexp.MustCompile(`data-testid="cert-state-[^"]*" data-state="([^"]*)"`).FindAllStringSubmatch(c.page, -1) {
		all = append(all, m[1])
	}
	return strings.Join(all, " ")
}

func hanakoLives(t testing.TB) *town {
	tn := open(t)
	tn.Settle(authoritytest.Hanako())
	return tn
}

func TestTheOfficesNeedAnOfficer(t *testing.T) {
	tn := hanakoLives(t)
	c := tn.browser()
	c.visits("/office").says(200, "市区町村窓口", "一時停止受付", "認定・検証者台帳", "失効情報提供手数料")
	if c.visits("/office/counter/residents/hanako"); c.at != "/office/signin" {
		t.Errorf("nobody is sent to %s", c.at)
	}
	c.says(200, `value="/office/counter/residents/hanako"`, "模擬環境での鍵").silent("見本　花子", officerKey)
	c.fills("/office/signin", "officer", "mado-1", "key", "wrong").says(403, "サインインできません")
	c.fills("/office/signin", "officer", "nobody", "key", officerKey).says(403, "サインインできません")
	c.fills("/office/counter/search", "name", "見本").says(401, "サインインしてください")
	c.fills("/office/signin", "officer", "mado-1", "key", officerKey, "next", "/office/counter/residents/hanako").says(200, "見本　花子", "窓口　一郎")
	if c.at != "/office/counter/residents/hanako" {
		t.Errorf("after signing in at %s", c.at)
	}
	for _, next := range []string{"https://evil.example/office/", "//evil.example/office/counter", `/office/\evil.example`, "/office/counter/../../x", "/elsewhere", ""} {
		if c.fills("/office/signin", "officer", "mado-1", "key", officerKey, "next", next); c.at != "/office/counter" {
			t.Errorf("next %q leads to %s", next, c.at)
		}
	}
	c.fills("/office/signout").visits("/office/counter")
	if c.at != "/office/signin" && c.code != 401 {
		t.Errorf("after signing out: %d at %s", c.code, c.at)
	}
}

// TestTheRoles tries every desk as every officer.
func TestTheRoles(t *testing.T) {
	tn := hanakoLives(t)
	desks := map[desk.Role][]string{ // of residents, their own counter's: office_municipality_test.go
		desk.RoleCounter:    {"GET /office/counter", "POST /office/counter/search", "GET /office/counter/new", "POST /office/counter/new", "GET /office/counter/pending/x", "POST /office/counter/pending/x", "GET /office/counter/done/x"},
		desk.RoleSuspension: {"GET /office/suspension", "POST /office/suspension", "GET /office/suspension/pending/x", "POST /office/suspension/pending/x", "GET /office/suspension/done/x"},
		desk.RoleMinistry:   {"GET /office/verifiers", "GET /office/verifiers/test-bank", "GET /office/verifiers/test-bank/acts/withdraw", "POST /office/verifiers/test-bank/acts/withdraw", "GET /office/applications/x", "POST /office/applications/x/approve", "POST /office/applications/x/reject", "GET /office/fees", "GET /office/fees.csv", "POST /office/fees/tariff"},
	}
	for _, officer := range desk.Officers() {
		c := tn.at(officer.ID)
		for role, doors := range desks {
			for _, door := range doors {
				method, path, _ := strings.Cut(door, " ")
				c.goes(method, path, url.Values{})
				if refused := c.code == 403; refused == officer.May(role) {
					t.Errorf("%s at %s: %d", officer.ID, door, c.code)
				}
				if c.code == 403 && method == "GET" {
					c.says(403, "担当の職員としてサインインする", `href="/office/signin?next=`+url.QueryEscape(path)+`"`)
				}
			}
		}
	}
	if v, err := tn.Ministry.Accredited(authoritytest.Key, sign); err != nil {
		t.Errorf("a door that refused has done something: %v %v", v, err)
	}
}

// TestTheOfficerKeyIsNotGuessed: after five wrong keys, at the pages and at the
// interface together, no key is looked at for a minute.
func TestTheOfficerKeyIsNotGuessed(t *testing.T) {
	tn := hanakoLives(t)
	c := tn.browser()
	for range door.MaxWrongKeys - 1 {
		c.fills("/office/signin", "officer", "mado-1", "key", "guess").says(403, "サインインできません")
	}
	tn.want(tn.do("GET", "/counter/v1/residents", nil, "Authorization", "Bearer guess"), 401, "wrong_key")
	c.fills("/office/signin", "officer", "mado-1", "key", officerKey).says(429, "60秒").silent(officerKey)
	r := tn.do("GET", "/counter/v1/residents", nil, "Authorization", "Bearer "+officerKey)
	tn.want(r, 429, "too_many_attempts")
	if after := r.Header.Get("Retry-After"); after == "" {
		t.Error("the answer does not say how long to wait")
	}
	tn.clock.Advance(door.AttemptsTime)
	tn.want(tn.do("GET", "/counter/v1/residents", nil, "Authorization", "Bearer "+officerKey), 200, "")
	c.fills("/office/signin", "officer", "mado-1", "key", officerKey, "next", "/office/counter").says(200, "住民の検索")
}

func TestAForeignPageDoesNothing(t *testing.T) {
	tn := hanakoLives(t)
	c := tn.at("mado-1")
	c.prepares("hanako", register.Death, "why", "死亡届")
	pending := c.at
	for _, headers := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}} {
		c.goes("POST", pending, nil, headers...).says(403)
		c.goes("POST", "/office/counter/residents/hanako/acts/loss", url.Values{"why": {"x"}}, headers...).says(403)
	}
	if got := c.states("hanako"); got != "good good" {
		t.Errorf("the certificates are %s", got)
	}
}

func TestASessionThatEndedSaysSo(t *testing.T) {
	tn := hanakoLives(t)
	c := tn.at("mado-1")
	c.prepares("hanako", register.MoveHouse, "address", "桜町１番", "why", "転居届")
	pending := c.at
	tn.clock.Advance(31 * time.Minute)
	c.fills(pending).says(401, "操作がなかったため", "行われていません", "/office/signin").silent("見本")
	c.fills("/office/signin", "officer", "mado-1", "key", officerKey)
	c.fills(pending).says(409, "確認を待っていません")
	if got := c.states("hanako"); got != "good good" {
		t.Errorf("the certificates are %s", got)
	}
}

func TestAnOfficeWithoutAKeyIsShut(t *testing.T) {
	tn := open(t)
	h, err := web.New(web.Config{Authority: tn.Authority, Clock: tn.clock, PublicURL: tn.url})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	defer server.Close()
	tn.url = server.URL
	c := tn.browser()
	c.visits("/office/signin").says(200, "業務端末を開いていません")
	c.fills("/office/signin", "officer", "mado-1", "key", "").says(403)
	c.visits("/office/counter").says(200)
	if c.at != "/office/signin" {
		t.Errorf("a shut office shows %s", c.at)
	}
}
