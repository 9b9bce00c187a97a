package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/internal/held"
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

// has reports whether a path is one of the desk's pages.
func (d deskView) has(path string) bool {
	return under(path, d.Href) || d.ID == "verifiers" && under(path, "/office/applications")
}

// allDesks lists the desks.
func allDesks() []deskView {
	return []deskView{
		{ID: "counter", Href: "/office/counter", Role: desk.RoleCounter, deskWords: deskCounter},
		{ID: "suspension", Href: "/office/suspension", Role: desk.RoleSuspension, deskWords: deskSuspension},
		{ID: "verifiers", Href: "/office/verifiers", Role: desk.RoleMinistry, deskWords: deskVerifiers},
		{ID: "fees", Href: "/office/fees", Role: desk.RoleMinistry, deskWords: deskFees},
	}
}

// choice shows all desks.
func (d *Desks) choice(c echo.Context) error {
	who, in := d.signedIn(c)
	list := allDesks()
	for i, v := range list {
		list[i].Open = in && who.May(v.Role)
		for _, x := range d.cfg.Officers {
			if x.May(v.Role) {
				list[i].Staff = append(list[i].Staff, officerName(x))
			}
		}
	}
	return d.room.ShowPublic(c, http.StatusOK, "desks", sayFrame.desks, map[string]any{"Desks": list, "In": in, "Who": who})
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
func (d *Desks) askSignIn(c echo.Context) error {
	v := d.signInView(safeNext(c.QueryParam("next")))
	return d.room.ShowPublic(c, http.StatusOK, "signin", sayFrame.signIn, v)
}

func (d *Desks) signInView(next string) signInView {
	v := signInView{Next: next, Shut: d.cfg.Staff.Shut(), Lobby: d.cfg.Site.Lobby}
	for _, x := range d.cfg.Officers {
		v.Officers = append(v.Officers, officerChoice{x.ID, officerName(x)})
		for _, open := range allDesks() {
			if v.Chosen == "" && open.has(next) && x.May(open.Role) {
				v.Chosen = x.ID
			}
		}
	}
	return v
}

// signIn takes the officers' key. The session gets a new identifier.
func (d *Desks) signIn(c echo.Context) error {
	next := safeNext(c.FormValue("next"))
	who, known := d.Officer(c.FormValue("officer"))
	right, err := d.cfg.Staff.Admit(c, c.FormValue("key"))
	if err != nil {
		return err
	}
	if !right || !known {
		v := d.signInView(next)
		v.Wrong = true
		if known {
			v.Chosen = who.ID
		}
		return d.room.ShowPublic(c, http.StatusForbidden, "signin", sayFrame.signIn, v)
	}
	d.sittings.Renew(c, sitting{Officer: who.ID, Name: held.Name()})
	return c.Redirect(http.StatusSeeOther, firstDesk(who, next))
}

// firstDesk gives the page to go to after signing in: the one asked for if it
// is one of the officer's desks, else the first of them.
func firstDesk(who desk.Officer, next string) string {
	first := ""
	for _, d := range allDesks() {
		if !who.May(d.Role) {
			continue
		}
		if d.has(next) {
			return next
		}
		if first == "" {
			first = d.Href
		}
	}
	return first
}

// signOut ends the session.
func (d *Desks) signOut(c echo.Context) error {
	d.sittings.End(c)
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
	path := c.Request().URL.Path
	for _, d := range allDesks() {
		if who.May(d.Role) {
			links = append(links, deskLink{d.Name, d.Href, d.has(path)})
		}
	}
	return links
}

// under reports whether a path is a page or one below it.
func under(path, page string) bool {
	return path == page || len(path) > len(page) && path[:len(page)] == page && path[len(page)] == '/'
}
