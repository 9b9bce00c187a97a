package ui

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// View is the dot of every template.
type View struct {
	Site  Site
	Lang  Lang
	Title Text
	Path  string // the request's path, to mark the current place in the navigation
	// Face is the body's class for the shape of the page: "" (window), "bare"
	// (no navigation: the card agent's window), "kiosk", "tv".
	Face string
	// User is who is signed in, for the header; empty for nobody.
	User string
	// Town is what every page says of the town.
	Town Town
	// SignOut is where the header's sign-out button posts to.
	SignOut string
	Data    any
	request *http.Request
	form    func() *url.URL // see Form
}

// T gives the sentence in the reader's language. An empty English one is meant: a particle
// has no English.
func (v *View) T(ja, en string) string { return v.Lang.say(ja, en) }

// Say gives a Text in the reader's language.
func (v *View) Say(t Text) string { return t.In(v.Lang) }

// Written gives a Text as it is written to be kept, as into a field of a form.
func (v *View) Written(t Text) string { return t.In(v.Lang.Written()) }

// Choice is a language that the page can be read in.
type Choice struct {
	Lang    Lang
	Name    string // in that language
	Href    string
	Current bool
}

// Languages are what the page can be read in, with its address in each. An answer to a
// post has no address of its own: it leads back to the form, or to the front page if the
// form is not known.
func (v *View) Languages() []Choice {
	u := v.request.URL
	if v.request.Method != http.MethodGet && v.request.Method != http.MethodHead {
		u = &url.URL{}
		if v.form != nil {
			if form := v.form(); form != nil {
				u = form
			}
		}
	}
	at, q := "/"+strings.TrimLeft(u.EscapedPath(), `/\`), u.Query() // never "//", which names another host
	all := []Choice{{Lang: Japanese, Name: nameJA}, {Lang: Easy, Name: nameEasy}, {Lang: English, Name: nameEN}}
	for i := range all {
		q.Set("lang", string(all[i].Lang))
		all[i].Href, all[i].Current = at+"?"+q.Encode(), all[i].Lang == v.Lang
	}
	return all
}

// Next is the language after the page's own, for a remote control that has one key for it.
func (v *View) Next() Choice {
	all := v.Languages()
	at := slices.IndexFunc(all, func(c Choice) bool { return c.Current })
	return all[(at+1)%len(all)]
}

// Date gives a day by Japanese civil time.
func (v *View) Date(t time.Time) string { return v.Say(Day(t)) }

// Moment gives a day and time by Japanese civil time, to the second.
func (v *View) Moment(t time.Time) string { return v.Say(Second(t)) }

// Clock gives the simulated time for the footer.
func (v *View) Clock() string { return v.Moment(v.Site.Now()) }

// Thousands sets the thousands of a decimal number apart; it may have a sign and
// a point.
func Thousands(n string) string {
	whole, part, point := strings.Cut(n, ".")
	whole, negative := strings.CutPrefix(whole, "-")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if negative {
		whole = "-" + whole
	}
	if point {
		whole += "." + part
	}
	return whole
}

// Count gives a number of things with its thousands set apart.
func (v *View) Count(n int) string { return Thousands(strconv.Itoa(n)) }

// Yen gives an amount with its thousands set apart and its unit.
func (v *View) Yen(n int64) string {
	s := Thousands(strconv.FormatInt(n, 10))
	if v.Lang == English {
		return yenSignEN + s
	}
	return s + yenUnitJA
}
