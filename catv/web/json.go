package web

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
)

// wantsJSON reports whether the request speaks JSON, or wants it spoken.
func wantsJSON(c echo.Context) bool {
	return door.IsJSON(c.Request()) || c.Request().Header.Get("Accept") == "application/json"
}

// readJSON reads one JSON object, and nothing that it does not know.
func readJSON(c echo.Context, into any) error {
	if !door.IsJSON(c.Request()) {
		return door.Problem{Status: http.StatusUnsupportedMediaType, Code: "not_json", Detail: "the body must be application/json"}
	}
	d := json.NewDecoder(c.Request().Body)
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		if _, err = d.Token(); errors.Is(err, io.EOF) {
			return nil
		}
		err = errors.New("more than one value")
	}
	var arriving door.Problem
	if errors.As(err, &arriving) {
		return arriving
	}
	return door.Problem{Status: http.StatusBadRequest, Code: "malformed", Detail: "the body is not the JSON object that belongs here"}
}
