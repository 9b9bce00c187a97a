package jpkiap_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"errors"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

const (
	sign = jpki.DigitalSignature
	auth = jpki.UserAuthentication
)

// insert gives the driver for a card that holds certificates of the kinds
// given, or of both.
func insert(t *testing.T, kinds ...jpki.Kind) *jpkiap.Card {
	t.Helper()
	cabinet := cardtest.Open(t, virtualcard.NewMemoryStore())
	cardtest.Hand(t, cabinet, "hanako", kinds...)
	connection, err := cabinet.Connect(t.Context(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	return jpkiap.New(connection)
}

func key(t *testing.T, k jpki.Kind) *rsa.PublicKey {
	t.Helper()
	private, err := cardtest.Keys{}.Key(t.Context(), "", k)
	if err != nil {
		t.Fatal(err)
	}
	return &private.PublicKey
}

func TestCertificatesAreReadWithoutFiller(t *testing.T) {
	card := insert(t)
	ctx := t.Context()
	if _, err := card.ReadCertificate(ctx, sign); !errors.Is(err, jpkiap.ErrNotVerified) {
		t.Errorf("signature certificate before VERIFY: %v, want ErrNotVerified", err)
	}
	if err := card.Verify(ctx, sign, cardtest.SignaturePIN); err != nil {
		t.Fatal(err)
	}
	for _, k := range jpki.Kinds() {
		der, err := card.ReadCertificate(ctx, k)
		if err != nil || !bytes.Equal(der, cardtest.Certificate(t, k, key(t, k))) {
			t.Errorf("%v: another certificate, of %d bytes, %v", k, len(der), err)
		}
		ca, err := card.ReadCACertificate(ctx, k)
		if err != nil || !bytes.Equal(ca, cardtest.CA(t, k).Raw) {
			t.Errorf("%v: another CA certificate, of %d bytes, %v", k, len(ca), err)
		}
		if has, err := card.HasCertificate(ctx, k); err != nil || !has {
			t.Errorf("%v: has %t, %v", k, has, err)
		}
	}
}

func TestCardOfAChild(t *testing.T) {
	card := insert(t, auth)
	if has, err := card.HasCertificate(t.Context(), sign); err != nil || has {
		t.Errorf("has a signature certificate: %t, %v", has, err)
	}
	if has, err := card.HasCertificate(t.Context(), auth); err != nil || !has {
		t.Errorf("has an authentication certificate: %t, %v", has, err)
	}
	if _, err := card.ReadCACertificate(t.Context(), sign); !errors.Is(err, jpkiap.ErrNoCertificate) {
		t.Errorf("CA certificate: %v, want ErrNoCertificate", err)
	}
}

func TestWrongPINsBlock(t *testing.T) {
	card := insert(t)
	ctx := t.Context()
	var format *jpkiap.PINFormatError
	if err := card.Verify(ctx, auth, "12345"); !errors.As(err, &format) {
		t.Errorf("five digits: %v, want a PINFormatError", err)
	}
	for want := 2; want >= 0; want-- {
		var wrong *jpkiap.WrongPINError
		err := card.Verify(ctx, auth, "0000")
		if !errors.As(err, &wrong) || wrong.TriesLeft != want || errors.Is(err, jpkiap.ErrBlocked) != (want == 0) {
			t.Errorf("with %d left to be: %v", want, err)
		}
		if left, err := card.TriesLeft(ctx, auth); err != nil || left != want {
			t.Errorf("asked: %d left, %v, want %d", left, err, want)
		}
	}
	if err := card.Verify(ctx, auth, cardtest.AuthenticationPIN); !errors.Is(err, jpkiap.ErrBlocked) {
		t.Errorf("the right PIN, blocked: %v, want ErrBlocked", err)
	}
}

func TestSignature(t *testing.T) {
	card := insert(t)
	hash := bytes.Repeat([]byte{7}, 32)
	for _, k := range jpki.Kinds() {
		if _, err := card.Sign(t.Context(), k, hash); !errors.Is(err, jpkiap.ErrNotVerified) {
			t.Errorf("%v: %v, want ErrNotVerified", k, err)
		}
		pin := map[jpki.Kind]string{sign: cardtest.SignaturePIN, auth: cardtest.AuthenticationPIN}[k]
		if err := card.Verify(t.Context(), k, pin); err != nil {
			t.Fatal(err)
		}
		signature, err := card.Sign(t.Context(), k, hash)
		if err != nil {
			t.Fatal(err)
		}
		if err := rsa.VerifyPKCS1v15(key(t, k), crypto.SHA256, hash, signature); err != nil {
			t.Errorf("%v: %v", k, err)
		}
	}
	if _, err := card.Sign(t.Context(), sign, []byte("short")); err == nil {
		t.Error("five bytes were signed as a hash")
	}
	if err := card.Select(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := card.Sign(t.Context(), sign, hash); !errors.Is(err, jpkiap.ErrNotVerified) {
		t.Errorf("after logging out: %v, want ErrNotVerified", err)
	}
}

func TestChangePIN(t *testing.T) {
	card := insert(t)
	ctx := t.Context()
	var format *jpkiap.PINFormatError
	if err := card.ChangePIN(ctx, sign, cardtest.SignaturePIN, "short"); !errors.As(err, &format) {
		t.Errorf("five letters: %v", err)
	}
	var wrong *jpkiap.WrongPINError
	if err := card.ChangePIN(ctx, sign, "WRONG0", "NEWPIN1"); !errors.As(err, &wrong) || wrong.TriesLeft != 4 {
		t.Errorf("with a wrong PIN: %v", err)
	}
	if err := card.ChangePIN(ctx, sign, cardtest.SignaturePIN, "NEWPIN1"); err != nil {
		t.Fatal(err)
	}
	if err := card.Verify(ctx, sign, "NEWPIN1"); err != nil {
		t.Error(err)
	}
}

func TestTokenInfo(t *testing.T) {
	info, err := insert(t).TokenInfo(t.Context())
	if err != nil || info.Label != "JPKIAPICCTOKEN2" || info.Model != "JPKIMOCK" || len(info.SerialNumber) != 16 || len(info.Manufacturer) != 32 {
		t.Errorf("%+v, %v", info, err)
	}
}

func TestCheckPIN(t *testing.T) {
	for _, c := range []struct {
		kind jpki.Kind
		pin  string
		ok   bool
	}{
		{auth, "1234", true}, {auth, "123", false}, {auth, "12345", false}, {auth, "12A4", false}, {auth, "１２３４", false}, {auth, "", false},
		{sign, "ABC123", true}, {sign, "ABCDEFGH01234567", true}, {sign, "ABCDEFGH012345678", false}, {sign, "ABC12", false},
		{sign, "abc123", false}, {sign, "ABC 123", false}, {sign, "000000", true}, {0, "", false}, {0, "1234", false},
	} {
		if err := jpkiap.CheckPIN(c.kind, c.pin); (err == nil) != c.ok {
			t.Errorf("%v %q: %v", c.kind, c.pin, err)
		}
	}
}

// script is a card that answers the same to everything, but for SELECT.
type script struct {
	application, file, rest []byte
	err                     error
}

func (s script) Transmit(_ context.Context, command []byte) ([]byte, error) {
	switch {
	case s.err != nil:
		return nil, s.err
	case command[1] == 0xA4 && command[2] == 0x04:
		return s.application, nil
	case command[1] == 0xA4:
		return s.file, nil
	}
	return s.rest, nil
}

func TestStrangeCards(t *testing.T) {
	ok, gone := []byte{0x90, 0x00}, errors.New("reader unplugged")
	var status *jpkiap.StatusError
	for name, c := range map[string]struct {
		card script
		want func(error) bool
	}{
		"another card":                {script{application: []byte{0x6A, 0x82}}, func(err error) bool { return errors.Is(err, jpkiap.ErrNotJPKI) }},
		"a card that fails":           {script{application: []byte{0x6F, 0x00}}, func(err error) bool { return errors.As(err, &status) && status.SW == 0x6F00 }},
		"a card without files":        {script{application: ok, file: []byte{0x6A, 0x82}}, func(err error) bool { return errors.As(err, &status) && status.INS == 0xA4 }},
		"a blocked card that says so": {script{application: ok, file: ok, rest: []byte{0x69, 0x83}}, func(err error) bool { return errors.Is(err, jpkiap.ErrBlocked) }},
		"half an answer":              {script{application: []byte{0x90}}, func(err error) bool { return err != nil }},
		"no reader":                   {script{err: gone}, func(err error) bool { return errors.Is(err, gone) }},
		"an unexpected status word":   {script{application: ok, file: ok, rest: []byte{0x65, 0x81}}, func(err error) bool { return errors.As(err, &status) && status.SW == apdu.MemoryFailure }},
	} {
		if err := jpkiap.New(c.card).Verify(t.Context(), auth, "1234"); !c.want(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCertificateThatNeverEnds(t *testing.T) {
	endless := append(append([]byte{0x30, 0x82, 0x7F, 0xFF}, make([]byte, 200)...), 0x90, 0x00)
	card := jpkiap.New(script{application: []byte{0x90, 0}, file: []byte{0x90, 0}, rest: endless})
	if der, err := card.ReadCertificate(t.Context(), auth); err == nil && len(der) > 0x8003 {
		t.Errorf("%d bytes were read", len(der))
	}
	short := jpkiap.New(script{application: []byte{0x90, 0}, file: []byte{0x90, 0}, rest: []byte{0x90, 0}})
	if _, err := short.ReadCertificate(t.Context(), auth); !errors.Is(err, jpkiap.ErrNoCertificate) {
		t.Errorf("an empty file: %v, want ErrNoCertificate", err)
	}
}

// replies answers with pieces of a fuzz input, one length byte before each.
type replies struct{ input []byte }

func (r *replies) Transmit(context.Context, []byte) ([]byte, error) {
	if len(r.input) == 0 {
		return []byte{0x90, 0x00}, nil
	}
	n := min(int(r.input[0]), len(r.input)-1)
	answer := r.input[1 : 1+n]
	r.input = r.input[1+n:]
	return answer, nil
}

// FuzzDriver is a card that answers whatever comes: the driver must come to an
// end without a panic.
func FuzzDriver(f *testing.F) {
	f.Add([]byte("\x02\x90\x00\x02\x90\x00\x06\x30\x82\x03\x54\x90\x00"))
	f.Add([]byte("\x02\x90\x00\x02\x90\x00\x05\x8F\x8F\x00\x90\x00\x02\x63\xC3"))
	f.Fuzz(func(t *testing.T, input []byte) {
		card := jpkiap.New(&replies{input})
		ctx := t.Context()
		for _, k := range jpki.Kinds() {
			_, _ = card.HasCertificate(ctx, k)
			_, _ = card.TriesLeft(ctx, k)
			_ = card.Verify(ctx, k, "1234")
			_, _ = card.ReadCertificate(ctx, k)
			_, _ = card.Sign(ctx, k, make([]byte, 32))
			_ = card.ChangePIN(ctx, k, "123456", "654321")
		}
		_, _ = card.TokenInfo(ctx)
	})
}
