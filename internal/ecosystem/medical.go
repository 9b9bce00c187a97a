package ecosystem

import (
	"context"
	"net/http"

	"example.jp/jpkimock/internal/ecosystem/care"
	"example.jp/jpkimock/internal/ecosystem/moving"
	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/lobby"
	"example.jp/jpkimock/internal/ui"
	medicalweb "example.jp/jpkimock/medical/web"
	partnerdb "example.jp/jpkimock/portal/partner/db"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/seed"
)

func medicalHouse() House {
	var keys []Key
	for _, k := range care.Keys() {
		keys = append(keys, Key(k))
	}
	keys = append(keys, Key{moving.InsurerPortalKey, seed.InsurerPortalKey})
	return House{
		Name: "medical", Place: 5,
		Title:    ui.Text{JA: "みほん地域の医療機関", EN: "Medical care in Mihon"},
		What:     ui.Text{JA: "カード1枚で受付・処方箋・お支払い", EN: "Check in, collect medicine and pay with one card"},
		Verifier: Verifier{"medical-platform", care.PlatformKey},
		Parties: []Party{
			{Name: "hospital"}, {Name: "clinic"}, {Name: "platform"},
			{"kenpo", Verifier{"mihon-kenpo", care.KenpoKey}}, {"kokuho", Verifier{"mihon-kokuho", care.KokuhoKey}},
			{Name: "kenpo-portal"}, {Name: "kokuho-portal"},
			{"rx", Verifier{"mihon-prescriptions", care.RxKey}}, {Name: "rx-keys"}, {Name: "mihon"}, {Name: "aoba"},
		},
		Keys:   keys,
		Desks:  func(e *Ecosystem) []lobby.Desk { return care.Desks(e.URL("medical"), e.shownKey) },
		Faults: append(fault.Usual(nil), care.Faults()...),
		Sweeps: map[string]ui.Text{
			care.Sweep:     {JA: "レセプトコンピューターへの受渡し", EN: "Answers are handed to receipt computers"},
			care.Payments:  {JA: "支払いの突合", EN: "Payments are reconciled"},
			care.RxSweep:   {JA: "結果の分からない調剤の確認", EN: "Dispensings in doubt are settled"},
			moving.Notices: moving.NoticesWords(),
		},
		Open: openMedical,
	}
}

func openMedical(ctx context.Context, e *Ecosystem) (http.Handler, error) {
	return care.Open(ctx, care.Town{
		Pages: medicalweb.Config{
			PublicURL: e.URL("medical"), AgentURL: e.URL("card"), Lobby: e.URL("lobby"), GatewayURL: e.URL("gateway"), Now: e.clock.Now, Hosts: e.hosts(), Log: e.cfg.Log,
		},
		Peer: e.Peer("medical"), AgentPeer: e.Peer("card"), Gateway: e.Peer("gateway"), Key: e.key, AtClose: e.atClose, AtSweep: e.atSweep, Holds: e.holds, Folder: e.folder.Path(receipts),
		Database: func(party string) string { return e.database("medical-" + party) },
		Portal: func(ctx context.Context, party string, cfg partnerdb.Config) (http.Handler, error) {
			return e.moving("medical").Desk(ctx, party, moving.InsurerPortalKey, nil, nil, cfg)
		},
		Kit: func(ctx context.Context, key string, with ...func(*rp.Config)) (*rp.Verifier, *rp.Linkage, error) {
			kit, err := e.kit(ctx, "medical", key, with...)
			return kit.verifier, kit.linkage, err
		},
	})
}
