package web

import (
	_ "embed"
	"maps"
	"net/http"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	desks "example.jp/jpkimock/rp/bank/desks/web"
	room "example.jp/jpkimock/rp/bank/room/web"
)

//go:embed examples.json
var examples []byte

// Samples of bodies that several addresses have.
var (
	anEntry    = openapi.Members{"account": accountBody{}, "statement": []entryBody(nil)}
	aDraft     = openapi.Members{"number": openapi.Said{Of: "", About: "of the form"}, "document": documentBody{}}
	aCMS       = openapi.Members{"cms": openapi.Said{Of: []byte(nil), About: "detached CMS SignedData over the document's octets, DER in base64"}}
	aConsent   = openapi.Members{"document": "", "givenAt": time.Time{}, "stands": true, "withdrawnAt?": time.Time{}}
	aTransfer  = openapi.Members{"reference": "", "from": bank.AccountNumber(""), "to": bank.AccountNumber(""), "toName": "", "amount": bank.Yen(0), "memo": "", "balance": bank.Yen(0), "at": time.Time{}}
	aSignature = openapi.Members{
		"number": "", "document": documentBody{}, "cms": []byte(nil), "certificate": []byte(nil), "serial": jpki.SerialNumber(""), "pairedSerial": jpki.SerialNumber(""),
		"signedAt": time.Time{}, "receivedAt": time.Time{}, "verifiedAt": time.Time{}, "record": rp.Record{},
	}
)

// api is what the bank answers to programs.
func api(withLatest bool) openapi.API {
	a := openapi.API{
		Title: "みほん銀行 (the bank)", About: "A relying party: an account is opened by a digital signature, and its holder signs in with the user authentication certificate.",
		Sessions: map[string]string{"session": "jpkimock_bank"}, Examples: examples, Codes: apiCodes(),
		Groups: rpweb.Groups(),
		Params: map[string]string{"no": "an account number, seven digits", "reference": "of a transfer", "id": "a number", "file": "document.txt, application.p7s, certificate.pem or status.ors"},
		Routes: slices.Concat(openingRoutes(), accountRoutes(), formRoutes()),
		Pages: []string{
			"GET /", "GET /help", "GET /accounts/new", "GET /accounts/draft", "GET /signin", "GET /signed-out", "GET /account",
			"GET /transfers/new", "POST /transfers/confirm", "GET /transfers/confirm",
			"GET /changes/new", "GET /changes/draft", "GET /changes/done", "GET /consent/withdraw", "GET /consent/draft", "GET /comparison",
			"/partner/*", // portal/partner/openapi.yaml
		},
	}
	if withLatest {
		a = a.With(latestAPI())
	}
	a.Groups["session"] = "signed_out session_idle session_age session_gone"
	return a.With(desks.API())
}

// apiCodes lists the bank's refusals.
func apiCodes() []openapi.Code {
	all := append(refusals.Codes(), formRefusals.OwnCodes()...)
	missing := map[string]openapi.Code{}
	for _, n := range []need{needCustomer, needDraft, needNonce, needForm} {
		for _, why := range []session.Ending{"", session.EndedIdle, session.EndedByAge, session.EndedElsewhere} {
			c := (&missingError{Need: n, Why: why}).refusal().API()
			if c.Code != "no_challenge" { // as all houses have it
				missing[c.Code] = c
			}
		}
	}
	for _, code := range slices.Sorted(maps.Keys(missing)) {
		all = append(all, missing[code])
	}
	return all
}

func openingRoutes() []openapi.Route {
	return []openapi.Route{
		{
			At: "POST /accounts/draft", Does: "Writes the application for an account, which lives for 30 minutes", More: "Begins a session, if there is none: keep the cookie.",
			In: bank.Choices{}, Out: openapi.Members{"application": "", "document": documentBody{}}, Codes: "purpose branch",
		},
		{
			At: "POST /accounts", Does: "Opens an account with the signed application", Who: "session", In: aCMS, Status: http.StatusCreated,
			Out: openapi.Members{"account": accountBody{}}, Codes: "no_draft draft_expired already_customer application_used too_young @signature",
		},
		{
			At: "POST /signin/challenge", Does: "Gives a challenge for a sign-in, used once, for five minutes",
			Out: openapi.Members{"nonce": "", "origin": openapi.Said{Of: "", About: "for which the card has to answer"}}, Codes: "busy",
		},
		{
			At: "POST /signin", Does: "Signs in with the card's answer to the challenge", Who: "session",
			In: openapi.Members{"token": openapi.Said{Of: nil, About: "a Web eID authentication token (format web-eid:1.0)"}}, Out: openapi.Members{"account": accountBody{}},
			Codes: "no_challenge unknown_holder record_moved @signin",
		},
		{At: "POST /signout", Does: "Ends the session", Who: "session"},
	}
}

func accountRoutes() []openapi.Route {
	return []openapi.Route{
		{At: "GET /accounts/:no", Does: "Gives balance and statement of the own account", Who: "session", Out: anEntry, Codes: "not_yours @session"},
		{
			At: "GET /accounts/:no/application", Does: "Gives the signed application with the record of every check", Who: "session",
			Out: openapi.Members{"application": aSignature}, Codes: "not_yours @session",
		},
		{At: "GET /accounts/:no/application/:file", Does: "Gives a part of the signed application as a file", Who: "session", OutType: "application/pkcs7-signature", Codes: "not_yours @session"},
		{
			At: "POST /transfers", Does: "Sends money to another account of the bank, once for each key", Who: "session", Header: openapi.Members{"Idempotency-Key": "8 to 64 letters, digits, - and _"},
			In: openapi.Members{"to": bank.AccountNumber(""), "amount": openapi.Said{Of: int64(0), About: "in yen"}, "memo?": ""}, Status: http.StatusCreated, Out: openapi.Members{"transfer": aTransfer},
			Codes: "idempotency_key_missing idempotency_key idempotency_key_reused account_number no_account same_account amount memo insufficient_funds @session",
		},
		{At: "GET /transfers/:reference", Does: "Gives a transfer that was sent", Who: "session", Out: openapi.Members{"transfer": aTransfer}, Codes: "not_yours @session"},
		{At: "GET /inbox", Does: "Lists the bank's messages to the customer", Who: "session", Out: openapi.Members{"notices": []room.NoticeJSON(nil)}, Codes: "@session"},
		{At: "GET /inbox/:id", Does: "Gives one message", Who: "session", Out: openapi.Members{"notice": room.NoticeJSON{}}, Codes: "no_notice @session"},
	}
}

// latestAPI is the consent to the latest four data service.
func latestAPI() openapi.API {
	return openapi.API{
		Pages: []string{"GET /consent/latest/about", "GET /consent/latest/draft"},
		Routes: []openapi.Route{
			{
				At: "GET /consent/latest", Does: "Gives the consent to the latest four data service, if it was given", Who: "session",
				Out: openapi.Members{"consent?": latestJSON{}}, Codes: "@session",
			},
			{At: "POST /consent/latest/draft", Does: "Writes that consent", Who: "session", Out: aDraft, Codes: "latest_given @session"},
			{
				At: "POST /consent/latest", Does: "Takes the signed consent to the authority", Who: "session", In: aCMS, Out: openapi.Members{"consent": latestJSON{}},
				Codes: "no_form draft_expired another_person latest_refused @signature @session",
			},
		},
	}
}

func formRoutes() []openapi.Route {
	return []openapi.Route{
		{
			At: "POST /changes/draft", Does: "Writes the form by which a changed name or address is brought to the bank", In: openapi.Members{"account?": bank.AccountNumber("")},
			More: "For whoever is signed in; else for the account, whose holder signs with a new card.", Out: aDraft, Codes: "account_number",
		},
		{
			At: "POST /changes", Does: "Takes the signed form, and signs its signer in", Who: "session", In: aCMS,
			Out: openapi.Members{
				"account": accountBody{}, "number": "", "before": jpki.BasicFour{}, "after": jpki.BasicFour{}, "serial": jpki.SerialNumber(""),
			},
			Codes: "no_form draft_expired form_used certificate_taken another_person nothing_changed record_moved @signature",
		},
		{At: "GET /consent", Does: "Gives the permission to keep and check the certificate", Who: "session", Out: openapi.Members{"consent": aConsent}, Codes: "@session"},
		{At: "POST /consent/withdraw", Does: "Withdraws the consent", Who: "session", Codes: "consent_withdrawn @session"},
		{At: "POST /consent/draft", Does: "Writes the form that gives the consent again", Who: "session", Out: aDraft, Codes: "consent_stands @session"},
		{At: "POST /consent", Does: "Takes the signed consent", Who: "session", In: aCMS, Codes: "no_form draft_expired form_used other_certificate another_person consent_stands @signature @session"},
	}
}
