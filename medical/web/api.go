package web

import (
	_ "embed"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/staffroom"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/medical"
	programs "example.jp/jpkimock/medical/programs/web"
	"example.jp/jpkimock/rp"
)

//go:embed examples.json
var examples []byte

// api is what the parties answer to programs, and to one another.
func api(cfg Config) openapi.API {
	var asked []string
	for _, c := range notConfirmed() {
		asked = append(asked, c.Code)
	}
	a := openapi.API{
		Title: "医療 (medical care)", About: "Institutions, the common platform, insurers, the prescription system and pharmacies, each under a path of its own with keys of its own. What was not confirmed is a 422 with `code`, `inquiry` and `steps`.",
		Examples: examples, Codes: append(refusals.OwnCodes(), notConfirmed()...), Keys: map[string]string{}, Sessions: map[string]string{},
		Groups: map[string]string{"scripts": "browser_refused not_json", "asked": strings.Join(asked, " ")},
		Params: map[string]string{"id": "of a visit or an insured", "order": "of a payment", "name": "of a draft or a touch"},
		Pages:  []string{"GET /", "GET /audience", "/audience/*"},
	}.With(exchangeAPI())
	for _, i := range cfg.Institutions {
		a = a.With(receptionAPI(i))
		if i.Cashier != nil {
			a = a.With(programs.Cashier(i.ID, i.NameEN))
		}
		if i.DoctorKey != "" {
			a = a.With(surgeryAPI(i))
		}
	}
	for _, i := range cfg.Insurers {
		a = a.With(insurerAPI(i))
	}
	if cfg.Rx.System != nil {
		a = a.With(programs.Prescriptions(rxPath)).With(staffroom.API(rxPath+"/signin", rxPath+"/signout", "rx-staff", "jpkimock_medical_rx"))
	}
	for _, p := range cfg.Pharmacies {
		a = a.With(pharmacyAPI(p))
	}
	return a
}

// notConfirmed lists the reasons for which something is not confirmed: the field's, and what
// the kit finds.
func notConfirmed() (all []openapi.Code) {
	codes := slices.Concat(slices.Collect(maps.Keys(reasons())), rp.Codes(), []string{medical.NoInquiry})
	slices.Sort(codes)
	for _, code := range slices.Compact(codes) {
		said := reasonFor(code)
		all = append(all, openapi.Code{
			Code: code, Status: http.StatusUnprocessableEntity, Means: "not confirmed: " + said.Short.EN,
			Say: ui.Text{JA: said.Title.JA + "。" + said.Patient.JA, EN: said.Title.EN + ". " + said.Patient.EN},
		})
	}
	return all
}

// theNonce is a challenge.
var theNonce = openapi.Members{"nonce": "", "origin?": ""}

func receptionAPI(i Institution) openapi.API {
	at, staff := "/"+i.ID, i.ID+"-staff-session"
	a := programs.Programs(at+"/desk/v1", i.ID+"-staff", "Of the staff of "+i.NameEN+".",
		openapi.Route{At: "/challenges", Does: "Gives a challenge for a patient's card", In: programs.Nothing, Out: theNonce, Codes: "@asked"},
		openapi.Route{
			At: "/receptions", Does: "Receives a patient by the card's answer, or without one for a trouble", Status: http.StatusCreated,
			In: openapi.Members{"nonce?": "", "token?": programs.Token, "trouble?": ""}, Out: visitJSON{},
		},
		openapi.Route{At: "/receptions/:id/numbers", Does: "Links the card by the numbers of the insured", In: medical.Member{}, Out: visitJSON{}, Codes: "no_visit state member"},
		openapi.Route{
			At: "/receptions/:id/consents", Does: "Takes what the patient lets the institution see", Out: visitJSON{}, Codes: "no_visit state",
			In: openapi.Members{"yes": openapi.List{Of: openapi.OneOf{"surgery", "diagnosis", "drugs", "checkups"}}},
		},
	)
	a.Routes = append(a.Routes, openapi.Route{
		At: "GET " + at + "/desk/v1/visits/:id/xml", Does: "Gives the answer for a receipt computer", Who: i.ID + "-staff",
		OutType: "application/xml", Codes: "no_visit browser_refused",
	})
	for _, page := range []string{"", "/card", "/nocard", "/answer/:name", "/answered/:name", "/visit", "/me", "/numbers", "/consent", "/leave", "/desk", "/desk/visits/*"} {
		a.Pages = append(a.Pages, at+page)
	}
	return a.With(staffroom.API(at+"/desk/signin", at+"/desk/signout", staff, "jpkimock_medical_"+i.ID))
}

func surgeryAPI(i Institution) openapi.API {
	at := "/" + i.ID + "/doctor"
	a := programs.Programs(at+"/v1", i.ID+"-doctor", "Of the doctors of "+i.NameEN+".",
		openapi.Route{
			At: "/visits/:id/orders", Does: "Writes a prescription, which the doctor then signs", More: "422 with `findings` in place of a problem: give a reason for each of them.", In: orderForm{},
			Out: openapi.Members{"draft": "", "document": openapi.Said{Of: "", About: "the text to sign"}}, Status: http.StatusCreated, Codes: "no_visit order",
		},
		openapi.Route{
			At: "/drafts/:name", Does: "Takes the doctor's signature and issues the prescription", In: openapi.Members{"cms": []byte(nil)},
			Out: medical.Prescription{}, Status: http.StatusCreated, Codes: "state",
		},
	)
	a.Pages = []string{"GET " + at, at + "/visits/*", at + "/drafts/*"}
	return a.With(staffroom.API(at+"/signin", at+"/signout", i.ID+"-doctor-session", "jpkimock_medical_"+i.ID+"_doctor"))
}

func exchangeAPI() openapi.API {
	at := platformPath
	a := programs.Programs(at+"/v1", "institution", "Of an institution at the platform.",
		openapi.Route{At: "/challenges", Does: "Gives a challenge for a patient's card", In: programs.Nothing, Out: theNonce},
		openapi.Route{At: "/confirmations", Does: "Confirms eligibility by the card's answer", In: programs.Answered, Out: medical.Answer{}, Codes: "@asked"},
		openapi.Route{At: "/links", Does: "Links the card of an inquiry with an insured", In: linkBody{}, Out: medical.Answer{}, Codes: "@asked"},
		openapi.Route{At: "/numbers", Does: "Confirms eligibility by numbers", In: medical.Member{}, Out: medical.Answer{}, Codes: "member"},
	).With(programs.Programs(at+"/relay", "inquiry-system", "Of the prescription system at the platform.",
		openapi.Route{At: "/holders", Does: "Says by which certificate an inquiry was confirmed", In: holderBody{}, Out: holderBody{}}))
	a.Pages = append(a.Pages, "GET "+at)
	return a.With(staffroom.API(at+"/signin", at+"/signout", "platform-staff", "jpkimock_medical_platform"))
}

func insurerAPI(i Insurer) openapi.API {
	at := "/insurers/" + i.ID
	a := programs.Programs(at+"/v1", i.ID+"-key", "Of the staff of "+i.NameEN+".",
		openapi.Route{At: "/insured", Does: "Enters somebody who joins", In: insuredForm{}, Out: openapi.Members{"id": int64(0)}, Status: http.StatusCreated, Codes: "exists details"},
		openapi.Route{At: "/insured/:id/loss", Does: "Enters that somebody left", In: openapi.Members{"on": medical.Date(""), "why": medical.LossReason("")}, Out: programs.Nothing, Codes: "no_insured loss"},
	).With(programs.Programs(at+"/relay", "relay", "Of the platform at the insurers.",
		openapi.Route{At: "/confirmations", Does: "Confirms the eligibility of a card's holder", In: medical.Question{}, Out: medical.Reply{}},
		openapi.Route{At: "/numbers", Does: "Confirms eligibility by numbers", In: medical.ByNumber{}, Out: medical.NumberReply{}},
		openapi.Route{At: "/holds", Does: "Says whether an eligibility holds that is linked with a certificate", In: holdsBody{}, Out: holdsBody{}}))
	a.Pages = append(a.Pages, "GET "+at, "GET "+at+"/log", "POST "+at+"/insured", at+"/insured/*", at+"/partner/*")
	return a.With(staffroom.API(at+"/signin", at+"/signout", i.ID+"-staff", "jpkimock_medical_"+i.ID))
}

func pharmacyAPI(p Pharmacy) openapi.API {
	at := "/pharmacies/" + p.ID
	a := programs.Programs(at+"/desk/v1", p.ID+"-desk", "Of the staff of "+p.NameEN+".",
		openapi.Route{At: "/challenges", Does: "Gives a challenge for a patient's card", In: programs.Nothing, Out: theNonce},
		openapi.Route{At: "/touches", Does: "Takes the card's answer", In: tokenBody{Token: json.RawMessage(nil)}, Out: openapi.Members{"touch": openapi.Said{Of: "", About: "lasts ten minutes"}}, Codes: "@asked"},
		openapi.Route{
			At: "/touches/:name", Does: "Accepts, releases or dispenses a prescription", Out: programs.Nothing, Codes: "@asked",
			In: openapi.Members{"do": openapi.OneOf{medical.DoAccept, medical.DoRelease, medical.DoDispense}, "id": "", "who": openapi.Said{Of: "", About: "the pharmacist's name"}, "lines?": []string(nil)},
		},
	)
	for _, page := range []string{"", "/card", "/answer/:name", "/answered/:name", "/touch", "/leave", "/desk", "/desk/touches/:name", "/desk/copies", "/desk/release"} {
		a.Pages = append(a.Pages, at+page)
	}
	return a.With(staffroom.API(at+"/desk/signin", at+"/desk/signout", p.ID+"-session", "jpkimock_medical_"+p.ID, "who"))
}
