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
	Draft *bank.ApplicationDraft
	// Nonce is the challenge that this browser was given for its sign-in.
	Nonce string
	// Customer is who is signed in; nil for nobody.
	Customer *signedIn
	// Pending is the transfer that was shown for confirmation.
	Pending *pending
	// Form waits for its signature, and Changed is the change form that was
	// accepted last.
	Form    *bank.FormDraft
	Changed *bank.AcceptedChange
	// Ended is how this browser's session before this one ended; it is told
	// on the first page that needs what that session held.
	Ended session.Ending
}

// InUse reports that somebody is signed in.
func (v visit) InUse() bool { return v.Customer != nil }

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
	needForm     need = "form"
)

func (e *endedError) Error() string {
	if e.Why == "" {
		return "bank: web: no " + string(e.Need) + " in this session"
	}
	return "bank: web: the session with the " + string(e.Need) + " has ended: " + string(e.Why)
}

// header tells the layout who is signed in, and keeps how a session ended that
// this request finds over.
func (w *entrance) header(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		v, ok := w.visits.Load(c)
		if v.Customer != nil {
			ui.SignedIn(c, v.Customer.Name, "/signout")
		}
		if !ok {
			if why := w.visits.Ended(c); why != "" {
				w.visits.Renew(c, visit{Ended: why})
			}
		}
		return next(c)
	}
}

// missing is the error of a request that needs what its session does not hold.
func (w *entrance) missing(c echo.Context, n need) error {
	v, ok := w.visits.Load(c)
	if ok {
		w.visits.Update(c, func(v *visit) { v.Ended = "" }) // it is told once
	}
	return &endedError{Why: v.Ended, Need: n}
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
