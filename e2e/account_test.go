package e2e

import (
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mxschmitt/playwright-go"

	"example.jp/jpkimock/internal/ui"
)

// The first story, whole: from the lobby to an account, and in again the next
// day.
func TestHanakoOpensAnAccountAndSignsInTheNextDay(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	hanako := w.stranger(t, "hanako", ui.Japanese)
	hanako.Persona = w.persona("hanako")
	hanako.Goes("lobby", "/")
	hanako.Clicks("lay-first-card")
	hanako.Sees("laid")
	hanako.Goes("lobby", "/")
	hanako.Clicks("to-bank")
	hanako.WritesAnApplication()
	document := hanako.Text("document")
	closed := hanako.InTheCardWindow("sign-button", func() {
		if shown := hanako.Text("document-text"); shown != document {
			t.Errorf("the card's window shows another document:\n%s\nthan the bank:\n%s", shown, document)
		}
		hanako.HasTriesLeft("5")
		hanako.TypesPIN(strings.ToLower(hanako.Card.SignaturePIN)) // becomes capitals as she types
		hanako.Reads("result", "署名しました", "Signed")
	})
	hanako.IsTold("口座を開設しました", "Your account is open")
	hanako.within("the card's window closes by itself", closed)
	number, serial := hanako.Text("account-number"), hanako.Text("serial")
	hanako.Reads("balance", "10,000円", "¥10,000")
	hanako.SignsOut()

	w.Advances(24 * time.Hour)
	if again := hanako.SignsIn(); again != number {
		t.Errorf("signed in to account %s: opened %s", again, number)
	}
	hanako.Clicks("to-application")
	hanako.IsTold(hanako.Name, hanako.Name)
	if s := hanako.Text("serial"); s != serial {
		t.Errorf("the bank kept serial number %s: it opened the account with %s", s, serial)
	}
}

// Nobody has to believe the bank: what it keeps is verified with openssl, by
// the very command that the page shows.
func TestHanakoVerifiesHerApplicationHerself(t *testing.T) {
	t.Parallel()
	w := CommonWorld(t)
	hanako := w.As(t, "hanako")
	hanako.OpensAnAccount()
	hanako.Goes("bank", "/account")
	hanako.Clicks("to-application")
	dir := t.TempDir()
	for testID, name := range map[string]string{"download-document": "document.txt", "download-signature": "application.p7s", "download-certificate": "certificate.pem"} {
		file, err := hanako.page.ExpectDownload(func() error { return hanako.found(testID).Click() })
		hanako.must(err, "download %s", name)
		if got := file.SuggestedFilename(); got != name {
			t.Errorf("the file is called %q: want %q", got, name)
		}
		hanako.must(file.SaveAs(filepath.Join(dir, name)), "keep %s", name)
	}
	for _, tool := range []string{"openssl", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			unavailable(t, "%s: %v", tool, err)
		}
	}
	verify := exec.Command("sh", "-ec", hanako.Text("openssl-command"))
	verify.Dir = dir
	if out, err := verify.CombinedOutput(); err != nil || !strings.Contains(string(out), "CMS Verification successful") {
		t.Errorf("%s\n%v\n%s", hanako.Text("openssl-command"), err, out)
	}
}

func TestTaroSendsMoneyToMisaki(t *testing.T) {
	t.Parallel()
	w := CommonWorld(t)
	misaki := w.As(t, "misaki")
	number := misaki.SignsIn()
	taro := w.As(t, "taro")
	taro.SignsIn()
	taro.Clicks("to-transfer")
	taro.Types("transfer-to", number)
	taro.Types("transfer-amount", "1234")
	taro.Types("transfer-memo", "おすそわけ")
	taro.Clicks("transfer-next")
	taro.Reads("transfer-name", misaki.Name, misaki.Name)
	taro.Clicks("transfer-confirm")
	taro.Sees("transfer-reference")
	taro.GoesTo(taro.page.URL()) // to look again sends nothing twice
	taro.Sees("transfer-reference")

	misaki.Goes("bank", "/account")
	misaki.Reads("statement", "おすそわけ", "")
	misaki.Reads("statement", "1,234円", "")
	if n := strings.Count(misaki.Text("statement"), "おすそわけ"); n != 1 {
		t.Errorf("the money came %d times", n)
	}
	if r := misaki.GoesTo(w.URL("bank") + "/accounts/0000000"); r.Status() != http.StatusNotFound {
		t.Errorf("somebody else's account: status %d", r.Status())
	}
}

func TestSomebodyWhoIsACustomerCannotOpenASecondAccount(t *testing.T) {
	t.Parallel()
	taro := CommonWorld(t).As(t, "taro")
	taro.WritesAnApplication()
	taro.Signs()
	taro.IsTold("すでに口座をお持ちです", "You already have an account")
}

// What was chosen is still there in the other language, and the answer to a form
// leads back to the form.
func TestAFormSurvivesTheSwitchOfTheLanguage(t *testing.T) {
	t.Parallel()
	w := CommonWorld(t)
	p := w.stranger(t, "somebody", ui.Japanese)
	p.Goes("bank", "/accounts/new")
	purpose := p.found("purpose")
	language := func(lang string) playwright.Locator { return p.page.Locator("a.lang[hreflang=" + lang + "]") }
	choose := func(value string) {
		_, err := purpose.SelectOption(playwright.SelectOptionValues{Values: &[]string{value}})
		p.must(err, "choose the purpose %q", value)
	}
	choose("living")
	for _, lang := range []string{"en", "ja-simple", "ja"} {
		p.must(language(lang).Click(), "switch to %s", lang)
		p.must(p.expect(p.page.Locator("html")).ToHaveAttribute("lang", lang), "read %s", lang)
		p.must(p.expect(purpose).ToHaveValue("living"), "find the purpose as it was chosen")
	}
	choose("")
	_, err := p.page.Evaluate(`() => { for (const f of document.forms) f.noValidate = true }`)
	p.must(err, "forget to choose")
	p.Clicks("draft-button")
	p.must(p.expect(p.page.Locator("[aria-invalid=true]")).ToBeVisible(), "be told what is missing")
	p.must(language("en").Click(), "switch the language of the answer")
	p.must(p.expect(p.page.Locator("html")).ToHaveAttribute("lang", "en"), "read English")
	p.must(p.expect(purpose).ToBeVisible(), "come back to the form")
}
