package rp

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/internal/outgoing"
)

// answeredAs is a stage whose authority answers as the play says, octet for
// octet but for the nonce.
func answeredAs(t *testing.T, change func(*ocspSpec)) *stage {
	t.Helper()
	s := newStage(t, jpki.DigitalSignature, nil)
	s.cfg.Client.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		o := s.play.ocsp
		o.nonce = requestNonce(body)
		change(&o)
		return answered(r, 200, "application/ocsp-response", o.der()), nil
	})
	return s
}

// TestStatusAtItsInstants: every time in an answer, one second before the
// bound, at it, and one after.
func TestStatusAtItsInstants(t *testing.T) {
	oldest, newest := storyNow.Add(-DefaultStatusMaxAge-DefaultClockSkew), storyNow.Add(DefaultClockSkew)
	past := storyNow.Add(-DefaultClockSkew)
	produced := func(o *ocspSpec, at time.Time) { o.producedAt = at }
	this := func(o *ocspSpec, at time.Time) { o.thisUpdate = at }
	next := func(o *ocspSpec, at time.Time) { o.thisUpdate, o.nextUpdate = storyNow.Add(-3*time.Minute), at }
	together := func(o *ocspSpec, at time.Time) { o.thisUpdate, o.nextUpdate = newest, at }
	for about, c := range map[string]struct {
		set  func(*ocspSpec, time.Time)
		at   time.Time
		want error
	}{
		"produced before the oldest":          {produced, oldest.Add(-time.Second), ErrStatusStale},
		"produced at the oldest":              {produced, oldest, nil},
		"produced at the newest":              {produced, newest, nil},
		"produced after the newest":           {produced, newest.Add(time.Second), ErrStatusStale},
		"thisUpdate before the oldest":        {this, oldest.Add(-time.Second), ErrStatusStale},
		"thisUpdate at the oldest":            {this, oldest, nil},
		"thisUpdate at the newest":            {this, newest, nil},
		"thisUpdate after the newest":         {this, newest.Add(time.Second), ErrStatusStale},
		"nextUpdate a second over the skew":   {next, past.Add(-time.Second), ErrStatusStale},
		"nextUpdate at the skew":              {next, past, nil},
		"nextUpdate at once with thisUpdate":  {together, newest, nil},
		"nextUpdate before thisUpdate, ahead": {together, newest.Add(-time.Second), ErrStatusStale},
	} {
		s := answeredAs(t, func(o *ocspSpec) { c.set(o, c.at) })
		document, cms := s.signed()
		if _, err := s.VerifySignature(t.Context(), document, cms); !errors.Is(err, c.want) {
			t.Errorf("%s: %v; want %v", about, err, c.want)
		}
	}
}

// TestAResponderCertificateAtItsInstants also tries what else one thing wrong
// in it refuses.
func TestAResponderCertificateAtItsInstants(t *testing.T) {
	for about, c := range map[string]struct {
		change func(*certSpec)
		want   error
	}{
		"from now on":     {func(c *certSpec) { c.notBefore = storyNow }, nil},
		"from the future": {func(c *certSpec) { c.notBefore = storyNow.Add(time.Second) }, ErrStatusResponder},
		"to this second":  {func(c *certSpec) { c.notAfter = storyNow }, nil},
		"over":            {func(c *certSpec) { c.notAfter = storyNow.Add(-time.Second) }, ErrStatusResponder},
		"with an extension that nobody knows, not critical": {func(c *certSpec) { c.with(ext{"1.3.6.1.4.1.55555.1", false, seq()}) }, nil},
		"with a critical extension that nobody knows":       {func(c *certSpec) { c.with(ext{"1.3.6.1.4.1.55555.1", true, seq()}) }, ErrStatusResponder},
		"of a CA of its own":                                {func(c *certSpec) { c.with(ext{"2.5.29.19", true, seq([]byte{1, 1, 0xff})}); c.with(keyUsage(1, 0x86)) }, ErrStatusResponder},
		"without a key usage":                               {func(c *certSpec) { c.without("2.5.29.15") }, nil},
		"of another key of the CA":                          {func(c *certSpec) { c.with(authorityKeyID(keyID(theCast().oldCA))) }, ErrStatusResponder},
		"of another name":                                   {func(c *certSpec) { c.issuer = caName("JPKI-MOCK", jpki.UserAuthentication) }, ErrStatusResponder},
		"signed with SHA-1":                                 {func(c *certSpec) { c.sha1 = true }, ErrStatusResponder},
		"with a bit of its signature changed":               {func(c *certSpec) { c.spoil = true }, ErrStatusResponder},
	} {
		s := answeredAs(t, func(o *ocspSpec) {
			responder := *o.responder
			c.change(&responder)
			o.responder = &responder
		})
		document, cms := s.signed()
		if _, err := s.VerifySignature(t.Context(), document, cms); !errors.Is(err, c.want) {
			t.Errorf("%s: %v; want %v", about, err, c.want)
		}
	}
}

// TestCertificatesInAnAnswer: what stands beside the responder's is X.509 too,
// and eight at most.
func TestCertificatesInAnAnswer(t *testing.T) {
	for about, c := range map[string]struct {
		certificates int
		junk         bool
		want         error
	}{
		"eight": {8, false, nil}, "nine": {9, false, ErrStatusUnavailable}, "junk beside the responder's": {1, true, ErrStatusUnavailable},
	} {
		s := answeredAs(t, func(o *ocspSpec) {
			o.certificates = nil
			for range c.certificates - 1 {
				o.certificates = append(o.certificates, newCA(jpki.DigitalSignature, theCast().oldCA, 1, "2018-03-31T15:00:00Z", "2028-03-31T14:59:59Z").der())
			}
			if c.junk {
				o.certificates = append(o.certificates, seq(number(1)))
			}
		})
		document, cms := s.signed()
		if _, err := s.VerifySignature(t.Context(), document, cms); !errors.Is(err, c.want) {
			t.Errorf("%s: %v; want %v", about, err, c.want)
		}
	}
}

// TestAnswersInOneResponse: of 128 answers the one that was asked for is found, and
// more are refused.
func TestAnswersInOneResponse(t *testing.T) {
	for others, want := range map[int]error{127: nil, 128: ErrStatusUnavailable} {
		s := answeredAs(t, func(o *ocspSpec) {
			for i := range others {
				o.extra = append(o.extra, o.single(o.serial+1+int64(i)))
			}
		})
		document, cms := s.signed()
		if _, err := s.VerifySignature(t.Context(), document, cms); !errors.Is(err, want) {
			t.Errorf("%d beside it: %v; want %v", others, err, want)
		}
	}
}

// TestACertificateAtItsInstants: both ends of a validity belong to it.
func TestACertificateAtItsInstants(t *testing.T) {
	for about, c := range map[string]struct {
		at   time.Time
		want error
	}{
		"the second before": {storyIssue.Add(-time.Second), ErrNotYetValid},
		"the first second":  {storyIssue, nil},
		"the last second":   {storyEnd, nil},
		"its last moment":   {storyEnd.Add(time.Second - time.Nanosecond), nil},
		"the second after":  {storyEnd.Add(time.Second), ErrExpired},
	} {
		s := newStage(t, jpki.DigitalSignature, nil)
		s.time = c.at
		document, cms := s.signed()
		if _, err := s.VerifySignature(t.Context(), document, cms); !errors.Is(err, c.want) {
			t.Errorf("%s: %v; want %v", about, err, c.want)
		}
	}
}

func TestAListAtItsInstants(t *testing.T) {
	skew := DefaultClockSkew
	for about, c := range map[string]struct {
		change func(*crlSpec)
		want   error
	}{
		"of the skew's end":   {func(l *crlSpec) { l.thisUpdate = storyNow.Add(skew) }, nil},
		"of a second later":   {func(l *crlSpec) { l.thisUpdate = storyNow.Add(skew + time.Second) }, ErrStatusStale},
		"over, at the skew":   {func(l *crlSpec) { l.nextUpdate = storyNow.Add(-skew) }, nil},
		"over, a second more": {func(l *crlSpec) { l.nextUpdate = storyNow.Add(-skew - time.Second) }, ErrStatusStale},
	} {
		s := newStage(t, jpki.DigitalSignature, nil)
		spec := newCRL()
		c.change(&spec)
		if _, err := s.ReadCRL(t.Context(), bytes.NewReader(spec.der()), jpki.DigitalSignature); !errors.Is(err, c.want) {
			t.Errorf("%s: %v; want %v", about, err, c.want)
		}
	}
	s := newStage(t, jpki.DigitalSignature, nil)
	spec := newCRL()
	list, err := s.ReadCRL(t.Context(), bytes.NewReader(spec.der()), jpki.DigitalSignature)
	if err != nil {
		t.Fatal(err)
	}
	s.time = spec.nextUpdate.Add(skew)
	if _, err := list.Status("0705D991"); err != nil {
		t.Errorf("at the last moment: %v", err)
	}
	s.advance(time.Second)
	if _, err := list.Status("0705D991"); !errors.Is(err, ErrStatusStale) {
		t.Errorf("a second later: %v", err)
	}
}

// TestAListOutOfOrder: a serial number is found wherever it stands, and by the
// whole of it.
func TestAListOutOfOrder(t *testing.T) {
	s := newStage(t, jpki.DigitalSignature, nil)
	spec := newCRL()
	spec.entries = nil
	for i := range 9 {
		spec.entries = append(spec.entries, crlEntryDER(int64(0x0705D990+(i*4)%9), storyNow.AddDate(0, 0, -1), jpki.AffiliationChanged))
	}
	list, err := s.ReadCRL(t.Context(), bytes.NewReader(spec.der()), jpki.DigitalSignature)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 11 {
		serial := jpki.SerialNumber(fmt.Sprintf("%08X", 0x0705D98F+i))
		want := Changed
		if i == 0 || i == 10 {
			want = Unchanged
		}
		if got, err := list.Status(serial); err != nil || got.State != want {
			t.Errorf("%s: %s, %v; want %s", serial, got.State, err, want)
		}
	}
}

// otherChallenges is a store that mixes its challenges up.
type otherChallenges struct{ given Challenge }

func (o *otherChallenges) Put(context.Context, Challenge) error { return nil }
func (o *otherChallenges) Take(context.Context, string) (Challenge, error) {
	return o.given, nil
}

func TestAStoreThatGivesAnotherChallenge(t *testing.T) {
	store := &otherChallenges{}
	s := newStage(t, jpki.UserAuthentication, func(c *Config) { c.Challenges = store })
	c, err := s.NewChallenge(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	token := s.token(c.Origin, c.Nonce)
	store.given = c
	if _, err := s.VerifyAuthentication(t.Context(), token, c.Nonce); err != nil {
		t.Fatal(err)
	}
	if _, err := s.VerifyAuthentication(t.Context(), token, c.Nonce+"="); !errors.Is(err, ErrChallenge) {
		t.Errorf("the challenge of another nonce: %v", err)
	}
	store.given = Challenge{Origin: c.Origin, Expires: c.Expires}
	if _, err := s.VerifyAuthentication(t.Context(), token, ""); !errors.Is(err, ErrChallenge) {
		t.Errorf("a challenge of no nonce: %v", err)
	}
}

func TestAChallengeAtItsInstants(t *testing.T) {
	for about, c := range map[string]struct {
		after time.Duration
		want  error
	}{
		"at once": {0, nil}, "at its last moment": {DefaultChallengeLifetime, nil}, "a moment later": {DefaultChallengeLifetime + time.Nanosecond, ErrChallengeExpired},
	} {
		s := newStage(t, jpki.UserAuthentication, nil)
		challenge, err := s.NewChallenge(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		s.advance(c.after)
		if _, err := s.VerifyAuthentication(t.Context(), s.token(challenge.Origin, challenge.Nonce), challenge.Nonce); !errors.Is(err, c.want) {
			t.Errorf("%s: %v; want %v", about, err, c.want)
		}
	}
}

// TestMemoryChallengesAtTheirBounds: a full store drops the oldest, an expired
// one is kept for another lifetime to be told from one that never was.
func TestMemoryChallengesAtTheirBounds(t *testing.T) {
	now := storyNow
	clock := func() time.Time { return now }
	for given, want := range map[int]int{-1: MaxMemoryChallenges, 0: MaxMemoryChallenges, 1: 1, MaxMemoryChallenges: MaxMemoryChallenges, MaxMemoryChallenges + 1: MaxMemoryChallenges} {
		if m := NewMemoryChallenges(given, clock); m.max != want {
			t.Errorf("%d: %d; want %d", given, m.max, want)
		}
	}
	if m := NewMemoryChallenges(1, nil); m.now == nil || m.now().Before(storyNow.AddDate(-10, 0, 0)) {
		t.Error("no clock by default")
	}
	m := NewMemoryChallenges(2, clock)
	put := func(nonce string) {
		if err := m.Put(t.Context(), Challenge{Nonce: nonce, Expires: now.Add(time.Minute)}); err != nil {
			t.Fatal(err)
		}
	}
	holds := func(nonce string) bool { _, held := m.held[nonce]; return held }
	put("a")
	put("b")
	if !holds("a") || !holds("b") {
		t.Error("a store of two does not hold two")
	}
	put("c")
	if holds("a") || !holds("b") || !holds("c") {
		t.Errorf("of a, b, c in a store of two: %v", m.held)
	}
	put("c")
	if !holds("b") || m.age.Len() != 2 {
		t.Errorf("the same nonce anew: %d", m.age.Len())
	}
	now = now.Add(time.Minute + DefaultChallengeLifetime)
	m.max = 5
	put("d")
	if !holds("b") {
		t.Error("forgotten at the last moment that it is kept for")
	}
	now = now.Add(time.Nanosecond)
	put("e")
	if holds("b") || holds("c") || !holds("d") {
		t.Errorf("a moment later: %v", m.held)
	}
}

// TestTwoDrawsDiffer: nonces are 32 octets and never the same.
func TestTwoDrawsDiffer(t *testing.T) {
	s := newStage(t, jpki.UserAuthentication, nil)
	a, errA := s.NewChallenge(t.Context())
	b, errB := s.NewChallenge(t.Context())
	if errA != nil || errB != nil || a.Nonce == b.Nonce || len(a.Nonce) != 44 || !a.Expires.Equal(storyNow.Add(DefaultChallengeLifetime)) {
		t.Errorf("%+v, %+v, %v, %v", a, b, errA, errB)
	}
	s.random = bytes.NewReader(make([]byte, 31))
	if c, err := s.NewChallenge(t.Context()); err == nil || c != (Challenge{}) {
		t.Errorf("31 random octets: %+v, %v", c, err)
	}
	document, cms := newStage(t, jpki.DigitalSignature, nil).signed()
	signer := newStage(t, jpki.DigitalSignature, nil)
	signer.random = bytes.NewReader(make([]byte, nonceOctets-1))
	if _, err := signer.VerifySignature(t.Context(), document, cms); !errors.Is(err, ErrStatusUnavailable) {
		t.Errorf("a question without a whole nonce: %v", err)
	}
}

// TestDefaults: what a config leaves empty is what its comments say; what it
// says is kept.
func TestDefaults(t *testing.T) {
	v, err := NewVerifier(Config{Anchors: storyAnchors(t)})
	if err != nil {
		t.Fatal(err)
	}
	c := v.cfg
	if c.ChallengeLifetime != DefaultChallengeLifetime || c.StatusMaxAge != DefaultStatusMaxAge || c.ClockSkew != DefaultClockSkew ||
		c.Client.Timeout != DefaultTimeout || c.Now == nil || c.Challenges == nil || v.linkage != nil {
		t.Errorf("%+v", c)
	}
	if lag := time.Since(c.Now()); lag < 0 || lag > time.Hour {
		t.Errorf("the default clock is %s off", lag)
	}
	jar := &http.Client{Timeout: time.Minute}
	v, err = NewVerifier(Config{Anchors: storyAnchors(t), ChallengeLifetime: 1, StatusMaxAge: 1, ClockSkew: 1, Client: jar, AuthorityURL: "https://authority.example.jp"})
	if err != nil {
		t.Fatal(err)
	}
	c = v.cfg
	if c.ChallengeLifetime != 1 || c.StatusMaxAge != 1 || c.ClockSkew != 1 || c.Client.Timeout != time.Minute || c.Client == jar || jar.CheckRedirect != nil || v.linkage == nil {
		t.Errorf("%+v", c)
	}
}

// TestAWrongAnswerThatIsRightInside: a status, list or confirmation is not read
// from a page of errors, whatever stands in it.
func TestAWrongAnswerThatIsRightInside(t *testing.T) {
	for about, c := range map[string]struct {
		status int
		kind   string
	}{"an error": {500, ""}, "a page": {200, "text/html"}, "no type": {200, "-"}, "an article in part": {206, ""}} {
		s := newStage(t, jpki.DigitalSignature, nil)
		inner := s.cfg.Client.Transport
		s.cfg.Client.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			var answer *http.Response
			if r.URL.Path == "/verifier/v1/confirmations" {
				body, _ := io.ReadAll(r.Body)
				answer = answered(r, 200, ndjson, bytes.ReplaceAll(body, []byte("}\n"), []byte(`,"state":"unchanged"}`+"\n")))
			} else if given, err := inner.RoundTrip(r); err != nil {
				return nil, err
			} else {
				answer = given
			}
			answer.StatusCode = c.status
			switch c.kind {
			case "":
			case "-":
				answer.Header.Del("Content-Type")
			default:
				answer.Header.Set("Content-Type", c.kind)
			}
			return answer, nil
		})
		document, cms := s.signed()
		wantHTTPType := func(what string, err error) {
			if c, ok := errors.AsType[*CheckError](err); !errors.Is(err, ErrStatusUnavailable) || !ok || c.Found.Code != "http_type" {
				t.Errorf("a %s from %s: %v", what, about, err)
			}
		}
		_, err := s.VerifySignature(t.Context(), document, cms)
		wantHTTPType("status", err)
		got, err := s.CheckStatus(t.Context(), jpki.DigitalSignature, "01", "02")
		if wantHTTPType("confirmation", err); got != nil {
			t.Errorf("a confirmation from %s: %v", about, got)
		}
	}
}

// TestAnchorsOfOtherForms: an anchor is refused for the one thing that is wrong
// with it, and the error says which.
func TestAnchorsOfOtherForms(t *testing.T) {
	c := theCast()
	for about, a := range map[string]struct {
		change func(*certSpec)
		want   string
	}{
		"no CA":              {func(s *certSpec) { s.without("2.5.29.19") }, "is not a CA certificate"},
		"a key that may not": {func(s *certSpec) { s.with(keyUsage(1, 0x02)) }, "is not a CA certificate"},
		"another name": {func(s *certSpec) {
			s.issuer = seq(rdn("2.5.4.3", "Any CA"))
			s.subject = s.issuer
		}, "names neither"},
		"no key identifier": {func(s *certSpec) { s.without("2.5.29.14") }, "has no subjectKeyIdentifier"},
	} {
		spec := newCA(jpki.DigitalSignature, c.stranger, 1, "2018-03-31T15:00:00Z", "2028-03-31T14:59:59Z")
		a.change(&spec)
		_, err := newAnchor(must(x509.ParseCertificate(spec.der())))
		if err == nil || !bytes.Contains([]byte(err.Error()), []byte(a.want)) {
			t.Errorf("%s: %v; want %q", about, err, a.want)
		}
	}
	for address, ok := range map[string]bool{
		"http://a": true, "https://a:8081/x": true, "": false, "http://": false, "https:///x": false, "ftp://a": false, "a:8081": false, "http://u@a": false, "http://u:p@a": false, "http://a b": false,
	} {
		if err := outgoing.CheckAddress(address); (err == nil) != ok {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// TestRefusalsNameTheirKind: a form that cannot be read is refused for the kind
// that was asked for, and an unknown issuer with what was looked for.
func TestRefusalsNameTheirKind(t *testing.T) {
	for _, kind := range jpki.Kinds() {
		s := newStage(t, kind, nil)
		var err error
		if kind == jpki.DigitalSignature {
			_, err = s.VerifySignature(t.Context(), nil, []byte("x"))
		} else {
			c, _ := s.NewChallenge(t.Context())
			_, err = s.VerifyAuthentication(t.Context(), []byte("x"), c.Nonce)
		}
		if c, ok := errors.AsType[*CheckError](err); !ok || c.Kind != kind || c.Check != FormCheck {
			t.Errorf("%s: %+v", kind, err)
		}
	}
	s := newStage(t, jpki.DigitalSignature, nil)
	s.play.cert.with(authorityKeyID(keyID(theCast().stranger)))
	document, cms := s.signed()
	_, err := s.VerifySignature(t.Context(), document, cms)
	if c, ok := errors.AsType[*CheckError](err); !ok || c.Expected.Code != "ca_keys" || c.Found.Code != "issuer" {
		t.Errorf("a CA of another key: %+v", err)
	}
	s.anchors = s.anchors[2:] // of the other kind alone
	_, err = s.VerifySignature(t.Context(), document, cms)
	if c, ok := errors.AsType[*CheckError](err); !ok || c.Expected.Code != "trusted_ca" {
		t.Errorf("no CA of the kind: %+v", err)
	}
}

// TestResponderCertificatesAreRememberedInBounds: up to maxDelegates, and then
// anew; one that the CA did not sign is never remembered.
func TestResponderCertificatesAreRememberedInBounds(t *testing.T) {
	var d delegates
	kind := jpki.DigitalSignature
	ca := must(x509.ParseCertificate(theCast().anchors[1]))
	other := must(x509.ParseCertificate(theCast().anchors[2]))
	spec := newResponder(kind, theCast().responder[kind], theCast().ca[kind])
	for i := range maxDelegates + 1 {
		spec.serial = int64(100 + i)
		cert := must(x509.ParseCertificate(spec.der()))
		if d.signedBy(other, cert) || !d.signedBy(ca, cert) || !d.signedBy(ca, cert) {
			t.Fatal("signed by another CA, or not by its own")
		}
		if want := i%maxDelegates + 1; len(d.signed) != want {
			t.Fatalf("after %d certificates %d are remembered; want %d", i+1, len(d.signed), want)
		}
	}
}
