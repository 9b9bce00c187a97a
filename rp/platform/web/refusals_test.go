package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/platform"
)

// errorsOf gives the names of a file's exported error variables.
func errorsOf(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
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

func TestEveryErrorThatAPersonCanMeetHasALineInTheTable(t *testing.T) {
	table, err := os.ReadFile("refusals.go")
	if err != nil {
		t.Fatal(err)
	}
	// These are met by services only, under a name of the standard, or inside.
	services := []string{"ErrCode", "ErrCodeUsed", "ErrToken", "ErrAssertionUsed", "ErrUnknownHolder"}
	for pkg, file := range map[string]string{"rp": "../../errors.go", "platform": "../errors.go"} {
		names := errorsOf(t, file)
		if len(names) < 10 {
			t.Fatalf("found only %d errors in %s", len(names), file)
		}
		for _, n := range names {
			if !strings.Contains(string(table), "{"+pkg+"."+n+",") && !slices.Contains(services, n) {
				t.Errorf("%s.%s has no line in the table", pkg, n)
			}
		}
	}
}

func TestEveryRefusalIsInWholeSentences(t *testing.T) {
	w := &entrance{platform: &platform.Platform{}}
	errs := []error{&platform.OAuthError{Code: "invalid_request"}, &platform.FieldError{Field: "name"}, platform.ErrNoServiceProvider,
		&platform.CardError{Err: &rp.RevokedError{Reason: jpki.AffiliationChanged, At: time.Date(2026, 4, 1, 3, 4, 0, 0, time.UTC)}}}
	for _, r := range refusals {
		errs = append(errs, &platform.CardError{Err: &rp.CheckError{Check: rp.StatusCheck, Err: r.is}})
	}
	for _, code := range []string{"pin_blocked", "cancelled", "no_card", "no_certificate", "dead_card", "wrong_pin", "expired", "?"} {
		errs = append(errs, &platform.AgentError{Code: code})
	}
	for _, err := range errs {
		page, ok := w.explainPage(err)
		if !ok {
			t.Errorf("%v has no page", err)
		}
		for _, text := range []string{page.Title.JA, page.Title.EN, page.Body.JA, page.Body.EN} {
			if text == "" || strings.ContainsAny(text, "{}") {
				t.Errorf("%v: %q is not a whole sentence", err, text)
			}
		}
		if p, ok := explainProblem(err); !ok || p.Status != page.Status || p.Code != page.Code {
			t.Errorf("%v: page and problem differ: %+v", err, p)
		}
	}
}
