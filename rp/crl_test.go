package rp

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/internal/wire"
)

// crlSpec is a CRL to be made.
type crlSpec struct {
	issuer     []byte
	signer     *rsa.PrivateKey
	thisUpdate time.Time
	nextUpdate time.Time
	entries    [][]byte
	extensions []ext
	spoil      bool
	edit       func([]byte) []byte
}

func newCRL() crlSpec {
	ca := theCast().ca[jpki.DigitalSignature]
	return crlSpec{issuer: caName("JPKI-MOCK", jpki.DigitalSignature), signer: ca, thisUpdate: storyNow.Add(-time.Hour), nextUpdate: storyNow.AddDate(0, 0, 1),
		entries: [][]byte{
			crlEntryDER(0x0705D999, storyNow.AddDate(0, 0, -3), jpki.AffiliationChanged),
			crlEntryDER(0x0705D990, storyNow.AddDate(0, 0, -2), jpki.CertificateHold),
			crlEntryDER(0x0705D995, storyNow.AddDate(0, 0, -1), jpki.Superseded),
			seq(tlv(wire.TagInteger, bytes.Repeat([]byte{0x11}, 20)), utc(storyNow)),
		},
		extensions: []ext{authorityKeyID(keyID(ca)), {"2.5.29.20", false, number(7)}},
	}
}

func crlEntryDER(serial int64, at time.Time, reason jpki.Reason) []byte {
	return seq(number(serial), utc(at), seq(ext{"2.5.29.21", false, enumerated(int(reason))}.der()))
}

func (c crlSpec) der() []byte {
	var extensions [][]byte
	for _, e := range c.extensions {
		extensions = append(extensions, e.der())
	}
	parts := [][]byte{number(1), algorithm(wire.OIDSHA256WithRSA), c.issuer, utc(c.thisUpdate), utc(c.nextUpdate)}
	if len(c.entries) > 0 {
		parts = append(parts, seq(c.entries...))
	}
	tbs := seq(append(parts, tlv(wire.TagContextIn, seq(extensions...)))...)
	signature := sign(c.signer, tbs)
	if c.spoil {
		signature = flip(signature)
	}
	der := seq(tbs, algorithm(wire.OIDSHA256WithRSA), bitString(signature))
	if c.edit != nil {
		return c.edit(der)
	}
	return der
}

func TestCRLAnswersBySerialNumber(t *testing.T) {
	s := newStage(t, jpki.DigitalSignature, nil)
	der := newCRL().der()
	if _, err := x509.ParseRevocationList(der); err != nil {
		t.Fatal("another parser refuses what the test made:", err)
	}
	list, err := s.ReadCRL(context.Background(), bytes.NewReader(der), jpki.DigitalSignature)
	if err != nil || list.Len() != 4 {
		t.Fatal(list, err)
	}
	for serial, want := range map[jpki.SerialNumber]State{
		"0705D990": Suspended, "0705D995": Revoked, "0705D999": Changed, "0705D991": Unchanged,
		"1111111111111111111111111111111111111111": Revoked, "2211111111111111111111111111111111111111": Unchanged,
	} {
		if got, err := list.Status(serial); err != nil || got.State != want || got.Serial != serial {
			t.Errorf("%s: %+v %v; want %s", serial, got, err, want)
		}
	}
	if got, _ := list.Status("0705D999"); got.Reason != jpki.AffiliationChanged || !got.At.Equal(storyNow.AddDate(0, 0, -3)) {
		t.Errorf("%+v", got)
	}
	nobody := newCRL()
	nobody.entries = nil
	if of, err := s.ReadCRL(t.Context(), bytes.NewReader(nobody.der()), jpki.DigitalSignature); err != nil || of.Len() != 0 || !of.NextUpdate.Equal(nobody.nextUpdate.Truncate(time.Second)) {
		t.Errorf("a list of nobody: %+v, %v", of, err)
	}
	s.advance(25 * time.Hour)
	if _, err := list.Status("0705D991"); !errors.Is(err, ErrStatusStale) {
		t.Error("a list of yesterday still answers:", err)
	}
}

func TestCRLWithOneThingWrong(t *testing.T) {
	c := theCast()
	cases := map[string]struct {
		want   error
		change func(*crlSpec)
	}{
		"signature bit": {ErrStatusResponder, func(l *crlSpec) { l.spoil = true }},
		"stranger":      {ErrStatusResponder, func(l *crlSpec) { l.signer = c.stranger }},
		"other CA":      {ErrStatusResponder, func(l *crlSpec) { l.issuer = caName("JPKI-MOCK", jpki.UserAuthentication) }},
		"no AKI":        {ErrStatusResponder, func(l *crlSpec) { l.extensions = l.extensions[1:] }},
		"over":          {ErrStatusStale, func(l *crlSpec) { l.nextUpdate = storyNow.Add(-time.Hour) }},
		"of the future": {ErrStatusStale, func(l *crlSpec) { l.thisUpdate = storyNow.Add(time.Hour) }},
		"delta":         {ErrMalformed, func(l *crlSpec) { l.extensions = append(l.extensions, ext{"2.5.29.27", true, number(1)}) }},
		"some reasons": {ErrMalformed, func(l *crlSpec) {
			l.extensions = append(l.extensions, ext{"2.5.29.28", true, seq(tlv(wire.TagContext+3, []byte{0, 0x80}))})
		}},
		"indirect": {ErrMalformed, func(l *crlSpec) {
			l.entries[0] = seq(number(5), utc(storyNow), seq(ext{"2.5.29.29", true, seq()}.der()))
		}},
		"negative serial":  {ErrMalformed, func(l *crlSpec) { l.entries[0] = seq(number(-5), utc(storyNow)) }},
		"long entry":       {ErrTooLarge, func(l *crlSpec) { l.entries[0] = seq(number(5), utc(storyNow), make([]byte, 8<<10)) }},
		"trailing":         {ErrMalformed, func(l *crlSpec) { l.edit = func(der []byte) []byte { return append(der, 0) } }},
		"cut off":          {ErrMalformed, func(l *crlSpec) { l.edit = func(der []byte) []byte { return der[:len(der)-1] } }},
		"inner too long":   {ErrMalformed, func(l *crlSpec) { l.edit = func(der []byte) []byte { der = slices.Clone(der); der[7]++; return der } }},
		"over the maximum": {ErrTooLarge, func(l *crlSpec) { l.edit = func([]byte) []byte { return []byte{0x30, 0x84, 0x7f, 0, 0, 0} } }},
		"nothing":          {ErrMalformed, func(l *crlSpec) { l.edit = func([]byte) []byte { return nil } }},
	}
	s := newStage(t, jpki.DigitalSignature, nil)
	for name, c := range cases {
		list := newCRL()
		c.change(&list)
		got, err := s.ReadCRL(context.Background(), bytes.NewReader(list.der()), jpki.DigitalSignature)
		if got != nil || !errors.Is(err, c.want) || !errors.Is(err, ErrStatusUnavailable) {
			t.Errorf("%s: %v; want %v", name, err, c.want)
		}
	}
}

func TestFetchCRL(t *testing.T) {
	s := newStage(t, jpki.DigitalSignature, nil)
	status := 200
	s.cfg.Client.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.URL.Path != "/crl/digital-signature.crl" {
			t.Errorf("asked for %s", r.URL)
		}
		return answered(r, status, "application/pkix-crl", newCRL().der()), nil
	})
	if list, err := s.FetchCRL(context.Background(), jpki.DigitalSignature); err != nil || list.Len() != 4 {
		t.Fatal(err)
	}
	for code, want := range map[int]error{403: ErrNotAccredited, 500: ErrStatusUnavailable, 302: ErrStatusUnavailable} {
		status = code
		if _, err := s.FetchCRL(context.Background(), jpki.DigitalSignature); !errors.Is(err, want) {
			t.Errorf("%d: %v", code, err)
		}
	}
}

// manyEntries is a CRL of n entries.
func manyEntries(n int) []byte {
	list := newCRL()
	list.entries = make([][]byte, n)
	for i := range list.entries {
		list.entries[i] = crlEntryDER(0x0705D990+int64(i), storyNow, jpki.AffiliationChanged)
	}
	return list.der()
}

func BenchmarkReadCRL(b *testing.B) {
	der := manyEntries(100_000)
	s := newStage(b, jpki.DigitalSignature, nil)
	b.Run("stream", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := s.ReadCRL(context.Background(), bytes.NewReader(der), jpki.DigitalSignature); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("x509", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := x509.ParseRevocationList(der); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// brokenReader fails in the middle.
type brokenReader struct{ r io.Reader }

func (b brokenReader) Read(p []byte) (int, error) {
	n, err := b.r.Read(p[:min(len(p), 100)])
	if err == io.EOF {
		return n, fmt.Errorf("connection lost")
	}
	return n, err
}

func TestCRLThatBreaksOff(t *testing.T) {
	s := newStage(t, jpki.DigitalSignature, nil)
	der := newCRL().der()
	if _, err := s.ReadCRL(context.Background(), brokenReader{bytes.NewReader(der[:300])}, jpki.DigitalSignature); !errors.Is(err, ErrStatusUnavailable) {
		t.Fatal(err)
	}
}
