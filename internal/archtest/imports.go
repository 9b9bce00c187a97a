package archtest

import (
	"path"
	"slices"
	"strings"
)

// within reports whether a folder is one that a pattern names: "rp" is that
// folder alone, "rp/..." it and all below, "*/db" any folder called db.
func within(dir, pattern string) bool {
	if below, ok := strings.CutSuffix(pattern, "/..."); ok {
		return dir == below || strings.HasPrefix(dir, below+"/")
	}
	if name, ok := strings.CutPrefix(pattern, "*/"); ok {
		return path.Base(dir) == name && dir != name
	}
	return dir == pattern
}

func withinAny(dir string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return within(dir, p) })
}

// house gives the house that a folder belongs to: the one with the longest
// root. Closed ones are left out if whole is true, which gives the
// organisation instead of the single room.
func (p Plan) house(dir string, whole bool) *House {
	var best *House
	for i, h := range p.Houses {
		if (whole && h.Closed) || !within(dir, h.Root+"/...") && dir != h.Root {
			continue
		}
		if best == nil || len(h.Root) > len(best.Root) {
			best = &p.Houses[i]
		}
	}
	return best
}

// room is what a folder of a house is for.
type room string

const (
	roomDomain room = "domain"
	roomRows   room = "rows"  // db
	roomPages  room = "pages" // web, agent
)

func roomOf(dir string) room {
	switch path.Base(dir) {
	case "db":
		return roomRows
	case "web", "agent":
		return roomPages
	}
	return roomDomain
}

// imports finds imports that the plan does not allow.
func (p Plan) imports(s *source) []Violation {
	h := p.house(s.dir, false)
	if h == nil {
		return []Violation{s.at(s.ast.Package, RuleUnplanned, "no line of the plan covers folder %s", s.dir)}
	}
	var found []Violation
	for _, im := range s.imports {
		if im.name == "." {
			found = append(found, s.at(im.pos, RuleDot, "%s", im.path))
		}
		switch {
		case im.local != "":
			if !p.mayImport(h, s, im.local) {
				found = append(found, s.at(im.pos, RuleImport, "%s may not import %s", s.dir, im.local))
			}
		case isStandard(im.path):
			if h.Domain && !s.test && roomOf(s.dir) == roomDomain && slices.Contains(p.NotInDomain, im.path) {
				found = append(found, s.at(im.pos, RuleDomain, "%s is a domain: no %s", s.dir, im.path))
			}
		default:
			found = append(found, p.thirdParty(s, im)...)
		}
	}
	return found
}

// mayImport reports whether a file of house h may import folder to.
func (p Plan) mayImport(h *House, s *source, to string) bool {
	if withinAny(to, p.Everyone) || withinAny(to, h.May) {
		return true
	}
	if s.test {
		if to == s.dir || withinAny(to, h.TestsMay) || withinAny(to, p.TestsMay) {
			return true
		}
		if roomOf(s.dir) == roomPages && !h.Closed && withinAny(to, p.PagesMay) {
			return true
		}
		own := p.house(s.dir, true)
		return own != nil && own == p.house(to, true)
	}
	if h.Closed {
		return false
	}
	own := p.house(to, true) == p.house(s.dir, true)
	switch roomOf(s.dir) {
	case roomRows:
		return own && roomOf(to) == roomDomain || withinAny(to, p.RowsMay)
	case roomPages:
		return own && roomOf(to) != roomRows || withinAny(to, p.PagesMay)
	}
	return own && roomOf(to) == roomDomain
}

// thirdParty finds a third party where it is not let in. Of several lines the most
// specific path counts: a part may be confined more tightly than the whole.
func (p Plan) thirdParty(s *source, im imported) []Violation {
	var line *Confined
	for i, c := range p.Confined {
		if (im.path == c.Path || strings.HasPrefix(im.path, c.Path+"/")) && (line == nil || len(c.Path) > len(line.Path)) {
			line = &p.Confined[i]
		}
	}
	switch {
	case line == nil:
		return []Violation{s.at(im.pos, RuleStranger, "%s is in no line of the plan", im.path)}
	case withinAny(s.dir, line.In), s.test && withinAny(s.dir, line.InTests):
		return nil
	}
	return []Violation{s.at(im.pos, RuleConfined, "%s may not use %s", s.dir, im.path)}
}

// isStandard reports whether an import path is the standard library's: its
// first element has no dot. cgo's "C" is not.
func isStandard(p string) bool {
	first, _, _ := strings.Cut(p, "/")
	return p != "C" && !strings.Contains(first, ".")
}
