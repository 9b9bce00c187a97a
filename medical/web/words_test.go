package web

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/insurer"
	"example.jp/jpkimock/medical/platform"
	"example.jp/jpkimock/medical/reception"
	"example.jp/jpkimock/rp"
)

// Whatever is not confirmed is told in whole sentences to patient and staff, with a way.
func TestEveryReasonHasWords(t *testing.T) {
	codes := append(rp.Codes(), medical.PlatformSilent, medical.InsurerSilent, medical.UnknownInsurer, medical.NoMember, medical.NotLinked, medical.LinkedElsewhere,
		medical.TooManyTries, medical.NoInquiry, "pin_blocked", "no_certificate", "dead_card", "tampered_card", "not_jpki", "no_card", "anything")
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
		if word("way.", said.Way, ".name").JA == "" {
			t.Errorf("%s has no way by paper", code)
		}
	}
	if reasonFor("").Title != (ui.Text{}) {
		t.Error("nothing has words")
	}
	for _, way := range reception.Ways() {
		if word("way.", way, ".what").EN == "" {
			t.Errorf("way %s has no words", way)
		}
	}
}

// Whatever the pages ask for by a key is there, in both languages, and nothing else is.
func TestEveryKeyHasWords(t *testing.T) {
	asked := map[string]bool{}
	ask := func(keys ...string) {
		for _, k := range keys {
			asked[k] = true
		}
	}
	files, err := filepath.Glob("*.go")
	webtest.Must(t, err)
	pages, err := filepath.Glob("templates/*.html")
	webtest.Must(t, err)
	literal, refusal := regexp.MustCompile(`word[( ]"([a-z]+\.[a-zA-Z]+)"\)`), regexp.MustCompile(`saying\("([a-z]+)"\)`)
	titled, noted := regexp.MustCompile(`(?:shows\(\w+\.staffRoom, |\.show\(c, )"([a-z]+)"`), regexp.MustCompile(`fill\("([a-z]+)"`)
	got := regexp.MustCompile(`\.add\(.*"([a-z]+)"\)`)
	room := regexp.MustCompile(`roomName\(.*, "([a-z]+)"\)`)
	for _, f := range append(files, pages...) {
		text, err := os.ReadFile(f)
		webtest.Must(t, err)
		for _, m := range literal.FindAllStringSubmatch(string(text), -1) {
			ask(m[1])
		}
		for _, m := range refusal.FindAllStringSubmatch(string(text), -1) {
			ask("say."+m[1]+".title", "say."+m[1]+".body", "say."+m[1]+".next")
		}
		for begins, in := range map[string]*regexp.Regexp{"title.": titled, "note.": noted, "room.": room, "got.": got} {
			for _, m := range in.FindAllStringSubmatch(string(text), -1) {
				ask(begins + m[1])
			}
		}
	}
	for _, k := range []platform.Kind{platform.ByCard, platform.ByLink, platform.ByNumber} {
		ask("kind." + string(k))
	}
	for _, a := range []insurer.Act{insurer.ActConfirmed, insurer.ActLinked, insurer.ActByNumber, insurer.ActEntered, insurer.ActLost, insurer.ActUnlinked} {
		ask("act." + string(a))
	}
	for v := medical.Valid; v <= medical.ValidUnlinked; v++ {
		ask(fmt.Sprintf("validity.%d", v))
	}
	ask("title.receipt", "title.statement", "step.1", "step.2", "step.3", "step.4")
	ask("got.serial", "got.numbers", "request.layout", "request.others", "request.member")
	for _, role := range []string{"hospital", "platform", "insurer", "rx", "pharmacy", "gateway"} {
		ask("not." + role)
	}
	ask("family."+string(medical.Self), "family."+string(medical.Dependant))
	for _, why := range medical.LossReasons() {
		ask("loss." + string(why))
	}
	for _, i := range medical.Items() {
		ask("item."+string(i)+".name", "item."+string(i)+".what")
	}
	for state := range tones {
		ask("state." + string(state))
	}
	for _, way := range reception.Ways() {
		ask("way."+string(way)+".name", "way."+string(way)+".what")
	}
	for k := range asked {
		if w := wordList()[k]; w.JA == "" || w.EN == "" {
			t.Errorf("%s has no words", k)
		}
	}
	for k := range wordList() {
		if !asked[k] {
			t.Errorf("nobody asks for %s", k)
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
