package rpweb_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/rp"
)

const agent, own = "http://localhost:8082", "http://localhost:8083"

// counter is a house that asks cards for a purpose in words.
type counter struct {
	*testing.T
	*rpweb.CardReturn[string]
	now time.Time
}

func newCounter(t *testing.T) *counter {
	c := &counter{T: t, now: time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)}
	c.CardReturn = rpweb.NewCardReturn[string](rpweb.CardReturnConfig{
		Now: func() time.Time { return c.now }, Life: 5 * time.Minute, Max: 3, Origins: []string{agent, own},
	})
	return c
}

func (c *counter) asks(owner, purpose string) (name string) {
	c.Helper()
	name = held.Name()
	if err := c.Ask(name, owner, rpweb.Question[string]{Nonce: "nonce of " + purpose, For: purpose}); err != nil {
		c.Fatal(err)
	}
	return name
}

// posts plays the card agent's page.
func (c *counter) posts(name, origin string, pairs ...string) error {
	c.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, "/answer?asked="+name, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if origin != "" {
		r.Header.Set("Origin", origin)
	}
	return c.Receive(echo.New().NewContext(r, httptest.NewRecorder()), name)
}

func (c *counter) answers(name string) {
	c.Helper()
	if err := c.posts(name, agent, "token", "{}", "presence", "P"); err != nil {
		c.Fatal(err)
	}
}

func TestAnAnswerComesBackWithWhatItIsFor(t *testing.T) {
	c := newCounter(t)
	enrolment, look := c.asks("browser", "enrolment"), c.asks("browser", "look")
	c.answers(enrolment)
	if err := c.posts(look, "", "error", "cancelled", "message", "the person cancelled"); err != nil {
		t.Fatal(err)
	}
	got, err := c.Take(enrolment, "browser")
	if err != nil || got.For != "enrolment" || got.Nonce != "nonce of enrolment" || string(got.Token) != "{}" || got.Presence != "P" || got.Trouble != "" {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err = c.Take(look, "browser"); err != nil || got.For != "look" || got.Trouble != "cancelled" || len(got.Token) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAnAnswerIsGivenOnceAndTakenOnceByWhoAsked(t *testing.T) {
	c := newCounter(t)
	name := c.asks("browser", "sign-in")
	if _, err := c.Take(name, "browser"); !errors.Is(err, rpweb.ErrNotAsked) {
		t.Errorf("before there is an answer: %v", err)
	}
	c.answers(name)
	if err := c.posts(name, agent, "token", "another"); !errors.Is(err, rpweb.ErrNotAsked) {
		t.Errorf("a second answer: %v", err)
	}
	for _, owner := range []string{"", "thief", "browse", "browser "} {
		if _, err := c.Take(name, owner); !errors.Is(err, rpweb.ErrNotAsked) {
			t.Errorf("%q takes it: %v", owner, err)
		}
	}
	if got, err := c.Take(name, "browser"); err != nil || string(got.Token) != "{}" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := c.Take(name, "browser"); !errors.Is(err, rpweb.ErrNotAsked) {
		t.Errorf("taken twice: %v", err)
	}
	if err := c.posts(name, agent, "token", "{}"); !errors.Is(err, rpweb.ErrNotAsked) {
		t.Errorf("an answer to what was taken: %v", err)
	}
	if err := c.Ask(held.Name(), "", rpweb.Question[string]{}); err == nil {
		t.Error("a question of nobody's")
	}
	dropped := c.asks("browser", "sign-in")
	c.Drop(dropped)
	if err := c.posts(dropped, agent, "token", "{}"); !errors.Is(err, rpweb.ErrNotAsked) {
		t.Errorf("an answer to what was dropped: %v", err)
	}
}

func TestTheNewestQuestionUnderANameCounts(t *testing.T) {
	c := newCounter(t)
	name := c.asks("browser", "sign-in")
	c.answers(name)
	if err := c.Ask(name, "browser", rpweb.Question[string]{Nonce: "new", For: "sign-in"}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Take(name, "browser"); !errors.Is(err, rpweb.ErrNotAsked) {
		t.Errorf("the answer to the question before: %v", err)
	}
	c.answers(name)
	if got, err := c.Take(name, "browser"); err != nil || got.Nonce != "new" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAQuestionWaitsForItsTime(t *testing.T) {
	c := newCounter(t)
	late, taken := c.asks("browser", "late"), c.asks("browser", "taken late")
	c.answers(taken)
	c.now = c.now.Add(5 * time.Minute)
	if err := c.posts(late, agent, "token", "{}"); !errors.Is(err, rpweb.ErrNotAsked) {
		t.Errorf("answered late: %v", err)
	}
	if _, err := c.Take(taken, "browser"); !errors.Is(err, rpweb.ErrNotAsked) {
		t.Errorf("taken late: %v", err)
	}
}

// A flood of questions takes no place from an answer on its way, and the flood's
// own oldest make room.
func TestAFloodOfQuestionsReachesNoAnswer(t *testing.T) {
	c := newCounter(t)
	first := c.asks("stranger", "first")
	waited := c.asks("browser", "sign-in")
	c.answers(waited)
	for i := range 100 {
		c.asks("stranger", strconv.Itoa(i))
	}
	if err := c.posts(first, agent, "token", "{}"); !errors.Is(err, rpweb.ErrNotAsked) {
		t.Errorf("the oldest is still there: %v", err)
	}
	if got, err := c.Take(waited, "browser"); err != nil || got.For != "sign-in" {
		t.Errorf("%+v, %v", got, err)
	}
	for range 3 {
		c.answers(c.asks("browser", "sign-in"))
	}
	if err := c.Ask(held.Name(), "browser", rpweb.Question[string]{}); !errors.Is(err, rpweb.ErrBusy) {
		t.Errorf("each place is an answer's: %v", err)
	}
}

func TestWhatTheAgentsPagePostsIsBounded(t *testing.T) {
	c := newCounter(t)
	name := c.asks("browser", "sign-in")
	for field, most := range map[string]int{"token": rp.MaxToken, "error": 64, "presence": 128, "message": 4096} {
		if err := c.posts(name, agent, field, strings.Repeat("x", most+1)); !errors.Is(err, rp.ErrTooLarge) {
			t.Errorf("%s: %v", field, err)
		}
	}
	var p door.Problem
	if err := c.posts(name, "http://evil.example", "token", "{}"); !errors.As(err, &p) || p.Code != "foreign_page" {
		t.Errorf("of another origin: %v", err)
	}
	if err := c.posts(name, agent, "token", "{}", "token", "{}"); !errors.As(err, &p) || p.Code != "malformed" {
		t.Errorf("two tokens: %v", err)
	}
	if err := c.posts("NOSUCH", agent, "token", "{}"); !errors.Is(err, rpweb.ErrNotAsked) {
		t.Errorf("of no question: %v", err)
	}
	c.answers(name) // none of them was taken for the answer
}

func TestAWatchedCardIsNamed(t *testing.T) {
	c := newCounter(t)
	name := held.Name()
	if err := c.Ask(name, "browser", rpweb.Question[string]{Nonce: "n", Watched: true}); err != nil {
		t.Fatal(err)
	}
	if err := c.posts(name, agent, "token", "{}"); !errors.Is(err, rpweb.ErrNoPresence) {
		t.Errorf("without presence: %v", err)
	}
	c.answers(name)
	if err := c.Ask(name, "browser", rpweb.Question[string]{Nonce: "n", Watched: true}); err != nil {
		t.Fatal(err)
	}
	if err := c.posts(name, agent, "error", "no_card"); err != nil {
		t.Errorf("a trouble has no card: %v", err)
	}
}
