package ecosystem

import (
	"cmp"
	"context"
	"net/http"

	"example.jp/jpkimock/internal/ecosystem/agency"
	"example.jp/jpkimock/internal/ecosystem/holdings"
	"example.jp/jpkimock/internal/ecosystem/slots"
	"example.jp/jpkimock/internal/ecosystem/verifiers"
	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/seed"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/agent"
	carddb "example.jp/jpkimock/virtualcard/db"
)

// writerKey opens the card workshop, where the counter has cards written.
const writerKey = "WRITER"

func cardHouse() House {
	return House{
		Name: "card", Place: 2, Keeps: true,
		Title:  ui.Text{JA: "JPKI利用者ソフト（模擬）", EN: "JPKI client software (mock)"},
		What:   ui.Text{JA: "カードとリーダー。暗証番号はここでだけ入力します", EN: "Card and reader. The PIN is typed here and nowhere else"},
		Keys:   []Key{{writerKey, seed.WriterKey}},
		Faults: fault.Usual(nil),
		Open:   openCard,
	}
}

// keysAhead is how many keys are generated ahead for blank cards by default.
const keysAhead = 8

func openCard(ctx context.Context, e *Ecosystem) (http.Handler, error) {
	store, err := carddb.Open(e.database("card"))
	if err != nil {
		return nil, err
	}
	e.atClose(store.Close)
	pool := virtualcard.NewKeyPool(cmp.Or(e.cfg.KeysAhead, keysAhead))
	e.atClose(pool.Close)
	cabinet, err := virtualcard.Open(ctx, virtualcard.Config{Store: store, Keys: agency.Stock{Pool: pool}, Now: e.clock.Now})
	if err != nil {
		return nil, err
	}
	e.holds("card", holdings.Card(cabinet))
	e.readers = slots.Open(e.cfg.Readers, cabinet, e.cfg.Log)
	return agent.New(agent.Config{
		Cabinet: cabinet, Now: e.clock.Now, WriterKey: e.key(writerKey),
		PublicURL: e.URL("card"), Lobby: e.URL("lobby"), Hosts: e.hosts(), Log: e.cfg.Log, Readers: e.readers, RealReaders: e.cfg.RealReaders,
		Register: e.Peer("authority"), Counter: e.URL("authority") + "/office/counter", Sites: e.sites(), DigestOrigins: []string{e.URL("platform")}, Household: e.household(),
		Health: func(context.Context) error { return store.Ping() },
	})
}

// sites are the houses that ask for a card, with their operators in the register of
// verifiers.
func (e *Ecosystem) sites() []agent.Site {
	var all []agent.Site
	for _, h := range e.cfg.Houses {
		if h.Verifier.ID != "" {
			all = append(all, agent.Site{Origin: e.URL(h.Name), Verifier: h.Verifier.ID, NameEN: h.Title.EN})
		}
	}
	return append(all, verifiers.Sites(e.world)...)
}

// household is the cards of the home where the set stands.
func (e *Ecosystem) household() []virtualcard.CardID {
	var cards []virtualcard.CardID
	for _, h := range e.world.Households {
		for _, place := range h.Places {
			cards = append(cards, virtualcard.CardID("card-"+place.Persona))
		}
	}
	return cards
}
