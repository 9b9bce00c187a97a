package origin_test

import (
	"bufio"
	"errors"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"

	"example.jp/jpkimock/virtualcard/agent/origin"
)

// origins reads the table of testdata.
func origins(t testing.TB) map[string]bool {
	t.Helper()
	f, err := os.Open("testdata/origins.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table := map[string]bool{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		outcome, quoted, ok := strings.Cut(lines.Text(), " ")
		if !ok || outcome == "#" {
			continue
		}
		s, err := strconv.Unquote(quoted)
		if err != nil {
			t.Fatalf("%s: %v", lines.Text(), err)
		}
		table[s] = outcome == "ok"
	}
	if len(table) < 40 {
		t.Fatalf("the table has %d origins", len(table))
	}
	return table
}

func TestOrigins(t *testing.T) {
	for s, want := range origins(t) {
		if err := origin.Check(s); (err == nil) != want {
			t.Errorf("%q: %v", s, err)
		}
	}
	if err := origin.Check("http://" + strings.Repeat(strings.Repeat("a", 60)+".", 5) + "jp"); err == nil {
		t.Error("an origin longer than any is accepted")
	}
}

func FuzzOrigin(f *testing.F) {
	for s := range origins(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		err := origin.Check(s)
		if err != nil {
			if !errors.Is(err, origin.ErrOrigin) {
				t.Errorf("%q: %v", s, err)
			}
			return
		}
		u, err := url.Parse(s)
		if err != nil || u.Scheme+"://"+u.Host != s || u.User != nil || u.Hostname() == "" || u.Port() == "80" && u.Scheme == "http" {
			t.Errorf("%q is accepted: %v, %v", s, u, err)
		}
	})
}
