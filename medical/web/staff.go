package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
)

// Life of a session of staff: it ends after Idle without a request, and after Age in any
// case.
const (
	Idle = 30 * time.Minute
	Age  = 4 * time.Hour
)

// clerk is a session of staff.
type clerk struct{}

// InUse reports that somebody is signed in.
func (clerk) InUse() bool { return true }

// staffRoom is a party's room of staff: who is let in, and its pages.
type staffRoom struct {
	path  string // of the first page behind the sign-in
	name  ui.Text
	pages *ui.Pages
	keys  *door.Staff
	posts *session.Store[clerk]
}

// newStaffRoom opens the staff's room of a party, whose cookie is named after it.
func newStaffRoom(cfg Config, party, path, key string, name ui.Text, pages *ui.Pages) staffRoom {
	under := site(cfg.Lobby, nil)
	under.Name, under.Tagline, under.Nav = name, ui.Text{}, nil
	return staffRoom{
		path: path, name: name, pages: pages.Under(under), keys: door.NewStaff(key, cfg.Now),
		posts: session.New[clerk](session.Config{Cookie: "jpkimock_medical_" + party, Now: cfg.Now, Idle: Idle, Age: Age}),
	}
}

// open opens the sign-in, and gives the routes behind it.
func (r staffRoom) open(e *echo.Echo) *echo.Group {
	entrance := e.Group(r.path, r.says)
	entrance.GET("/signin", r.askSignIn)
	entrance.POST("/signin", r.signIn)
	entrance.POST("/signout", r.signOut)
	return e.Group(r.path, r.says, r.only)
}

// scripts gives the routes that the staff's programs ask.
func (r staffRoom) scripts(e *echo.Echo) *echo.Group {
	return e.Group(r.path+"/v1", door.ScriptsOnly(), r.says, r.keys.Scripts(r.name.EN))
}

// says makes errors leave on the room's own pages, with a way back into it.
func (r staffRoom) says(next echo.HandlerFunc) echo.HandlerFunc {
	at := door.Room{Pages: r.pages, Explain: explain, Describe: describe}
	return at.Errors(func(c echo.Context) error { return placed(r.path, next(c)) })
}

// only lets staff in who have signed in here.
func (r staffRoom) only(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, in := r.posts.Load(c); !in {
			return door.SignInFirst(c, r.path+"/signin", signedOut)
		}
		ui.SignedIn(c, names.staff.In(ui.LangOf(c)), r.path+"/signout")
		return next(c)
	}
}

// signedOut is an act of staff whose session is over.
var signedOut = door.Problem{Status: http.StatusUnauthorized, Code: "signed_out", Detail: "sign in as staff first"}

type staffPage struct {
	Path, Next string
	Wrong      bool
}

func (r staffRoom) askSignIn(c echo.Context) error {
	return r.pages.Render(c, http.StatusOK, "staff", titles.staff, staffPage{Path: r.path, Next: c.QueryParam("next")})
}

func (r staffRoom) signIn(c echo.Context) error {
	in, err := door.Read[struct{ Key, Next string }](c)
	if err != nil {
		return err
	}
	right, err := r.keys.Admit(c, in.Key)
	if err != nil {
		return err
	}
	if !right {
		return r.pages.Render(c, http.StatusForbidden, "staff", titles.staff, staffPage{r.path, in.Next, true})
	}
	r.posts.Renew(c, clerk{})
	return c.Redirect(http.StatusSeeOther, door.NextPage(in.Next, r.path, r.path))
}

func (r staffRoom) signOut(c echo.Context) error {
	r.posts.End(c)
	return c.Redirect(http.StatusSeeOther, r.path+"/signin")
}

// show draws a page of the room.
func (r staffRoom) show(c echo.Context, name string, title ui.Text, data any) error {
	return r.pages.Render(c, http.StatusOK, name, title, data)
}

// id reads a number out of an address; 0, which nothing has, for what is none.
func id(c echo.Context) int64 {
	n, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
