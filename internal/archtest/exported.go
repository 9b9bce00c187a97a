package archtest

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// exported finds exported names of the public packages whose type mentions a
// package that outsiders cannot, or should not have to, import.
func (p Plan) exported(all []*source) []Violation {
	var found []Violation
	for _, public := range p.Public {
		api := &surface{plan: p, hidden: map[string]hidden{}, seen: map[ast.Node]bool{}}
		var files []*source
		for _, s := range all {
			if s.dir == public && !s.test {
				files = append(files, s)
				api.learn(s)
			}
		}
		for _, s := range files {
			for _, d := range s.ast.Decls {
				api.declaration(s, d)
			}
		}
		found = append(found, api.found...)
	}
	return found
}

// surface walks what a public package shows.
type surface struct {
	plan   Plan
	hidden map[string]hidden // the package's unexported types, which exported names may lead to
	seen   map[ast.Node]bool
	found  []Violation
}

type hidden struct {
	in   *source
	spec *ast.TypeSpec
}

func (a *surface) learn(s *source) {
	for _, d := range s.ast.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.TYPE {
			continue
		}
		for _, spec := range g.Specs {
			if t := spec.(*ast.TypeSpec); !t.Name.IsExported() {
				a.hidden[t.Name.Name] = hidden{s, t}
			}
		}
	}
}

func (a *surface) declaration(s *source, d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && (d.Recv == nil || exportedReceiver(d.Recv)) {
			a.mention(s, d.Name.Name, d.Type)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if spec.Name.IsExported() {
					a.mention(s, spec.Name.Name, spec.TypeParams)
					a.mention(s, spec.Name.Name, spec.Type)
				}
			case *ast.ValueSpec:
				a.value(s, spec)
			}
		}
	}
}

// value looks at an exported variable or constant: its type, or, if that is
// left to be inferred, the whole of what it is set to.
func (a *surface) value(s *source, spec *ast.ValueSpec) {
	i := slices.IndexFunc(spec.Names, func(n *ast.Ident) bool { return n.IsExported() })
	if i < 0 {
		return
	}
	if spec.Type != nil {
		a.mention(s, spec.Names[i].Name, spec.Type)
		return
	}
	for _, v := range spec.Values {
		a.mention(s, spec.Names[i].Name, v)
	}
}

func exportedReceiver(r *ast.FieldList) bool {
	t := r.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return false
		}
	}
}

// mention reports every confined package that a type leads to. It follows
// unexported types of the same package, for an alias or an embedded struct
// shows what it stands for; it does not look into function bodies and
// unexported fields and methods, which show nothing.
func (a *surface) mention(s *source, name string, n ast.Node) {
	if n == nil || a.seen[n] {
		return
	}
	if list, ok := n.(*ast.FieldList); ok && list == nil {
		return
	}
	a.seen[n] = true
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			return false
		case *ast.StructType:
			a.members(s, name, n.Fields)
			return false
		case *ast.InterfaceType:
			a.members(s, name, n.Methods)
			return false
		case *ast.Field:
			a.mention(s, name, n.Type)
			return false
		case *ast.SelectorExpr:
			x, ok := n.X.(*ast.Ident)
			if !ok {
				return true
			}
			if from := a.confined(s, x.Name); from != "" {
				a.found = append(a.found, s.at(n.Pos(), RuleExported, "%s mentions %s.%s of %s", name, x.Name, n.Sel.Name, from))
			}
			return false
		case *ast.Ident:
			if h, ok := a.hidden[n.Name]; ok {
				a.mention(h.in, name, h.spec.Type)
			}
		}
		return true
	})
}

// members looks at the exported and the embedded ones.
func (a *surface) members(s *source, name string, list *ast.FieldList) {
	for _, f := range list.List {
		shown := len(f.Names) == 0 || slices.ContainsFunc(f.Names, func(n *ast.Ident) bool { return n.IsExported() })
		if shown {
			a.mention(s, name, f.Type)
		}
	}
}

// confined gives the path behind a file's name for a package, if nothing
// public may mention it.
func (a *surface) confined(s *source, name string) string {
	for _, im := range s.imports {
		if im.name != name {
			continue
		}
		if strings.HasPrefix(im.local, "internal/") || strings.Contains(im.local, "/internal/") {
			return im.path
		}
		for _, never := range a.plan.NotPublic {
			if im.path == never || strings.HasPrefix(im.path, never+"/") {
				return im.path
			}
		}
	}
	return ""
}
