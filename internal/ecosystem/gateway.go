package ecosystem

import (
	"context"
	"net/http"

	"example.jp/jpkimock/internal/ecosystem/care"
	"example.jp/jpkimock/internal/fault"
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
		Faults: gatewayFaults(),
		Sweeps: map[string]ui.Text{"notices": {JA: "加盟店への通知と期限切れの整理", EN: "Notices to merchants, and expiry"}},
		Open:   openGateway,
	}
}

func gatewayFaults() []fault.Fault {
	begin, end := ui.Text{JA: "止める", EN: "Stop it"}, ui.Text{JA: "再開する", EN: "Start it again"}
	return append(fault.Usual(&fault.Words{
		Title: ui.Text{JA: "カード会社が応答しないとき", EN: "When the card company does not answer"},
		What:  ui.Text{JA: "加盟店からの照会を止めます。会計は現金になります。", EN: "Stops what merchants ask. Bills are paid in cash."},
		Begin: begin, End: end,
	}, "/v1"), fault.Fault{
		Name: "answer-lost", Effect: fault.Unheard(), Routes: []string{"/v1/captures"}, Shown: &fault.Words{
			Title: ui.Text{JA: "請求のあと、回答が届かないとき", EN: "When the answer to a charge is lost"},
			What:  ui.Text{JA: "請求は行われ、その回答だけが失われます。会計は「確認中」になり、照会で決着します。", EN: "The charge is made and its answer lost. The bill is in doubt until the card company is asked."},
			Begin: ui.Text{JA: "失わせる", EN: "Lose it"}, End: ui.Text{JA: "元に戻す", EN: "Mend it"},
		},
	})
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
	e.atSweep("gateway", "notices", g.Sweep)
	return gatewayweb.New(gatewayweb.Config{
		Gateway: g, PublicURL: e.URL("gateway"), AgentURL: e.URL("card"), Lobby: e.URL("lobby"), StaffKey: e.key(gatewayStaffKey),
		Now: e.clock.Now, Hosts: e.hosts(), Log: e.cfg.Log,
	})
}
