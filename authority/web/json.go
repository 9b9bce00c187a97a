package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
)

// maxJSON bounds the body of a request to the counter, in octets.
const maxJSON = 64 << 10

// readJSON reads the body, one JSON object of known members, into v. What it
// says of a bad body repeats no value: one could be a PIN or a key.
func readJSON(c echo.Context, v any) error {
	body, err := readBody(c, maxJSON)
	if err != nil {
		return err
	}
	return parseJSON(body, v)
}

func parseJSON(body []byte, v any) error {
	if !utf8.Valid(body) {
		return malformed("the body is not UTF-8")
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(body, &object); err != nil || object == nil {
		return malformed("the body must be one JSON object")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	var wrongType *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrongType):
		return malformed(fmt.Sprintf("member %.60q is of the wrong type", wrongType.Field))
	}
	return malformed("the body has an unknown member, or a value that is not of the form wanted there")
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
