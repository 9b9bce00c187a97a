// Package postbox is the electronic post-office box (電子私書箱): letters that their
// senders have sealed (JWS) are kept encrypted for their owner, under a key of the
// owner's that is not among the rows. Who may open a box is decided by the portal: its
// owner, signed in with the card.
package postbox

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/portal/partner"
)

// Letter is a notice in a box. Content is encrypted.
type Letter struct {
	ID         int64
	Owner      int64  // the citizen
	Sender     string // who sealed it
	Notice     string // the sender's ID of the notice: it is delivered once
	ReceivedAt time.Time
	OpenedAt   time.Time // zero until its owner opened it
	Content    []byte
}

// Content is what a letter holds: the notice as it was sealed, the keys by which the
// seal was verified when it came, and the notice itself.
type Content struct {
	Sealed string          `json:"sealed"`
	Keys   json.RawMessage `json:"keys"`
	Notice partner.Notice  `json:"notice"`
}

// Refusals of a post-office box.
var (
	ErrSeal   = errors.New("postbox: the seal is not good")
	ErrNotice = errors.New("postbox: the notice is not for this box, or cannot be read")
	ErrStale  = errors.New("postbox: the seal is too old, or from the future")
	// ErrRepeated is a notice whose ID another notice of the sender has.
	ErrRepeated = errors.New("postbox: another notice has this ID")
	ErrLetter   = errors.New("postbox: there is no such letter in this box")
)

// Bounds of a notice.
const (
	maxSealed      = 384 << 10
	maxTitle       = 200
	maxBody        = 32 << 10
	maxAttachments = 4
	maxAttached    = 192 << 10 // octets of all together
)

// CheckKeys refuses what is not a JWK Set of at most eight P-256 public keys.
func CheckKeys(keys []byte) error {
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(keys, &set); err != nil || len(set.Keys) == 0 || len(set.Keys) > 8 {
		return ErrSeal
	}
	for _, k := range set.Keys {
		if p, ok := k.Key.(*ecdsa.PublicKey); !ok || p.Curve != elliptic.P256() || k.KeyID == "" {
			return ErrSeal
		}
	}
	return nil
}

// SenderOf says whose seal a notice claims to have.
func SenderOf(sealed string) (string, error) {
	if len(sealed) > maxSealed {
		return "", ErrNotice
	}
	jws, err := jose.ParseSignedCompact(sealed, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return "", fmt.Errorf("%w: %v", ErrSeal, err)
	}
	var n struct {
		Sender string `json:"iss"`
	}
	if err := json.Unmarshal(jws.UnsafePayloadWithoutVerification(), &n); err != nil {
		return "", ErrNotice
	}
	return n.Sender, nil
}

// DigestOf gives the SHA-256 of a sealed notice in hexadecimal.
func DigestOf(sealed string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(sealed))) }

// check refuses attachments that are too many, too large or of another type.
func check(attached []partner.Attachment) error {
	size := 0
	for _, a := range attached {
		size += len(a.Content)
		if jpki.CheckLine(a.Name, 100) != nil || strings.ContainsAny(a.Name, `/\`) || !slices.Contains(partner.AttachmentTypes(), a.MediaType) {
			return ErrNotice
		}
	}
	if len(attached) > maxAttachments || size > maxAttached {
		return ErrNotice
	}
	return nil
}

// Open verifies a seal by its sender's JWK Set, and gives what was sealed. It is ErrSeal
// unless one of the keys made it, and ErrNotice unless the notice is from that sender.
func Open(sealed, sender string, keys []byte) (Content, error) {
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(keys, &set); err != nil {
		return Content{}, fmt.Errorf("%w: the sender's keys cannot be read", ErrSeal)
	}
	if len(sealed) > maxSealed {
		return Content{}, ErrNotice
	}
	jws, err := jose.ParseSignedCompact(sealed, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return Content{}, fmt.Errorf("%w: %v", ErrSeal, err)
	}
	header := jws.Signatures[0].Protected
	found := set.Key(header.KeyID)
	if header.KeyID == "" || len(found) != 1 || header.ExtraHeaders[jose.HeaderType] != partner.NoticeType {
		return Content{}, fmt.Errorf("%w: not a key of the sender", ErrSeal)
	}
	payload, err := jws.Verify(found[0].Public())
	if err != nil {
		return Content{}, fmt.Errorf("%w: %v", ErrSeal, err)
	}
	c := Content{Sealed: sealed, Keys: bytes.Clone(keys)}
	d := json.NewDecoder(bytes.NewReader(payload))
	d.DisallowUnknownFields()
	if err := d.Decode(&c.Notice); err != nil {
		return Content{}, fmt.Errorf("%w: %v", ErrNotice, err)
	}
	n := c.Notice
	if n.Sender != sender || n.ID == "" || len(n.ID) > 128 || n.Box == "" || n.Body == "" || len(n.Body) > maxBody || n.At <= 0 || jpki.CheckLine(n.Title, maxTitle) != nil {
		return Content{}, ErrNotice
	}
	return c, check(n.Attachments)
}

// Vault encrypts letters, AES-256-GCM under a key for each owner.
type Vault struct{ master []byte }

// KeySize is the size of a vault's key, in octets.
const KeySize = 32

// NewVault returns a vault with a master key. The keys of the owners are derived from it
// (HKDF-SHA-256), so that no row of a database opens another.
func NewVault(master []byte) (*Vault, error) {
	if len(master) != KeySize {
		return nil, fmt.Errorf("postbox: the key must have %d octets", KeySize)
	}
	return &Vault{bytes.Clone(master)}, nil
}

func (v *Vault) cipherOf(owner int64) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, v.master, nil, fmt.Sprintf("jpkimock post-office box %d", owner), KeySize)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// bound is what a letter's encryption is bound to, so that no letter takes the place of
// another.
func bound(l Letter) []byte { return fmt.Appendf(nil, "%d\x00%s\x00%s", l.Owner, l.Sender, l.Notice) }

// Close puts a notice into an encrypted letter.
func (v *Vault) Close(owner int64, c Content, now time.Time) (Letter, error) {
	l := Letter{Owner: owner, Sender: c.Notice.Sender, Notice: c.Notice.ID, ReceivedAt: now.UTC()}
	aead, err := v.cipherOf(owner)
	if err != nil {
		return Letter{}, err
	}
	text, err := json.Marshal(c)
	if err != nil {
		return Letter{}, err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := io.ReadFull(rand.Reader, nonce); err != nil {
		return Letter{}, err
	}
	l.Content = aead.Seal(nonce, nonce, text, bound(l))
	return l, nil
}

// Read decrypts a letter for an owner; it is ErrLetter if the letter is another's, or
// was changed.
func (v *Vault) Read(owner int64, l Letter) (c Content, err error) {
	aead, err := v.cipherOf(owner)
	if err != nil {
		return c, err
	}
	if l.Owner != owner || len(l.Content) < aead.NonceSize() {
		return c, ErrLetter
	}
	text, err := aead.Open(nil, l.Content[:aead.NonceSize()], l.Content[aead.NonceSize():], bound(l))
	if err != nil {
		return c, ErrLetter
	}
	return c, json.Unmarshal(text, &c)
}
