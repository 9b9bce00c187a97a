package web

import (
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
)

// visit is what a browser's session holds. Its pointers are replaced, never written
// through (see session.Store).
type visit struct {
	// Draft is the application that waits for its signature.
	Draft *bank.ApplicationDraft
	// Nonce is the challenge that this browser was given for its sign-in.
	Nonce string
	// Customer is who is signed in; nil for nobody.
	Customer *signedIn
	// Pending is the transfer that was shown for confirmation.
	Pending *pending
	// Form is the change or consent form that waits for its signature, and Changed
	// the change form that was accepted last.
	Form    *bank.FormDraft
	Changed *bank.AcceptedChange
	// Latest is the consent to the latest four data service that waits for its signature.
	Latest *rp.Document
	// Ended is how this browser's session before this one ended. The first page that
	// needs what that session held says so.
	Ended session.Ending
}

// InUse reports that somebody is signed in: such a session is not dropped to make room.
func (v visit) InUse() bool { return v.Customer != nil }

// signedIn is a customer in a session.
type signedIn struct {
	Account  bank.AccountNumber
	Name     string
	Previous time.Time // the sign-in before this one; zero for the first
}

// pending is a transfer with the name that was shown.
type pending struct {
	bank.Order
	Name   string
	Branch bank.Branch
}

// missingError refuses a request whose session does not hold what it needs. Why is
// how the session that held it ended; empty if there was none.
type missingError struct {
	Why  session.Ending
	Need need
}

// need is what a request needs from its session.
type need string

// The needs.
const (
	needCustomer need = "customer"
	needDraft    need = "draft"
	needNonce    need = "challenge"
	needForm     need = "form"
)

func (e *missingError) Error() string {
	if e.Why == "" {
		return "bank: web: no " + string(e.Need) + " in this session"
	}
	return "bank: web: the session with the " + string(e.Need) + " has ended: " + string(e.Why)
}

// header tells the layout who is signed in. If the request's session has ended, it
// starts one that remembers how.
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

// missing returns the *missingError of a request.
func (w *entrance) missing(c echo.Context, n need) error {
	v, ok := w.visits.Load(c)
	if ok {
		w.visits.Update(c, func(v *visit) { v.Ended = "" }) // said only once
	}
	return &missingError{Why: v.Ended, Need: n}
}

// customer returns who is signed in, or a *missingError.
func (w *entrance) customer(c echo.Context) (*signedIn, error) {
	v, _ := w.visits.Load(c)
	if v.Customer == nil {
		return nil, w.missing(c, needCustomer)
	}
	return v.Customer, nil
}

// accountOwner returns who is signed in, if the account in the address is theirs. For
// any other account, whether it exists or not, the error is errNotYours.
func (w *entrance) accountOwner(c echo.Context) (*signedIn, error) {
	who, err := w.customer(c)
	if err != nil {
		return nil, err
	}
	if c.Param("no") != string(who.Account) {
		return nil, errNotYours
	}
	return who, nil
}
