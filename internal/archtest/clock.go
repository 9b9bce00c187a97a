package archtest

import (
	"go/ast"
	"slices"
)

// clock finds readings of the wall clock, and tests that sleep. A reading is
// any mention, also as a value. A test may read the clock, to give up in time;
// it may not wait by it.
func (p Plan) clock(s *source) []Violation {
	name := ""
	for _, im := range s.imports {
		if im.path == "time" {
			name = im.name
		}
	}
	if name == "" || name == "_" {
		return nil
	}
	var found []Violation
	ast.Inspect(s.ast, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); !ok || x.Name != name {
			return true
		}
		switch what := sel.Sel.Name; {
		case s.test && what == "Sleep":
			found = append(found, s.at(sel.Pos(), RuleSleep, "wait for what happens, not for time.Sleep"))
		case !s.test && slices.Contains([]string{"Now", "Since", "Until"}, what) && !withinAny(s.dir, p.Clock):
			found = append(found, s.at(sel.Pos(), RuleClock, "time.%s: take a Now func() time.Time", what))
		}
		return true
	})
	return found
}
