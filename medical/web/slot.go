package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
)

// What one address of the network may begin at a terminal: touches that wait for their
// card, and visits and payments in an hour that no card confirmed. A terminal has an address
// of its own; a stranger's flood fills its own measure.
const (
	waitingCards = 200
	unconfirmed  = 60
	remembered   = 10_000  // of the unconfirmed; the oldest make room, and refuse nobody else
	noCard       = "none " // a kind of the unconfirmed: there is no card
	badAnswer    = "bad "  // the other: its answer was no good
)

// errTooMany is one visit too many that no card confirmed.
var errTooMany = errors.New("medical: web: too many without a card's answer from this address")

// slot is the way from a terminal to the card and back.
type slot struct {
	at      string // the path of the terminal
	cfg     Config
	turns   *session.Store[turn]
	returns *rpweb.CardReturn[struct{}]
	without *held.Box[string] // the addresses of what no card confirmed
}

func newSlot(cfg Config, at, id string) slot {
	return slot{
		at: at, cfg: cfg, turns: session.New[turn](session.Config{Cookie: "jpkimock_medical_" + id + "_turn", Now: cfg.Now, Idle: turnIdle, Age: turnAge}),
		returns: rpweb.NewCardReturn[struct{}](rpweb.CardReturnConfig{
			Now: cfg.Now, Life: 10 * time.Minute, PerAddress: waitingCards, Origins: []string{cfg.AgentURL, cfg.PublicURL},
		}),
		without: held.New(held.Config[string]{Now: cfg.Now, Life: time.Hour, Max: remembered, Yields: func(string) bool { return true }, Quotas: []held.Quota[string]{{
			Max: unconfirmed, Owner: func(from string) string { return from }, Refuses: true,
		}}}),
	}
}

// count counts something for which no card stands, and refuses one too many. Whoever finds
// that a card confirmed it takes it back.
func (s slot) count(c echo.Context, kind string) (takeBack func(), err error) {
	name := held.Name()
	if s.without.Put(name, kind+c.RealIP()) != nil {
		err = errTooMany
	}
	return func() { s.without.Drop(name) }, err
}

// begin begins a turn in which the card is to answer a challenge, which is made if there is
// room for the question. Watched: somebody wants to know when the card is taken away.
func (s slot) begin(c echo.Context, t turn, watched bool, challenge func(context.Context, *turn) (string, error)) (agentAsk, error) {
	name := held.Name()
	t.Secret = held.Name()
	takeBack, err := s.count(c, badAnswer)
	if err != nil {
		return agentAsk{}, err
	}
	takeBack() // it counts when it is answered, and is then refused no more
	q := rpweb.Question[struct{}]{From: c.RealIP(), Watched: watched}
	if err := s.returns.Ask(name, t.Secret, q); err != nil {
		return agentAsk{}, errTooMany
	}
	nonce, err := challenge(c.Request().Context(), &t)
	if err != nil {
		s.returns.Drop(name)
		return agentAsk{}, err
	}
	q.Nonce = nonce
	if err := s.returns.Ask(name, t.Secret, q); err != nil {
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
