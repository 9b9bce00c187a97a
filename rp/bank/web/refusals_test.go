package web

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
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

func TestEveryErrorOfTheKitAndOfTheBankHasALineInTheTable(t *testing.T) {
	table, err := os.ReadFile("refusals.go")
	if err != nil {
		t.Fatal(err)
	}
	for pkg, file := range map[string]string{"rp": "../../errors.go", "bank": "../errors.go"} {
		names := errorsOf(t, file)
		if len(names) < 10 {
			t.Fatalf("found only %d errors in %s", len(names), file)
		}
		for _, n := range names {
			if !strings.Contains(string(table), "{"+pkg+"."+n+",") {
				t.Errorf("%s.%s has no line in the table", pkg, n)
			}
		}
	}
}

func TestEveryRefusalHasWordsOfItsOwn(t *testing.T) {
	codes, said := map[string]bool{}, map[string]string{}
	for _, r := range refusals {
		for _, kind := range jpki.Kinds() {
			cause := r.is
			if cause == bank.ErrAlreadyCustomer {
				cause = &bank.AlreadyCustomerError{Account: "8654321"}
			}
			err := &rp.CheckError{Check: rp.StatusCheck, Kind: kind, Err: cause}
			page, ok := explainPage(err)
			if !ok {
				t.Fatalf("%v has no page", r.is)
			}
			for _, text := range []string{page.Title.JA, page.Title.EN, page.Body.JA, page.Body.EN} {
				if text == "" || strings.ContainsAny(text, "{}") {
					t.Errorf("%s: %q is not a whole sentence", r.code, text)
				}
				if before := said[text]; before != "" && before != r.code {
					t.Errorf("%s and %s say the same: %s", before, r.code, text)
				}
				said[text] = r.code
			}
			if page.Status < 400 || page.Status != r.status || len(page.Next) == 0 || !page.Next[0].Primary {
				t.Errorf("%s: page %+v", r.code, page)
			}
			if !strings.HasPrefix(page.Detail, r.code+"\n") {
				t.Errorf("%s: detail %q is of another line: an earlier one covers it", r.code, page.Detail)
			}
			if p, ok := explainProblem(err); !ok || p.Code != r.code || p.Status != r.status {
				t.Errorf("%s leaves as the problem %+v", r.code, p)
			}
		}
		if codes[r.code] {
			t.Errorf("two lines have the code %s", r.code)
		}
		codes[r.code] = true
	}
}

func TestARevocationIsToldWithItsReasonItsTimeAndWhatToDo(t *testing.T) {
	at := time.Date(2026, 10, 1, 0, 30, 0, 0, time.UTC)
	for reason, want := range map[jpki.Reason][2]string{
		jpki.AffiliationChanged:   {"異動がありました", "市区町村の窓口"},
		jpki.Superseded:           {"更新されました", "更新後のカード"},
		jpki.KeyCompromise:        {"危殆化", "紛失・盗難"},
		jpki.CessationOfOperation: {"返納", "発行を申請"},
		jpki.Unspecified:          {"交付前", "市区町村の窓口"},
		jpki.CertificateHold:      {"一時停止", "解除"},
	} {
		err := fmt.Errorf("bank: %w", &rp.CheckError{
			Check: rp.StatusCheck, Kind: jpki.DigitalSignature, Err: &rp.RevokedError{Kind: jpki.DigitalSignature, Reason: reason, At: at, Serial: "0705D990"},
		})
		page, ok := explainPage(err)
		if !ok {
			t.Fatalf("%v: no page", reason)
		}
		for _, w := range []string{want[0], want[1], "2026年10月1日 09時30分", "署名用電子証明書"} {
			if !strings.Contains(page.Title.JA+page.Body.JA, w) {
				t.Errorf("%v: %q does not say %q", reason, page.Body.JA, w)
			}
		}
		if !strings.Contains(page.Body.EN, "1 October 2026") {
			t.Errorf("%v: %q", reason, page.Body.EN)
		}
	}
}

func TestEveryWayASessionCanBeMissingHasItsSentence(t *testing.T) {
	for _, why := range []session.Ending{"", session.EndedIdle, session.EndedByAge, session.EndedElsewhere} {
		for _, n := range []need{needCustomer, needDraft, needNonce} {
			page, ok := explainPage(&endedError{Why: why, Need: n})
			if !ok || page.Title.JA == "" || page.Body.EN == "" || len(page.Next) == 0 || page.Status < 400 {
				t.Errorf("%q %q: %+v", why, n, page)
			}
		}
	}
}

func TestAnUnknownErrorIsNotExplained(t *testing.T) {
	if _, ok := explainPage(errors.New("disk full")); ok {
		t.Error("a stranger was explained")
	}
	if _, ok := explainProblem(errors.New("disk full")); ok {
		t.Error("a stranger was explained")
	}
}

func says(text string) rp.Fact { return rp.Fact{Code: rp.FactText, Args: []string{text}} }

func TestTheRecordIsToldCheckByCheckInItsOrder(t *testing.T) {
	lines := checkLines(rp.Record{Checks: []rp.CheckedEntry{
		{Check: rp.StatusCheck, Found: says("one")}, {Check: rp.DigestCheck, Found: says("two")}, {Check: rp.StatusCheck, Found: says("three")}, {Check: "new", Found: says("four")},
	}})
	got := ""
	for _, l := range lines {
		got += l.Name.JA + ":"
		for _, f := range l.Findings {
			got += f.Found.JA + " "
		}
	}
	if want := "失効していないこと:one three 文書が改ざんされていないこと:two new:four "; got != want {
		t.Errorf("%q: want %q", got, want)
	}
}
