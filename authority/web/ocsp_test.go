package web_test

import (
	"bufio"
	"bytes"
	"crypto"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/jpki"
)

// chunked is a body that does not say how long it is.
type chunked struct{ io.Reader }

// TestTheQuickAnswerIsTheRoutesAnswer: what is answered before the door is the
// same, header by header, as what the routes answer.
func TestTheQuickAnswerIsTheRoutesAnswer(t *testing.T) {
	tn := open(t)
	c := tn.Settle(authoritytest.Hanako()).Certificates[sign]
	plain := tn.question(c, crypto.SHA1)
	for name, body := range map[string][]byte{"from memory": plain, "malformed": {0x30}, "nothing": {}} {
		for _, path := range []string{"/ocsp/digital-signature", "/ocsp/digital-signature/key/" + authoritytest.Key + "/"} {
			for _, headers := range [][]string{asOCSP, {"Content-Type", "application/ocsp-request; x=y", "JPKI-Purpose", "current-status"}} {
				quick := tn.do("POST", path, body, headers...)
				r, err := http.NewRequest("POST", tn.url+path, chunked{bytes.NewReader(body)})
				if err != nil {
					t.Fatal(err)
				}
				for i := 0; i < len(headers); i += 2 {
					r.Header.Set(headers[i], headers[i+1])
				}
				tn.same(name+" "+path, quick, tn.send(r))
			}
		}
	}
	path := "/ocsp/digital-signature/" + base64.StdEncoding.EncodeToString(plain)
	quick := tn.do("GET", path, nil, bearer...)
	head := tn.do("HEAD", path, nil, bearer...)
	head.body = quick.body
	tn.same("GET", quick, head)
	tag := append([]string{"If-None-Match", quick.Header.Get("ETag")}, bearer...)
	tn.same("If-None-Match", tn.do("GET", path, nil, tag...), tn.do("HEAD", path, nil, tag...))
}

// same compares two answers, but for the passing of time.
func (tn *town) same(what string, a, b reply) {
	tn.t.Helper()
	for _, h := range []http.Header{a.Header, b.Header} {
		h.Del("Date")
		if age, rest, ok := strings.Cut(h.Get("Cache-Control"), ", no-transform"); ok && strings.HasPrefix(age, "private, max-age=") {
			h.Set("Cache-Control", rest)
		}
	}
	if a.StatusCode != b.StatusCode || !maps.EqualFunc(a.Header, b.Header, slices.Equal) || !bytes.Equal(a.body, b.body) {
		tn.t.Errorf("%s: %d %v\nand %d %v", what, a.StatusCode, a.Header, b.StatusCode, b.Header)
	}
}

// TestWhatIsNotQuickIsRefusedAsEverywhere: a request that the quick answer leaves
// goes through the whole door with its body.
func TestWhatIsNotQuickIsRefusedAsEverywhere(t *testing.T) {
	tn := open(t)
	der := tn.question(tn.Settle(authoritytest.Hanako()).Certificates[sign], crypto.SHA1)
	purpose := append([]string{"JPKI-Purpose", "curiosity"}, asOCSP...)
	const path = "/ocsp/digital-signature"
	tn.want(tn.do("POST", path, der, purpose...), 400, "invalid")
	page := tn.do("POST", path, der, append([]string{"Accept", "text/html"}, purpose...)...)
	if page.StatusCode != 400 || !strings.HasPrefix(page.Header.Get("Content-Type"), "text/html") || page.Header.Get("Content-Security-Policy") == "" {
		t.Errorf("a page: %d %v", page.StatusCode, page.Header)
	}
	tn.want(tn.do("POST", path, der, append([]string{"Host", "attacker.example"}, asOCSP...)...), 421, "foreign_host")
	tn.want(tn.do("GET", path+"/MA==", nil, append([]string{"Host", "attacker.example"}, bearer...)...), 421, "foreign_host")
	tn.want(tn.do("POST", path, der, append([]string{"Origin", "http://attacker.example"}, asOCSP...)...), 403, "foreign_page")
	for _, other := range []string{"//", "/key", "/key/", "/keys/x", "/key/x/y"} {
		r := tn.do("POST", path+other, der, asOCSP...)
		tn.want(r, 405, "method_not_allowed")
		if allow := r.Header.Get("Allow"); !strings.Contains(allow, "GET") {
			t.Errorf("%s: Allow %q", other, allow)
		}
	}
	tn.want(tn.do("DELETE", path, nil, bearer...), 405, "method_not_allowed")
}

// TestABodyThatBreaksOff is refused, not taken for all of it.
func TestABodyThatBreaksOff(t *testing.T) {
	tn := open(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(tn.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /ocsp/digital-signature HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/ocsp-request\r\nAuthorization: Bearer %s\r\nContent-Length: 100\r\n\r\n0", authoritytest.Key)
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); resp.StatusCode != 400 || !bytes.Contains(body, []byte("incomplete")) {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
}

// TestEachAnswerIsCountedOnce: the fees know no difference between the quick
// answer and the routes', and nothing that was refused.
func TestEachAnswerIsCountedOnce(t *testing.T) {
	tn := open(t)
	der := tn.question(tn.Settle(authoritytest.Hanako()).Certificates[sign], crypto.SHA1)
	path := "/ocsp/digital-signature"
	tn.do("POST", path, der, asOCSP...)
	tn.do("GET", path+"/"+base64.StdEncoding.EncodeToString(der), nil, bearer...)
	tn.do("HEAD", path+"/"+base64.StdEncoding.EncodeToString(der), nil, bearer...)
	tn.do("POST", path, der, append([]string{"JPKI-Purpose", "curiosity"}, asOCSP...)...)
	tn.do("POST", path, der[1:], asOCSP...)
	bill, err := tn.Ministry.Statement(t.Context(), "test-bank", tn.clock.Now().In(jpki.JST).Format("2006-01"))
	if err != nil || len(bill.Lines) != 1 || bill.Lines[0].N != 3 {
		t.Errorf("%+v, %v: want 3 answers", bill.Lines, err)
	}
}

// TestAnAnswerFromMemoryTakesHardlyAnyMemory holds what BenchmarkOCSPHandler
// measures: 6 allocations for a POST and 7 for a GET, and some room.
func TestAnAnswerFromMemoryTakesHardlyAnyMemory(t *testing.T) {
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		ask := open(t).asker(method)
		ask()
		if n := testing.AllocsPerRun(1000, ask); n > 10 {
			t.Errorf("%s: %v allocations", method, n)
		}
	}
}
