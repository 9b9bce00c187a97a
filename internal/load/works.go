package load

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/cookiejar"
	"slices"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/seed"
)

// works lists the works, each after its bounds.
func works() []work {
	return []work{
		{name: "bare", what: "the octets of the town's OCSP answer from net/http alone, in a process of its own", ask: bare},
		{
			name: "openssl", what: "openssl ocsp -multi 2 with the town's key; it signs each answer and closes each connection",
			ask: openssl, signatures: 1, algorithm: rsa2048,
		},
		{name: "ocsp", what: "the town's OCSP answer from memory, without a nonce", ask: remembered, against: []string{"bare", "openssl"}},
		{
			name: "ocsp-nonce", what: "a nonce in each question, so that each answer is signed; the client verifies it",
			ask: fresh, signatures: 1, algorithm: rsa2048, against: []string{"openssl"},
		},
		{
			name: "ocsp-nonce-p256", what: "the same of a town with --ocsp-key p-256",
			ask: freshP256, signatures: 1, algorithm: p256, against: []string{"ocsp-nonce"},
		},
		{
			name: "confirmation", what: fmt.Sprintf("%d certificates in one request", together),
			ask: confirmations, against: []string{"ocsp-nonce"},
		},
		{name: "sign-in", what: "challenge, card and account at the bank", ask: signIns, signatures: 2, algorithm: rsa2048},
		{
			name: "reception", what: "thirty patients at a time at the hospital; the time of each is that without the card's own",
			ask: receptions, signatures: 2, algorithm: rsa2048, clients: atOnce,
		},
		{
			name: "medical", what: "the same of a town whose insurer has many insured persons (--insured)",
			ask: receptionsOfMany, signatures: 2, algorithm: rsa2048, clients: atOnce, against: []string{"reception"}, prompt: true,
		},
	}
}

// Names returns the names of the works.
func Names() []string {
	var names []string
	for _, w := range works() {
		names = append(names, w.name)
	}
	return names
}

// choose returns the works with some names, and their bounds.
func choose(names []string) ([]work, error) {
	for _, n := range names {
		if !slices.Contains(Names(), n) {
			return nil, fmt.Errorf("load: there is no work %q: want some of %s", n, strings.Join(Names(), ", "))
		}
	}
	all := works()
	if len(names) == 0 {
		return all, nil
	}
	for _, w := range all {
		if slices.Contains(names, w.name) {
			names = append(names, w.against...)
		}
	}
	return slices.DeleteFunc(all, func(w work) bool { return !slices.Contains(names, w.name) }), nil
}

// same returns the same call for every client.
func same(c call, clients int) []call { return slices.Repeat([]call{c}, clients) }

// question is an OCSP request without a nonce, and where it goes.
type question struct {
	url    string
	issuer *x509.Certificate
	serial jpki.SerialNumber
	der    []byte
}

// question asks about a resident of the town.
func (f *field) question(ctx context.Context) (question, error) {
	issuer, serial, err := f.town.someone(ctx)
	if err != nil {
		return question{}, err
	}
	der, err := ocspRequest(issuer, serial)
	return question{f.town.URLs["authority"] + "/ocsp/" + jpki.DigitalSignature.String(), issuer, serial, der}, err
}

// request returns the question as an HTTP request, the same to every server.
func (q question) request(ctx context.Context) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, q.url, bytes.NewReader(q.der))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/ocsp-request")
	r.Header.Set("Authorization", "Bearer "+seed.BankKey)
	return r, nil
}

// asked returns a call that asks a question and checks the status of the response.
func (t *town) asked(q question) call {
	return func(ctx context.Context) (int, time.Duration, error) {
		r, err := q.request(ctx)
		if err != nil {
			return 0, 0, err
		}
		body, err := send(t.client, r)
		if err != nil {
			return 0, 0, err
		}
		var answer ocspAnswer
		if _, err := asn1.Unmarshal(body, &answer); err != nil || answer.Status != 0 {
			return 0, 0, fmt.Errorf("OCSP response with status %d: %w", answer.Status, err)
		}
		return 1, 0, nil
	}
}

// remembered asks by OCSP without a nonce, which the authority answers from
// memory.
func remembered(ctx context.Context, f *field, clients int) (*answering, error) {
	q, err := f.question(ctx)
	if err != nil {
		return nil, err
	}
	return f.town.answers(same(f.town.asked(q), clients)), nil
}

// answers makes the town the server of some calls.
func (t *town) answers(calls []call) *answering {
	return &answering{by: t.process, calls: calls, close: func() {}}
}

// ocspRequest is a request about one certificate, without a nonce (RFC 6960
// §4.1.1).
func ocspRequest(issuer *x509.Certificate, serial jpki.SerialNumber) ([]byte, error) {
	var key struct {
		Algorithm pkix.AlgorithmIdentifier
		Bits      asn1.BitString
	}
	if _, err := asn1.Unmarshal(issuer.RawSubjectPublicKeyInfo, &key); err != nil {
		return nil, err
	}
	type certID struct {
		Hash              pkix.AlgorithmIdentifier
		NameHash, KeyHash []byte
		Serial            *big.Int
	}
	type request struct{ ID certID }
	type tbs struct{ List []request }
	name, bits := sha1.Sum(issuer.RawSubject), sha1.Sum(key.Bits.RightAlign())
	return asn1.Marshal(struct{ TBS tbs }{tbs{[]request{{certID{
		pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}, Parameters: asn1.NullRawValue},
		name[:], bits[:], serial.Big(),
	}}}}})
}

// fresh asks by OCSP with a nonce, as the kit does, which verifies each answer.
func fresh(ctx context.Context, f *field, clients int) (*answering, error) {
	return f.town.fresh(ctx, clients)
}

func (t *town) fresh(ctx context.Context, clients int) (*answering, error) {
	v, serial, err := t.verifier(ctx)
	if err != nil {
		return nil, err
	}
	return t.answers(same(func(ctx context.Context) (int, time.Duration, error) {
		return 1, 0, unchanged(v.CheckStatus(ctx, jpki.DigitalSignature, serial))
	}, clients)), nil
}

// freshP256 asks the same of a second town, whose responders have keys on P-256.
func freshP256(ctx context.Context, f *field, clients int) (*answering, error) {
	return f.inSecondTown(ctx, (*town).fresh, clients, "--ocsp-key", "p-256")
}

// inSecondTown asks a town of its own, started with further flags, which ends with the work.
func (f *field) inSecondTown(ctx context.Context, ask func(*town, context.Context, int) (*answering, error), clients int, flags ...string) (*answering, error) {
	t, err := startTown(ctx, f.program, flags...)
	if err != nil {
		return nil, err
	}
	a, err := ask(t, ctx, clients)
	if err == nil {
		err = t.rest(ctx)
	}
	if err != nil {
		t.close()
		return nil, err
	}
	a.close = t.close
	return a, nil
}

// together is how many serial numbers are confirmed in one request.
const together = 10_000

// confirmations asks about many serial numbers at once (変更確認).
func confirmations(ctx context.Context, f *field, clients int) (*answering, error) {
	v, serial, err := f.town.verifier(ctx)
	if err != nil {
		return nil, err
	}
	serials := slices.Repeat([]jpki.SerialNumber{serial}, together)
	return f.town.answers(same(func(ctx context.Context) (int, time.Duration, error) {
		return together, 0, unchanged(v.CheckStatus(ctx, jpki.DigitalSignature, serials...))
	}, min(clients, 2))), nil
}

func unchanged(all []rp.Status, err error) error {
	for _, s := range all {
		if s.State != rp.Unchanged {
			return fmt.Errorf("%s is %s", s.Serial, s.State)
		}
	}
	return err
}

// signIns signs in at the bank with the card, one client for each customer.
func signIns(ctx context.Context, f *field, clients int) (*answering, error) {
	var calls []call
	t := f.town
	for _, p := range t.Personas {
		if p.State != seed.StateNormal || len(calls) == clients {
			continue
		}
		jar, err := cookiejar.New(nil)
		if err != nil {
			return nil, err
		}
		c := &http.Client{Jar: jar, Timeout: t.client.Timeout, Transport: t.client.Transport}
		in := func(ctx context.Context) (int, time.Duration, error) {
			return 1, 0, t.signIn(ctx, c, p.Card, p.AuthenticationPIN)
		}
		if _, _, err := in(ctx); err == nil { // others have no account
			calls = append(calls, in)
		}
	}
	if len(calls) == 0 {
		return nil, errors.New("no resident of the town can sign in at the bank")
	}
	return t.answers(calls), nil
}

// signIn is one sign-in, from the challenge to the account.
func (t *town) signIn(ctx context.Context, c *http.Client, card, pin string) error {
	var challenge struct{ Nonce string }
	bank := t.URLs["bank"]
	if err := t.exchange(ctx, c, bank+"/signin/challenge", struct{}{}, &challenge); err != nil {
		return err
	}
	var token json.RawMessage
	if err := t.exchange(ctx, c, t.URLs["card"]+"/v1/authenticate", map[string]string{"card": card, "pin": pin, "origin": bank, "nonce": challenge.Nonce}, &token); err != nil {
		return err
	}
	var account map[string]any
	return t.exchange(ctx, c, bank+"/signin", map[string]any{"token": token}, &account)
}

func (t *town) exchange(ctx context.Context, c *http.Client, url string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	answer, err := t.ask(ctx, c, http.MethodPost, url, "application/json", body)
	if err != nil {
		return err
	}
	return json.Unmarshal(answer, out)
}

// maxAnswer is how much of an answer is read.
const maxAnswer = 1 << 20

// ask makes a request as the bank, or as the hospital, and wants a success.
func (t *town) ask(ctx context.Context, c *http.Client, method, url, mediaType string, body []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if mediaType != "" {
		r.Header.Set("Content-Type", mediaType)
	}
	for house, key := range map[string]string{"authority": seed.BankKey, "medical": seed.MedicalHospitalStaffKey} {
		if strings.HasPrefix(url, t.URLs[house]+"/") {
			r.Header.Set("Authorization", "Bearer "+key)
		}
	}
	return send(c, r)
}

// send makes a request, and wants a success.
func send(c *http.Client, r *http.Request) ([]byte, error) {
	resp, err := c.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err == nil && resp.StatusCode/100 != 2 {
		err = fmt.Errorf("%s %s: %s: %s", r.Method, r.URL, resp.Status, answer)
	}
	return answer, err
}

// someone returns the digital signature CA and one of its certificates in good
// standing, of the first persona in a normal state who has one.
func (t *town) someone(ctx context.Context) (*x509.Certificate, jpki.SerialNumber, error) {
	raw, err := t.ask(ctx, t.client, http.MethodGet, t.URLs["authority"]+"/ca/digital-signature.cer", "", nil)
	if err != nil {
		return nil, "", err
	}
	ca, err := x509.ParseCertificate(raw)
	if err != nil {
		return nil, "", err
	}
	for _, p := range t.Personas {
		if p.State != seed.StateNormal {
			continue
		}
		body, err := t.ask(ctx, t.client, http.MethodGet, t.URLs["card"]+"/v1/cards/"+p.Card, "application/json", nil)
		if err != nil {
			return nil, "", err
		}
		var card struct {
			Certificates map[jpki.Kind]jpki.SerialNumber `json:"certificates"`
		}
		if err := json.Unmarshal(body, &card); err != nil {
			return nil, "", err
		}
		if s := card.Certificates[jpki.DigitalSignature]; !s.IsZero() {
			return ca, s, nil
		}
	}
	return nil, "", errors.New("no resident of the town has a digital signature certificate")
}

// verifier returns the kit as the bank uses it, and a serial number to ask about.
func (t *town) verifier(ctx context.Context) (*rp.Verifier, jpki.SerialNumber, error) {
	_, serial, err := t.someone(ctx)
	if err != nil {
		return nil, "", err
	}
	anchors, err := rp.FetchAnchors(ctx, t.client, t.URLs["authority"])
	if err != nil {
		return nil, "", err
	}
	v, err := rp.NewVerifier(rp.Config{Anchors: anchors, AuthorityURL: t.URLs["authority"], Key: seed.BankKey, Client: t.client})
	return v, serial, err
}
