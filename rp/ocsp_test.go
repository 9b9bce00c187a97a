package rp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/internal/outgoing"
	"example.jp/jpkimock/rp/internal/wire"
)

// signed gives the play's document and its signature.
func (s *stage) signed() (document, cms []byte) {
	return s.play.document, s.play.cms.der(s.play.document, s.play.cert)
}

// asking is a stage whose authority is a handler of its own.
func asking(t *testing.T, h http.HandlerFunc) *stage {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return newStage(t, jpki.DigitalSignature, func(c *Config) { c.AuthorityURL, c.Client = server.URL, nil })
}

func TestHTTPFaultsOfTheAuthority(t *testing.T) {
	cases := []struct {
		name   string
		answer http.HandlerFunc
		want   error
	}{
		{"500", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, ErrStatusUnavailable},
		{"401", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }, ErrNotAccredited},
		{"403", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }, ErrNotAccredited},
		{"another type", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }, ErrStatusUnavailable},
		{"empty", ocspBody(nil), ErrStatusUnavailable},
		{"too long", ocspBody(make([]byte, MaxOCSPResponse+1)), ErrTooLarge},
		{"no DER", ocspBody([]byte("good")), ErrMalformed},
		{"hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, ErrStatusUnavailable},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := asking(t, c.answer)
			document, cms := s.signed()
			got, err := s.VerifySignature(context.Background(), document, cms)
			if got != nil || !errors.Is(err, c.want) {
				t.Fatalf("%v; want %v", err, c.want)
			}
			if c.want != ErrNotAccredited && !errors.Is(err, ErrStatusUnavailable) {
				t.Fatalf("%v is not ErrStatusUnavailable", err)
			}
		})
	}
}

func ocspBody(body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/ocsp-response")
		_, _ = w.Write(body)
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	t.Cleanup(other.Close)
	s := asking(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	})
	document, cms := s.signed()
	if _, err := s.VerifySignature(context.Background(), document, cms); !errors.Is(err, ErrStatusUnavailable) || elsewhere.Load() != 0 {
		t.Fatalf("%v, %d requests elsewhere", err, elsewhere.Load())
	}
}

func TestSlowAuthorityEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	s := asking(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		cancel()
		<-r.Context().Done()
	})
	document, cms := s.signed()
	if _, err := s.VerifySignature(ctx, document, cms); !errors.Is(err, ErrStatusUnavailable) || !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestOCSPRequestCarriesKeyAndNonce(t *testing.T) {
	var seen [][]byte
	s := newStage(t, jpki.DigitalSignature, nil)
	inner := s.client().Transport
	s.cfg.Key = "accredited"
	s.cfg.Client = outgoing.Client(&http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.Header.Get("Authorization") != "Bearer accredited" || r.Header.Get("Content-Type") != "application/ocsp-request" || r.URL.Path != "/ocsp/digital-signature" {
			t.Errorf("%s %v", r.URL, r.Header)
		}
		body, _ := io.ReadAll(r.Body)
		seen = append(seen, requestNonce(body))
		r.Body = io.NopCloser(bytes.NewReader(body))
		return inner.RoundTrip(r)
	})}, DefaultTimeout)
	document, cms := s.signed()
	for range 2 {
		if _, err := s.VerifySignature(context.Background(), document, cms); err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) != 2 || bytes.Equal(seen[0], seen[1]) {
		t.Fatalf("nonces %x", seen)
	}
}

func TestWithoutAuthorityURLTheCertificateSaysWhereToAsk(t *testing.T) {
	s := newStage(t, jpki.DigitalSignature, func(c *Config) { c.AuthorityURL = "" })
	document, cms := s.signed()
	if _, err := s.VerifySignature(context.Background(), document, cms); !errors.Is(err, ErrStatusUnavailable) {
		t.Fatal("no address anywhere:", err)
	}
	aia := func(url string) ext {
		return ext{"1.3.6.1.5.5.7.1.1", false, seq(seq(oid("1.3.6.1.5.5.7.48.1"), tlv(wire.TagContext+6, []byte(url))))}
	}
	s.play.cert.with(aia("http://authority.example.jp/ocsp/digital-signature"))
	document, cms = s.signed()
	if _, err := s.VerifySignature(context.Background(), document, cms); err != nil {
		t.Fatal(err)
	}
	s.play.cert.with(aia("file:///etc/passwd"))
	document, cms = s.signed()
	if _, err := s.VerifySignature(context.Background(), document, cms); !errors.Is(err, ErrStatusUnavailable) {
		t.Fatal("a file is no authority:", err)
	}
}

func TestPairedSerial(t *testing.T) {
	s := newStage(t, jpki.DigitalSignature, func(c *Config) { c.WantPaired = true })
	document, cms := s.signed()
	got, err := s.VerifySignature(context.Background(), document, cms)
	if err != nil || got.Paired != "0A21C3F1" {
		t.Fatalf("%+v %v", got, err)
	}
	answers := []struct {
		status int
		body   string
		want   error
	}{
		{404, `{}`, nil},
		{403, `{}`, ErrNotAccredited},
		{401, `{}`, ErrNotAccredited},
		{500, `{}`, ErrStatusUnavailable},
		{200, `nothing`, ErrStatusUnavailable},
		{200, `{"kind":"digital-signature","serial":"0705D991","pairedKind":"user-authentication","pairedSerial":"0A21C3F1"}`, ErrStatusUnavailable},
		{200, `{"kind":"digital-signature","serial":"0705D990","pairedKind":"digital-signature","pairedSerial":"0A21C3F1"}`, ErrStatusUnavailable},
		{200, strings.Repeat(" ", maxLinked+1), ErrTooLarge},
	}
	inner := s.cfg.Client.Transport
	for _, a := range answers {
		s.cfg.Client.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/verifier/v1/certificates/digital-signature/0705D990/pair") {
				return answered(r, a.status, "application/json", []byte(a.body)), nil
			}
			return inner.RoundTrip(r)
		})
		got, err := s.VerifySignature(context.Background(), document, cms)
		if a.want == nil && (err != nil || got.Paired != "") || a.want != nil && (got != nil || !errors.Is(err, a.want)) {
			t.Errorf("%d %.40s: %v; want %v", a.status, a.body, err, a.want)
		}
	}
}

func TestRecordAndTraceTellEveryCheck(t *testing.T) {
	var events []Event
	s := newStage(t, jpki.DigitalSignature, func(c *Config) {
		c.Trace = func(_ context.Context, e Event) { events = append(events, e) }
	})
	document, cms := s.signed()
	got, err := s.VerifySignature(context.Background(), document, cms)
	if err != nil {
		t.Fatal(err)
	}
	order := []Check{FormCheck, KindCheck, ChainCheck, ValidityCheck, CriticalExtensionCheck, BasicConstraintsCheck, KeyUsageCheck,
		PolicyCheck, HolderCheck, DigestCheck, SignatureCheck, SignerIdentifierCheck, StatusCheck}
	var checks []Check
	for _, c := range got.Record.Checks {
		if len(checks) == 0 || checks[len(checks)-1] != c.Check {
			checks = append(checks, c.Check)
		}
	}
	if len(checks) != len(order) {
		t.Fatalf("%v", checks)
	}
	for i := range order {
		if checks[i] != order[i] {
			t.Fatalf("check %d is %s; want %s", i, checks[i], order[i])
		}
	}
	exchanged := false
	for _, e := range events {
		exchanged = exchanged || e.Request != nil && bytes.Equal(e.Response, got.Record.OCSPResponse)
		if strings.Contains(e.Expected.String()+e.Found.String(), got.BasicFour.CommonName) || e.Err != nil || !e.At.Equal(storyNow) {
			t.Errorf("%+v", e)
		}
	}
	if !exchanged || got.BasicFour.CommonName != "見本　花子" || got.Record.Serial != got.Serial || !got.SignedAt.Equal(storyNow.Add(-time.Minute)) {
		t.Fatalf("%+v", got)
	}
	events = nil
	if _, err := s.VerifySignature(context.Background(), []byte("another"), cms); err == nil || events[len(events)-1].Err == nil {
		t.Fatal("the failure was not told")
	}
}

func TestCheckStatusAsksEveryGeneration(t *testing.T) {
	ctx, c := context.Background(), theCast()
	s := newStage(t, jpki.DigitalSignature, nil)
	s.play.reissue(0x0700AB12, c.holder[jpki.DigitalSignature], c.oldCA)
	older, asked := *s.play, 0
	inner := s.cfg.Client.Transport
	s.cfg.Client.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		if answer := valid(r, storyNow); answer != nil {
			return answer, nil
		}
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		asked++
		if bytes.Contains(body, sha(keyBits(c.oldCA))) {
			s.play = &older
		} else {
			s.play = newPlay(jpki.DigitalSignature)
			s.play.ocsp.serial, s.play.ocsp.state = 0x0700AB12, certUnknown()
		}
		return inner.RoundTrip(r)
	})
	all, err := s.CheckStatus(ctx, jpki.DigitalSignature, "0700AB12")
	if err != nil || len(all) != 1 || all[0].State != Unchanged || asked != 2 {
		t.Fatalf("%+v %v, %d questions", all, err, asked)
	}
	if _, err := s.CheckStatus(ctx, jpki.DigitalSignature, "ZZ"); !errors.Is(err, jpki.ErrSerialNumber) {
		t.Fatal(err)
	}
	if _, err := s.CheckStatus(ctx, jpki.Kind(9), "01"); err == nil {
		t.Fatal("a kind that is none")
	}
}

func TestTooLargeIsRefusedUnread(t *testing.T) {
	s := newStage(t, jpki.UserAuthentication, nil)
	if _, err := s.VerifySignature(context.Background(), nil, make([]byte, MaxCMS+1)); !errors.Is(err, ErrTooLarge) {
		t.Fatal(err)
	}
	c, _ := s.NewChallenge(context.Background())
	if _, err := s.VerifyAuthentication(context.Background(), bytes.Repeat([]byte{' '}, MaxToken+1), c.Nonce); !errors.Is(err, ErrTooLarge) {
		t.Fatal(err)
	}
}
