package webtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// ErrorsOf gives the names of a Go file's exported error variables, for a test
// that a table has a line for each.
func ErrorsOf(t testing.TB, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	Must(t, err)
	var names []string
	for _, d := range parsed.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			continue
		}
		for _, s := range g.Specs {
			for _, n := range s.(*ast.ValueSpec).Names {
				if strings.HasPrefix(n.Name, "Err") {
					names = append(names, n.Name)
				}
			}
		}
	}
	return names
}
