package web

import (
	"encoding/base64"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/rp/bank"
)

// keepForm keeps a form in the session and leads to the page on which it is signed.
func (w *entrance) keepForm(c echo.Context, draft bank.FormDraft, to string) error {
	w.visits.Update(c, func(v *visit) { v.Form = &draft })
	return door.Answer(c, http.StatusOK, map[string]any{"number": draft.Document.Number, "document": documentJSON(draft.Document)}, door.See(to))
}

// formPage is a form with the button that opens the card client's window.
type formPage struct {
	Draft  bank.FormDraft
	Base64 string // the document's content, for card.js
	Agent  string // the origin of the card client
	Action string // where the signed form is posted
}

// formPaths is where each form is posted when it is signed. The page on which it is
// signed is /draft below it.
var formPaths = map[bank.FormKind]string{bank.ChangeForm: "/changes", bank.ConsentForm: "/consent", latestForm: "/consent/latest"}

// latestForm is the consent to the latest four data service, by its name here: the bank keeps
// it apart from the forms.
const latestForm bank.FormKind = "latest"

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

// signedForm returns the session's form, which must be of this kind, and the signature
// in the request.
func (w *entrance) signedForm(c echo.Context, kind bank.FormKind) (form bank.FormDraft, cms []byte, err error) {
	v, _ := w.visits.Load(c)
	if v.Form == nil || v.Form.Kind != kind {
		return bank.FormDraft{}, nil, w.missing(c, needForm)
	}
	cms, err = rpweb.ReadCMS(c)
	return *v.Form, cms, err
}

// formError is a refusal of a form. By it, the ways out lead back to the form and not to
// an account opening.
type formError struct {
	Kind bank.FormKind
	Err  error
}

func (e *formError) Error() string { return e.Err.Error() }

// Unwrap returns the bank's error.
func (e *formError) Unwrap() error { return e.Err }
