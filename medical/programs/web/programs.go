// Package web lists what the parties of the medical field answer to programs, as far as no page
// has a part in it.
package web

import (
	"net/http"

	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/payment"
)

// Samples of bodies that several parties have.
var (
	Nothing  = openapi.Members{}
	Token    = openapi.Said{Of: nil, About: "a Web eID authentication token"}
	Answered = openapi.Members{"nonce": "", "token": Token}
)

// Programs gives the routes of one party's interface, all with one key.
func Programs(path, key, about string, routes ...openapi.Route) openapi.API {
	for i := range routes {
		routes[i].At, routes[i].Who = "POST "+path+routes[i].At, key
		routes[i].Codes += " @scripts"
	}
	return openapi.API{Keys: map[string]string{key: about}, Routes: routes}
}

// Cashier is what the cashier of an institution answers; id and name are the institution's.
func Cashier(id, name string) openapi.API {
	at := "/" + id
	acts := func(act, does string) openapi.Route {
		return openapi.Route{At: "/visits/:id/" + act, Does: does, Out: payment.Bill{}, Codes: "no_bill bill_state"}
	}
	a := Programs(at+"/desk/v1", id+"-staff", "Of the staff of "+name+".",
		openapi.Route{
			At: "/visits/:id/bill", Does: "Makes the bill of a visit, or corrects it", Out: payment.Bill{}, Codes: "no_visit bill_exists bill_state bill_lines",
			In: openapi.Members{"act": openapi.List{Of: openapi.Said{Of: "", About: "a code and how often: `D1 2`"}}},
		},
		acts("cash", "Takes cash for what is owed"), acts("refund", "Gives everything back"), acts("ask", "Asks the gateway how the payments stand"),
		openapi.Route{
			At: "/visits/:id/charges", Does: "Begins a payment by touch: a challenge for what is owed", Status: http.StatusCreated,
			Out: openapi.Members{"order": "", "amount": openapi.Said{Of: int64(0), About: "in yen"}, "nonce": "", "origin": ""}, Codes: "no_bill bill_state",
		},
		openapi.Route{At: "/charges/:order", Does: "Pays with the card's answer", In: Answered, Out: payment.Bill{}, Codes: "no_bill bill_state"},
	)
	a.Routes = append(a.Routes, openapi.Route{
		At: "GET " + at + "/desk/v1/visits/:id/bill", Does: "Gives the bill of a visit with its movements", Who: id + "-staff", Out: payment.Bill{}, Codes: "no_bill browser_refused",
	}, openapi.Route{
		At: "POST " + at + "/notices", Does: "Takes a signed notice of the gateway, for which the order is asked about", InType: "application/json", Codes: "notice",
	})
	a.Codes = []openapi.Code{{Code: "notice", Status: http.StatusForbidden, Means: "the notice is not the gateway's"}}
	a.Pages = []string{at + "/pay", at + "/pay/*", "GET " + at + "/desk/cashier"}
	return a
}

// Prescriptions is what the prescription system answers at a path, without the sign-in of its staff.
func Prescriptions(path string) openapi.API {
	asks := func(at, does string, in, out any) openapi.Route {
		return openapi.Route{At: at, Does: does, In: in, Out: out}
	}
	at := path + "/relay"
	a := Programs(at, "hospital", "Of an institution at the prescription system.",
		asks("/checks", "Checks an order", medical.Draft{}, medical.Checked{}), asks("/prescriptions", "Issues a signed order", medical.Draft{}, medical.Checked{}),
		asks("/visits", "Lists what was prescribed at a visit", medical.Visited{}, []medical.Prescription(nil)), asks("/cancellations", "Takes a prescription back", medical.Act{}, medical.Prescription{}),
	).With(Programs(at, "pharmacy", "Of a pharmacy at the prescription system.",
		asks("/challenges", "Gives a challenge for a patient's card", Nothing, medical.Presented{}), asks("/grants", "Opens a patient's prescriptions by the card's answer", medical.Presented{}, medical.Opened{}),
		asks("/copies", "Opens one prescription by the numbers of its copy", medical.Copy{}, medical.Opened{}), asks("/lists", "Lists what a grant opens", medical.Act{}, []medical.Prescription(nil)),
		asks("/ends", "Ends a grant", medical.Act{}, Nothing), asks("/acts", "Accepts, releases or dispenses a prescription", medical.Act{}, medical.Prescription{}),
		asks("/settlements", "Says what came of a dispensing", medical.Act{}, medical.Settled{})))
	a.Pages = append(a.Pages, "GET "+path, path+"/mine")
	return a
}
