package ecosystem

import (
	"context"
	"net/http"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/ca"
	authoritydb "example.jp/jpkimock/authority/db"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/mailing"
	authorityweb "example.jp/jpkimock/authority/web"
	"example.jp/jpkimock/internal/ecosystem/agency"
	"example.jp/jpkimock/internal/ecosystem/deeds"
	"example.jp/jpkimock/internal/ecosystem/holdings"
	"example.jp/jpkimock/internal/ecosystem/moving"
	"example.jp/jpkimock/internal/lobby"
	"example.jp/jpkimock/internal/ui"
	partnerdb "example.jp/jpkimock/portal/partner/db"
	"example.jp/jpkimock/seed"
)

// officerKey opens the counters and the desks of the authority.
const officerKey = "OFFICER"

func authorityHouse() House {
	return House{
		Name: "authority", Place: 1, Keeps: true, Plain: []string{"/ocsp/", "/crl/", "/ca/"},
		Title:   ui.Text{JA: "地方公共団体情報システム機構（模擬）", EN: "J-LIS, the agency (mock)"},
		What:    ui.Text{JA: "二つの認証局。電子証明書の発行と失効情報の提供", EN: "Two certification authorities: issuing, OCSP and CRL"},
		Keys:    []Key{{officerKey, seed.OfficerKey}, {moving.CityPortalKey, seed.CityPortalKey}},
		Parties: []Party{{Name: "portal"}},
		Desks: func(e *Ecosystem) []lobby.Desk {
			return agency.Desks(e.URL("authority"), e.shownKey(officerKey), agency.Officers(e.world.Municipalities))
		},
		Faults:  agency.Faults(),
		Callers: func(c Config) []string { return c.verifiers(func(Verifier) bool { return true }) },
		Sweeps:  map[string]ui.Text{"acts": {JA: "途中で止まった手続の仕上げ", EN: "Interrupted acts are finished"}, moving.Notices: moving.NoticesWords()},
		Open:    openAuthority,
	}
}

func openAuthority(ctx context.Context, e *Ecosystem) (http.Handler, error) {
	responder, err := ca.ParseKeyType(e.cfg.OCSPKey)
	if err != nil {
		return nil, err
	}
	store, err := authoritydb.Open(e.database("authority"))
	if err != nil {
		return nil, err
	}
	e.atClose(store.Close)
	a, err := authority.New(ctx, authority.Config{
		Now: e.clock.Now, Store: store, Keys: agency.TestKeys{Responder: responder}, PublicURL: e.places.Of("authority").Status, OCSPKept: e.cfg.OCSPKept,
		Writer: authorityweb.NewCardWriter(e.Peer("card"), e.key(writerKey), nil),
		Wrong:  agency.Wrong(e.faults["authority"], e.cfg.namesOf),
	})
	if err != nil {
		return nil, err
	}
	e.atClose(func() error { a.Close(); return nil })
	e.faults["authority"].Knows(agency.Parties(ctx, a, e.world, e.cfg.namesOf))
	e.showAuthorities(a)
	if err := e.reconcileVerifiers(ctx, a.Ministry); err != nil {
		return nil, err
	}
	e.atSweep("authority", "acts", deeds.Authority(a, store, e.clock.Now))
	e.holds("authority", holdings.Municipality(a), holdings.Agency(a))
	home := desk.Municipalities()[0]
	city := mailing.City{Authority: a, Code: home.Code, Name: home.City, Portal: e.URL("portal")}
	partner, err := e.moving("authority").Desk(ctx, "portal", moving.CityPortalKey, nil, nil, partnerdb.Config{
		ID: "city", Name: city.Name, Register: city, Tells: city.Tells,
	})
	if err != nil {
		return nil, err
	}
	return authorityweb.New(authorityweb.Config{
		Authority: a, AgentURL: e.URL("card"), Latest: store, Partner: partner, Clock: e.clock, OfficerKey: e.key(officerKey), Officers: agency.Officers(e.world.Municipalities),
		PublicURL: e.URL("authority"), Lobby: e.URL("lobby"), Hosts: e.hosts(), Log: e.cfg.Log,
		Settled: e.Settled,
		Health:  func(context.Context) error { return store.Ping() },
	})
}
