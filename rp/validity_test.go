package rp

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// TestTheEndOfACertificateIsAskedOnce: a certificate that OCSP calls good is
// Expired after its last second, also without another question about that.
func TestTheEndOfACertificateIsAskedOnce(t *testing.T) {
	s := newStage(t, jpki.DigitalSignature, nil)
	last := storyNow.Add(time.Minute)
	asked, inner := 0, s.cfg.Client.Transport
	s.cfg.Client.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		if answer := valid(r, last); answer != nil {
			asked++
			if r.Method != http.MethodGet || r.URL.Path != "/verifier/v1/certificates/digital-signature/0705D990/validity" {
				t.Errorf("%s %s", r.Method, r.URL)
			}
			return answer, nil
		}
		return inner.RoundTrip(r)
	})
	now := storyNow
	s.cfg.Now = func() time.Time { return now }
	for _, c := range []struct {
		at   time.Time
		want State
	}{{storyNow, Unchanged}, {last.Add(999 * time.Millisecond), Unchanged}, {last.Add(time.Second), Expired}} {
		now = c.at
		all, err := s.CheckStatus(context.Background(), jpki.DigitalSignature, "0705d990")
		if err != nil || len(all) != 1 || all[0].State != c.want || all[0].Serial != "0705D990" || all[0].ProducedAt.IsZero() {
			t.Errorf("%s: %+v, %v; want %s", c.at, all, err, c.want)
		}
	}
	if asked != 1 {
		t.Errorf("asked %d times for the end", asked)
	}
}

// TestAnEndThatIsNotLearned: without it one certificate is neither Unchanged
// nor anything else; a signature is verified all the same.
func TestAnEndThatIsNotLearned(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		want   error
	}{
		"no such certificate": {404, `{}`, ErrStatusUnavailable},
		"not accredited":      {403, `{}`, ErrNotAccredited},
		"out of order":        {500, `{}`, ErrStatusUnavailable},
		"no JSON":             {200, `soon`, ErrMalformed},
		"no end":              {200, `{"kind":"digital-signature","serial":"0705D990"}`, ErrStatusUnavailable},
		"another's":           {200, `{"kind":"digital-signature","serial":"0705D991","notAfter":"2030-01-01T00:00:00Z"}`, ErrStatusUnavailable},
		"of another kind":     {200, `{"kind":"user-authentication","serial":"0705D990","notAfter":"2030-01-01T00:00:00Z"}`, ErrStatusUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, jpki.DigitalSignature, nil)
			inner := s.cfg.Client.Transport
			s.cfg.Client.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
				if strings.HasSuffix(r.URL.Path, "/validity") {
					return answered(r, c.status, "application/json", []byte(c.body)), nil
				}
				return inner.RoundTrip(r)
			})
			got, err := s.CheckStatus(context.Background(), jpki.DigitalSignature, "0705D990")
			if check, ok := errors.AsType[*CheckError](err); got != nil || !errors.Is(err, c.want) || !ok || check.Check != StatusCheck {
				t.Errorf("%v, %v; want %v", got, err, c.want)
			}
			document, cms := s.signed()
			if _, err := s.VerifySignature(context.Background(), document, cms); err != nil {
				t.Errorf("a signature: %v", err)
			}
		})
	}
}

func TestValiditiesAreBounded(t *testing.T) {
	var v validities
	for _, serial := range numbered(maxValidities + 1) {
		v.remember(certificateName{jpki.DigitalSignature, serial}, storyNow)
	}
	if len(v.ends) != 1 {
		t.Errorf("%d are remembered", len(v.ends))
	}
}
