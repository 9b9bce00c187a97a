package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/rp"
)

// contractsPage lists the contracts with their boxes.
type contractsPage struct {
	Contracts []contractLine
	Viewers   int
}

type contractLine struct {
	catv.Contract
	Enrolled int
}

func (w *desks) contracts(c echo.Context) error {
	all, err := w.station.Contracts(c.Request().Context())
	if err != nil {
		return err
	}
	page := contractsPage{}
	for _, contract := range all {
		line := contractLine{Contract: contract}
		for _, p := range contract.Places {
			if p.Viewer != 0 {
				line.Enrolled++
			}
		}
		page.Viewers += line.Enrolled
		page.Contracts = append(page.Contracts, line)
	}
	return w.operator.Show(c, "operator", titles.operator, page)
}

// contractPage is a household with its viewers and their certificates.
type contractPage struct {
	Contract catv.Contract
	Places   []placeLine
	// Unasked: the authority did not say how the certificates stand.
	Unasked bool
}

type placeLine struct {
	catv.Place
	Viewer *catv.Viewer
	Status *rp.Status
	Known  []catv.Linked
}

func (w *desks) contract(c echo.Context) error {
	ctx := c.Request().Context()
	contract, err := w.station.Contract(ctx, catv.ContractNumber(c.Param("number")))
	if err != nil {
		return err
	}
	viewers, err := w.station.Viewers(ctx, contract.Number)
	if err != nil {
		return err
	}
	status, err := w.station.CertificateStatus(ctx, viewers)
	page := contractPage{Contract: contract, Unasked: err != nil}
	for _, p := range contract.Places {
		line := placeLine{Place: p}
		for i, v := range viewers {
			if v.ID != p.Viewer {
				continue
			}
			line.Viewer = &viewers[i]
			if line.Known, err = w.station.Certificates(ctx, v.ID); err != nil {
				return err
			}
			if len(status) == len(viewers) {
				line.Status = &status[i]
			}
		}
		page.Places = append(page.Places, line)
	}
	return w.operator.Show(c, "contract", titles.contract, page)
}

// viewerLeaves ends an enrolment.
func (w *desks) viewerLeaves(c echo.Context) error {
	ctx := c.Request().Context()
	v, err := w.station.Viewer(ctx, catv.ViewerID(id(c, "viewer")))
	if err != nil {
		return err
	}
	if v.Contract != catv.ContractNumber(c.Param("number")) {
		return catv.ErrNoViewer
	}
	if _, err := w.station.Leave(ctx, v.ID); err != nil {
		return err
	}
	w.cfg.Left(v.ID)
	return c.Redirect(http.StatusSeeOther, "/operator/contracts/"+string(v.Contract))
}

// newCode puts a new code on the papers.
func (w *desks) newCode(c echo.Context) error {
	if _, err := w.station.NewCode(c.Request().Context(), catv.PlaceID(id(c, "place"))); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/operator/contracts/"+c.Param("number"))
}
