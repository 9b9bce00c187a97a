package lobby

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/ui"
)

// answers is the value that ends every fault of a house.
const answers = "answers"

// switchFault begins a fault, as in authority=silent, or ends those of a house,
// as in authority=answers, or those of all, as in all=answers. fault=authority/silent begins
// one that is narrowed.
func (l *lobby) switchFault(c echo.Context) error {
	ctx := c.Request().Context()
	if c.FormValue("all") == answers {
		if err := l.cfg.Stage.EndFaults(ctx); err != nil {
			return err
		}
		return c.Redirect(http.StatusSeeOther, "/faults")
	}
	if c.FormValue("fault") != "" {
		return l.narrowFault(c)
	}
	change, house := map[string]fault.State{}, ""
	for _, h := range l.cfg.Houses {
		for _, f := range h.Faults {
			if value := c.FormValue(h.Name); (value == f.Name || value == answers) && (house == "" || house == h.Name) {
				change[f.Name], house = fault.State{On: value == f.Name}, h.Name
			}
		}
	}
	if house == "" {
		return errNoFault
	}
	if err := l.cfg.Stage.SwitchFaults(ctx, house, change); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/faults")
}

// narrowFault begins a fault with the conditions of the form.
func (l *lobby) narrowFault(c echo.Context) error {
	house, name, _ := strings.Cut(c.FormValue("fault"), "/")
	to := fault.State{On: true, Setting: fault.Setting{Caller: c.FormValue("caller"), Person: c.FormValue("person")}}
	for field, number := range map[string]*int{"count": &to.Count, "percent": &to.Percent} {
		value := c.FormValue(field)
		if value == "" {
			continue
		}
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 {
			n = -1 // which no fault takes
		}
		*number = n
	}
	if seconds := c.FormValue("delay"); seconds != "" {
		to.Delay = seconds + "s"
	}
	if err := l.fits(house, name, to.Setting); err != nil {
		return err
	}
	if err := l.cfg.Stage.SwitchFaults(c.Request().Context(), house, map[string]fault.State{name: to}); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/faults")
}

// fits refuses what the house would refuse, in the words of people.
func (l *lobby) fits(house, name string, to fault.Setting) error {
	var people []string
	for _, p := range l.cfg.World.Personas {
		people = append(people, p.ID)
	}
	for _, h := range l.cfg.Houses {
		for _, f := range h.Faults {
			if h.Name == house && f.Name == name {
				return to.Check(f, fault.Known{Callers: h.Callers, People: people})
			}
		}
	}
	return errNoFault
}

// errNoFault is of a form that names no fault of a house.
var errNoFault = door.Problem{Status: http.StatusBadRequest, Code: "bad_fault", Detail: "want the name of a house, with one of its faults or answers"}

// asking lists the houses to whose requests a fault can be kept.
func (l *lobby) asking() (all []stage.House) {
	for _, h := range l.cfg.Houses {
		if slices.ContainsFunc(l.cfg.Houses, func(asked stage.House) bool { return slices.Contains(asked.Callers, h.Name) }) {
			all = append(all, h)
		}
	}
	return all
}

// faultLine is a fault as the page shows it.
type faultLine struct {
	House       string
	Name        string
	Words       ui.Text
	What        ui.Text
	How         ui.Text // how it is narrowed, in words
	Begin, End  ui.Text
	On, Unheard bool // Unheard: the house does not answer whether it is on
}

// faultyHouse is a house with what can be made to fail there.
type faultyHouse struct {
	Name   string
	Title  ui.Text
	Faults []faultLine
	On     bool // any of them
}

// faultyHouses asks every house which of its faults are on.
func (l *lobby) faultyHouses(c echo.Context) (all []faultyHouse, any bool) {
	now := l.cfg.Stage.Faults(c.Request().Context())
	for _, h := range l.cfg.Houses {
		house := faultyHouse{Name: h.Name, Title: h.Title}
		for _, f := range h.Faults {
			line := faultLine{House: h.Name, Name: f.Name, Words: f.Says(), Begin: beginWords, End: endWords}
			if f.Shown != nil {
				line.What = f.Shown.What
				if f.Shown.Begin.JA != "" {
					line.Begin, line.End = f.Shown.Begin, f.Shown.End
				}
			}
			if i := slices.IndexFunc(now, func(o stage.Fault) bool { return o.House == h.Name && o.Name == f.Name }); i >= 0 {
				line.On, line.Unheard = now[i].On, now[i].Silent
				if now[i].With != nil {
					line.How = now[i].With.Says()
				}
			}
			house.On = house.On || line.On || line.Unheard
			house.Faults = append(house.Faults, line)
		}
		slices.SortStableFunc(house.Faults, func(a, b faultLine) int { return cmp.Compare(len(b.What.JA), len(a.What.JA)) })
		if len(house.Faults) > 0 {
			all, any = append(all, house), any || house.On
		}
	}
	return all, any
}

// beginWords and endWords are on the buttons of a fault without words of its own.
var (
	beginWords = ui.Text{JA: "起こす", EN: "Begin"}
	endWords   = ui.Text{JA: "終える", EN: "End"}
)
