package web

import (
	"os"
	"slices"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/reception"
	"example.jp/jpkimock/rp"
)

// Whatever is not confirmed is told in whole sentences to patient and staff, with a way.
func TestEveryReasonHasWords(t *testing.T) {
	codes := append(rp.Codes(), medical.PlatformSilent, medical.InsurerSilent, medical.UnknownInsurer, medical.NoMember, medical.NotLinked, medical.LinkedElsewhere,
		medical.TooManyTries, medical.NoInquiry, "pin_blocked", "no_certificate", "dead_card", "not_jpki", "no_card", "anything")
	written := 0
	for part := range strings.SplitSeq(reasonsText, "\n\n") {
		if !strings.HasPrefix(part, "#") {
			written++
		}
	}
	if len(reasons()) != written {
		t.Errorf("%d reasons are read, and %d are written", len(reasons()), written)
	}
	for code := range reasons() {
		codes = append(codes, code)
	}
	for _, code := range codes {
		said := reasonFor(code)
		for _, text := range []ui.Text{said.Short, said.Title, said.Patient, said.Staff} {
			if text.JA == "" || text.EN == "" || strings.ContainsAny(text.JA+text.EN, "{}%") {
				t.Errorf("%s: %+v is not a whole sentence", code, text)
			}
		}
		if _, ok := wayWords[said.Way]; !ok {
			t.Errorf("%s has no way by paper", code)
		}
	}
	if reasonFor("").Title != (ui.Text{}) {
		t.Error("nothing has words")
	}
	for _, way := range reception.Ways() {
		if wayWords[way].What.EN == "" {
			t.Errorf("way %s has no words", way)
		}
	}
}

func TestEveryErrorHasALine(t *testing.T) {
	for _, r := range refusals.Own {
		page, ok := explain(placed("/back", r.Is))
		if !ok || page.Title.EN == "" || page.Body.JA == "" || len(page.Next) != 1 || page.Next[0].Href != "/back" {
			t.Errorf("%v: %+v", r.Is, page)
		}
	}
	table, err := os.ReadFile("refusals.go")
	webtest.Must(t, err)
	asAnswers := []string{"ErrLinked", "ErrTries", "ErrReplay"} // of an insurer, to the platform
	for pkg, file := range map[string]string{"medical": "../errors.go", "insurer": "../insurer/insurer.go", "reception": "../reception/reception.go"} {
		for _, name := range webtest.ErrorsOf(t, file) {
			if !strings.Contains(string(table), pkg+"."+name+",") && !slices.Contains(asAnswers, name) {
				t.Errorf("%s.%s has no line", pkg, name)
			}
		}
	}
	if _, ok := explain(&medical.Refused{Code: medical.NoMember}); !ok {
		t.Error("a refusal has no page")
	}
}
