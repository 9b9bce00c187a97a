package web

import (
	"encoding/base64"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	room "example.jp/jpkimock/rp/bank/room/web"
)

// inboxPage is all messages of a customer.
type inboxPage struct{ Lines []room.Notice }

// inbox shows the customer's messages.
func (w *entrance) inbox(c echo.Context) error {
	who, err := w.customer(c)
	if err != nil {
		return err
	}
	inbox, err := w.bank.Inbox(c.Request().Context(), who.Account)
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, map[string]any{"notices": room.JSONOfAll(inbox)}, w.shown("inbox", titles.inbox, inboxPage{room.NoticesOf(inbox)}))
}

// asked gives the newest message that waits for something, or nil.
func (w *entrance) asked(c echo.Context, no bank.AccountNumber) (*room.Notice, error) {
	inbox, err := w.bank.Inbox(c.Request().Context(), no)
	if err != nil {
		return nil, err
	}
	for _, n := range inbox {
		if n.Open() {
			line := room.NoticeOf(n)
			return &line, nil
		}
	}
	return nil, nil
}

// notice shows one message.
func (w *entrance) notice(c echo.Context) error {
	who, err := w.customer(c)
	if err != nil {
		return err
	}
	n, err := w.bank.Notice(c.Request().Context(), who.Account, bank.NoticeID(number(c.Param("id"))))
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, map[string]any{"notice": room.JSONOf(n)}, w.shown("notice", titles.notice, room.NoticeOf(n)))
}

// number reads a number of an address; what is none is 0, which nothing has.
func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// newChangePage asks for the account number of somebody who is not signed in.
type newChangePage struct {
	Account string
	Wrong   bool
}

// newChange begins a change notice: for who is signed in, or by account number
// for the holder of a new card.
func (w *entrance) newChange(c echo.Context) error {
	return w.pages.Render(c, http.StatusOK, "change", titles.change, newChangePage{})
}

// draftChange writes a change notice and keeps it in the session.
func (w *entrance) draftChange(c echo.Context) error {
	in, err := door.Read[struct{ Account string }](c)
	if err != nil {
		return err
	}
	v, _ := w.visits.Load(c)
	no, signedIn := bank.AccountNumber(""), v.Customer != nil
	if signedIn {
		no = v.Customer.Account
	} else {
		parsed, err := bank.ParseAccountNumber(in.Account)
		if err != nil && !door.WantsJSON(c.Request()) {
			return w.pages.Render(c, http.StatusUnprocessableEntity, "change", titles.change, newChangePage{Account: in.Account, Wrong: true})
		}
		if err != nil {
			return err
		}
		no = parsed
	}
	draft, err := w.bank.DraftChangeForm(c.Request().Context(), no, signedIn)
	if err != nil {
		return &formError{bank.ChangeForm, err}
	}
	return w.keepForm(c, draft, "/changes/draft")
}

// keepForm keeps a form in the session and leads to where it is signed.
func (w *entrance) keepForm(c echo.Context, draft bank.FormDraft, to string) error {
	w.visits.Update(c, func(v *visit) { v.Form = &draft })
	return door.Answer(c, http.StatusOK, map[string]any{"number": draft.Document.Number, "document": documentJSON(draft.Document)}, door.See(to))
}

// formPage is a form with the button that opens the card client's window.
type formPage struct {
	Draft  bank.FormDraft
	Base64 string
	Agent  string
	Action string
}

// formPaths is where each form goes when it is signed.
var formPaths = map[bank.FormKind]string{bank.ChangeForm: "/changes", bank.ConsentForm: "/consent"}

// showForm shows the form that waits for its signature.
func (w *entrance) showForm(c echo.Context) error {
	v, _ := w.visits.Load(c)
	if v.Form == nil || c.Path() != formPaths[v.Form.Kind]+"/draft" {
		return w.missing(c, needForm)
	}
	return w.pages.Render(c, http.StatusOK, "form", titles.form, formPage{
		Draft: *v.Form, Agent: w.cfg.AgentURL, Action: formPaths[v.Form.Kind],
		Base64: base64.StdEncoding.EncodeToString([]byte(v.Form.Document.Content)),
	})
}

// signedForm gives the form of the session with the signature that came.
func (w *entrance) signedForm(c echo.Context, kind bank.FormKind) (form bank.FormDraft, cms []byte, err error) {
	v, _ := w.visits.Load(c)
	if v.Form == nil || v.Form.Kind != kind {
		return bank.FormDraft{}, nil, w.missing(c, needForm)
	}
	cms, err = rpweb.ReadCMS(c)
	return *v.Form, cms, err
}

// formError is a refusal of a signed form, so that the way out leads back to
// it and not to an opening.
type formError struct {
	Kind bank.FormKind
	Err  error
}

func (e *formError) Error() string { return e.Err.Error() }

// Unwrap gives the error of the bank.
func (e *formError) Unwrap() error { return e.Err }

// notifyChange takes a signed change notice to the bank. Whoever signed it has
// proved to be the customer, and is signed in.
func (w *entrance) notifyChange(c echo.Context) error {
	form, cms, err := w.signedForm(c, bank.ChangeForm)
	if err != nil {
		return err
	}
	changed, err := w.bank.NotifyChange(c.Request().Context(), form, cms)
	if err != nil {
		return &formError{bank.ChangeForm, err}
	}
	v, _ := w.visits.Load(c)
	in := signedIn{Account: changed.Account.Number, Name: changed.Account.Holder}
	if v.Customer != nil {
		in.Previous = v.Customer.Previous
	}
	w.visits.Renew(c, visit{Customer: &in, Changed: &changed})
	return door.Answer(c, http.StatusOK, map[string]any{"account": accountJSON(changed.Account), "number": changed.Number,
		"before": changed.Before.BasicFour, "after": changed.After.BasicFour, "serial": changed.After.Serial}, door.See("/changes/done"))
}

// changedPage is a change form that was accepted, field by field.
type changedPage struct {
	Changed bank.Changed
	Lines   []changedLine
}

// changedLine is a field before and after.
type changedLine struct {
	room.Field
	Before ui.Text
}

// Same reports whether nothing has changed.
func (l changedLine) Same() bool { return l.Before == l.Value }

// showChanged shows what a change notice has changed.
func (w *entrance) showChanged(c echo.Context) error {
	if _, err := w.customer(c); err != nil {
		return err
	}
	v, _ := w.visits.Load(c)
	if v.Changed == nil {
		return c.Redirect(http.StatusSeeOther, "/account")
	}
	page := changedPage{Changed: *v.Changed, Lines: changedLines(v.Changed.Before, v.Changed.After)}
	return w.pages.Render(c, http.StatusOK, "changed", titles.changed, page)
}

func changedLines(before, after bank.Customer) []changedLine {
	old := room.Record(before.BasicFour, before.Serial)
	lines := make([]changedLine, len(old))
	for i, field := range room.Record(after.BasicFour, after.Serial) {
		lines[i] = changedLine{field, old[i].Value}
	}
	return lines
}

// consentPage is the permission as it stands.
type consentPage struct {
	Consent  bank.Consent
	Standing bank.Standing
	Serial   jpki.SerialNumber
	Checked  bool // whether a confirmation has found the certificate unchanged
}

// consent shows the permission to keep and check the certificate.
func (w *entrance) consent(c echo.Context) error {
	who, err := w.customer(c)
	if err != nil {
		return err
	}
	customer, err := w.bank.Customer(c.Request().Context(), who.Account)
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, map[string]any{"consent": consentJSON(customer.Consent)}, w.shown("consent", titles.consent, consentPage{
		Consent: customer.Consent, Standing: customer.Standing, Serial: customer.WatchedSerial(), Checked: customer.Standing.State == rp.Unchanged,
	}))
}

// withdrawConsent withdraws the permission.
func (w *entrance) withdrawConsent(c echo.Context) error {
	who, err := w.customer(c)
	if err != nil {
		return err
	}
	if err := w.bank.WithdrawConsent(c.Request().Context(), who.Account); err != nil {
		return err
	}
	return w.toConsent(c)
}

// draftConsent writes the form that gives the permission again.
func (w *entrance) draftConsent(c echo.Context) error {
	who, err := w.customer(c)
	if err != nil {
		return err
	}
	draft, err := w.bank.DraftConsentForm(c.Request().Context(), who.Account)
	if err != nil {
		return err
	}
	return w.keepForm(c, draft, "/consent/draft")
}

// giveConsent takes the signed form to the bank.
func (w *entrance) giveConsent(c echo.Context) error {
	if _, err := w.customer(c); err != nil {
		return err
	}
	form, cms, err := w.signedForm(c, bank.ConsentForm)
	if err != nil {
		return err
	}
	if err := w.bank.GiveConsent(c.Request().Context(), form, cms); err != nil {
		return &formError{bank.ConsentForm, err}
	}
	w.visits.Update(c, func(v *visit) { v.Form = nil })
	return w.toConsent(c)
}

func (w *entrance) toConsent(c echo.Context) error {
	return door.Answer(c, http.StatusOK, nil, door.See("/consent"))
}
