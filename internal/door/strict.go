package door

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds how deep the JSON of a request may nest.
const maxDepth = 16

// CheckJSON refuses what the standard decoder would repair or overlook: more or
// less than one value, octets that are not UTF-8, half of a surrogate pair, and
// two members of one object whose names differ in case at most, of which two
// readers could take different ones. Its errors repeat no value.
func CheckJSON(body []byte) error {
	if !utf8.Valid(body) {
		return malformed("the body is not UTF-8")
	}
	if loneSurrogate(body) {
		return malformed("the body has half of a surrogate pair")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if err := refuseTwins(d, 0); err != nil {
		return notJSON(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return malformed("the body must be one JSON object")
	}
	return nil
}

func notJSON(err error) error {
	var known Problem
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &syntax):
		return malformed(fmt.Sprintf("the body is not JSON (octet %d)", syntax.Offset))
	}
	return malformed("the body is not JSON")
}

// refuseTwins reads one value and looks for names that come twice.
func refuseTwins(d *json.Decoder, depth int) error {
	start, err := d.Token()
	if err != nil {
		return err
	}
	if start != json.Delim('{') && start != json.Delim('[') {
		return nil
	}
	if depth++; depth > maxDepth {
		return malformed("the body nests too deep")
	}
	names := map[string]bool{}
	for d.More() {
		if start == json.Delim('{') {
			name, err := d.Token()
			if err != nil {
				return err
			}
			folded := strings.ToLower(fmt.Sprint(name))
			if names[folded] {
				return malformed(fmt.Sprintf("field %q is given more than once", clip(fmt.Sprint(name))))
			}
			names[folded] = true
		}
		if err := refuseTwins(d, depth); err != nil {
			return err
		}
	}
	_, err = d.Token() // the end of it
	return err
}

// loneSurrogate looks for an escape of half a character (RFC 8259 §8.2). Only
// strings hold backslashes.
func loneSurrogate(body []byte) bool {
	for i := 0; i < len(body); i++ {
		if body[i] != '\\' {
			continue
		}
		first, ok := escaped(body[i:])
		second, paired := escaped(body[min(i+6, len(body)):])
		switch {
		case !ok:
			i++ // a short escape: what it escapes may be a backslash
		case first < 0xd800 || first > 0xdfff:
			i += 5
		case first <= 0xdbff && paired && second >= 0xdc00 && second <= 0xdfff:
			i += 11
		default:
			return true
		}
	}
	return false
}

// escaped reads \uXXXX at the start of text.
func escaped(text []byte) (unit uint64, ok bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return unit, err == nil
}

// explainJSON says why a value does not fit a type, without quoting it.
func explainJSON(err error, t reflect.Type) (problem string) {
	const unknown = "json: unknown field "
	var typed *json.UnmarshalTypeError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &typed) && typed.Field != "":
		return fmt.Sprintf("holds a field %q that must be %s", clip(typed.Field), wanted(typed.Type))
	case errors.As(err, &typed):
		return "must be " + wanted(typed.Type)
	case strings.HasPrefix(err.Error(), unknown):
		return "holds an unknown field " + clip(strings.TrimPrefix(err.Error(), unknown))
	}
	return "must be " + wanted(t)
}

// clip shortens a name that was sent.
func clip(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}
