package web

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// findHolder finds whom a caller says to be. It shows no more than is needed
// to be sure, and to say what will be suspended.
func (h *house) findHolder(c echo.Context) error {
	var s register.HolderSearch
	if err := readJSON(c, &s); err != nil {
		return err
	}
	found, err := h.cfg.Authority.FindHolder(c.Request().Context(), s)
	if err != nil {
		return err
	}
	cards, certificates := []cardView{}, []certificateView{}
	for _, card := range found.Cards {
		cards = append(cards, cardViewOf(card))
	}
	for _, cert := range found.Certificates {
		certificates = append(certificates, viewOf(cert))
	}
	return c.JSON(http.StatusOK, map[string]any{
		"resident": found.Resident.ID, "name": found.Resident.FaceName(), "municipality": found.Resident.Municipality.City,
		"cards": cards, "certificates": certificates,
	})
}

func (h *house) suspendHolder(c echo.Context) error {
	var r struct {
		register.HolderSearch
		desk.By
	}
	if err := readJSON(c, &r); err != nil {
		return err
	}
	done, err := h.cfg.Authority.SuspendHolder(c.Request().Context(), r.HolderSearch, by(c, r.By))
	if err != nil {
		return err
	}
	// The desk learns what happened, and nothing of the register's entry.
	view := doneOf(done)
	return c.JSON(http.StatusOK, map[string]any{"at": view.At, "cards": append([]cardView{}, view.Cards...), "effects": view.Effects})
}

// publicVerifiers is the list that anybody may read.
func (h *house) publicVerifiers(c echo.Context) error {
	type entry struct {
		ID         string      `json:"id"`
		Name       string      `json:"name"`
		Kinds      []jpki.Kind `json:"kinds"`
		Conditions string      `json:"conditions,omitempty"`
		State      string      `json:"state"`
		Since      time.Time   `json:"since"`
	}
	list := []entry{}
	for _, v := range h.cfg.Authority.Ministry.Verifiers() {
		list = append(list, entry{v.ID, v.Name, v.Kinds, v.Conditions, string(v.State), v.Since})
	}
	return c.JSON(http.StatusOK, map[string]any{"verifiers": list})
}

func (h *house) apply(c echo.Context) error {
	var r struct {
		Name    string      `json:"name"`
		Contact string      `json:"contact"`
		Use     string      `json:"use"`
		Kinds   []jpki.Kind `json:"kinds"`
	}
	if err := readJSON(c, &r); err != nil {
		return err
	}
	app, err := h.cfg.Authority.Ministry.Apply(c.Request().Context(), accreditation.Application{Name: r.Name, Contact: r.Contact, Use: r.Use, Kinds: r.Kinds})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, map[string]any{"application": app.ID, "state": app.State, "at": app.At})
}

func (h *house) applications(c echo.Context) error {
	all, err := h.cfg.Authority.Ministry.Applications(c.Request().Context())
	if err != nil {
		return err
	}
	if all == nil {
		all = []accreditation.Application{}
	}
	return c.JSON(http.StatusOK, map[string]any{"applications": all})
}

// approve answers with the new verifier's key, this once.
func (h *house) approve(c echo.Context) error {
	var r accreditation.Approval
	if err := readJSON(c, &r); err != nil {
		return err
	}
	r.By = by(c, r.By)
	v, key, err := h.cfg.Authority.Ministry.Approve(c.Request().Context(), c.Param("id"), r)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, map[string]any{"verifier": verifierViewOf(v), "conditions": v.Conditions, "key": key})
}

func (h *house) reject(c echo.Context) error {
	var said desk.By
	if err := readJSON(c, &said); err != nil {
		return err
	}
	app, err := h.cfg.Authority.Ministry.Reject(c.Request().Context(), c.Param("id"), by(c, said))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, app)
}

func (h *house) changeVerifier(c echo.Context) error {
	var r struct {
		State accreditation.VerifierState `json:"state"`
		desk.By
	}
	if err := readJSON(c, &r); err != nil {
		return err
	}
	v, err := h.cfg.Authority.Ministry.SetState(c.Request().Context(), c.Param("id"), r.State, by(c, r.By))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, verifierViewOf(v))
}

func (h *house) setConditions(c echo.Context) error {
	var r struct {
		Kinds      []jpki.Kind `json:"kinds"`
		Conditions string      `json:"conditions"`
		desk.By
	}
	if err := readJSON(c, &r); err != nil {
		return err
	}
	v, err := h.cfg.Authority.Ministry.SetConditions(c.Request().Context(), c.Param("id"), r.Kinds, r.Conditions, by(c, r.By))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, verifierViewOf(v))
}

func (h *house) audit(c echo.Context) error {
	lines, err := h.cfg.Authority.Ministry.Audit(c.Request().Context(), c.QueryParam("subject"), 1000)
	if err != nil {
		return err
	}
	if lines == nil {
		lines = []accreditation.Audit{}
	}
	return c.JSON(http.StatusOK, map[string]any{"audit": lines})
}

func (h *house) tariff(c echo.Context) error {
	rows, err := h.cfg.Authority.Ministry.Tariff(c.Request().Context())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"tariff": rows})
}

func (h *house) setTariff(c echo.Context) error {
	var r struct {
		Tariff []accreditation.TariffRow `json:"tariff"`
		desk.By
	}
	if err := readJSON(c, &r); err != nil {
		return err
	}
	rows, err := h.cfg.Authority.Ministry.SetTariff(c.Request().Context(), r.Tariff, by(c, r.By))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"tariff": rows})
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
	all, err := h.cfg.Authority.Ministry.Statements(c.Request().Context(), h.month(c))
	if err != nil {
		return err
	}
	if wantsCSV(c) {
		return statementsCSV(c, all)
	}
	return c.JSON(http.StatusOK, map[string]any{"month": h.month(c), "statements": all})
}

// ownStatement is the bill of the verifier who asks.
func (h *house) ownStatement(c echo.Context) error {
	v, err := h.cfg.Authority.Ministry.Acknowledged(verifierKey(c.Request(), ""))
	if err != nil {
		return err
	}
	s, err := h.cfg.Authority.Ministry.Statement(c.Request().Context(), v.ID, h.month(c))
	if err != nil {
		return err
	}
	if wantsCSV(c) {
		return statementsCSV(c, []accreditation.Statement{s})
	}
	return c.JSON(http.StatusOK, s)
}

// wantsCSV reports whether CSV is asked for, by ?format=csv or Accept.
func wantsCSV(c echo.Context) bool {
	return c.QueryParam("format") == "csv" || strings.Contains(c.Request().Header.Get("Accept"), "text/csv")
}

// statementsCSV writes statements as CSV (RFC 4180), one line a day, kind and
// purpose, with a byte order mark, without which a spreadsheet in Japan takes
// UTF-8 for something else. A name that it would take for a formula is quoted.
func statementsCSV(c echo.Context, all []accreditation.Statement) error {
	b := bytes.NewBufferString("\uFEFF")
	w := csv.NewWriter(b)
	w.UseCRLF = true
	rows := [][]string{{"month", "verifier", "name", "day", "kind", "purpose", "count", "yen", "amount"}}
	for _, s := range all {
		for _, l := range s.Lines {
			rows = append(rows, []string{
				s.Month, s.VerifierID, harmless(s.Name), l.Day, l.Kind.String(), l.Purpose.String(),
				strconv.FormatInt(l.N, 10), strconv.FormatInt(l.Yen, 10), strconv.FormatInt(l.Amount, 10),
			})
		}
	}
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="jpki-mock-fees.csv"`)
	return c.Blob(http.StatusOK, "text/csv; charset=utf-8", b.Bytes())
}

// harmless keeps a spreadsheet from running a text as a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
