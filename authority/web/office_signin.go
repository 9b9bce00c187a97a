package web

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/internal/ui"
)

// deskView is a desk as the choice of desks shows it.
type deskView struct {
	ID, Href string
	Role     desk.Role
	deskWords
	Open  bool // to whoever is signed in
	Staff []ui.Text
}

// allDesks lists the offices.
func allDesks() []deskView {
	return []deskView{
		{ID: "counter", Href: "/office/counter", Role: desk.RoleCounter, deskWords: deskCounter},
		{ID: "suspension", Href: "/office/suspension", Role: desk.RoleSuspension, deskWords: deskSuspension},
		{ID: "verifiers", Href: "/office/verifiers", Role: desk.RoleMinistry, deskWords: deskVerifiers},
		{ID: "fees", Href: "/office/fees", Role: desk.RoleMinistry, deskWords: deskFees},
	}
}

// desks shows the choice of offices.
func (o *office) desks(c echo.Context) error {
	who, in := o.officer(c)
	list := allDesks()
	for i, d := range list {
		list[i].Open = in && who.May(d.Role)
		for _, x := range o.cfg.Officers {
			if x.May(d.Role) {
				list[i].Staff = append(list[i].Staff, officerName(x))
			}
		}
	}
	return o.public.Render(c, http.StatusOK, "desks", sayOffice.desks, map[string]any{"Desks": list, "In": in, "Who": who})
}

// signInView is the sign-in form.
type signInView struct {
	Officers []officerChoice
	Chosen   string
	Next     string
	Wrong    bool
	Shut     bool // no officer key was configured
	Lobby    string
}

// officerChoice is an officer of the sign-in list.
type officerChoice struct {
	ID   string
	Name ui.Text
}

// askSignIn shows the form. Of the officers it proposes the first whose desk
// is asked for.
func (o *office) askSignIn(c echo.Context) error {
	v := o.signInView(inside(c.QueryParam("next")))
	return o.public.Render(c, http.StatusOK, "signin", sayOffice.signIn, v)
}

func (o *office) signInView(next string) signInView {
	v := signInView{Next: next, Shut: o.cfg.OfficerKey == "", Lobby: o.cfg.Lobby}
	for _, x := range o.cfg.Officers {
		v.Officers = append(v.Officers, officerChoice{x.ID, officerName(x)})
		for _, d := range allDesks() {
			if v.Chosen == "" && under(next, d.Href) && x.May(d.Role) {
				v.Chosen = x.ID
			}
		}
	}
	return v
}

// signIn takes the officer key. The session gets a new identifier.
func (o *office) signIn(c echo.Context) error {
	next := inside(c.FormValue("next"))
	who, known := o.officerByID(c.FormValue("officer"))
	right := o.cfg.isOfficerKey(c.FormValue("key"))
	if err := o.attempts.Allow(c, right); err != nil {
		return err
	}
	if !right || !known {
		v := o.signInView(next)
		v.Wrong = true
		if known {
			v.Chosen = who.ID
		}
		return o.public.Render(c, http.StatusForbidden, "signin", sayOffice.signIn, v)
	}
	o.sittings.Renew(c, sitting{Officer: who.ID})
	return c.Redirect(http.StatusSeeOther, o.firstDesk(who, next))
}

// firstDesk gives the page to go to after signing in: the one asked for if it
// is one of the officer's desks, else the first of them.
func (o *office) firstDesk(who desk.Officer, next string) string {
	first := ""
	for _, d := range allDesks() {
		if !who.May(d.Role) {
			continue
		}
		if under(next, d.Href) || d.ID == "verifiers" && under(next, "/office/applications") {
			return next
		}
		if first == "" {
			first = d.Href
		}
	}
	return first
}

// signOut ends the session.
func (o *office) signOut(c echo.Context) error {
	o.sittings.End(c)
	return c.Redirect(http.StatusSeeOther, "/office")
}

// deskLink is an entry of the bar above a desk's pages.
type deskLink struct {
	Text ui.Text
	Href string
	Here bool
}

// bar gives the desks of an officer.
func bar(c echo.Context, who desk.Officer) []deskLink {
	var links []deskLink
	for _, d := range allDesks() {
		if who.May(d.Role) {
			path := c.Request().URL.Path
			links = append(links, deskLink{d.Name, d.Href, under(path, d.Href) || d.ID == "verifiers" && under(path, "/office/applications")})
		}
	}
	return links
}

// under reports whether a path is a page or one below it.
func under(path, page string) bool {
	return path == page || len(path) > len(page) && path[:len(page)] == page && path[len(page)] == '/'
}

// deskPage is what every page of a desk is given: its own data as In.
type deskPage struct {
	Who  desk.Officer
	Name ui.Text // of the officer, with the office
	Bar  []deskLink
	In   any
}

// show renders a page of a desk.
func (o *office) show(c echo.Context, status int, name string, title ui.Text, who desk.Officer, in any) error {
	return o.pagesOf(c).Render(c, status, "desk-"+name, title, deskPage{Who: who, Name: officerName(who), Bar: bar(c, who), In: in})
}

func escaped(id string) string { return url.PathEscape(id) }
