//go:build unix

package deployment

import (
	"cmp"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/ecosystem"
)

// A request about a certificate that the CA never issued, SHA-1, as a client that sets no header asks.
const ocspPath = "digital-signature/MEYwRDBCMEAwPjAJBgUrDgMCGgUABBT5R9LXeGBxvhJLkUjXyzVFOzRhcQQUT0w0E7TCAgFSZ1Vwx1c1EBBnCyICBQCrze8B"

func authorityContract(t *testing.T, town *ecosystem.Ecosystem) {
	authority := contractOf(t, "authority", town.URL("authority"))
	anybody := authority.as()
	anybody.asks("GET /ca/:file", nil, "bundle.pem")
	anybody.asks("GET /clock", nil)
	anybody.asks("PUT /clock", object{"advanceSeconds": 1})
	anybody.refused("PUT /clock", object{}, 400, "malformed")
	anybody.refused("GET /crl/:file", nil, 401, "no_key", "digital-signature.crl")

	key := town.Ready().Verifiers["bank"].Key
	bank := authority.key(key)
	bank.asks("GET /crl/:file", nil, "digital-signature.crl")
	anybody.asks("GET /crl/:file/key/:key", nil, "digital-signature.crl", key)
	bank.asks("GET /ocsp/*", nil, ocspPath)
	bank.asks("GET /verifier/v1/statement", nil)

	counter := authority.key(town.Ready().Keys["officer"]).with("JPKI-Officer", "mado-1")
	anybody.refused("GET /counter/v1/residents", nil, 401, "no_key")
	counter.asks("GET /counter/v1/residents", nil)
	counter.refused("GET /counter/v1/residents/:id", nil, 404, "unknown_resident", "nobody")
	hanako := counter.asks("GET /counter/v1/residents/:id", nil, "hanako")
	for _, one := range hanako["certificates"].([]any) {
		c := one.(object)
		kind, serial := c["kind"].(string), c["serial"].(string)
		bank.asks("GET /verifier/v1/certificates/:kind/:serial/pair", nil, kind, serial)
		bank.refused("GET /verifier/v1/certificates/:kind/:serial/successor", nil, 404, "no_successor", kind, serial)
		bank.asks("GET /verifier/v1/certificates/:kind/:serial/predecessors", nil, kind, serial)
		bank.asks("GET /verifier/v1/certificates/:kind/:serial/validity", nil, kind, serial)
	}
	anybody.refused("GET /verifier/v1/certificates/:kind/:serial/pair", nil, 401, "no_key", "digital-signature", "01")
	anybody.key("key-of-nobody-at-all").refused("GET /verifier/v1/certificates/:kind/:serial/pair", nil, 403, "not_accredited", "digital-signature", "01")
	bank.with("Content-Type", "application/x-ndjson").asks("POST /verifier/v1/confirmations", `{"kind":"digital-signature","serial":"01"}`+"\n")

	acts(counter, bank)
	latestContract(t, town, anybody, counter, bank)
	theTableOfActs(authority.key(town.Ready().Keys["officer"]))
	suspends(authority.key(town.Ready().Keys["officer"]).with("JPKI-Officer", "denwa-1"))
	ministry(authority.key(town.Ready().Keys["officer"]).with("JPKI-Officer", "mic-1"), anybody)
	authority.complete("authority/web/examples.json", "POST /ocsp/:kind", "POST /ocsp/:kind/", "POST /ocsp/:kind/key/:key", "POST /ocsp/:kind/key/:key/")
}

// acts does what happens at a counter to somebody who is new in the register.
func acts(counter, bank *caller) {
	counter.t.Helper()
	const address = "青葉県みほん市見本町９丁目１番１号"
	fresh := counter.asks("POST /counter/v1/residents", object{
		"id": "contract-1", "basicFour": object{"commonName": "契約　一子", "dateOfBirth": "419900401", "gender": "2", "address": address},
		"municipality": object{"code": "99201", "prefecture": "青葉県", "city": "みほん市", "prefectureRomaji": "Aoba-ken", "cityRomaji": "Mihon-shi"},
	})
	id := fresh["id"].(string)
	issued := counter.asks("POST /counter/v1/residents/:id/cards", object{"pins": object{"user-authentication": "1234", "digital-signature": "ABC123"}}, id)
	counter.refused("POST /counter/v1/residents/:id/events", object{"event": "move-house"}, 400, "invalid", id)
	counter.asks("POST /counter/v1/residents/:id/events?preview=1", object{"event": "move-house", "address": address + "の２"}, id)
	for _, kind := range []string{"user-authentication", "digital-signature"} {
		c := issued["certificates"].(object)[kind].(object)
		serial := c["serial"].(string)
		counter.refused("POST /counter/v1/certificates/:kind/:serial/resume", object{}, 409, "not_suspended", kind, serial)
		counter.asks("POST /counter/v1/certificates/:kind/:serial/suspend", object{}, kind, serial)
		counter.asks("POST /counter/v1/certificates/:kind/:serial/resume", object{}, kind, serial)
		if kind == "user-authentication" {
			counter.asks("POST /counter/v1/certificates/:kind/:serial/revoke", object{"reason": "keyCompromise"}, kind, serial)
		}
	}
	counter.asks("POST /counter/v1/residents/:id/events", object{"event": "move-house", "address": address + "の２"}, id)
	counter.asks("POST /counter/v1/residents/:id/events", object{"event": "reissue", "pins": object{"user-authentication": "1234", "digital-signature": "ABC123"}}, id)
	before := issued["certificates"].(object)["digital-signature"].(object)["serial"].(string)
	bank.asks("GET /verifier/v1/certificates/:kind/:serial/successor", nil, "digital-signature", before)
	counter.asks("GET /counter/v1/residents/:id/history", nil, id)
	counter.asks("GET /counter/v1/residents/:id/journal", nil, id)
	counter.asks("GET /counter/v1/residents/:id/cards", nil, id)
}

// suspends is a call of somebody who has lost the card.
func suspends(desk *caller) {
	desk.t.Helper()
	who := object{"name": "契約　一子", "dateOfBirth": "1990-04-01", "address": "青葉県みほん市見本町９丁目１番１号の２"}
	found := desk.asks("POST /suspension/v1/find", who)
	who["seen"] = found["version"]
	if found["version"] == nil {
		delete(who, "seen")
	}
	desk.refused("POST /suspension/v1/find", object{"name": "だれか", "dateOfBirth": "1990-04-01", "address": "どこか"}, 404, "unknown_resident")
	desk.refused("GET /register/v1/applications", nil, 403, "not_your_post")
	_ = desk.asks("POST /suspension/v1/suspend", who)
}

// ministry accredits a verifier, and sets what answers cost.
func ministry(ministry, anybody *caller) {
	ministry.t.Helper()
	anybody.asks("GET /register/v1/verifiers", nil)
	ministry.asks("GET /counter/v1/verifiers", nil)
	applied := anybody.asks("POST /register/v1/applications", object{"name": "契約試験株式会社", "contact": "03", "use": "試験", "kinds": []string{"digital-signature"}})
	again := anybody.asks("POST /register/v1/applications", object{"name": "契約試験株式会社", "contact": "03", "use": "試験", "kinds": []string{"digital-signature"}})
	ministry.asks("GET /register/v1/applications", nil)
	ministry.asks("POST /register/v1/applications/:id/approve", object{"verifier": "contract-a", "kinds": []string{}, "why": "試験"}, applied["application"].(string))
	ministry.asks("POST /register/v1/applications/:id/reject", object{"why": "試験"}, again["application"].(string))
	ministry.refused("POST /register/v1/applications/:id/reject", object{"why": "試験"}, 409, "application_decided", again["application"].(string))
	ministry.asks("POST /counter/v1/verifiers", object{"id": "contract-b", "name": "契約試験合同会社", "key": "a-key-of-a-contract-test", "kinds": []string{"digital-signature"}})
	ministry.asks("POST /counter/v1/verifiers/:id/state", object{"state": "suspended", "why": "試験"}, "contract-b")
	ministry.asks("POST /register/v1/verifiers/:id/state", object{"state": "accredited", "why": "試験"}, "contract-b")
	ministry.asks("POST /register/v1/verifiers/:id/conditions", object{"kinds": []string{"digital-signature"}, "conditions": "試験のため", "why": "試験"}, "contract-b")
	ministry.asks("GET /register/v1/audit", nil)
	tariff := anybody.asks("GET /register/v1/tariff", nil)
	ministry.asks("PUT /register/v1/tariff", object{"tariff": tariff["tariff"], "why": "試験"})
	ministry.asks("GET /register/v1/statements", nil)
}

// actRow is a row of the table of acts in docs/interfaces.md.
var actRow = regexp.MustCompile("(?m)^\\| [^|]* \\| `(\\{\"event\":.*?\\})`[^|`]*(?:`[^|`]*`[^|`]*)*\\| ([^|]*) \\|$")

// theTableOfActs sends each body of the table: what it would do is what the table says. Those of a
// lost card and of a move come after what they follow.
func theTableOfActs(counter *caller) {
	counter.t.Helper()
	page, err := os.ReadFile("../../docs/interfaces.md")
	if err != nil {
		counter.t.Fatal(err)
	}
	fresh := counter.asks("POST /counter/v1/residents", object{
		"id": "contract-2", "basicFour": object{"commonName": "契約　二子", "dateOfBirth": "419900401", "gender": "2", "address": "青葉県みほん市見本町９丁目２番１号"},
		"municipality": object{"code": "99201", "prefecture": "青葉県", "city": "みほん市", "prefectureRomaji": "Aoba-ken", "cityRomaji": "Mihon-shi"},
	})
	id := fresh["id"].(string)
	counter.asks("POST /counter/v1/residents/:id/cards", object{"pins": object{"user-authentication": "1234", "digital-signature": "ABC123"}}, id)
	rows := actRow.FindAllStringSubmatch(string(page), -1)
	if len(rows) != 17 {
		counter.t.Errorf("the table has %d acts", len(rows))
	}
	for _, row := range rows {
		var body object
		if err := json.Unmarshal([]byte(row[1]), &body); err != nil {
			counter.t.Errorf("%s: %v", row[1], err)
			continue
		}
		if strings.HasPrefix(row[2], "`too_early`") {
			counter.refused("POST /counter/v1/residents/:id/events?preview=1", body, 409, "too_early", id)
			continue
		}
		would := counter.asks("POST /counter/v1/residents/:id/events?preview=1", body, id)
		if got := becomes(would); got != row[2] {
			counter.t.Errorf("%s: %s; the table says %s", body["event"], got, row[2])
		}
		switch body["event"] {
		case "loss", "move-out", "move-in":
			counter.asks("POST /counter/v1/residents/:id/events", body, id)
		case "loss-final":
			counter.asks("POST /counter/v1/residents/:id/events", object{"event": "found"}, id)
		}
	}
}

// becomes says in the words of the table what an act does to certificates.
func becomes(would object) string {
	var all []string
	for _, one := range would["effects"].([]any) {
		e := one.(object)
		said := e["kind"].(string) + " " + e["act"].(string)
		if e["reason"] != nil {
			said += " " + e["reason"].(string)
		}
		all = append(all, said)
	}
	if len(all) == 2 {
		_, first, _ := strings.Cut(all[0], " ")
		_, second, _ := strings.Cut(all[1], " ")
		if first == second {
			all = []string{"both " + first}
		}
	}
	if issues, _ := would["issues"].([]any); len(issues) > 0 {
		if all = append(all, "issued"); len(all) == 1 {
			all[0] = "both issued"
		}
	}
	return cmp.Or(strings.Join(all, ", "), "none")
}
