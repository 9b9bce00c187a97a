package ecosystem

import (
	"context"
	"net/http"

	"example.jp/jpkimock/internal/ecosystem/deeds"
	"example.jp/jpkimock/internal/ecosystem/holdings"
	"example.jp/jpkimock/internal/ecosystem/moving"
	"example.jp/jpkimock/internal/ecosystem/recording"
	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/lobby"
	"example.jp/jpkimock/internal/sweeps"
	"example.jp/jpkimock/internal/ui"
	partnerdb "example.jp/jpkimock/portal/partner/db"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	bankdb "example.jp/jpkimock/rp/bank/db"
	latestdesk "example.jp/jpkimock/rp/bank/latest"
	"example.jp/jpkimock/rp/bank/onestop"
	bankroom "example.jp/jpkimock/rp/bank/room/web"
	bankweb "example.jp/jpkimock/rp/bank/web"
	"example.jp/jpkimock/seed"
)

// The keys of the bank: as a verifier, and of its staff.
const (
	bankKey      = "BANK"
	bankStaffKey = "BANK_STAFF"
)

func bankHouse() House {
	return House{
		Name: "bank", Place: 3, Keeps: true,
		Title:    ui.Text{JA: "みほん銀行", EN: "Mihon Bank"},
		What:     ui.Text{JA: "署名で口座開設、カードでサインイン", EN: "Accounts opened by signature, sign-in by card"},
		Verifier: Verifier{"mihon-bank", bankKey},
		Keys:     []Key{{bankKey, seed.BankKey}, {bankStaffKey, seed.BankStaffKey}, {moving.BankPortalKey, seed.BankPortalKey}},
		Parties:  []Party{{Name: "portal"}},
		Desks:    bankDesks,
		Faults:   fault.Usual(nil),
		Sweeps:   map[string]ui.Text{"confirmation": {JA: "お客さまの変更確認", EN: "Change confirmation of the customers"}, moving.Notices: moving.NoticesWords()},
		Open:     openBank,
	}
}

func bankDesks(e *Ecosystem) []lobby.Desk {
	return []lobby.Desk{
		{
			Name: ui.Text{JA: "みほん銀行の業務画面", EN: "Mihon Bank, staff"},
			What: ui.Text{JA: "変更確認、届出のお願い、費用の比較", EN: "Change confirmation, letters, comparison of costs"},
			URL:  e.URL("bank") + "/staff", Key: e.shownKey(bankStaffKey),
		}, {
			Name: ui.Text{JA: "みほん銀行の店頭窓口", EN: "Mihon Bank, branch counter"},
			What: ui.Text{JA: "カードをかざすと、お客さまカードなしで口座が見つかる", EN: "A touch of the card finds the customer, without a customer card"},
			URL:  e.URL("bank") + "/branch", Key: e.shownKey(bankStaffKey),
		},
	}
}

func openBank(ctx context.Context, e *Ecosystem) (http.Handler, error) {
	store, err := bankdb.Open(e.database("bank"))
	if err != nil {
		return nil, err
	}
	e.atClose(store.Close)
	kit, err := e.kit(ctx, "bank", bankKey)
	if err != nil {
		return nil, err
	}
	rounds := e.sweeps
	b, err := bank.New(bank.Config{Verifier: kit.verifier, Linkage: kit.linkage, Store: store, Now: e.clock.Now,
		Progress: func(done, of int) { rounds.Progress("bank", sweeps.Items{Done: done, Of: of}) },
	})
	if err != nil {
		return nil, err
	}
	consents, err := latestdesk.Open(latestdesk.Config{Bank: b, Store: store, Verifier: kit.verifier, Now: e.clock.Now, Provider: bankHouse().Verifier.ID},
		rp.LinkageConfig{AuthorityURL: e.Peer("authority"), Key: e.key(bankKey), Client: recording.Client()})
	if err != nil {
		return nil, err
	}
	e.atSweep("bank", "confirmation", deeds.Bank(b, store, consents))
	e.holds("bank", holdings.Bank(store))
	desk := onestop.Desk{Bank: b, Say: func(n bank.Notice) (title, body string) {
		say := bankroom.NoticeOf(n)
		return say.Title.JA, say.Body.JA + "\n" + say.Do.JA
	}}
	partner, err := e.moving("bank").Desk(ctx, "portal", moving.BankPortalKey, kit.verifier, kit.linkage, partnerdb.Config{
		ID: moving.BankID, Name: onestop.Name, Done: onestop.Done, Register: desk, Tells: desk.Tells,
	})
	if err != nil {
		return nil, err
	}
	return bankweb.New(bankweb.Config{
		Bank: b, Now: e.clock.Now, AgentURL: e.URL("card"), AuthorityURL: e.URL("authority"),
		PublicURL: e.URL("bank"), StaffKey: e.key(bankStaffKey), Latest: consents, Partner: partner, Fees: bankroom.FeesOf(e.Peer("authority"), http.DefaultClient), Lobby: e.URL("lobby"), Hosts: e.hosts(), Log: e.cfg.Log,
	})
}
