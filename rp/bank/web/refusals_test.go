package web

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	room "example.jp/jpkimock/rp/bank/room/web"
	"example.jp/jpkimock/rp/rptest"
)

func TestEveryErrorOfTheBankHasALineInTheTable(t *testing.T) {
	table := ""
	for _, name := range []string{"refusals.go", "../desks/web/refusals.go"} {
		lines, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		table += string(lines)
	}
	names := webtest.ErrorsOf(t, "../errors.go")
	if len(names) < 10 {
		t.Fatalf("found only %d errors", len(names))
	}
	for _, n := range names {
		if !strings.Contains(table, "{Is: bank."+n+",") {
			t.Errorf("bank.%s has no line in the table", n)
		}
	}
}

// all are the lines of everything that the bank refuses its customers.
func all() []room.Refusal {
	lines := slices.Clone(refusals.Own)
	for _, err := range rptest.Errors() {
		r, _ := refusals.Match(err)
		lines = append(lines, r)
	}
	return lines
}

func TestEveryRefusalHasWordsOfItsOwn(t *testing.T) {
	codes, said := map[string]bool{}, map[string]string{}
	for _, r := range all() {
		for _, kind := range jpki.Kinds() {
			cause := r.Is
			if cause == bank.ErrAlreadyCustomer {
				cause = &bank.AlreadyCustomerError{Account: "8654321"}
			}
			err := &rp.CheckError{Check: rp.StatusCheck, Kind: kind, Err: cause}
			page, ok := explain(err)
			if !ok {
				t.Fatalf("%v has no page", r.Is)
			}
			for _, text := range []string{page.Title.JA, page.Title.EN, page.Body.JA, page.Body.EN} {
				if text == "" || strings.ContainsAny(text, "{}") {
					t.Errorf("%s: %q is not a whole sentence", r.Code, text)
				}
				if before := said[text]; before != "" && before != r.Code {
					t.Errorf("%s and %s say the same: %s", before, r.Code, text)
				}
				said[text] = r.Code
			}
			if page.Status < 400 || page.Status != r.Status || len(page.Next) == 0 || !page.Next[0].Primary {
				t.Errorf("%s: page %+v", r.Code, page)
			}
			if !strings.HasPrefix(page.Detail, r.Code+"\n") {
				t.Errorf("%s: detail %q is of another line: an earlier one covers it", r.Code, page.Detail)
			}
			if p, ok := words.Describe(err); !ok || p.Code != r.Code || p.Status != r.Status {
				t.Errorf("%s leaves as the problem %+v", r.Code, p)
			}
		}
		if codes[r.Code] {
			t.Errorf("two lines have the code %s", r.Code)
		}
		codes[r.Code] = true
	}
}

func TestEveryWayASessionCanBeMissingHasItsSentence(t *testing.T) {
	for _, why := range []session.Ending{"", session.EndedIdle, session.EndedByAge, session.EndedElsewhere} {
		for _, n := range []need{needCustomer, needDraft, needNonce, needForm} {
			page, ok := explain(&missingError{Why: why, Need: n})
			if !ok || page.Title.JA == "" || page.Body.EN == "" || len(page.Next) == 0 || page.Status < 400 {
				t.Errorf("%q %q: %+v", why, n, page)
			}
		}
	}
}

func TestAnUnknownErrorIsNotExplained(t *testing.T) {
	if _, ok := explain(errors.New("disk full")); ok {
		t.Error("a stranger was explained")
	}
	if _, ok := words.Describe(errors.New("disk full")); ok {
		t.Error("a stranger was explained")
	}
}
