package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/shown"
	"example.jp/jpkimock/internal/ui"
)

// Field is a field of a form, as the page draws it.
type Field struct {
	Name     string
	Shape    string // text, day, number, select, kinds, long, why
	Label    ui.Text
	Hint     ui.Text
	Required bool
	Extra    bool // folded away: substitute characters
	Value    string
	Values   []string
	Options  []Option
	Error    *ui.Text
}

// Needed gives the field as one that must be filled in.
func (f Field) Needed() Field {
	f.Required = true
	return f
}

// Option is a choice of a field.
type Option struct {
	Value  string
	Text   ui.Text
	Chosen bool
}

// Form is what was typed and what is wrong with it.
type Form struct {
	values url.Values
	errors map[string]ui.Text
}

// NewForm gives a form that is filled in with values, or empty for nil.
func NewForm(values url.Values) *Form { return &Form{values: values, errors: map[string]ui.Text{}} }

// Posted gives the form that a request posts.
func Posted(c echo.Context) *Form { return NewForm(c.Request().PostForm) }

// Wrong reports whether anything in the form is wrong.
func (f *Form) Wrong() bool { return len(f.errors) > 0 }

func (f *Form) status() int {
	if f.Wrong() {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// Text reads a field of one line.
func (f *Form) Text(name string) string {
	s, ok := OneLine(f.values.Get(name))
	if !ok {
		f.Say(name, fieldWords(""))
	}
	return s
}

// Needed reads a field that must be filled in.
func (f *Form) Needed(name string) string {
	s := f.Text(name)
	if s == "" {
		f.Fail(name)
	}
	return s
}

// Day reads a field with a day; the zero day if it is empty.
func (f *Form) Day(name string) jpki.DateOfBirth {
	s := f.Text(name)
	d, ok := ParseDay(s)
	if s != "" && !ok {
		f.Fail(name)
	}
	return d
}

// Seen gives the version of what the form's page showed.
func (f *Form) Seen() shown.Version { return shown.Version(f.values.Get("seen")) }

// Kinds reads which certificates an act is about; at least one is chosen.
func (f *Form) Kinds() []jpki.Kind {
	var kinds []jpki.Kind
	for _, s := range f.values["kinds"] {
		if kind, err := jpki.ParseKind(s); err == nil && !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	if len(kinds) == 0 {
		f.Fail("kinds")
	}
	return kinds
}

// Fail says what is wanted in a field, unless something was said of it already.
func (f *Form) Fail(name string) { f.Say(name, fieldWords(name)) }

// Say says what is wrong with a field, unless something was said of it already.
func (f *Form) Say(name string, what ui.Text) {
	if _, told := f.errors[name]; !told {
		f.errors[name] = what
	}
}

// Refused reports whether err refuses fields, and says so at the form's fields for
// those that the domain names.
func (f *Form) Refused(err error, fieldOf func(domain string) string) bool {
	wrong := desk.Wrong(err)
	for _, w := range wrong {
		f.errors[fieldOf(w.Field)] = fieldWords(strings.TrimPrefix(w.Field, "basicFour."))
	}
	return len(wrong) > 0
}

// Error gives what is wrong with a field, or nil.
func (f *Form) Error(name string) *ui.Text {
	if say, ok := f.errors[name]; ok {
		return &say
	}
	return nil
}

// Filled gives the fields with what was typed and what is wrong.
func (f *Form) Filled(fields ...Field) []Field {
	for i := range fields {
		x := &fields[i]
		if typed, ok := f.values[x.Name]; ok {
			x.Value, x.Values = f.values.Get(x.Name), typed
			x.Options = slices.Clone(x.Options)
			for j, option := range x.Options {
				x.Options[j].Chosen = slices.Contains(typed, option.Value)
			}
		}
		if x.Error = f.Error(x.Name); x.Error != nil {
			x.Extra = false
		}
	}
	return fields
}
