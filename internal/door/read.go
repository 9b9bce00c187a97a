package door

import (
	"bytes"
	"encoding"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"
)

// FieldError says what is wrong with one field of a request. It never repeats
// the field's value, which could be a PIN or a key.
type FieldError struct {
	Field   string `json:"field"`
	Problem string `json:"problem"`
}

// Read reads the body of a request into a T: a struct that a JSON object or a
// form fills by the same rules. A field is named by its json tag, else by its Go
// name in lower case, and is matched exactly. What is missing stays zero.
//
//	in, err := door.Read[struct {
//		To     string `json:"to"`
//		Amount int64  `json:"amount"`
//	}](c)
//
// The body must be UTF-8 throughout, escapes included. An unknown field, one
// that is given twice and one of the wrong type are refused, all of them at once:
// as 400 malformed, with a FieldError each in the member fields ("person.name" of an
// object inside), and the detail names the fields that there are. Another media
// type or charset is 415. A body that did not arrive, or is too large, keeps the
// error that says so. A request without a body gives the zero T.
//
// In a form, text is taken as it is, also for a json.RawMessage; a []byte is
// base64 as in JSON; a bool is what a checkbox sends; a slice of strings takes
// repeated fields. Nothing is read from the address.
func Read[T any](c echo.Context) (T, error) {
	var in T
	sent, err := members(c.Request())
	if err != nil {
		return in, err
	}
	var f filling
	f.fill(reflect.ValueOf(&in).Elem(), sent, "")
	if len(f.wrong) == 0 {
		return in, nil
	}
	var zero T
	return zero, f.refusal()
}

// ReadFields reads a body of text fields, as Read does, where their names are not known
// when the code is written.
func ReadFields(c echo.Context, names ...string) (map[string]string, error) {
	sent, err := members(c.Request())
	if err != nil {
		return nil, err
	}
	fields := make([]reflect.StructField, len(names))
	for i, name := range names {
		fields[i] = reflect.StructField{Name: "F" + strconv.Itoa(i), Type: reflect.TypeFor[string](), Tag: reflect.StructTag("json:" + strconv.Quote(name))}
	}
	into := reflect.New(reflect.StructOf(fields)).Elem()
	var f filling
	f.fill(into, sent, "")
	if len(f.wrong) > 0 {
		return nil, f.refusal()
	}
	in := map[string]string{}
	for i, name := range names {
		in[name] = into.Field(i).String()
	}
	return in, nil
}

// filling is a body on its way into a struct: what is wrong with it, and which
// fields there are where one was unknown.
type filling struct {
	wrong []FieldError
	known []string
}

// fill puts members into a struct, which lies under a name in the body.
func (f *filling) fill(into reflect.Value, sent []member, under string) {
	known, unknown := fieldsOf(into.Type()), false
	for _, m := range sent {
		name, problem := under+clip(m.name), "is unknown"
		if at, ok := known[m.name]; ok {
			field := into.FieldByIndex(at)
			if inside, ok := m.inside(field.Type()); ok {
				if field.Kind() == reflect.Pointer {
					field.Set(reflect.New(field.Type().Elem()))
					field = field.Elem()
				}
				f.fill(field, inside, name+".")
				continue
			}
			problem = m.set(field)
		} else {
			unknown = true
		}
		if problem != "" {
			f.wrong = append(f.wrong, FieldError{name, problem})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		if unknown {
			f.known = append(f.known, under+name)
		}
	}
}

// inside gives the members of an object that fills a struct field by field.
func (m member) inside(t reflect.Type) ([]member, bool) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	p := reflect.PointerTo(t)
	own := p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
	if t.Kind() != reflect.Struct || own || m.form != nil || !bytes.HasPrefix(m.raw, []byte("{")) {
		return nil, false
	}
	all, err := objectMembers(m.raw)
	return all, err == nil
}

// refusal is the refusal of a body with fields that are wrong.
func (f *filling) refusal() Problem {
	said := make([]string, len(f.wrong))
	for i, f := range f.wrong {
		said[i] = fmt.Sprintf("%q %s", f.Field, f.Problem)
	}
	p := malformed("the body has fields that cannot be accepted: " + strings.Join(said, "; "))
	p.Extra = map[string]any{"fields": f.wrong}
	if len(f.known) > 0 {
		p.Detail += "; known fields are " + strings.Join(f.known, ", ")
	}
	return p
}

func malformed(detail string) Problem {
	return Problem{Status: http.StatusBadRequest, Code: "malformed", Detail: detail}
}

// member is one field of a body as it came: of a JSON object, or of a form.
type member struct {
	name string
	raw  json.RawMessage
	form []string
}

// members takes a body apart.
func members(r *http.Request) ([]member, error) {
	declared := r.Header.Get("Content-Type")
	if declared == "" && (r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0) {
		return nil, nil
	}
	kind, params, err := mime.ParseMediaType(declared)
	charset, named := params["charset"]
	switch {
	case err != nil || kind != "application/json" && kind != "application/x-www-form-urlencoded":
		return nil, Problem{Status: http.StatusUnsupportedMediaType, Code: "unsupported_media_type", Detail: "the body must be application/json or application/x-www-form-urlencoded"}
	case named && !strings.EqualFold(charset, "utf-8"):
		return nil, Problem{Status: http.StatusUnsupportedMediaType, Code: "unsupported_charset", Detail: "the body must be UTF-8"}
	case kind == "application/json":
		return jsonMembers(r)
	}
	return formMembers(r)
}

func formMembers(r *http.Request) ([]member, error) {
	if err := ParseForm(r); err != nil {
		return nil, err
	}
	var all []member
	for name, values := range r.PostForm {
		if !utf8.ValidString(name) || !utf8.ValidString(strings.Join(values, "")) {
			return nil, malformed("the form is not UTF-8")
		}
		all = append(all, member{name: name, form: values})
	}
	slices.SortFunc(all, func(a, b member) int { return strings.Compare(a.name, b.name) })
	return all, nil
}

func jsonMembers(r *http.Request) ([]member, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, MaxBody+1))
	var known Problem
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &known), errors.As(err, &over):
		return nil, err
	case err != nil:
		return nil, malformed("the body could not be read")
	case len(body) > MaxBody:
		return nil, tooLarge
	}
	if err := CheckJSON(body); err != nil {
		return nil, err
	}
	return objectMembers(body)
}

// objectMembers takes a JSON object apart, which CheckJSON has read.
func objectMembers(body []byte) ([]member, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return nil, malformed("the body must be one JSON object")
	}
	var all []member
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err // CheckJSON has read the same
		}
		m := member{name: name.(string)} // in an object the decoder lets no other key pass
		if err := d.Decode(&m.raw); err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// fieldsOf gives where the fields of a struct are, by their names in a request.
// Those of an embedded struct are its own.
func fieldsOf(t reflect.Type) map[string][]int {
	all := map[string][]int{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case !f.IsExported() || f.Anonymous || name == "-":
			continue
		case name == "":
			name = strings.ToLower(f.Name)
		}
		all[name] = f.Index
	}
	return all
}

// set puts a member into a field, or says what is wrong with it.
func (m member) set(field reflect.Value) (problem string) {
	if m.form != nil {
		return setForm(field, m.form)
	}
	d := json.NewDecoder(bytes.NewReader(m.raw))
	d.DisallowUnknownFields()
	return explainJSON(d.Decode(field.Addr().Interface()), field.Type())
}

var rawJSON = reflect.TypeFor[json.RawMessage]()

// setForm puts the values of a form's field into a field of a struct.
func setForm(field reflect.Value, values []string) (problem string) {
	t := field.Type()
	octets := t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8
	if t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.String {
		all := reflect.MakeSlice(t, len(values), len(values))
		for i, v := range values {
			all.Index(i).SetString(v)
		}
		field.Set(all)
		return ""
	}
	if len(values) != 1 {
		return "is given more than once"
	}
	value := values[0]
	var err error
	switch {
	case t == rawJSON:
		field.SetBytes([]byte(value))
	case octets:
		var b []byte
		b, err = base64.StdEncoding.Strict().DecodeString(value)
		field.SetBytes(b)
	case t.Kind() == reflect.String:
		field.SetString(value)
	case field.CanInt():
		var n int64
		n, err = strconv.ParseInt(value, 10, t.Bits())
		field.SetInt(n)
	case field.CanFloat():
		var n float64
		n, err = strconv.ParseFloat(value, t.Bits())
		field.SetFloat(n)
	case t.Kind() == reflect.Bool:
		return setBool(field, value)
	default:
		return "cannot be sent by a form"
	}
	if err != nil {
		return "must be " + wanted(t)
	}
	return ""
}

// setBool reads what a checkbox sends: "on", or the value that the page gives it.
func setBool(field reflect.Value, value string) (problem string) {
	switch value {
	case "on", "true", "1", "yes":
		field.SetBool(true)
	case "", "false", "0", "no":
		field.SetBool(false)
	default:
		return "must be true or false"
	}
	return ""
}

// Wanted is a type that says of what form its values are in a request: "a day,
// YYYY-MM-DD".
type Wanted interface{ Wanted() string }

// wanted says of what form the values of a type are.
func wanted(t reflect.Type) string {
	if w, ok := reflect.Zero(t).Interface().(Wanted); ok && t.Kind() != reflect.Pointer {
		return w.Wanted()
	}
	switch kind := t.Kind(); {
	case kind == reflect.Pointer:
		return wanted(t.Elem())
	case kind == reflect.String:
		return "text"
	case kind == reflect.Bool:
		return "true or false"
	case kind >= reflect.Int && kind <= reflect.Int64:
		return "a whole number within its bounds"
	case kind == reflect.Float32 || kind == reflect.Float64:
		return "a number"
	case kind == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		return "base64"
	case kind == reflect.Slice && says(t.Elem()):
		return "a list, each " + wanted(t.Elem())
	case kind == reflect.Slice:
		return "a list"
	case kind == reflect.Map && says(t.Key()):
		return "an object, each name " + wanted(t.Key())
	case kind == reflect.Struct || kind == reflect.Map:
		return "an object"
	}
	return "of another form"
}

// says reports whether a type says of what form its values are.
func says(t reflect.Type) bool { return t.Implements(reflect.TypeFor[Wanted]()) }
