//go:build cgo && unix

package ecosystem

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/ecosystem/slots"
	"example.jp/jpkimock/internal/pcsctest"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/seed"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/vpcd"
)

// pcscTown is a town whose card house uses PC/SC readers, and has its own virtual reader
// at home in the first of them. In the second lies a card of no mock authority, as a real
// one would.
type pcscTown struct {
	*Ecosystem
	daemon   *pcsctest.Daemon
	stranger *vpcd.Reader
}

func newPCSCTown(t *testing.T) pcscTown {
	t.Helper()
	daemon := pcsctest.Start(t, "pkcs11-tool", "openssl", "curl")
	name, socket, _ := strings.Cut(daemon.Environ()[0], "=")
	t.Setenv(name, socket) // libpcsclite reads it at its first call
	w := pcscTown{town(t, Config{
		SweepEvery: -1, Readers: []slots.Reader{{Name: "home", Address: daemon.Address(0)}}, RealReaders: []string{daemon.Name(0), daemon.Name(1)},
	}), daemon, nil}
	strangers := cardtest.Open(t, virtualcard.NewMemoryStore())
	cardtest.Hand(t, strangers, "stranger")
	w.stranger = vpcd.NewReader(vpcd.Config{Address: daemon.Address(1), Cabinet: strangers, Log: slog.New(slog.DiscardHandler)})
	webtest.Must(t, w.stranger.Place(t.Context(), "stranger"))
	ctx, end := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { w.stranger.Run(ctx); close(done) }()
	t.Cleanup(func() { end(); <-done })
	daemon.SeesCard(1)
	return w
}

// lays puts a person's card in the reader and waits until PC/SC sees it.
func (w pcscTown) lays(t *testing.T, card string) {
	t.Helper()
	b := webtest.NewBrowser(t, w.Peer("card"))
	b.Calls(http.MethodPut, "/v1/readers/home", map[string]string{"card": ""}, nil).Says(200)
	w.daemon.SeesNoCard(0)
	b.Calls(http.MethodPut, "/v1/readers/home", map[string]string{"card": card}, nil).Says(200)
	w.daemon.SeesCard(0)
}

func (w pcscTown) card(slot int) string { return "pcsc:" + w.daemon.Name(slot) }

// From the agent through PC/SC, pcscd and vpcd to the emulator: an account is opened, and
// people sign in at the bank, at the set-top box and at a reception.
func TestACardInAPCSCReaderIsGoodEverywhere(t *testing.T) {
	w := newPCSCTown(t)
	w.lays(t, "card-hanako")
	bank := webtest.NewBrowser(t, w.Peer("bank"))
	openWith := func(card, pin string) webtest.Page {
		var draft struct{ Document map[string]any }
		bank.Calls(http.MethodPost, "/accounts/draft", map[string]any{"purpose": "living", "branch": "901"}, &draft).Says(200)
		var signed struct{ CMS string }
		send(t, webtest.NewBrowser(t, ""), w.Peer("card")+"/v1/sign", "", map[string]any{"card": card, "pin": pin, "origin": w.URL("bank"), "document": draft.Document, "confirm": true}, &signed)
		return bank.Calls(http.MethodPost, "/accounts", map[string]any{"cms": signed.CMS}, nil)
	}
	openWith(w.card(0), "HANAKO123").Says(201)
	openWith(w.card(1), cardtest.SignaturePIN).Refuses(403, "untrusted")
	signedIn(t, w.Ecosystem, "bank", w.card(0), "1234").Visits("/account").Says(200, "青葉")

	viewer := w.world.Households[0].Places[0].Persona
	w.lays(t, "card-"+viewer)
	signedIn(t, w.Ecosystem, "catv", w.card(0), pinOf(t, w.Personas(), viewer))

	for _, house := range []string{"bank", "catv"} {
		b := webtest.NewBrowser(t, w.Peer(house))
		var challenge struct{ Nonce string }
		send(t, b, "/signin/challenge", "", struct{}{}, &challenge)
		strange := token(t, w.Ecosystem, house, challenge.Nonce, w.card(1), cardtest.AuthenticationPIN)
		b.Calls(http.MethodPost, "/signin", map[string]any{"token": strange}, nil).Refuses(403, "untrusted")
	}

	w.lays(t, "card-taro")
	reception := webtest.NewBrowser(t, w.Peer("medical"))
	p := reception.Visits("/hospital/card").Says(200)
	answer := string(token(t, w.Ecosystem, "medical", p.Attribute("data-jpki-nonce"), w.card(0), "2345"))
	reception.Fills(answerOf(w.Ecosystem, p), "token", answer, "presence", "no card lies there").Says(200, "資格の確認")

	t.Run("a web server asks for the certificate", func(t *testing.T) { w.servesByCertificate(t) })
}

func pinOf(t *testing.T, people []seed.Persona, id string) string {
	t.Helper()
	for _, p := range people {
		if p.ID == id {
			return p.Card.AuthenticationPIN
		}
	}
	t.Fatalf("nobody is %s", id)
	return ""
}
