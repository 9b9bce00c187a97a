package door_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
)

type entryID string

type inner struct {
	Code  string   `json:"code"`
	Sizes []int    `json:"sizes"`
	Past  *float64 `json:"past"`
}

// colour says how it is written.
type colour string

func (colour) Wanted() string { return "red or blue" }

func (c *colour) UnmarshalText(b []byte) error {
	if *c = colour(b); *c != "red" && *c != "blue" {
		return errors.New("SECRET: " + string(b))
	}
	return nil
}

// painted has objects inside, behind a pointer too, and a type that says how its
// values are written.
type painted struct {
	Colour  colour            `json:"colour"`
	Colours []colour          `json:"colours"`
	By      map[colour]string `json:"by"`
	Inner   inner             `json:"inner"`
	Past    *inner            `json:"past"`
}

func TestObjectsInsideAreReadFieldByField(t *testing.T) {
	got, err := door.Read[painted](sent(asJSON, strings.NewReader(`{"colour":"red","inner":{"code":"a","sizes":[1]},"past":{"code":"b"},"by":{"blue":"x"}}`)))
	want := painted{Colour: "red", Inner: inner{Code: "a", Sizes: []int{1}}, Past: &inner{Code: "b"}, By: map[colour]string{"blue": "x"}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := door.Read[painted](sent(asJSON, strings.NewReader(`{"past":null,"inner":null}`))); err != nil || got.Past != nil {
		t.Errorf("%+v, %v", got, err)
	}
	_, err = door.Read[painted](sent(asJSON, strings.NewReader(`{"color":1,"colour":"SECRET","colours":["SECRET"],"by":{"SECRET":""},"inner":[],"past":{"code":7,"kode":1}}`)))
	var p door.Problem
	wrong := []door.FieldError{
		{"color", "is unknown"}, {"colour", "must be red or blue"}, {"colours", "must be a list, each red or blue"}, {"by", "must be an object, each name red or blue"},
		{"inner", "must be an object"}, {"past.code", "must be text"}, {"past.kode", "is unknown"},
	}
	if !errors.As(err, &p) || !reflect.DeepEqual(p.Extra["fields"], wrong) || strings.Contains(p.Detail, "SECRET") ||
		!strings.HasSuffix(p.Detail, "; known fields are past.code, past.past, past.sizes, by, colour, colours, inner, past") {
		t.Errorf("%v: %+v", err, p.Extra)
	}
}

type base struct {
	ID entryID `json:"id"`
}

// entry has a field of every form that houses ask for.
type entry struct {
	base
	To     string
	Amount int64           `json:"amount"`
	Weight float64         `json:"weight"`
	Sure   bool            `json:"sure"`
	Token  json.RawMessage `json:"token"`
	CMS    []byte
	Faces  []entryID `json:"faces"`
	Inner  inner     `json:"inner"`
	Kept   string    `json:"-"`
}

const (
	asJSON = "application/json"
	asForm = "application/x-www-form-urlencoded"
)

func sent(kind string, body io.Reader) echo.Context {
	r := httptest.NewRequest(http.MethodPost, "/entries?to=address", body)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	return echo.New().NewContext(r, httptest.NewRecorder())
}

func TestAFormAndAnObjectAreReadAlike(t *testing.T) {
	want := entry{
		base: base{"e1"}, To: "0000001", Amount: -5, Weight: 1.5, Sure: true, Token: json.RawMessage(`{"a":1}`),
		CMS: []byte{0, 1, 2}, Faces: []entryID{"tv", "window"},
	}
	for kind, body := range map[string]string{
		asJSON: `{"id":"e1","to":"0000001","amount":-5,"weight":1.5,"sure":true,"token":{"a":1},"cms":"AAEC","faces":["tv","window"]}`,
		asForm: "id=e1&to=0000001&amount=-5&weight=1.5&sure=on&token=%7B%22a%22%3A1%7D&cms=AAEC&faces=tv&faces=window",
	} {
		for _, declared := range []string{kind, kind + "; charset=UTF-8"} {
			got, err := door.Read[entry](sent(declared, strings.NewReader(body)))
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %+v, %v", declared, got, err)
			}
		}
	}
	got, err := door.Read[entry](sent(asJSON, strings.NewReader(`{"inner":{"code":"\ud83d\ude00\\ud800","sizes":[1]}}`)))
	if err != nil || got.Inner.Code != "😀\\ud800" || len(got.Inner.Sizes) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	for _, c := range []echo.Context{sent("", nil), sent(asForm, strings.NewReader("")), sent(asJSON, strings.NewReader("{}"))} {
		if got, err := door.Read[entry](c); err != nil || !reflect.DeepEqual(got, entry{}) {
			t.Errorf("nothing sent: %+v, %v", got, err)
		}
	}
}

func TestWhatCannotBeReadIsRefusedAndNotRepeated(t *testing.T) {
	for _, tc := range []struct {
		name, kind, body string
		status           int
		code, says       string
	}{
		{"text", "text/plain", `{}`, 415, "unsupported_media_type", ""},
		{"no type", "", `{}`, 415, "unsupported_media_type", ""},
		{"another charset", asJSON + "; charset=shift_jis", `{}`, 415, "unsupported_charset", ""},
		{"a form of another charset", asForm + "; charset=euc-jp", "to=1", 415, "unsupported_charset", ""},
		{"nothing", asJSON, ``, 400, "malformed", "not JSON"},
		{"no JSON", asJSON, `to=1`, 400, "malformed", "octet 2"},
		{"a list", asJSON, `[]`, 400, "malformed", "one JSON object"},
		{"null", asJSON, `null`, 400, "malformed", "one JSON object"},
		{"two values", asJSON, `{} {}`, 400, "malformed", "one JSON object"},
		{"a rest", asJSON, `{}}`, 400, "malformed", "one JSON object"},
		{"broken off", asJSON, `{"to":"SECRET`, 400, "malformed", "not JSON"},
		{"a member twice", asJSON, `{"to":"1","To":"2"}`, 400, "malformed", `"To" is given more than once`},
		{"a member twice within", asJSON, `{"inner":{"code":"1","code":"2"}}`, 400, "malformed", `"code" is given more than once`},
		{"nested deep", asJSON, `{"inner":` + strings.Repeat("[", 16) + strings.Repeat("]", 16) + `}`, 400, "malformed", "too deep"},
		{"other octets", asJSON, "{\"to\":\"\xff\"}", 400, "malformed", "not UTF-8"},
		{"half a pair", asJSON, `{"to":"\ud800"}`, 400, "malformed", "surrogate"},
		{"the other half", asJSON, `{"to":"\udc00\ud800"}`, 400, "malformed", "surrogate"},
		{"half a pair and a letter", asJSON, `{"to":"\ud800\u0041"}`, 400, "malformed", "surrogate"},
		{"a form of other octets", asForm, "to=%ff", 400, "malformed", "not UTF-8"},
		{"a broken form", asForm, "to=%zz", 400, "malformed", "form"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := door.Read[entry](sent(tc.kind, strings.NewReader(tc.body)))
			var p door.Problem
			if !errors.As(err, &p) || p.Status != tc.status || p.Code != tc.code || !strings.Contains(p.Detail, tc.says) {
				t.Errorf("%v: want %d %s %q", err, tc.status, tc.code, tc.says)
			}
			if !reflect.DeepEqual(got, entry{}) {
				t.Errorf("a part is given: %+v", got)
			}
		})
	}
}

func TestEverythingThatIsWrongIsToldAtOnce(t *testing.T) {
	for _, tc := range []struct {
		kind, body string
		want       []door.FieldError
	}{
		{asJSON, `{"amount":"SECRET","from":"SECRET","to":7,"weight":[],"sure":"SECRET","cms":"?","kept":"","Inner":{}}`, []door.FieldError{
			{"amount", "must be a whole number within its bounds"}, {"from", "is unknown"}, {"to", "must be text"}, {"weight", "must be a number"},
			{"sure", "must be true or false"}, {"cms", "must be base64"}, {"kept", "is unknown"}, {"Inner", "is unknown"},
		}},
		{asJSON, `{"amount":1.5,"inner":{"other":"SECRET"},"faces":["tv",7]}`, []door.FieldError{
			{"amount", "must be a whole number within its bounds"}, {"inner.other", "is unknown"}, {"faces", "must be text"},
		}},
		{asJSON, `{"amount":9223372036854775808,"inner":{"sizes":["SECRET"]}}`, []door.FieldError{
			{"amount", "must be a whole number within its bounds"}, {"inner.sizes", "must be a whole number within its bounds"},
		}},
		{asForm, "amount=SECRET&from=SECRET&to=1&to=2&weight=&sure=SECRET&cms=%3F&inner=SECRET", []door.FieldError{
			{"amount", "must be a whole number within its bounds"}, {"cms", "must be base64"}, {"from", "is unknown"}, {"inner", "cannot be sent by a form"},
			{"sure", "must be true or false"}, {"to", "is given more than once"}, {"weight", "must be a number"},
		}},
		{asForm, strings.Repeat("n", 100) + "=SECRET", []door.FieldError{{strings.Repeat("n", 60) + "…", "is unknown"}}},
	} {
		_, err := door.Read[entry](sent(tc.kind, strings.NewReader(tc.body)))
		var p door.Problem
		if !errors.As(err, &p) || p.Status != 400 || p.Code != "malformed" || !reflect.DeepEqual(p.Extra["fields"], tc.want) {
			t.Errorf("%s: %v\n%+v\nwant %+v", tc.body, err, p.Extra, tc.want)
		}
		if strings.Contains(p.Detail, "SECRET") {
			t.Errorf("a value is repeated: %s", p.Detail)
		}
	}
}

// A body that does not arrive is told as what it is: neither as wrong JSON nor as
// an empty form.
func TestABodyThatDoesNotArriveIsNoMalformedOne(t *testing.T) {
	for _, cause := range []error{door.Problem{Status: http.StatusRequestTimeout, Code: "too_slow"}, &http.MaxBytesError{Limit: 5}} {
		for _, kind := range []string{asJSON, asForm} {
			_, err := door.Read[entry](sent(kind, io.MultiReader(strings.NewReader(`{"to":"`), failing{cause})))
			if err == nil || err.Error() != cause.Error() {
				t.Errorf("%s: %v: want %v", kind, err, cause)
			}
		}
	}
	var p door.Problem
	if _, err := door.Read[entry](sent(asJSON, strings.NewReader(strings.Repeat(" ", door.MaxBody+1)))); !errors.As(err, &p) || p.Status != 413 {
		t.Errorf("one octet more than fits: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func FuzzRead(f *testing.F) {
	f.Add(asJSON, `{"to":"1","inner":{"sizes":[1]}}`)
	f.Add(asForm, "to=1&faces=a&faces=b")
	f.Fuzz(func(t *testing.T, kind, body string) {
		got, err := door.Read[entry](sent(kind, strings.NewReader(body)))
		if err != nil && !reflect.DeepEqual(got, entry{}) {
			t.Errorf("%q is refused and read: %+v, %v", body, got, err)
		}
	})
}

func TestAnAnswerIsForWhoAsks(t *testing.T) {
	drawn := door.Shown(func(c echo.Context) error { return c.HTML(http.StatusOK, "<p>drawn</p>") })
	for _, tc := range []struct {
		name, accept, kind string
		status             int
		v                  any
		page               door.Page
		want               int
		body, location     string
	}{
		{"a browser", "text/html,*/*;q=0.8", asForm, 201, 1, door.See("/made/1"), 303, "", "/made/1"},
		{"a browser that sees a page", "text/html", asForm, 200, 1, drawn, 200, "<p>drawn</p>", ""},
		{"who says nothing", "", asForm, 200, 1, drawn, 200, "<p>drawn</p>", ""},
		{"who takes anything", "*/*", "", 200, 1, drawn, 200, "<p>drawn</p>", ""},
		{"who prefers a page", "text/html, application/json", "", 200, 1, drawn, 200, "<p>drawn</p>", ""},
		{"a program", asJSON, "", 201, map[string]int{"n": 1}, door.See("/made/1?greet"), 201, `{"n":1}`, "/made/1"},
		{"a program that sends JSON", "*/*", asJSON, 200, map[string]int{"n": 1}, door.See("/made/1"), 200, `{"n":1}`, ""},
		{"who prefers JSON", "text/html;q=0.5, application/json", "", 200, map[string]int{"n": 1}, drawn, 200, `{"n":1}`, ""},
		{"a program that is told nothing", asJSON, "", 200, nil, door.See("/"), 204, "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/", nil)
			r.Header.Set("Accept", tc.accept)
			r.Header.Set("Content-Type", tc.kind)
			w := httptest.NewRecorder()
			if err := door.Answer(echo.New().NewContext(r, w), tc.status, tc.v, tc.page); err != nil {
				t.Fatal(err)
			}
			if w.Code != tc.want || strings.TrimSpace(w.Body.String()) != tc.body || w.Header().Get("Location") != tc.location {
				t.Errorf("%d %q, Location %q: want %d %q %q", w.Code, w.Body, w.Header().Get("Location"), tc.want, tc.body, tc.location)
			}
		})
	}
}
