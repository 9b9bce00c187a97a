package web

import (
	"cmp"
	_ "embed"
	"maps"
	"net/http"
	"slices"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdulog"
	"example.jp/jpkimock/virtualcard/attest"
	"example.jp/jpkimock/virtualcard/chip"
	"example.jp/jpkimock/virtualcard/client"
)

// Samples of bodies of the agent.
var (
	aDocument = openapi.Members{"name": "", "mediaType": "", "content": []byte(nil)}
	aCard     = openapi.Members{
		"card": virtualcard.CardID(""), "name": "", "nameEN?": "", "dead": true, "tampered": openapi.Said{Of: true, About: "dead, because somebody tried to read its keys"},
		"variant?": jpki.CardVariant(""), "certificates": openapi.Map{Of: jpki.SerialNumber("")}, "triesLeft": openapi.Map{Of: 0},
	}
)

//go:embed examples.json
var examples []byte

// API is what the card house answers to programs. told gives what people are told of a code of
// a card.
func API(told func(code string) ui.Text) openapi.API {
	codes := ownCodes()
	for _, c := range slices.Sorted(maps.Keys(meanings)) {
		codes = append(codes, openapi.Code{Code: c, Status: Status(c), Means: meanings[c], Say: told(c)})
	}
	return openapi.API{
		Title: "カードと利用者ソフト (the card and its software)", About: "Cards sign and prove to be there. Pages ask through `card.js` and the window (docs/card-protocol.md); these are the addresses for scripts and for the counter's writer.",
		Keys:     map[string]string{"writer": "The card writer's key: JPKIMOCK_WRITER_KEY, `keys.writer` of the ready file."},
		Sessions: map[string]string{"browser": "jpkimock_card"},
		Examples: examples, Codes: codes,
		Groups: map[string]string{
			"card": "no_card no_certificate dead_card tampered_card not_jpki card_busy card_error no_reader unconfirmed no_attributes",
			"pin":  "bad_pin_format wrong_pin pin_blocked text_pin last_try",
		},
		Params: map[string]string{"id": "a card, `card-hanako`", "name": "of a reader: `home`"},
		Routes: slices.Concat(scriptRoutes(), pageRoutes(), writerRoutes(), readerRoutes()),
		Pages: []string{
			"GET /desk", "GET /desk/changes", "POST /desk/place", "GET /desk/readers/:name/log.txt", "POST /desk/readers/:name/faults", "POST /desk/readers/:name/apdus",
			"GET /desk/readers/:name/card", "POST /desk/readers/:name/card", "GET /desk/readers/:name/tamper", "POST /desk/readers/:name/tamper",
			"GET /", "GET /reader", "POST /reader", "GET /window", "GET /card.d.ts",
			"GET /window/requests/:id", "POST /window/requests/:id/pin", "POST /window/requests/:id/reader", "POST /window/requests/:id/cancel",
			"POST /kiosk/requests", "GET /kiosk/requests/:id", "POST /kiosk/requests/:id/pin", "POST /kiosk/requests/:id/reader", "POST /kiosk/requests/:id/cancel",
			"POST /tv/requests", "GET /tv/requests/:id", "POST /tv/requests/:id/pin", "POST /tv/requests/:id/reader", "POST /tv/requests/:id/cancel",
		},
	}
}

// ownCodes are refusals that are not about a card.
func ownCodes() []openapi.Code {
	return []openapi.Code{
		{Code: "unfinished", Status: http.StatusConflict, Means: "the request has no answer yet"},
		{Code: "taken", Status: http.StatusGone, Means: "the answer has been handed over already"},
		{Code: "card_exists", Status: http.StatusConflict, Means: "there is a card with this ID"},
		{Code: "key_mismatch", Status: http.StatusConflict, Means: "the certificate is not for the card's key"},
		{Code: "bad_certificate", Status: http.StatusBadRequest, Means: "a certificate or CA certificate cannot be one of its kind"},
		{Code: "no_pin", Status: http.StatusBadRequest, Means: "a certificate is written for a kind that has no PIN"},
		{Code: "bad_face", Status: http.StatusBadRequest, Means: "what is printed on the card is not of its form"},
		{Code: "no_choice", Status: http.StatusBadRequest, Means: "nothing was chosen on the desk's page"},
		{Code: "no_request", Status: http.StatusNotFound, Means: "no such request in this browser: it has ended, or another browser's"},
		{Code: "busy", Status: http.StatusServiceUnavailable, Means: "256 requests wait for a PIN"},
		{Code: "foreign_page", Status: http.StatusForbidden, Means: "only the page that the token was given to, or the agent's own, may ask"},
		{Code: "not_json", Status: http.StatusUnsupportedMediaType, Means: "the body must be application/json"},
	}
}

func readerRoutes() []openapi.Route {
	place := openapi.Members{"card": openapi.Said{Of: virtualcard.CardID(""), About: "empty: none"}}
	return []openapi.Route{
		{At: "GET /v1/readers", Does: "Lists the virtual readers", Out: openapi.Members{"readers": []readerView(nil)}},
		{At: "GET /v1/readers/:name", Does: "Says what lies in a reader", Out: readerView{}, Codes: "no_reader"},
		{At: "PUT /v1/readers/:name", Does: "Places a card in a reader, or empties it", In: place, Out: readerView{}, Codes: "no_reader no_card malformed"},
		{At: "GET /v1/reader", Does: "Says what lies in the first reader", Out: readerView{}},
		{At: "PUT /v1/reader", Does: "Places a card in the first reader", In: place, Out: readerView{}, Codes: "no_card malformed"},
		{At: "GET /v1/readers/:name/faults", Does: "Says what goes wrong on purpose in a reader", Out: virtualcard.Faults{}, Codes: "no_reader"},
		{At: "PUT /v1/readers/:name/faults", Does: "Makes these faults in a reader, and no others", In: virtualcard.Faults{}, Out: virtualcard.Faults{}, Codes: "no_reader malformed"},
		{At: "GET /v1/readers/:name/log", Does: "Gives the last 1,000 exchanges with the cards in a reader as a transcript", OutType: "text/plain", Codes: "no_reader"},
		{At: "GET /v1/cards/:id/faults", Does: "Says what goes wrong on purpose with a card", Out: virtualcard.Faults{}, Codes: "no_card"},
		{At: "PUT /v1/cards/:id/faults", Does: "Makes these faults with a card, and no others", In: virtualcard.Faults{}, Out: virtualcard.Faults{}, Codes: "no_card malformed"},
		{
			At: "POST /v1/cards/:id/apdus", Does: "Sends commands to a card, from power-on", Codes: "malformed unconfirmed pin_refused no_card card_busy",
			In:  openapi.Members{"commands": openapi.Said{Of: []string(nil), About: "1 to 1,000, in hexadecimal"}, "confirm?": true, "pins?": true},
			Out: openapi.Members{"lines": []apdulog.Line(nil)},
		},
	}
}

func scriptRoutes() []openapi.Route {
	return []openapi.Route{
		{
			At: "POST /v1/authenticate", Does: "Has a card answer a challenge, after its PIN", In: openapi.Members{"card": virtualcard.CardID(""), "pin": "", "origin": "", "nonce": "", "attributes?": []attest.Attribute{}, "confirm?": true, "lastTry?": true}, Out: client.Token{}, Codes: "malformed @pin @card",
			More: "`nonce`: 44 to 128 characters of base64. `card` `pcsc:NAME` is the card in a real reader: nothing is sent to it without `confirm`.",
		},
		{
			At: "POST /v1/sign", Does: "Has a card sign a document, after its PIN", In: openapi.Members{"card": virtualcard.CardID(""), "pin": "", "origin": "", "document": aDocument, "confirm?": true, "lastTry?": true}, Out: openapi.Members{"cms": []byte(nil)},
			More: "text/plain in UTF-8, at most 256 KiB. The answer is detached CMS SignedData over the document's octets.", Codes: "malformed unsupported_document too_large @pin @card",
		},
		{
			At: "POST /v1/sign-digest", Does: "Has a card sign a SHA-256, after its PIN", In: openapi.Members{"card": virtualcard.CardID(""), "pin": "", "origin": "", "service": "", "digest": []byte(nil), "confirm?": true, "lastTry?": true}, Out: client.Token{},
			More: "Only for the origin of the common platform. The answer has `format` `jpki-digest:1`: PKCS #1 v1.5 over the DigestInfo, and the digital signature certificate.", Codes: "malformed digest_origin @pin @card",
		},
		{At: "GET /v1/cards", Does: "Lists the cards", Out: openapi.Members{"cards": openapi.List{Of: aCard}}},
		{At: "GET /v1/cards/:id", Does: "Gives what a card shows without a PIN", Out: aCard, Codes: "no_card"},
		{At: "POST /v1/cards/:id/tamper", Does: "Tries to read the private keys by force: the chip destroys them, for good", Out: aCard, Codes: "no_card"},
	}
}

func pageRoutes() []openapi.Route {
	return []openapi.Route{
		{
			At: "POST /window/requests", Does: "Keeps what a page asks of the card; the window's own script sends it", Who: "browser", In: openapi.Members{"origin": "", "request": openapi.Members{"action": openapi.OneOf{"authenticate", "sign"}, "nonce?": "", "document?": aDocument}}, Status: http.StatusCreated,
			Out: openapi.Members{"location": ""}, Codes: "malformed not_json unsupported_document too_large busy",
		},
		{
			At: "POST /window/requests/:id/answer", Does: "Hands the answer over to the window's script, once", Who: "browser", Codes: "no_request unfinished taken",
			Out: openapi.Members{"origin": "", "answer": nil},
		},
		{
			At: "GET /presence", Does: "Says whether the card that answered a page still lies on the reader, as soon as it does not", Query: openapi.Members{"token": "", "wait?": 25},
			Out: openapi.Members{"present": true}, Codes: "malformed foreign_page", More: "404 with the same body for a token that is not known (any more).",
		},
		{At: "GET /attest/jwks.json", Does: "The keys with which the client software vouches for what it reads of a card, as a JWK Set", Out: openapi.Members{"keys": []map[string]any{}}},
		{At: "POST /presence", Does: "Takes the card away, for a page of the token's origin", In: openapi.Members{"token": ""}, Out: openapi.Members{"present": true}, Codes: "foreign_page"},
		{
			At: "GET /reader/presence", Does: "Says what lies on this browser's reader, to the agent's own pages", Who: "browser", Query: openapi.Members{"placement?": 0, "wait?": 25},
			Out: openapi.Members{"placement": 0, "present": true}, Codes: "malformed foreign_page",
		},
	}
}

func writerRoutes() []openapi.Route {
	perKind := func(of any) openapi.Map { return openapi.Map{Of: of} }
	return []openapi.Route{
		{
			At: "POST /writer/v1/cards", Does: "Makes a blank card with fresh keys", Who: "writer", In: openapi.Members{"card": virtualcard.CardID("")}, Status: http.StatusCreated,
			Out: openapi.Members{"card": virtualcard.CardID(""), "publicKeys": perKind([]byte(nil))}, Codes: "malformed card_exists",
		},
		{
			At: "GET /writer/v1/cards/:id", Does: "Says which certificates a card carries", Who: "writer",
			Out: openapi.Members{"card": virtualcard.CardID(""), "serials": perKind(jpki.SerialNumber(""))}, Codes: "no_card",
		},
		{
			At: "PUT /writer/v1/cards/:id", Does: "Personalises a card; what is left out stays as it is", Who: "writer", Codes: "malformed bad_certificate key_mismatch no_pin bad_pin_format bad_face no_card",
			In: openapi.Members{"face?": virtualcard.Face{}, "variant?": jpki.CardVariant(""), "pins?": perKind(""), "certificates?": perKind([]byte(nil)), "caCertificates?": perKind([]byte(nil))},
		},
		{
			At: "POST /writer/v1/cards/:id/keys", Does: "Has a card make a new key of one kind, for a re-issue", Who: "writer", In: openapi.Members{"kind": jpki.Kind(0)},
			Out: openapi.Members{"publicKey": []byte(nil)}, Codes: "malformed no_card dead_card",
		},
		{
			At: "POST /writer/v1/cards/:id/unblock", Does: "Sets a new PIN with all its tries", Who: "writer", In: openapi.Members{"kind": chip.Ref(""), "pin": ""}, Codes: "malformed bad_pin_format no_card dead_card",
			More: "`kind`: a kind of certificate, or `card-face-text`, `resident-register`, `common-card`.",
		},
		{At: "POST /writer/v1/cards/:id/kill", Does: "Breaks a card's chip", Who: "writer", Codes: "no_card"},
	}
}

// meanings say to who integrates what a code means; people read the explanation.
var meanings = map[string]string{
	"digest_origin": "only the common platform may ask for the signature of a digest",
	"malformed":     "a field is missing or not of its form", "too_large": "the document is larger than 256 KiB", "unsupported_document": "the document is not text/plain in UTF-8 that can be shown in full",
	"bad_pin_format": "the PIN cannot be one of this kind; nothing was sent to the card and no try was spent", "wrong_pin": "the PIN is wrong; triesLeft says how many tries are left",
	"pin_blocked": "the PIN is blocked until the municipal counter resets it", "no_card": "there is no such card, or it was taken off the reader",
	"no_certificate": "the card has no certificate of this kind", "dead_card": "the chip does not answer", "tampered_card": "the chip destroyed its keys when somebody tried to read them",
	"not_jpki": "the card has no JPKI application", "card_busy": "another program holds the card; no try was spent", "card_error": "the communication with the card failed, or it answered with an unexpected status word",
	"no_reader": "there is no reader of this name", "unconfirmed": "the card may be a real one: nothing is sent without confirm", "pin_refused": "a command with a PIN is not sent to a card that may be real without pins",
	"text_pin":      "the PIN of the card-face text application (券面事項入力補助用) is another one, or is blocked",
	"no_attributes": "the card has no card-face text application, or its issuer has not signed what is in it",
	"last_try":      "one try is left: no PIN is sent without lastTry", "cancelled": "the person cancelled", "expired": "the request was not answered within five minutes",
	"no_origin": "the request has no Origin header, or null: the asking page needs Referrer-Policy strict-origin", "foreign_return": "return is not of the origin that asks",
	"not_a_page": "the address takes the place of a whole page; a script or a frame cannot use it", "not_form": "the body must be application/x-www-form-urlencoded",
}

// Status gives the HTTP status of a code of a card, for scripts.
func Status(code string) int { return cmp.Or(statuses[code], http.StatusConflict) }

// statuses are those that are not 409.
var statuses = map[string]int{
	"malformed": http.StatusBadRequest, "bad_pin_format": http.StatusBadRequest,
	"too_large":            http.StatusRequestEntityTooLarge,
	"unsupported_document": http.StatusUnsupportedMediaType, "not_form": http.StatusUnsupportedMediaType,
	"wrong_pin": http.StatusForbidden, "pin_blocked": http.StatusForbidden, "text_pin": http.StatusForbidden, "no_origin": http.StatusForbidden, "foreign_return": http.StatusForbidden, "not_a_page": http.StatusForbidden,
	"digest_origin": http.StatusForbidden,
	"no_card":       http.StatusNotFound, "no_reader": http.StatusNotFound,
	"card_error": http.StatusBadGateway,
}
