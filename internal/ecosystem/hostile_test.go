package ecosystem

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/seed"
)

// Every route of every house gets requests that no page or script of ours would
// send, from a stranger and from staff: no house fails, hangs or reveals its
// internals, and a stranger changes nothing.
func TestHostileInputAtEveryRouteOfEveryHouse(t *testing.T) {
	e := town(t, Config{SweepEvery: -1})
	stranger := &intruder{TB: t, e: e, client: &http.Client{CheckRedirect: stay, Timeout: 20 * time.Second}}
	staff := &intruder{TB: t, e: e, client: &http.Client{CheckRedirect: stay, Timeout: 20 * time.Second}}
	staff.signsInEverywhere() // first: after a stranger's wrong keys no key is accepted for a while
	before := contents(t, e)
	stranger.visitsEverything()
	terminals := []string{"medical-hospital visits", "medical-clinic visits"} // whoever stands at one takes a turn
	for table, after := range contents(t, e) {
		if after != before[table] && !slices.Contains(terminals, table) {
			t.Errorf("a stranger changed %s", table)
		}
	}
	staff.visitsEverything()
	for _, i := range []*intruder{stranger, staff} {
		if i.tried < 1000 {
			t.Errorf("only %d requests sent", i.tried)
		}
	}
	t.Logf("%d requests by a stranger, %d by staff", stranger.tried, staff.tried)
}

func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// intruder sends hostile requests.
type intruder struct {
	testing.TB
	e      *Ecosystem
	client *http.Client
	keys   map[string]string // bearer tokens by house
	tried  int
}

// signsInEverywhere signs in with every published key.
func (i *intruder) signsInEverywhere() {
	i.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		i.Fatal(err)
	}
	i.client.Jar = jar
	i.keys = map[string]string{}
	for _, h := range Houses() {
		for _, k := range h.Keys { // the last is that of its staff
			i.keys[h.Name] = k.Test
		}
	}
	for _, s := range []struct{ house, path, form, then string }{
		{"authority", "/office/signin", "officer=mado-1&key=" + seed.OfficerKey, "/office/counter"},
		{"bank", "/staff/signin", "key=" + seed.BankStaffKey, "/staff"},
		{"platform", "/register/signin", "staff=kiban-1&key=" + seed.PlatformStaffKey, "/register"},
		{"catv", "/staff", "desk=operator&key=" + seed.CATVStaffKey, "/operator"},
	} {
		resp := i.send(http.MethodPost, i.e.Peer(s.house)+s.path, "application/x-www-form-urlencoded", s.form, "")
		if resp.status != http.StatusSeeOther {
			i.Fatalf("%s%s does not let staff in: %d %s", s.house, s.path, resp.status, resp.body)
		}
		if in := i.send(http.MethodGet, i.e.Peer(s.house)+s.then, "", "", ""); in.status != http.StatusOK {
			i.Fatalf("%s%s is not shown to staff: %d", s.house, s.then, in.status)
		}
	}
}

// hostileParts replace path parameters, hostileBodies the bodies of requests.
var hostileParts = []string{
	"0", "-1", "99999999999999999999", "%00", "..%2F..%2Fetc%2Fpasswd", "%FF%FE", strings.Repeat("A", 4000), "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "'%20OR%201=1--",
}

var hostileBodies = []struct{ mediaType, body string }{
	{"", ""},
	{"application/json", "{"},
	{"application/json", "null"},
	{"application/json", strings.Repeat("[", 20_000)},
	{"application/json", `{"who":"are you","__proto__":{}}`},
	{"application/json", `"` + strings.Repeat("a", 1<<20) + `"`},
	{"application/x-www-form-urlencoded", "%zz=%00&name=%FF%FE&amount=-1&amount=99999999999999999999&day=9999-99-99&id=<script>alert(1)</script>"},
	{"application/x-www-form-urlencoded", "text=" + strings.Repeat("%E3%81%82", 40_000)},
	{"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"},
	{"application/ocsp-request", "\x30\x84\xff\xff\xff\xff"},
	{"image/png", "\x89PNG"},
}

const hostileQuery = "?page=-1&month=9999-99&day=0000-00-00&days=-1&state=%00&q=%FF&account=%27&lang=xx&card=%3Cscript%3Ealert(1)%3C/script%3E&wait=-1&client_id=%00"

var parameter = regexp.MustCompile(`[:*][a-z]*`)

func (i *intruder) visitsEverything() {
	for _, h := range Houses() {
		for _, r := range routes(i, i.e, h) {
			if r.Method == http.MethodHead || strings.HasPrefix(r.Path, "/ui/") || strings.Contains(r.Method, "_") {
				continue
			}
			for n, part := range hostileParts {
				b := hostileBodies[n%len(hostileBodies)]
				i.tries(h.Name, r, part, b.mediaType, b.body, hostileQuery)
				if !parameter.MatchString(r.Path) {
					break
				}
			}
			for _, b := range hostileBodies {
				if r.Method == http.MethodGet {
					break
				}
				i.tries(h.Name, r, "1", b.mediaType, b.body, "")
			}
		}
	}
}

// inside matches what a house must not reveal.
var inside = regexp.MustCompile(`goroutine \d|\.go:\d|runtime error|SQLITE|sql: |gorm|/tmp/|no such table|<script>alert`)

func (i *intruder) tries(house string, r *echo.Route, part, mediaType, body, query string) {
	if r.Path == "/signout" || r.Path == "/staff/signout" || r.Path == "/office/signout" || r.Path == "/clock" || r.Path == "/presence" {
		return // nothing to refuse, or a long poll
	}
	if i.tried++; i.tried%everyNth != 0 {
		return
	}
	path := parameter.ReplaceAllLiteralString(r.Path, part)
	got := i.send(r.Method, i.e.Peer(house)+path+query, mediaType, body, i.keys[house])
	what := fmt.Sprintf("%s %s%.80s with %s %.40q", r.Method, house, path, mediaType, body)
	if got.status >= 500 {
		i.Errorf("%s: %d %.300s", what, got.status, got.body)
	}
	if found := inside.FindString(got.body); found != "" && !strings.Contains(path, "assets") {
		i.Errorf("%s: the answer (%d) says %q", what, got.status, found)
	}
}

type answered struct {
	status int
	body   string
}

func (i *intruder) send(method, address, mediaType, body, key string) answered {
	i.Helper()
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		i.Fatalf("%s %s: %v", method, address, err)
	}
	if mediaType != "" {
		r.Header.Set("Content-Type", mediaType)
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	resp, err := i.client.Do(r)
	if err != nil {
		if u, ok := err.(*url.Error); ok && !u.Timeout() && len(body) > 1<<19 {
			return answered{status: http.StatusRequestEntityTooLarge} // closed before all was sent
		}
		i.Errorf("%s %.200s: %v", method, address, err)
		return answered{}
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, 4<<20))
	if err != nil {
		i.Errorf("%s %.200s: %v", method, address, err)
	}
	return answered{resp.StatusCode, string(b)}
}

// routes lists the routes of a house.
func routes(t testing.TB, e *Ecosystem, house House) []*echo.Route {
	t.Helper()
	again := &Ecosystem{cfg: e.cfg, places: e.places, world: e.world, failed: e.failed, seen: e.seen, run: newRun(0)}
	again.clock = e.clock
	again.cfg.DataDir = t.TempDir()
	again.faults[house.Name] = fault.NewSwitch(fault.Config{House: house.Name})
	t.Cleanup(func() {
		for _, c := range slices.Backward(again.closers) {
			_ = c()
		}
		_ = again.folder.Close()
	})
	if err := again.openFolder(); err != nil {
		t.Fatal(err)
	}
	h, err := house.Open(context.Background(), again)
	if err != nil {
		t.Fatal(err)
	}
	return h.(*echo.Echo).Routes()
}

// contents returns a digest of every table of every database, except the fees (those
// of the planting are still being written) and what a health check writes.
func contents(t testing.TB, e *Ecosystem) map[string]string {
	t.Helper()
	digests := map[string]string{}
	for _, house := range databases() {
		db, err := dbopen.Open(e.database(house))
		if err != nil {
			t.Fatal(err)
		}
		var tables []string
		if err := db.Read.Raw("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT IN ('fees', 'probes') ORDER BY name").Scan(&tables).Error; err != nil || len(tables) == 0 {
			t.Fatalf("%s has the tables %v, %v", house, tables, err)
		}
		for _, table := range tables {
			var rows []map[string]any
			if err := db.Read.Raw("SELECT * FROM " + table).Scan(&rows).Error; err != nil {
				t.Fatal(err)
			}
			digest := sha256.Sum256(fmt.Append(nil, len(rows), rows))
			digests[house+" "+table] = hex.EncodeToString(digest[:])
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return digests
}
