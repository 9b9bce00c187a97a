package ecosystem

import (
	"context"
	"net/http"

	"example.jp/jpkimock/internal/ecosystem/moving"
	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/lobby"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/whereabouts"
	"example.jp/jpkimock/portal/utility"
	portalweb "example.jp/jpkimock/portal/web"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/seed"
)

func portalHouse() House {
	return House{
		Name: "portal", Place: 6, Keeps: true,
		Title:    ui.Text{JA: "みほん くらしの手続ポータル", EN: "Mihon Life Portal"},
		What:     ui.Text{JA: "引っ越しの届出を一度の署名で、結果は電子私書箱に", EN: "One signature moves every address; results in your box"},
		Verifier: Verifier{"mihon-portal", moving.PortalKey},
		Keys:     []Key{{moving.PortalKey, seed.PortalKey}, {moving.PortalStaffKey, seed.PortalStaffKey}},
		Servers:  []string{"SMTP"},
		Desks: func(e *Ecosystem) []lobby.Desk {
			return []lobby.Desk{{
				Name: ui.Text{JA: "くらしの手続ポータル 運営担当", EN: "Life Portal, operator"},
				What: ui.Text{JA: "変更確認、終わっていない届出、節約した費用、送信箱", EN: "Change confirmation, what is stuck, what was saved, e-mails"},
				URL:  e.URL("portal") + "/staff", Key: e.shownKey(moving.PortalStaffKey),
			}}
		},
		Faults: fault.Usual(nil),
		Sweeps: map[string]ui.Text{"round": {JA: "変更確認と申請の送信", EN: "Change confirmation, deliveries"}},
		Open: func(ctx context.Context, e *Ecosystem) (http.Handler, error) {
			return moving.OpenPortal(ctx, e.moving("portal"))
		},
	}
}

func utilityHouse() House {
	h := House{
		Name: "utility", Place: 9,
		Title:  ui.Text{JA: "みほん市のくらしの会社", EN: "Businesses of Mihon"},
		What:   ui.Text{JA: "電力・ガス・水道・携帯電話・保険の変更手続", EN: "Changes at power, gas, water, mobile phone and insurance"},
		Desks:  func(e *Ecosystem) []lobby.Desk { return moving.UtilityDesks(e.URL("utility"), e.shownKey) },
		Faults: append(fault.Usual(nil), moving.Faults()...),
		Sweeps: map[string]ui.Text{"due": {JA: "期日の来た変更の処理", EN: "Changes that are due"}},
		Open: func(ctx context.Context, e *Ecosystem) (http.Handler, error) {
			return moving.OpenUtility(ctx, e.moving("utility"))
		},
	}
	for _, k := range moving.UtilityKeys() {
		h.Keys = append(h.Keys, Key(k))
	}
	for _, t := range utility.Trades() {
		h.Parties = append(h.Parties, Party{t.ID, Verifier{"mihon-" + t.ID, moving.KeyOf(t.ID)}})
	}
	return h
}

// What houses keep in the data folder beside their databases: answers for receipt
// computers, and the key of the post-office boxes.
const receipts, boxKey = "medical-receipts", "portal-box.key"

// moving is what the portal and the businesses are given.
func (e *Ecosystem) moving(house string) moving.Town {
	return moving.Town{
		URL: e.URL(house), AgentURL: e.URL("card"), Lobby: e.URL("lobby"), Key: e.key, AtClose: e.atClose,
		Database: func(party string) string {
			if party == "" {
				return e.database(house)
			}
			return e.database(house + "-" + party)
		},
		Kit: func(ctx context.Context, key string) (*rp.Verifier, *rp.Linkage, error) {
			kit, err := e.kit(ctx, house, key)
			return kit.verifier, kit.linkage, err
		},
		AtSweep: func(name string, do func(context.Context) error) { e.atSweep(house, name, do) },
		Holds:   func(ask whereabouts.Ask) { e.holds(house, ask) },
		Peer:    e.Peer, SMTP: e.cfg.Servers[house+" SMTP"], BoxKey: e.folder.Path(boxKey),
		Web: portalweb.Config{Now: e.clock.Now, Hosts: e.hosts(), Log: e.cfg.Log},
	}
}
