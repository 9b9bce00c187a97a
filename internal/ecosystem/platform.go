package ecosystem

import (
	"context"
	"net/http"

	"example.jp/jpkimock/internal/ecosystem/deeds"
	"example.jp/jpkimock/internal/ecosystem/holdings"
	"example.jp/jpkimock/internal/ecosystem/verifiers"
	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/lobby"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/platform"
	platformdb "example.jp/jpkimock/rp/platform/db"
	platformweb "example.jp/jpkimock/rp/platform/web"
	"example.jp/jpkimock/seed"
)

// The keys of the common platform: as a verifier, and of its staff.
const (
	platformKey      = "PLATFORM"
	platformStaffKey = "PLATFORM_STAFF"
)

func platformHouse() House {
	return House{
		Name: "platform", Place: 7, Keeps: true,
		Title:    ui.Text{JA: "みらい共通認証基盤", EN: "Mirai Common Platform"},
		What:     ui.Text{JA: "自ら検証しない事業者のための OpenID Connect", EN: "OpenID Connect for services that do not verify themselves"},
		Verifier: Verifier{"mirai-platform", platformKey},
		Keys:     []Key{{platformKey, seed.PlatformKey}, {platformStaffKey, seed.PlatformStaffKey}},
		Desks:    platformDesks,
		Faults:   fault.Usual(nil),
		Sweeps:   map[string]ui.Text{"expiry": {JA: "期限の過ぎた記録の整理", EN: "Expired records are removed"}},
		Open:     openPlatform,
	}
}

func platformDesks(e *Ecosystem) []lobby.Desk {
	return []lobby.Desk{{
		Name: ui.Text{JA: "みらい共通認証基盤 登録担当", EN: "Mirai Common Platform, register"},
		What: ui.Text{JA: "サービスを提供する事業者の登録と停止", EN: "Service providers registered and suspended"},
		URL:  e.URL("platform") + "/register", Officers: []lobby.Officer{{ID: "kiban-1"}, {ID: "kiban-2"}}, Key: e.shownKey(platformStaffKey),
	}}
}

func openPlatform(ctx context.Context, e *Ecosystem) (http.Handler, error) {
	store, err := platformdb.Open(e.database("platform"))
	if err != nil {
		return nil, err
	}
	e.atClose(store.Close)
	kit, err := e.kit(ctx, "platform", platformKey)
	if err != nil {
		return nil, err
	}
	p, err := platform.New(ctx, platform.Config{
		Verifier: verifiers.Tested(e.cfg.Tester, kit.verifier), Linkage: kit.linkage, Attributes: verifiers.Attributes(e.URL("platform"), e.Peer("card"), e.clock.Now), Store: store, Now: e.clock.Now, PublicURL: e.URL("platform"),
	})
	if err != nil {
		return nil, err
	}
	if err := verifiers.MoveServices(ctx, p, e.folder.URLs("platform"), e.urls()); err != nil {
		return nil, err
	}
	e.atSweep("platform", "expiry", deeds.Platform(p, store, e.clock.Now))
	e.holds("platform", holdings.Platform(store))
	return platformweb.New(platformweb.Config{
		Platform: p, Now: e.clock.Now, AgentURL: e.URL("card"), AgentPeer: e.Peer("card"), PublicURL: e.URL("platform"),
		Tester:   verifiers.Tester(e.cfg.Tester, p, e.URL("platform"), e.Peer("card"), e.world),
		StaffKey: e.key(platformStaffKey), Lobby: e.URL("lobby"), Hosts: e.hosts(), Log: e.cfg.Log,
	})
}
