package rp

import (
	"context"
	"crypto/rand"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// DocumentLifetime is how long a document may wait for its signature.
const DocumentLifetime = 30 * time.Minute

// Document is what the card client shows and signs: an application, a notice, a
// consent. The octets of Content, UTF-8 with LF, are what the signature is over.
// The caller keeps it, in a session for instance, until the signature comes back.
type Document struct {
	// Number is in the content too, so that a signature can be used for one act only.
	Number    string
	WrittenAt time.Time // to the second
	Name      string    // of the file
	MediaType string
	Content   string
}

// WriteDocument makes a document with a number of its own, PREFIX-XXXXX-XXXXX with
// 50 random bits. content writes the text, which must contain Number.
func WriteDocument(prefix string, now time.Time, content func(Document) (string, error)) (Document, error) {
	random := rand.Text()
	d := Document{Number: prefix + "-" + random[:5] + "-" + random[5:10], WrittenAt: now.UTC().Truncate(time.Second), MediaType: "text/plain"}
	d.Name = d.Number + ".txt"
	var err error
	d.Content, err = content(d)
	return d, err
}

// SignedDocument is a document with its signature as a relying party keeps it
// (申込書の控え): the certificate and the record of the verification with it.
type SignedDocument struct {
	Document    Document
	CMS         []byte // DER
	Certificate []byte // DER
	Serial      jpki.SerialNumber
	Paired      jpki.SerialNumber // "" unless Config.WantPaired asked for it
	// SignedAt is what the signer's computer claims; zero if it claims nothing.
	SignedAt   time.Time
	ReceivedAt time.Time
	Record     Record
}

// SignatureVerifier verifies signatures; *Verifier is one.
type SignatureVerifier interface {
	VerifySignature(ctx context.Context, document, cms []byte) (*Signature, error)
}

// Accept verifies the signature of a document that was written at most
// DocumentLifetime before now. It returns the signature, and document and signature
// together as a relying party keeps them. The error is ErrDocumentExpired for an older
// document; other errors are those of VerifySignature.
func (d Document) Accept(ctx context.Context, v SignatureVerifier, cms []byte, now time.Time) (*Signature, SignedDocument, error) {
	if now.After(d.WrittenAt.Add(DocumentLifetime)) {
		return nil, SignedDocument{}, ErrDocumentExpired
	}
	s, err := v.VerifySignature(ctx, []byte(d.Content), cms)
	if err != nil {
		return nil, SignedDocument{}, err
	}
	return s, SignedDocument{
		Document: d, CMS: cms, Certificate: s.Certificate.Raw, Serial: s.Serial, Paired: s.Paired,
		SignedAt: s.SignedAt, ReceivedAt: now.UTC(), Record: s.Record,
	}, nil
}
