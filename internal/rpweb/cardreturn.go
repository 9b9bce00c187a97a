package rpweb

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/rp"
)

// Refusals of a CardReturn.
var (
	// ErrNotAsked is an answer that nobody waits for: never asked for, answered
	// before, too late, or another browser's.
	ErrNotAsked = errors.New("rpweb: no page waits for this answer of a card")
	// ErrNoPresence is an answer that does not say which card to watch.
	ErrNoPresence = errors.New("rpweb: the answer came without the card's presence")
	// ErrBusy is one question too many.
	ErrBusy = errors.New("rpweb: too many pages wait for the answer of a card")
)

// Bounds of what the card agent's page posts beside the token, in octets.
const (
	maxTrouble  = 64
	maxPresence = 128
	maxMessage  = 4096
)

// Question is what a page asks of a card before it hands over to the card agent.
type Question[T any] struct {
	// Nonce is the challenge that the card is to answer.
	Nonce string
	// For is what the answer is for, with all that is needed to act on it. It is
	// settled when the question is asked, and no other page can change it.
	For T
	// From is the address of the network from which it was asked: one that asks more
	// than a quarter of all that is held makes room among its own questions.
	From string
	// Watched: the answer must come with the card agent's word for the card, so
	// that a Presence can tell whether it is still there.
	Watched bool
}

// Answered is a question with what came back.
type Answered[T any] struct {
	Question[T]
	Token []byte // the card's answer to Nonce, unverified
	// Trouble is the card agent's code for why there is no token, in no case longer
	// than 64 octets. It is what somebody posted: show the words for the codes you
	// know, and no other.
	Trouble  string
	Presence string // the card agent's word for the card; from a set
}

// CardReturn is the way back from the card for a page whose place the card
// agent's page has taken. That page posts the answer from its own origin, and a
// browser sends no cookie of this house's with such a post (SameSite=Lax). So
// the answer is kept under the name that stands in the address it is posted to,
// and is looked at when the browser that asked comes for it by a page of its own:
//
//	name := held.Name()
//	err := w.returns.Ask(name, v.Owner, rpweb.Question[enrolment]{Nonce: nonce, For: papers})
//	// the page: data-jpki-return="https://house/answer?asked=NAME"
//	err = w.returns.Receive(c, c.QueryParam("asked")) // POST /answer, listed in door.Config.CrossOrigin
//	got, err := w.returns.Take(name, v.Owner)         // GET, with the cookie
//
// Each question is answered once and taken once. One that nobody has answered
// makes room for a newer one when the house is full; one that is answered does
// not, so that no flood of questions reaches an answer on its way.
type CardReturn[T any] struct {
	box     *held.Box[asked[T]]
	origins []string
}

// asked is a question, whose it is, and its answer if there is one.
type asked[T any] struct {
	owner    string
	answered bool
	Answered[T]
}

// CardReturnConfig bounds a CardReturn. Now and Life are required.
type CardReturnConfig struct {
	Now func() time.Time
	// Life is how long a question waits, from asking to taking its answer.
	Life time.Duration
	// Max is how many questions are held; 0 means 10,000.
	Max int
	// PerAddress is how many questions of one address of the network wait for their answer
	// at once: one more is ErrBusy. 0 means as many as there is room for.
	PerAddress int
	// Origins are those whose pages may post an answer: the card agent's and the
	// house's own, leaving out what is empty. Without one, any may.
	Origins []string
}

// NewCardReturn returns a way back by which nothing has been asked.
func NewCardReturn[T any](cfg CardReturnConfig) *CardReturn[T] {
	if cfg.Max == 0 {
		cfg.Max = 10_000
	}
	origins := slices.DeleteFunc(slices.Clone(cfg.Origins), func(o string) bool { return o == "" })
	box := held.Config[asked[T]]{
		Now: cfg.Now, Life: cfg.Life, Max: cfg.Max, Yields: func(a asked[T]) bool { return !a.answered },
		From: func(a asked[T]) string { return a.From },
	}
	if cfg.PerAddress > 0 {
		box.Quotas = []held.Quota[asked[T]]{{Max: cfg.PerAddress, Owner: waiting[T], Refuses: true}}
	}
	return &CardReturn[T]{origins: origins, box: held.New(box)}
}

// waiting gives the address from which a question was asked that has no answer; "" for one
// that has.
func waiting[T any](a asked[T]) string {
	if a.answered {
		return ""
	}
	return a.From
}

// Ask keeps a question under a name, in place of an earlier one. Only who shows
// the owner's secret can take the answer: it stands in the asking browser's
// session or in a cookie of its own, and never in an address.
func (r *CardReturn[T]) Ask(name, owner string, q Question[T]) error {
	if owner == "" {
		return errors.New("rpweb: a question without an owner")
	}
	err := r.box.Put(name, asked[T]{owner: owner, Answered: Answered[T]{Question: q}})
	if errors.Is(err, held.ErrFull) {
		return ErrBusy
	}
	return err
}

// Receive keeps what the card agent's page posts as the answer to a question.
// Anybody who knows the name may post, and nothing of the answer is looked at.
func (r *CardReturn[T]) Receive(c echo.Context, name string) error {
	if from := c.Request().Header.Get("Origin"); from != "" && len(r.origins) > 0 && !slices.Contains(r.origins, from) {
		return door.Problem{Status: http.StatusForbidden, Code: "foreign_page", Detail: "only the card agent answers here"}
	}
	in, err := door.Read[struct {
		Token    string `json:"token"`
		Error    string `json:"error"`
		Message  string `json:"message"`
		Presence string `json:"presence"`
	}](c)
	switch {
	case err != nil:
		return err
	case len(in.Token) > rp.MaxToken || len(in.Error) > maxTrouble || len(in.Presence) > maxPresence || len(in.Message) > maxMessage:
		return rp.ErrTooLarge
	}
	_, err = r.box.Update(name, func(a *asked[T]) error {
		switch {
		case a.answered:
			return ErrNotAsked
		case a.Watched && in.Error == "" && in.Presence == "":
			return ErrNoPresence
		}
		a.answered, a.Token, a.Trouble, a.Presence = true, []byte(in.Token), in.Error, in.Presence
		return nil
	})
	return notAsked(err)
}

// Take gives an answer to the browser that asked, once.
func (r *CardReturn[T]) Take(name, owner string) (Answered[T], error) {
	a, err := r.box.Take(name, func(a asked[T]) error {
		if !a.answered || subtle.ConstantTimeCompare([]byte(owner), []byte(a.owner)) != 1 {
			return ErrNotAsked
		}
		return nil
	})
	return a.Answered, notAsked(err)
}

// Drop forgets a question.
func (r *CardReturn[T]) Drop(name string) { r.box.Drop(name) }

func notAsked(err error) error {
	if errors.Is(err, held.ErrGone) {
		return ErrNotAsked
	}
	return err
}
