package web

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/staffroom"
	"example.jp/jpkimock/internal/ui"
)

// staffRoom is a party's room of staff: who is let in, and its pages.
type staffRoom struct {
	path  string // of the first page behind the sign-in
	name  ui.Text
	pages *ui.Pages
	staff *staffroom.Room[staffroom.Named]
}

// who gives the name of who is signed in; "" for a program, and where nobody has one.
func (r staffRoom) who(c echo.Context) string {
	at, _ := r.staff.Posts().Load(c)
	return at.Who
}

// newStaffRoom opens the staff's room of a party, whose cookie is named after it. People are
// the names among which they choose theirs.
func newStaffRoom(cfg Config, party, path, key string, name ui.Text, pages *ui.Pages, people ...string) staffRoom {
	r := staffRoom{path: path, name: name, pages: under(cfg, pages, name, ui.Text{})}
	at := staffroom.Config[staffroom.Named]{
		At: path + "/signin", Out: path + "/signout", Front: path, Pages: r.pages, Key: key, Now: cfg.Now, Cookie: "jpkimock_medical_" + party,
		Post: func(who string) staffroom.Named { return staffroom.Named{Who: who} },
	}
	if len(people) > 0 {
		at.Staff = staffroom.Names("who", word("name.who"), people...)
		at.Name = func(at staffroom.Named) ui.Text { return ui.Text{JA: at.Who, EN: at.Who} }
	}
	r.staff = staffroom.New(at)
	return r
}

// under gives the pages under a party's name.
func under(cfg Config, pages *ui.Pages, name, tagline ui.Text) *ui.Pages {
	site := site(cfg.Lobby, nil)
	site.Name, site.Tagline = name, tagline
	return pages.Under(site)
}

// open opens the sign-in, and gives the routes behind it.
func (r staffRoom) open(e *echo.Echo) *echo.Group {
	r.staff.Mount(e, r.says)
	return e.Group(r.path, r.says, r.staff.Only)
}

// scripts gives the routes that the staff's programs ask.
func (r staffRoom) scripts(e *echo.Echo) *echo.Group {
	return e.Group(r.path+"/v1", door.ScriptsOnly(), r.says, r.staff.Scripts(r.name.EN))
}

// says makes errors leave on the room's own pages, with a way back into it.
func (r staffRoom) says(next echo.HandlerFunc) echo.HandlerFunc {
	at := door.Room{Pages: r.pages, Explain: explain, Describe: describe}
	return at.Errors(func(c echo.Context) error { return placed(r.path, next(c)) })
}

// show draws a page of the room. Its title is that of its name.
func (r staffRoom) show(c echo.Context, name string, data any) error {
	return r.pages.Render(c, http.StatusOK, name, word("title.", name), data)
}

// shows draws a page of a room with what get gives.
func shows[T any](r staffRoom, name string, get func(echo.Context) (T, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		data, err := get(c)
		if err != nil {
			return err
		}
		return r.show(c, name, data)
	}
}

// done ends an act of the staff's, whose form or refusal leads back to a page.
func done(c echo.Context, at string, err error) error {
	if err != nil {
		return placed(at, err)
	}
	return door.Answer(c, http.StatusOK, struct{}{}, door.See(at))
}

// id reads a number out of an address; 0, which nothing has, for what is none.
func id(c echo.Context) int64 {
	n, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
