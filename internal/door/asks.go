package door

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"
)

// Reads gives a handler the body of its request, as Read reads it.
func Reads[In any](do func(c echo.Context, in In) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		in, err := Read[In](c)
		if err != nil {
			return err
		}
		return do(c, in)
	}
}

// Asks answers a program: the body of its request is the question, read as Read does, and
// the answer leaves as JSON.
func Asks[In, Out any](answer func(ctx context.Context, in In) (Out, error)) echo.HandlerFunc {
	return Reads(func(c echo.Context, in In) error {
		out, err := answer(c.Request().Context(), in)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, out)
	})
}

// Callers are programs that may ask something, each with a key of its own.
type Callers[P any] []Caller[P]

// Caller is a program that may ask, and the key that it shows.
type Caller[P any] struct {
	Key Key
	Who P
}

// Of gives who shows a key of theirs; for any other key the Problem "wrong_key". realm names
// what the keys open.
func (all Callers[P]) Of(c echo.Context, realm string) (who P, err error) {
	given, _ := Bearer(c.Request())
	i := slices.IndexFunc(all, func(one Caller[P]) bool { return one.Key.Matches(given) })
	if i < 0 {
		c.Response().Header().Set("WWW-Authenticate", "Bearer realm="+strconv.Quote(realm))
		return who, Problem{Status: http.StatusUnauthorized, Code: "wrong_key", Detail: "no caller has this key"}
	}
	return all[i].Who, nil
}

// AsksAs is Asks for callers: the answer depends on who asks.
func AsksAs[P, In, Out any](all Callers[P], realm string, answer func(ctx context.Context, by P, in In) (Out, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		by, err := all.Of(c, realm)
		if err != nil {
			return err
		}
		return Asks(func(ctx context.Context, in In) (Out, error) { return answer(ctx, by, in) })(c)
	}
}
