package archtest

import "go/ast"

// raced finds goroutines that no test looks at with the race detector: make unit gives
// it the packages that import sync or sync/atomic, in their code or in their tests.
// The stories in a browser are none of its.
func raced(all []*source) []Violation {
	shares := map[string]bool{"e2e": true}
	for _, s := range all {
		for _, im := range s.imports {
			shares[s.dir] = shares[s.dir] || im.path == "sync" || im.path == "sync/atomic"
		}
	}
	var found []Violation
	for _, s := range all {
		if shares[s.dir] {
			continue
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			if g, ok := n.(*ast.GoStmt); ok {
				found = append(found, s.at(g.Pos(), RuleUnraced, "a goroutine, and no import of sync for which make unit would race %s", s.dir))
			}
			return true
		})
	}
	return found
}
