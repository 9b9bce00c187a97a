package web

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/platform"
)

// keysFace is the platform's keys in JSON: the identifiers as they are published, those that sign
// first, and the step of a rotation that is next.
type keysFace struct {
	Keys []string         `json:"keys"`
	Next platform.KeyStep `json:"next"`
}

func (w *entrance) keysFace() keysFace {
	face := keysFace{Next: w.platform.NextKeyStep()}
	for _, k := range w.platform.Keys().Keys {
		face.Keys = append(face.Keys, k.KeyID)
	}
	return face
}

// showKeys tells a script which keys are published.
func (w *entrance) showKeys(c echo.Context) error { return c.JSON(http.StatusOK, w.keysFace()) }

// rotateKeys takes a step of a rotation for a script.
func (w *entrance) rotateKeys(c echo.Context) error {
	in, err := door.Read[struct {
		Step  platform.KeyStep `json:"step"`
		Staff string           `json:"staff"`
		Why   string           `json:"why"`
	}](c)
	if err != nil {
		return err
	}
	if err := w.platform.RotateKeys(c.Request().Context(), in.Step, platform.By{Staff: in.Staff, Why: in.Why}); err != nil {
		return err
	}
	return w.showKeys(c)
}

// rotateKeysByForm takes the step that the register's page offers.
func (w *entrance) rotateKeysByForm(c echo.Context) error {
	in, err := door.Read[struct {
		Step platform.KeyStep `json:"step"`
		Why  string           `json:"why"`
	}](c)
	if err != nil {
		return err
	}
	v, _ := w.visits.Load(c)
	if err := w.platform.RotateKeys(c.Request().Context(), in.Step, platform.By{Staff: v.Staff, Why: in.Why}); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/register#keys")
}

// registerPage is the register, and the platform's keys.
type registerPage struct {
	Providers []platform.ServiceProvider
	keysFace
	Log []logLine // of the keys
}

// Step says what the next step of a rotation does.
func (p registerPage) Step() ui.Text { return stepNames[p.Next] }

// Hint says what to wait for first.
func (p registerPage) Hint() ui.Text { return stepHints[p.Next] }

func (w *entrance) registerPage(ctx context.Context) (registerPage, error) {
	p := registerPage{keysFace: w.keysFace()}
	var err error
	if p.Providers, err = w.platform.ServiceProviders(ctx); err != nil {
		return p, err
	}
	all, err := w.platform.RegisterLog(ctx, "")
	for _, change := range all {
		p.Log = append(p.Log, newLogLine(change))
	}
	return p, err
}
