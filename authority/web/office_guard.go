package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
)

// sitting is what an office remembers of an officer's browser. Its slices are
// replaced, never written through.
type sitting struct {
	Officer string // the ID; empty for nobody
	Search  searchTerms
	Papers  []paper   // wait for confirmation
	Results []outcome // were confirmed
	Ended   session.Ending
}

// maxPapers bounds what a sitting keeps; the oldest makes room.
const maxPapers = 12

// maxForm bounds the body of a form, in octets.
const maxForm = 32 << 10

// deskHandler answers an officer whose post allows the desk.
type deskHandler func(c echo.Context, who desk.Officer) error

// Errors of the desks.
var (
	errPaperGone = errors.New("authority/web: nothing of this key waits for confirmation")
	errNoResult  = errors.New("authority/web: this session has no such result")
)

// endedError is a request that needs an officer and has none.
type endedError struct{ why session.Ending }

func (e *endedError) Error() string { return "authority/web: the session has ended: " + string(e.why) }

// postError is an officer at a desk that is not his.
type postError struct{ who desk.Officer }

func (e *postError) Error() string { return "authority/web: " + e.who.ID + " may not do this" }

// officer finds who signed in.
func (o *office) officer(c echo.Context) (desk.Officer, bool) {
	s, _ := o.sittings.Load(c)
	return o.officerByID(s.Officer)
}

func (o *office) officerByID(id string) (desk.Officer, bool) {
	all := o.cfg.Officers
	i := slices.IndexFunc(all, func(x desk.Officer) bool { return x.ID == id })
	if i < 0 {
		return desk.Officer{}, false
	}
	return all[i], true
}

// greet tells the layout who is signed in, and keeps how a session ended that
// this request finds over.
func (o *office) greet(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if who, ok := o.officer(c); ok {
			ui.SignedIn(c, officerName(who).In(ui.LangOf(c)), "/office/signout")
		} else if why := o.sittings.Ended(c); why != "" {
			o.sittings.Renew(c, sitting{Ended: why})
		}
		if c.Request().Method == http.MethodPost {
			c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, maxForm)
			if _, err := c.FormParams(); err != nil {
				return unreadable(err)
			}
		}
		return next(c)
	}
}

func unreadable(err error) error {
	var over *http.MaxBytesError
	if errors.As(err, &over) {
		return over
	}
	return malformed("the form could not be read")
}

// desk lets in an officer with a role. Nobody yet is sent to sign in; one
// whose session has ended is told so, once.
func (o *office) desk(role desk.Role, f deskHandler) echo.HandlerFunc {
	return o.inWords(o.greet(func(c echo.Context) error {
		who, ok := o.officer(c)
		switch {
		case ok && who.May(role):
			ui.SignedIn(c, named(who.Name).In(ui.LangOf(c)), "/office/signout") // the header has the office
			return f(c, who)
		case ok:
			return &postError{who}
		}
		s, _ := o.sittings.Load(c)
		if s.Ended != "" || c.Request().Method != http.MethodGet {
			o.sittings.End(c)
			return &endedError{s.Ended}
		}
		return c.Redirect(http.StatusSeeOther, "/office/signin?next="+url.QueryEscape(c.Request().URL.EscapedPath()))
	}))
}

// inside gives a path of the offices that a form may name to go to next, or
// the choice of desks.
func inside(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || u.RawQuery != "" || strings.ContainsAny(next, "\\\r\n\t") ||
		!strings.HasPrefix(next, "/office/") || strings.HasPrefix(next, "/office/sign") || strings.Contains(next, "/../") {
		return "/office"
	}
	return next
}

// paper is an act that was shown and waits for confirmation.
type paper struct {
	Key    string
	Notice register.Notice       // without PINs
	Search register.HolderSearch // of the suspension desk
	// Newcomer is a first entry in the register; of the Notice it has who and
	// why.
	Newcomer *register.Resident
	Shown    string // what the officer was told would happen
	Made     time.Time
}

// outcome is an act that was done.
type outcome struct {
	Key       string
	Done      authority.Done
	Before    []register.Certificate // those that could change, as they stood
	Search    register.HolderSearch
	Reference string
	Newcomer  *register.Resident // who was entered; then Done has the time alone
}

// keep puts a paper into the sitting.
func (o *office) keep(c echo.Context, p paper) {
	o.sittings.Update(c, func(s *sitting) { s.Papers = lastOf(append(slices.Clone(s.Papers), p)) })
}

// look gives a paper and leaves it.
func (o *office) look(c echo.Context, key string) (paper, error) {
	s, _ := o.sittings.Load(c)
	for _, p := range s.Papers {
		if p.Key == key {
			return p, nil
		}
	}
	return paper{}, errPaperGone
}

// take gives a paper and removes it, so that of two confirmations only one is
// acted on.
func (o *office) take(c echo.Context, key string) (p paper, err error) {
	err = errPaperGone
	o.sittings.Update(c, func(s *sitting) {
		i := slices.IndexFunc(s.Papers, func(p paper) bool { return p.Key == key })
		if i >= 0 {
			p, err = s.Papers[i], nil
			s.Papers = slices.Delete(slices.Clone(s.Papers), i, i+1)
		}
	})
	return p, err
}

// remember keeps what was done, to be shown.
func (o *office) remember(c echo.Context, r outcome) {
	o.sittings.Update(c, func(s *sitting) { s.Results = lastOf(append(slices.Clone(s.Results), r)) })
}

func (o *office) result(c echo.Context, key string) (outcome, error) {
	s, _ := o.sittings.Load(c)
	for _, r := range s.Results {
		if r.Key == key {
			return r, nil
		}
	}
	return outcome{}, errNoResult
}

func lastOf[T any](all []T) []T { return all[max(0, len(all)-maxPapers):] }
