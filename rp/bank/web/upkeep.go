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
	"example.jp/jpkimock/internal/words"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
)

// noticeLine is a message in words.
type noticeLine struct {
	bank.Notice
	Title, Body, Do ui.Text
}

func lineOf(n bank.Notice) noticeLine {
	say := noticeWords[n.Kind]
	blanks := ui.Blanks{"{reason}": words.Reason(n.Reason), "{since}": ui.Minute(n.Since)}
	return noticeLine{Notice: n, Title: blanks.Fill(say.title), Body: blanks.Fill(say.body), Do: blanks.Fill(say.do)}
}

// inboxPage is all messages of a customer.
type inboxPage struct{ Lines []noticeLine }

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
	var page inboxPage
	for _, n := range inbox {
		page.Lines = append(page.Lines, lineOf(n))
	}
	return door.Answer(c, http.StatusOK, map[string]any{"notices": noticesJSON(inbox)}, w.shown("inbox", titles.inbox, page))
}

// asked gives the newest message that waits for something, or nil.
func (w *entrance) asked(c echo.Context, no bank.AccountNumber) (*noticeLine, error) {
	inbox, err := w.bank.Inbox(c.Request().Context(), no)
	if err != nil {
		return nil, err
	}
	for _, n := range inbox {
		if n.Open() {
			line := lineOf(n)
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
	return door.Answer(c, http.StatusOK, map[string]any{"notice": noticeJSON(n)}, w.shown("notice", titles.notice, lineOf(n)))
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
	no, known := bank.AccountNumber(""), v.Customer != nil
	if known {
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
	draft, err := w.bank.DraftChangeForm(c.Request().Context(), no, known)
	if err != nil {
		return &paperError{bank.ChangeForm, err}
	}
	return w.keepPaper(c, draft, "/changes/draft")
}

// keepPaper keeps a paper in the session and leads to where it is signed.
func (w *entrance) keepPaper(c echo.Context, draft bank.FormDraft, to string) error {
	w.visits.Update(c, func(v *visit) { v.Paper = &draft })
	return door.Answer(c, http.StatusOK, map[string]any{"number": draft.Document.Number, "document": documentJSON(draft.Document)}, door.See(to))
}

// paperPage is a paper with the button that opens the card client's window.
type paperPage struct {
	Draft  bank.FormDraft
	Base64 string
	Agent  string
	Action string
}

// paperActions is where each paper goes when it is signed.
var paperActions = map[bank.FormKind]string{bank.ChangeForm: "/changes", bank.ConsentForm: "/consent"}

// showPaper shows the paper that waits for its signature.
func (w *entrance) showPaper(c echo.Context) error {
	v, _ := w.visits.Load(c)
	if v.Paper == nil || c.Path() != paperActions[v.Paper.Kind]+"/draft" {
		return w.missing(c, needPaper)
	}
	return w.pages.Render(c, http.StatusOK, "paper", titles.paper, paperPage{
		Draft: *v.Paper, Agent: w.cfg.AgentURL, Action: paperActions[v.Paper.Kind],
		Base64: base64.StdEncoding.EncodeToString([]byte(v.Paper.Document.Content)),
	})
}

// signedPaper gives the paper of the session with the signature that came.
func (w *entrance) signedPaper(c echo.Context, kind bank.FormKind) (paper bank.FormDraft, cms []byte, err error) {
	v, _ := w.visits.Load(c)
	if v.Paper == nil || v.Paper.Kind != kind {
		return bank.FormDraft{}, nil, w.missing(c, needPaper)
	}
	cms, err = rpweb.ReadCMS(c)
	return *v.Paper, cms, err
}

// paperError is a refusal of a signed paper, so that the way out leads back to
// it and not to an opening.
type paperError struct {
	Kind bank.FormKind
	Err  error
}

func (e *paperError) Error() string { return e.Err.Error() }

// Unwrap gives the error of the bank.
func (e *paperError) Unwrap() error { return e.Err }

// notifyChange takes a signed change notice to the bank. Whoever signed it has
// proved to be the customer, and is signed in.
func (w *entrance) notifyChange(c echo.Context) error {
	paper, cms, err := w.signedPaper(c, bank.ChangeForm)
	if err != nil {
		return err
	}
	changed, err := w.bank.NotifyChange(c.Request().Context(), paper, cms)
	if err != nil {
		return &paperError{bank.ChangeForm, err}
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

// changedPage is a change notice that was accepted, line by line.
type changedPage struct {
	Changed bank.Changed
	Lines   []changedLine
}

// changedLine is one of the data before and after.
type changedLine struct {
	Name          ui.Text
	Before, After ui.Text
	Same          bool
}

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
	b, a := fourOf(before.BasicFour), fourOf(after.BasicFour)
	lines := make([]changedLine, 0, len(b)+1)
	for i := range b {
		lines = append(lines, changedLine{Name: fourNames[i], Before: b[i], After: a[i], Same: b[i] == a[i]})
	}
	serial := func(c bank.Customer) ui.Text { return ui.Text{JA: c.Serial.String()} }
	return append(lines, changedLine{Name: serialName, Before: serial(before), After: serial(after)})
}

// fourOf gives the four basic data in words, in the order of fourNames.
func fourOf(f jpki.BasicFour) [4]ui.Text {
	return [4]ui.Text{
		{JA: f.CommonName}, {JA: f.Address}, {JA: f.DateOfBirth.Japanese(), EN: f.DateOfBirth.Gregorian()},
		words.Gender(f.Gender),
	}
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

// draftConsent writes the paper that gives the permission again.
func (w *entrance) draftConsent(c echo.Context) error {
	who, err := w.customer(c)
	if err != nil {
		return err
	}
	draft, err := w.bank.DraftConsentForm(c.Request().Context(), who.Account)
	if err != nil {
		return err
	}
	return w.keepPaper(c, draft, "/consent/draft")
}

// giveConsent takes the signed paper to the bank.
func (w *entrance) giveConsent(c echo.Context) error {
	if _, err := w.customer(c); err != nil {
		return err
	}
	paper, cms, err := w.signedPaper(c, bank.ConsentForm)
	if err != nil {
		return err
	}
	if err := w.bank.GiveConsent(c.Request().Context(), paper, cms); err != nil {
		return &paperError{bank.ConsentForm, err}
	}
	w.visits.Update(c, func(v *visit) { v.Paper = nil })
	return w.toConsent(c)
}

func (w *entrance) toConsent(c echo.Context) error {
	return door.Answer(c, http.StatusOK, nil, door.See("/consent"))
}
