package partner

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"example.jp/jpkimock/authority/jpki"
)

// Notice is a letter for a post-office box. The JWS that carries it is sealed by its
// sender, so that it proves who wrote it, also years later.
type Notice struct {
	ID     string `json:"jti"` // the sender's own: one that was delivered is not delivered again
	Sender string `json:"iss"`
	Box    string `json:"sub"` // the address of the box
	At     int64  `json:"iat"` // seconds since 1970
	Title  string `json:"title"`
	Body   string `json:"body"` // plain text
	// About is the number of the application that it answers; empty for none.
	About       string       `json:"about,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`
}

// Attachment is a file in a notice (添付ファイル).
type Attachment struct {
	Name      string `json:"name"`
	MediaType string `json:"type"` // one of AttachmentTypes
	Content   []byte `json:"content"`
}

// AttachmentTypes are the files that a post-office box takes. None runs in a browser.
func AttachmentTypes() []string {
	return []string{"application/pdf", "text/plain", "text/csv", "image/png"}
}

// Same reports that two notices say the same, whenever they were sealed.
func (n Notice) Same(as Notice) bool {
	n.At = as.At
	return reflect.DeepEqual(n, as)
}

// NoticeType is the typ of a sealed notice.
const NoticeType = "jpkimock-notice+jws"

// Sealer is a sender of notices with its key.
type Sealer struct {
	Sender string // as notices name it
	key    *ecdsa.PrivateKey
	keyID  string
	set    []byte
}

// NewKey makes a key to seal with, PKCS #8.
func NewKey() ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	return x509.MarshalPKCS8PrivateKey(key)
}

// NewSealer returns a sender with its key, P-256 in PKCS #8.
func NewSealer(sender string, pkcs8 []byte) (*Sealer, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(pkcs8)
	if err != nil {
		return nil, fmt.Errorf("partner: read the key of the seal: %w", err)
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errors.New("partner: a notice is sealed with a P-256 key")
	}
	set, keyID, err := KeySet(&key.PublicKey)
	return &Sealer{sender, key, keyID, set}, err
}

// KeySet gives the JWK Set (RFC 7517) by which the seals are verified.
func (s *Sealer) KeySet() []byte { return s.set }

// Seal signs a notice of this sender: a JWS in compact form (RFC 7515), ES256, with the
// key's ID in its header.
func (s *Sealer) Seal(n Notice) (string, error) {
	n.Sender = s.Sender
	return Seal(s.key, s.keyID, n)
}

// Result is what a partner has decided about an application, for its notice.
type Result struct {
	Receipt
	Box                       string
	From                      string // the partner's name
	Name, Customer, ChangedOn string
	Done                      string // what is told where it is done
}

// SealResult writes and seals the notice of a result (結果通知), and gives the receipt
// with it.
func (s *Sealer) SealResult(r Result) (Receipt, error) {
	title, body := "変更の手続が完了しました", r.Done
	if r.State == Rejected {
		title, body = "変更の手続を承れませんでした", r.Reason
	}
	text := r.Name + "　様\n\n" + body + "\n\n申請番号　　　" + r.ID + "\nお客さま番号　" + r.Customer +
		"\n異動の日　　　" + r.ChangedOn + "\n処理の日　　　" + jpki.JapaneseDay(r.At) + "\n\n" + r.From
	var err error
	r.Notice, err = s.Seal(Notice{ID: r.ID + "-result", Box: r.Box, At: r.At.Unix(), Title: title, Body: text, About: r.ID})
	return r.Receipt, err
}

// Seal signs a notice: a JWS in compact form (RFC 7515), ES256, with the sender's key
// ID in its header.
func Seal(key *ecdsa.PrivateKey, keyID string, n Notice) (string, error) {
	if key == nil || key.Curve != elliptic.P256() {
		return "", errors.New("partner: a notice is sealed with a P-256 key")
	}
	header, err := json.Marshal(map[string]string{"alg": "ES256", "typ": NoticeType, "kid": keyID})
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(n)
	if err != nil {
		return "", err
	}
	text := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(payload)
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
	if err != nil {
		return "", err
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return text + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

// KeySet gives the JWK Set (RFC 7517) by which a sender's seals are verified, and the
// key's ID: the thumbprint (RFC 7638).
func KeySet(key *ecdsa.PublicKey) (set []byte, keyID string, err error) {
	point, err := key.Bytes()
	if err != nil || key.Curve != elliptic.P256() {
		return nil, "", errors.New("partner: the key is not of the curve P-256")
	}
	b64 := base64.RawURLEncoding.EncodeToString
	x, y := b64(point[1:33]), b64(point[33:])
	sum := sha256.Sum256(fmt.Appendf(nil, `{"crv":"P-256","kty":"EC","x":%q,"y":%q}`, x, y))
	keyID = b64(sum[:])
	set, err = json.Marshal(map[string]any{"keys": []map[string]string{
		{"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": keyID, "alg": "ES256", "use": "sig"},
	}})
	return set, keyID, err
}
