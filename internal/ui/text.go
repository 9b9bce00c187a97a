package ui

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/cookie"
	"example.jp/jpkimock/internal/ui/easy"
)

// Lang is the language of a page.
type Lang string

// The languages. Japanese is shown unless the reader or the browser chose otherwise.
//
// Easy is やさしい日本語. Its tag is of BCP 47: "simple" is a registered variant subtag
// (simplified form), so that browsers and screen readers still take it for Japanese. It
// is known by "ja-easy" as well, which is easier to guess.
const (
	Japanese Lang = "ja"
	Easy     Lang = "ja-simple"
	English  Lang = "en"
)

// LangNamed gives the language of a tag; "" for another language. Case does not matter.
func LangNamed(tag string) Lang {
	switch l := Lang(strings.ToLower(tag)); l {
	case Japanese, Easy, English:
		return l
	case "ja-easy":
		return Easy
	}
	return ""
}

// Written is the language of what is written to be kept, as a document or a download: the
// ordinary Japanese for Easy.
func (l Lang) Written() Lang {
	if l == Easy {
		return Japanese
	}
	return l
}

// langCookie is shared by all houses on a host, so that a choice made in one
// holds in the next.
var langCookie = cookie.Cookie{Name: "jpkimock_lang", Life: 365 * 24 * time.Hour}

// Text is one sentence in Japanese and English; package easy has it in easy Japanese.
type Text struct{ JA, EN string }

// In gives the sentence in a language; a missing English or easy one falls back to
// Japanese.
func (t Text) In(l Lang) string {
	if l == English && t.EN == "" {
		return t.JA
	}
	return l.say(t.JA, t.EN)
}

func (l Lang) say(ja, en string) string {
	switch l {
	case English:
		return en
	case Easy:
		return easy.Say(ja)
	}
	return ja
}

// Blanks are what a sentence leaves open, by their names in it: "{at}".
type Blanks map[string]Text

// Fill fills them in. A blank that b has no words for stays as it is.
func (b Blanks) Fill(t Text) Text {
	var ja, en []string
	for name, words := range b {
		ja, en = append(ja, name, words.JA), append(en, name, words.In(English))
	}
	return Text{JA: strings.NewReplacer(ja...).Replace(t.JA), EN: strings.NewReplacer(en...).Replace(t.EN)}
}

// LangOf gives the language of a request: the query's lang, else the cookie's,
// else the one that the browser prefers, else Japanese.
func LangOf(c echo.Context) Lang {
	if l := LangNamed(c.QueryParam("lang")); l != "" {
		return l
	}
	if l := LangNamed(langCookie.Get(c)); l != "" {
		return l
	}
	return preferred(c.Request().Header.Values("Accept-Language"))
}

// preferred reads Accept-Language (RFC 9110 §12.5.4): the first of the
// languages with the greatest weight, whatever its region. Japanese if it names
// neither.
func preferred(fields []string) Lang {
	best, weight := Japanese, 0.0
	for _, part := range strings.Split(strings.Join(fields, ","), ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		tag = strings.TrimSpace(tag)
		primary, _, _ := strings.Cut(tag, "-")
		q := 1.0
		if text, given := strings.CutPrefix(strings.TrimSpace(params), "q="); given {
			q, _ = strconv.ParseFloat(text, 64) // one that cannot be read is 0
		}
		if l := cmp.Or(LangNamed(tag), LangNamed(primary)); l != "" && q > weight {
			best, weight = l, q
		}
	}
	return best
}

// KeepLang keeps a language that was chosen in the address over a redirect, which shows no
// page: as to a sign-in, which would forget it.
func KeepLang(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Before(func() {
			if status := c.Response().Status; status >= 300 && status < 400 {
				rememberLang(c)
			}
		})
		return next(c)
	}
}

// rememberLang keeps a choice made in the query.
func rememberLang(c echo.Context) {
	if l := LangNamed(c.QueryParam("lang")); l != "" {
		langCookie.Set(c, string(l))
	}
}
