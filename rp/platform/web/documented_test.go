package web_test

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"example.jp/jpkimock/internal/webtest"
)

// documented gives the examples in the platform's part of docs/interfaces.md.
func documented(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../../../docs/interfaces.md")
	webtest.Must(t, err)
	_, part, _ := strings.Cut(string(text), "## Platform")
	part, _, _ = strings.Cut(part, "\n## ")
	var all []string
	for _, m := range regexp.MustCompile("(?s)```json\n(.*?)```").FindAllStringSubmatch(part, -1) {
		all = append(all, m[1])
	}
	return all
}

// sameMembers fails unless an answer has exactly the members of an example.
func sameMembers(t *testing.T, example string, answer map[string]any) {
	t.Helper()
	var want map[string]any
	webtest.Must(t, json.Unmarshal([]byte(example), &want))
	if got, want := slices.Sorted(maps.Keys(answer)), slices.Sorted(maps.Keys(want)); !slices.Equal(got, want) {
		t.Errorf("members %v, documented %v", got, want)
	}
}

// What the documentation says of the register and of a sign-in without a browser is
// what happens: its examples are sent as they stand, and compared with the answers.
func TestTheDocumentedDialogue(t *testing.T) {
	examples := documented(t)
	if len(examples) != 10 {
		t.Fatalf("%d examples", len(examples))
	}
	entry, challenge, tokenBody, consent, agree, end := examples[0], examples[1], examples[2], examples[3], examples[4], examples[5]
	w := newTown(t)
	staff := w.browser()
	var written map[string]any
	staff.Calls(http.MethodPut, "/register/v1/providers/RP00000003", entry, &written, webtest.Bearer(staffKey)...).Says(200)
	for _, member := range []string{"clientId", "name", "nameEn", "redirectUris", "sector", "scopes", "faces", "idTokenSignedResponseAlg", "suspended", "jwks", "since"} {
		if written[member] == nil {
			t.Errorf("the entry has no %s: %v", member, written)
		}
	}

	library := *w.health
	library.id, library.oauth.ClientID, library.oauth.RedirectURL = "RP00000003", "RP00000003", "http://localhost:3000/callback"
	for round, want := range []string{"consent", "service"} {
		b := w.browser()
		var asked map[string]any
		at := b.Sends(http.MethodGet, library.asks(), "", "Accept", "application/json").Says(200).JSON(&asked)
		sameMembers(t, challenge, asked)
		token := w.Card("hanako").Authenticate(asked["origin"].(string), asked["nonce"].(string))
		sameMembers(t, tokenBody, map[string]any{"token": token})
		var next map[string]any
		b.Calls(http.MethodPost, at.Path(), map[string]any{"token": json.RawMessage(token)}, &next).Says(200)
		sameMembers(t, consent, next)
		if next["next"] != want {
			t.Fatalf("round %d: %v", round, next)
		}
		if want == "consent" {
			b.Calls(http.MethodPost, next["location"].(string), agree, &next).Says(200)
		}
		sameMembers(t, end, next)
		back, err := url.Parse(next["location"].(string))
		webtest.Must(t, err)
		if q := back.Query(); next["next"] != "service" || q.Get("code") == "" || q.Get("iss") == "" || q.Get("state") != "state-1" || back.Host != "localhost:3000" {
			t.Errorf("round %d: %v", round, next)
		}
	}
}

// Both documented ways to say no end in access_denied.
func TestTheDocumentedRefusals(t *testing.T) {
	w := newTown(t)
	for _, how := range []string{"agree false", "decline"} {
		b := w.browser()
		var asked struct{ Origin, Nonce string }
		at := b.Sends(http.MethodGet, w.health.asks(), "", "Accept", "application/json").Says(200).JSON(&asked)
		var next struct{ Next, Location string }
		if how == "decline" {
			b.Calls(http.MethodPost, at.Path()+"/decline", struct{}{}, &next).Says(200)
		} else {
			token := w.Card("hanako").Authenticate(asked.Origin, asked.Nonce)
			b.Calls(http.MethodPost, at.Path(), map[string]any{"token": json.RawMessage(token)}, &next).Says(200)
			b.Calls(http.MethodPost, next.Location, `{"agree":false}`, &next).Says(200)
		}
		if next.Next != "service" || !strings.Contains(next.Location, "error=access_denied") {
			t.Errorf("%s: %+v", how, next)
		}
	}
}

// What the documentation says of a signature is what happens.
func TestTheDocumentedSignature(t *testing.T) {
	examples := documented(t)[6:]
	w := newTown(t)
	estate := w.realEstate()
	begun := estate.calls("POST", signPath, estate.ownToken(), examples[0]).Says(201)
	sameMembers(t, examples[1], members(t, begun.Body))
	id := begun.Member("sign_transaction_id").(string)
	b := w.browser()
	var ask struct{ Digest string }
	webtest.Must(t, json.Unmarshal([]byte(examples[0]), &ask))
	digest, err := base64.StdEncoding.DecodeString(ask.Digest)
	webtest.Must(t, err)
	estate.returned(b.signs(b.leads(estate, id, "hanako"), "hanako", [32]byte(digest)))
	given := estate.result(id).Says(200)
	sameMembers(t, examples[2], members(t, given.Body))
	sealed, err := jose.ParseEncrypted(given.Member("result").(string), []jose.KeyAlgorithm{jose.ECDH_ES}, []jose.ContentEncryption{jose.A256GCM})
	webtest.Must(t, err)
	text, err := sealed.Decrypt(estate.secret)
	webtest.Must(t, err)
	sameMembers(t, examples[3], members(t, string(text)))
}

func members(t *testing.T, text string) (all map[string]any) {
	t.Helper()
	webtest.Must(t, json.Unmarshal([]byte(text), &all))
	return all
}
