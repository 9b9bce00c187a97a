// Package web is the ministry's desks: the register of verifiers with the
// applications for accreditation, and the fees; and the public pages beside
// them.
//
// Elements are marked for tests by data-testid, beside those of the frame:
//
//	verifier-<id>, verifier-state (data-id, data-state), application-<id>, application-state, approve,
//	reject, verifier-key, conditions, audit, act-conditions, act-suspend, act-reinstate, act-withdraw
//	                                      the register of verifiers
//	apply, application-id, public-verifiers
//	                                      the public pages
//	month, statement-<verifier>, statement-count, statement-total, statements-csv, tariff, tariff-add
//	                                      the fees
package web

import (
	"embed"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/desk"
	frame "example.jp/jpkimock/authority/desk/web"
	"example.jp/jpkimock/internal/ui"
)

//go:embed all:templates
var files embed.FS

var templates = ui.Embedded(files, "templates", frame.Partials())

// desks is the register of verifiers and the fees.
type desks struct {
	*frame.Room
	ministry *accreditation.Ministry
	now      func() time.Time
}

// Mount opens the desks in a frame, and the public pages.
func Mount(e *echo.Echo, f *frame.Desks, ministry *accreditation.Ministry, now func() time.Time) error {
	room, err := f.Room(templates, Rules())
	if err != nil {
		return err
	}
	d := &desks{Room: room, ministry: ministry, now: now}
	e.GET("/verifiers", room.Public(d.publicVerifiers))
	e.GET("/verifiers/apply", room.Public(d.askApplication))
	e.POST("/verifiers/apply", room.Public(d.apply))
	room.Desk(e, desk.RoleMinistry, map[string]frame.Handler{
		"GET /office/verifiers":                 d.verifiersPage,
		"GET /office/verifiers/:id":             d.verifierPage,
		"GET /office/verifiers/:id/acts/:act":   d.askVerifierAct,
		"POST /office/verifiers/:id/acts/:act":  d.doVerifierAct,
		"GET /office/applications/:id":          d.applicationPage,
		"POST /office/applications/:id/approve": d.approve,
		"POST /office/applications/:id/reject":  d.reject,
		"GET /office/fees":                      d.fees,
		"GET /office/fees.csv":                  d.feesCSV,
		"POST /office/fees/tariff":              d.addTariff,
	})
	return nil
}
