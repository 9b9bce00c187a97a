package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/browser"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/vpcd"
)

// Wallet is the cards of the town, or those whose holder's name was searched for.
type Wallet struct {
	Cards  []virtualcard.Summary
	Query  string
	Search bool // there are enough cards for a search
	More   int  // cards that are not shown
}

// DeskConfig is what the card desk needs beside Config. All fields but Counter are required.
type DeskConfig struct {
	// Pages have the templates desk, look and tamper.
	Pages *ui.Pages
	// Wallet returns the cards that match what was searched for.
	Wallet func(ctx context.Context, query string) (Wallet, error)
	// Explain says in words what an error of a card or reader means.
	Explain func(error) (ui.Refusal, bool)
	// Counter is where a holder gets a new card; empty for nowhere.
	Counter string
}

// cardDesk is the card desk (カードデスク): the wallet, the readers, and what is said there.
type cardDesk struct {
	desk
	DeskConfig
	waits chan struct{}
}

// MountDesk lists the routes for people.
func MountDesk(e *echo.Echo, cfg Config, people DeskConfig) {
	d := cardDesk{desk{cfg}, people, make(chan struct{}, mostWaiting)}
	// The script is the kit's. Here it is for pages of programs that do not serve it.
	e.GET("/card.js", echo.WrapHandler(browser.Handler()))
	e.GET("/card.d.ts", echo.WrapHandler(browser.TypesHandler()))
	g := e.Group("/desk", noStore)
	g.GET("", d.show)
	g.GET("/changes", d.changes)
	g.POST("/place", door.Reads(d.move), door.UpTo(small))
	r := g.Group("/readers/:name")
	r.GET("/log.txt", d.export)
	r.POST("/faults", door.Reads(d.disturb), door.UpTo(small))
	r.POST("/apdus", door.Reads(d.script), door.UpTo(small*64))
	r.GET("/card", d.askLook)
	r.POST("/card", door.Reads(d.look), door.UpTo(small))
	r.GET("/tamper", d.askTamper)
	r.POST("/tamper", d.tamper, door.UpTo(small))
}

// noStore keeps what a card said out of every cache.
func noStore(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "no-store")
		return next(c)
	}
}

// deskPage is the desk with one of its readers before the person.
type deskPage struct {
	Wallet Wallet
	// Where has the reader in which a card lies.
	Where map[virtualcard.CardID]ui.Text
	Slots []slot
	Slot  *slot // the one before the person; nil if there is none
	Lines []said
	// ReaderFaults and CardFaults are what goes wrong on purpose there.
	ReaderFaults, CardFaults virtualcard.Faults
	Script                   scriptView
	Trouble                  *ui.Refusal
	ReadersTrouble           *ui.Refusal // of PC/SC
	Turn, Last               int         // what the page has seen, for changes
}

// show shows the desk.
func (d cardDesk) show(c echo.Context) error {
	return d.render(c, http.StatusOK, c.QueryParam("reader"), func(*deskPage) {})
}

// render shows the desk with a reader before the person, and what more there is to say.
func (d cardDesk) render(c echo.Context, status int, reader string, more func(*deskPage)) error {
	ctx := c.Request().Context()
	page := deskPage{Where: map[virtualcard.CardID]ui.Text{}}
	page.Turn, _ = d.Readers.Watch()
	var err error
	if page.Wallet, err = d.Wallet(ctx, c.QueryParam("q")); err != nil {
		return err
	}
	if page.Slots, err = d.slots(ctx); err != nil {
		return err
	}
	real, err := d.realSlots()
	if page.Slots = append(page.Slots, real...); err != nil {
		trouble, known := d.Explain(err)
		if !known {
			return err
		}
		page.ReadersTrouble = &trouble
	}
	for i, s := range page.Slots {
		if s.Card != nil {
			page.Where[s.Card.ID] = s.Name
		}
		if s.ID == reader || reader == "" && i == 0 {
			page.Slot = &page.Slots[i]
		}
	}
	if page.Slot == nil && reader != "" {
		return errNoReader()
	}
	if err := d.inform(ctx, &page); err != nil {
		return err
	}
	more(&page)
	ui.Form(c, func() *url.URL { u, _ := url.Parse(at(reader)); return u })
	return d.Pages.Render(c, status, "desk", ui.Text{JA: "カードデスク", EN: "Card desk"}, page)
}

// inform fills in what is known of the reader before the person.
func (d cardDesk) inform(ctx context.Context, page *deskPage) error {
	if page.Slot == nil || page.Slot.Real {
		return nil
	}
	r, err := d.Readers.Reader(page.Slot.ID)
	if err != nil {
		return err
	}
	lines, _ := r.Log().After(0)
	if n := len(lines); n > 0 {
		page.Last = lines[n-1].No
	}
	page.Lines = saidOf(lines[max(0, len(lines)-linesShown):])
	page.ReaderFaults = r.Faults()
	if page.Slot.Card != nil {
		page.CardFaults, err = d.Cabinet.Faults(ctx, page.Slot.Card.ID)
	}
	return err
}

// linesShown is how much of a reader's log a page has; the text has all of it.
const linesShown = 200

// trouble shows the desk with what went wrong in words, or returns what has none.
func (d cardDesk) trouble(c echo.Context, reader string, err error) error {
	r, known := d.Explain(err)
	if !known {
		return err
	}
	return d.render(c, r.Status, reader, func(p *deskPage) { p.Trouble = &r })
}

// at is the address of the desk with a reader before the person.
func at(reader string) string { return "/desk?reader=" + url.QueryEscape(reader) }

// movement is what the form of the desk says: lay the chosen card in a reader, or take the
// one away that lies there.
type movement struct {
	Card virtualcard.CardID `json:"card"`
	Lay  string             `json:"lay"`
	Take string             `json:"take"`
}

// move lays a card in a reader or takes it away.
func (d cardDesk) move(c echo.Context, in movement) error {
	reader := in.Lay
	if in.Take != "" {
		in.Card, reader = "", in.Take
	} else if in.Card == "" {
		return d.render(c, http.StatusBadRequest, reader, func(p *deskPage) { p.Trouble = noCardChosen() })
	}
	err := d.Readers.Place(c.Request().Context(), reader, in.Card)
	if errors.Is(err, vpcd.ErrNoReader) {
		return errNoReader()
	}
	if err != nil {
		return d.trouble(c, reader, err)
	}
	return c.Redirect(http.StatusSeeOther, at(reader))
}

func noCardChosen() *ui.Refusal {
	return &ui.Refusal{
		Code:  "no_choice",
		Title: ui.Text{JA: "カードが選ばれていません", EN: "No card is chosen"},
		Body:  ui.Text{JA: "カード入れから1枚選んでから、リーダーの「ここに置く」を押してください。", EN: "Choose a card in the wallet first, then press “Lay it here” at a reader."},
	}
}

// disturbance is what the form of faults says. Card: of the card that lies there, in
// place of the reader.
type disturbance struct {
	virtualcard.Faults
	Card virtualcard.CardID `json:"card"`
}

// disturb makes faults in a reader or with the card in it.
func (d cardDesk) disturb(c echo.Context, in disturbance) error {
	r, err := d.readerOf(c)
	if err != nil {
		return err
	}
	if in.Card != "" {
		err = d.Readers.SetCardFaults(c.Request().Context(), d.Cabinet, in.Card, in.Faults)
	} else {
		err = r.SetFaults(in.Faults)
	}
	if errors.Is(err, virtualcard.ErrFaults) {
		return malformed(err.Error())
	}
	if err != nil {
		return d.trouble(c, r.Name(), err)
	}
	return c.Redirect(http.StatusSeeOther, at(r.Name())+"#faults")
}

// export gives a reader's log as a file.
func (d cardDesk) export(c echo.Context) error {
	r, err := d.readerOf(c)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="`+r.Name()+`.apdu.txt"`)
	return c.String(http.StatusOK, r.Log().Text())
}

// Bounds of an answer that waits for a change.
const (
	longestWait = 25 * time.Second
	mostWaiting = 256
)

// changes answers as soon as a reader is in another state than the page has seen (turn), or
// more was said at the one before the person (after), or after 25 seconds.
func (d cardDesk) changes(c echo.Context) error {
	if from := c.Request().Header.Get("Sec-Fetch-Site"); from != "" && from != "same-origin" {
		return door.Problem{Status: http.StatusForbidden, Code: "foreign_page", Detail: "only the desk's own page may look"}
	}
	turn, errTurn := strconv.Atoi(c.QueryParam("turn"))
	after, errAfter := strconv.Atoi(c.QueryParam("after"))
	if errTurn != nil || errAfter != nil {
		return malformed("turn, after: want numbers")
	}
	now, changed := d.Readers.Watch()
	said := false
	var more <-chan struct{}
	if name := c.QueryParam("reader"); name != "" && !strings.HasPrefix(name, realPrefix) {
		r, err := d.Readers.Reader(name)
		if err != nil {
			return errNoReader()
		}
		lines, next := r.Log().After(after)
		said, more = len(lines) > 0, next
	}
	if now == turn && !said {
		d.wait(c, changed, more)
	}
	return c.JSON(http.StatusOK, map[string]bool{"looked": true})
}

// wait waits for one of two changes, or until the client or the house goes away.
func (d cardDesk) wait(c echo.Context, one, other <-chan struct{}) {
	select {
	case d.waits <- struct{}{}:
		defer func() { <-d.waits }()
	default:
		return
	}
	timer := time.NewTimer(longestWait)
	defer timer.Stop()
	ctx := c.Request().Context()
	select {
	case <-one:
	case <-other:
	case <-timer.C:
	case <-ctx.Done():
	case <-door.Closing(ctx):
	}
}
