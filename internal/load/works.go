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

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/seed"
)

// works are what a town can be asked for, those before their bounds first.
func works() []work {
	return []work{
		{name: "static", callers: static},
		{name: "ocsp", callers: remembered, against: "static"},
		{name: "ocsp-nonce", callers: fresh, signatures: 1},
		{name: "confirmation", callers: confirmations, against: "ocsp-nonce"},
		{name: "sign-in", callers: signIns, signatures: 2},
	}
}

// Names gives the works by name.
func Names() []string {
	var names []string
	for _, w := range works() {
		names = append(names, w.name)
	}
	return names
}

// choose gives the works of some names, and those that bound them.
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
		if slices.Contains(names, w.name) && w.against != "" {
			names = append(names, w.against)
		}
	}
	return slices.DeleteFunc(all, func(w work) bool { return !slices.Contains(names, w.name) }), nil
}

// same gives every client the same call.
func same(c call, clients int) []call { return slices.Repeat([]call{c}, clients) }

// static asks for a CA certificate: a body that never changes, about as long as
// an OCSP answer.
func static(ctx context.Context, t *town, clients int) ([]call, error) {
	get := func(ctx context.Context) ([]byte, error) {
		return t.ask(ctx, t.client, http.MethodGet, t.URLs["authority"]+"/ca/digital-signature.cer", "", nil)
	}
	first, err := get(ctx)
	c := func(ctx context.Context) (int, error) {
		body, err := get(ctx)
		if err == nil && !bytes.Equal(body, first) {
			err = errors.New("the CA certificate has changed")
		}
		return 1, err
	}
	return same(c, clients), err
}

// remembered asks by OCSP without a nonce, which the authority answers from
// memory.
func remembered(ctx context.Context, t *town, clients int) ([]call, error) {
	issuer, serial, err := t.someone(ctx)
	if err != nil {
		return nil, err
	}
	question, err := ocspRequest(issuer, serial)
	if err != nil {
		return nil, err
	}
	url := t.URLs["authority"] + "/ocsp/" + jpki.DigitalSignature.String()
	c := func(ctx context.Context) (int, error) {
		body, err := t.ask(ctx, t.client, http.MethodPost, url, "application/ocsp-request", question)
		if err != nil {
			return 0, err
		}
		var answer struct {
			Status   asn1.Enumerated
			Response asn1.RawValue `asn1:"explicit,tag:0,optional"`
		}
		if _, err := asn1.Unmarshal(body, &answer); err != nil || answer.Status != 0 {
			return 0, fmt.Errorf("an OCSP answer with status %d: %w", answer.Status, err)
		}
		return 1, nil
	}
	return same(c, clients), nil
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
func fresh(ctx context.Context, t *town, clients int) ([]call, error) {
	v, serial, err := t.verifier(ctx)
	if err != nil {
		return nil, err
	}
	return same(func(ctx context.Context) (int, error) {
		return 1, unchanged(v.CheckStatus(ctx, jpki.DigitalSignature, serial))
	}, clients), nil
}

// together is how many serial numbers are confirmed in one request.
const together = 10_000

// confirmations asks about many serial numbers at once (変更確認).
func confirmations(ctx context.Context, t *town, clients int) ([]call, error) {
	v, serial, err := t.verifier(ctx)
	if err != nil {
		return nil, err
	}
	serials := slices.Repeat([]jpki.SerialNumber{serial}, together)
	return same(func(ctx context.Context) (int, error) {
		return together, unchanged(v.CheckStatus(ctx, jpki.DigitalSignature, serials...))
	}, min(clients, 2)), nil
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
func signIns(ctx context.Context, t *town, clients int) ([]call, error) {
	var calls []call
	for _, p := range t.Personas {
		if p.State != seed.StateNormal || len(calls) == clients {
			continue
		}
		jar, err := cookiejar.New(nil)
		if err != nil {
			return nil, err
		}
		c := &http.Client{Jar: jar, Timeout: t.client.Timeout, Transport: t.client.Transport}
		in := func(ctx context.Context) (int, error) { return 1, t.signIn(ctx, c, p.Card, p.AuthenticationPIN) }
		if _, err := in(ctx); err == nil { // others have no account
			calls = append(calls, in)
		}
	}
	if len(calls) == 0 {
		return nil, errors.New("nobody in the town can sign in at the bank")
	}
	return calls, nil
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

// ask makes a request as the bank, and wants a success.
func (t *town) ask(ctx context.Context, c *http.Client, method, url, mediaType string, body []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if mediaType != "" {
		r.Header.Set("Content-Type", mediaType)
	}
	if strings.HasPrefix(url, t.URLs["authority"]) {
		r.Header.Set("Authorization", "Bearer "+seed.BankKey)
	}
	resp, err := c.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err == nil && resp.StatusCode/100 != 2 {
		err = fmt.Errorf("%s %s: %s: %s", method, url, resp.Status, answer)
	}
	return answer, err
}

// someone gives the digital signature CA and one of its certificates in good
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
	return nil, "", errors.New("nobody in the town has a digital signature certificate")
}

// verifier gives the kit as the bank uses it, and a serial number to ask about.
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
