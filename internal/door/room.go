package door

import (
	"errors"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/ui"
)

// Room is a part of a house that says no in pages and words of its own. Its
// members stand in place of those of Config.
type Room struct {
	Pages    *ui.Pages
	Explain  func(error) (ui.Refusal, bool)
	Describe func(error) (Problem, bool)
}

// Errors makes the errors of some routes leave as the room says.
func (r Room) Errors(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := next(c); err != nil {
			return &roomError{room: r, err: err}
		}
		return nil
	}
}

// roomError is an error on its way out of a room.
type roomError struct {
	room Room
	err  error
}

func (e *roomError) Error() string { return e.err.Error() }

// Unwrap gives the error.
func (e *roomError) Unwrap() error { return e.err }

// of gives the config by which an error leaves.
func (cfg Config) of(err error) Config {
	if at, ok := errors.AsType[*roomError](err); ok {
		cfg.Pages, cfg.Explain, cfg.Describe = at.room.Pages, at.room.Explain, at.room.Describe
	}
	return cfg
}
