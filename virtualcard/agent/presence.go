package agent

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/held"
)

const (
	// presenceLife is how long a presence token tells about its card, on the
	// simulated clock.
	presenceLife = 12 * time.Hour
	// How many tokens are kept, in all and of one browser; the oldest makes room.
	maxPresences         = 4096
	maxPresencesOfReader = 32
)

// presence is what a token stands for: that the card which answered a page of an
// origin still lies where it lay. Once that is untrue it stays untrue.
type presence struct {
	reader  *cardReader
	count   int // the placement that answered
	origin  string
	browser string
	issued  time.Time
}

// newPresences returns the box of the tokens that were issued. They do not survive
// a restart: a page then learns that the card is gone. One whose time is up is
// kept while there is room, so that the page that holds it can be told.
func newPresences(now func() time.Time) *held.Box[presence] {
	return held.New(held.Config[presence]{
		Now: now, Max: maxPresences,
		Yields: func(presence) bool { return true },
		Quotas: []held.Quota[presence]{{Max: maxPresencesOfReader, Owner: func(p presence) string { return p.browser }}},
	})
}

// present reports whether the card of a token is there, as soon as it is not or
// after patience.
func (h *house) present(c echo.Context, p presence, patience time.Duration) bool {
	return h.lasts(p) && h.waits.until(c.Request().Context(), p.reader, p.count, patience).Count == p.count && h.lasts(p)
}

// lasts reports that a token's time is not up.
func (h *house) lasts(p presence) bool {
	age := h.cfg.Now().Sub(p.issued)
	return age >= 0 && age < presenceLife
}

// patience reads how many seconds a client wants to wait for a change.
func patience(c echo.Context) (time.Duration, error) {
	text := c.QueryParam("wait")
	if text == "" {
		return maxPatience, nil
	}
	seconds, err := strconv.Atoi(text)
	if err != nil || seconds < 0 || seconds > int(maxPatience/time.Second) {
		return 0, malformed("wait: want 0 to 25 seconds")
	}
	return time.Duration(seconds) * time.Second, nil
}

// watched finds what a page of another origin asks about, and lets only that
// origin read the answer. Anybody may read the answer to an unknown token: it only
// says that no card is there.
func (h *house) watched(c echo.Context, token string) (presence, bool, error) {
	p, err := h.presences.Look(token)
	head := c.Response().Header()
	head.Set("Vary", "Origin")
	origin := c.Request().Header.Get("Origin")
	switch {
	case err != nil:
		head.Set("Access-Control-Allow-Origin", "*")
		return p, false, nil
	case origin != "" && origin != p.origin:
		return p, false, door.Problem{Status: http.StatusForbidden, Code: "foreign_page", Detail: "the presence token was given to a page of another origin"}
	}
	head.Set("Access-Control-Allow-Origin", p.origin)
	return p, true, nil
}

func sayPresent(c echo.Context, status int, present bool) error {
	return c.JSON(status, map[string]bool{"present": present})
}

// learnPresence tells a relying party's page whether the card that answered it
// still lies on the reader: {"present":true|false}. The answer waits until it
// turns false, at most 25 seconds or what the page says. Once false it stays so.
func (h *house) learnPresence(c echo.Context) error {
	wait, err := patience(c)
	if err != nil {
		return err
	}
	token := c.QueryParam("token")
	p, known, err := h.watched(c, token)
	switch {
	case err != nil:
		return err
	case !known:
		return sayPresent(c, http.StatusNotFound, false)
	}
	return sayPresent(c, http.StatusOK, h.present(c, p, wait))
}

// endPresence takes the card away, as a hand would: it is for a remote control
// drawn on a relying party's page. Only a page of the token's own origin may do
// so, and it can do nothing else with the reader.
func (h *house) endPresence(c echo.Context) error {
	in, err := door.Read[struct {
		Token string `json:"token"`
	}](c)
	if err != nil {
		return err
	}
	p, known, err := h.watched(c, in.Token)
	switch {
	case err != nil:
		return err
	case !known:
		return sayPresent(c, http.StatusNotFound, false)
	case c.Request().Header.Get("Origin") == p.origin && h.lasts(p):
		if err := h.cfg.Readers.Take(c.Request().Context(), p.reader.takeAway(p.count)); err != nil {
			return err
		}
	}
	return sayPresent(c, http.StatusOK, h.present(c, p, 0))
}

// readerPresence tells the agent's own pages what lies on this browser's reader:
// {"placement":n,"present":true|false}. With placement=n it waits until that is no
// longer so.
func (h *house) readerPresence(c echo.Context) error {
	if from := c.Request().Header.Get("Sec-Fetch-Site"); from != "" && from != "same-origin" {
		return door.Problem{Status: http.StatusForbidden, Code: "foreign_page", Detail: "only the agent's own pages may look at the reader; another origin asks /presence with its token"}
	}
	wait, err := patience(c)
	if err != nil {
		return err
	}
	mine, _ := h.browsers.Load(c)
	on := h.placed(mine)
	if seen, err := strconv.Atoi(strings.TrimSpace(c.QueryParam("placement"))); err == nil && mine.Reader != nil {
		on = h.waits.until(c.Request().Context(), mine.Reader, seen, wait)
	}
	return c.JSON(http.StatusOK, map[string]any{"placement": on.Count, "present": on.Card != ""})
}
