package openapi

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"example.jp/jpkimock/internal/ui"
)

// API is what a house answers to programs.
type API struct {
	Title, About string
	Routes       []Route
	// Pages are the addresses that are for people alone, or that another document
	// describes: "GET /help"; "/partner/*" for every method and all below, where a house has it.
	Pages []string
	// Sessions are the cookies that hold a session, by the name that Route.Who gives it.
	Sessions map[string]string
	// Keys are the keys that open interfaces, by the name that Route.Who gives them, with
	// where they come from.
	Keys map[string]string
	// Codes are what the house refuses with, beside what every door does.
	Codes []Code
	// Groups are codes that routes name together, as "@card".
	Groups map[string]string
	// Params say what a part of an address is, by its name.
	Params map[string]string
	// Examples is JSON, an object of Example by Route.At.
	Examples []byte
}

// Route is one method at one address.
type Route struct {
	// At is method and path as the router has them: "GET /accounts/:no".
	At string
	// Does is a sentence: "Sends money to another account".
	Does string
	// More is said besides, in Markdown.
	More string
	// Who may ask: "" for everybody, or a name in API.Sessions or API.Keys.
	Who string
	// Query and Header are what goes beside the body.
	Query, Header Members
	// In is a sample of the request's body, nil for none; InType its media type, else JSON.
	In     any
	InType string
	// Out is a sample of the answer; nil for 204 if there is no OutType either.
	Out     any
	OutType string // its media type, else JSON
	Status  int    // of the answer: else 200, or 204
	// Codes are those of the refusals that this address has for itself, and names of
	// groups, with spaces between.
	Codes string
}

// Members is a sample of an object by its members: one whose name ends in "?" may be left out.
type Members map[string]any

// List is a sample of a list, each of whose entries is like Of.
type List struct{ Of any }

// Map is a sample of an object whose members, of any name, are each like Of.
type Map struct{ Of any }

// OneOf is a text that is one of these.
type OneOf []string

// Said is a sample with a sentence about it.
type Said struct {
	Of    any
	About string
}

// Code is a reason for a refusal, as it leaves in a problem.
type Code struct {
	Code   string
	Status int
	// Means says to who integrates what happened.
	Means string
	// Say is what people are told; empty where the fault is the program's.
	Say ui.Text
	// Common: every door refuses so.
	Common bool
}

// Example is a call in a running town.
type Example struct {
	In  any `json:"in,omitempty"`
	Out any `json:"out,omitempty"`
}

// method and path of a route.
func (r Route) at() (method, path string) {
	method, path, _ = strings.Cut(r.At, " ")
	return method, path
}

// status gives the status of a good answer.
func (r Route) status() int {
	switch {
	case r.Status != 0:
		return r.Status
	case r.Out == nil && r.OutType == "":
		return http.StatusNoContent
	}
	return http.StatusOK
}

// With returns the API with what a room of the house adds.
func (a API) With(room API) API {
	a.Routes = slices.Concat(a.Routes, room.Routes)
	a.Pages = slices.Concat(a.Pages, room.Pages)
	a.Codes = slices.Clone(a.Codes)
	for _, c := range room.Codes {
		if !slices.Contains(a.Codes, c) { // rooms of one kind refuse alike
			a.Codes = append(a.Codes, c)
		}
	}
	a.Keys, a.Sessions = joined(a.Keys, room.Keys), joined(a.Sessions, room.Sessions)
	a.Groups, a.Params = joined(a.Groups, room.Groups), joined(a.Params, room.Params)
	return a
}

func joined(a, b map[string]string) map[string]string {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, b)
	return all
}

// Check compares the table with the router's routes, each "GET /help": what answers must be
// in it or be named as a page, and what it names must answer.
func (a API) Check(routes []string) error {
	named := map[string]bool{}
	for _, r := range a.Routes {
		if named[r.At] {
			return fmt.Errorf("openapi: %s: %s is there twice", a.Title, r.At)
		}
		named[r.At] = true
	}
	for _, p := range a.Pages {
		named[p] = true
	}
	var unknown []string
	there := map[string]bool{}
	for _, at := range routes {
		method, path, _ := strings.Cut(at, " ")
		there[at], there[path] = true, true
		if method != http.MethodHead && !named[at] && !named[path] && !a.page(path) {
			unknown = append(unknown, at)
		}
	}
	for at := range named {
		if !there[at] && !strings.HasSuffix(at, "/*") {
			unknown = append(unknown, at+" (which nothing answers)")
		}
	}
	if len(unknown) > 0 {
		slices.Sort(unknown)
		return fmt.Errorf("openapi: %s: neither in the table nor a page: %s", a.Title, strings.Join(unknown, ", "))
	}
	return nil
}

// page reports a path below one that is named with "/*".
func (a API) page(path string) bool {
	return slices.ContainsFunc(a.Pages, func(p string) bool {
		under, all := strings.CutSuffix(p, "*")
		return all && strings.HasPrefix(path, under)
	})
}

// common adds what every door refuses: unlocked is what a route refuses for which a key is
// wanted, and unread one with a body, where they name no such code themselves.
func (a API) common(all []Code, unlocked, unread string) API {
	a.Codes = slices.Clone(a.Codes)
	for _, c := range all {
		c.Common = true
		if !slices.ContainsFunc(a.Codes, func(own Code) bool { return own.Code == c.Code && own.Status == c.Status }) {
			a.Codes = append(a.Codes, c)
		}
	}
	a.Routes = slices.Clone(a.Routes)
	for i, r := range a.Routes {
		add := ""
		if a.Keys[r.Who] != "" {
			add = unlocked
		}
		if r.In != nil && r.InType == "" {
			add += " " + unread
		}
		for _, code := range strings.Fields(add) {
			if !slices.Contains(strings.Fields(r.Codes), code) {
				a.Routes[i].Codes += " " + code
			}
		}
	}
	return a
}

// codes gives the codes that a route names, groups taken apart.
func (a API) codes(names string) (all []Code, err error) {
	for _, name := range strings.Fields(names) {
		if group, ok := strings.CutPrefix(name, "@"); ok {
			in, err := a.codes(a.Groups[group])
			if err == nil && len(in) == 0 {
				err = errors.New("it has no codes")
			}
			if err != nil {
				return nil, fmt.Errorf("openapi: %s: group %s: %w", a.Title, name, err)
			}
			for _, c := range in {
				if !slices.Contains(all, c) {
					all = append(all, c)
				}
			}
			continue
		}
		found := false
		for _, c := range a.Codes {
			if c.Code != name {
				continue
			}
			found = true
			if !slices.Contains(all, c) {
				all = append(all, c)
			}
		}
		if !found {
			return nil, fmt.Errorf("openapi: %s: no code %s", a.Title, name)
		}
	}
	return all, nil
}
