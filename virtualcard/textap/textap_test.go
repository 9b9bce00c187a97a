package textap_test

import (
	"context"
	"errors"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/jpkiap"
	"example.jp/jpkimock/virtualcard/record"
	"example.jp/jpkimock/virtualcard/textap"
)

// hanako is what the cards of cardtest say.
var hanako = textap.Attributes{Name: "見本　花子", Address: "青葉県みほん市中央１丁目１番１号", DateOfBirth: "19900515", Gender: "2"}

func TestTheFourBasicDataAreReadAfterThePIN(t *testing.T) {
	for _, variant := range []jpki.CardVariant{"", "plastic-2023"} {
		card, err := cardtest.New(cardtest.Card{Variant: variant})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			pin   string
			tries int
		}{{"9999", 2}, {"123", 2}, {"12a4", 2}, {"1234", 3}} {
			got, err := textap.ReadAttributes(t.Context(), card, c.pin)
			switch wrong, refused := errors.AsType[*jpkiap.WrongPINError](err); {
			case c.pin == "1234" && (err != nil || got != hanako):
				t.Errorf("%q: %+v, %v", variant, got, err)
			case c.pin == "9999" && (!refused || wrong.TriesLeft != 2):
				t.Errorf("%q: a wrong PIN: %v", variant, err)
			case c.pin != "1234" && (err == nil || got != textap.Attributes{}):
				t.Errorf("%q: PIN %s: %+v, %v", variant, c.pin, got, err)
			}
			if left, err := textap.TriesLeft(t.Context(), card); err != nil || left != c.tries {
				t.Errorf("%q: after %s %d tries, %v", variant, c.pin, left, err)
			}
		}
		for range 3 {
			_, err = textap.ReadAttributes(t.Context(), card, "0000")
		}
		if !errors.Is(err, jpkiap.ErrBlocked) {
			t.Errorf("the third wrong PIN: %v", err)
		}
		if _, err := textap.ReadAttributes(t.Context(), card, "1234"); !errors.Is(err, jpkiap.ErrBlocked) {
			t.Errorf("a blocked PIN: %v", err)
		}
	}
}

func TestATelephoneHasNoCardFace(t *testing.T) {
	card, err := cardtest.New(cardtest.Card{Variant: "android-token"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := textap.TriesLeft(t.Context(), card); !errors.Is(err, textap.ErrNoApplication) {
		t.Errorf("%v", err)
	}
	if _, err := textap.ReadAttributes(t.Context(), card, "1234"); !errors.Is(err, textap.ErrNoApplication) {
		t.Errorf("%v", err)
	}
}

// strange is a card whose file of the four basic data is this.
type strange []byte

func (s strange) Transmit(_ context.Context, command []byte) ([]byte, error) {
	if command[1] != 0xB0 {
		return []byte{0x90, 0x00}, nil
	}
	from := min(int(command[2])<<8|int(command[3]), len(s))
	return apdu.Response{Data: s[from:min(from+256, len(s))], SW: apdu.OK}.Bytes(), nil
}

func FuzzAStrangeFileIsRefused(f *testing.F) {
	for _, file := range []string{"", "\xFF\x20", "\xFF\x20\x05", "\xFF\x20\x82\xFF\xFF", "\xFF\x20\x03\xDF\x22\x09", "\xFF\x20\x81\x03\xDF\x22\x00", "\xFF\x21\x00"} {
		f.Add([]byte(file))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		got, err := textap.ReadAttributes(t.Context(), strange(file), "1234")
		if (err == nil) == (got == textap.Attributes{}) {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

// turned is a card of which one octet of a file is another one.
type turned struct {
	jpkiap.Transmitter
	fid, selected uint16
	at            int
}

func (s *turned) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	answer, err := s.Transmitter.Transmit(ctx, command)
	if command[1] == 0xA4 && command[2] == 0x02 {
		s.selected = uint16(command[5])<<8 | uint16(command[6])
	}
	if from := int(command[2])<<8 | int(command[3]); err == nil && command[1] == 0xB0 && s.selected == s.fid && s.at >= from && s.at < from+len(answer)-2 {
		answer[s.at-from] ^= 1
	}
	return answer, err
}

// What the issuer has signed is read; what it has not, in any of the three files, is not.
func TestTheIssuersSignatureIsChecked(t *testing.T) {
	for _, variant := range []jpki.CardVariant{"", "plastic-2023"} {
		card, err := cardtest.New(cardtest.Card{Variant: variant})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := textap.ReadIssued(t.Context(), card, "1234", record.IssuerKey()); err != nil || got != hanako {
			t.Errorf("%q: %+v, %v", variant, got, err)
		}
		if _, err := textap.ReadIssued(t.Context(), card, "1234", &record.ChipKey().PublicKey); !errors.Is(err, textap.ErrNotIssued) {
			t.Errorf("%q: of another issuer: %v", variant, err)
		}
		// An octet of the name, of the hash of the number, of the hash of the data, of the signature; of the
		// key's names, of the modulus, of the certificate's signature.
		for _, c := range []struct {
			fid uint16
			at  int
		}{{2, 30}, {3, 10}, {3, 50}, {3, 335}, {4, 20}, {4, 200}, {4, 567}} {
			got, err := textap.ReadIssued(t.Context(), &turned{Transmitter: card, fid: c.fid, at: c.at}, "1234", record.IssuerKey())
			if !errors.Is(err, textap.ErrNotIssued) && !errors.Is(err, textap.ErrFormat) || got != (textap.Attributes{}) {
				t.Errorf("%q: file %04X, octet %d: %+v, %v", variant, c.fid, c.at, got, err)
			}
		}
	}
}
