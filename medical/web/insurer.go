package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/insurer"
)

// office is an insurer: what the platform asks of it, and its staff's register.
type office struct {
	staffRoom
	*insurer.Office
	relay *door.Staff
}

func newOffice(cfg Config, i Insurer, pages *ui.Pages) *office {
	name := ui.Text{JA: i.Office.Name, EN: i.NameEN}
	return &office{newStaffRoom(cfg, i.ID, "/insurers/"+i.ID, i.StaffKey, name, pages), i.Office, door.NewStaff(cfg.RelayKey, cfg.Now)}
}

func (o *office) mount(e *echo.Echo) {
	people, scripts := o.open(e), o.scripts(e)
	people.GET("", shows(o.staffRoom, "register", o.register))
	people.GET("/log", shows(o.staffRoom, "insurerlog", o.log))
	people.GET("/insured/:id", shows(o.staffRoom, "file", o.file))
	people.POST("/insured/:id/unlink", func(c echo.Context) error { return done(c, o.at(id(c)), o.Unlink(c.Request().Context(), id(c))) })
	for _, g := range []*echo.Group{people, scripts} {
		g.POST("/insured", door.Reads(o.enter))
		g.POST("/insured/:id/loss", door.Reads(func(c echo.Context, in struct {
			On  medical.Date
			Why medical.LossReason
		}) error {
			return done(c, o.at(id(c)), o.Lose(c.Request().Context(), id(c), in.On, in.Why))
		}))
	}
	v := e.Group(o.path+"/relay", door.ScriptsOnly(), o.relay.Scripts("insurer "+o.Name))
	v.POST("/confirmations", door.Asks(o.Confirm))
	v.POST("/numbers", door.Asks(o.ConfirmByNumber))
	v.POST("/holds", door.Asks(func(ctx context.Context, in holdsBody) (holdsBody, error) {
		holds, err := o.Holds(ctx, in.Serial)
		return holdsBody{Holds: holds}, err
	}))
}

// insuredForm is somebody who joins. A form of a page leaves out what it has no field for.
type insuredForm struct {
	Symbol, Number, Branch   string
	Birth                    medical.Date
	Name, Kana, Sex, Address string
	Family                   medical.Family
	InsuredName              string       `json:"insuredName"`
	QualifiedOn              medical.Date `json:"qualifiedOn"`
	IssuedOn                 medical.Date `json:"issuedOn"`
	Limit                    string
	HighIncome               bool `json:"highIncome"`
}

func (f insuredForm) insured() insurer.Insured {
	if f.InsuredName == "" && f.Family == medical.Self {
		f.InsuredName = f.Name
	}
	return insurer.Insured{HighIncome: f.HighIncome, Qualification: medical.Qualification{
		Member: medical.Member{Symbol: f.Symbol, Number: f.Number, Branch: f.Branch, Birth: f.Birth},
		Name:   f.Name, Kana: f.Kana, Sex: jpki.Gender(f.Sex), Address: f.Address, Family: f.Family, InsuredName: f.InsuredName,
		QualifiedOn: f.QualifiedOn, IssuedOn: f.IssuedOn, Limit: f.Limit,
	}}
}

func (o *office) enter(c echo.Context, in insuredForm) error {
	p, err := o.Enter(c.Request().Context(), in.insured())
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusCreated, map[string]any{"id": p.ID}, door.See(o.at(p.ID)))
}

func (o *office) at(id int64) string { return o.path + "/insured/" + strconv.FormatInt(id, 10) }

// registerPage is the register of the insured.
type registerPage struct {
	Path, Begins string
	Number       medical.InsurerNumber
	Today        medical.Date
	Insured      []insurer.Insured
}

func (o *office) register(c echo.Context) (registerPage, error) {
	begins := c.QueryParam("begins")
	all, err := o.Register(c.Request().Context(), begins)
	return registerPage{o.path, begins, o.Number, medical.DateOf(o.Now()), all}, err
}

// filePage is all that the insurer has of one person.
type filePage struct {
	Path, Here string
	insurer.File
	Today   medical.Date
	Reasons []medical.LossReason
}

func (o *office) file(c echo.Context) (filePage, error) {
	f, err := o.File(c.Request().Context(), id(c))
	return filePage{o.path, o.at(f.ID), f, medical.DateOf(o.Now()), medical.LossReasons()}, err
}

// insurerLog is the log of an insurer.
type insurerLog struct {
	Path string
	Log  []insurer.Entry
}

func (o *office) log(c echo.Context) (insurerLog, error) {
	log, err := o.Log(c.Request().Context(), insurer.Entry{})
	return insurerLog{o.path, log}, err
}
