package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/staffroom"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/portal"
)

// mountOperator opens the pages of who runs the portal.
func (w *entrance) mountOperator(e *echo.Echo) {
	under := site(w.cfg.Lobby, w.cfg.Now)
	under.Tagline = says.staff
	under.Nav = []ui.Link{{Text: titles.operator, Href: "/staff"}, {Text: titles.mails, Href: "/staff/mails"}}
	pages := w.pages.Under(under)
	staff := staffroom.New(staffroom.Config[staffroom.Clerk]{
		At: "/staff/signin", Out: "/staff/signout", Front: "/staff", Cookie: "jpkimock_portal_staff", Key: w.cfg.StaffKey, Now: w.cfg.Now, Pages: pages,
	})
	says := door.Room{Pages: pages, Explain: words.Explain, Describe: words.Describe}
	staff.Mount(e, says.Errors)
	inside := e.Group("/staff", says.Errors, staff.Only, rpweb.Private)
	o := operator{w.portal, pages, w.cfg.Mailing}
	inside.GET("", o.show)
	inside.POST("/watch", o.watch)
	inside.GET("/mails", o.mails)
	inside.POST("/senders", door.Reads(o.register))
}

// operator is who runs the portal. No name and no address of a citizen is shown here.
type operator struct {
	portal  *portal.Portal
	pages   *ui.Pages
	mailing bool
}

// listed is how many lines a list shows.
const listed = 50

type operatorPage struct {
	portal.Figures
	Watches []portal.WatchReport
	Open    []openLine
	Senders []portal.Registered
}

// openLine is a delivery that is not decided.
type openLine struct {
	portal.Delivery
	Partner, State ui.Text
	Tone           string
}

func (o operator) show(c echo.Context) error {
	ctx := c.Request().Context()
	figures, err := o.portal.Figures(ctx)
	if err != nil {
		return err
	}
	page := operatorPage{Figures: figures}
	if page.Watches, err = o.portal.Watches(ctx, 10); err != nil {
		return err
	}
	if page.Senders, err = o.portal.Senders(ctx); err != nil {
		return err
	}
	open, err := o.portal.Delivering(ctx, listed)
	if err != nil {
		return err
	}
	for _, d := range open {
		to := o.portal.Partner(d.Partner)
		line := openLine{Delivery: d, Partner: ui.Text{JA: to.Name, EN: to.NameEN}, State: stateWords[d.State], Tone: tones[d.State]}
		if d.Attempts > 0 {
			line.State, line.Tone = says.silent, "bad"
		}
		page.Open = append(page.Open, line)
	}
	in := map[string]any{"citizens": figures.Citizens, "applications": figures.Applications, "deliveries": figures.ByState}
	return door.Answer(c, http.StatusOK, in, door.Shown(func(c echo.Context) error {
		return o.pages.Render(c, http.StatusOK, "operator", titles.operator, page)
	}))
}

// watch asks about all citizens now.
func (o operator) watch(c echo.Context) error {
	report, err := o.portal.Watch(c.Request().Context())
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, map[string]any{
		"asked": report.Asked, "moved": report.Moved, "renewed": report.Renewed, "ready": report.Ready,
	}, door.See("/staff"))
}

// register registers a sender of notices with its keys.
func (o operator) register(c echo.Context, in struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	NameEN string `json:"nameEN"`
	Keys   string `json:"keys"`
}) error {
	if err := o.portal.Register(c.Request().Context(), portal.Registered{ID: in.ID, Name: in.Name, NameEN: in.NameEN, Keys: []byte(in.Keys)}); err != nil {
		return err
	}
	return door.Answer(c, http.StatusCreated, map[string]any{"id": in.ID}, door.See("/staff"))
}

type mailsPage struct {
	Mails   []portal.Mail
	Mailing bool
}

func (o operator) mails(c echo.Context) error {
	all, err := o.portal.Mails(c.Request().Context(), listed)
	if err != nil {
		return err
	}
	return o.pages.Render(c, http.StatusOK, "mails", titles.mails, mailsPage{all, o.mailing})
}
