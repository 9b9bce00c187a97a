package agent

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.jp/jpkimock/authority/jpki"
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

// The two actions: an electronic user authentication (電子利用者証明)
// and an electronic signature (電子署名).
const (
	authenticate action = "authenticate"
	sign         action = "sign"
)

// kind is the certificate that an action takes.
func (a action) kind() jpki.Kind {
	if a == sign {
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
	Document   document // of a signature
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
	if err := checkDocumentName(w.Name); err != nil {
		return operation{}, err
	}
	if err := checkMediaType(w.MediaType); err != nil {
		return operation{}, err
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
	if err := checkReadable(content); err != nil {
		return operation{}, err
	}
	return operation{Action: sign, Origin: from, Document: document{Name: w.Name, Content: content}}, nil
}

func checkDocumentName(name string) error {
	if n := utf8.RuneCountInString(name); n == 0 || n > maxDocumentName || !utf8.ValidString(name) {
		return malformed(fmt.Sprintf("document.name: want 1 to %d characters", maxDocumentName))
	}
	for _, r := range name {
		if unicode.IsControl(r) || hidden(r) {
			return malformed(fmt.Sprintf("document.name: %U cannot be shown", r))
		}
	}
	return nil
}

// checkMediaType accepts text/plain, in UTF-8 if it says in what.
func checkMediaType(s string) error {
	t, params, err := mime.ParseMediaType(s)
	if err != nil || t != "text/plain" {
		return unsupported("document.mediaType: only text/plain can be shown, and what cannot be shown is not signed")
	}
	for name, value := range params {
		if name != "charset" || !strings.EqualFold(value, "utf-8") {
			return unsupported("document.mediaType: only the parameter charset=utf-8 is known")
		}
	}
	return nil
}

// checkReadable refuses text that would not look like what it is: octets that are
// not UTF-8, control characters, and marks that reorder or hide their neighbours.
func checkReadable(content []byte) error {
	if !utf8.Valid(content) {
		return unsupported("document.content: not UTF-8")
	}
	for _, r := range string(content) {
		if unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' || hidden(r) {
			return unsupported(fmt.Sprintf("document.content: %U cannot be shown", r))
		}
	}
	return nil
}

// hidden reports marks by which a shown text can differ from the signed one:
// bidirectional controls, invisible spaces and joiners that Japanese text does not
// use, and tag characters. Variation selectors are allowed: names need them.
func hidden(r rune) bool {
	switch {
	case r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F,
		r == 0x061C, r == 0xFEFF, r >= 0xE0000 && r <= 0xE007F, r == 0x00AD:
		return true
	}
	return false
}
