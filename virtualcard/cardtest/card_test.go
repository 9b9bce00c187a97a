package cardtest_test

import (
	"crypto/x509"
	"errors"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

// What is chosen is on the card: in its certificate, its PINs and its make.
func TestACardWithChosenData(t *testing.T) {
	card, err := cardtest.New(cardtest.Card{
		Name: "試験　太郎", Address: "若葉県いろは市本町１番", DateOfBirth: jpki.DateOfBirthOn(1980, time.February, 17), Gender: jpki.Male,
		SignaturePIN: "XYZ789", AuthenticationPIN: "4321", Variant: jpki.AndroidToken,
	})
	if err != nil {
		t.Fatal(err)
	}
	driver := jpkiap.New(card)
	if info, err := driver.TokenInfo(t.Context()); err != nil || info.Label != "JPKIAPGPSETOKEN" {
		t.Errorf("%+v, %v", info, err)
	}
	if _, err := driver.ReadCertificate(t.Context(), jpki.UserAuthentication); !errors.Is(err, jpkiap.ErrNotVerified) {
		t.Errorf("the authentication certificate of a token without its PIN: %v", err)
	}
	for k, pin := range map[jpki.Kind]string{jpki.DigitalSignature: "XYZ789", jpki.UserAuthentication: "4321"} {
		if err := driver.Verify(t.Context(), k, pin); err != nil {
			t.Errorf("%v: %v", k, err)
		}
	}
	der, err := driver.ReadCertificate(t.Context(), jpki.DigitalSignature)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	if four, err := jpki.BasicFourOf(cert); err != nil || four.CommonName != "試験　太郎" || four.DateOfBirth.String() != "319800217" || four.Address != "若葉県いろは市本町１番" {
		t.Errorf("%+v, %v", four, err)
	}
}

func TestDataThatNoCardHolds(t *testing.T) {
	for name, c := range map[string]cardtest.Card{
		"a number that somebody could have": {Number: "123456789018"},
		"a municipality of four digits":     {Municipality: "9920"},
	} {
		if _, err := cardtest.New(c); !errors.Is(err, virtualcard.ErrFace) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var text *jpki.TextError
	if _, err := cardtest.New(cardtest.Card{Name: "a\x00"}); !errors.As(err, &text) {
		t.Errorf("a control character: %v", err)
	}
	if _, err := cardtest.New(cardtest.Card{Variant: "wooden"}); !errors.Is(err, jpki.ErrCardVariant) {
		t.Errorf("a make that does not exist: %v", err)
	}
}
