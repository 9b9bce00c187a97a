// Package web is what the parties of the medical field show and answer, each under a path
// of its own: the terminal and the desk of a hospital and a clinic (kiosk.go, desk.go), the
// common platform (platform.go) and the insurers (insurer.go), who speak to one another by
// HTTP (client.go), also where they are one process. The handlers of a party hold that
// party and no other.
package web

import (
	"context"
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/medical/gateway/merchant"
	"example.jp/jpkimock/medical/insurer"
	"example.jp/jpkimock/medical/payment"
	"example.jp/jpkimock/medical/platform"
	"example.jp/jpkimock/medical/reception"
)

//go:embed all:templates assets
var files embed.FS

// Institution is a hospital or a clinic with its desk open. Its pages are under its ID.
type Institution struct {
	platform.Institution
	NameEN   string
	Desk     *reception.Desk
	Cashier  *payment.Cashier  // nil without one
	Mail     *merchant.Mailbox // of the gateway's notices, with a cashier
	Key      string            // under which the platform knows it
	StaffKey string            // opens its desk; empty keeps it shut
	// DoctorKey opens the doctor's room, which asks Rx; empty for an institution without one.
	DoctorKey string
	Rx        RxClient
}

// Insurer is an insurer with its office open. Its pages are under insurers/ and its ID.
type Insurer struct {
	ID, NameEN, StaffKey string
	Office               *insurer.Office
	Partner              http.Handler // its interface for the portal; nil for none
}

// Config is what the house needs. PublicURL, Platform, the institutions, the insurers and
// Now are required.
type Config struct {
	PublicURL, AgentURL, Lobby string
	GatewayURL                 string // of the card company's page at which a payment is confirmed
	Institutions               []Institution
	Insurers                   []Insurer
	Platform                   *platform.Platform
	PlatformStaffKey           string
	RelayKey                   string // under which the insurers know the platform
	HoldersKey                 string // under which the platform knows the inquiry system
	Rx                         Rx     // without a System there are no prescriptions
	Pharmacies                 []Pharmacy
	Now                        func() time.Time
	Hosts                      []string
	Log                        *slog.Logger
	// Health reports why a party cannot serve.
	Health func(context.Context) error
}

// New returns the pages and interfaces of all parties.
func New(cfg Config) (http.Handler, error) {
	if cfg.PublicURL == "" || cfg.Platform == nil || len(cfg.Institutions) == 0 || len(cfg.Insurers) == 0 || cfg.Now == nil {
		return nil, errors.New("medical: web: a field of the config is missing")
	}
	cfg.AgentURL = strings.TrimRight(cfg.AgentURL, "/")
	var crossing []string
	for _, i := range cfg.Institutions {
		crossing = append(crossing, "POST /"+i.ID+"/answer/{name}")
	}
	for _, p := range cfg.Pharmacies {
		crossing = append(crossing, "POST /pharmacies/"+p.ID+"/answer/{name}")
	}
	e, pages, err := rpweb.Open(door.Config{
		Explain: explain, Describe: describe, Hosts: cfg.Hosts, PublicURL: cfg.PublicURL, Log: cfg.Log, FormTargets: []string{cfg.AgentURL, cfg.GatewayURL},
		ConnectTargets: []string{cfg.AgentURL}, CrossOrigin: crossing, Health: cfg.Health,
	}, site(cfg.Lobby, cfg.Now), files, templates)
	if err != nil {
		return nil, err
	}
	e.Use(door.ReadableForms, rpweb.Private)
	names := map[string]ui.Text{}
	for _, i := range cfg.Insurers {
		names[string(i.Office.Number)] = ui.Text{JA: i.Office.Name, EN: i.NameEN}
	}
	for _, i := range cfg.Institutions {
		w := newTerminal(cfg, i, pages, names)
		w.mount(e)
		if i.DoctorKey != "" {
			newSurgery(w, pages).mount(e)
		}
	}
	if cfg.Rx.System != nil {
		newInquiries(cfg, pages).mount(e)
	}
	for _, p := range cfg.Pharmacies {
		newDrugstore(cfg, p, pages).mount(e)
	}
	newExchange(cfg, pages, names).mount(e)
	for _, i := range cfg.Insurers {
		newOffice(cfg, i, pages).mount(e)
		door.Interface(e, "/insurers/"+i.ID+"/partner", i.Partner)
	}
	audience{cfg, pages}.mount(e)
	e.GET("/", func(c echo.Context) error {
		return pages.Render(c, http.StatusOK, "front", word("title.front"), cfg)
	})
	return e, openapi.Mount(e, api(cfg))
}
