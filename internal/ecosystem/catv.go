package ecosystem

import (
	"context"
	"net/http"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	catvdb "example.jp/jpkimock/catv/db"
	"example.jp/jpkimock/catv/health"
	catvweb "example.jp/jpkimock/catv/web"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/seed"
)

func openCATV(ctx context.Context, e *Ecosystem) (http.Handler, error) {
	store, err := catvdb.Open(e.database("catv"))
	if err != nil {
		return nil, err
	}
	e.closers = append(e.closers, store)
	verifier, err := e.verifier(ctx, "catv", e.cfg.CATVKey)
	if err != nil {
		return nil, err
	}
	linkage, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: e.Peer("authority"), Key: e.cfg.CATVKey})
	if err != nil {
		return nil, err
	}
	station, err := catv.New(catv.Config{Verifier: verifier, Store: store, Now: e.clock.Now, Linkage: linkage})
	if err != nil {
		return nil, err
	}
	healthService, err := health.New(health.Config{Household: station, Store: store, Now: e.clock.Now})
	if err != nil {
		return nil, err
	}
	bookings, err := booking.New(booking.Config{Household: station, Verifier: verifier, Store: store, Now: e.clock.Now, Linkage: linkage})
	if err != nil {
		return nil, err
	}
	e.sweeps = append(e.sweeps, func(ctx context.Context) error {
		_, _, err := bookings.ConfirmResidents(ctx)
		return err
	})
	healthClient, err := serviceClient("health")
	if err != nil {
		return nil, err
	}
	bookingClient, err := serviceClient("booking")
	if err != nil {
		return nil, err
	}
	return catvweb.New(catvweb.Config{
		Station: station, Health: healthService, Booking: bookings, Now: e.clock.Now, PublicURL: e.URL("catv"), Lobby: e.URL("lobby"),
		AgentURL: e.URL("card"), AgentPeer: e.Peer("card"), PlatformURL: e.URL("platform"), PlatformPeer: e.Peer("platform"),
		HealthClient: healthClient, BookingClient: bookingClient, StaffKey: e.cfg.CATVStaffKey, Hosts: e.hosts(), Log: e.cfg.Log,
	})
}

// serviceClient gives the registration of one of the cable operator's services
// at the platform.
func serviceClient(service string) (catvweb.Client, error) {
	key, err := seed.ServiceKey(service)
	return catvweb.Client{ID: seed.ServiceID(service), Key: key, KeyID: service}, err
}
