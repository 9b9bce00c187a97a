package rpweb

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
)

// Groups are the codes of all houses that a route can name together: what the kit finds of a
// signature, and of a sign-in.
func Groups() map[string]string {
	of := func(without ...string) string {
		all := slices.DeleteFunc(rp.Codes(), func(code string) bool { return slices.Contains(without, code) })
		return strings.Join(all, " ")
	}
	return map[string]string{
		"signature": of("origin", "challenge_expired", "challenge_used", "busy", "draft_expired"),
		"signin":    of("draft_expired", "tampered", "signer_identifier"),
	}
}

// Codes lists what a house refuses for its API: first what all houses share, in this house's
// words.
func (t Table[W]) Codes() (all []openapi.Code) {
	for _, code := range slices.Sorted(maps.Keys(sharedSayings)) {
		say, ok := t.Words[code]
		if !ok {
			say = sharedSayings[code]
		}
		means := sharedMeanings[code]
		if rule := rp.Rule(code); rule != nil {
			means = sentence(rule)
		}
		all = append(all, openapi.Code{Code: code, Status: status(code), Means: means, Say: say.told()})
	}
	return append(all, t.OwnCodes()...)
}

// OwnCodes lists the rules of the house alone.
func (t Table[W]) OwnCodes() (all []openapi.Code) {
	for _, r := range t.Own {
		all = append(all, r.API())
	}
	return all
}

// API gives the refusal for a house's API.
func (r Refusal[W]) API() openapi.Code {
	return openapi.Code{Code: r.Code, Status: r.Status, Means: sentence(r.Is), Say: r.Say.told()}
}

// told is what happened and what to do, without the reasons.
func (s Saying) told() ui.Text {
	return ui.Text{JA: s.Title.JA + "。" + s.Do.JA, EN: s.Title.EN + ". " + s.Do.EN}
}

// sentence gives an error's text without the packages before it.
func sentence(err error) string {
	text := err.Error()
	for {
		before, rest, ok := strings.Cut(text, ": ")
		if !ok || strings.ContainsAny(before, " ") {
			return text
		}
		text = cmp.Or(rest, text)
	}
}

// sharedMeanings are those of this package's own codes.
var sharedMeanings = map[string]string{
	"no_challenge": "no challenge was asked for in this session, or it was answered before",
	"no_presence":  "the answer of a card at a terminal has no presence token: nothing watches the card",
}
