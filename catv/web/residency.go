package web

import (
	"encoding/base64"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/rp"
)

// residencyPage is the application for the resident price, at a computer or at
// the municipal counter: first the way, then the document to sign, then the end.
type residencyPage struct {
	Town   catv.Name
	Draft  *rp.Document
	Base64 string
	Agent  string
	Done   *booking.Residency
}

// residency shows the application that waits for its signature, or the way.
func (w *set) residency(c echo.Context) error {
	page := residencyPage{Town: catv.Town, Agent: w.cfg.AgentURL}
	if v, _ := w.visits.Load(c); v.Draft != nil {
		page.Draft = v.Draft
		page.Base64 = base64.StdEncoding.EncodeToString([]byte(v.Draft.Content))
	}
	return w.show(c, "residency", titles.residency, page)
}

// draftResidency writes the application and keeps it in the session.
func (w *set) draftResidency(c echo.Context) error {
	d, err := w.booking.DraftApplication(c.Request().Context())
	if err != nil {
		return err
	}
	w.visits.Update(c, func(v *visit) { v.Draft = &d })
	return door.Answer(c, http.StatusOK, map[string]any{"application": d.Number, "document": map[string]any{
		"name": d.Name, "mediaType": d.MediaType, "content": []byte(d.Content),
	}}, door.See("/residency"))
}

// proveResidency takes the signature to the station. The application stays in
// the session until it is received, so that it can be signed once more.
func (w *set) proveResidency(c echo.Context) error {
	v, _ := w.visits.Load(c)
	if v.Draft == nil {
		return errNoDraft
	}
	cms, err := rpweb.ReadCMS(c)
	if errors.Is(err, rp.ErrMalformed) {
		err = &rp.CheckError{Check: rp.FormCheck, Kind: jpki.DigitalSignature, Err: err}
	}
	if err != nil {
		return err
	}
	r, err := w.booking.ProveResidency(c.Request().Context(), *v.Draft, cms)
	if err != nil {
		return err
	}
	w.visits.Update(c, func(v *visit) { v.Draft = nil })
	return door.Answer(c, http.StatusCreated, map[string]any{"residency": map[string]any{
		"town": catv.Town, "serial": r.Serial, "provenAt": r.ProvenAt, "expires": r.Expires,
	}}, door.Shown(func(c echo.Context) error {
		return w.show(c, "residency", titles.residency, residencyPage{Town: catv.Town, Done: &r})
	}))
}
