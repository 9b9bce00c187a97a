package rptest

import (
	"context"
	"crypto/rsa"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/chip"
)

// openCabinet makes room for the cards.
func (w *World) openCabinet() {
	w.t.Helper()
	keys, err := publishedKeys(ofAuthority, 0)
	w.must(err)
	w.cabinet, err = virtualcard.Open(context.Background(), virtualcard.Config{
		Store: virtualcard.NewMemoryStore(), Keys: &cardKeys{left: keys}, Now: w.Clock.Now})
	w.must(err)
}

// writer is the counter's card terminal (an authority.CardWriter) in front of
// the cabinet, without the network between them.
type writer struct{ cabinet *virtualcard.Cabinet }

// Blank makes a card with its keys.
func (w writer) Blank(ctx context.Context, cardID string) (authority.BlankCard, error) {
	made, err := w.cabinet.Blank(ctx, virtualcard.CardID(cardID))
	return authority.BlankCard{ID: string(made.Card), PublicKeys: made.Keys}, err
}

// NewKey makes a further key on a card.
func (w writer) NewKey(ctx context.Context, cardID string, kind jpki.Kind) (*rsa.PublicKey, error) {
	return w.cabinet.NewKey(ctx, virtualcard.CardID(cardID), kind)
}

// Write personalises a card.
func (w writer) Write(ctx context.Context, cardID string, p authority.Personalization) error {
	return w.cabinet.Personalize(ctx, virtualcard.CardID(cardID), virtualcard.Personalization{
		Face: virtualcard.Face{Name: p.Face.Name, NameEN: p.Face.NameEN, Address: p.Face.Address, DateOfBirth: p.Face.DateOfBirth,
			Gender: p.Face.Gender, Expires: p.Face.Expires, Number: p.Face.Number, Municipality: p.Face.Municipality},
		Variant: p.Variant,
		PINs:    p.PINs, Certificates: p.Certificates, CACertificates: p.CACertificates,
	})
}

// Carried gives what a card carries.
func (w writer) Carried(ctx context.Context, cardID string) (map[jpki.Kind]jpki.SerialNumber, error) {
	card, err := w.cabinet.Card(ctx, virtualcard.CardID(cardID))
	return card.Serials, err
}

// Unblock sets a new PIN.
func (w writer) Unblock(ctx context.Context, cardID string, kind jpki.Kind, newPIN string) error {
	return w.cabinet.Unblock(ctx, virtualcard.CardID(cardID), chip.RefOf(kind), newPIN)
}

// Kill breaks the chip.
func (w writer) Kill(ctx context.Context, cardID string) error {
	return w.cabinet.Kill(ctx, virtualcard.CardID(cardID))
}
