package ecosystem

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/webtest"
)

// testSignIn begins a sign-in at the platform for a service that asks for names, and gives a
// program and the address of its tester's screen.
func testSignIn(t *testing.T, e *Ecosystem) (program *webtest.Browser, screen string) {
	t.Helper()
	program = webtest.NewBrowser(t, e.URL("platform"))
	key := map[string]string{
		"kty": "EC", "crv": "P-256", "kid": "1", "use": "sig", "alg": "ES256",
		"x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
	}
	program.Calls(http.MethodPut, "/register/v1/providers/SHOP", map[string]any{
		"name": "ためし", "redirectUris": []string{"http://localhost:3000/callback"}, "jwks": map[string]any{"keys": []any{key}}, "scopes": []string{"openid", "name"},
		"staff": "kiban-1", "why": "ためし",
	}, nil, webtest.Bearer(e.key(platformStaffKey))...).Says(200)
	ask := url.Values{
		"response_type": {"code"}, "client_id": {"SHOP"}, "redirect_uri": {"http://localhost:3000/callback"}, "scope": {"openid name"}, "state": {"s"}, "nonce": {"n"},
		"code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"},
	}
	return program, program.Visits("/api/realms/main/protocol/openid-connect/auth?"+ask.Encode()).Says(200).Path() + "/tester"
}

// A test person's own card answers: it tells what it has of its holder, it refuses what it would
// refuse anybody, and no try of its PIN is lost for a test.
func TestATestPersonsOwnCardAnswers(t *testing.T) {
	t.Parallel()
	alone(t)
	e := town(t, Config{SweepEvery: -1, Tester: true})
	program, screen := testSignIn(t, e)
	pick := func(person, outcome string) webtest.Page {
		return program.Calls(http.MethodPost, screen, map[string]string{"person": person, "outcome": outcome}, nil)
	}
	for _, c := range []struct {
		person, outcome string
		status          int
		code            string
	}{
		{"kenji", "normal", 403, "expired"}, {"akira", "normal", 403, "suspended"}, {"kaoru", "normal", 403, "revoked"}, {"makoto", "normal", 403, "pin_blocked"},
		{"minoru", "normal", 403, "dead_card"}, {"naoko", "wrong_pin", 409, "tester_last_try"}, {"makoto", "wrong_pin", 403, "pin_blocked"}, {"minoru", "wrong_pin", 403, "dead_card"},
		{"kenji", "revoked", 403, "expired"}, {"hanako", "other_origin", 403, "origin"}, {"hanako", "altered", 422, "bad_signature"},
		{"hanako", "wrong_pin", 403, "wrong_pin"}, {"hanako", "wrong_pin", 403, "wrong_pin"}, {"hanako", "wrong_pin", 403, "wrong_pin"}, {"hanako", "wrong_pin", 403, "wrong_pin"},
	} {
		if pick(c.person, c.outcome).Refuses(c.status, c.code); t.Failed() {
			t.Fatalf("%s, %s", c.person, c.outcome)
		}
	}
	cards := webtest.NewBrowser(t, e.URL("card"))
	for card, left := range map[string]float64{"card-hanako": 3, "card-naoko": 1} {
		if got, _ := cards.Visits("/v1/cards/"+card, "Accept", "application/json").Says(200).Member("triesLeft").(map[string]any); got["user-authentication"] != left {
			t.Errorf("%s has %v", card, got)
		}
	}
	if next := pick("hanako", "normal").Says(200).Member("next"); next != "consent" {
		t.Errorf("next: %v", next)
	}
	program.Visits(strings.TrimSuffix(screen, "/tester")+"/consent").Says(200, "青葉　花子")

	webtest.Must(t, e.Silence("card"))
	program, screen = testSignIn(t, e)
	pick("hanako", "normal").Refuses(503, "tester_silent")
	pick("hanako", "wrong_pin").Refuses(503, "tester_silent")
}

// A town that says nothing of it has no tester's screen.
func TestTheTestersScreenIsOffUnlessItIsWanted(t *testing.T) {
	t.Parallel()
	alone(t)
	e := town(t, Config{SweepEvery: -1})
	program, screen := testSignIn(t, e)
	program.Calls(http.MethodPost, screen, map[string]string{"person": "hanako", "outcome": "normal"}, nil).Refuses(404, "no_tester")
	program.Visits(strings.TrimSuffix(screen, "/tester")).Says(200).Lacks("to-tester")
}
