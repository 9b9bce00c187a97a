//go:build unix

package deployment

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"testing"

	"example.jp/jpkimock/internal/ecosystem"
)

func cardContract(t *testing.T, town *ecosystem.Ecosystem) {
	cards := cardsOf(t, town)
	cards.signs("card-hanako", "HANAKO123", "bank", object{"name": "memo.txt", "mediaType": "text/plain; charset=utf-8", "content": "44GT44KT44Gr44Gh44Gv"})
	nonce := make([]byte, 32)
	_, _ = rand.Read(nonce)
	challenge := base64.StdEncoding.EncodeToString(nonce)
	cards.answers("card-hanako", "1234", "bank", challenge)
	ask := object{"card": "card-hanako", "pin": "9999", "origin": town.URL("bank"), "nonce": challenge}
	cards.refused("POST /v1/authenticate", ask, 403, "wrong_pin")
	ask["card"] = "card-nobody"
	cards.refused("POST /v1/authenticate", ask, 404, "no_card")
	ask["card"] = "card-transit"
	cards.refused("POST /v1/authenticate", ask, 409, "not_jpki")
	ask["card"] = "pcsc:reader"
	cards.refused("POST /v1/authenticate", ask, 409, "unconfirmed")
	cards.asks("GET /v1/cards", nil)
	cards.asks("GET /attest/jwks.json", nil)
	cards.asks("GET /v1/cards/:id", nil, "card-hanako")

	cards.asks("GET /v1/readers", nil)
	cards.asks("PUT /v1/readers/:name", object{"card": "card-taro"}, "home")
	cards.asks("GET /v1/readers/:name", nil, "home")
	cards.refused("GET /v1/readers/:name", nil, 404, "no_reader", "nowhere")
	cards.asks("PUT /v1/reader", object{"card": ""})
	cards.asks("GET /v1/reader", nil)
	cards.asks("PUT /v1/readers/:name/faults", object{"removed": 2}, "home")
	cards.asks("POST /v1/sign-digest", object{"card": "card-hanako", "pin": "HANAKO123", "origin": town.URL("platform"), "service": "みほん市立図書館", "digest": challenge})
	cards.refused("POST /v1/sign-digest", object{"card": "card-hanako", "pin": "HANAKO123", "origin": town.URL("bank"), "service": "みほん市立図書館", "digest": challenge}, 403, "digest_origin")
	cards.asks("GET /v1/readers/:name/faults", nil, "home")
	cards.asks("GET /v1/readers/:name/log", nil, "home")
	cards.asks("PUT /v1/cards/:id/faults", object{"garbled": 1}, "card-taro")
	cards.asks("GET /v1/cards/:id/faults", nil, "card-taro")
	cards.asks("POST /v1/cards/:id/apdus", object{"commands": []string{"00A4040C0AD392F000260100000001"}}, "card-misaki")
	cards.asks("POST /v1/cards/:id/tamper", nil, "card-kenji")

	page := cards.as()
	opened := page.asks("POST /window/requests", object{"origin": town.URL("bank"), "request": object{"action": "authenticate", "nonce": challenge}})
	id := bytes.Split([]byte(opened["location"].(string)), []byte("/"))
	page.refused("POST /window/requests/:id/answer", nil, 409, "unfinished", string(id[len(id)-1]))
	page.asks("GET /reader/presence", nil)

	writer := cards.key(town.Ready().Keys["writer"])
	cards.refused("GET /writer/v1/cards/:id", nil, 401, "no_key", "card-taro")
	writer.asks("POST /writer/v1/cards", object{"card": "card-of-a-test"})
	writer.refused("POST /writer/v1/cards", object{"card": "card-of-a-test"}, 409, "card_exists")
	writer.asks("GET /writer/v1/cards/:id", nil, "card-of-a-test")
	writer.asks("POST /writer/v1/cards/:id/keys", object{"kind": "digital-signature"}, "card-misaki")
	writer.asks("POST /writer/v1/cards/:id/unblock", object{"kind": "user-authentication", "pin": "4321"}, "card-misaki")
	writer.asks("PUT /writer/v1/cards/:id", object{"variant": "plastic"}, "card-of-a-test")
	writer.asks("POST /writer/v1/cards/:id/kill", nil, "card-of-a-test")
	// A page's request ends with a PIN that a person types, and its presence token comes from there.
	cards.complete("virtualcard/web/examples.json", "POST /window/requests/:id/answer", "GET /presence", "POST /presence")
}
