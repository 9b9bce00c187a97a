package agent

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/agent/digest"
	"example.jp/jpkimock/virtualcard/agent/legible"
	"example.jp/jpkimock/virtualcard/agent/origin"
	"example.jp/jpkimock/virtualcard/attest"
)

// Limits of what a page may ask for. They are documented, and answered with
// too_large or malformed; nothing beyond them reaches the card.
const (
	maxDocument     = 256 << 10 // octets of a document to sign
	maxDocumentName = 200       // characters of its name
	minNonce        = 44        // characters, as Web eID demands
	maxNonce        = 128
	minNonceOctets  = 32 // 256 bits
)

// action is what a page can ask the card to do.
type action string

// The actions: an electronic user authentication (電子利用者証明), and an electronic signature
// (電子署名) of a document, or of a digest whose document nobody shows.
const (
	authenticate action = "authenticate"
	sign         action = "sign"
	signDigest   action = "sign-digest"
)

// kind is the certificate that an action takes.
func (a action) kind() jpki.Kind {
	if a != authenticate {
		return jpki.DigitalSignature
	}
	return jpki.UserAuthentication
}

// operation is what a page or a script asks for, checked: who asks, and for what.
// It is independent of how it came and of the face that shows it.
type operation struct {
	Action action
	Origin string
	Nonce  string // of an authentication: the text that the signature covers
	// Attributes are what an authentication is to tell of the holder, in the order of attest.All.
	Attributes []attest.Attribute
	Document   document    // of a signature
	Digest     *digest.Ask // of a signature whose document nobody shows
}

// document is a text to be signed: these octets are signed, and the person reads
// the same.
type document struct {
	Name    string
	Content []byte
}

// Text returns the document as it is shown.
func (d document) Text() string { return string(d.Content) }

// Lines returns how many lines there are to read.
func (d document) Lines() int {
	return strings.Count(strings.TrimRight(d.Text(), "\r\n"), "\n") + 1
}

// wireDocument is a document in JSON.
type wireDocument struct {
	Name      string `json:"name"`
	MediaType string `json:"mediaType"`
	Content   string `json:"content"` // base64
}

// newAuthentication checks what a page or a script asks for. Every error is a
// *failure.
func newAuthentication(from, nonce string, attributes []string) (operation, error) {
	if err := origin.Check(from); err != nil {
		return operation{}, malformed("origin: " + err.Error())
	}
	if len(nonce) < minNonce || len(nonce) > maxNonce {
		return operation{}, malformed(fmt.Sprintf("nonce: %d characters: want %d to %d", len(nonce), minNonce, maxNonce))
	}
	octets, err := base64.StdEncoding.Strict().DecodeString(nonce)
	if err != nil || strings.ContainsAny(nonce, "\r\n") {
		return operation{}, malformed("nonce: not base64 with padding")
	}
	if len(octets) < minNonceOctets {
		return operation{}, malformed(fmt.Sprintf("nonce: %d octets: want at least %d", len(octets), minNonceOctets))
	}
	asked, err := attest.Parse(attributes)
	if err != nil {
		return operation{}, malformed(err.Error())
	}
	return operation{Action: authenticate, Origin: from, Nonce: nonce, Attributes: asked}, nil
}

// newSignature checks what a page or a script wants signed: what cannot be
// shown in full is not signed. Every error is a *failure.
func newSignature(from string, w wireDocument) (operation, error) {
	if err := origin.Check(from); err != nil {
		return operation{}, malformed("origin: " + err.Error())
	}
	if err := legible.Line(w.Name, maxDocumentName); err != nil {
		return operation{}, malformed("document.name: " + err.Error())
	}
	if err := legible.MediaType(w.MediaType); err != nil {
		return operation{}, unsupported("document.mediaType: " + err.Error())
	}
	if base64.StdEncoding.DecodedLen(len(w.Content)) > maxDocument+2 {
		return operation{}, tooLarge()
	}
	content, err := base64.StdEncoding.Strict().DecodeString(w.Content)
	if err != nil || strings.ContainsAny(w.Content, "\r\n") {
		return operation{}, malformed("document.content: not base64 with padding")
	}
	if len(content) > maxDocument {
		return operation{}, tooLarge()
	}
	if len(bytes.TrimSpace(content)) == 0 {
		return operation{}, malformed("document.content: there is nothing to sign")
	}
	if err := legible.Text(content); err != nil {
		return operation{}, unsupported("document.content: " + err.Error())
	}
	return operation{Action: sign, Origin: from, Document: document{Name: w.Name, Content: content}}, nil
}
