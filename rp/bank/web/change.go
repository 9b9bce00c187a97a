package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/bank"
	room "example.jp/jpkimock/rp/bank/room/web"
)

// newChangePage asks for the account number of somebody who is not signed in.
type newChangePage struct {
	Account string
	Wrong   bool
}

// newChange begins a change form (変更届, on the pages a change notice): for whoever is
// signed in, or by account number for the holder of a new card.
func (w *entrance) newChange(c echo.Context) error {
	return w.pages.Render(c, http.StatusOK, "change", titles.change, newChangePage{})
}

// draftChange writes a change form and keeps it in the session.
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

// notifyChange takes a signed change form to the bank. Its signer has proved to be the
// customer, and is signed in.
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
	Changed bank.AcceptedChange
	Lines   []changedLine
}

// changedLine is a field of the record as it is now, and before the change.
type changedLine struct {
	room.Field
	Before ui.Text
}

// Same reports whether nothing has changed.
func (l changedLine) Same() bool { return l.Before == l.Value }

// showChanged shows what the last change form has changed.
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
