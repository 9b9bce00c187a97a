// Package archtest holds the plan of the house to the source: who may import
// whom, where third parties are let in, who reads the wall clock, what an
// exported name may mention, and how much may stand in one place. It parses
// source and runs nothing, so it sees the files of every build constraint.
//
// The plan itself is table.go. A package that no line of it covers is a
// violation too: a new room is a decision.
package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Rule names what was broken.
type Rule string

// The rules.
const (
	RuleUnplanned Rule = "unplanned"    // a package that the plan does not know
	RuleImport    Rule = "import"       // a house imports what it may not
	RuleConfined  Rule = "confined"     // a third party outside the rooms that it is let into
	RuleStranger  Rule = "stranger"     // a third party that the plan does not know
	RuleDomain    Rule = "domain"       // a domain that knows of HTTP, templates or SQL
	RuleClock     Rule = "clock"        // the wall clock is read
	RuleSleep     Rule = "sleep"        // a test that sleeps
	RuleExported  Rule = "exported"     // an exported name mentions a type of a confined package
	RuleDot       Rule = "dot import"   // names whose package cannot be seen
	RuleInit      Rule = "init"         // code that runs because it is imported
	RuleUnraced   Rule = "unraced"      // a goroutine where the race detector does not look
	RuleUnread    Rule = "cannot parse" // a file that is not Go
	RuleFunction  Rule = "function"     // a function that is too long
	RulePackage   Rule = "package"      // a package that is too large
	RuleRoot      Rule = "root"         // a house's root that is too large
	RuleTemplate  Rule = "template"     // a line of a template that is too long
)

// Violation is one place where the source departs from the plan.
type Violation struct {
	File string // from the root, with slashes
	Line int
	Rule Rule
	Text string
}

// String gives file:line: rule: text, which editors understand.
func (v Violation) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", v.File, v.Line, v.Rule, v.Text)
}

// source is one parsed file.
type source struct {
	file    string // from the root
	dir     string // its package's folder; "." for the root
	test    bool
	fset    *token.FileSet
	ast     *ast.File
	imports []imported
}

type imported struct {
	path string
	// local is "" for a package of elsewhere, else the folder in this module.
	local string
	// name is how the file calls it; "." and "_" as written.
	name string
	pos  token.Pos
}

// Check gives the violations in the tree at root, whose module path is module,
// in the order of files.
func Check(root, module string, plan Plan) ([]Violation, error) {
	all, unread, err := read(root, module)
	if err != nil {
		return nil, err
	}
	found := unread
	for _, s := range all {
		found = append(found, plan.imports(s)...)
		found = append(found, plan.clock(s)...)
		found = append(found, initOf(s)...)
	}
	found = append(found, plan.exported(all)...)
	found = append(found, raced(all)...)
	large, err := plan.sizes(root, all)
	if err != nil {
		return nil, err
	}
	found = append(found, large...)
	slices.SortStableFunc(found, func(a, b Violation) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
	return slices.Compact(found), nil
}

// read parses every Go file that the go command would look at.
func read(root, module string) ([]*source, []Violation, error) {
	var all []*source
	var unread []Violation
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := d.Name()
		if d.IsDir() {
			if name != root && skipped(base) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") || base[0] == '.' || base[0] == '_' {
			return nil
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		s, err := parse(name, filepath.ToSlash(rel), module)
		if os.IsNotExist(err) {
			return nil // gone since the folder was listed
		}
		if err != nil {
			unread = append(unread, Violation{File: filepath.ToSlash(rel), Line: 1, Rule: RuleUnread, Text: err.Error()})
			return nil
		}
		all = append(all, s)
		return nil
	})
	return all, unread, err
}

func parse(name, rel, module string) (*source, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	s := &source{file: rel, dir: path.Dir(rel), test: strings.HasSuffix(rel, "_test.go"), fset: fset, ast: f}
	for _, spec := range f.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		im := imported{path: p, name: defaultName(p), pos: spec.Pos()}
		if spec.Name != nil {
			im.name = spec.Name.Name
		}
		if p == module {
			im.local = "."
		} else if rest, ok := strings.CutPrefix(p, module+"/"); ok {
			im.local = rest
		}
		s.imports = append(s.imports, im)
	}
	return s, nil
}

// defaultName guesses a package's name from its path: the last element that is
// not a major version, without ".v3" and "go-".
func defaultName(p string) string {
	base := path.Base(p)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
		base = path.Base(path.Dir(p))
	}
	base, _, _ = strings.Cut(base, ".")
	return strings.TrimPrefix(base, "go-")
}

func (s *source) at(pos token.Pos, rule Rule, format string, args ...any) Violation {
	return Violation{File: s.file, Line: s.fset.Position(pos).Line, Rule: rule, Text: fmt.Sprintf(format, args...)}
}

// initOf finds init functions: what runs must be seen where it is called.
func initOf(s *source) []Violation {
	var found []Violation
	for _, d := range s.ast.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
			found = append(found, s.at(f.Pos(), RuleInit, "call it where it is needed"))
		}
	}
	return found
}
