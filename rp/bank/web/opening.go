package web

import (
	"encoding/base64"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/rp/bank"
)

// openPage is the first step of an opening: purpose and branch.
type openPage struct {
	Purposes []bank.Purpose
	Branches []bank.Branch
	Chosen   bank.Choices
	Missing  bool // no purpose was chosen
}

func newOpenPage(chosen bank.Choices) openPage {
	return openPage{Purposes: bank.Purposes(), Branches: bank.Branches(), Chosen: chosen}
}

// newAccount shows the first step of an opening, with what was chosen before, or by the
// link that led here.
func (w *entrance) newAccount(c echo.Context) error {
	page := newOpenPage(bank.Choices{Purpose: c.QueryParam("purpose"), Branch: bank.InternetBranch})
	if v, _ := w.visits.Load(c); v.Draft != nil {
		page.Chosen = bank.Choices{Purpose: v.Draft.Purpose.ID, Branch: v.Draft.Branch.Code}
	}
	return w.pages.Render(c, http.StatusOK, "open", titles.open, page)
}

// writeDraft writes the application and keeps it in the session.
func (w *entrance) writeDraft(c echo.Context) error {
	choices, err := door.Read[bank.Choices](c)
	if err != nil {
		return err
	}
	draft, err := w.bank.DraftApplication(choices)
	if err == bank.ErrPurpose && !door.WantsJSON(c.Request()) {
		page := newOpenPage(choices)
		page.Missing = true
		return w.pages.Render(c, http.StatusUnprocessableEntity, "open", titles.open, page)
	}
	if err != nil {
		return err
	}
	w.visits.Update(c, func(v *visit) { v.Draft = &draft })
	return door.Answer(c, http.StatusOK, map[string]any{"application": draft.Document.Number, "document": documentJSON(draft.Document)}, door.See("/accounts/draft"))
}

// draftPage is the second step: the document, and the button that opens the
// card client's window.
type draftPage struct {
	Draft  bank.ApplicationDraft
	Base64 string // the document's content, for card.js
	Agent  string // the origin of the card client
}

// showDraft shows the application that waits for its signature.
func (w *entrance) showDraft(c echo.Context) error {
	v, _ := w.visits.Load(c)
	if v.Draft == nil {
		return w.missing(c, needDraft)
	}
	return w.pages.Render(c, http.StatusOK, "draft", titles.draft, draftPage{
		Draft: *v.Draft, Base64: base64.StdEncoding.EncodeToString([]byte(v.Draft.Document.Content)), Agent: w.cfg.AgentURL,
	})
}

// openAccount takes the signature to the bank. The draft stays in the session
// until an account is opened with it, so that a signature that could not be
// verified can be made again.
func (w *entrance) openAccount(c echo.Context) error {
	v, _ := w.visits.Load(c)
	if v.Draft == nil {
		return w.missing(c, needDraft)
	}
	cms, err := rpweb.ReadCMS(c)
	if err != nil {
		return err
	}
	account, err := w.bank.OpenAccount(c.Request().Context(), *v.Draft, cms)
	if err != nil {
		return err
	}
	w.visits.Renew(c, visit{Customer: &signedIn{Account: account.Number, Name: account.Holder}})
	return door.Answer(c, http.StatusCreated, map[string]any{"account": accountJSON(account)}, door.See(accountPath(account.Number)+"?opened"))
}

// openedPage is the third step: what is in the account, and by which certificate
// the bank knows its holder.
type openedPage struct {
	Account bank.Account
	Gift    int64 // yen
	Serial  jpki.SerialNumber
}

// showOpened shows that the account is open.
func (w *entrance) showOpened(c echo.Context, account bank.Account) error {
	customer, err := w.bank.Customer(c.Request().Context(), account.Number)
	if err != nil {
		return err
	}
	return w.pages.Render(c, http.StatusOK, "opened", titles.opened, openedPage{
		Account: account, Gift: bank.OpeningGift.Int64(), Serial: customer.Serial,
	})
}
