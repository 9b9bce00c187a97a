// Package staffroom is how a house's staff sign in: the page that asks for their key, in
// both languages, the session that follows, and who is let in behind it. A house says its
// addresses and words; P is what it remembers of a member of staff, Clerk if it does not
// tell them apart.
//
//	staff := staffroom.New(staffroom.Config[staffroom.Clerk]{
//		At: "/desk/signin", Out: "/desk/signout", Front: "/desk",
//		Cookie: "jpkimock_clinic_staff", Key: cfg.StaffKey, Now: cfg.Now, Pages: pages,
//	})
//	staff.Mount(e, says)
//	desk := e.Group("/desk", says, staff.Only)
//	scripts := e.Group("/desk/v1", door.ScriptsOnly(), says, staff.Scripts("clinic"))
package staffroom

import (
	"cmp"
	"embed"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
)

//go:embed templates
var files embed.FS

var templates = ui.Embedded(files, "templates")

// Life of a session of staff: it ends after Idle without a request, and after Age in any
// case.
const (
	Idle = 30 * time.Minute
	Age  = 10 * time.Hour
)

// Clerk is the session of staff who share a key and are not told apart.
type Clerk struct{}

// InUse reports that somebody is signed in.
func (Clerk) InUse() bool { return true }

// Named is the session of staff who choose their name at the sign-in.
type Named struct{ Who string }

// InUse reports that somebody is signed in.
func (Named) InUse() bool { return true }

// Config says what is a house's own. At, Front, Pages, Now and Cookie are required, or
// Posts and Keys in place of the last two.
type Config[P session.Value] struct {
	// At is the address of the sign-in, Out that of signing out, which leads to Left, or At
	// if that is empty.
	At, Out, Left string
	// Front is the first page behind the sign-in, Rooms the paths below which it may lead,
	// Front if there are none. Lead, if set, says where whoever has signed in goes on to
	// instead; asked is a path below one of Rooms.
	Front string
	Rooms []string
	Lead  func(who, asked string) string
	// Pages give the house's look.
	Pages *ui.Pages
	// Key lets staff in; Now is the house's time.
	Key string
	Now func() time.Time
	// Cookie names the session's cookie.
	Cookie string
	// Keys and Posts stand in place of Key and Cookie for a house that shares them.
	Keys  *door.Staff
	Posts *session.Store[P]
	// Staff are those who can be chosen at the sign-in; nil if they are not told apart.
	Staff *Choice
	// Post is what is remembered of whoever has signed in; nil for the zero P.
	Post func(who string) P
	// Name is what the header calls whoever is signed in; nil for Words.Called.
	Name func(P) ui.Text
	Words
	Marks
}

// Choice is a list of staff, or of desks, at the sign-in.
type Choice struct {
	Field       string // of the form: "officer"
	Label, Hint ui.Text
	All         []Person
	// First proposes one for the page that was asked for; nil proposes nobody.
	First func(asked string) string
}

// Person is one who can be chosen.
type Person struct {
	ID   string
	Name ui.Text
}

// Names is a choice among names, each of which is its own ID.
func Names(field string, label ui.Text, names ...string) *Choice {
	c := &Choice{Field: field, Label: label}
	for _, n := range names {
		c.All = append(c.All, Person{ID: n, Name: ui.Text{JA: n, EN: n}})
	}
	return c
}

// Words are what the page says where a house has words of its own.
type Words struct {
	Called ui.Text // "Staff": who signs in here
	Title  ui.Text
	Key    ui.Text // what their key is called
	Wrong  ui.Text // says that somebody could not be signed in
	Note   ui.Text // beside the key
}

// Marks name the parts of the page for tests.
type Marks struct{ Form, Who, Key, Wrong, Enter string }

// Room is the sign-in of a house's staff, and who is let in behind it.
type Room[P session.Value] struct {
	cfg   Config[P]
	pages *ui.Pages
	keys  *door.Staff
	posts *session.Store[P]
}

// New opens the sign-in of a house's staff.
func New[P session.Value](cfg Config[P]) *Room[P] {
	parsed, err := templates()
	if err != nil {
		panic(err) // only for templates that do not parse, with which no test passes
	}
	r := &Room[P]{cfg: cfg, pages: cfg.Pages.Of(parsed), keys: cfg.Keys, posts: cfg.Posts}
	if r.keys == nil {
		r.keys = door.NewStaff(cfg.Key, cfg.Now)
	}
	if r.posts == nil {
		r.posts = session.New[P](session.Config{Cookie: cfg.Cookie, Now: cfg.Now, Idle: Idle, Age: Age})
	}
	r.cfg.Words, r.cfg.Marks = cfg.Words.orUsual(), cfg.Marks.orUsual()
	if len(cfg.Rooms) == 0 {
		r.cfg.Rooms = []string{cfg.Front}
	}
	return r
}

// Mount opens the sign-in.
func (r *Room[P]) Mount(e *echo.Echo, around ...echo.MiddlewareFunc) {
	e.GET(r.cfg.At, r.Ask, around...)
	e.POST(r.cfg.At, r.SignIn, around...)
	e.POST(r.cfg.Out, r.SignOut, around...)
}

// Posts are the sessions.
func (r *Room[P]) Posts() *session.Store[P] { return r.posts }

// Only lets staff in who have signed in.
func (r *Room[P]) Only(next echo.HandlerFunc) echo.HandlerFunc {
	return r.OnlyAs("", func(P) bool { return true })(next)
}

// OnlyAs lets those in who may. Whoever else asks for a page is
// led to the sign-in, where who is proposed; a program, and an act that has not been done,
// gets 401 staff_signed_out.
func (r *Room[P]) OnlyAs(who string, may func(P) bool) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			at, in := r.posts.Load(c)
			if !in || !at.InUse() || !may(at) {
				return door.SignInFirst(c, r.signInAs(who), &refused{http.StatusUnauthorized, "staff_signed_out", r.cfg.signedOut(r.cfg.At)})
			}
			name := r.cfg.Called
			if r.cfg.Name != nil {
				name = r.cfg.Name(at)
			}
			ui.SignedIn(c, name.In(ui.LangOf(c)), r.cfg.Out)
			return next(c)
		}
	}
}

func (r *Room[P]) signInAs(who string) string {
	if who == "" {
		return r.cfg.At
	}
	return r.cfg.At + "?to=" + who
}

// Scripts lets programs in that bear the key; realm names what it opens.
func (r *Room[P]) Scripts(realm string) echo.MiddlewareFunc { return r.keys.Scripts(realm) }

// page is the sign-in: what was refused, who is proposed, and the page to go on to.
type page struct {
	Words
	Marks
	At, Next, Chosen string
	Choice           *Choice
	Refused, Shut    bool
	// Test offers the published key on a button.
	Test bool
}

// Ask shows the sign-in.
func (r *Room[P]) Ask(c echo.Context) error {
	asked := c.QueryParam("next")
	if at, in := r.posts.Load(c); in && at.InUse() && r.cfg.Staff == nil {
		return c.Redirect(http.StatusSeeOther, r.lead("", asked))
	}
	chosen := c.QueryParam("to")
	if s := r.cfg.Staff; s != nil && s.First != nil {
		chosen = cmp.Or(chosen, s.First(asked))
	}
	return r.show(c, http.StatusOK, page{Next: asked, Chosen: chosen})
}

func (r *Room[P]) show(c echo.Context, status int, p page) error {
	p.Words, p.Marks, p.At, p.Choice, p.Shut = r.cfg.Words, r.cfg.Marks, r.cfg.At, r.cfg.Staff, r.keys.Shut()
	p.Test = r.testKey(c) != ""
	return r.pages.Render(c, status, "signin", r.cfg.Title, p)
}

// SignIn lets staff in by their key. The session gets a new identifier.
func (r *Room[P]) SignIn(c echo.Context) error {
	fields := []string{"key", "next", "test"}
	if r.cfg.Staff != nil {
		fields = append(fields, r.cfg.Staff.Field)
	}
	in, err := door.ReadFields(c, fields...)
	if err != nil {
		return err
	}
	who := ""
	if r.cfg.Staff != nil {
		who = in[r.cfg.Staff.Field]
	}
	if in["test"] != "" {
		in["key"] = r.testKey(c)
	}
	right := false
	if !r.keys.Shut() {
		if right, err = r.keys.Admit(c, in["key"]); err != nil {
			return err
		}
	}
	if right && r.cfg.Staff.has(who) {
		var at P
		if r.cfg.Post != nil {
			at = r.cfg.Post(who)
		}
		r.posts.Renew(c, at)
		return door.Answer(c, http.StatusOK, nil, door.See(r.lead(who, in["next"])))
	}
	switch {
	case !door.WantsJSON(c.Request()):
		return r.show(c, http.StatusForbidden, page{Refused: true, Next: in["next"], Chosen: who})
	case r.keys.Shut():
		return &refused{http.StatusForbidden, "staff_closed", r.cfg.closed()}
	}
	return &refused{http.StatusForbidden, "staff_key", r.cfg.wrongKey(r.cfg.At)}
}

// testKey gives the staff's key where it is a published one, and this machine alone can
// reach the house; else nothing.
func (r *Room[P]) testKey(c echo.Context) string {
	for _, key := range ui.TownOf(c.Request().Context()).TestKeys {
		if r.keys.Opens(key) {
			return key
		}
	}
	return ""
}

// has reports whether somebody can be chosen.
func (s *Choice) has(who string) bool {
	if s == nil {
		return true
	}
	for _, p := range s.All {
		if p.ID == who {
			return true
		}
	}
	return false
}

// lead is where whoever has signed in goes on to.
func (r *Room[P]) lead(who, asked string) string {
	if r.cfg.Lead == nil {
		return door.NextPage(asked, r.cfg.Front, r.cfg.Rooms...)
	}
	return r.cfg.Lead(who, door.NextPage(asked, "", r.cfg.Rooms...))
}

// SignOut ends the session.
func (r *Room[P]) SignOut(c echo.Context) error {
	r.posts.End(c)
	return c.Redirect(http.StatusSeeOther, cmp.Or(r.cfg.Left, r.cfg.At))
}
