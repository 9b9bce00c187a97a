package web

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/bank"
)

// transferForm is a transfer as it was typed, with what is wrong with it.
type transferForm struct {
	Account          bank.Account
	To, Amount, Memo string
	Max              int64              // yen
	Errors           map[string]ui.Text // by the field's name
}

// Wrong returns what is wrong with a field, or nil.
func (f transferForm) Wrong(field string) *ui.Text {
	if say, ok := f.Errors[field]; ok {
		return &say
	}
	return nil
}

// newTransfer shows the form.
func (w *entrance) newTransfer(c echo.Context) error {
	return w.showTransferForm(c, http.StatusOK, transferForm{To: c.QueryParam("to")})
}

func (w *entrance) showTransferForm(c echo.Context, status int, form transferForm) error {
	who, err := w.customer(c)
	if err != nil {
		return err
	}
	if form.Account, err = w.bank.Account(c.Request().Context(), who.Account); err != nil {
		return err
	}
	form.Max = bank.MaxTransfer.Int64()
	return w.pages.Render(c, status, "transfer", titles.transfer, form)
}

// previewTransfer looks up whose account it is, and keeps the order for the
// confirmation page.
func (w *entrance) previewTransfer(c echo.Context) error {
	who, err := w.customer(c)
	if err != nil {
		return err
	}
	in, err := door.Read[struct{ To, Amount, Memo string }](c)
	if err != nil {
		return err
	}
	form := transferForm{To: in.To, Amount: in.Amount, Memo: in.Memo, Errors: map[string]ui.Text{}}
	order := bank.Order{From: who.Account, Memo: form.Memo, Key: bank.NewKey()}
	if order.To, err = bank.ParseAccountNumber(form.To); err != nil {
		form.complain(err)
	}
	if order.Amount, err = bank.ParseYen(form.Amount); err != nil {
		form.complain(err)
	}
	if len(form.Errors) > 0 {
		return w.showTransferForm(c, http.StatusUnprocessableEntity, form)
	}
	to, err := w.bank.Preview(c.Request().Context(), order)
	if err != nil {
		if !form.complain(err) {
			return err
		}
		return w.showTransferForm(c, http.StatusUnprocessableEntity, form)
	}
	order.PayeeVersion = to.PayeeVersion()
	w.visits.Update(c, func(v *visit) { v.Pending = &pending{Order: order, Name: to.Holder, Branch: to.Branch} })
	return c.Redirect(http.StatusSeeOther, "/transfers/confirm")
}

// complain puts an error beside the field it is about. It returns false for an error
// that is about no field.
func (f *transferForm) complain(err error) bool {
	for _, x := range fieldErrors {
		if errors.Is(err, x.is) {
			f.Errors[x.field] = x.say
			return true
		}
	}
	return false
}

// confirmPage is a transfer before it is sent.
type confirmPage struct {
	Pending pending
	Left    int64 // the sender's balance afterwards, in yen
}

// confirmTransfer shows the order with the receiver's name.
func (w *entrance) confirmTransfer(c echo.Context) error {
	who, err := w.customer(c)
	if err != nil {
		return err
	}
	v, _ := w.visits.Load(c)
	if v.Pending == nil {
		return errNoPending
	}
	from, err := w.bank.Account(c.Request().Context(), who.Account)
	if err != nil {
		return err
	}
	return w.pages.Render(c, http.StatusOK, "confirm", titles.confirm, confirmPage{
		Pending: *v.Pending, Left: (from.Balance - v.Pending.Amount).Int64(),
	})
}

// transfer sends what was confirmed. A program sends the order itself, with an
// Idempotency-Key of its own: sending it again under the same key pays once.
func (w *entrance) transfer(c echo.Context) error {
	who, err := w.customer(c)
	if err != nil {
		return err
	}
	order, err := w.readOrder(c, who)
	if err != nil {
		return err
	}
	made, err := w.bank.Transfer(c.Request().Context(), order)
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusCreated, map[string]any{"transfer": transferJSON(made)}, door.See("/transfers/"+made.Reference))
}

// readOrder returns the order to carry out: for a person the one on the confirmation
// page, by its key; for a program the one in the body.
func (w *entrance) readOrder(c echo.Context, who *signedIn) (bank.Order, error) {
	if !door.WantsJSON(c.Request()) {
		in, err := door.Read[struct{ Key string }](c)
		if err != nil {
			return bank.Order{}, err
		}
		v, _ := w.visits.Load(c)
		if v.Pending == nil || v.Pending.Key != in.Key || v.Pending.From != who.Account {
			return bank.Order{}, errNoPending
		}
		return v.Pending.Order, nil
	}
	in, err := door.Read[struct {
		To     string
		Amount int64
		Memo   string
	}](c)
	if err != nil {
		return bank.Order{}, err
	}
	key := c.Request().Header.Get("Idempotency-Key")
	if key == "" {
		return bank.Order{}, errNoKey
	}
	to, err := bank.ParseAccountNumber(in.To)
	if err != nil {
		return bank.Order{}, err
	}
	return bank.Order{From: who.Account, To: to, Amount: bank.Yen(in.Amount), Memo: in.Memo, Key: key}, nil
}

// showTransfer shows a transfer that was sent.
func (w *entrance) showTransfer(c echo.Context) error {
	who, err := w.customer(c)
	if err != nil {
		return err
	}
	made, err := w.bank.TransferMade(c.Request().Context(), who.Account, c.Param("reference"))
	if err != nil {
		return errNotYours
	}
	return door.Answer(c, http.StatusOK, map[string]any{"transfer": transferJSON(made)}, w.show("sent", titles.sent, made))
}
