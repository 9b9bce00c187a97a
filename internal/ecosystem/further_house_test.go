package ecosystem

import (
	"context"
	"net/http"
	"testing/fstest"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/lobby"
	"example.jp/jpkimock/internal/ui"
)

// This is the one file of the wiring that a further house needs: here a clinic,
// whose reception asks whether a certificate is valid.

const (
	clinicKey      = "CLINIC"
	clinicStaffKey = "CLINIC_STAFF"
)

func clinicHouse() House {
	return House{
		Name: "clinic", Place: 10,
		Title:    ui.Text{JA: "みほん診療所", EN: "Mihon Clinic"},
		What:     ui.Text{JA: "受付でカードを確認します", EN: "Cards are checked at the reception"},
		Verifier: Verifier{"mihon-clinic", clinicKey},
		Keys:     []Key{{clinicKey, "test-clinic-verifier-key-not-secret"}, {clinicStaffKey, "test-clinic-staff-key-not-secret"}},
		Desks: func(e *Ecosystem) []lobby.Desk {
			return []lobby.Desk{{
				Name: ui.Text{JA: "みほん診療所 受付", EN: "Mihon Clinic, reception"}, What: ui.Text{JA: "資格の確認", EN: "Eligibility"},
				URL: e.URL("clinic") + "/reception", Key: e.key(clinicStaffKey),
			}}
		},
		Faults: fault.Usual(&fault.Words{
			Title: ui.Text{JA: "診療所が応答しないとき", EN: "When the clinic does not answer"},
			What:  ui.Text{JA: "受付を止めます。", EN: "Stops the reception."},
			Begin: ui.Text{JA: "止める", EN: "Stop it"}, End: ui.Text{JA: "再開する", EN: "Start it again"},
		}),
		Open: openClinic,
	}
}

func openClinic(ctx context.Context, e *Ecosystem) (http.Handler, error) {
	kit, err := e.kit(ctx, "clinic", clinicKey)
	if err != nil {
		return nil, err
	}
	pages, err := ui.NewPages(
		ui.Site{House: "clinic", Name: ui.Text{JA: "みほん診療所", EN: "Mihon Clinic"}, Lobby: e.URL("lobby"), Now: e.clock.Now},
		fstest.MapFS{"start.html": {Data: []byte(`{{define "main"}}<h1>{{.T "診療所" "Clinic"}}</h1><p data-testid="today">{{.Date .Data}}</p>{{end}}`)}},
	)
	if err != nil {
		return nil, err
	}
	server := door.New(door.Config{House: "clinic", Pages: pages, Hosts: e.hosts(), Log: e.cfg.Log})
	ui.MountAssets(server, nil)
	server.GET("/", func(c echo.Context) error {
		return pages.Render(c, http.StatusOK, "start", ui.Text{JA: "受付", EN: "Reception"}, e.clock.Now())
	})
	reception := server.Group("/reception", door.NewStaff(e.key(clinicStaffKey), e.clock.Now).Scripts("clinic's staff"))
	reception.GET("/certificates/:serial", func(c echo.Context) error {
		serial, err := jpki.ParseSerialNumber(c.Param("serial"))
		if err != nil {
			return err
		}
		status, err := kit.verifier.CheckStatus(c.Request().Context(), jpki.DigitalSignature, serial)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, map[string]any{"state": status[0].State})
	})
	return server, nil
}
