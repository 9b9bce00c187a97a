package web

import (
	_ "embed"
	"net/http"
	"slices"
	"strings"
	"time"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/ui"
)

//go:embed examples.json
var examples []byte

// api is what the authority answers to programs.
func api() openapi.API {
	return openapi.API{
		Title: "地方公共団体情報システム機構（模擬） (the authority)", About: "Certificates, their status, and the acts by which they live and die. Who may ask what is in docs/access.md.",
		Keys: map[string]string{
			"verifier": "An accredited verifier's key: `verifiers.….key` of the ready file.",
			"officer":  "The officers' key: JPKIMOCK_OFFICER_KEY, `keys.officer` of the ready file. The header `JPKI-Officer` names who acts; without it the key acts as the authority.",
		},
		Examples: examples, Codes: apiCodes(),
		Groups: map[string]string{
			"accredited": "no_key not_accredited", "post": "unknown_officer not_your_post other_municipality",
			"act":  "not_registered not_moved_out resides_here too_early too_young keeps_no_card outside_ca_validity expired already_revoked not_suspended card_not_lost changed_meanwhile",
			"card": "unknown_card card_not_in_use card_expired no_card_writer card_house",
		},
		Params: map[string]string{
			"kind": "`digital-signature` or `user-authentication`", "serial": "a serial number in hexadecimal", "file": "`{kind}.pem`, `{kind}.cer` or `bundle.pem`; of a CRL `{kind}.crl`",
			"key": "a verifier's key, for clients that cannot set a header", "rest": "`{kind}/{base64}` (RFC 6960 A.1), with `key/{key}/` between for clients that cannot set a header",
		},
		Routes: slices.Concat(statusRoutes(), verifierRoutes(), counterRoutes(), cardRoutes(), suspensionRoutes(), registerRoutes(), ministryRoutes()),
		Pages: []string{
			"GET /", "GET /verifiers", "GET /verifiers/apply", "POST /verifiers/apply", "GET /office", "GET /office/signin", "POST /office/signin", "POST /office/signout",
			"/office/*", "/partner/*", // portal/partner/openapi.yaml
		},
	}
}

// apiCodes lists the refusals: the rules of all rooms, with what the counter's pages say.
func apiCodes() (all []openapi.Code) {
	for _, r := range rules() {
		means := strings.TrimPrefix(r.Err.Error(), "authority: ")
		all = append(all, openapi.Code{Code: r.Code, Status: r.Status, Means: means, Say: r.Title})
	}
	code := func(status int, code, means string) {
		all = append(all, openapi.Code{Code: code, Status: status, Means: means})
	}
	code(http.StatusUnauthorized, "no_key", "no key was sent: `Authorization: Bearer` and the key of a verifier, or of the officers")
	code(http.StatusForbidden, "not_accredited", "the key is of nobody who is accredited for this; `reason` says why: `unknown_key`, `kind_not_covered`, `suspended`, `withdrawn`")
	code(http.StatusBadRequest, "invalid", "fields that the rules refuse; `field` is the first, `fields` are all")
	code(http.StatusForbidden, "other_municipality", "the officer serves another municipality; `responsible` is the one that acts for this resident")
	code(http.StatusForbidden, "unknown_officer", "JPKI-Officer names nobody")
	code(http.StatusForbidden, "not_your_post", "the officer's post does not allow this")
	code(http.StatusNotFound, "unknown_kind", "the kind is neither digital-signature nor user-authentication")
	code(http.StatusUnsupportedMediaType, "not_ndjson", "the body must be application/x-ndjson")
	code(http.StatusUnsupportedMediaType, "not_ocsp", "the body must be application/ocsp-request")
	code(http.StatusServiceUnavailable, "busy", "too many confirmations at a time: again after Retry-After")
	code(http.StatusServiceUnavailable, "clock_not_saved", "the move could not be saved: the clock is where it was")
	code(http.StatusGatewayTimeout, "not_settled", "the clock was moved; what fell due is not done yet: see GET /clock")
	all = append(all, openapi.Code{
		Code: "no_session", Status: http.StatusUnauthorized, Means: "nobody is signed in at the desks", Say: ui.Text{JA: "サインインが必要です。", EN: "Please sign in."},
	}, openapi.Code{Code: "wrong_post", Status: http.StatusForbidden, Means: "the officer who is signed in has another post"})
	return all
}

func statusRoutes() []openapi.Route {
	const asked, answered = "application/ocsp-request", "application/ocsp-response"
	ocsp := func(at, who string) openapi.Route {
		return openapi.Route{At: at, Does: "Says whether certificates are good (OCSP, RFC 6960)", Who: who, InType: asked, OutType: answered, Codes: "not_ocsp too_large"}
	}
	get := ocsp("GET /ocsp/*", "verifier")
	get.InType = ""
	return []openapi.Route{
		{At: "GET /ca/:file", Does: "Gives CA certificates", OutType: "application/x-pem-file", Codes: "not_found"},
		ocsp("POST /ocsp/:kind", "verifier"), ocsp("POST /ocsp/:kind/", "verifier"), ocsp("POST /ocsp/:kind/key/:key", ""), ocsp("POST /ocsp/:kind/key/:key/", ""), get,
		{At: "GET /crl/:file", Does: "Gives the full CRL, DER", Who: "verifier", OutType: "application/pkix-crl", Codes: "@accredited unknown_kind"},
		{At: "GET /crl/:file/key/:key", Does: "Gives the full CRL to a client that cannot set a header", OutType: "application/pkix-crl", Codes: "not_accredited unknown_kind"},
		{At: "GET /clock", Does: "Says the time of the town", Out: aClock},
		{
			At: "PUT /clock", Does: "Moves the clock of the town, or stops it", Out: aClock, Codes: "malformed clock_not_saved not_settled",
			More: "Exactly one of `offsetSeconds`, `now`, `advanceSeconds` and `advance`, or `frozen`. With `wait` the answer comes when what fell due is done.",
			In:   openapi.Members{"offsetSeconds?": 0.0, "now?": time.Time{}, "advanceSeconds?": 0.0, "advance?": openapi.Members{"years?": 0, "months?": 0, "days?": 0}, "frozen?": true, "wait?": true},
		},
	}
}

func verifierRoutes() []openapi.Route {
	linked := func(what, does string, out any, codes string) openapi.Route {
		return openapi.Route{At: "GET /verifier/v1/certificates/:kind/:serial/" + what, Does: does, Who: "verifier", Out: out, Codes: "unknown_kind unknown_certificate @accredited " + codes}
	}
	return []openapi.Route{
		linked("pair", "Gives the serial number of the paired certificate", pairAnswer{}, "no_paired_certificate"),
		linked("successor", "Gives the newest valid certificate of the same holder and kind", successorAnswer{}, "no_successor"),
		linked("predecessors", "Gives the earlier certificates of the same holder and kind, the latest first", predecessorsAnswer{}, ""),
		linked("validity", "Gives the last second of a certificate's validity", validityAnswer{}, ""),
		{
			At: "POST /verifier/v1/confirmations", Does: "Answers for many serial numbers, line by line (変更確認)", Who: "verifier", InType: ndjson, OutType: ndjson,
			Query: openapi.Members{"purpose?": openapi.OneOf{accreditation.SignatureVerification.String(), accreditation.CurrentStatus.String()}}, Codes: "not_ndjson busy malformed @accredited",
			More: "Lines: docs/formats.md.",
		},
		{
			At: "GET /verifier/v1/statement", Does: "Gives the verifier's fees of a month", Who: "verifier", Query: openapi.Members{"month?": "2026-11", "format?": openapi.OneOf{"csv"}},
			Out: accreditation.Statement{}, Codes: "malformed @accredited",
		},
	}
}

func counterRoutes() []openapi.Route {
	const resident = "/counter/v1/residents"
	return []openapi.Route{
		{At: "GET " + resident, Does: "Lists the residents whom the officer serves", Who: "officer", Out: openapi.Members{"residents": []register.Resident(nil)}, Codes: "@post"},
		{At: "POST " + resident, Does: "Enters a resident", Who: "officer", In: aNewcomer, Status: http.StatusCreated, Out: register.Resident{}, Codes: "invalid resident_exists @post"},
		{
			At: "GET " + resident + "/:id", Does: "Gives an entry and its certificates", Who: "officer", Codes: "unknown_resident @post",
			Out: openapi.Members{"resident": register.Resident{}, "certificates": []certificateView(nil)},
		},
		{
			At: "POST " + resident + "/:id/events", Does: "Takes a notice at the counter: an act of docs/interfaces.md", Who: "officer", In: eventRequest{}, Out: actView{},
			Query: openapi.Members{"preview?": "1"}, More: "`?preview=1` says what would happen, with a `version`; an act that sends it as `seen` is refused if it would now do something else.",
			Codes: "invalid unknown_resident changed_since_shown @act @card @post",
		},
		{At: "GET " + resident + "/:id/history", Does: "Lists entries that no longer hold", Who: "officer", Out: openapi.Members{"entries": []formerView(nil)}, Codes: "unknown_resident @post"},
		{At: "GET " + resident + "/:id/journal", Does: "Lists what was done about a resident", Who: "officer", Out: openapi.Members{"events": []eventView(nil)}, Codes: "unknown_resident @post"},
	}
}

func cardRoutes() []openapi.Route {
	issued := openapi.Members{"card": "", "cardExpires": time.Time{}, "certificates": openapi.Map{Of: certificateView{}}}
	change := func(act, does string, in any, codes string) openapi.Route {
		return openapi.Route{
			At: "POST /counter/v1/certificates/:kind/:serial/" + act, Does: does, Who: "officer", In: in, Out: certificateView{}, Codes: "unknown_kind unknown_certificate @post " + codes,
		}
	}
	by := openapi.Members{"officer?": "", "why?": ""}
	return []openapi.Route{
		{At: "GET /counter/v1/residents/:id/cards", Does: "Lists a resident's cards", Who: "officer", Out: openapi.Members{"cards": []cardView(nil)}, Codes: "unknown_resident @post"},
		{
			At: "POST /counter/v1/residents/:id/cards", Does: "Issues a card, or certificates on one", Who: "officer", Status: http.StatusCreated, Out: issued,
			In: openapi.Members{
				"card?": "", "pins?": openapi.Map{Of: ""}, "kinds?": []jpki.Kind(nil), "cardExpires?": openapi.Said{Of: "", About: "YYYY-MM-DD"}, "variant?": jpki.CardVariant(""), "officer?": "", "why?": "",
			},
			Codes: "malformed invalid unknown_resident card_exists @act @card @post",
		},
		change("revoke", "Revokes a certificate", openapi.Members{"reason": jpki.Unspecified, "officer?": "", "why?": ""}, "malformed already_revoked"),
		change("suspend", "Suspends a certificate (一時保留)", by, "already_suspended already_revoked"),
		change("resume", "Ends a suspension", by, "not_suspended"),
	}
}

func suspensionRoutes() []openapi.Route {
	return []openapi.Route{
		{
			At: "POST /suspension/v1/find", Does: "Finds the holder whom a caller describes", Who: "officer", In: register.HolderSearch{}, Codes: "invalid unknown_resident @post",
			Out: openapi.Members{"resident": "", "name": "", "municipality": "", "cards": []cardView(nil), "certificates": []certificateView(nil), "version?": ""},
		},
		{
			At: "POST /suspension/v1/suspend", Does: "Suspends every valid certificate of a holder", Who: "officer", Codes: "invalid unknown_resident changed_since_shown unknown_card @post",
			In:  openapi.Members{"name": "", "dateOfBirth": "", "address": "", "seen?": "", "officer?": "", "why?": ""},
			Out: openapi.Members{"at": time.Time{}, "cards": []cardView(nil), "effects": []effectView(nil)},
		},
	}
}

func registerRoutes() []openapi.Route {
	return []openapi.Route{
		{At: "GET /register/v1/verifiers", Does: "Lists the accredited verifiers", Out: openapi.Members{"verifiers": []verifierView(nil)}},
		{
			At: "POST /register/v1/applications", Does: "Applies for an accreditation", In: applyRequest{}, Status: http.StatusCreated,
			Out: openapi.Members{"application": "", "state": accreditation.ApplicationState(""), "at": time.Time{}}, Codes: "invalid too_many_applications",
		},
		{At: "GET /register/v1/tariff", Does: "Says what answers cost", Out: aTariff},
	}
}

// aClock is a sample of the clock; in a town it says besides which town it is, and what is done at
// the new time.
var aClock = openapi.Members{"now": time.Time{}, "offsetSeconds": 0.0, "frozen": true, "town?": "", "age?": 0, "sweeps?": openapi.Map{}, "watched?": true, "failing?": openapi.Said{Of: openapi.Map{}, About: "which faults are on, by house"}}

// aNewcomer is a sample of a first entry.
var aNewcomer = openapi.Members{
	"id?": "", "kana?": "", "romaji?": "", "nationality?": "", "registerName?": "", "registerAddress?": "", "formerSurname?": "", "standing?": "", "standingSince?": time.Time{}, "officer?": "", "why?": "",
	"basicFour": openapi.Members{
		"commonName": "", "dateOfBirth": jpki.DateOfBirth{}, "gender": jpki.Gender(""), "address": "", "substituteCharacterOfCommonName?": "", "substituteCharacterOfAddress?": "",
	},
	"municipality": openapi.Members{"code": "", "prefecture": "", "city": "", "prefectureRomaji": "", "cityRomaji": ""},
}

// aTariff is a sample of the tariff.
var aTariff = openapi.Members{
	"tariff": []accreditation.TariffRow(nil), "version": "", "today": openapi.Map{Of: int64(0)}, "of2014": openapi.Map{Of: int64(0)},
}

func ministryRoutes() []openapi.Route {
	state := func(at string) openapi.Route {
		return openapi.Route{
			At: "POST " + at + "/:id/state", Does: "Suspends, withdraws or restores an accreditation", Who: "officer", Out: verifierView{},
			In: openapi.Members{"state": accreditation.VerifierState(""), "seen?": "", "officer?": "", "why?": ""}, Codes: "invalid unknown_verifier accreditation_withdrawn changed_since_shown unknown_officer not_your_post",
		}
	}
	const post = " unknown_officer not_your_post"
	return []openapi.Route{
		{At: "GET /counter/v1/verifiers", Does: "Lists the verifiers with the reasons", Who: "officer", Out: openapi.Members{"verifiers": []verifierView(nil)}, Codes: post},
		{At: "POST /counter/v1/verifiers", Does: "Enters a verifier with a key of its own", Who: "officer", In: accreditation.Registration{}, Status: http.StatusCreated, Out: verifierView{}, Codes: "invalid verifier_exists" + post},
		state("/counter/v1/verifiers"), state("/register/v1/verifiers"),
		{
			At: "POST /register/v1/verifiers/:id/conditions", Does: "Sets what an accreditation is for", Who: "officer", Out: verifierView{}, Codes: "invalid unknown_verifier accreditation_withdrawn changed_since_shown" + post,
			In: openapi.Members{"kinds": []jpki.Kind(nil), "conditions?": "", "seen?": "", "officer?": "", "why?": ""},
		},
		{At: "GET /register/v1/applications", Does: "Lists the applications", Who: "officer", Out: openapi.Members{"applications": []accreditation.Application(nil)}, Codes: post},
		{
			At: "POST /register/v1/applications/:id/approve", Does: "Accredits a verifier; its key is said this once", Who: "officer", In: accreditation.Approval{}, Status: http.StatusCreated,
			Out: openapi.Members{"verifier": verifierView{}, "conditions": "", "key": ""}, Codes: "invalid unknown_application application_decided verifier_exists" + post,
		},
		{At: "POST /register/v1/applications/:id/reject", Does: "Rejects an application", Who: "officer", In: desk.By{}, Out: accreditation.Application{}, Codes: "invalid unknown_application application_decided" + post},
		{At: "GET /register/v1/audit", Does: "Lists what was done to the register", Who: "officer", Query: openapi.Members{"subject?": ""}, Out: openapi.Members{"audit": []accreditation.Audit(nil)}, Codes: post},
		{
			At: "PUT /register/v1/tariff", Does: "Sets what answers cost from a day on", Who: "officer", Out: aTariff, Codes: "invalid changed_since_shown" + post,
			In: openapi.Members{"tariff": []accreditation.TariffRow(nil), "seen?": "", "officer?": "", "why?": ""},
		},
		{
			At: "GET /register/v1/statements", Does: "Gives all verifiers' fees of a month", Who: "officer", Query: openapi.Members{"month?": "2026-11", "format?": openapi.OneOf{"csv"}},
			Out: openapi.Members{"month": "", "statements": []accreditation.Statement(nil)}, Codes: "malformed" + post,
		},
	}
}
