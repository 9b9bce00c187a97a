package web

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
)

// slot is the way from a terminal to the card and back.
type slot struct {
	at      string // the path of the terminal
	cfg     Config
	turns   *session.Store[turn]
	returns *rpweb.CardReturn[struct{}]
}

func newSlot(cfg Config, at, id string) slot {
	return slot{
		at: at, cfg: cfg, turns: session.New[turn](session.Config{Cookie: "jpkimock_medical_" + id + "_turn", Now: cfg.Now, Idle: turnIdle, Age: turnAge}),
		returns: rpweb.NewCardReturn[struct{}](rpweb.CardReturnConfig{Now: cfg.Now, Life: 10 * time.Minute, Origins: []string{cfg.AgentURL, cfg.PublicURL}}),
	}
}

// begin begins a turn in which the card is to answer a challenge. Watched: somebody wants
// to know when it is taken away.
func (s slot) begin(c echo.Context, t turn, nonce string, watched bool) (agentAsk, error) {
	name := held.Name()
	t.Secret = held.Name()
	if err := s.returns.Ask(name, t.Secret, rpweb.Question[struct{}]{Nonce: nonce, Watched: watched}); err != nil {
		return agentAsk{}, err
	}
	s.turns.Renew(c, t)
	return agentAsk{Nonce: nonce, Agent: s.cfg.AgentURL, Return: s.cfg.PublicURL + s.at + "/answer/" + name, Back: s.at}, nil
}

// answer keeps what the card agent's page posts, and goes on by a page of this house, with
// which the browser sends its cookie.
func (s slot) answer(c echo.Context) error {
	if err := s.returns.Receive(c, c.Param("name")); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, s.at+"/answered/"+c.Param("name"))
}

// take gives the answer to the terminal that asked, with its turn.
func (s slot) take(c echo.Context) (turn, rpweb.Answered[struct{}], error) {
	t, _ := s.turns.Load(c)
	got, err := s.returns.Take(c.Param("name"), t.Secret)
	return t, got, err
}

// onKiosk gives pages the shape of a terminal.
func (s slot) onKiosk(pages *ui.Pages, next echo.HandlerFunc) echo.HandlerFunc {
	at := door.Room{Pages: pages, Explain: explain, Describe: describe}
	return at.Errors(func(c echo.Context) error {
		ui.Face(c, "kiosk")
		return placed(s.at, next(c))
	})
}

// CardThere asks the card agent, at its address for this server, whether the card of a
// presence token still lies on its reader.
func CardThere(agent string) func(ctx context.Context, presence string) bool {
	return rpweb.Presence{Agent: agent, HTTP: &http.Client{Timeout: 5 * time.Second}}.There
}
