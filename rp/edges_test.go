package rp

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/internal/wire"
)

// rsaOf is a public key of so many bits, which signs nothing.
func rsaOf(bits int) *rsa.PublicKey {
	return &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), bits-1, 1), E: 65537}
}

func TestSizesOfKeysAtTheirBounds(t *testing.T) {
	s := newStage(t, jpki.UserAuthentication, nil)
	for bits, good := range map[int]bool{2047: false, 2048: true, 4096: true, 4097: false} {
		r := s.begin(VerbVerifyAuthentication, jpki.UserAuthentication)
		err := r.checkForm(t.Context(), &x509.Certificate{Version: 3, SerialNumber: big.NewInt(7), PublicKey: rsaOf(bits)})
		if (err == nil) != good || !good && !errors.Is(err, ErrAlgorithm) {
			t.Errorf("a holder's key of %d bits: %v", bits, err)
		}
		oid, _ := responderAlgorithm(&x509.Certificate{PublicKey: rsaOf(bits)})
		if (oid == wire.OIDSHA256WithRSA) != good {
			t.Errorf("a responder's key of %d bits: %q", bits, oid)
		}
	}
	if oid, _ := responderAlgorithm(&x509.Certificate{PublicKey: &ecdsa.PublicKey{Curve: elliptic.P384()}}); oid != "" {
		t.Errorf("a responder's key on P-384: %q", oid)
	}
}

// Each certificate here is wrong in the one thing that its name says.
func TestCertificatesWrongInOneThing(t *testing.T) {
	s := newStage(t, jpki.UserAuthentication, nil)
	anyPolicy := asn1.ObjectIdentifier{1, 2, 3}
	san := pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Critical: true}
	usage := pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 15}, Critical: true}
	signs := x509.KeyUsageDigitalSignature
	type check = func(*run, context.Context, *x509.Certificate) error
	for name, c := range map[string]struct {
		check check
		cert  x509.Certificate
		want  error
	}{
		"version 1":             {(*run).checkForm, x509.Certificate{Version: 1, SerialNumber: big.NewInt(7), PublicKey: rsaOf(2048)}, ErrMalformed},
		"no serial number":      {(*run).checkForm, x509.Certificate{Version: 3, SerialNumber: new(big.Int), PublicKey: rsaOf(2048)}, ErrMalformed},
		"a critical name":       {(*run).checkCriticalExtensions, x509.Certificate{Extensions: []pkix.Extension{san}}, ErrCriticalExtension},
		"client and server":     {(*run).checkKeyUsage, x509.Certificate{KeyUsage: signs, Extensions: []pkix.Extension{usage}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}}, nil},
		"a server and another":  {(*run).checkKeyUsage, x509.Certificate{KeyUsage: signs, Extensions: []pkix.Extension{usage}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, UnknownExtKeyUsage: []asn1.ObjectIdentifier{anyPolicy}}, ErrKeyUsage},
		"a CA":                  {(*run).checkBasicConstraints, x509.Certificate{IsCA: true}, ErrBasicConstraints},
		"usage is not critical": {(*run).checkKeyUsage, x509.Certificate{KeyUsage: signs}, ErrKeyUsage},
	} {
		r := s.begin(VerbVerifyAuthentication, jpki.UserAuthentication)
		if err := c.check(r, t.Context(), &c.cert); !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// The CA's own validity ends everybody's.
func TestACertificateOfACAThatHasExpired(t *testing.T) {
	s := newStage(t, jpki.UserAuthentication, nil)
	cert := must(x509.ParseCertificate(s.play.cert.der()))
	r := s.begin(VerbVerifyAuthentication, jpki.UserAuthentication)
	issuer, err := r.checkCertificate(t.Context(), cert)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Issued(t.Context(), cert); err != nil {
		t.Error(err)
	}
	if !slices.ContainsFunc(r.record.Checks, func(c CheckedEntry) bool { return c.Expected.Code == "ca_validity" }) {
		t.Errorf("the CA's validity is in no record: %v", r.record.Checks)
	}
	issuer.cert.NotAfter = s.Now().Add(-time.Minute)
	_, err = s.begin(VerbVerifyAuthentication, jpki.UserAuthentication).checkCertificate(t.Context(), cert)
	if c, ok := errors.AsType[*CheckError](err); !ok || !errors.Is(err, ErrExpired) || c.Expected.Code != "ca_validity" {
		t.Errorf("issued by a CA that has expired: %v", err)
	}
}

// A refused issuer is named by its keys if the name is a CA's, and else by the kind.
func TestAnUnknownIssuerIsNamed(t *testing.T) {
	s := newStage(t, jpki.UserAuthentication, nil)
	for want, change := range map[string]func(*certSpec){
		"trusted_ca": func(c *certSpec) { c.issuer = caName("Nobody", jpki.UserAuthentication) },
		"ca_keys":    func(c *certSpec) { c.with(authorityKeyID([]byte("another key's"))) },
	} {
		spec := s.play.cert
		change(&spec)
		err := s.Issued(t.Context(), must(x509.ParseCertificate(spec.der())))
		if c, ok := errors.AsType[*CheckError](err); !ok || !errors.Is(err, ErrChain) || c.Expected.Code != want {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestAnAnswerIsAboutOneCertificateOfOneCA(t *testing.T) {
	s := newStage(t, jpki.UserAuthentication, nil)
	r := s.begin(VerbVerifyAuthentication, jpki.UserAuthentication)
	issuer, err := r.findIssuer(t.Context(), must(x509.ParseCertificate(s.play.cert.der())))
	if err != nil {
		t.Fatal(err)
	}
	q := &ocspQuestion{issuer: issuer, serial: "0A21C3F1"}
	name, key := sha256.Sum256(issuer.cert.RawSubject), sha256.Sum256(wire.PublicKeyBits(issuer.cert))
	sound := wire.OCSPSingle{Hash: wire.OIDSHA256, NameHash: name[:], KeyHash: key[:], Serial: q.serial.Big().Bytes()}
	if found, _ := about(&wire.OCSPResponse{Singles: []wire.OCSPSingle{sound}}, q); found == nil {
		t.Fatal("the answer is not found")
	}
	for part, change := range map[string]func(*wire.OCSPSingle){
		"hash":   func(o *wire.OCSPSingle) { o.Hash = "\x2b\x0e\x03\x02\x1a" },
		"name":   func(o *wire.OCSPSingle) { o.NameHash = key[:] },
		"key":    func(o *wire.OCSPSingle) { o.KeyHash = name[:] },
		"serial": func(o *wire.OCSPSingle) { o.Serial = []byte{1} },
	} {
		other := sound
		change(&other)
		if found, _ := about(&wire.OCSPResponse{Singles: []wire.OCSPSingle{other}}, q); found != nil {
			t.Errorf("an answer with another %s is taken", part)
		}
	}
}

func TestOnlyRSAIsOpened(t *testing.T) {
	if wire.SignedSomethingElse(&x509.Certificate{PublicKey: &ecdsa.PublicKey{Curve: elliptic.P256()}}, make([]byte, 256)) {
		t.Error("a key on a curve is opened")
	}
	if key := testKey("stranger"); wire.SignedSomethingElse(&x509.Certificate{PublicKey: &key.PublicKey}, make([]byte, key.Size()-1)) {
		t.Error("a signature that is an octet short is opened")
	}
}

// spentChallenges gives a challenge together with the word that it is spent.
type spentChallenges struct{ otherChallenges }

func (s *spentChallenges) Take(context.Context, string) (Challenge, error) {
	return s.given, ErrChallenge
}

func TestASpentChallengeIsNotTaken(t *testing.T) {
	store := &spentChallenges{}
	s := newStage(t, jpki.UserAuthentication, func(c *Config) { c.Challenges = store })
	c, err := s.NewChallenge(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	store.given = c
	if _, err := s.VerifyAuthentication(t.Context(), s.token(c.Origin, c.Nonce), c.Nonce); !errors.Is(err, ErrChallenge) {
		t.Error(err)
	}
}

// What is asked names what it wants back, and the record says what was found.
func TestQuestionsNameTheFormOfTheirAnswers(t *testing.T) {
	wanted := map[string]string{}
	s := newStage(t, jpki.DigitalSignature, func(c *Config) {
		c.WantPaired = true
		inner := c.Client.Transport
		c.Client = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			wanted[r.URL.Path[strings.LastIndex(r.URL.Path, "/"):]] = r.Header.Get("Accept")
			return inner.RoundTrip(r)
		})}
	})
	got, err := s.VerifySignature(t.Context(), s.play.document, s.play.cms.der(s.play.document, s.play.cert))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(slices.Collect(func(yield func(string) bool) {
		for _, form := range wanted {
			yield(form)
		}
	}), "application/ocsp-response") {
		t.Errorf("asked for %v", wanted)
	}
	for _, c := range got.Record.Checks {
		if c.Check == PairedCheck && (c.Found.Code != "serial" || c.Found.Args[0] != "0A21C3F1") {
			t.Errorf("found %+v beside it", c.Found)
		}
	}
}

func TestARefusalAsJSON(t *testing.T) {
	for _, c := range []struct {
		err  *CheckError
		want string
	}{
		{&CheckError{Check: ChainCheck, Kind: jpki.UserAuthentication, Expected: fact("none"), Found: fact("ca"), Err: ErrChain},
			`{"code":"untrusted","check":"chain","kind":"user-authentication","expected":{"code":"none"},"found":{"code":"ca"},"retryable":false}`},
		{&CheckError{Check: ChallengeCheck, Err: ErrTooManyChallenges},
			`{"code":"busy","check":"challenge","expected":{"code":""},"found":{"code":""},"retryable":true}`},
		{&CheckError{Check: StatusCheck, Err: fmt.Errorf("%w: silence", ErrStatusUnavailable)},
			`{"code":"status_unavailable","check":"status","expected":{"code":""},"found":{"code":""},"retryable":true}`},
	} {
		if got, err := json.Marshal(c.err); err != nil || string(got) != c.want {
			t.Errorf("%s, %v; want %s", got, err, c.want)
		}
	}
}

func TestEveryCodeHasItsRule(t *testing.T) {
	for _, code := range Codes() {
		if rule := Rule(code); rule == nil || Code(rule) != code {
			t.Errorf("the rule of %q is %v", code, rule)
		}
	}
	if rule := Rule("no such code"); rule != nil {
		t.Error(rule)
	}
}

func TestAFactIsReadFromEveryForm(t *testing.T) {
	var f Fact
	for text, want := range map[string]string{`"as before"`: "as before", `{"code":"text","args":["now"]}`: "now"} {
		if err := f.UnmarshalJSON([]byte(text)); err != nil || f.String() != want {
			t.Errorf("%s: %q, %v", text, f, err)
		}
	}
	for _, text := range []string{"", `"`, `"\x"`, `{`, `7`} {
		if err := f.UnmarshalJSON([]byte(text)); err == nil {
			t.Errorf("%q is read as %+v", text, f)
		}
	}
}

func TestValiditiesAreRememberedWithinTheirBound(t *testing.T) {
	var v validities
	name := func(n int) certificateName {
		return certificateName{jpki.UserAuthentication, jpki.SerialNumber(fmt.Sprintf("%08X", n))}
	}
	for n := range maxValidities {
		v.remember(name(n), storyNow)
	}
	for _, n := range []int{0, maxValidities - 1} {
		if end, known := v.of(name(n)); !known || !end.Equal(storyNow) {
			t.Errorf("the %d. is forgotten", n+1)
		}
	}
	v.remember(name(maxValidities), storyNow)
	if _, known := v.of(name(0)); known || len(v.ends) != 1 {
		t.Errorf("%d are remembered", len(v.ends))
	}
}
