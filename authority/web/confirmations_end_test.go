package web_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/web"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/simclock"
)

// atDoor is an authority behind the real server, which can be shut down.
func atDoor(t *testing.T) (*authoritytest.World, *httptest.Server) {
	t.Helper()
	clock := simclock.New()
	w := authoritytest.Open(t, "../testdata", func(c *authority.Config) { c.Now = clock.Now })
	h, err := web.New(web.Config{Authority: w.Authority, Clock: clock, OfficerKey: officerKey, PublicURL: "http://localhost"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	server.Config = door.Server(h)
	server.Start()
	t.Cleanup(server.Close)
	return w, server
}

// running is a change confirmation under way.
type running struct {
	ask     *io.PipeWriter
	answers *bufio.Reader
	status  int
}

// confirms begins a change confirmation with one question.
func confirms(t *testing.T, url, key string) *running {
	t.Helper()
	questions, ask := io.Pipe()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, "POST", url+confirmPath, questions)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Content-Type", "application/x-ndjson")
	go func() { _, _ = io.WriteString(ask, line(sign, "0705D990")+"\n") }() // a refused stream reads none
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = ask.Close(), resp.Body.Close() })
	s := &running{ask, bufio.NewReader(resp.Body), resp.StatusCode}
	if s.status != 200 {
		return s
	}
	if first, err := s.answers.ReadString('\n'); err != nil || !strings.Contains(first, `"state":"unknown"`) {
		t.Fatalf("the first answer: %s, %v", first, err)
	}
	return s
}

// TestAStreamEndsWhenTheHouseCloses: the shutdown does not wait for who says
// nothing, nor for who goes on asking; each hears that the house closes, and
// the stream ends as it should.
func TestAStreamEndsWhenTheHouseCloses(t *testing.T) {
	for name, goesOn := range map[string]bool{"a silent one": false, "one that goes on": true} {
		t.Run(name, func(t *testing.T) {
			_, server := atDoor(t)
			s := confirms(t, server.URL, authoritytest.Key)
			if goesOn {
				go func() {
					for {
						if _, err := io.WriteString(s.ask, line(sign, "0705D990")+"\n"); err != nil {
							return
						}
					}
				}()
			}
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			spent := simclock.Stopwatch()
			shut := make(chan error, 1)
			go func() { shut <- server.Config.Shutdown(ctx) }()
			last := ""
			for {
				text, err := s.answers.ReadString('\n')
				if err == io.EOF && text == "" {
					break
				} else if err != nil {
					t.Fatalf("after %q: %q, %v", last, text, err)
				}
				last = text
			}
			if !strings.HasPrefix(last, `{"line":`) || !strings.HasSuffix(last, `,"error":"closing"}`+"\n") {
				t.Errorf("the last line is %q", last)
			}
			if err := <-shut; err != nil || spent() > 10*time.Second {
				t.Errorf("the shutdown took %s: %v", spent(), err)
			}
		})
	}
}

// TestOneVerifierDoesNotTakeEveryPlace: of one verifier four streams run, and a
// fifth waits for its place; another verifier is answered meanwhile.
func TestOneVerifierDoesNotTakeEveryPlace(t *testing.T) {
	w, server := atDoor(t)
	if _, err := w.Ministry.Register(t.Context(), accreditation.Registration{ID: "clinic", Name: "x", Key: "key-of-the-clinic-01", Kinds: jpki.Kinds()}); err != nil {
		t.Fatal(err)
	}
	var all []*running
	for range 4 {
		all = append(all, confirms(t, server.URL, authoritytest.Key))
	}
	fifth := make(chan *running, 1)
	go func() {
		defer close(fifth)
		fifth <- confirms(t, server.URL, authoritytest.Key)
	}()
	if other := confirms(t, server.URL, "key-of-the-clinic-01"); other.status != 200 {
		t.Errorf("another verifier: %d", other.status)
	}
	if err := all[0].ask.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, all[0].answers); err != nil {
		t.Fatal(err)
	}
	if s := <-fifth; s == nil || s.status != 200 {
		t.Errorf("the fifth, when a place is free: %+v", s)
	}
}

// silent is a body whose sender says nothing more until the deadline.
type silent struct{ io.Reader }

func (s silent) Read(b []byte) (int, error) {
	n, err := s.Reader.Read(b)
	if err == io.EOF {
		err = os.ErrDeadlineExceeded
	}
	return n, err
}

func TestAStreamWithoutLinesEnds(t *testing.T) {
	tn := open(t)
	h, err := web.New(web.Config{Authority: tn.Authority, Clock: tn.clock, OfficerKey: officerKey, PublicURL: tn.url})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", tn.url+confirmPath, silent{strings.NewReader(line(sign, "0705D990") + "\n" + `{"kind":"digi`)})
	r.Header.Set("Authorization", "Bearer "+authoritytest.Key)
	r.Header.Set("Content-Type", "application/x-ndjson")
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, r)
	if !strings.HasSuffix(answer.Body.String(), `"state":"unknown"}`+"\n"+`{"line":2,"error":"idle"}`+"\n") {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
}

// TestTheNextLineIsRefused: whoever may no longer ask hears it at the next line of
// the stream that is open, and the stream ends.
func TestTheNextLineIsRefused(t *testing.T) {
	state := func(s accreditation.VerifierState) func(*accreditation.Ministry) error {
		return func(m *accreditation.Ministry) error {
			_, err := m.SetState(t.Context(), "test-bank", s, desk.By{})
			return err
		}
	}
	for want, change := range map[string]func(*accreditation.Ministry) error{
		"suspended": state(accreditation.VerifierSuspended),
		"withdrawn": state(accreditation.VerifierWithdrawn),
		"kind_not_covered": func(m *accreditation.Ministry) error {
			_, err := m.SetConditions(t.Context(), "test-bank", []jpki.Kind{auth}, "", desk.By{})
			return err
		},
	} {
		t.Run(want, func(t *testing.T) {
			w, server := atDoor(t)
			s := confirms(t, server.URL, authoritytest.Key)
			ask := func(kind jpki.Kind) (string, error) {
				t.Helper()
				_, _ = io.WriteString(s.ask, line(kind, "0705D990")+"\n") // fails if the stream has ended
				return s.answers.ReadString('\n')
			}
			if err := change(w.Ministry); err != nil {
				t.Fatal(err)
			}
			if got, err := ask(sign); err != nil || got != `{"line":2,"error":"`+want+`"}`+"\n" {
				t.Fatalf("the next line: %q, %v", got, err)
			}
			got, err := ask(auth)
			if goesOn := want == "kind_not_covered"; goesOn != (err == nil) || goesOn != strings.Contains(got, `"state":"unknown"`) {
				t.Errorf("the line after it: %q, %v", got, err)
			}
		})
	}
}
