package agent

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"
)

// Bounds of request bodies, in octets. A document of maxDocument octets in
// base64, with its name and the members around it, fits in maxSignBody.
const (
	maxSmallBody  = 16 << 10
	maxSignBody   = maxDocument/3*4 + 16<<10
	maxWriterBody = 128 << 10
)

// readJSON reads the request's body, bounded, into v. Its errors are *trouble.
func readJSON(c echo.Context, limit int64, v any) error {
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, limit))
	var over *http.MaxBytesError
	var gone *echo.HTTPError
	switch {
	case errors.As(err, &over), errors.As(err, &gone) && gone.Code == http.StatusRequestEntityTooLarge:
		return &trouble{Code: codeTooLarge, Detail: fmt.Sprintf("the body is larger than %d octets", limit)}
	case err != nil:
		return malformed("the body could not be read")
	}
	return parseJSON(body, v)
}

// parseJSON reads exactly one JSON object of known members, none of them twice,
// in valid UTF-8. The standard decoder alone would take the last of two equal
// members, so that two readers of one request could see two different ones. Its
// errors are *trouble; none of them repeats a value that was sent.
func parseJSON(body []byte, v any) error {
	if !utf8.Valid(body) {
		return malformed("the body is not UTF-8")
	}
	if trimmed := bytes.TrimLeft(body, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '{' {
		return malformed("the body must be one JSON object")
	}
	if err := refuseTwins(body); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return malformed(explainJSON(err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return malformed("the body holds more than one JSON value")
	}
	return nil
}

// explainJSON says what is wrong without quoting a value: it could be a PIN.
func explainJSON(err error) string {
	var typed *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &typed):
		return fmt.Sprintf("member %q is of the wrong type", clip(typed.Field))
	case errors.As(err, &syntax):
		return fmt.Sprintf("the body is not JSON (octet %d)", syntax.Offset)
	case strings.HasPrefix(err.Error(), "json: unknown field "):
		return "unknown member " + clip(strings.TrimPrefix(err.Error(), "json: unknown field "))
	}
	return "the body is not the JSON that is wanted here"
}

func clip(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}

// maxDepth bounds how deep a body may nest; no request here needs more than four.
const maxDepth = 16

// refuseTwins walks the body and refuses an object that has two members whose
// names differ in case at most.
func refuseTwins(body []byte) error {
	d := json.NewDecoder(bytes.NewReader(body))
	type level struct {
		names map[string]bool // nil in an array
		key   bool            // a member's name comes next
	}
	var stack []level
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return malformed(explainJSON(err))
		}
		top := len(stack) - 1
		if s, ok := t.(string); ok && top >= 0 && stack[top].key {
			folded := strings.ToLower(s)
			if stack[top].names[folded] {
				return malformed(fmt.Sprintf("member %q comes twice", clip(s)))
			}
			stack[top].names[folded], stack[top].key = true, false
			continue
		}
		switch t {
		case json.Delim('{'):
			stack = append(stack, level{names: map[string]bool{}, key: true})
		case json.Delim('['):
			stack = append(stack, level{})
		case json.Delim('}'), json.Delim(']'):
			stack = stack[:top]
			top--
		}
		if len(stack) > maxDepth {
			return malformed("the body nests too deep")
		}
		opened := t == json.Delim('{') || t == json.Delim('[')
		if !opened && top >= 0 && stack[top].names != nil {
			stack[top].key = true
		}
	}
}
