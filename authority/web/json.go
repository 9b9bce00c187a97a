package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
)

// maxJSON bounds the body of an act, in octets.
const maxJSON = 64 << 10

// act makes the handler of an act: it reads the body as an In, and answers with
// what do gives.
func act[In any](status int, do func(c echo.Context, in In) (any, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, maxJSON)
		in, err := door.Read[In](c)
		if err != nil {
			return err
		}
		return answer(c, status, func() (any, error) { return do(c, in) })
	}
}

// show makes the handler of a question.
func show(ask func(echo.Context) (any, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		return answer(c, http.StatusOK, func() (any, error) { return ask(c) })
	}
}

func answer(c echo.Context, status int, do func() (any, error)) error {
	out, err := do()
	if err != nil {
		return err
	}
	return c.JSON(status, out)
}

// listed is a list under a name. One without members is written as [].
func listed[T, V any](name string, all []T, view func(T) V) map[string]any {
	views := make([]V, 0, len(all))
	for _, x := range all {
		views = append(views, view(x))
	}
	return map[string]any{name: views}
}

// itself shows a thing as it is.
func itself[T any](x T) T { return x }

func malformed(detail string) error {
	return door.Problem{Status: http.StatusBadRequest, Code: "malformed", Detail: detail}
}

// readBody reads at most limit octets; more is 413.
func readBody(c echo.Context, limit int64) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, limit))
	var over *http.MaxBytesError
	var refused *echo.HTTPError
	switch {
	case errors.As(err, &over), errors.As(err, &refused) && refused.Code == http.StatusRequestEntityTooLarge:
		return nil, door.Problem{Status: http.StatusRequestEntityTooLarge, Code: "too_large", Detail: fmt.Sprintf("the body is larger than %d octets", limit)}
	case err != nil:
		return nil, malformed("the body could not be read")
	}
	return body, nil
}
