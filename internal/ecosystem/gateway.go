package ecosystem

import (
	"context"
	"net/http"

	"example.jp/jpkimock/internal/ecosystem/care"
	"example.jp/jpkimock/internal/ecosystem/deeds"
	"example.jp/jpkimock/internal/ecosystem/holdings"
	"example.jp/jpkimock/internal/lobby"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/medical/gateway"
	gatewaydb "example.jp/jpkimock/medical/gateway/db"
	"example.jp/jpkimock/medical/gateway/merchant"
	gatewayweb "example.jp/jpkimock/medical/gateway/web"
	"example.jp/jpkimock/seed"
)

// The keys of the gateway: as a verifier, and of its staff. Those of its merchants are care's.
const (
	gatewayKey      = "GATEWAY"
	gatewayStaffKey = "GATEWAY_STAFF"
)

func gatewayHouse() House {
	keys := []Key{{gatewayKey, seed.GatewayKey}, {gatewayStaffKey, seed.GatewayStaffKey}}
	for _, m := range care.Merchants() {
		keys = append(keys, Key(m.Key), Key(m.Secret))
	}
	return House{
		Name: "gateway", Place: 8, Keeps: true,
		Title:    ui.Text{JA: "みほんカード決済", EN: "Mihon Card Payments"},
		What:     ui.Text{JA: "クレジットカードを登録し、病院の会計でかざして支払い", EN: "Register a credit card, and pay at the hospital by a touch"},
		Verifier: Verifier{"mihon-gateway", gatewayKey},
		Keys:     keys,
		Desks: func(e *Ecosystem) []lobby.Desk {
			return []lobby.Desk{{
				Name: ui.Text{JA: "みほんカード決済 取引担当", EN: "Mihon Card Payments, staff"},
				What: ui.Text{JA: "取引の一覧、返金、加盟店への通知", EN: "Payments, refunds, notices to merchants"},
				URL:  e.URL("gateway") + "/staff", Key: e.shownKey(gatewayStaffKey),
			}}
		},
		Faults:  care.GatewayFaults(),
		Callers: func(Config) []string { return care.MerchantNames() },
		Sweeps:  map[string]ui.Text{"notices": {JA: "加盟店への通知と期限切れの整理", EN: "Notices to merchants, and expiry"}},
		Open:    openGateway,
	}
}

func openGateway(ctx context.Context, e *Ecosystem) (http.Handler, error) {
	store, err := gatewaydb.Open(e.database("gateway"))
	if err != nil {
		return nil, err
	}
	e.atClose(store.Close)
	own, err := e.kit(ctx, "gateway", gatewayKey)
	if err != nil {
		return nil, err
	}
	terminals, err := e.kit(ctx, "medical", gatewayKey)
	if err != nil {
		return nil, err
	}
	cfg := gateway.Config{
		Verifier: own.verifier, Linkage: own.linkage, Store: store, PublicURL: e.URL("gateway"), Now: e.clock.Now,
		Deliver: func(ctx context.Context, to *gateway.Merchant, body []byte) error {
			return merchant.Deliver(ctx, to.Hook, to.Secret, e.clock.Now(), body)
		},
	}
	for _, m := range care.Merchants() {
		cfg.Merchants = append(cfg.Merchants, &gateway.Merchant{
			ID: m.ID, Name: m.Name, NameEN: m.NameEN, Key: e.key(m.Key.Name), Secret: e.key(m.Secret.Name),
			Origin: e.URL("medical"), Hook: e.Peer("medical") + m.Hook, Verifier: terminals.verifier,
		})
	}
	g, err := gateway.New(cfg)
	if err != nil {
		return nil, err
	}
	e.faults["gateway"].Knows(care.Parties(e.key))
	e.atSweep("gateway", "notices", deeds.Gateway(g))
	e.holds("gateway", holdings.Gateway(store))
	return gatewayweb.New(gatewayweb.Config{
		Gateway: g, PublicURL: e.URL("gateway"), AgentURL: e.URL("card"), Lobby: e.URL("lobby"), StaffKey: e.key(gatewayStaffKey),
		Now: e.clock.Now, Hosts: e.hosts(), Log: e.cfg.Log,
	})
}
