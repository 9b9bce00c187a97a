package web

import (
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/bank"
)

// visit is what the bank remembers of a browser. Its pointers are replaced,
// never written through.
type visit struct {
	// Draft waits for its signature.
	Draft *bank.Draft
	// Nonce is the challenge that this browser was given for its sign-in.
	Nonce string
	// Customer is who is signed in; nil for nobody.
	Customer *signedIn
	// Pending is the transfer that was shown for confirmation.
	Pending *pending
}

// signedIn is a customer in a session.
type signedIn struct {
	Account  bank.AccountNumber
	Name     string
	Previous time.Time
}

// pending is a transfer with the name that was shown.
type pending struct {
	bank.Order
	Name   string
	Branch bank.Branch
}

// endedError is a request that needs a session and has none, with the reason
// why it has none any more; the empty reason is that there never was one.
type endedError struct {
	Why session.Ending
	// Need is what the session would have held.
	Need need
}

type need string

const (
	needCustomer need = "customer"
	needDraft    need = "draft"
	needNonce    need = "challenge"
)

func (e *endedError) Error() string {
	if e.Why == "" {
		return "bank: web: no " + string(e.Need) + " in this session"
	}
	return "bank: web: the session with the " + string(e.Need) + " has ended: " + string(e.Why)
}

// header tells the layout who is signed in.
func (w *entrance) header(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if v, ok := w.visits.Load(c); ok && v.Customer != nil {
			c.Set(endingKey, session.Ending(""))
			ui.SignedIn(c, v.Customer.Name, "/signout")
		} else {
			c.Set(endingKey, w.visits.Ended(c))
		}
		return next(c)
	}
}

// endingKey keeps how the session ended for the rest of the request.
const endingKey = "bank.ending"

func (w *entrance) missing(c echo.Context, n need) error {
	why, _ := c.Get(endingKey).(session.Ending)
	if why != "" {
		w.visits.End(c) // say it once
	}
	return &endedError{Why: why, Need: n}
}

// customer gives who is signed in, or an endedError.
func (w *entrance) customer(c echo.Context) (*signedIn, error) {
	v, _ := w.visits.Load(c)
	if v.Customer == nil {
		return nil, w.missing(c, needCustomer)
	}
	return v.Customer, nil
}

// own gives the customer of the account in the address. Any other account,
// there or not, is not found.
func (w *entrance) own(c echo.Context) (*signedIn, error) {
	who, err := w.customer(c)
	if err != nil {
		return nil, err
	}
	if c.Param("no") != string(who.Account) {
		return nil, errNotYours
	}
	return who, nil
}
