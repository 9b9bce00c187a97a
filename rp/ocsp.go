package rp

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"sync"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/internal/outgoing"
	"example.jp/jpkimock/rp/internal/wire"
)

// ocspQuestion is one OCSP request (RFC 6960 §4.1) for one certificate, with
// a nonce (RFC 9654).
type ocspQuestion struct {
	issuer anchor
	serial jpki.SerialNumber
	url    string
	nonce  []byte
	der    []byte
}

// The request, as encoding/asn1 writes it.
type (
	ocspRequest struct{ TBS ocspTBSRequest }

	ocspTBSRequest struct {
		Requests   []ocspSingleRequest
		Extensions []pkix.Extension `asn1:"explicit,tag:2"`
	}

	ocspSingleRequest struct{ ID ocspCertID }

	ocspCertID struct {
		Hash     pkix.AlgorithmIdentifier
		NameHash []byte
		KeyHash  []byte
		Serial   asn1.RawValue
	}
)

// nonceOctets is the length that RFC 9654 recommends.
const nonceOctets = 32

// newQuestion makes the DER of a request.
func newQuestion(random io.Reader, issuer anchor, serial jpki.SerialNumber, url string) (*ocspQuestion, error) {
	q := &ocspQuestion{issuer: issuer, serial: serial, url: url, nonce: make([]byte, nonceOctets)}
	if _, err := io.ReadFull(random, q.nonce); err != nil {
		return nil, err
	}
	nameHash := sha256.Sum256(issuer.cert.RawSubject)
	keyHash := sha256.Sum256(wire.PublicKeyBits(issuer.cert))
	number, err := asn1.Marshal(serial.Big())
	if err != nil {
		return nil, err
	}
	nonce, err := asn1.Marshal(q.nonce)
	if err != nil {
		return nil, err
	}
	q.der, err = asn1.Marshal(ocspRequest{ocspTBSRequest{
		Requests: []ocspSingleRequest{{ocspCertID{
			Hash:     pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}, Parameters: asn1.NullRawValue},
			NameHash: nameHash[:], KeyHash: keyHash[:], Serial: asn1.RawValue{FullBytes: number},
		}}},
		Extensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 2}, Value: nonce}},
	}})
	return q, err
}

// ask sends a question and returns the octets of the answer. Every failure is
// one to learn the status, except the authority's word that the verifier may
// not ask.
func (r *run) ask(ctx context.Context, q *ocspQuestion) ([]byte, error) {
	expected := fact("ocsp_response", q.url)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, q.url, bytes.NewReader(q.der))
	if err != nil {
		return nil, r.unavailable(ctx, expected, fact("no_address"), err)
	}
	req.Header.Set("Content-Type", "application/ocsp-request")
	req.Header.Set("Accept", "application/ocsp-response")
	req.Header.Set("JPKI-Purpose", string(r.purpose(ctx)))
	outgoing.MayRepeat(req)
	if r.v.cfg.Key != "" {
		req.Header.Set("Authorization", "Bearer "+r.v.cfg.Key)
	}
	resp, err := r.v.cfg.Client.Do(req)
	if err != nil {
		return nil, r.unavailable(ctx, expected, fact("no_answer"), err)
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden {
		return nil, r.require(ctx, false, StatusCheck, ErrNotAccredited, expected, fact("http_status", resp.Status))
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if resp.StatusCode != http.StatusOK || kind != "application/ocsp-response" {
		return nil, r.unavailable(ctx, expected, fact("http_type", resp.Status, fmt.Sprintf("%.60q", kind)), nil)
	}
	body, err := outgoing.Read(resp.Body, MaxOCSPResponse)
	if err != nil {
		return nil, r.unavailable(ctx, expected, fact("unreadable_body"), err)
	}
	r.tell(ctx, Event{Check: StatusCheck, Expected: expected, Found: fact("octets", len(body)), Request: q.der, Response: body})
	return body, nil
}

// unavailable is a StatusCheck that failed because there was no usable answer.
func (r *run) unavailable(ctx context.Context, expected, found Fact, cause error) error {
	rule := ErrStatusUnavailable
	if cause != nil {
		rule = fmt.Errorf("%w: %w", ErrStatusUnavailable, cause)
	}
	return r.require(ctx, false, StatusCheck, rule, expected, found)
}

// askStatus asks about one serial number and makes every check on the answer:
// responder, subject, time, nonce. What it returns is the authority's word,
// good or bad.
func (r *run) askStatus(ctx context.Context, issuer anchor, serial jpki.SerialNumber, url string) (Status, error) {
	if listOf, ok := ctx.Value(listKey{}).(func(context.Context, jpki.Kind) (*CRL, error)); ok {
		list, err := listOf(ctx, issuer.kind)
		if err != nil {
			return Status{}, err
		}
		if !bytes.Equal(list.issuer, issuer.cert.SubjectKeyId) {
			return Status{}, r.unavailable(ctx, fact("list_of_trusted_ca"), fact("authority_key", hex.EncodeToString(list.issuer)), nil)
		}
		return list.Status(serial)
	}
	q, err := newQuestion(r.v.random, issuer, serial, url)
	if err != nil {
		return Status{}, r.unavailable(ctx, fact("ocsp_request"), fact("none"), err)
	}
	body, err := r.ask(ctx, q)
	if err != nil {
		return Status{}, err
	}
	return r.judge(ctx, q, body)
}

// judge checks an OCSP response against its question.
func (r *run) judge(ctx context.Context, q *ocspQuestion, body []byte) (Status, error) {
	resp, err := wire.ParseOCSP(body)
	if refused, ok := errors.AsType[*wire.Refusal](err); ok {
		return Status{}, r.unavailable(ctx, detail(refused.Expected), detail(refused.Found), refused.Err)
	}
	if resp.Status != wire.OCSPSuccessful {
		rule := ErrStatusUnavailable
		if resp.Status == wire.OCSPUnauthorized {
			rule = ErrNotAccredited
		}
		return Status{}, r.require(ctx, false, StatusCheck, rule, fact("ocsp_successful"), fact("ocsp_status", wire.OCSPStatusName(resp.Status)))
	}
	if err := r.responder(ctx, q.issuer, resp); err != nil {
		return Status{}, err
	}
	single, found := about(resp, q)
	if err := r.require(ctx, single != nil, StatusCheck, ErrStatusMissing, fact("one_answer", q.serial), found); err != nil {
		return Status{}, err
	}
	if err := r.fresh(ctx, resp, single); err != nil {
		return Status{}, err
	}
	if err := r.require(ctx, bytes.Equal(resp.Nonce, q.nonce), StatusCheck, ErrStatusNonce,
		fact("nonce", hex.EncodeToString(q.nonce)), nonceFact(resp.Nonce)); err != nil {
		return Status{}, err
	}
	r.record.OCSPResponse = body
	return statusOf(q, resp, single), nil
}

func nonceFact(nonce []byte) Fact {
	if nonce == nil {
		return fact("none")
	}
	return fact("value", hex.EncodeToString(nonce))
}

func statusOf(q *ocspQuestion, resp *wire.OCSPResponse, single *wire.OCSPSingle) Status {
	s := Status{Kind: q.issuer.kind, Serial: q.serial, ProducedAt: resp.ProducedAt}
	switch single.State {
	case wire.OCSPGood:
		s.State = Unchanged
	case wire.OCSPRevoked:
		s.Reason, s.At, s.State = single.Reason, single.RevokedAt, stateOf(single.Reason)
	default:
		s.State = Unknown
	}
	return s
}

func stateOf(reason jpki.Reason) State {
	switch reason {
	case jpki.CertificateHold:
		return Suspended
	case jpki.AffiliationChanged:
		return Changed
	}
	return Revoked
}

// about finds the one answer to a question, and says what there was.
func about(o *wire.OCSPResponse, q *ocspQuestion) (*wire.OCSPSingle, Fact) {
	nameHash, keyHash := sha256.Sum256(q.issuer.cert.RawSubject), sha256.Sum256(wire.PublicKeyBits(q.issuer.cert))
	var match *wire.OCSPSingle
	for i := range o.Singles {
		s := &o.Singles[i]
		if s.Hash != wire.OIDSHA256 || !bytes.Equal(s.NameHash, nameHash[:]) || !bytes.Equal(s.KeyHash, keyHash[:]) || !bytes.Equal(s.Serial, q.serial.Big().Bytes()) {
			continue
		}
		if match != nil {
			return nil, detail("two answers about it")
		}
		match = s
	}
	if match == nil {
		return nil, detail(fmt.Sprintf("%d answers about other certificates", len(o.Singles)))
	}
	return match, fact(FactSame)
}

// fresh compares the times of an answer with the clock: made lately, and said
// to hold now.
func (r *run) fresh(ctx context.Context, o *wire.OCSPResponse, s *wire.OCSPSingle) error {
	now, skew := r.v.cfg.Now().UTC(), r.v.cfg.ClockSkew
	oldest, newest := now.Add(-r.v.cfg.StatusMaxAge-skew), now.Add(skew)
	within := func(t time.Time) bool { return !t.Before(oldest) && !t.After(newest) }
	ok := within(o.ProducedAt) && within(s.ThisUpdate) && !s.NextUpdate.IsZero() && !s.NextUpdate.Before(now.Add(-skew)) && !s.NextUpdate.Before(s.ThisUpdate)
	var next any = "none"
	if !s.NextUpdate.IsZero() {
		next = s.NextUpdate
	}
	return r.require(ctx, ok, StatusCheck, ErrStatusStale,
		fact("fresh", oldest, newest, now.Add(-skew)), fact("produced", o.ProducedAt, s.ThisUpdate, next))
}

// responder checks who signed: the CA itself, or a responder that this same CA
// certified for OCSP (RFC 6960 §4.2.2.2).
func (r *run) responder(ctx context.Context, issuer anchor, o *wire.OCSPResponse) error {
	expected := fact("responder")
	refused := func(found string) error {
		return r.require(ctx, false, StatusCheck, ErrStatusResponder, expected, detail(found))
	}
	signer := issuer.cert
	if !o.NamesResponder(signer) {
		signer = nil
		for _, c := range o.Certificates {
			if o.NamesResponder(c) {
				signer = c
				break
			}
		}
		if signer == nil {
			return refused("a responder whose certificate is neither the CA's nor in the response")
		}
		if found := r.v.delegates.refusal(issuer.cert, signer, r.v.cfg.Now()); found != "" {
			return refused(found)
		}
	}
	oid, algorithm := responderAlgorithm(signer)
	if o.Algorithm != oid {
		return refused("a signature algorithm or key other than SHA-256 with RSA, or ECDSA on P-256")
	}
	if signer.CheckSignature(algorithm, o.TBS, o.Signature) != nil {
		return refused("no valid signature by the responder's key")
	}
	return r.require(ctx, true, StatusCheck, nil, expected, fact("responder_certificate", hexSHA256(signer.Raw)))
}

// responderAlgorithm returns the one algorithm in which the key of a responder
// signs; an empty oid for a key of another type or size.
func responderAlgorithm(cert *x509.Certificate) (oid string, algorithm x509.SignatureAlgorithm) {
	switch key := cert.PublicKey.(type) {
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits >= minRSABits && bits <= maxRSABits {
			return wire.OIDSHA256WithRSA, x509.SHA256WithRSA
		}
	case *ecdsa.PublicKey:
		if key.Curve == elliptic.P256() {
			return wire.OIDECDSAWithSHA256, x509.ECDSAWithSHA256
		}
	}
	return "", x509.UnknownSignatureAlgorithm
}

// delegates remembers which responder certificates a CA was seen to have signed:
// the same one comes with every answer.
type delegates struct {
	mu     sync.Mutex
	signed map[delegation]bool
}

// delegation is the SHA-256 of a CA's certificate and of a responder's.
type delegation [2][sha256.Size]byte

// maxDelegates is how many are remembered; a CA has few.
const maxDelegates = 64

// signedBy reports whether the CA signed the certificate.
func (d *delegates) signedBy(ca, cert *x509.Certificate) bool {
	pair := delegation{sha256.Sum256(ca.Raw), sha256.Sum256(cert.Raw)}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.signed[pair] {
		return true
	}
	if cert.SignatureAlgorithm != x509.SHA256WithRSA || ca.CheckSignature(cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature) != nil {
		return false
	}
	if d.signed == nil || len(d.signed) >= maxDelegates {
		d.signed = map[delegation]bool{}
	}
	d.signed[pair] = true
	return true
}

// refusal says what is wrong with a responder's certificate, "" if nothing.
func (d *delegates) refusal(ca, cert *x509.Certificate, now time.Time) string {
	signing, noCheck := false, false
	for _, u := range cert.ExtKeyUsage {
		signing = signing || u == x509.ExtKeyUsageOCSPSigning
	}
	for _, e := range cert.Extensions {
		noCheck = noCheck || e.Id.String() == wire.Dotted(wire.OIDOCSPNoCheck)
		switch id := e.Id.String(); id {
		case "2.5.29.15", "2.5.29.19", "2.5.29.32", "2.5.29.37", wire.Dotted(wire.OIDOCSPNoCheck):
		default:
			if e.Critical {
				return "a responder certificate with the critical extension " + id
			}
		}
	}
	switch {
	case !bytes.Equal(cert.RawIssuer, ca.RawSubject) || !bytes.Equal(cert.AuthorityKeyId, ca.SubjectKeyId):
		return "a responder certificate of another issuer"
	case !d.signedBy(ca, cert):
		return "a responder certificate that the CA did not sign"
	case cert.IsCA || (cert.KeyUsage != 0 && cert.KeyUsage&x509.KeyUsageDigitalSignature == 0):
		return "a responder certificate whose key may not sign"
	case !signing:
		return "a responder certificate without OCSPSigning"
	case !noCheck:
		return "a responder certificate without id-pkix-ocsp-nocheck"
	case now.Before(cert.NotBefore) || !now.Before(cert.NotAfter.Add(time.Second)):
		return "a responder certificate that is not valid now"
	}
	return ""
}
