package ecosystem

import (
	"context"
	"crypto"
	"net/http"

	"example.jp/jpkimock/authority"
	authoritydb "example.jp/jpkimock/authority/db"
	"example.jp/jpkimock/authority/jpki"
	authorityweb "example.jp/jpkimock/authority/web"
	"example.jp/jpkimock/seed"
)

// testKeys hands the published CA keys to the authority.
type testKeys struct{}

// CAKey gives the published key of a CA.
func (testKeys) CAKey(_ context.Context, kind jpki.Kind) (crypto.Signer, error) {
	return seed.Key("ca", kind)
}

// ResponderKey gives the published key of a CA's OCSP responder.
func (testKeys) ResponderKey(_ context.Context, kind jpki.Kind) (crypto.Signer, error) {
	return seed.Key("responder", kind)
}

func openAuthority(ctx context.Context, e *Ecosystem) (http.Handler, error) {
	store, err := authoritydb.Open(e.database("authority"))
	if err != nil {
		return nil, err
	}
	e.closers = append(e.closers, store)
	agency, err := authority.New(ctx, authority.Config{
		Now: e.clock.Now, Store: store, Keys: testKeys{}, PublicURL: e.URL("authority"),
		Writer: authorityweb.NewCardWriter(e.Peer("card"), e.cfg.WriterKey, nil),
	})
	if err != nil {
		return nil, err
	}
	e.closers = append(e.closers, closing(agency.Close))
	return authorityweb.New(authorityweb.Config{
		Authority: agency, Clock: e.clock, OfficerKey: e.cfg.OfficerKey, Officers: e.officers(),
		PublicURL: e.URL("authority"), Lobby: e.URL("lobby"), Hosts: e.hosts(), Log: e.cfg.Log,
	})
}
