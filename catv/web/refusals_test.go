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
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/health"
	"example.jp/jpkimock/internal/oidcclient"
	"example.jp/jpkimock/rp"
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

func TestEveryErrorHasALineInTheTable(t *testing.T) {
	table, err := os.ReadFile("refusals.go")
	if err != nil {
		t.Fatal(err)
	}
	// ErrNoResidency is no refusal: the pages say how things stand. The others
	// match a line of a wider error.
	elsewhere := []string{"booking.ErrNoResidency", "rp.ErrStatusResponder", "rp.ErrStatusMissing", "rp.ErrStatusStale", "rp.ErrStatusNonce"}
	for pkg, file := range map[string]string{"rp": "../../rp/errors.go", "catv": "../errors.go", "health": "../health/errors.go", "booking": "../booking/errors.go"} {
		names := errorsOf(t, file)
		if len(names) < 10 {
			t.Fatalf("found only %d errors in %s", len(names), file)
		}
		for _, n := range names {
			if full := pkg + "." + n; !strings.Contains(string(table), "{"+full+",") && !slices.Contains(elsewhere, full) {
				t.Errorf("%s has no line in the table", full)
			}
		}
	}
}

func TestEveryRefusalIsInWholeSentencesWithAWayOut(t *testing.T) {
	errs := []error{
		&needError{}, &codeError{"pin_blocked"}, &codeError{"?"}, &oidcclient.RefusedError{Code: "access_denied"}, &oidcclient.RefusedError{Code: "invalid_request"},
		&catv.LockedError{Until: time.Date(2026, 4, 1, 3, 4, 0, 0, time.UTC)},
		&atParticipant{1, &health.RangeError{What: catv.Name{JA: "体重", EN: "the weight"}, Unit: "kg", Low: 2, High: 250}},
	}
	for code := range cardSayings {
		errs = append(errs, &codeError{code})
	}
	for _, r := range refusals {
		errs = append(errs, &rp.CheckError{Check: rp.StatusCheck, Kind: jpki.UserAuthentication, Err: r.is})
	}
	for _, reason := range []jpki.Reason{jpki.AffiliationChanged, jpki.Superseded, jpki.KeyCompromise, jpki.CessationOfOperation, jpki.CertificateHold} {
		for _, kind := range jpki.Kinds() {
			errs = append(errs, &rp.CheckError{Check: rp.StatusCheck, Kind: kind, Err: &rp.RevokedError{Kind: kind, Reason: reason, At: time.Date(2026, 4, 1, 3, 4, 0, 0, time.UTC)}})
		}
	}
	for _, err := range errs {
		page, ok := explain(err)
		if !ok {
			t.Errorf("%v has no page", err)
		}
		for _, text := range []string{page.Title.JA, page.Title.EN, page.Body.JA, page.Body.EN} {
			if text == "" || strings.ContainsAny(text, "{}") || strings.Contains(text, "%!") {
				t.Errorf("%v: %q is not a whole sentence", err, text)
			}
		}
		for _, next := range page.Next {
			if next.Href == "" || next.Text.JA == "" || next.Text.EN == "" {
				t.Errorf("%v: a way that leads nowhere: %+v", err, next)
			}
		}
	}
}
