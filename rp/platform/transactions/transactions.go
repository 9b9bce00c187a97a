// Package transactions is the signatures that services ask a platform for: a service gives the
// SHA-256 of what is to be signed, its person signs at the platform, and the service fetches the
// signature, encrypted to it, once.
package transactions

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/platform/signing"
)

// Limits of transactions.
const (
	Lifetime       = 10 * time.Minute // from asking to signing, and from signing to fetching
	MaxOfClient    = 1000             // that one service has at one time
	maxDigest      = 128              // octets of base64
	maxToken       = 32 << 10         // octets of a card's answer
	longestID      = 64               // octets
	format         = "jpki-digest:1"
	tokenAlgorithm = "RS256"
)

// Refusals of transactions.
var (
	ErrNone    = errors.New("transactions: the service has no transaction of this id")
	ErrWaiting = errors.New("transactions: nobody has signed yet")
	ErrOver    = errors.New("transactions: the transaction is signed, fetched or expired")
	ErrFull    = errors.New("transactions: too many transactions of this service")
	ErrDigest  = errors.New("transactions: digest: want the base64 of a SHA-256, or of its DigestInfo")
	ErrToken   = errors.New("transactions: want a card's answer of the format jpki-digest:1")
)

// Transaction is a signature that a service asks for.
type Transaction struct {
	ID, Client string
	Digest     [sha256.Size]byte
	ExpiresAt  time.Time
	// Signed is nil until the person has signed, and after the result was fetched.
	Signed *Signed
	// Over: the result was fetched.
	Over bool
}

// Groups gives the digest as the card's window shows it: in hexadecimal, eight digits a group.
func (t Transaction) Groups() (groups []string) {
	for i := 0; i < len(t.Digest); i += 4 {
		groups = append(groups, hex.EncodeToString(t.Digest[i:i+4]))
	}
	return groups
}

// Signed is a verified signature: PKCS #1 v1.5, and the certificate in DER.
type Signed struct {
	Signature, Certificate []byte
	Serial                 jpki.SerialNumber
	At                     time.Time
}

// Base64 gives the digest as services give it.
func (t Transaction) Base64() string { return base64.StdEncoding.EncodeToString(t.Digest[:]) }

// Store keeps transactions. What a method has returned without an error is committed.
type Store interface {
	// AddTransaction keeps a transaction, or gives ErrFull if its client has most already.
	AddTransaction(ctx context.Context, t Transaction, most int, now time.Time) error
	// Transaction gives a transaction of a client, or ErrNone.
	Transaction(ctx context.Context, client, id string) (Transaction, error)
	// SignTransaction keeps the signature and until when it can be fetched, or gives ErrOver for a
	// transaction that is signed or has expired.
	SignTransaction(ctx context.Context, client, id string, s Signed, until time.Time) error
	// TakeTransaction calls take with a signed transaction and then forgets the signature, unless
	// take gives an error. ErrNone, ErrWaiting or ErrOver for any other.
	TakeTransaction(ctx context.Context, client, id string, now time.Time, take func(Transaction) error) error
}

// Verifier is what a desk needs of the kit; *rp.Verifier is one.
type Verifier interface {
	// VerifyDigest verifies a bare signature with its certificate and the certificate's status.
	VerifyDigest(ctx context.Context, digest [sha256.Size]byte, signature, certificate []byte) (*rp.Signature, error)
}

// Desk takes in and gives out. All its fields are required.
type Desk struct {
	Store    Store
	Verifier Verifier
	Now      func() time.Time
	Issuer   string // of the platform
}

// digestInfo is what stands before a SHA-256 in its DigestInfo (RFC 8017 9.2, note 1).
var digestInfo = []byte{0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20}

// parseDigest reads the base64 of a SHA-256, bare or as a DigestInfo.
func parseDigest(text string) (d [sha256.Size]byte, err error) {
	octets, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(text) > maxDigest || strings.ContainsAny(text, "\r\n") {
		return d, ErrDigest
	}
	if octets = bytes.TrimPrefix(octets, digestInfo); len(octets) != len(d) {
		return d, ErrDigest
	}
	return [sha256.Size]byte(octets), nil
}

// Open begins a transaction of a service.
func (d *Desk) Open(ctx context.Context, client, digest string) (Transaction, error) {
	sum, err := parseDigest(digest)
	if err != nil {
		return Transaction{}, err
	}
	now := d.Now()
	t := Transaction{ID: newID(), Client: client, Digest: sum, ExpiresAt: now.Add(Lifetime)}
	return t, d.Store.AddTransaction(ctx, t, MaxOfClient, now)
}

// newID makes a random UUID (RFC 9562 5.4).
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// Asked gives the transaction that an authorization request names: the scope for signing goes with
// one that can be signed, and nothing else does. Only an error of the store is none of Refused.
func (d *Desk) Asked(ctx context.Context, client string, signs bool, id string) (*Transaction, error) {
	switch {
	case !signs && id == "":
		return nil, nil
	case !signs:
		return nil, errors.Join(ErrNone, errors.New(`the scope "sign" is missing`))
	}
	t, err := d.waiting(ctx, client, id)
	return &t, err
}

// Refused reports that an error is about the transaction that was asked for.
func Refused(err error) bool { return errors.Is(err, ErrNone) || errors.Is(err, ErrOver) }

// waiting gives a transaction that can be signed.
func (d *Desk) waiting(ctx context.Context, client, id string) (Transaction, error) {
	if id == "" || len(id) > longestID {
		return Transaction{}, ErrNone
	}
	t, err := d.Store.Transaction(ctx, client, id)
	if err == nil && (t.Over || t.Signed != nil || !d.Now().Before(t.ExpiresAt)) {
		err = ErrOver
	}
	return t, err
}

// Sign takes a card's answer: the signature is over this transaction's digest, its certificate is
// good now, and belongs accepts whose it is. Then it is kept until Lifetime from now.
func (d *Desk) Sign(ctx context.Context, client, id string, token []byte, belongs func(jpki.SerialNumber) error) error {
	t, err := d.waiting(ctx, client, id)
	if err != nil {
		return err
	}
	signature, certificate, err := parseToken(token)
	if err != nil {
		return err
	}
	by, err := d.Verifier.VerifyDigest(ctx, t.Digest, signature, certificate)
	if err != nil {
		return err
	}
	if err := belongs(by.Serial); err != nil {
		return err
	}
	now := d.Now()
	return d.Store.SignTransaction(ctx, client, id, Signed{Signature: signature, Certificate: certificate, Serial: by.Serial, At: now}, now.Add(Lifetime))
}

// parseToken reads a card's answer.
func parseToken(text []byte) (signature, certificate []byte, err error) {
	var token struct {
		Format                string `json:"format"`
		Algorithm             string `json:"algorithm"`
		Signature             []byte `json:"signature"`
		UnverifiedCertificate []byte `json:"unverifiedCertificate"`
	}
	if len(text) > maxToken || json.Unmarshal(text, &token) != nil || token.Format != format || token.Algorithm != tokenAlgorithm ||
		len(token.Signature) == 0 || len(token.UnverifiedCertificate) == 0 {
		return nil, nil, ErrToken
	}
	return token.Signature, token.UnverifiedCertificate, nil
}

// result is what a service finds in its JWE.
type result struct {
	Issuer      string `json:"iss"`
	Audience    string `json:"aud"`
	ID          string `json:"sign_transaction_id"`
	Digest      []byte `json:"digest"`
	Signature   []byte `json:"signature"`
	Certificate []byte `json:"certificate"`
	SignedAt    int64  `json:"signed_at"` // seconds since 1970
}

// Result gives a service the signature as a JWE to its own key, once.
func (d *Desk) Result(ctx context.Context, client, id string, keys jose.JSONWebKeySet) (sealed string, err error) {
	if len(id) > longestID {
		return "", ErrNone
	}
	err = d.Store.TakeTransaction(ctx, client, id, d.Now(), func(t Transaction) error {
		text, err := json.Marshal(result{
			Issuer: d.Issuer, Audience: client, ID: t.ID, Digest: t.Digest[:], Signature: t.Signed.Signature, Certificate: t.Signed.Certificate, SignedAt: t.Signed.At.Unix(),
		})
		if err != nil {
			return err
		}
		sealed, err = signing.Encrypt(keys, "json", text)
		return err
	})
	return sealed, err
}
