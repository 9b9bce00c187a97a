// Package web is what the small businesses show and answer, each under a path of its own:
// a desk for its staff, the interface of package partner for the portal, and one for the
// programs of its staff.
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

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/staffroom"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/portal/utility"
	"example.jp/jpkimock/rp"
)

//go:embed all:templates assets
var files embed.FS

var templates = ui.Embedded(files, "templates")

// Business is an office with its kit and its keys. Its pages are under its trade's ID.
type Business struct {
	Office   *utility.Office
	Verifier rp.SignatureVerifier
	Links    rp.Links
	Key      string // of the portal
	StaffKey string // opens the desk; empty keeps it shut
}

// Config is what the house needs. PublicURL, Businesses and Now are required.
type Config struct {
	PublicURL, Lobby string
	Businesses       []Business
	Now              func() time.Time
	Hosts            []string
	Log              *slog.Logger
	// Health reports why a business cannot serve.
	Health func(context.Context) error
}

// New returns the pages and interfaces of all businesses.
func New(cfg Config) (http.Handler, error) {
	if cfg.PublicURL == "" || len(cfg.Businesses) == 0 || cfg.Now == nil {
		return nil, errors.New("utility: web: a field of the config is missing")
	}
	e, pages, err := rpweb.Open(door.Config{
		Explain: words.Explain, Describe: words.Describe, Hosts: cfg.Hosts, PublicURL: cfg.PublicURL, Log: cfg.Log, Health: cfg.Health,
	}, site(cfg.Lobby, cfg.Now), files, templates)
	if err != nil {
		return nil, err
	}
	e.Use(door.ReadableForms)
	var trades []utility.Trade
	for _, b := range cfg.Businesses {
		trades = append(trades, b.Office.Trade)
		if err := mount(e, cfg, b, pages); err != nil {
			return nil, err
		}
	}
	e.GET("/", func(c echo.Context) error { return pages.Render(c, http.StatusOK, "front", titles.front, trades) })
	return e, openapi.Mount(e, api(trades))
}

// mount opens the desk and the interfaces of a business.
func mount(e *echo.Echo, cfg Config, b Business, pages *ui.Pages) error {
	path := "/" + b.Office.ID
	server, err := partner.NewServer(partner.ServerConfig{
		ID: b.Office.ID, Key: b.Key, Verifier: b.Verifier, Links: b.Links, Business: b.Office, Now: cfg.Now, KeySet: b.Office.KeySet(),
	})
	if err != nil {
		return err
	}
	door.Interface(e, path+"/partner", server)

	under := site(cfg.Lobby, cfg.Now)
	under.Name, under.Tagline = ui.Text{JA: b.Office.Name, EN: b.Office.NameEN}, titles.desk
	d := desk{office: b.Office, path: path + "/desk", pages: pages.Under(under)}
	staff := staffroom.New(staffroom.Config[staffroom.Clerk]{
		At: path + "/desk/signin", Out: path + "/desk/signout", Front: path + "/desk", Cookie: "jpkimock_utility_" + b.Office.ID,
		Key: b.StaffKey, Now: cfg.Now, Pages: d.pages,
	})
	says := door.Room{Pages: d.pages, Explain: words.Explain, Describe: words.Describe}
	staff.Mount(e, says.Errors)
	inside := e.Group(path+"/desk", says.Errors, staff.Only)
	inside.GET("", d.list)
	inside.GET("/applications/:id", d.show)
	inside.POST("/applications/:id/:act", d.act)
	scripts := e.Group(path+"/v1", door.ScriptsOnly(), staff.Scripts(b.Office.NameEN))
	scripts.POST("/customers", d.enter)
	scripts.GET("/customers", d.customers)
	return nil
}

// desk is where the staff of a business work.
type desk struct {
	office *utility.Office
	path   string
	pages  *ui.Pages
}

// listed is how many applications the desk shows.
const listed = 50

type deskPage struct {
	Path      string
	Waiting   []utility.Case // for staff
	Cases     []utility.Case
	Customers []utility.Customer
}

func (d desk) list(c echo.Context) error {
	ctx := c.Request().Context()
	page := deskPage{Path: d.path}
	var err error
	if page.Cases, err = d.office.Cases(ctx, listed); err != nil {
		return err
	}
	for _, k := range page.Cases {
		if k.State == partner.Accepted {
			page.Waiting = append(page.Waiting, k)
		}
	}
	if page.Customers, err = d.office.Customers(ctx); err != nil {
		return err
	}
	return d.pages.Render(c, http.StatusOK, "desk", titles.desk, page)
}

type casePage struct {
	Path string
	utility.Case
	Open bool
}

// Day is the day of the change.
func (p casePage) Day() time.Time {
	day, _ := time.ParseInLocation(time.DateOnly, p.ChangedOn, jpki.JST) // it was checked when it came
	return day
}

func (d desk) show(c echo.Context) error {
	k, err := d.office.Case(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return d.pages.Render(c, http.StatusOK, "case", titles.application, casePage{d.path, k, !k.State.Final()})
}

// act finishes, rejects with a reason, or asks back.
func (d desk) act(c echo.Context) error {
	in, err := door.Read[struct {
		Why string `json:"why"`
	}](c)
	if err != nil {
		return err
	}
	ctx, id, why := c.Request().Context(), c.Param("id"), strings.TrimSpace(in.Why)
	switch c.Param("act") {
	case "finish":
		err = d.office.Finish(ctx, id)
	case "reject":
		err = d.office.Reject(ctx, id, why)
	case "ask":
		err = d.office.Ask(ctx, id, why)
	default:
		err = echo.ErrNotFound
	}
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, nil, door.See(d.path+"/applications/"+id))
}

// customerBody is a customer as programs of the staff enter one.
type customerBody struct {
	No          string           `json:"no"`
	Name        string           `json:"name"`
	Address     string           `json:"address"`
	DateOfBirth jpki.DateOfBirth `json:"dateOfBirth"`
	Changes     int              `json:"changes"`
}

func (d desk) enter(c echo.Context) error {
	in, err := door.Read[customerBody](c)
	if err != nil {
		return err
	}
	if err := d.office.Enter(c.Request().Context(), utility.Customer{No: in.No, Name: in.Name, Address: in.Address, DateOfBirth: in.DateOfBirth}); err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, map[string]string{"no": in.No})
}

func (d desk) customers(c echo.Context) error {
	all, err := d.office.Customers(c.Request().Context())
	if err != nil {
		return err
	}
	out := []customerBody{}
	for _, cu := range all {
		out = append(out, customerBody{cu.No, cu.Name, cu.Address, cu.DateOfBirth, cu.Changes})
	}
	return c.JSON(http.StatusOK, map[string]any{"customers": out})
}
