// Package web is what the gateway shows and answers: to cardholders their credit card and
// the page at which a payment is confirmed (holder.go), to merchants the interface of
// package merchant (interface.go), and to the card company's staff the payments and the
// notices that wait (staff.go).
package web

import (
	"context"
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/medical/gateway"
)

//go:embed all:templates assets
var files embed.FS

var templates = ui.Embedded(files, "templates")

// Config is what the house needs. Gateway, PublicURL and Now are required.
type Config struct {
	Gateway                    *gateway.Gateway
	PublicURL, AgentURL, Lobby string
	StaffKey                   string // opens the staff's pages; empty keeps them shut
	Now                        func() time.Time
	Hosts                      []string
	Log                        *slog.Logger
}

// house is the gateway seen from the street.
type house struct {
	*gateway.Gateway
	cfg       Config
	pages     *ui.Pages
	holders   *session.Store[holder]
	merchants door.Callers[*gateway.Merchant]
}

// New returns the gateway's pages and interface.
func New(cfg Config) (http.Handler, error) {
	if cfg.Gateway == nil || cfg.PublicURL == "" || cfg.Now == nil {
		return nil, errors.New("gateway: web: a field of the config is missing")
	}
	cfg.AgentURL = strings.TrimRight(cfg.AgentURL, "/")
	h := &house{Gateway: cfg.Gateway, cfg: cfg, holders: session.New[holder](session.Config{Cookie: "jpkimock_gateway", Now: cfg.Now, Idle: Idle, Age: Age})}
	targets := []string{cfg.AgentURL}
	for _, m := range cfg.Gateway.Merchants {
		h.merchants = append(h.merchants, door.Caller[*gateway.Merchant]{Key: door.NewKey(m.Key), Who: m})
		targets = append(targets, m.Origin)
	}
	e, pages, err := rpweb.Open(door.Config{
		Explain: words().Explain, Describe: words().Describe, Hosts: cfg.Hosts, PublicURL: cfg.PublicURL, Log: cfg.Log, FormTargets: targets,
		Health: func(context.Context) error { return cfg.Gateway.Ping() },
	}, ui.Site{House: "gateway", Lobby: cfg.Lobby, Now: cfg.Now, Name: word("name.house"), Tagline: word("name.tagline")}, files, templates)
	if err != nil {
		return nil, err
	}
	h.pages = pages
	e.Use(door.ReadableForms, rpweb.Private)
	h.mountHolders(e)
	h.mountInterface(e)
	h.mountStaff(e)
	return e, openapi.Mount(e, api())
}
