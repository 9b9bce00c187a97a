package agent_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"example.jp/jpkimock/virtualcard/chip"
)

// vouched verifies what the client software says of a holder beside a token.
func (w *town) vouched(statement, origin string) (said struct {
	Nonce      string            `json:"nonce"`
	TokenHash  string            `json:"token_hash"`
	Attributes map[string]string `json:"attributes"`
}) {
	w.t.Helper()
	var keys jose.JSONWebKeySet
	w.do(json.Unmarshal([]byte(w.script("GET", "/attest/jwks.json", "").Body), &keys))
	read, err := jwt.ParseSigned(statement, []jose.SignatureAlgorithm{jose.ES256})
	w.do(err)
	var registered jwt.Claims
	w.do(read.Claims(keys, &registered, &said))
	w.do(registered.ValidateWithLeeway(jwt.Expected{AnyAudience: jwt.Audience{origin}, Time: w.Now()}, 0))
	if life := registered.Expiry.Time().Sub(registered.IssuedAt.Time()); life != 5*time.Minute || len(read.Headers) != 1 || read.Headers[0].ExtraHeaders["typ"] != "jpkimock-attributes+jwt" {
		w.t.Errorf("a statement of %s: %+v", life, read.Headers)
	}
	return said
}

// What a site asks of the holder is read from the card, in any order, and nothing else.
func TestTheSoftwareVouchesForWhatItReads(t *testing.T) {
	w := newTown(t)
	whole := w.script("POST", "/v1/authenticate", members(t, authentication(), map[string]any{"attributes": []string{"gender", "birthdate", "name", "address"}}))
	if whole.Status != 200 {
		t.Fatalf("%d %s", whole.Status, whole.Body)
	}
	said := w.vouched(whole.Member("attributes").(string), bank)
	hash := sha256.Sum256([]byte(whole.Member("signature").(string)))
	if said.Nonce != nonce || said.TokenHash != base64.RawURLEncoding.EncodeToString(hash[:]) {
		t.Errorf("of another answer: %+v", said)
	}
	if a := said.Attributes; len(a) != 4 || a["name"] != "青葉　花子" || a["address"] == "" || len(a["birthdate"]) != 8 || len(a["gender"]) != 1 {
		t.Errorf("%+v", a)
	}
	part := w.script("POST", "/v1/authenticate", members(t, authentication(), map[string]any{"attributes": []string{"address"}}))
	if a := w.vouched(part.Member("attributes").(string), bank).Attributes; len(a) != 1 || a["address"] != said.Attributes["address"] {
		t.Errorf("of the address alone: %+v", a)
	}
	if none := w.script("POST", "/v1/authenticate", members(t, authentication(), map[string]any{"attributes": []string{}})); none.Status != 200 || strings.Contains(none.Body, "attributes") {
		t.Errorf("of nothing: %d %s", none.Status, none.Body)
	}
}

func TestWhatIsNoAttribute(t *testing.T) {
	w := newTown(t)
	for name, attributes := range map[string]any{"unknown": []string{"number"}, "twice": []string{"name", "name"}, "a text": "name", "empty": []string{""}} {
		a := w.script("POST", "/v1/authenticate", members(t, authentication(), map[string]any{"attributes": attributes}))
		if a.Status != 400 || a.Member("code") != "malformed" {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
}

// The card-face text application has a PIN of its own. Where it is another one, or blocked, nothing
// is told, and the authentication is not answered either.
func TestThePINOfTheCardFace(t *testing.T) {
	w := newTown(t)
	w.do(w.cabinet.Unblock(t.Context(), hanako, chip.TextPIN, "7777"))
	ask := map[string]any{"attributes": []string{"name"}}
	for try := range 4 {
		a := w.script("POST", "/v1/authenticate", members(t, authentication(), ask))
		if a.Status != 403 || a.Member("code") != "text_pin" || strings.Contains(a.Body, "signature") {
			t.Errorf("try %d: %d %s", try, a.Status, a.Body)
		}
	}
	if plain := w.script("POST", "/v1/authenticate", members(t, authentication(), nil)); plain.Status != 200 {
		t.Errorf("an authentication alone: %d %s", plain.Status, plain.Body)
	}
	w.do(w.cabinet.Unblock(t.Context(), hanako, chip.TextPIN, "1234"))
	if a := w.script("POST", "/v1/authenticate", members(t, authentication(), ask)); a.Status != 200 {
		t.Errorf("afterwards: %d %s", a.Status, a.Body)
	}
	wrong := w.script("POST", "/v1/authenticate", members(t, authentication(), map[string]any{"attributes": []string{"name"}, "pin": "9999"}))
	if wrong.Status != 403 || wrong.Member("code") != "wrong_pin" {
		t.Errorf("a wrong PIN: %d %s", wrong.Status, wrong.Body)
	}
	if a := w.script("POST", "/v1/authenticate", members(t, authentication(), ask)); a.Status != 200 {
		t.Errorf("a wrong PIN was sent to the card-face text application, too: %d %s", a.Status, a.Body)
	}
}
