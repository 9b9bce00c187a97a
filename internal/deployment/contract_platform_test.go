//go:build unix

package deployment

import (
	"net/url"
	"path"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/ecosystem"
)

// The public key of docs/interfaces.md.
var exampleKeys = object{"keys": []any{object{
	"kty": "EC", "crv": "P-256", "kid": "2026", "use": "sig", "alg": "ES256",
	"x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
}}}

func platformContract(t *testing.T, town *ecosystem.Ecosystem) {
	platform, cards := contractOf(t, "platform", town.URL("platform")), cardsOf(t, town)
	const oidc = "/api/realms/main"
	anybody, staff := platform.as(), platform.key(town.Ready().Keys["platform-staff"])
	anybody.asks("GET "+oidc+"/.well-known/openid-configuration", nil)
	anybody.asks("GET "+oidc+"/protocol/openid-connect/certs", nil)
	anybody.refused("GET /register/v1/providers", nil, 401, "no_key")
	staff.asks("GET /register/v1/providers", nil)
	staff.asks("GET /register/v1/keys", nil)
	staff.refused("POST /register/v1/keys", object{"step": "retire", "staff": "kiban-1", "why": "鍵の定期更新"}, 409, "key_step")
	staff.asks("POST /register/v1/keys", object{"step": "announce", "staff": "kiban-1", "why": "鍵の定期更新"})
	entry := object{
		"name": "みほん市立図書館", "nameEn": "Mihon City Library", "redirectUris": []string{"http://localhost:3000/callback"}, "jwks": exampleKeys, "staff": "kiban-1", "why": "申請書受付第12号",
	}
	staff.asks("PUT /register/v1/providers/:client", entry, "LIBRARY")
	staff.refused("PUT /register/v1/providers/:client", object{"name": "", "jwks": exampleKeys, "staff": "kiban-1", "why": "x"}, 422, "field", "LIBRARY")
	staff.asks("GET /register/v1/providers/:client/log", nil, "LIBRARY")
	staff.refused("GET /register/v1/providers/:client/log", nil, 404, "no_service_provider", "NOBODY")
	staff.as().asks("POST /register/signin", object{"key": town.Ready().Keys["platform-staff"], "staff": "kiban-1"})

	ask := url.Values{
		"response_type": {"code"}, "client_id": {"LIBRARY"}, "redirect_uri": {"http://localhost:3000/callback"}, "scope": {"openid"}, "state": {"s"}, "nonce": {"n"},
		"code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"},
	}
	anybody.refused("POST /api/sign-transactions", object{"digest": "x"}, 401, "invalid_token")
	hanako := platform.as()
	hanako.refused("GET "+oidc+"/protocol/openid-connect/auth", nil, 400, "invalid_request")
	hanako.asks("GET "+oidc+"/protocol/openid-connect/auth?"+ask.Encode(), nil)
	id := hanako.leads[strings.LastIndexByte(hanako.leads, '/')+1:]
	login := hanako.asks("GET /login/:id", nil, id)
	hanako.refused("POST /login/:id/consent", object{"agree": true}, 409, "not_verified", id)
	hanako.asks("POST /login/:id", object{"token": cards.answers("card-hanako", "1234", "platform", login["nonce"])}, id)
	hanako.asks("POST /login/:id/consent", object{"agree": true}, id)
	hanako.asks("GET "+oidc+"/protocol/openid-connect/auth?"+ask.Encode(), nil)
	hanako.asks("POST /login/:id/decline", nil, hanako.leads[strings.LastIndexByte(hanako.leads, '/')+1:])
	tested(t, platform, oidc+"/protocol/openid-connect/auth?"+ask.Encode())
	// A client with a key of its own is TestOtherPeoplesProgramsWorkAsThePageSays, and one that has its
	// persons sign TestAServiceHasItsPersonSign.
	platform.complete("rp/platform/web/examples.json", "POST "+oidc+"/protocol/openid-connect/auth", "POST "+oidc+"/protocol/openid-connect/token",
		"GET "+oidc+"/protocol/openid-connect/userinfo", "POST "+oidc+"/protocol/openid-connect/userinfo",
		"POST /api/sign-transactions", "GET /api/sign-transactions/:transaction/result", "GET /login/:id/sign", "POST /login/:id/sign")
}

// tested signs in as test persons, at an authorization request of the platform.
func tested(t *testing.T, platform *contract, ask string) {
	somebody := platform.as()
	somebody.asks("GET "+ask, nil)
	id := path.Base(somebody.leads)
	somebody.asks("GET /login/:id/tester", nil, id)
	pick := func(person, outcome string) object { return object{"person": person, "outcome": outcome} }
	somebody.refused("POST /login/:id/tester", pick("nobody", "normal"), 422, "no_test_person", id)
	somebody.refused("POST /login/:id/tester", pick("hanako", "great"), 422, "no_outcome", id)
	somebody.refused("POST /login/:id/tester", pick("hanako", "revoked"), 403, "revoked", id)
	somebody.refused("POST /login/:id/tester", pick("naoko", "wrong_pin"), 409, "tester_last_try", id)
	somebody.asks("POST /login/:id/tester", pick("hanako", "normal"), id)
	somebody.with("Jpki-Test-Person", "hanako", "Jpki-Test-Outcome", "declined").asks("GET "+ask, nil)
	if t.Failed() {
		return
	}
	headed := platform.as("Jpki-Test-Person", "hanako")
	headed.asks("GET "+ask, nil)
	headed.asks("GET /login/:id/tester/picked", nil, path.Base(path.Dir(path.Dir(headed.leads))))
}
