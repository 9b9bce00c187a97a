package web

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/rp"
	room "example.jp/jpkimock/rp/bank/room/web"
	"example.jp/jpkimock/rp/rptest"
)

// Every refusal of the two tables leaves as a page with whole sentences and a way
// on, and under its code.
func TestEveryRefusalOfTheDesksIsAWholePage(t *testing.T) {
	for name, match := range map[string]func(error) (room.Refusal, bool){"staff": refusals.Match, "counter": matchAtCounter} {
		table := map[string]room.Table{"staff": refusals, "counter": counterRefusals}[name]
		words := rpweb.Words{Match: match, Fill: room.Blanks}
		var causes []error
		for _, r := range table.Own {
			causes = append(causes, r.Is)
		}
		if name == "counter" {
			causes = slices.Concat(causes, rptest.Errors())
			for code := range agentRefusals {
				causes = append(causes, &rpweb.TroubleError{Code: code})
			}
		}
		for _, cause := range causes {
			err := &rp.CheckError{Check: rp.StatusCheck, Kind: jpki.UserAuthentication, Err: cause}
			page, ok := words.Explain(err)
			problem, _ := words.Describe(err)
			if !ok || page.Status < 400 || problem.Status != page.Status || problem.Code != page.Code || page.Code == "" || len(page.Next) == 0 || !page.Next[0].Primary {
				t.Errorf("%s: %v leaves as %+v", name, cause, page)
			}
			for _, text := range []string{page.Title.JA, page.Title.EN, page.Body.JA, page.Body.EN} {
				if text == "" || strings.ContainsAny(text, "{}") {
					t.Errorf("%s: %v: %q is not a whole sentence", name, cause, text)
				}
			}
		}
		if _, ok := words.Explain(errors.New("disk full")); ok {
			t.Errorf("%s: a stranger was explained", name)
		}
	}
}
