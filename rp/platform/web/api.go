package web

import (
	_ "embed"
	"net/http"
	"slices"

	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/staffroom"
	"example.jp/jpkimock/rp/platform"
	"example.jp/jpkimock/rp/platform/tester"
)

//go:embed examples.json
var examples []byte

// api is what the platform answers to programs.
func api() openapi.API {
	return openapi.API{
		Title: "みらい共通認証基盤 (the common platform)", About: "An OpenID provider in the shape of the Digital Agency's authentication application; discovery is below its issuer, " + platform.IssuerPath + ".",
		Sessions: map[string]string{"login": ticketOf("").Name, "session": "jpkimock_platform"},
		Keys: map[string]string{
			"staff":  "The staff key: JPKIMOCK_PLATFORM_STAFF_KEY, `keys.platform-staff` of the ready file.",
			"access": "An access token of the token endpoint.",
		},
		Examples: examples, Codes: apiCodes(), Groups: rpweb.Groups(),
		Params: map[string]string{"id": "of a login, from the redirect of the authorization endpoint", "client": "a client ID", "transaction": "a `sign_transaction_id`"},
		Routes: slices.Concat(providerRoutes(), transactionRoutes(), loginRoutes(), registerRoutes()),
		Pages: []string{
			"POST /login/:id/hand", "GET /login/:id/hand", "GET /login/:id/consent", "POST /login/:id/left", "GET /", "GET /signin", "POST /signin", "POST /signout",
			"GET /logins", "POST /logins/withdraw", "GET /register", "GET /register/new", "GET /register/:client", "POST /register", "POST /register/keys",
		},
	}.With(signInOfStaff())
}

func signInOfStaff() openapi.API {
	in := staffroom.API("/register/signin", "", "session", "jpkimock_platform", "staff")
	in.Pages = in.Pages[:1]
	return in
}

// apiCodes lists the platform's refusals, and those of the standards.
func apiCodes() []openapi.Code {
	all := refusals.Codes()
	own := func(status int, code, means string) {
		all = append(all, openapi.Code{Code: code, Status: status, Means: means, Say: sayAsked.Title})
	}
	all = append(all, openapi.Code{Code: "field", Status: http.StatusUnprocessableEntity, Means: "`field` of an entry is wrong, as the detail says", Say: sayField.Title})
	for _, code := range []string{
		platform.InvalidRequest, platform.InvalidScope, platform.InvalidClient, platform.InvalidGrant, platform.UnauthorizedClient, "unsupported_grant_type", platform.UnsupportedResponseType, platform.AccessDenied, platform.ServerError, platform.TemporarilyUnavailable,
		platform.LoginRequired, platform.RequestNotSupported, platform.RequestURINotSupported, platform.RegistrationNotSupported,
	} {
		own(http.StatusBadRequest, code, "RFC 6749: `error_description` says why")
	}
	own(http.StatusUnauthorized, platform.InvalidToken, "RFC 6750: the access token is unknown, expired or revoked, or the service is suspended")
	return all
}

func providerRoutes() []openapi.Route {
	const form, at = "application/x-www-form-urlencoded", platform.IssuerPath
	asked := openapi.Members{
		"response_type": "code", "client_id": "", "redirect_uri": "", "scope": "openid", "state": "", "nonce": "", "code_challenge": "", "code_challenge_method": openapi.OneOf{"S256"},
		"acr_values?": "", "sign_transaction_id?": "", "jpki_face?": openapi.OneOf{"window", "tv", "kiosk"}, "ui_locales?": "",
	}
	tested := openapi.Members{personHeader + "?": "", outcomeHeader + "?": outcomes()}
	claims := openapi.Members{"sub": "", "name?": "", "address?": openapi.Members{"formatted": ""}, "birthdate?": "", "gender?": openapi.OneOf{"male", "female", "not_applicable"}}
	const why = "invalid_request unauthorized_client temporarily_unavailable"
	return []openapi.Route{
		{
			At: "GET " + at + "/.well-known/openid-configuration", Does: "Gives the provider's metadata (OpenID Connect Discovery)", Out: openapi.Map{},
		},
		{At: "GET " + at + platform.AuthPath, Does: "Begins a sign-in: leads to /login/{id}, with its cookie", Query: asked, Header: tested, Status: http.StatusSeeOther, Codes: why},
		{At: "POST " + at + platform.AuthPath, Does: "Begins a sign-in, by a form", InType: form, In: asked, Header: tested, Status: http.StatusSeeOther, Codes: why},
		{
			At: "POST " + at + platform.TokenPath, Does: "Gives tokens for a code, once, within a minute; for a refresh token, once; or a service its own, with client_credentials", InType: form,
			In: openapi.Members{
				"grant_type": openapi.OneOf{"authorization_code", "refresh_token", "client_credentials"}, "code?": "", "redirect_uri?": "", "code_verifier?": "", "refresh_token?": "", "scope?": "",
				"client_assertion": "", "client_assertion_type": "", "client_id?": "",
			},
			Out:   openapi.Members{"access_token": "", "token_type": "Bearer", "expires_in": 0, "id_token?": "", "refresh_token?": "", "refresh_expires_in?": 0, "scope?": ""},
			Codes: "invalid_request invalid_client invalid_grant invalid_scope unauthorized_client unsupported_grant_type temporarily_unavailable",
		},
		{At: "GET " + at + platform.UserInfoPath, Does: "Gives the person's `sub`, and what the card says for the scopes that were granted", Who: "access", Out: claims, Codes: "invalid_token"},
		{At: "POST " + at + platform.UserInfoPath, Does: "The same by POST", Who: "access", Out: claims, Codes: "invalid_token"},
		{At: "GET " + at + platform.CertsPath, Does: "Gives the JWK Set that ID tokens are signed with", Out: openapi.Members{"keys": []map[string]any(nil)}},
	}
}

// transactionRoutes are those by which a service has its person sign.
func transactionRoutes() []openapi.Route {
	return []openapi.Route{
		{
			At: "POST /api/sign-transactions", Does: "Begins a signature over a digest, for ten minutes", Who: "access", In: openapi.Members{"digest": ""}, Status: http.StatusCreated,
			Out: openapi.Members{"sign_transaction_id": "", "expires_in": 0}, Codes: "invalid_token bad_digest too_many_transactions",
			More: "With a token of client_credentials. `digest`: base64 of a SHA-256, or of its DigestInfo. The authorization request then has the scope `openid sign` and `sign_transaction_id`.",
		},
		{
			At: "GET /api/sign-transactions/:transaction/result", Does: "Gives the signature with its certificate, once", Who: "access", Out: openapi.Members{"result": ""},
			Codes: "invalid_token no_transaction transaction_waiting transaction_over",
			More:  "`result` is a JWE (ECDH-ES or RSA-OAEP-256, A256GCM) to the service's key of use `enc`: `iss`, `aud`, `sign_transaction_id`, `digest`, `signature`, `certificate` (base64) and `signed_at`.",
		},
	}
}

// outcomes are those of the tester's screen.
func outcomes() openapi.OneOf {
	var all openapi.OneOf
	for _, o := range tester.Outcomes() {
		all = append(all, string(o))
	}
	return all
}

func loginRoutes() []openapi.Route {
	next := openapi.Members{"next": openapi.OneOf{"consent", "sign", "service"}, "location": ""}
	return []openapi.Route{
		{
			At: "GET /login/:id", Does: "Says what is asked, with a new challenge", Who: "login", Codes: "no_login busy",
			Out: openapi.Members{"service": platform.ClientID(""), "name": "", "scopes": []string(nil), "attributes": []string(nil), "face": platform.Face(""), "nonce": "", "origin": ""},
		},
		{
			At: "POST /login/:id", Does: "Takes the card's answer to the challenge", Who: "login", In: openapi.Members{"token": nil}, Out: next, Codes: "no_login no_challenge no_attributes attributes_statement attributes_keys @signin",
		},
		{
			At: "GET /login/:id/tester", Does: "Lists the test persons and the outcomes that can stand in a card's place", Who: "login", Codes: "no_login no_tester",
			Out: openapi.Members{"people": []openapi.Members{{"person": "", "name": "", "state": ""}}, "outcomes": []string(nil)},
		},
		{
			At: "POST /login/:id/tester", Does: "Answers the sign-in with a test person's card, or as the outcome wants", Who: "login", Out: next,
			In:    openapi.Members{"person": "", "outcome": outcomes()},
			Codes: "no_login no_tester no_test_person no_outcome tester_silent tester_last_try no_attributes attributes_statement attributes_keys @signin",
		},
		{At: "GET /login/:id/tester/picked", Does: "Does so for the headers of the authorization request; leads to /login/{id} where there were none", Who: "login", Out: next, Codes: "no_login no_tester tester_silent tester_last_try no_attributes attributes_statement attributes_keys @signin"},
		{At: "POST /login/:id/consent", Does: "Takes the person's decision", Who: "login", In: openapi.Members{"agree": true}, Out: next, Codes: "no_login not_verified no_consent"},
		{
			At: "GET /login/:id/sign", Does: "Says what the person is to sign", Who: "login", Codes: "no_login not_verified",
			Out: openapi.Members{"service": platform.ClientID(""), "name": "", "sign_transaction_id": "", "digest": "", "face": platform.Face(""), "origin": ""},
		},
		{
			At: "POST /login/:id/sign", Does: "Takes the card's signature of the digest", Who: "login", In: openapi.Members{"token": nil}, Out: next,
			Codes: "no_login not_verified malformed_signature other_card transaction_over @signin",
		},
		{At: "POST /login/:id/decline", Does: "Leads back to the service without a sign-in", Who: "login", Out: next, Codes: "no_login"},
	}
}

func registerRoutes() []openapi.Route {
	entry := openapi.Members{
		"clientId?": "", "name": "", "nameEn?": "", "redirectUris": []string(nil), "sector?": "", "jwks": openapi.Map{}, "idTokenSignedResponseAlg?": "", "scopes?": []string(nil), "faces?": []string(nil), "suspended?": true,
		"since?": "", "staff": "", "why": "",
	}
	rotation := openapi.Members{"step": openapi.OneOf{"announce", "use", "retire"}, "staff": "", "why": ""}
	return []openapi.Route{
		{At: "GET /register/v1/keys", Does: "Lists the keys of ID tokens as they are published, those that sign first, and which step of a rotation is next", Who: "staff", Out: keysFace{}},
		{At: "POST /register/v1/keys", Does: "Takes the next step of a rotation of keys", Who: "staff", In: rotation, Out: keysFace{}, Codes: "field key_step"},
		{At: "GET /register/v1/providers", Does: "Lists the register of service providers", Who: "staff", Out: openapi.Members{"providers": []providerFace(nil)}},
		{At: "PUT /register/v1/providers/:client", Does: "Writes an entry, or writes it anew as a whole", Who: "staff", In: entry, Out: providerFace{}, Codes: "field"},
		{At: "GET /register/v1/providers/:client/log", Does: "Lists what was done to an entry", Who: "staff", Out: openapi.Members{"log": []changeFace(nil)}, Codes: "no_service_provider"},
	}
}
