package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/internal/staffroom"
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

// newStaff opens the sign-in of officers: one key, and a choice of who has it.
func (d *Desks) newStaff() *staffroom.Room[sitting] {
	officers := &staffroom.Choice{Field: "officer", Label: ui.Text{JA: "職員", EN: "Officer"}, First: d.proposed}
	for _, x := range d.cfg.Officers {
		name := officerName(x)
		officers.All = append(officers.All, staffroom.Person{ID: x.ID, Name: ui.Text{JA: name.JA + "（" + x.ID + "）", EN: name.EN + " (" + x.ID + ")"}})
	}
	return staffroom.New(staffroom.Config[sitting]{
		At: "/office/signin", Out: "/office/signout", Left: "/office", Rooms: []string{"/office"}, Pages: d.room.public,
		Keys: d.cfg.Staff, Posts: d.sittings, Staff: officers,
		Post: func(officer string) sitting { return sitting{Officer: officer, Name: held.Name()} },
		Lead: func(officer, asked string) string {
			who, _ := d.Officer(officer)
			return firstDesk(who, asked)
		},
		Words: sayStaff,
		Marks: staffroom.Marks{Who: "officer", Key: "officer-key", Enter: "signin"},
	})
}

// proposed gives the first officer whose desk has a page.
func (d *Desks) proposed(path string) string {
	for _, x := range d.cfg.Officers {
		for _, open := range allDesks() {
			if open.has(path) && x.May(open.Role) {
				return x.ID
			}
		}
	}
	return ""
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
