package web_test

import (
	"bytes"
	"context"
	"crypto"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/memory"
	"example.jp/jpkimock/authority/web"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/simclock"
)

var update = flag.Bool("update", false, "write the golden files anew")

const accessFile = "../../docs/access.md"

// caller is somebody who tries a door.
type caller struct {
	name    string // the column
	headers []string
	officer string // signs in at the desks' pages
}

// Keys of the verifiers of the table.
const (
	coveredKey   = authoritytest.Key
	otherKindKey = "key-for-the-other-kind"
	suspendedKey = "key-of-one-suspended"
	withdrawnKey = "key-of-one-withdrawn"
)

// callers are the columns. A citizen has the cookies that the houses give; the
// one for the other kind is accredited for user authentication alone.
func callers() []caller {
	as := func(name, key string) caller {
		return caller{name: name, headers: []string{"Authorization", "Bearer " + key}}
	}
	officer := func(name, id string) caller {
		return caller{name: name, headers: []string{"Authorization", "Bearer " + officerKey, "JPKI-Officer", id}, officer: id}
	}
	return []caller{
		{name: "anonymous"},
		{name: "citizen", headers: []string{"Cookie", "jpkimock_bank=AAAAAAAAAAAAAAAAAAAAAAAAAA; jpkimock_card=BBBB; jpkimock_authority=CCCCCCCCCCCCCCCCCCCCCCCCCC"}},
		as("wrong key", "not-a-key-of-anybody"),
		as("other kind only", otherKindKey), as("suspended", suspendedKey), as("withdrawn", withdrawnKey), as("accredited", coveredKey),
		officer("desk officer", "denwa-1"), officer("counter officer", "mado-1"), officer("officer of another municipality", "mado-2"), officer("ministry officer", "mic-1"),
	}
}

// bodies are what each door that takes a body is given: something it accepts.
// A door that is not here is given nothing.
var bodies = map[string]string{
	"POST /counter/v1/residents":                          `{"why":"出生届","id":"jiro","basicFour":{"commonName":"見本　次郎","dateOfBirth":"419900101","gender":"1","address":"青葉県みほん市本町１番"},"municipality":{"code":"99201","prefecture":"青葉県","city":"みほん市","prefectureRomaji":"Aoba-ken","cityRomaji":"Mihon-shi"}}`,
	"POST /counter/v1/residents/:id/cards":                `{"card":"hanako","kinds":["digital-signature"]}`,
	"POST /counter/v1/residents/:id/events":               `{"event":"loss","why":"紛失"}`,
	"POST /counter/v1/certificates/:kind/:serial/revoke":  `{"reason":"keyCompromise"}`,
	"POST /counter/v1/certificates/:kind/:serial/suspend": `{}`,
	"POST /counter/v1/certificates/:kind/:serial/resume":  `{}`,
	"POST /counter/v1/verifiers":                          `{"id":"new","name":"新規","key":"key-of-somebody-new","kinds":["digital-signature"]}`,
	"POST /counter/v1/verifiers/:id/state":                `{"state":"suspended"}`,
	"POST /suspension/v1/find":                            `{"name":"見本花子","dateOfBirth":"1980-02-17","address":"青葉県みほん市本町1-2-3"}`,
	"POST /suspension/v1/suspend":                         `{"name":"見本花子","dateOfBirth":"1980-02-17","address":"青葉県みほん市本町1-2-3","why":"紛失"}`,
	"POST /register/v1/applications":                      `{"name":"みほん診療所","kinds":["user-authentication"]}`,
	"POST /register/v1/applications/:id/approve":          `{"verifier":"clinic"}`,
	"POST /register/v1/applications/:id/reject":           `{}`,
	"POST /register/v1/verifiers/:id/state":               `{"state":"suspended"}`,
	"POST /register/v1/verifiers/:id/conditions":          `{"kinds":["digital-signature"]}`,
	"PUT /register/v1/tariff":                             `{"tariff":[{"from":"2016-01-01","kind":"digital-signature","yen":20},{"from":"2016-01-01","kind":"user-authentication","yen":2},{"from":"2023-01-01","kind":"digital-signature","yen":0},{"from":"2023-01-01","kind":"user-authentication","yen":0},{"from":"2040-01-01","kind":"digital-signature","yen":20}]}`,
	"POST /verifier/v1/latest/deliveries":                 `{"service":"customers","serial":"0705D990"}`,
	"POST /verifier/v1/confirmations":                     `{"kind":"digital-signature","serial":"0705D990"}`,
	"PUT /clock":                                          `{"advanceSeconds":0}`,
}

// address gives a route's path with everything in it named.
func address(route string, question []byte) string {
	id := "hanako"
	switch {
	case strings.Contains(route, "applications/:id"):
		id = "application-000001"
	case strings.Contains(route, "verifiers/:id"):
		id = "test-bank"
	}
	path := strings.NewReplacer(":kind", "digital-signature", ":serial", "0705D990", "/key/:key", "/key/absent", ":id", id, ":event", "move-house", ":act", "suspend").Replace(route)
	switch {
	case strings.HasPrefix(route, "/ca/"):
		return strings.Replace(path, ":file", "bundle.pem", 1)
	case strings.HasPrefix(route, "/crl/"):
		return strings.Replace(path, ":file", "digital-signature.crl", 1)
	case route == "/ocsp/*":
		return "/ocsp/digital-signature/" + url.PathEscape(base64.StdEncoding.EncodeToString(question))
	}
	return path
}

// street is a world in which everybody of the table exists.
func street(t *testing.T) (*town, *echo.Echo, []byte) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	tn := &town{t: t, url: "http://" + server.Listener.Addr().String(), clock: simclock.New()}
	tn.World = authoritytest.Open(t, "../testdata", func(c *authority.Config) { c.Now, c.PublicURL = tn.clock.Now, tn.url })
	h, err := web.New(web.Config{Authority: tn.Authority, Clock: tn.clock, OfficerKey: officerKey, PublicURL: tn.url, Lobby: "http://localhost:8080", Latest: memory.New()})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = h
	server.Start()
	t.Cleanup(server.Close)
	tn.client = server.Client()
	tn.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	ctx := context.Background()
	for id, key := range map[string]string{"other-kind": otherKindKey, "suspended": suspendedKey, "withdrawn": withdrawnKey} {
		kinds := jpki.Kinds()
		if id == "other-kind" {
			kinds = []jpki.Kind{auth}
		}
		_, err := tn.Ministry.Register(ctx, accreditation.Registration{ID: id, Name: id, Key: key, Kinds: kinds})
		if state := accreditation.VerifierState(id); err == nil && id != "other-kind" {
			_, err = tn.Ministry.SetState(ctx, id, state, desk.By{Why: ""})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := tn.Ministry.Apply(ctx, accreditation.Application{Name: "診療所", Kinds: jpki.Kinds()}); err != nil {
		t.Fatal(err)
	}
	issued := tn.Settle(authoritytest.Hanako())
	return tn, h.(*echo.Echo), tn.question(issued.Certificates[sign], crypto.SHA1)
}

// routes lists every door but the style sheets; HEAD is GET's.
func routes(e *echo.Echo) []*echo.Route {
	all := slices.DeleteFunc(e.Routes(), func(r *echo.Route) bool {
		return r.Method == http.MethodHead || r.Method == echo.RouteNotFound || strings.HasPrefix(r.Path, "/assets") || strings.HasPrefix(r.Path, "/ui/")
	})
	slices.SortFunc(all, func(a, b *echo.Route) int {
		return strings.Compare(a.Path+" "+a.Method, b.Path+" "+b.Method)
	})
	return slices.CompactFunc(all, func(a, b *echo.Route) bool { return a.Path == b.Path && a.Method == b.Method })
}

// try knocks at a door.
func (tn *town) try(r *echo.Route, who caller, question []byte) string {
	tn.t.Helper()
	tn.clock.Advance(door.AttemptsTime) // each of them begins anew with the officer key
	body, headers := []byte(bodies[r.Method+" "+r.Path]), slices.Clone(who.headers)
	switch {
	case strings.HasPrefix(r.Path, "/office"), strings.HasPrefix(r.Path, "/verifiers"), r.Path == "/":
		headers = append(headers, "Accept", "text/html", "Content-Type", "application/x-www-form-urlencoded")
		if who.officer != "" && strings.HasPrefix(r.Path, "/office/") {
			headers = append(headers, "Cookie", tn.signedIn(who.officer))
		}
	case strings.HasPrefix(r.Path, "/ocsp") && r.Method == "POST":
		body, headers = question, append(headers, "Content-Type", "application/ocsp-request")
	case strings.HasPrefix(r.Path, "/verifier/v1/confirmations"):
		headers = append(headers, "Content-Type", "application/x-ndjson")
	case len(body) > 0:
		headers = append(headers, "Content-Type", "application/json")
	}
	return outcome(tn.do(r.Method, address(r.Path, question), body, headers...))
}

// signedIn gives the cookie of an officer's session.
func (tn *town) signedIn(id string) string {
	tn.t.Helper()
	form := url.Values{"officer": {id}, "key": {officerKey}}
	r := tn.do("POST", "/office/signin", []byte(form.Encode()), "Content-Type", "application/x-www-form-urlencoded", "Accept", "text/html")
	if len(r.Cookies()) == 0 {
		tn.t.Fatalf("officer %s is not let in: %d", id, r.StatusCode)
	}
	return r.Cookies()[0].Name + "=" + r.Cookies()[0].Value
}

// outcome says an answer in a few words.
func outcome(r reply) string {
	out := fmt.Sprint(r.StatusCode)
	switch kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); {
	case kind == "application/ocsp-response" && len(r.body) < 10: // a failure is five octets, the status in the last
		return out + " OCSP " + map[byte]string{1: "malformedRequest", 2: "internalError", 3: "tryLater", 6: "unauthorized"}[r.body[len(r.body)-1]]
	case kind == "application/ocsp-response":
		return out + " OCSP good"
	case kind == "application/problem+json":
		out += fmt.Sprintf(" %v", r.member("code"))
		if reason, ok := r.member("reason").(string); ok {
			out += " (" + reason + ")"
		}
	case kind == "application/x-ndjson" && bytes.Contains(r.body, []byte("error")):
		var line struct{ Error string }
		if err := json.Unmarshal(r.body, &line); err == nil {
			out += " line: " + line.Error
		}
	case r.StatusCode >= 300 && r.StatusCode < 400:
		to, _, _ := strings.Cut(r.Header.Get("Location"), "?")
		out += " to " + to
	}
	return out
}

// TestAccess tries every door as everybody, and compares the table with the
// one in the documentation.
func TestAccess(t *testing.T) {
	_, e, _ := street(t)
	all := routes(e)
	var b strings.Builder
	b.WriteString("# Who may do what at the authority\n\nMade by `go test ./authority/web -run TestAccess -update`: every endpoint, tried as everybody. In it\n`citizen` has session cookies and no key, `other kind only` is accredited for the user authentication\ncertificate alone while the question is about a digital signature certificate, and an officer is named\nby `JPKI-Officer` beside the officer key, or signed in where the endpoint is a page. The resident, the card\nand the certificates are of みほん市, whose officer is `mado-1`; the officer of another municipality is\n`mado-2`. Each door is tried in a world of its own, officers last.\n")
	for _, pages := range []bool{false, true} {
		title := "Interfaces"
		if pages {
			title = "Pages"
		}
		fmt.Fprintf(&b, "\n## %s\n\n| endpoint |", title)
		for _, c := range callers() {
			fmt.Fprintf(&b, " %s |", c.name)
		}
		b.WriteString("\n|" + strings.Repeat(" --- |", len(callers())+1) + "\n")
		for _, r := range all {
			if isPage := r.Path == "/" || strings.HasPrefix(r.Path, "/office") || strings.HasPrefix(r.Path, "/verifiers"); isPage != pages {
				continue
			}
			world, _, question := street(t)
			fmt.Fprintf(&b, "| `%s %s` |", r.Method, r.Path)
			for _, who := range callers() {
				fmt.Fprintf(&b, " %s |", world.try(r, who, question))
			}
			b.WriteString("\n")
		}
	}
	wantFile(t, accessFile, b.String())
}

// wantFile compares with a golden file, or writes it.
func wantFile(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	if string(want) == got {
		return
	}
	have := strings.Split(string(want), "\n")
	for _, line := range strings.Split(got, "\n") {
		if !slices.Contains(have, line) {
			t.Errorf("not in %s (run with -update and read the difference):\n%s", name, line)
		}
	}
	t.Errorf("%s is not what the doors say", name)
}

// aboutHanako reports whether a door of the counter leads to somebody or to
// something of みほん市.
func aboutHanako(r *echo.Route) bool {
	return strings.Contains(r.Path, "/:id") || strings.Contains(r.Path, "/:serial") || r.Method+" "+r.Path == "POST /counter/v1/residents"
}

// TestNobodyGetsInWhoShouldNot reads the rules, not a golden file: what is an
// officer's is nobody else's, and what is a verifier's is no stranger's.
func TestNobodyGetsInWhoShouldNot(t *testing.T) {
	_, e, _ := street(t)
	posts := map[string]string{"/counter/v1/verifiers": "ministry officer", "/counter": "counter officer", "/suspension": "desk officer", "/register": "ministry officer",
		"/office/counter": "counter officer", "/office/suspension": "desk officer", "/office/verifiers": "ministry officer", "/office/fees": "ministry officer", "/office/applications": "ministry officer"}
	public := []string{"GET /register/v1/verifiers", "POST /register/v1/applications", "GET /register/v1/tariff"}
	for _, r := range routes(e) {
		var allowed []string
		switch {
		case slices.Contains(public, r.Method+" "+r.Path):
			continue
		case strings.HasPrefix(r.Path, "/verifier/"), strings.HasPrefix(r.Path, "/crl/"):
			allowed = []string{"accredited"}
			if strings.HasSuffix(r.Path, "/confirmations") || strings.HasSuffix(r.Path, "/statement") {
				allowed = append(allowed, "other kind only") // for the kind it has
			}
		default:
			longest := ""
			for prefix, post := range posts {
				if strings.HasPrefix(r.Path, prefix) && len(prefix) > len(longest) {
					longest, allowed = prefix, []string{post}
				}
			}
			if slices.Contains(allowed, "counter officer") && !aboutHanako(r) {
				allowed = append(allowed, "officer of another municipality")
			}
			if longest == "" {
				continue
			}
		}
		world, _, question := street(t)
		for _, who := range callers() {
			got := world.try(r, who, question)
			refused := strings.HasPrefix(got, "401") || strings.HasPrefix(got, "403") || strings.HasPrefix(got, "303 to /office/signin")
			refused = refused && got != "403 no_consent" // it is said of a holder, and not of who asks
			if refused == slices.Contains(allowed, who.name) {
				t.Errorf("%s %s as %s: %s", r.Method, r.Path, who.name, got)
			}
		}
	}
}
