// Package agency is what the wiring says of the authority's keys, desks and officers, and of
// what can be made to fail there, and of the stock that its counters issue cards from. It is
// a room of the wiring because of its size.
package agency

import (
	"context"
	"crypto"
	"slices"

	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/authority/desk"
	deskweb "example.jp/jpkimock/authority/desk/web"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/lobby"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/seed"
)

// Desks are the desks at the authority's URL, with the officers who serve there and the key
// that is shown.
func Desks(url, key string, officers []desk.Officer) []lobby.Desk {
	office := func(path string, role desk.Role, name, what ui.Text) lobby.Desk {
		return lobby.Desk{Name: name, What: what, URL: url + path, Officers: serving(officers, role), Key: key}
	}
	return []lobby.Desk{
		office("/office/counter", desk.RoleCounter,
			ui.Text{JA: "市区町村窓口", EN: "Municipal counter"},
			ui.Text{JA: "カードの交付、転居・婚姻などの届出、再発行、紛失、暗証番号の初期化", EN: "Cards issued; moves, marriages and other events; re-issue; loss; PIN reset"}),
		office("/office/suspension", desk.RoleSuspension,
			ui.Text{JA: "一時停止受付（24時間365日）", EN: "Suspension desk (day and night)"},
			ui.Text{JA: "電話の申出による電子証明書の一時停止", EN: "Certificates suspended on a telephone call"}),
		office("/office/verifiers", desk.RoleMinistry,
			ui.Text{JA: "認定・検証者台帳", EN: "Register of verifiers"},
			ui.Text{JA: "検証者の認定、停止、取消し", EN: "Verifiers approved, suspended and withdrawn"}),
		office("/office/fees", desk.RoleMinistry,
			ui.Text{JA: "失効情報提供手数料", EN: "Revocation information fees"},
			ui.Text{JA: "検証者ごとの件数と料金、料金表", EN: "Counts and fees by verifier, and the tariff"}),
	}
}

// TestKeys gives the authority the published keys of its CAs, and responder keys of
// a type.
type TestKeys struct{ Responder ca.KeyType }

// CAKey returns the published key of a CA.
func (TestKeys) CAKey(_ context.Context, kind jpki.Kind) (crypto.Signer, error) {
	return seed.Key("ca", kind)
}

// ResponderKey returns the published key of a CA's OCSP responder.
func (t TestKeys) ResponderKey(_ context.Context, kind jpki.Kind) (crypto.Signer, error) {
	if t.Responder == ca.P256 {
		return seed.KeyP256("responder-p256", kind)
	}
	return seed.Key("responder", kind)
}

// Officers returns the officers of the authority's desks: those of the
// demonstration, and those of further municipalities.
func Officers(municipalities []seed.Municipality) []desk.Officer {
	all := desk.Officers()
	for _, m := range municipalities {
		town := desk.Municipality{
			Code: m.Code, Prefecture: m.Prefecture, City: m.City, PrefectureRomaji: m.PrefectureRomaji, CityRomaji: m.CityRomaji,
		}
		i := slices.IndexFunc(all, func(o desk.Officer) bool { return o.ID == m.Officer })
		switch {
		case m.Officer == "":
		case i < 0:
			all = append(all, desk.Officer{ID: m.Officer, Name: officerName, Office: m.City, Roles: []desk.Role{desk.RoleCounter}, Municipality: town})
		case all[i].Municipality.Code != m.Code:
			all[i].Municipality, all[i].Office = town, m.City
		}
	}
	return all
}

// officerName is the name of an officer for whom the world gives only an
// identifier.
const officerName = "窓口　担当"

// serving returns the officers of a role.
func serving(officers []desk.Officer, role desk.Role) []lobby.Officer {
	var all []lobby.Officer
	for _, o := range officers {
		if o.May(role) {
			all = append(all, lobby.Officer{ID: o.ID, Office: deskweb.OfficeName(o)})
		}
	}
	return all
}
