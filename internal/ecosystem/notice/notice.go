// Package notice fills in what the ready file says of desks and of services at the common
// platform. It is a room of the wiring because of its size.
package notice

import (
	"example.jp/jpkimock/internal/lobby"
	"example.jp/jpkimock/internal/ready"
	"example.jp/jpkimock/seed"
)

// AddDesks adds the desks of a house, with who can sign in there.
func AddDesks(to *ready.Town, house string, desks []lobby.Desk) {
	for _, d := range desks {
		one := ready.Desk{House: house, Name: d.Name.JA, NameEN: d.Name.EN, URL: d.URL, Officers: []string{}}
		for _, o := range d.Officers {
			one.Officers = append(one.Officers, o.ID)
		}
		to.Desks = append(to.Desks, one)
	}
}

// AddClients adds the services that the world registers at the common platform: those of the
// cable operator, whose keys are published. Of a service that somebody added to the world the
// key is theirs.
func AddClients(to *ready.Town, w seed.World) error {
	cable := to.URLs["catv"]
	if to.Issuer == "" || cable == "" || len(w.Households) == 0 {
		return nil
	}
	for _, service := range []string{"health", "booking"} {
		key, err := seed.ServiceKey(service)
		if err != nil {
			return err
		}
		jwk, err := ready.NewKey(service, key)
		if err != nil {
			return err
		}
		to.Clients = append(to.Clients, ready.Client{
			ID: seed.ServiceID(service), RedirectURIs: []string{cable + "/" + service + "/callback"}, Scopes: []string{"openid"},
			Method: "private_key_jwt", Alg: "ES256", Key: jwk,
		})
	}
	return nil
}
