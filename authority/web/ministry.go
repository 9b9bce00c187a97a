package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/accreditation"
	accreditationweb "example.jp/jpkimock/authority/accreditation/web"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/shown"
)

// verifierView is an entry of the verifiers' register; the key is not in it. Why
// is for the ministry, Conditions are for the public list.
type verifierView struct {
	ID         string      `json:"id"`
	Name       string      `json:"name"`
	Kinds      []jpki.Kind `json:"kinds"`
	Conditions string      `json:"conditions,omitempty"`
	State      string      `json:"state"`
	Since      time.Time   `json:"since"`
	Why        string      `json:"why,omitempty"`
	// Version is for the ministry: an act that sends it as seen is refused if the
	// entry has changed since.
	Version shown.Version `json:"version,omitempty"`
}

func verifierViewOf(v accreditation.Verifier) verifierView {
	return verifierView{ID: v.ID, Name: v.Name, Kinds: v.Kinds, State: string(v.State), Since: v.Since, Why: v.Why, Version: v.Version()}
}

func publicViewOf(v accreditation.Verifier) verifierView {
	return verifierView{ID: v.ID, Name: v.Name, Kinds: v.Kinds, Conditions: v.Conditions, State: string(v.State), Since: v.Since}
}

func (h *house) registerVerifier(c echo.Context, in accreditation.Registration) (any, error) {
	in.By = by(c, in.By)
	v, err := h.agency.Ministry.Register(c.Request().Context(), in)
	return verifierViewOf(v), err
}

func (h *house) verifiers(echo.Context) (any, error) {
	return listed("verifiers", h.agency.Ministry.Verifiers(), verifierViewOf), nil
}

// publicVerifiers is the list that anybody may read.
func (h *house) publicVerifiers(echo.Context) (any, error) {
	return listed("verifiers", h.agency.Ministry.Verifiers(), publicViewOf), nil
}

type stateRequest struct {
	State accreditation.VerifierState `json:"state"`
	Seen  shown.Version               `json:"seen"`
	desk.By
}

func (h *house) setVerifierState(c echo.Context, in stateRequest) (any, error) {
	v, err := h.agency.Ministry.SetState(c.Request().Context(), c.Param("id"), in.State, by(c, in.By.Having(in.Seen)))
	return verifierViewOf(v), err
}

type conditionsRequest struct {
	Kinds      []jpki.Kind   `json:"kinds"`
	Conditions string        `json:"conditions"`
	Seen       shown.Version `json:"seen"`
	desk.By
}

func (h *house) setConditions(c echo.Context, in conditionsRequest) (any, error) {
	v, err := h.agency.Ministry.SetConditions(c.Request().Context(), c.Param("id"), in.Kinds, in.Conditions, by(c, in.By.Having(in.Seen)))
	return verifierViewOf(v), err
}

type applyRequest struct {
	Name    string      `json:"name"`
	Contact string      `json:"contact"`
	Use     string      `json:"use"`
	Kinds   []jpki.Kind `json:"kinds"`
}

func (h *house) apply(c echo.Context, in applyRequest) (any, error) {
	app, err := h.agency.Ministry.Apply(c.Request().Context(), accreditation.Application{
		Name: in.Name, Contact: in.Contact, Use: in.Use, Kinds: in.Kinds,
	})
	return map[string]any{"application": app.ID, "state": app.State, "at": app.At}, err
}

func (h *house) applications(c echo.Context) (any, error) {
	all, err := h.agency.Ministry.Applications(c.Request().Context())
	return listed("applications", all, itself[accreditation.Application]), err
}

// approve answers with the new verifier's key, this once.
func (h *house) approve(c echo.Context, in accreditation.Approval) (any, error) {
	in.By = by(c, in.By)
	v, key, err := h.agency.Ministry.Approve(c.Request().Context(), c.Param("id"), in)
	return map[string]any{"verifier": verifierViewOf(v), "conditions": v.Conditions, "key": key}, err
}

func (h *house) reject(c echo.Context, said desk.By) (any, error) {
	return h.agency.Ministry.Reject(c.Request().Context(), c.Param("id"), by(c, said))
}

func (h *house) audit(c echo.Context) (any, error) {
	lines, err := h.agency.Ministry.Audit(c.Request().Context(), c.QueryParam("subject"), 1000)
	return listed("audit", lines, itself[accreditation.Audit]), err
}

func (h *house) tariff(c echo.Context) (any, error) {
	rows, err := h.agency.Ministry.Tariff(c.Request().Context())
	return h.tariffView(rows), err
}

// tariffView also says what an answer costs today, and what it did in the material
// of 2014.
func (h *house) tariffView(rows []accreditation.TariffRow) map[string]any {
	now := h.cfg.Clock.Now()
	return map[string]any{
		"tariff": rows, "version": accreditation.TariffVersion(rows),
		"today": accreditation.Prices(rows, now), "of2014": accreditation.Prices(accreditation.Of2014(), now),
	}
}

type tariffRequest struct {
	Tariff []accreditation.TariffRow `json:"tariff"`
	Seen   shown.Version             `json:"seen"`
	desk.By
}

func (h *house) setTariff(c echo.Context, in tariffRequest) (any, error) {
	rows, err := h.agency.Ministry.SetTariff(c.Request().Context(), in.Tariff, by(c, in.By.Having(in.Seen)))
	return h.tariffView(rows), err
}

// month gives the month asked for; without one, the present month by Japanese
// civil time.
func (h *house) month(c echo.Context) string {
	if m := c.QueryParam("month"); m != "" {
		return m
	}
	return h.cfg.Clock.Now().In(jpki.JST).Format("2006-01")
}

func (h *house) statements(c echo.Context) error {
	all, err := h.agency.Ministry.Statements(c.Request().Context(), h.month(c))
	if err != nil {
		return err
	}
	return h.bill(c, all, map[string]any{"month": h.month(c), "statements": all})
}

// ownStatement is the bill of the verifier who asks.
func (h *house) ownStatement(c echo.Context) error {
	v, err := h.agency.Ministry.Acknowledged(verifierKey(c.Request(), ""))
	if err != nil {
		return err
	}
	s, err := h.agency.Ministry.Statement(c.Request().Context(), v.ID, h.month(c))
	if err != nil {
		return err
	}
	return h.bill(c, []accreditation.Statement{s}, s)
}

// bill answers with statements as a table, if ?format=csv or Accept asks for
// one, else as JSON.
func (h *house) bill(c echo.Context, all []accreditation.Statement, v any) error {
	if c.QueryParam("format") == "csv" || strings.Contains(c.Request().Header.Get("Accept"), "text/csv") {
		return accreditationweb.CSV(c, all)
	}
	return c.JSON(http.StatusOK, v)
}
