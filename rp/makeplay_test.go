package rp

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/internal/wire"
)

// cast holds the published keys and the CAs of the vectors.
type cast struct {
	ca        map[jpki.Kind]*rsa.PrivateKey
	oldCA     *rsa.PrivateKey // an earlier generation, digital signature
	responder map[jpki.Kind]*rsa.PrivateKey
	holder    map[jpki.Kind]*rsa.PrivateKey
	stranger  *rsa.PrivateKey
	anchors   [][]byte
}

// theCast is read once.
var theCast = sync.OnceValue(func() *cast {
	c := &cast{ca: map[jpki.Kind]*rsa.PrivateKey{}, responder: map[jpki.Kind]*rsa.PrivateKey{}, holder: map[jpki.Kind]*rsa.PrivateKey{},
		oldCA: testKey("ca-digital-signature-1"), stranger: testKey("stranger")}
	c.ca[jpki.DigitalSignature] = testKey("ca-digital-signature-2")
	c.ca[jpki.UserAuthentication] = testKey("ca-user-authentication")
	for _, k := range jpki.Kinds() {
		c.responder[k] = testKey("responder-" + k.String())
		c.holder[k] = testKey("holder-" + k.String())
	}
	c.anchors = [][]byte{
		newCA(jpki.DigitalSignature, c.oldCA, 1, "2018-03-31T15:00:00Z", "2028-03-31T14:59:59Z").der(),
		newCA(jpki.DigitalSignature, c.ca[jpki.DigitalSignature], 0x0132C4AB, "2022-03-31T15:00:00Z", "2032-03-31T14:59:59Z").der(),
		newCA(jpki.UserAuthentication, c.ca[jpki.UserAuthentication], 1, "2022-03-31T15:00:00Z", "2032-03-31T14:59:59Z").der(),
	}
	return c
})

// cmsSpec is a detached signature to be made. Nil fields follow the
// certificate and the document.
type cmsSpec struct {
	version       int64
	digestOID     string
	signatureOID  string
	content       []byte
	certificates  [][]byte // beside the signer's
	sidIssuer     []byte
	sidSerial     int64
	messageDigest []byte
	named         []byte // the certificate that signing-certificate-v2 names
	attributes    func([][]byte) [][]byte
	unsigned      bool
	spoil         bool
	signers       int
	edit          func([]byte) []byte
}

func attribute(id string, value []byte) []byte { return seq(rawOID(id), set(value)) }

func (c cmsSpec) der(document []byte, cert certSpec) []byte {
	certDER := cert.der()
	named := c.named
	if named == nil {
		named = certDER
	}
	digest := c.messageDigest
	if digest == nil {
		digest = sha(document)
	}
	attributes := sorted([][]byte{
		attribute(wire.OIDContentType, rawOID(wire.OIDData)), attribute(wire.OIDMessageDigest, octets(digest)), attribute(wire.OIDSigningTime, utc(storyNow.Add(-time.Minute))),
		attribute(wire.OIDSigningCertificate2, seq(seq(seq(octets(sha(named)), seq(seq(directoryName(cert.issuer)), number(cert.serial)))))),
	})
	if c.attributes != nil {
		attributes = c.attributes(attributes)
	}
	signature := sign(cert.key, set(attributes...))
	if c.spoil {
		signature = flip(signature)
	}
	signer := [][]byte{number(c.version), seq(c.sidIssuer, number(c.sidSerial)), algorithm(c.digestOID), tlv(wire.TagContextIn, attributes...),
		algorithm(c.signatureOID), octets(signature)}
	if c.unsigned {
		signer = append(signer, tlv(wire.TagContextIn+1, attribute(wire.OIDSigningTime, utc(storyNow))))
	}
	info := [][]byte{rawOID(wire.OIDData)}
	if c.content != nil {
		info = append(info, tlv(wire.TagContextIn, octets(c.content)))
	}
	signers := slices.Repeat([][]byte{seq(signer...)}, c.signers)
	der := seq(rawOID(wire.OIDSignedData), tlv(wire.TagContextIn, seq(number(1), set(algorithm(c.digestOID)), seq(info...),
		tlv(wire.TagContextIn, append([][]byte{certDER}, c.certificates...)...), set(signers...))))
	if c.edit != nil {
		return c.edit(der)
	}
	return der
}

// ocspSpec is an OCSP response to be made.
type ocspSpec struct {
	status       int
	issuer       []byte // name and key that the certID is about
	issuerKey    *rsa.PrivateKey
	serial       int64
	state        []byte
	producedAt   time.Time
	thisUpdate   time.Time
	nextUpdate   time.Time
	nonce        []byte
	signer       *rsa.PrivateKey
	ecSigner     *ecdsa.PrivateKey // instead of signer
	algorithm    []byte            // instead of the signer's
	otherData    bool              // signed in place of the response's
	responder    *certSpec         // nil: the signer is the CA itself
	certificates [][]byte          // beside the responder's
	byName       []byte
	extensions   [][]byte
	answers      int
	extra        [][]byte
	spoil        bool
	edit         func([]byte) []byte
	httpMissing  bool
}

func certGood() []byte    { return tlv(wire.TagContext) }
func certUnknown() []byte { return tlv(wire.TagContext + 2) }

func certRevoked(at time.Time, reason jpki.Reason) []byte {
	return tlv(wire.TagContextIn+1, generalized(at), tlv(wire.TagContextIn, enumerated(int(reason))))
}

func (o ocspSpec) single(serial int64) []byte {
	parts := [][]byte{seq(algorithm(wire.OIDSHA256), octets(sha(o.issuer)), octets(sha(keyBits(o.issuerKey))), number(serial)), o.state, generalized(o.thisUpdate)}
	if !o.nextUpdate.IsZero() {
		parts = append(parts, tlv(wire.TagContextIn, generalized(o.nextUpdate)))
	}
	return seq(parts...)
}

func (o ocspSpec) der() []byte {
	if o.status != 0 {
		return seq(enumerated(o.status))
	}
	id := tlv(wire.TagContextIn+2, octets(o.keyID()))
	if o.byName != nil {
		id = tlv(wire.TagContextIn+1, o.byName)
	}
	singles := slices.Concat(slices.Repeat([][]byte{o.single(o.serial)}, o.answers), o.extra)
	data := [][]byte{id, generalized(o.producedAt), seq(singles...)}
	extensions := o.extensions
	if o.nonce != nil {
		extensions = append(slices.Clone(extensions), ext{"1.3.6.1.5.5.7.48.1.2", false, octets(o.nonce)}.der())
	}
	if len(extensions) > 0 {
		data = append(data, tlv(wire.TagContextIn+1, seq(extensions...)))
	}
	tbs := seq(data...)
	alg, signature := o.sign(tbs)
	if o.spoil {
		signature = flip(signature)
	}
	basic := [][]byte{tbs, alg, bitString(signature)}
	if o.responder != nil {
		basic = append(basic, tlv(wire.TagContextIn, seq(append([][]byte{o.responder.der()}, o.certificates...)...)))
	}
	der := seq(enumerated(0), tlv(wire.TagContextIn, seq(rawOID(wire.OIDOCSPBasic), octets(seq(basic...)))))
	if o.edit != nil {
		return o.edit(der)
	}
	return der
}

func (o ocspSpec) keyID() []byte {
	if o.ecSigner != nil {
		return shaOne(must(o.ecSigner.PublicKey.Bytes()))
	}
	return keyID(o.signer)
}

// sign makes the signature, the same every time (RFC 6979), and its
// AlgorithmIdentifier.
func (o ocspSpec) sign(tbs []byte) (alg, signature []byte) {
	if o.otherData {
		tbs = flip(tbs)
	}
	if o.ecSigner != nil {
		alg, signature = seq(rawOID(wire.OIDECDSAWithSHA256)), must(o.ecSigner.Sign(nil, sha(tbs), crypto.SHA256))
	} else {
		alg, signature = algorithm(wire.OIDSHA256WithRSA), sign(o.signer, tbs)
	}
	if o.algorithm != nil {
		alg = o.algorithm
	}
	return alg, signature
}

// answeredBy lets a responder on an elliptic curve answer.
func (o *ocspSpec) answeredBy(kind jpki.Kind, key *ecdsa.PrivateKey) {
	responder := newECResponder(kind, key, theCast().ca[kind])
	o.signer, o.ecSigner, o.responder = nil, key, &responder
}

// play is one story: a holder, what was signed, what the authority says. A
// vector is a play with one thing changed.
type play struct {
	kind     jpki.Kind
	cert     certSpec
	document []byte
	cms      cmsSpec
	ocsp     ocspSpec
	token    map[string]string
	signed   [2]string // origin and nonce that the card was given
	swapped  []byte    // the certificate shown instead of the holder's
	spoil    bool      // the token's signature
	editText func(string) string
}

const (
	storyOrigin = "https://bank.example.jp"
	storyNonce  = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
)

func storyOCSPNonce() []byte { return []byte("thirty-two octets of no surprise") }

// newPlay is a story in which nothing is wrong.
func newPlay(kind jpki.Kind) *play {
	c := theCast()
	serial := int64(0x0705D990)
	if kind == jpki.UserAuthentication {
		serial = 0x0A21C3F0
	}
	responder := newResponder(kind, c.responder[kind], c.ca[kind])
	p := &play{
		kind:     kind,
		cert:     newHolder(kind, serial, c.holder[kind], c.ca[kind]),
		document: []byte("口座開設申込書\n店名：本店営業部\n目的：給与受取\n"),
		signed:   [2]string{storyOrigin, storyNonce},
		token:    map[string]string{"algorithm": "RS256", "format": "web-eid:1.0", "appVersion": "https://card.example.jp/1.0.0"},
	}
	p.cms = cmsSpec{version: 1, digestOID: wire.OIDSHA256, signatureOID: wire.OIDSHA256WithRSA, sidIssuer: p.cert.issuer, sidSerial: serial, signers: 1}
	p.ocsp = ocspSpec{issuer: p.cert.issuer, issuerKey: c.ca[kind], serial: serial, state: certGood(), answers: 1,
		producedAt: storyNow, thisUpdate: storyNow, nextUpdate: storyNow.Add(15 * time.Minute), nonce: storyOCSPNonce(),
		signer: c.responder[kind], responder: &responder}
	return p
}

// tokenText writes the authentication token.
func (p *play) tokenText() string {
	der := p.swapped
	if der == nil {
		der = p.cert.der()
	}
	signature := sign(p.cert.key, slices.Concat(sha([]byte(p.signed[0])), sha([]byte(p.signed[1]))))
	if p.spoil {
		signature = flip(signature)
	}
	p.token["unverifiedCertificate"] = base64.StdEncoding.EncodeToString(der)
	p.token["signature"] = base64.StdEncoding.EncodeToString(signature)
	var text strings.Builder
	e := json.NewEncoder(&text)
	e.SetIndent("", "  ")
	if err := e.Encode(p.token); err != nil {
		panic(err)
	}
	if p.editText != nil {
		return p.editText(text.String())
	}
	return text.String()
}
