package rp

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

func TestADocumentHasANumberOfItsOwn(t *testing.T) {
	now := storyNow.In(time.FixedZone("JST", 9*60*60)).Add(500 * time.Millisecond)
	write := func() Document {
		d, err := WriteDocument("MC", now, func(d Document) (string, error) { return "番号：" + d.Number + "\n", nil })
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	a, b := write(), write()
	if !regexp.MustCompile(`^MC-[A-Z2-7]{5}-[A-Z2-7]{5}$`).MatchString(a.Number) || a.Number == b.Number {
		t.Errorf("numbers %s and %s", a.Number, b.Number)
	}
	if a.Name != a.Number+".txt" || a.MediaType != "text/plain" || a.Content != "番号："+a.Number+"\n" || a.WrittenAt != storyNow {
		t.Errorf("%+v", a)
	}
	if _, err := WriteDocument("MC", now, func(Document) (string, error) { return "", errDown }); !errors.Is(err, errDown) {
		t.Errorf("a text that could not be written: %v", err)
	}
}

// signatures answers every verification alike.
type signatures struct {
	document string
	answer   *Signature
	err      error
}

func (s *signatures) VerifySignature(_ context.Context, document, _ []byte) (*Signature, error) {
	s.document = string(document)
	return s.answer, s.err
}

func TestADocumentAtTheEndOfItsLifetime(t *testing.T) {
	s := newStage(t, jpki.DigitalSignature, nil)
	document, cms := s.signed()
	verified, err := s.VerifySignature(t.Context(), document, cms)
	if err != nil {
		t.Fatal(err)
	}
	v := &signatures{answer: verified}
	d := Document{Number: "MC-1", WrittenAt: storyNow, Content: string(document)}
	last := storyNow.Add(DocumentLifetime)
	_, kept, err := d.Accept(t.Context(), v, cms, last)
	if err != nil || v.document != d.Content {
		t.Fatalf("at the last moment: %v, %q", err, v.document)
	}
	if kept.Document != d || string(kept.CMS) != string(cms) || string(kept.Certificate) != string(verified.Certificate.Raw) || kept.Serial != verified.Serial ||
		kept.Paired != verified.Paired || !kept.SignedAt.Equal(verified.SignedAt) || !kept.ReceivedAt.Equal(last) || len(kept.Record.Checks) == 0 {
		t.Errorf("%+v", kept)
	}
	v.document = ""
	if s, kept, err := d.Accept(t.Context(), v, cms, last.Add(time.Nanosecond)); s != nil || kept.CMS != nil || !errors.Is(err, ErrDocumentExpired) || v.document != "" {
		t.Errorf("a moment later: %v, verified %q", err, v.document)
	}
	v.err = ErrDigest
	if s, kept, err := d.Accept(t.Context(), v, cms, last); s != nil || kept.CMS != nil || !errors.Is(err, ErrDigest) {
		t.Errorf("a signature of another document: %v", err)
	}
}

// TestSilence: no answer is no status and no link, of one certificate or many.
func TestSilence(t *testing.T) {
	silent := &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) { return nil, errDown })}
	s := newStage(t, jpki.DigitalSignature, func(c *Config) { c.Client, c.WantPaired = silent, true })
	for _, serials := range [][]jpki.SerialNumber{{"0705D990"}, {"0705D990", "0705D991"}} {
		if got, err := s.CheckStatus(t.Context(), jpki.DigitalSignature, serials...); got != nil || !errors.Is(err, ErrStatusUnavailable) || !errors.Is(err, errDown) {
			t.Errorf("%v: %v, %v", serials, got, err)
		}
	}
	l, err := NewLinkage(LinkageConfig{AuthorityURL: "http://authority.example.jp", Client: silent})
	if err != nil {
		t.Fatal(err)
	}
	for relation, ask := range map[string]func() (any, error){
		"pair":         func() (any, error) { return l.Pair(t.Context(), jpki.DigitalSignature, "01") },
		"successor":    func() (any, error) { return l.Successor(t.Context(), jpki.DigitalSignature, "01") },
		"predecessors": func() (any, error) { return l.Predecessors(t.Context(), jpki.DigitalSignature, "01") },
	} {
		if _, err := ask(); !errors.Is(err, ErrStatusUnavailable) || !errors.Is(err, errDown) {
			t.Errorf("%s: %v", relation, err)
		}
	}
	if _, err := s.FetchCRL(t.Context(), jpki.DigitalSignature); !errors.Is(err, errDown) {
		t.Errorf("a list: %v", err)
	}
	if _, err := FetchAnchors(t.Context(), silent, "http://authority.example.jp"); !errors.Is(err, errDown) {
		t.Errorf("anchors: %v", err)
	}
}

// TestNowhereToAsk: without the authority's address nothing is asked, and with
// it only about kinds that have an anchor.
func TestNowhereToAsk(t *testing.T) {
	s := newStage(t, jpki.DigitalSignature, func(c *Config) { c.AuthorityURL = "" })
	for _, serials := range [][]jpki.SerialNumber{{"01"}, {"01", "02"}} {
		if got, err := s.CheckStatus(t.Context(), jpki.DigitalSignature, serials...); got != nil || err == nil || !strings.Contains(err.Error(), "Config.AuthorityURL") {
			t.Errorf("%v: %v, %v", serials, got, err)
		}
	}
	if _, err := s.FetchCRL(t.Context(), jpki.DigitalSignature); !errors.Is(err, ErrStatusUnavailable) {
		t.Error(err)
	}
	one := newStage(t, jpki.DigitalSignature, func(c *Config) { c.Anchors = c.Anchors[:1] })
	for _, serials := range [][]jpki.SerialNumber{{"01"}, {"01", "02"}} {
		if got, err := one.CheckStatus(t.Context(), jpki.UserAuthentication, serials...); got != nil || err == nil || !strings.Contains(err.Error(), "no anchor") {
			t.Errorf("%v: %v, %v", serials, got, err)
		}
	}
}
