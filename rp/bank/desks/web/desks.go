// Package web is the bank behind the counter: the pages of staff (行内), and the
// branch counter (店頭窓口), where a touch of the card finds the customer. Only staff who
// have signed in see a customer's record; their sessions are separate from customers'.
package web

import (
	"context"
	"embed"
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/staffroom"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/bank"
	room "example.jp/jpkimock/rp/bank/room/web"
)

//go:embed all:templates
var files embed.FS

var templates = ui.Embedded(files, "templates", room.Partials())

// Config is what the desks need. Bank and Now are required.
type Config struct {
	Bank *bank.Bank
	Now  func() time.Time
	// AgentURL is the origin of the card client, whose kiosk takes the touch.
	AgentURL string
	// PublicURL is the bank's own origin, as the browser sees it.
	PublicURL string
	Lobby     string // the lobby's address, or empty
	// StaffKey opens the desks; empty keeps them shut.
	StaffKey string
	Fees     room.Fees // nil for an example's
	// Updates brings records up to date after a confirmation, with what the authority
	// delivers; nil where it does not.
	Updates func(context.Context) error
	Log     *slog.Logger
}

// desks are the pages of staff.
type desks struct {
	cfg   Config
	bank  *bank.Bank
	pages *ui.Pages
	staff *staffroom.Room[post]
	posts *session.Store[post]
	// returns is the way back of the cards touched at a counter.
	returns *rpweb.CardReturn[counterTouch]
}

// post is what a browser's session holds at a desk of the bank (it is not about mail).
type post struct {
	SignedIn bool
	// Opened is the customer's record that was opened last.
	Opened bank.AccountNumber
	// Counter is this counter's secret, by which it comes for the answer of a card.
	Counter string
	// Touch is the touch that was begun last here; Seen is what it allows to see.
	Touch string
	Seen  *seen
}

// InUse reports that staff are signed in.
func (p post) InUse() bool { return p.SignedIn }

// Mount opens the desks.
func Mount(e *echo.Echo, cfg Config) error {
	parsed, err := templates()
	if err != nil {
		return err
	}
	pages, err := parsed.Pages(site(cfg.Lobby, cfg.Now))
	if err != nil {
		return err
	}
	w := &desks{cfg: cfg, bank: cfg.Bank, pages: pages, staff: newStaff(cfg, pages)}
	w.returns = rpweb.NewCardReturn[counterTouch](rpweb.CardReturnConfig{Now: cfg.Now, Life: bank.TouchLifetime, Origins: []string{cfg.AgentURL, cfg.PublicURL}})
	w.posts = w.staff.Posts()
	w.mount(e)
	return nil
}

// mount is the list of the desks' addresses.
func (w *desks) mount(e *echo.Echo) {
	says := func(match func(error) (room.Refusal, bool)) echo.MiddlewareFunc {
		words := rpweb.Words{Match: match, Fill: room.Blanks}
		return door.Room{Pages: w.pages, Explain: words.Explain, Describe: words.Describe}.Errors
	}
	e.GET(signInPath, w.staff.Ask, says(refusals.Match))
	e.POST(signInPath, w.staff.SignIn, says(refusals.Match))

	s := e.Group("/staff", says(refusals.Match), w.staff.Only)
	s.POST("/signout", w.staff.SignOut)
	s.GET("", w.front)
	s.GET("/comparison", room.Comparison(w.pages, w.cfg.Fees))
	s.GET("/customers", w.customers)
	s.GET("/customers/:no", w.customerRecord)
	s.POST("/customers/:no/open", w.openRecord)
	s.GET("/sweeps", w.confirmations)
	s.POST("/sweeps", w.confirm)
	s.GET("/sweeps/:id", w.confirmation)
	s.GET("/waiting", w.waiting)
	s.GET("/letters", w.letters)
	s.GET("/letters/:id", w.letter)
	s.POST("/letters/:id/printed", w.letterPrinted)

	e.POST(ReturnPath, w.touchReturns, says(matchAtCounter))
	b := e.Group("/branch", says(matchAtCounter), w.staff.Only)
	b.GET("", w.branch)
	b.POST("/touch", w.beginTouch)
	b.GET("/customer", w.branchCustomer)
	b.POST("/end", w.endTouch)
}

// show returns a page for door.Answer.
func (w *desks) show(name string, title ui.Text, data any) door.Page {
	return door.Shown(func(c echo.Context) error { return w.pages.Render(c, http.StatusOK, name, title, data) })
}
