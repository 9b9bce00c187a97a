package web

import (
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
	return &office{
		staffRoom: newStaffRoom(cfg, i.ID, "/insurers/"+i.ID, i.StaffKey, name, pages),
		Office:    i.Office, relay: door.NewStaff(cfg.RelayKey, cfg.Now),
	}
}

func (o *office) mount(e *echo.Echo) {
	people, scripts := o.open(e), o.scripts(e)
	people.GET("", o.register)
	people.GET("/log", o.log)
	people.GET("/insured/:id", o.file)
	people.POST("/insured/:id/unlink", o.unlink)
	for _, g := range []*echo.Group{people, scripts} {
		g.POST("/insured", o.enter)
		g.POST("/insured/:id/loss", o.lose)
	}
	v := e.Group(o.path+"/relay", door.ScriptsOnly(), o.relay.Scripts("insurer "+o.Name))
	v.POST("/confirmations", o.confirm)
	v.POST("/numbers", o.numbers)
	v.POST("/holds", o.holds)
}

func (o *office) confirm(c echo.Context) error {
	q, err := door.Read[medical.Question](c)
	if err != nil {
		return err
	}
	reply, err := o.Confirm(c.Request().Context(), q)
	return answered(c, reply, err)
}

func (o *office) numbers(c echo.Context) error {
	q, err := door.Read[medical.ByNumber](c)
	if err != nil {
		return err
	}
	reply, err := o.ConfirmByNumber(c.Request().Context(), q)
	return answered(c, reply, err)
}

func (o *office) holds(c echo.Context) error {
	in, err := door.Read[holdsBody](c)
	if err != nil {
		return err
	}
	holds, err := o.Holds(c.Request().Context(), in.Serial)
	return answered(c, holdsBody{Holds: holds}, err)
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

func (o *office) enter(c echo.Context) error {
	in, err := door.Read[insuredForm](c)
	if err != nil {
		return err
	}
	p, err := o.Enter(c.Request().Context(), in.insured())
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusCreated, map[string]any{"id": p.ID}, door.See(o.at(p.ID)))
}

func (o *office) at(id int64) string { return o.path + "/insured/" + strconv.FormatInt(id, 10) }

func (o *office) lose(c echo.Context) error {
	in, err := door.Read[struct {
		On  medical.Date       `json:"on"`
		Why medical.LossReason `json:"why"`
	}](c)
	if err != nil {
		return err
	}
	if err := o.Lose(c.Request().Context(), id(c), in.On, in.Why); err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, nil, door.See(o.at(id(c))))
}

func (o *office) unlink(c echo.Context) error {
	if err := o.Unlink(c.Request().Context(), id(c)); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, o.at(id(c)))
}

// registerPage is the register of the insured.
type registerPage struct {
	Path, Begins string
	Number       medical.InsurerNumber
	Today        medical.Date
	Insured      []insurer.Insured
}

func (o *office) register(c echo.Context) error {
	begins := c.QueryParam("begins")
	all, err := o.Register(c.Request().Context(), begins)
	if err != nil {
		return err
	}
	return o.show(c, "register", word("title.register"), registerPage{o.path, begins, o.Number, medical.DateOf(o.Now()), all})
}

// filePage is all that the insurer has of one person.
type filePage struct {
	Path, Here string
	insurer.File
	Holds   bool
	Today   medical.Date
	Reasons []choice
	Lines   []fileLine
}

// choice is an option of a form.
type choice struct {
	Value string
	Text  ui.Text
}

// fileLine is a line of an insurer's log.
type fileLine struct {
	insurer.Entry
	Said, Outcome ui.Text
	Picture       picture
}

func (o *office) file(c echo.Context) error {
	f, err := o.File(c.Request().Context(), id(c))
	if err != nil {
		return err
	}
	today := medical.DateOf(o.Now())
	page := filePage{o.path, o.at(f.ID), f, f.HoldsOn(today), today, lossReasons(), lines(f.Log)}
	return o.show(c, "file", word("title.file"), page)
}

func lines(log []insurer.Entry) []fileLine {
	all := make([]fileLine, len(log))
	for i, e := range log {
		all[i] = fileLine{e, word("act." + string(e.Act)), outcome(0, e.Code), pictureOf(e.Steps)}
	}
	return all
}

// insurerLog is the log of an insurer.
type insurerLog struct {
	Path  string
	Lines []fileLine
}

func (o *office) log(c echo.Context) error {
	log, err := o.Log(c.Request().Context())
	if err != nil {
		return err
	}
	return o.show(c, "insurerlog", word("title.insurerLog"), insurerLog{o.path, lines(log)})
}
