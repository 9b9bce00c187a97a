package web_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/memory"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/authority/web"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/simclock"
)

const confirmPath = "/verifier/v1/confirmations?purpose=current-status"

var asLines = append([]string{"Content-Type", "application/x-ndjson"}, bearer...)

func line(kind jpki.Kind, serial jpki.SerialNumber) string {
	return fmt.Sprintf(`{"kind":"%v","serial":"%s"}`, kind, serial)
}

func TestManySerialsInOneRequest(t *testing.T) {
	tn := open(t)
	issued := tn.Settle(authoritytest.Hanako())
	s, a := issued.Certificates[sign].Serial, issued.Certificates[auth].Serial
	tn.want(tn.officer("POST", "/residents/hanako/events", `{"event":"move-house","address":"青葉県みほん市本町９番","why":"転居"}`), 200, "")
	body := strings.Join([]string{
		line(sign, s), line(auth, a), "nonsense", line(sign, "7FFFFFFF"), `{"serial":"` + strings.ToLower(s.String()) + `","kind":"digital-signature"}`,
		strings.Repeat("x", 257), strings.Repeat("y", 200_000), line(auth, a), // the last without a line feed
	}, "\n")
	r := tn.do("POST", confirmPath, []byte(body), asLines...)
	tn.want(r, 200, "")
	got := strings.Split(strings.TrimSuffix(r.text(), "\n"), "\n")
	changed := `{"kind":"digital-signature","serial":"` + s.String() + `","state":"changed","reason":"affiliationChanged","at":"`
	unchanged := `{"kind":"user-authentication","serial":"` + a.String() + `","state":"unchanged"}`
	want := []string{
		changed, unchanged, `{"line":3,"error":"malformed"}`, `{"kind":"digital-signature","serial":"7FFFFFFF","state":"unknown"}`, changed,
		`{"line":6,"error":"malformed"}`, `{"line":7,"error":"malformed"}`, unchanged,
	}
	for i, w := range want {
		if i >= len(got) || !strings.HasPrefix(got[i], w) {
			t.Errorf("line %d:\n got %s\nwant %s", i+1, got[min(i, len(got)-1)], w)
		}
	}
	if len(got) != len(want) || r.Header.Get("Content-Type") != "application/x-ndjson" || r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d lines, %v", len(got), r.Header)
	}
	bill, err := tn.Ministry.Statement(context.Background(), "test-bank", tn.clock.Now().In(jpki.JST).Format("2006-01"))
	if err != nil || bill.Count != 5 {
		t.Errorf("%d answers on the bill, %v; want 5", bill.Count, err)
	}
	tn.want(tn.do("POST", confirmPath, nil, asLines...), 200, "")
	tn.want(tn.do("POST", "/verifier/v1/confirmations?purpose=curiosity", nil, asLines...), 400, "invalid")
	tn.want(tn.do("POST", confirmPath, []byte("{}"), append([]string{"Content-Type", "application/json"}, bearer...)...), 415, "not_ndjson")
}

// TestAnswersComeWhileQuestionsAreAsked: each question waits for the answer to
// the one before it, in one request.
func TestAnswersComeWhileQuestionsAreAsked(t *testing.T) {
	tn := open(t)
	s := tn.Settle(authoritytest.Hanako()).Certificates[sign].Serial
	questions, ask := io.Pipe()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "POST", tn.url+confirmPath, questions)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+authoritytest.Key)
	r.Header.Set("Content-Type", "application/x-ndjson")
	go func() { _, _ = io.WriteString(ask, line(sign, s)+"\n") }()
	resp, err := tn.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answers := bufio.NewScanner(resp.Body)
	expect := func(state string) {
		t.Helper()
		if !answers.Scan() || !strings.Contains(answers.Text(), `"state":"`+state+`"`) {
			t.Fatalf("%s, %v; want %s", answers.Text(), answers.Err(), state)
		}
	}
	expect("unchanged")
	if _, err := tn.Suspend(ctx, sign, s, desk.By{}); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(ask, line(sign, s)+"\n"); err != nil {
		t.Fatal(err)
	}
	expect("suspended")
	if err := errors.Join(ask.Close()); err != nil {
		t.Fatal(err)
	}
	if answers.Scan() {
		t.Errorf("one more answer: %s", answers.Text())
	}
}

func TestAKindThatIsNotCovered(t *testing.T) {
	tn := open(t)
	issued := tn.Settle(authoritytest.Hanako())
	tn.want(tn.officer("POST", "/verifiers", `{"id":"clinic","name":"x","key":"key-of-the-clinic-01","kinds":["user-authentication"]}`), 201, "")
	body := line(sign, issued.Certificates[sign].Serial) + "\n" + line(auth, issued.Certificates[auth].Serial) + "\n"
	r := tn.do("POST", confirmPath, []byte(body), "Authorization", "Bearer key-of-the-clinic-01", "Content-Type", "application/x-ndjson")
	if want := `{"line":1,"error":"kind_not_covered"}` + "\n" + `{"kind":"user-authentication"`; !strings.HasPrefix(r.text(), want) {
		t.Error(r.text())
	}
}

// millions is an authority of n certificates without keys, behind the real
// server's limits; every 73rd is revoked.
func millions(tb testing.TB, n int) string {
	tb.Helper()
	store := memory.New()
	people := make([]register.Certificate, n)
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, jpki.JST)
	for i := range people {
		s := register.Status{State: register.Good, Since: from}
		if i%73 == 0 {
			s = register.Status{State: register.Revoked, Reason: jpki.AffiliationChanged, Since: from}
		}
		people[i] = register.Certificate{
			Kind: auth, Serial: jpki.SerialNumber(fmt.Sprintf("%08X", 0x0A21C3F0+i)), NotBefore: from, NotAfter: from.AddDate(30, 0, 0), Status: s, Delivered: true,
		}
	}
	if err := store.Commit(context.Background(), authority.Change{Certificates: people}); err != nil {
		tb.Fatal(err)
	}
	clock := simclock.New()
	w := authoritytest.Open(tb, "../testdata", func(c *authority.Config) { c.Store, c.Now = store, clock.Now })
	h, err := web.New(web.Config{Authority: w.Authority, Clock: clock, OfficerKey: officerKey, PublicURL: "http://localhost"})
	if err != nil {
		tb.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	server.Config = door.Server(h)
	server.Start()
	tb.Cleanup(server.Close)
	return server.URL
}

// sweep confirms n certificates in one request and gives how many changed. The
// answers are read as a relying party would that knows their form.
func sweep(tb testing.TB, url string, n int) int {
	tb.Helper()
	questions, ask := io.Pipe()
	go func() {
		b := make([]byte, 0, 1<<16)
		for i := range n {
			b = fmt.Appendf(b, `{"kind":"user-authentication","serial":"%08X"}`+"\n", 0x0A21C3F0+i)
			if len(b) > 1<<16-100 || i == n-1 {
				if _, err := ask.Write(b); err != nil {
					return
				}
				b = b[:0]
			}
		}
		_ = ask.Close()
	}()
	r, err := http.NewRequestWithContext(context.Background(), "POST", url+confirmPath, questions)
	if err != nil {
		tb.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+authoritytest.Key)
	r.Header.Set("Content-Type", "application/x-ndjson")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		tb.Fatal(err)
	}
	defer resp.Body.Close()
	answers := bufio.NewScanner(resp.Body)
	lines, changed := 0, 0
	for ; answers.Scan(); lines++ {
		want := fmt.Appendf(nil, "%08X", 0x0A21C3F0+lines)
		if !bytes.Contains(answers.Bytes(), want) {
			tb.Fatalf("line %d: %s", lines, answers.Text())
		}
		if bytes.Contains(answers.Bytes(), []byte(`"state":"changed"`)) {
			changed++
		}
	}
	if answers.Err() != nil || lines != n {
		tb.Fatalf("%d lines, %v", lines, answers.Err())
	}
	return changed
}

// TestALargeSweep is more than any request with a bounded body may bring.
func TestALargeSweep(t *testing.T) {
	url := millions(t, 100_000)
	if changed := sweep(t, url, 100_000); changed != 1370 {
		t.Errorf("%d changed", changed)
	}
}

// BenchmarkMillionConfirmations is a million certificates as JSON lines over
// HTTP, client and server on the same processors.
func BenchmarkMillionConfirmations(b *testing.B) {
	url := millions(b, 1_000_000)
	for b.Loop() {
		if changed := sweep(b, url, 1_000_000); changed != 13699 {
			b.Errorf("%d changed", changed)
		}
	}
}

func TestWhoGoesAwayFreesTheStream(t *testing.T) {
	tn := open(t)
	for range 40 { // more than may run at once
		questions, ask := io.Pipe()
		ctx, cancel := context.WithCancel(context.Background())
		r, err := http.NewRequestWithContext(ctx, "POST", tn.url+confirmPath, questions)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+authoritytest.Key)
		r.Header.Set("Content-Type", "application/x-ndjson")
		go func() { _, _ = io.WriteString(ask, line(sign, "0705D990")+"\n") }()
		resp, err := tn.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		switch resp.StatusCode {
		case 200:
		case 503:
			var p struct{ Code string }
			if json.NewDecoder(resp.Body).Decode(&p) != nil || p.Code != "busy" || resp.Header.Get("Retry-After") == "" {
				t.Errorf("%+v", p)
			}
		default:
			t.Errorf("%d", resp.StatusCode)
		}
		cancel()
		_ = resp.Body.Close() // it was cancelled
	}
	eventually(t, "a free place", func() bool {
		return tn.do("POST", confirmPath, []byte(line(sign, "0705D990")), asLines...).StatusCode == 200
	})
}

// eventually asks until it is so, for at most ten seconds.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for spent := simclock.Stopwatch(); !so(); {
		if spent() > 10*time.Second {
			t.Fatalf("never: %s", what)
		}
	}
}

// TestARefusalIsHeard: who has sent much before the answer reads the refusal, and not
// that the connection was reset.
func TestARefusalIsHeard(t *testing.T) {
	tn := open(t)
	body := []byte(strings.Repeat(line(sign, "7FFFFFFF")+"\n", 10_000))
	for range 20 {
		tn.want(tn.do("POST", confirmPath, body, "Content-Type", "application/x-ndjson", "Authorization", "Bearer of-nobody"), 403, "not_accredited")
	}
}
