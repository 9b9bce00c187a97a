package ecosystem

import (
	"context"
	"net/http"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	catvdb "example.jp/jpkimock/catv/db"
	"example.jp/jpkimock/catv/health"
	"example.jp/jpkimock/catv/onestop"
	catvweb "example.jp/jpkimock/catv/web"
	"example.jp/jpkimock/internal/ecosystem/deeds"
	"example.jp/jpkimock/internal/ecosystem/holdings"
	"example.jp/jpkimock/internal/ecosystem/moving"
	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/lobby"
	"example.jp/jpkimock/internal/oidcclient"
	"example.jp/jpkimock/internal/ui"
	partnerdb "example.jp/jpkimock/portal/partner/db"
	"example.jp/jpkimock/seed"
)

// The keys of the cable operator: as a verifier, and of its staff.
const (
	catvKey      = "CATV"
	catvStaffKey = "CATV_STAFF"
)

func catvHouse() House {
	return House{
		Name: "catv", Place: 4, Keeps: true,
		Title:    ui.Text{JA: "みほんケーブルテレビ", EN: "Mihon Cable TV"},
		What:     ui.Text{JA: "テレビで健康情報と施設予約", EN: "Health information and bookings on the television"},
		Verifier: Verifier{"mihon-catv", catvKey},
		Keys:     []Key{{catvKey, seed.CATVKey}, {catvStaffKey, seed.CATVStaffKey}, {moving.CATVPortalKey, seed.CATVPortalKey}},
		Parties:  []Party{{Name: "portal"}},
		Desks:    catvDesks,
		Faults:   fault.Usual(nil),
		Sweeps:   map[string]ui.Text{"residents": {JA: "居住者の確認", EN: "Residents are confirmed"}},
		Open:     openCATV,
	}
}

func catvDesks(e *Ecosystem) []lobby.Desk {
	desk := func(path string, name, what ui.Text) lobby.Desk {
		return lobby.Desk{Name: name, What: what, URL: e.URL("catv") + path, Key: e.shownKey(catvStaffKey)}
	}
	return []lobby.Desk{
		desk("/operator",
			ui.Text{JA: "みほんケーブルテレビ 運営者", EN: "Mihon Cable TV, operator"},
			ui.Text{JA: "契約、セットトップボックス、視聴者の登録", EN: "Contracts, set-top boxes, viewers"}),
		desk("/nurse",
			ui.Text{JA: "みほん市 保健師", EN: "Mihon City, public-health nurse"},
			ui.Text{JA: "測定値と健診結果の記入、メッセージ", EN: "Measurements, check-ups and messages"}),
		desk("/municipality",
			ui.Text{JA: "みほん市 施設担当", EN: "Mihon City, facilities"},
			ui.Text{JA: "その日の利用予定", EN: "The day's bookings"}),
	}
}

func openCATV(ctx context.Context, e *Ecosystem) (http.Handler, error) {
	store, err := catvdb.Open(e.database("catv"))
	if err != nil {
		return nil, err
	}
	e.atClose(store.Close)
	kit, err := e.kit(ctx, "catv", catvKey)
	if err != nil {
		return nil, err
	}
	station, err := catv.New(catv.Config{Verifier: kit.verifier, Store: store, Now: e.clock.Now, Linkage: kit.linkage})
	if err != nil {
		return nil, err
	}
	healthService, err := health.New(health.Config{Household: station, Store: store, Now: e.clock.Now})
	if err != nil {
		return nil, err
	}
	bookings, err := booking.New(booking.Config{Household: station, Verifier: kit.verifier, Store: store, Now: e.clock.Now, Linkage: kit.linkage})
	if err != nil {
		return nil, err
	}
	e.atSweep("catv", "residents", deeds.Cable(bookings))
	e.holds("catv", holdings.Cable(store, e.clock.Now))
	healthClient, err := serviceClient("health")
	if err != nil {
		return nil, err
	}
	bookingClient, err := serviceClient("booking")
	if err != nil {
		return nil, err
	}
	partner, err := e.moving("catv").Desk(ctx, "portal", moving.CATVPortalKey, kit.verifier, kit.linkage, partnerdb.Config{
		ID: moving.CableID, Name: onestop.Name, Done: onestop.Done, Register: onestop.Desk{Station: station, Links: kit.linkage},
	})
	if err != nil {
		return nil, err
	}
	return catvweb.New(catvweb.Config{
		Station: station, Health: healthService, Booking: bookings, Now: e.clock.Now, PublicURL: e.URL("catv"), Lobby: e.URL("lobby"),
		AgentURL: e.URL("card"), AgentPeer: e.Peer("card"), PlatformURL: e.URL("platform"), PlatformPeer: e.Peer("platform"),
		HealthClient: healthClient, BookingClient: bookingClient, StaffKey: e.key(catvStaffKey), Partner: partner, Hosts: e.hosts(), Log: e.cfg.Log,
	})
}

// serviceClient returns the registration of one of the cable operator's services
// at the platform.
func serviceClient(service string) (oidcclient.Registration, error) {
	key, err := seed.ServiceKey(service)
	return oidcclient.Registration{ID: seed.ServiceID(service), Key: key, KeyID: service}, err
}
