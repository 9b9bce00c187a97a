package transactions

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

func TestADigestIsReadBareOrAsItsDigestInfo(t *testing.T) {
	sum := sha256.Sum256([]byte("a contract"))
	encode := base64.StdEncoding.EncodeToString
	for name, good := range map[string][]byte{"bare": sum[:], "DigestInfo": append(bytes.Clone(digestInfo), sum[:]...)} {
		if got, err := parseDigest(encode(good)); err != nil || got != sum {
			t.Errorf("%s: %x, %v", name, got, err)
		}
	}
	sha1 := []byte{0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14}
	for name, bad := range map[string]string{
		"nothing": "", "a half": encode(sum[:16]), "too long": encode(append(sum[:], 0)), "of SHA-1": encode(append(sha1, sum[:20]...)),
		"DigestInfo without a digest": encode(digestInfo), "DigestInfo twice": encode(append(append(bytes.Clone(digestInfo), digestInfo...), sum[:]...)),
		"no padding": strings.TrimRight(encode(sum[:]), "="), "a line end": encode(sum[:]) + "\n", "base64url": "-_" + encode(sum[:])[2:], "much": strings.Repeat("A", 1<<20),
	} {
		if _, err := parseDigest(bad); !errors.Is(err, ErrDigest) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// shelf is a store of one transaction; its methods give the error no, if there is one.
type shelf struct {
	Store
	kept   Transaction
	signed *Signed
	no     error
}

func (s *shelf) Transaction(context.Context, string, string) (Transaction, error) {
	return s.kept, s.no
}
func (s *shelf) SignTransaction(_ context.Context, _, _ string, by Signed, _ time.Time) error {
	s.signed = &by
	return s.no
}

// kit takes every signature.
type kit struct{ digest [sha256.Size]byte }

func (k *kit) VerifyDigest(_ context.Context, digest [sha256.Size]byte, _, _ []byte) (*rp.Signature, error) {
	k.digest = digest
	return &rp.Signature{Serial: "1"}, nil
}

func TestASignatureIsKeptOnlyIfItBelongs(t *testing.T) {
	now := time.Date(2026, 4, 1, 3, 0, 0, 0, time.UTC)
	sum := sha256.Sum256([]byte("a contract"))
	token, err := json.Marshal(map[string]any{"format": format, "algorithm": tokenAlgorithm, "signature": []byte("s"), "unverifiedCertificate": []byte("c")})
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("the disk is full")
	for name, c := range map[string]struct {
		change func(*Transaction)
		token  []byte
		no     error
		belong error
		want   error
	}{
		"in order":        {want: nil},
		"expired":         {change: func(t *Transaction) { t.ExpiresAt = now }, want: ErrOver},
		"signed":          {change: func(t *Transaction) { t.Signed = &Signed{} }, want: ErrOver},
		"fetched":         {change: func(t *Transaction) { t.Over = true }, want: ErrOver},
		"somebody else's": {belong: ErrToken, want: ErrToken},
		"no token":        {token: []byte("{}"), want: ErrToken},
		"too long":        {token: append(bytes.Clone(token), bytes.Repeat([]byte(" "), maxToken)...), want: ErrToken},
		"a full disk":     {no: broken, want: broken},
	} {
		s, k := &shelf{kept: Transaction{ID: "1", Client: "RP1", Digest: sum, ExpiresAt: now.Add(time.Second)}, no: c.no}, &kit{}
		if c.change != nil {
			c.change(&s.kept)
		}
		if c.token == nil {
			c.token = token
		}
		d := &Desk{Store: s, Verifier: k, Now: func() time.Time { return now }}
		err := d.Sign(t.Context(), "RP1", "1", c.token, func(jpki.SerialNumber) error { return c.belong })
		if !errors.Is(err, c.want) || (s.signed != nil) != (c.want == nil) {
			t.Errorf("%s: %v, kept %v", name, err, s.signed)
		}
		if c.want == nil && k.digest != sum {
			t.Errorf("%s: verified over %x", name, k.digest)
		}
	}
}

func TestAnIDIsARandomUUID(t *testing.T) {
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	seen := map[string]bool{}
	for range 1000 {
		id := newID()
		if !form.MatchString(id) || seen[id] {
			t.Fatalf("%q", id)
		}
		seen[id] = true
	}
}
