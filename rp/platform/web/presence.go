package web

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"
)

// presenceTime is how long the card agent may take to say whether a card is
// there.
const presenceTime = 3 * time.Second

// present asks the card agent whether the card that answered at the set still
// lies on its reader. No answer is no card.
func (w *entrance) present(ctx context.Context, token string) bool {
	if token == "" || w.cfg.AgentPeer == "" {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, presenceTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.cfg.AgentPeer+"/presence?wait=0&token="+url.QueryEscape(token), nil)
	if err != nil {
		return false
	}
	resp, err := w.cfg.HTTP.Do(r)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	var answer struct {
		Present bool `json:"present"`
	}
	return json.NewDecoder(io.LimitReader(resp.Body, 1024)).Decode(&answer) == nil && answer.Present
}

// watched ends a sign-in whose card has left the set: whoever comes next to it
// finds nothing to agree to, and the service is told access_denied. The page
// watches the card, too (login.js), and posts its leaving to left.
func (w *entrance) watched(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if w.present(c.Request().Context(), loginOf(c).Presence()) {
			return next(c)
		}
		return w.left(c)
	}
}

// left goes back to the service because the card was taken away.
func (w *entrance) left(c echo.Context) error {
	out, err := w.platform.Leave(c.Request().Context(), loginOf(c).ID, ticket(c))
	if err != nil {
		return err
	}
	return w.goOn(c, out)
}
