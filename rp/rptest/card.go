package rptest

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/client"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

// Card is a person's card on a reader, with the client software beside it.
type Card struct {
	w            *World
	person, id   string
	certificates map[jpki.Kind]register.Certificate
}

// Card gives a person's card, which was issued when the World began.
func (w *World) Card(person string) *Card {
	w.t.Helper()
	if c, known := w.cards[person]; known {
		return c
	}
	w.t.Fatalf("rptest: nobody is called %q", person)
	return nil
}

// firstCard has the counter issue a person's card.
func (w *World) firstCard(person string) *Card {
	w.t.Helper()
	c := &Card{w: w, person: person, certificates: map[jpki.Kind]register.Certificate{}}
	c.issue("")
	return c
}

// issue has the counter issue certificates onto the card with this number, a
// blank one if it is empty: of these kinds, or of all that the person may have.
func (c *Card) issue(id string, kinds ...jpki.Kind) {
	c.w.t.Helper()
	issued, err := c.w.authority.Issue(context.Background(), authority.Application{ResidentID: c.person, CardID: id,
		Kinds: kinds, PINs: map[jpki.Kind]string{jpki.DigitalSignature: SignaturePIN, jpki.UserAuthentication: AuthenticationPIN}, By: desk.By{Why: "rptest"}})
	c.w.must(err)
	c.id = issued.Card.ID
	for kind, certificate := range issued.Certificates {
		c.certificates[kind] = certificate
	}
}

// Sign signs a document: detached CMS, as rp.Verifier.VerifySignature wants it.
func (c *Card) Sign(document []byte) []byte {
	c.w.t.Helper()
	cms, err := c.SignWith(SignaturePIN, document)
	c.w.must(err)
	return cms
}

// WrongPINError is SignWith's and AuthenticateWith's for a wrong PIN, with the tries that
// are left; none are after three or five.
type WrongPINError = jpkiap.WrongPINError

// Errors of SignWith and AuthenticateWith beside a WrongPINError.
var (
	ErrPINBlocked    = jpkiap.ErrBlocked       // too many wrong ones: the counter sets a new PIN
	ErrNoCertificate = jpkiap.ErrNoCertificate // the holder has none of this kind
)

// SignWith signs with the PIN that somebody types, and says what went wrong: a
// WrongPINError, ErrPINBlocked, ErrNoCertificate.
func (c *Card) SignWith(pin string, document []byte) ([]byte, error) {
	ctx := context.Background()
	reader, err := c.w.cabinet.Connect(ctx, virtualcard.CardID(c.id))
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	return client.Sign(ctx, reader, client.SignRequest{PIN: pin, Document: document, At: c.w.Clock.Now()})
}

// Authenticate answers a nonce for an origin: the authentication token as JSON,
// as rp.Verifier.VerifyAuthentication wants it.
func (c *Card) Authenticate(origin, nonce string) []byte {
	c.w.t.Helper()
	token, err := c.AuthenticateWith(AuthenticationPIN, origin, nonce)
	c.w.must(err)
	return token
}

// AuthenticateWith is Authenticate with the PIN that somebody types.
func (c *Card) AuthenticateWith(pin, origin, nonce string) ([]byte, error) {
	ctx := context.Background()
	reader, err := c.w.cabinet.Connect(ctx, virtualcard.CardID(c.id))
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	token, err := client.Authenticate(ctx, reader, client.AuthenticateRequest{PIN: pin, Origin: origin, Nonce: nonce})
	if err != nil {
		return nil, err
	}
	return json.Marshal(token)
}

// SignDigest signs a SHA-256 as the common platform has it signed: a token of the format
// jpki-digest:1, as JSON, whose signature and certificate rp.Verifier.VerifyDigest takes.
func (c *Card) SignDigest(digest [sha256.Size]byte) []byte {
	c.w.t.Helper()
	ctx := context.Background()
	reader, err := c.w.cabinet.Connect(ctx, virtualcard.CardID(c.id))
	c.w.must(err)
	defer reader.Close()
	made, err := client.SignDigest(ctx, reader, SignaturePIN, digest)
	c.w.must(err)
	token, err := json.Marshal(made)
	c.w.must(err)
	return token
}

// Serial gives the serial number of the certificate of a kind on the card.
func (c *Card) Serial(kind jpki.Kind) jpki.SerialNumber {
	c.w.t.Helper()
	certificate, there := c.certificates[kind]
	if !there {
		c.w.t.Fatalf("rptest: the card of %s has no certificate for %s", c.person, kind)
	}
	return certificate.Serial
}

// Certificate gives the certificate of a kind on the card.
func (c *Card) Certificate(kind jpki.Kind) *x509.Certificate {
	c.w.t.Helper()
	c.Serial(kind)
	certificate, err := x509.ParseCertificate(c.certificates[kind].DER)
	c.w.must(err)
	return certificate
}
