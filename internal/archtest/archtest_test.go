package archtest

import (
	"bufio"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "example.jp/jpkimock"

// TestThePlanIsKept holds this project to its plan.
func TestThePlanIsKept(t *testing.T) {
	root := filepath.Join("..", "..")
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil || !strings.HasPrefix(string(mod), "module "+module+"\n") {
		t.Fatalf("%s is not the root of %s: %v", root, module, err)
	}
	found, err := Check(root, module, Jpkimock())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range found {
		t.Error(v)
	}
}

// ofAnySize is the plan without limits to sizes.
func ofAnySize() Plan {
	plan := Jpkimock()
	plan.Sizes = Sizes{}
	return plan
}

// TestTheRulesCanFail holds testdata/tree, a world in which each rule is
// broken, to the same plan: what is found must be what its comments say, line
// by line, and nothing else.
func TestTheRulesCanFail(t *testing.T) {
	root := filepath.Join("testdata", "tree")
	found, err := Check(root, module, ofAnySize())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	fired := map[Rule]bool{}
	for _, v := range found {
		got = append(got, fmt.Sprintf("%s:%d %s", v.File, v.Line, v.Rule))
		fired[v.Rule] = true
	}
	want := wanted(t, root)
	slices.Sort(got)
	slices.Sort(want)
	for _, line := range got {
		if i := slices.Index(want, line); i >= 0 {
			want = slices.Delete(want, i, i+1)
		} else {
			t.Errorf("found but not wanted: %s", line)
		}
	}
	for _, line := range want {
		t.Errorf("wanted but not found: %s", line)
	}
	for _, r := range []Rule{RuleUnplanned, RuleImport, RuleConfined, RuleStranger, RuleDomain, RuleClock, RuleSleep, RuleExported, RuleDot, RuleInit, RuleUnraced} {
		if !fired[r] {
			t.Errorf("rule %q has not been seen to fail", r)
		}
	}
}

// TestTheSizesCanBeTooLarge holds testdata/sizes to limits that it breaks.
func TestTheSizesCanBeTooLarge(t *testing.T) {
	plan := Plan{Houses: []House{{Root: "bank"}}, Sizes: Sizes{
		Function: 4, Package: 12, Root: 10, TemplateLine: 30,
		Larger: map[Rule][]string{RuleFunction: {"bank.Forget", "bank.Open"}, RuleTemplate: {"bank/web/templates/old"}},
	}}
	found, err := Check(filepath.Join("testdata", "sizes"), module, plan)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range found {
		got = append(got, v.String())
	}
	want := []string{
		"bank/bank.go:1: package: package bank has 20 lines: at most 12",
		"bank/bank.go:1: root: the root bank has 20 lines: at most 10",
		"bank/bank.go:9: function: Close has 5 lines: at most 4",
		"bank/web/templates/front.html:2: template: a line of 46 characters: at most 30",
		"bank/web/web.go:1: package: package bank/web has 13 lines: at most 12",
		"internal/archtest/table.go:1: function: bank.Open is within the limit: strike it from the list",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestWhatCannotBeReadIsAViolation(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{"main.go": "package main\n\nfunc {\n", "_skipped.go": "nothing", "README": "nothing"} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	found, err := Check(root, module, ofAnySize())
	if err != nil || len(found) != 1 || found[0].Rule != RuleUnread || found[0].File != "main.go" {
		t.Errorf("%v %v", found, err)
	}
	if _, err := Check(filepath.Join(root, "nowhere"), module, Jpkimock()); err == nil {
		t.Error("a root that is not there gave no error")
	}
}

// wanted reads the "// want RULE" comments, one for each violation of the
// line; a rule of several words stands alone.
func wanted(t *testing.T, root string) []string {
	t.Helper()
	var want []string
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		lines := bufio.NewScanner(f)
		for n := 1; lines.Scan(); n++ {
			_, rules, ok := strings.Cut(lines.Text(), "// want ")
			if !ok {
				continue
			}
			each := strings.Fields(rules)
			if Rule(rules) == RuleDot {
				each = []string{rules}
			}
			for _, r := range each {
				want = append(want, fmt.Sprintf("%s:%d %s", filepath.ToSlash(rel), n, r))
			}
		}
		return lines.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return want
}

func TestDefaultNames(t *testing.T) {
	for path, want := range map[string]string{
		"github.com/labstack/echo/v4": "echo", "gopkg.in/yaml.v3": "yaml", "gorm.io/gorm": "gorm", "time": "time",
		"github.com/mxschmitt/playwright-go": "playwright-go", "example.jp/v2x": "v2x", "github.com/mattn/go-sqlite3": "sqlite3",
	} {
		if got := defaultName(path); got != want {
			t.Errorf("%s: %s", path, got)
		}
	}
}
