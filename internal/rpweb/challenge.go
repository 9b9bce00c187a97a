package rpweb

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/rp"
)

// Challenges binds the challenge of a sign-in to the browser, or the program, that asked
// for it: the nonce is kept in its visit.
type Challenges[V session.Value] struct {
	Visits *session.Store[V]
	Nonce  func(*V) *string // where a visit keeps it
	New    func(context.Context) (rp.Challenge, error)
	Origin string // of the house: a program, unlike a card's window, has to be told
}

// Ask makes a challenge and gives its nonce. It takes the place of one asked for before.
func (s Challenges[V]) Ask(c echo.Context) (nonce string, err error) {
	challenge, err := s.New(c.Request().Context())
	if err != nil {
		return "", err
	}
	s.Visits.Update(c, func(v *V) { *s.Nonce(v) = challenge.Nonce })
	return challenge.Nonce, nil
}

// Tell answers a program that asks for a challenge.
func (s Challenges[V]) Tell(c echo.Context) error {
	nonce, err := s.Ask(c)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]string{"nonce": nonce, "origin": s.Origin})
}

// Answer gives the card's answer and the nonce that it must be to, empty if none was
// asked for. The nonce leaves the visit, so that of two answers only one is looked at.
func (s Challenges[V]) Answer(c echo.Context) (token []byte, nonce string, err error) {
	if token, err = ReadToken(c); err != nil {
		return nil, "", err
	}
	return token, session.Take(s.Visits, c, s.Nonce), nil
}
