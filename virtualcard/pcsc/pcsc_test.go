//go:build cgo && unix

package pcsc_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/pcsctest"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/client"
	"example.jp/jpkimock/virtualcard/jpkiap"
	"example.jp/jpkimock/virtualcard/pcsc"
	"example.jp/jpkimock/virtualcard/vpcd"
)

// The card's client software works over PC/SC as it does over the emulator: through
// libpcsclite, pcscd and vpcd to a card of this process.
func TestACardInAPCSCReader(t *testing.T) {
	daemon := pcsctest.Start(t)
	name, socket, _ := strings.Cut(daemon.Environ()[0], "=")
	t.Setenv(name, socket) // libpcsclite reads it at its first call
	cabinet := cardtest.Open(t, virtualcard.NewMemoryStore())
	cardtest.Hand(t, cabinet, "hanako")
	reader := vpcd.NewReader(vpcd.Config{Address: daemon.Address(0), Cabinet: cabinet, Log: slog.New(slog.DiscardHandler)})
	ctx, end := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { reader.Run(ctx); close(done) }()
	t.Cleanup(func() { end(); <-done })
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := pcsc.Connect(t.Context(), daemon.Name(0)); !errors.Is(err, pcsc.ErrNoCard) {
		t.Errorf("an empty reader: %v", err)
	}
	if _, err := pcsc.Connect(t.Context(), "Kitchen 00 00"); !errors.Is(err, pcsc.ErrNoReader) {
		t.Errorf("a reader that there is not: %v", err)
	}
	must(reader.Place(t.Context(), "hanako"))
	daemon.SeesCard(0)
	all, err := pcsc.Readers()
	must(err)
	want := pcsc.Reader{Name: daemon.Name(0), Card: true, ATR: []byte{0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14}}
	if len(all) != pcsctest.Slots || all[0].Name != want.Name || !all[0].Card || !bytes.Equal(all[0].ATR, want.ATR) || all[1].Card {
		t.Errorf("%+v", all)
	}
	card, err := pcsc.Connect(t.Context(), daemon.Name(0))
	must(err)
	if _, err := pcsc.Connect(t.Context(), daemon.Name(0)); !errors.Is(err, pcsc.ErrBusy) {
		t.Errorf("a card that is in use: %v", err)
	}
	_, err = client.Authenticate(t.Context(), card, client.AuthenticateRequest{PIN: cardtest.AuthenticationPIN, Origin: "https://bank.example.jp", Nonce: strings.Repeat("A", 44)})
	must(err)
	_, err = client.Sign(t.Context(), card, client.SignRequest{PIN: cardtest.SignaturePIN, Document: []byte("口座開設申込書\n"), At: time.Unix(1775000000, 0)})
	must(err)
	must(card.Close())
	if card, err = pcsc.Connect(t.Context(), daemon.Name(0)); err != nil {
		t.Fatal(err)
	}
	driver := jpkiap.New(card)
	if _, err := driver.ReadCertificate(t.Context(), jpki.DigitalSignature); !errors.Is(err, jpkiap.ErrNotVerified) {
		t.Errorf("the PIN outlived the connection: %v", err)
	}
	daemon.Stop()
	if _, err := driver.TriesLeft(t.Context(), jpki.DigitalSignature); err == nil {
		t.Error("without pcscd the card answers")
	}
	must(card.Close())
	if _, err := pcsc.Readers(); !errors.Is(err, pcsc.ErrNoService) {
		t.Errorf("without pcscd: %v", err)
	}
}
