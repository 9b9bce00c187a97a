package ui_test

import (
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/ui"
)

func TestAPageInEasyJapaneseHasReadingsWhereMarkupMayStand(t *testing.T) {
	p := house(t, map[string]string{"x.html": `{{define "main"}}<p title="{{.T "住所" "Address"}}">{{.T "サインアウト" "Sign out"}}・{{.Data}}さん</p>
<pre>住所</pre><div data-written><p>住所</p></div><select><option>住所</option></select><textarea>住所</textarea>
<script type="application/json">{{.T "住所" "Address"}}</script><p>3<b>分</b></p>{{if ne .Lang "en"}}氏名{{end}}{{end}}`})
	w := visit(t, get("/?lang=ja-easy"), func(c echo.Context) error {
		return p.Render(c, 200, "x", ui.Text{JA: "町"}, "<b>林")
	})
	body := w.Body.String()
	ruby := func(kanji, reading string) string {
		return "<ruby>" + kanji + "<rp>（</rp><rt>" + reading + "</rt><rp>）</rp></ruby>"
	}
	for _, want := range []string{
		`<html lang="ja-simple">`, "<title>町 | ", `<p title="住所"><bdi>ログアウト（おわる）・&lt;b&gt;` + ruby("林", "はやし") + "さん</bdi></p>",
		"<pre>住所</pre><div data-written><p>住所</p></div>", "<option>住所（じゅうしょ）</option>", "<textarea>住所</textarea>", `"住所"</script>`,
		"<p>3<b><bdi>" + ruby("分", "ぷん") + "</bdi></b></p><bdi>" + ruby("氏名", "しめい"),
		`<span class="lang"` + "\n" + `          lang="ja-simple" aria-current="true">やさしい にほんご</span>`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in %s", want, body)
		}
	}
	if got := w.Header().Get("Content-Language"); got != "ja-simple" || !strings.Contains(w.Header().Get("Set-Cookie"), "jpkimock_lang=ja-simple;") {
		t.Errorf("%s, %v", got, w.Header())
	}
}

// Ordinary Japanese has no readings and no easy sentence, wherever it is said.
func TestWhatIsWrittenStaysOrdinary(t *testing.T) {
	text := ui.Text{JA: "サインアウト", EN: "Sign out"}
	for lang, want := range map[ui.Lang]string{ui.Japanese: text.JA, ui.English: text.EN, ui.Easy: text.JA} {
		if got := text.In(lang.Written()); got != want {
			t.Errorf("%s: %s", lang, got)
		}
	}
	if got := text.In(ui.Easy); got == text.JA {
		t.Errorf("easy: %s", got)
	}
	if got := (ui.Text{JA: "町"}).In(ui.English); got != "町" {
		t.Errorf("without an English sentence: %s", got)
	}
}

func TestTheKeyForTheLanguageLeadsThroughAll(t *testing.T) {
	p := house(t, map[string]string{"x.html": `{{define "main"}}{{with .Next}}[{{.Href}} {{.Name}}]{{end}}{{end}}`})
	for lang, want := range map[string]string{
		"ja": "[/?lang=ja-simple やさしい にほんご]", "ja-simple": "[/?lang=en English]", "en": "[/?lang=ja ", // a Japanese name, marked as such
	} {
		w := visit(t, get("/?lang="+lang), func(c echo.Context) error { return p.Render(c, 200, "x", ui.Text{}, nil) })
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: no %s in %s", lang, want, w.Body)
		}
	}
}
