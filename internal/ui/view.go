package ui

import (
	"net/http"
	"net/url"
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

// T gives the Japanese or the English sentence.
func (v *View) T(ja, en string) string {
	if v.Lang == English {
		return en // an empty one is meant: a particle has no English
	}
	return ja
}

// Say gives a Text in the reader's language.
func (v *View) Say(t Text) string { return t.In(v.Lang) }

// Switch gives the address of this page in the other language. An answer to a
// post has no address of its own: its switch leads back to the form, or to the
// front page if it is not known.
func (v *View) Switch() string {
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
	q.Set("lang", string(v.Other()))
	return at + "?" + q.Encode()
}

// Other gives the language the page is not in.
func (v *View) Other() Lang {
	if v.Lang == English {
		return Japanese
	}
	return English
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
