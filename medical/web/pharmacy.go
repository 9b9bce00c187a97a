package web

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/pharmacy"
)

// Pharmacy is a pharmacy with its counter open. Its pages are under pharmacies/ and its ID.
type Pharmacy struct {
	ID, Name, NameEN string
	Counter          *pharmacy.Counter
	StaffKey         string
	Pharmacists      []string // who choose themselves at the sign-in
}

// drugstore is a pharmacy: the terminal where a patient lays the card, and the pharmacist's
// desk, which sees prescriptions for as long as the card lies there.
type drugstore struct {
	staffRoom
	slot
	*pharmacy.Counter
	front *ui.Pages // of the terminal
	id    string
}

func newDrugstore(cfg Config, p Pharmacy, pages *ui.Pages) *drugstore {
	at := "/pharmacies/" + p.ID
	return &drugstore{
		newStaffRoom(cfg, p.ID, at+"/desk", p.StaffKey, roomName(p.Name, p.NameEN, "pharmacist"), pages, p.Pharmacists...), newSlot(cfg, at, p.ID), p.Counter,
		under(cfg, pages, ui.Text{JA: p.Name, EN: p.NameEN}, ui.Text{}), p.ID,
	}
}

func (d *drugstore) mount(e *echo.Echo) {
	k := e.Group(d.at, func(next echo.HandlerFunc) echo.HandlerFunc { return d.onKiosk(d.front, next) })
	k.GET("", d.start)
	k.GET("/card", d.askCard)
	k.POST("/answer/:name", d.answer)
	k.GET("/answered/:name", d.answered)
	k.GET("/touch", d.laid)
	k.POST("/leave", d.leave)
	people := d.open(e)
	people.GET("", shows(d.staffRoom, "counter", d.desk))
	people.GET("/touches/:name", shows(d.staffRoom, "touch", d.touch))
	people.POST("/copies", door.Reads(func(c echo.Context, in struct {
		numbersForm
		Code string
	}) error {
		t, err := d.Copied(c.Request().Context(), medical.Copy{Member: in.member(), Code: strings.TrimSpace(in.Code), Who: d.who(c)})
		if err != nil {
			return placed(d.path, err)
		}
		return c.Redirect(http.StatusSeeOther, d.path+"/touches/"+t.Name)
	}))
	// A prescription is given back also when its card is gone.
	people.POST("/release", door.Reads(func(c echo.Context, in struct{ ID string }) error {
		return done(c, d.path, d.Release(c.Request().Context(), in.ID, d.who(c)))
	}))
	scripts := d.scripts(e)
	scripts.POST("/challenges", door.Asks(func(ctx context.Context, _ struct{}) (challengeBody, error) {
		nonce, err := d.Challenge(ctx)
		return challengeBody{nonce, d.cfg.PublicURL}, err
	}))
	// A program has no reader to watch.
	scripts.POST("/touches", door.Asks(func(ctx context.Context, in tokenBody) (map[string]string, error) {
		t, err := d.Lay(ctx, medical.Presented{Nonce: in.Nonce, Token: in.Token}, "")
		return map[string]string{"touch": t.Name}, err
	}))
	for _, g := range []*echo.Group{people, scripts} {
		g.POST("/touches/:name", door.Reads(d.act))
	}
}

// storePage is a page of a pharmacy.
type storePage struct {
	Here, Path    string
	Step          int
	Touch         pharmacy.Touch
	Touches       []pharmacy.Touch
	Book          []pharmacy.Entry
	Prescriptions []rxView
	agentAsk
}

func (d *drugstore) draw(c echo.Context, name string, title ui.Text, p storePage) error {
	p.Here = d.at
	return d.front.Render(c, http.StatusOK, name, title, p)
}

func (d *drugstore) start(c echo.Context) error {
	d.turns.End(c)
	return d.draw(c, "drugstore", d.name, storePage{})
}

func (d *drugstore) askCard(c echo.Context) error {
	ask, err := d.begin(c, turn{}, true, func(ctx context.Context, _ *turn) (string, error) { return d.Challenge(ctx) })
	if err != nil {
		return err
	}
	return d.draw(c, "kioskcard", word("title.card"), storePage{agentAsk: ask})
}

// answered takes a card's answer to the inquiry system.
func (d *drugstore) answered(c echo.Context) error {
	_, got, err := d.take(c)
	switch {
	case err != nil:
		return err
	case got.Trouble == "cancelled":
		return c.Redirect(http.StatusSeeOther, d.at)
	case len(got.Token) == 0:
		return &medical.Refused{Code: trouble(got.Trouble)}
	}
	confirmed, _ := d.count(c, badAnswer)
	t, err := d.Lay(c.Request().Context(), medical.Presented{Nonce: got.Nonce, Token: got.Token}, got.Presence)
	if err != nil {
		return err
	}
	confirmed()
	d.turns.Renew(c, turn{Touch: t.Name})
	return c.Redirect(http.StatusSeeOther, d.at+"/touch")
}

// laid is what the patient sees while the card lies there.
func (d *drugstore) laid(c echo.Context) error {
	now, _ := d.turns.Load(c)
	t, err := d.Touch(c.Request().Context(), now.Touch)
	if err != nil {
		return c.Redirect(http.StatusSeeOther, d.at)
	}
	return d.draw(c, "laid", word("title.laid"), storePage{Touch: t, agentAsk: agentAsk{Agent: d.cfg.AgentURL}})
}

func (d *drugstore) leave(c echo.Context) error {
	t, _ := d.turns.Load(c)
	d.turns.End(c)
	d.Leave(c.Request().Context(), t.Touch)
	return door.Answer(c, http.StatusNoContent, nil, door.See(d.at))
}

// desk shows which cards lie there, and the books.
func (d *drugstore) desk(c echo.Context) (storePage, error) {
	ctx := c.Request().Context()
	book, err := d.Book(ctx)
	return storePage{Path: d.path, Here: d.at, Touches: d.Touches(ctx), Book: book}, err
}

// touch shows the prescriptions of the patient whose card lies there.
func (d *drugstore) touch(c echo.Context) (storePage, error) {
	ctx := c.Request().Context()
	t, err := d.Touch(ctx, c.Param("name"))
	if err != nil {
		return storePage{}, err
	}
	t.Who = d.who(c)
	all, err := d.List(ctx, t)
	return storePage{
		Path: d.path, Here: d.path + "/touches/" + t.Name, Touch: t, Prescriptions: d.cfg.views(all, d.id), agentAsk: agentAsk{Agent: d.cfg.AgentURL},
	}, err
}

// act does what the pharmacist wants with a prescription. A program names the pharmacist.
func (d *drugstore) act(c echo.Context, in struct {
	Do, ID, Who string
	Lines       []string
}) error {
	ctx, here := c.Request().Context(), d.path+"/touches/"+c.Param("name")
	t, err := d.Touch(ctx, c.Param("name"))
	if err != nil {
		return err
	}
	t.Who = cmp.Or(d.who(c), in.Who)
	switch in.Do {
	case medical.DoAccept:
		err = d.Accept(ctx, t, in.ID)
	case medical.DoRelease:
		err = d.Release(ctx, in.ID, t.Who)
	case medical.DoDispense:
		var lines []int
		for _, text := range in.Lines {
			if n, err := strconv.Atoi(text); err == nil {
				lines = append(lines, n)
			}
		}
		err = d.Dispense(ctx, t, in.ID, lines)
	}
	return done(c, here, err)
}
