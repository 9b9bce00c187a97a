package rp_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// holder is an authority that knows one holder's certificates, as a vector of
// testdata/successions lists them.
type holder struct {
	header map[string]string
	// cards lists the signature and the authentication certificate of each issue.
	cards [][2]jpki.SerialNumber
	asked [][]jpki.SerialNumber
	put   int   // questions for a link so far
	fail  error // of every question for a link after these many
	after int
}

func readHolder(t *testing.T, file string) *holder {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	h := &holder{header: map[string]string{}}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ": "); ok && !strings.HasPrefix(name, "#") {
			h.header[name] = value
		}
	}
	for _, card := range strings.Fields(h.header["cards"]) {
		sign, auth, _ := strings.Cut(card, "/")
		h.cards = append(h.cards, [2]jpki.SerialNumber{jpki.SerialNumber(strings.Trim(sign, "-")), jpki.SerialNumber(auth)})
	}
	return h
}

func side(kind jpki.Kind) int {
	if kind == jpki.DigitalSignature {
		return 0
	}
	return 1
}

func (h *holder) status(t *testing.T, kind jpki.Kind, serial jpki.SerialNumber) rp.Status {
	s := rp.Status{Kind: kind, Serial: serial, State: rp.Unchanged}
	words := strings.Fields(h.header["state "+string(serial)])
	if len(words) > 0 {
		s.State = rp.State(words[0])
	}
	if len(words) > 1 {
		var err error
		if s.Reason, err = jpki.ParseReason(words[1]); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// line gives the certificates of a kind in the order of their issue.
func (h *holder) line(kind jpki.Kind) (all []jpki.SerialNumber) {
	for _, card := range h.cards {
		if s := card[side(kind)]; !s.IsZero() && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// question fails once: whoever goes on after it is noticed.
func (h *holder) question() error {
	if h.put++; h.put == h.after+1 {
		return h.fail
	}
	return nil
}

func (h *holder) Pair(_ context.Context, kind jpki.Kind, serial jpki.SerialNumber) (jpki.SerialNumber, error) {
	var paired jpki.SerialNumber
	for _, card := range h.cards {
		if card[side(kind)] == serial {
			paired = card[side(kind.Other())]
		}
	}
	return paired, h.question()
}

func (h *holder) Successor(_ context.Context, kind jpki.Kind, serial jpki.SerialNumber) (jpki.SerialNumber, error) {
	line := h.line(kind)
	newest := line[len(line)-1]
	if newest == serial || h.header["state "+string(newest)] != "" {
		newest = ""
	}
	return newest, h.question()
}

func (h *holder) Predecessors(_ context.Context, kind jpki.Kind, serial jpki.SerialNumber) ([]jpki.SerialNumber, error) {
	line := h.line(kind)
	before := slices.Clone(line[:slices.Index(line, serial)])
	slices.Reverse(before)
	forgotten := jpki.SerialNumber(h.header["forgotten"])
	return slices.DeleteFunc(before, func(s jpki.SerialNumber) bool { return s == forgotten }), h.question()
}

// checker is a holder that also answers for statuses.
type checker struct {
	*holder
	t     *testing.T
	alter func([]rp.Status) []rp.Status
	late  error // comes with the answers
}

func (c checker) CheckStatus(_ context.Context, kind jpki.Kind, serials ...jpki.SerialNumber) ([]rp.Status, error) {
	c.asked = append(c.asked, serials)
	var all []rp.Status
	for _, s := range serials {
		all = append(all, c.status(c.t, kind, s))
	}
	if c.alter != nil {
		all = c.alter(all)
	}
	return all, c.late
}

func successions(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/successions/*.txt")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d vectors, %v", len(files), err)
	}
	return files
}

// Each vector is one holder's certificates and what they come to.
func TestSuccessions(t *testing.T) {
	for _, file := range successions(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			h := readHolder(t, file)
			c := checker{holder: h, t: t}
			from := h.status(t, jpki.DigitalSignature, jpki.SerialNumber(h.header["from"]))
			all, err := rp.Follow(t.Context(), c, h, from)
			if err != nil || len(all) != 1 {
				t.Fatalf("%+v, %v", all, err)
			}
			s := all[0]
			broken := "none"
			if at, ok := s.Break(); ok {
				broken = string(at.Serial)
			}
			got := fmt.Sprintf("watch %s %s, break %s, new card %t", s.Watch().Serial, s.Watch().Meaning(), broken, s.NewCard)
			want := fmt.Sprintf("watch %s %s, break %s, new card %s", h.header["watch"], h.header["meaning"], h.header["break"], h.header["new-card"])
			line, at := h.line(jpki.DigitalSignature), -1
			for _, later := range s.Later {
				next := slices.Index(line, later.Serial)
				if next <= at || later.Serial == s.From.Serial {
					t.Errorf("%s comes at %d after %d of %v", later.Serial, next, at, line)
				}
				at = next
			}
			if got != want || s.Unbroken() != (broken == "none") || len(h.asked) > 1 {
				t.Errorf("got  %s\nwant %s\nasked %v", got, want, h.asked)
			}
		})
	}
}

// However many have ended, the authority is asked about all that followed at
// once; and nobody is followed who holds, or is to be heard first.
func TestFollowAsksOnce(t *testing.T) {
	h := readHolder(t, "testdata/successions/renewed-twice.txt")
	c := checker{holder: h, t: t}
	first, second := h.status(t, jpki.DigitalSignature, "0A"), h.status(t, jpki.DigitalSignature, "0B")
	all, err := rp.Follow(t.Context(), c, h, first,
		rp.Status{Kind: jpki.DigitalSignature, Serial: "0C", State: rp.Unchanged},
		rp.Status{Kind: jpki.DigitalSignature, Serial: "0D", State: rp.Changed, Reason: jpki.AffiliationChanged},
		rp.Status{Kind: jpki.DigitalSignature, Serial: "0E", State: rp.Revoked, Reason: jpki.CessationOfOperation},
		rp.Status{Kind: jpki.DigitalSignature, Serial: "0F", State: rp.Suspended, Reason: jpki.CertificateHold},
		rp.Status{Kind: jpki.DigitalSignature, Serial: "10", State: rp.Unknown}, second)
	if err != nil || len(all) != 2 || all[0].From != first || all[1].From != second || len(all[0].Later) != 2 || len(all[1].Later) != 1 {
		t.Errorf("%+v, %v", all, err)
	}
	if len(h.asked) != 1 || !slices.Equal(h.asked[0], []jpki.SerialNumber{"0B", "0C", "0C"}) {
		t.Errorf("asked %v", h.asked)
	}
}

// Silence at any question, and answers to other questions, give nothing.
func TestFollowNeedsEveryAnswer(t *testing.T) {
	silence := errors.New("silence")
	for _, file := range successions(t) {
		h := readHolder(t, file)
		from := h.status(t, jpki.DigitalSignature, jpki.SerialNumber(h.header["from"]))
		follow := func() ([]rp.Succession, error) {
			h.put = 0
			return rp.Follow(t.Context(), checker{holder: h, t: t}, h, from)
		}
		if _, err := follow(); err != nil {
			t.Fatal(err)
		}
		questions := h.put
		h.fail = silence
		for h.after = range questions {
			if all, err := follow(); all != nil || !errors.Is(err, silence) || h.put != h.after+1 {
				t.Errorf("%s: silence at question %d of %d: %v, %v after %d", filepath.Base(file), h.after+1, questions, all, err, h.put)
			}
		}
	}
	h := readHolder(t, "testdata/successions/renewed.txt")
	if all, err := rp.Follow(t.Context(), checker{holder: h, t: t, late: silence}, h, h.status(t, jpki.DigitalSignature, "0A")); all != nil || !errors.Is(err, silence) {
		t.Errorf("answers that came with an error: %v, %v", all, err)
	}
	for name, alter := range map[string]func([]rp.Status) []rp.Status{
		"one less":       func(s []rp.Status) []rp.Status { return s[1:] },
		"another serial": func(s []rp.Status) []rp.Status { s[0].Serial = "0F"; return s },
		"another kind":   func(s []rp.Status) []rp.Status { s[0].Kind = jpki.UserAuthentication; return s },
		"no state":       func(s []rp.Status) []rp.Status { s[0].State = ""; return s },
	} {
		h := readHolder(t, "testdata/successions/renewed.txt")
		all, err := rp.Follow(t.Context(), checker{holder: h, t: t, alter: alter}, h, h.status(t, jpki.DigitalSignature, "0A"))
		if c, ok := errors.AsType[*rp.CheckError](err); all != nil || !ok || !errors.Is(err, rp.ErrStatusMissing) || c.Kind != jpki.DigitalSignature {
			t.Errorf("%s: %v, %v", name, all, err)
		}
	}
}

// A holder is known by what lies beside a certificate, by what went before it, or
// by the certificate itself if somebody entered it meanwhile.
func TestRecognise(t *testing.T) {
	h := readHolder(t, "testdata/successions/renewed-twice.txt")
	silence := errors.New("silence")
	for _, c := range []struct {
		knows string
		want  rp.Recognised
	}{
		{"0C", rp.Recognised{Kind: jpki.DigitalSignature, Serial: "0C", Paired: "0C"}},
		{"1B", rp.Recognised{Kind: jpki.UserAuthentication, Serial: "1B", Paired: "0C"}},
		{"1A", rp.Recognised{Kind: jpki.UserAuthentication, Serial: "1A", Paired: "0C"}},
		{"1C", rp.Recognised{Kind: jpki.UserAuthentication, Serial: "1C", Paired: "0C"}},
		{"", rp.Recognised{Paired: "0C"}},
	} {
		got, err := rp.Recognise(t.Context(), h, jpki.UserAuthentication, "1C", func(_ context.Context, _ jpki.Kind, s jpki.SerialNumber) (bool, error) {
			return string(s) == c.knows, nil
		})
		if err != nil || got != c.want || got.Known() != (c.knows != "") {
			t.Errorf("known by %q: %+v, %v", c.knows, got, err)
		}
	}
	for after := range 2 {
		h.put, h.fail, h.after = 0, silence, after
		got, err := rp.Recognise(t.Context(), h, jpki.UserAuthentication, "1C", func(context.Context, jpki.Kind, jpki.SerialNumber) (bool, error) { return false, nil })
		if !errors.Is(err, silence) || got.Known() {
			t.Errorf("silence at question %d: %+v, %v", after, got, err)
		}
	}
	h.fail = nil
	for after := range 4 {
		calls := 0
		_, err := rp.Recognise(t.Context(), h, jpki.UserAuthentication, "1C", func(context.Context, jpki.Kind, jpki.SerialNumber) (bool, error) {
			if calls++; calls > after {
				return false, silence
			}
			return false, nil
		})
		if !errors.Is(err, silence) {
			t.Errorf("a store that fails at call %d: %v", after, err)
		}
	}
}

// Every state and reason has one meaning.
func TestMeaning(t *testing.T) {
	for _, c := range []struct {
		status       rp.Status
		want         rp.Meaning
		final, ended bool
	}{
		{rp.Status{State: rp.Unchanged}, rp.MeansUnchanged, false, false},
		{rp.Status{State: rp.Changed, Reason: jpki.AffiliationChanged}, rp.MeansMoved, true, false},
		{rp.Status{State: rp.Revoked, Reason: jpki.CessationOfOperation}, rp.MeansLeft, true, false},
		{rp.Status{State: rp.Revoked, Reason: jpki.Superseded}, rp.MeansRenewed, false, true},
		{rp.Status{State: rp.Revoked, Reason: jpki.KeyCompromise}, rp.MeansLost, false, true},
		{rp.Status{State: rp.Revoked, Reason: jpki.Unspecified}, rp.MeansLost, false, true},
		{rp.Status{State: rp.Revoked, Reason: jpki.CACompromise}, rp.MeansLost, false, true},
		{rp.Status{State: rp.Suspended, Reason: jpki.CertificateHold}, rp.MeansSuspended, false, false},
		{rp.Status{State: rp.Expired}, rp.MeansExpired, false, true},
		{rp.Status{State: rp.Unknown}, rp.MeansUnknown, false, false},
		{rp.Status{}, "", false, false},
	} {
		if got := c.status.Meaning(); got != c.want || got.Final() != c.final || got.Ended() != c.ended {
			t.Errorf("%+v: %q, final %t, ended %t", c.status, got, got.Final(), got.Ended())
		}
		if c.status.Reason == 0 || c.want == "" {
			continue
		}
		if got := (&rp.RevokedError{Reason: c.status.Reason}).Meaning(); got != c.want {
			t.Errorf("an error for %s means %q", c.status.Reason, got)
		}
	}
}
