package virtualcard

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"unicode"
	"unicode/utf8"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/chip"
	"example.jp/jpkimock/virtualcard/internal/secret"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

// Limits of what is accepted from a counter.
const (
	longestID       = 64
	longestFaceText = 1000 // bytes of one printed field
)

// Blank makes a card that has keys of both kinds and nothing else (生カード).
// With an empty id the card gets a random number. It returns ErrCardExists, or
// ErrCardID for an invalid number.
func (c *Cabinet) Blank(ctx context.Context, id CardID) (PublicKeys, error) {
	if id == "" {
		var err error
		if id, err = c.randomID(); err != nil {
			return PublicKeys{}, err
		}
	}
	if err := id.check(); err != nil {
		return PublicKeys{}, err
	}
	if id == TransitCard {
		return PublicKeys{}, fmt.Errorf("%w: %s is the transit card's", ErrCardID, id)
	}
	switch _, err := c.store.Card(ctx, id); {
	case err == nil:
		return PublicKeys{}, ErrCardExists
	case !errors.Is(err, ErrNoCard):
		return PublicKeys{}, err
	}
	card := Card{ID: id, Made: c.now(), Slots: map[jpki.Kind]chip.Slot{}, References: map[chip.Ref]chip.Reference{}}
	public := PublicKeys{Card: id, Keys: map[jpki.Kind]*rsa.PublicKey{}}
	for _, k := range jpki.Kinds() {
		key, kept, err := c.makeKey(ctx, id, k)
		if err != nil {
			return PublicKeys{}, err
		}
		card.Slots[k] = chip.Slot{Key: kept}
		public.Keys[k] = key
	}
	if err := c.store.CreateCard(ctx, card); err != nil {
		return PublicKeys{}, err
	}
	return public, nil
}

func (c *Cabinet) randomID() (CardID, error) {
	b := make([]byte, 8)
	if _, err := io.ReadFull(c.rand, b); err != nil {
		return "", fmt.Errorf("virtualcard: number a card: %w", err)
	}
	return CardID("card-" + hex.EncodeToString(b)), nil
}

// check reports an invalid number.
func (id CardID) check() error {
	if len(id) > longestID {
		return fmt.Errorf("%w: %d characters", ErrCardID, len(id))
	}
	for _, r := range id {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' {
			return fmt.Errorf("%w: %q is not one of a-z, 0-9, -", ErrCardID, r)
		}
	}
	return nil
}

// makeKey makes a key and returns its public part and its secret form.
func (c *Cabinet) makeKey(ctx context.Context, id CardID, k jpki.Kind) (*rsa.PublicKey, secret.Value, error) {
	key, err := c.keys.Key(ctx, id, k)
	if err != nil {
		return nil, secret.Value{}, fmt.Errorf("virtualcard: make a key: %w", err)
	}
	kept, err := chip.MarshalKey(key)
	if err != nil {
		return nil, secret.Value{}, err
	}
	return &key.PublicKey, kept, nil
}

// NewKey makes a pending key for a re-issue (再発行, 更新). The card keeps using its
// old key until Personalize writes a certificate for the new one. A second call
// replaces the pending key.
func (c *Cabinet) NewKey(ctx context.Context, id CardID, k jpki.Kind) (*rsa.PublicKey, error) {
	if !k.Valid() {
		return nil, fmt.Errorf("%w: no such kind", ErrCertificate)
	}
	if _, err := c.store.Card(ctx, id); err != nil {
		return nil, err
	}
	public, kept, err := c.makeKey(ctx, id, k)
	if err != nil {
		return nil, err
	}
	err = c.change(ctx, id, func(card *Card) error {
		slot := card.Slots[k]
		slot.PendingKey = kept
		card.Slots[k] = slot
		return nil
	})
	if err != nil {
		return nil, err
	}
	return public, nil
}

// Personalize writes a card (個人化), all of it or nothing. It waits until no reader
// has the card. A certificate must match the card's key of its kind, pending or
// active (ErrKeyMismatch), and have the form that clients of the card expect
// (ErrCertificate); a PIN must follow its rule (*jpkiap.PINFormatError).
func (c *Cabinet) Personalize(ctx context.Context, id CardID, p Personalization) error {
	certificates, err := p.check()
	if err != nil {
		return err
	}
	return c.change(ctx, id, func(card *Card) error {
		if p.Face != (Face{}) {
			card.Face = p.Face
			card.printNumbers()
		}
		if p.Variant != jpki.Plastic {
			card.Variant = p.Variant
		}
		for _, k := range jpki.Kinds() {
			if err := card.write(k, p, certificates[k]); err != nil {
				return err
			}
		}
		return nil
	})
}

// check checks everything that can be checked without the card, and returns the
// parsed certificates.
func (p Personalization) check() (map[jpki.Kind]*x509.Certificate, error) {
	if err := errors.Join(p.Face.check(), p.Variant.Check()); err != nil {
		return nil, err
	}
	for k, pin := range p.PINs {
		if err := jpkiap.CheckPIN(k, pin); err != nil {
			return nil, err
		}
	}
	for k, der := range p.CACertificates {
		if _, err := checkCertificate(k, der); err != nil {
			return nil, err
		}
	}
	certificates := map[jpki.Kind]*x509.Certificate{}
	for k, der := range p.Certificates {
		cert, err := checkCertificate(k, der)
		if err != nil {
			return nil, err
		}
		certificates[k] = cert
	}
	return certificates, nil
}

// checkCertificate reads a certificate as clients of a card will: it must
// begin 30 82, the four bytes that OpenSC takes the length from, and fit its
// file with filler left.
func checkCertificate(k jpki.Kind, der []byte) (*x509.Certificate, error) {
	cert, err := x509.ParseCertificate(der)
	switch {
	case !k.Valid():
		return nil, fmt.Errorf("%w: no such kind", ErrCertificate)
	case err != nil:
		return nil, fmt.Errorf("%w: %v: %w", ErrCertificate, k, err)
	case !bytes.HasPrefix(der, []byte{0x30, 0x82}) || len(der) >= chip.CertificateFile:
		return nil, fmt.Errorf("%w: %v: %d bytes of DER", ErrCertificate, k, len(der))
	}
	return cert, nil
}

// check reports text that cannot be printed on a card.
func (f Face) check() error {
	for _, text := range []string{f.Name, f.Kana, f.NameEN, f.Address, f.DateOfBirth, f.Gender} {
		if len(text) > longestFaceText || !utf8.ValidString(text) {
			return ErrFace
		}
		for _, r := range text {
			if unicode.IsControl(r) {
				return ErrFace
			}
		}
	}
	if f.Number != "" {
		if _, err := jpki.ParseIndividualNumber(string(f.Number)); err != nil {
			return fmt.Errorf("%w: %w", ErrFace, err)
		}
	}
	if f.Municipality != "" && !fiveDigits.MatchString(f.Municipality) {
		return ErrFace
	}
	return nil
}

// fiveDigits is the code of a municipality.
var fiveDigits = regexp.MustCompile(`^[0-9]{5}$`)

// write applies what a personalization has for one kind.
func (card *Card) write(k jpki.Kind, p Personalization, cert *x509.Certificate) error {
	if pin, ok := p.PINs[k]; ok {
		card.setPIN(chip.RefOf(k), []byte(pin))
		card.setFurtherPINs(k, pin)
	}
	slot := card.Slots[k]
	if cert != nil {
		if err := activate(&slot, cert); err != nil {
			return err
		}
		if card.References[chip.RefOf(k)].PIN.IsZero() {
			return fmt.Errorf("%w: %v", ErrNoPIN, k)
		}
		slot.Certificate = bytes.Clone(cert.Raw)
	}
	if der, ok := p.CACertificates[k]; ok {
		slot.CACertificate = bytes.Clone(der)
	}
	card.Slots[k] = slot
	return nil
}

// activate makes the key of cert the active one, and drops the key before it.
func activate(s *chip.Slot, cert *x509.Certificate) error {
	switch pending, err := belongs(s.PendingKey, cert); {
	case err != nil:
		return err
	case pending:
		s.Key, s.PendingKey = s.PendingKey, secret.Value{}
		return nil
	}
	active, err := belongs(s.Key, cert)
	if err == nil && !active {
		err = ErrKeyMismatch
	}
	return err
}

// belongs reports whether a certificate is for the public part of a key.
func belongs(kept secret.Value, cert *x509.Certificate) (bool, error) {
	if kept.IsZero() {
		return false, nil
	}
	key, err := chip.ParseKey(kept)
	if err != nil {
		return false, err
	}
	return key.PublicKey.Equal(cert.PublicKey), nil
}

// setFurtherPINs gives the holder's further PINs the first PIN for user authentication, as
// most people do who choose four digits at the counter.
func (card *Card) setFurtherPINs(k jpki.Kind, pin string) {
	for _, r := range chip.FurtherPINs() {
		if k == jpki.UserAuthentication && card.References[r].PIN.IsZero() {
			card.setPIN(r, []byte(pin))
		}
	}
}

// Unblock sets a new PIN and restores all its tries (ロック解除, 初期化), as the
// municipal counter does without knowing the old PIN. A new PIN that breaks its rule
// is a *jpkiap.PINFormatError, and one that no holder has chip.ErrRef. It waits until no reader has the card.
func (c *Cabinet) Unblock(ctx context.Context, id CardID, r chip.Ref, newPIN string) error {
	if err := r.CheckPIN(newPIN); err != nil {
		return err
	}
	return c.change(ctx, id, func(card *Card) error {
		card.setPIN(r, []byte(newPIN))
		return nil
	})
}
