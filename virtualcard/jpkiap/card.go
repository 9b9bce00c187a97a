// Package jpkiap drives the JPKI application (公的個人認証AP) of an Individual
// Number Card over a one-method Transmitter: the virtual card, a transcript and
// a real reader are equal to it. It also has the application's words (file
// identifiers, PIN rules), which the virtual card shares.
//
// The bytes follow what OpenSC's JPKI driver and myna are known to send; the
// card's own specification is not public.
package jpkiap

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/apdu"
)

// Transmitter carries one command APDU to a card and gives its response APDU,
// data and status word. An error means that the card could not be asked; what
// the card refuses is a status word.
type Transmitter interface {
	Transmit(ctx context.Context, command []byte) ([]byte, error)
}

// Card is a card in a reader. It is not safe for concurrent use, as a card is
// not.
type Card struct {
	to       Transmitter
	selected bool
}

// New returns the driver for the card behind to. Nothing is sent yet; the first
// method that needs it selects the JPKI application.
func New(to Transmitter) *Card { return &Card{to: to} }

// send carries one command and returns its answer whatever the status word.
func (c *Card) send(ctx context.Context, cmd apdu.Command) (apdu.Response, error) {
	b, err := c.to.Transmit(ctx, cmd.Bytes())
	if err != nil {
		return apdu.Response{}, fmt.Errorf("jpkiap: %v: %w", cmd, err)
	}
	return apdu.ParseResponse(b)
}

// Select selects the JPKI application: 00 A4 04 0C 0A AID. The card forgets
// verified PINs, so it is also how to log out. It returns ErrNotJPKI for
// another card.
func (c *Card) Select(ctx context.Context) error {
	c.selected = false
	r, err := c.send(ctx, apdu.Command{INS: 0xA4, P1: 0x04, P2: 0x0C, Data: AID()})
	switch {
	case err != nil:
		return err
	case r.SW == apdu.NotFound:
		return ErrNotJPKI
	case r.SW != apdu.OK:
		return &StatusError{INS: 0xA4, SW: r.SW}
	}
	c.selected = true
	return nil
}

// selectFile selects an elementary file: 00 A4 02 0C 02 FID.
func (c *Card) selectFile(ctx context.Context, fid FID) error {
	if !c.selected {
		if err := c.Select(ctx); err != nil {
			return err
		}
	}
	r, err := c.send(ctx, apdu.Command{INS: 0xA4, P1: 0x02, P2: 0x0C, Data: []byte{byte(fid >> 8), byte(fid)}})
	if err == nil && r.SW != apdu.OK {
		err = &StatusError{INS: 0xA4, SW: r.SW}
	}
	return err
}

// TriesLeft asks how many tries the PIN of a kind has left, and spends none:
// 00 20 00 80, four bytes, answered 63Cx. 0 is a blocked PIN, or one never set.
func (c *Card) TriesLeft(ctx context.Context, k jpki.Kind) (int, error) {
	if err := c.selectFile(ctx, FilesOf(k).PIN); err != nil {
		return 0, err
	}
	r, err := c.send(ctx, apdu.Command{INS: 0x20, P2: 0x80})
	if err != nil {
		return 0, err
	}
	left, ok := r.SW.TriesLeft()
	if !ok {
		return 0, &StatusError{INS: 0x20, SW: r.SW}
	}
	return left, nil
}

// Verify presents the PIN of a kind: 00 20 00 80 Lc PIN. What cannot be such a
// PIN is a *PINFormatError and is not sent, so that no try is spent. A wrong
// one is a *WrongPINError, which matches ErrBlocked if it was the last try; a
// PIN blocked before is ErrBlocked.
func (c *Card) Verify(ctx context.Context, k jpki.Kind, pin string) error {
	if err := CheckPIN(k, pin); err != nil {
		return err
	}
	if err := c.selectFile(ctx, FilesOf(k).PIN); err != nil {
		return err
	}
	r, err := c.send(ctx, apdu.Command{INS: 0x20, P2: 0x80, Data: []byte(pin)})
	if err != nil {
		return err
	}
	if left, ok := r.SW.TriesLeft(); ok {
		return &WrongPINError{Kind: k, TriesLeft: left}
	}
	switch r.SW {
	case apdu.OK:
		return nil
	case apdu.ReferenceBlocked, apdu.MethodBlocked:
		return ErrBlocked
	}
	return &StatusError{INS: 0x20, SW: r.SW}
}

// HasCertificate asks whether the card holds a certificate of kind k, by EF
// 0008. No PIN is needed.
func (c *Card) HasCertificate(ctx context.Context, k jpki.Kind) (bool, error) {
	if err := c.selectFile(ctx, CertificatePresence); err != nil {
		return false, err
	}
	b, err := c.read(ctx, 0, 3)
	if err != nil {
		return false, err
	}
	if len(b) < 2 {
		return false, fmt.Errorf("jpkiap: EF %04X has %d bytes", uint16(CertificatePresence), len(b))
	}
	if k == jpki.DigitalSignature {
		return b[0] != 0, nil
	}
	return b[1] != 0, nil
}

// ReadCertificate reads the certificate of kind k as DER, without the filler
// behind it. The user authentication certificate needs no PIN; the digital
// signature certificate is ErrNotVerified before Verify. It returns
// ErrNoCertificate for a file without a certificate.
func (c *Card) ReadCertificate(ctx context.Context, k jpki.Kind) ([]byte, error) {
	return c.readDER(ctx, FilesOf(k).Certificate)
}

// ReadCACertificate reads the certificate of the CA of kind k as DER. It is
// what the card holds and no anchor of trust. No PIN is needed.
func (c *Card) ReadCACertificate(ctx context.Context, k jpki.Kind) ([]byte, error) {
	return c.readDER(ctx, FilesOf(k).CACertificate)
}

// longestFile is the end of what a 15-bit offset reaches.
const longestFile = 0x8000

// readDER reads a file that holds one DER SEQUENCE with a length of two bytes
// (30 82 hh ll), as every certificate on a card has.
func (c *Card) readDER(ctx context.Context, fid FID) ([]byte, error) {
	if err := c.selectFile(ctx, fid); err != nil {
		return nil, err
	}
	der, err := c.read(ctx, 0, 256)
	if err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(der, []byte{0x30, 0x82}) || len(der) < 4 {
		return nil, ErrNoCertificate
	}
	size := 4 + int(der[2])<<8 + int(der[3])
	if size > longestFile {
		return nil, fmt.Errorf("jpkiap: EF %04X tells of %d bytes", uint16(fid), size)
	}
	for len(der) < size {
		more, err := c.read(ctx, len(der), min(256, size-len(der)))
		if err != nil {
			return nil, err
		}
		if len(more) == 0 {
			return nil, fmt.Errorf("jpkiap: EF %04X ends after %d of %d bytes", uint16(fid), len(der), size)
		}
		der = append(der, more...)
	}
	return der[:size], nil
}

// read reads up to ne bytes of the current file: 00 B0 offset Le.
func (c *Card) read(ctx context.Context, offset, ne int) ([]byte, error) {
	r, err := c.send(ctx, apdu.Command{INS: 0xB0, P1: byte(offset >> 8), P2: byte(offset), Ne: ne})
	switch {
	case err != nil:
		return nil, err
	case r.SW == apdu.NotVerified:
		return nil, ErrNotVerified
	case r.SW != apdu.OK:
		return nil, &StatusError{INS: 0xB0, SW: r.SW}
	}
	return r.Data, nil
}

// digestInfo returns the DigestInfo of a SHA-256 hash (RFC 8017 §9.2 note 1).
func digestInfo(hash []byte) []byte {
	return append([]byte{
		0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
	}, hash...)
}

// Sign signs a SHA-256 hash with the private key of kind k, which never leaves
// the card: 80 2A 00 80 33 DigestInfo 00. The result is a PKCS#1 v1.5 signature
// (RS256) of 256 bytes. It returns ErrNotVerified before Verify of the kind.
func (c *Card) Sign(ctx context.Context, k jpki.Kind, hash []byte) ([]byte, error) {
	if len(hash) != sha256.Size {
		return nil, errors.New("jpkiap: not a SHA-256 hash")
	}
	if err := c.selectFile(ctx, FilesOf(k).Key); err != nil {
		return nil, err
	}
	r, err := c.send(ctx, apdu.Command{CLA: 0x80, INS: 0x2A, P2: 0x80, Data: digestInfo(hash), Ne: 256})
	switch {
	case err != nil:
		return nil, err
	case r.SW == apdu.NotVerified:
		return nil, ErrNotVerified
	case r.SW != apdu.OK:
		return nil, &StatusError{INS: 0x2A, SW: r.SW}
	}
	return r.Data, nil
}

// ChangePIN changes the PIN of a kind: VERIFY of the old one, then
// 00 24 01 80 Lc new. The errors are those of Verify; nothing is sent if the new
// one cannot be such a PIN.
func (c *Card) ChangePIN(ctx context.Context, k jpki.Kind, old, replacement string) error {
	if err := CheckPIN(k, replacement); err != nil {
		return err
	}
	if err := c.Verify(ctx, k, old); err != nil {
		return err
	}
	r, err := c.send(ctx, apdu.Command{INS: 0x24, P1: 0x01, P2: 0x80, Data: []byte(replacement)})
	if err == nil && r.SW != apdu.OK {
		err = &StatusError{INS: 0x24, SW: r.SW}
	}
	return err
}

// TokenInfo reads EF 0006. No PIN is needed.
func (c *Card) TokenInfo(ctx context.Context) (TokenInfo, error) {
	if err := c.selectFile(ctx, TokenInfoFile); err != nil {
		return TokenInfo{}, err
	}
	b, err := c.read(ctx, 0, 160)
	if err != nil {
		return TokenInfo{}, err
	}
	return parseTokenInfo(b)
}
