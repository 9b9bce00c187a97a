package lobby

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/whereabouts"
	"example.jp/jpkimock/seed"
)

// whereView is what the organisations hold about a person.
type whereView struct {
	People []seed.Persona
	stage.Whereabouts
	// Columns are the organisations that hold something, Strangers those that hold nothing,
	// and Silent the houses that gave no answer.
	Columns           []column
	Strangers, Silent []ui.Text
	Count             ui.Text // in a sentence
	// OnlyCard says that PINs and private keys are nowhere but in the person's card.
	OnlyCard bool
	Outdated []ui.Text
}

// column is an organisation that holds something.
type column struct {
	House, ID    string
	Name         ui.Text
	Holds, Lacks []line
	ByNumber     bool // it knows the person by certificates alone
	Outdated     bool
}

// line is something held, or lacking.
type line struct {
	What ui.Text
	whereabouts.Item
}

// Shown is the value in words: days as an office prints them.
func (l line) Shown() ui.Text {
	day, err := time.ParseInLocation(time.DateOnly, l.Value, jpki.JST)
	switch {
	case l.Kind == whereabouts.Birth && err == nil:
		return ui.Day(day)
	case l.Kind == whereabouts.BirthYear:
		return ui.Text{JA: l.Value + "年", EN: l.Value}
	}
	return ui.Text{JA: l.Value, EN: l.Value}
}

// whereabouts shows what each organisation holds about somebody, as it answers now.
func (l *lobby) whereabouts(c echo.Context) error {
	id := c.QueryParam("person")
	if id == "" && len(l.cfg.World.Personas) > 0 {
		id = l.cfg.World.Personas[0].ID
	}
	told, err := l.cfg.Stage.Whereabouts(c.Request().Context(), id)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return door.Answer(c, http.StatusOK, told, door.Shown(func(c echo.Context) error {
		return l.pages.Render(c, http.StatusOK, "whereabouts", titleWhereabouts, whereOf(told, l.cfg.World.Personas))
	}))
}

// whereOf arranges what was told.
func whereOf(told stage.Whereabouts, people []seed.Persona) whereView {
	v := whereView{People: people, Whereabouts: told, OnlyCard: true}
	organisations, addresses, numbers, others := 0, 0, 0, 0
	for _, h := range told.Houses {
		if h.Silent {
			v.Silent, v.OnlyCard = append(v.Silent, h.Title), false
		}
		for _, o := range h.Organisations {
			organisations++
			one := column{House: h.House, ID: o.ID, Name: ui.Text(o.Name), ByNumber: o.Lacking(whereabouts.BasicFour)}
			for _, i := range o.Holds {
				at := line{ui.Text(i.What), i}
				one.Holds, one.Outdated = append(one.Holds, at), one.Outdated || at.Outdated
			}
			if o.ID != "card" && !(o.Lacking(whereabouts.PIN) && o.Lacking(whereabouts.PrivateKey)) {
				v.OnlyCard = false
			}
			for _, i := range o.Lacks {
				one.Lacks = append(one.Lacks, line{What: ui.Text(i.What)})
			}
			switch {
			case len(o.Holds) == 0:
				v.Strangers = append(v.Strangers, one.Name)
				continue
			case one.ByNumber:
				numbers++
			case slices.ContainsFunc(o.Holds, func(i whereabouts.Item) bool { return i.Kind == whereabouts.Address }):
				addresses++
			default:
				others++
			}
			if one.Outdated {
				v.Outdated = append(v.Outdated, one.Name)
			}
			v.Columns = append(v.Columns, one)
		}
	}
	n := strconv.Itoa
	v.Count = ui.Text{
		JA: n(organisations) + "の組織のうち、住所を持っているのは" + n(addresses) + "、電子証明書の発行番号だけで見分けているのは" + n(numbers),
		EN: "Of " + n(organisations) + " organisations, " + n(addresses) + " hold the address, " + n(numbers) + " tell the person by a certificate’s serial number alone",
	}
	if others > 0 {
		v.Count.JA += "、住所のほかの情報だけを持っているのは" + n(others)
		v.Count.EN += ", " + n(others) + " hold other data without the address"
	}
	v.Count.JA += "、何も持っていないのは" + n(len(v.Strangers)) + "です。"
	v.Count.EN += ", and " + n(len(v.Strangers)) + " nothing at all."
	return v
}
