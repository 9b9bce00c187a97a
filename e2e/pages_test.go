package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/mxschmitt/playwright-go"

	"example.jp/jpkimock/internal/ui"
)

// Every page of every house is looked at on a projector and on a phone, in both
// languages: nothing sticks out, nothing is a barrier, nothing is logged. The
// pictures are in e2e/out/pages (make screenshots).
func TestEveryPage(t *testing.T) {
	t.Parallel()
	for _, lang := range []ui.Lang{ui.Japanese, ui.English} {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			w := NewWorld(t)
			hanako := w.stranger(t, "hanako", lang)
			hanako.Persona = w.persona("hanako")
			// A card window must stay until its picture is taken.
			hanako.must(hanako.context.AddInitScript(playwright.Script{Content: playwright.String("window.close = () => {}")}), "keep windows open")
			hanako.looksAround()
			hanako.looksAtAnOpening()
			hanako.looksAtATransfer()
			hanako.looksAtSigningIn()
			hanako.looksAtRefusals()
		})
	}
}

// looksAround visits what anybody can see.
func (p *Person) looksAround() {
	for _, page := range []struct{ name, house, path string }{
		{"lobby-front", "lobby", "/"},
		{"lobby-people", "lobby", "/people"},
		{"lobby-clock", "lobby", "/clock-room"},
		{"lobby-person", "lobby", "/people/hanako"},
		{"lobby-whereabouts", "lobby", "/whereabouts?person=hanako"},
		{"lobby-faults", "lobby", "/faults"},
		{"lobby-integrators", "lobby", "/integrators"},
		{"authority-front", "authority", "/"},
		{"card-front-empty", "card", "/"},
		{"card-reader-empty", "card", "/reader"},
		{"card-reader-no-such-card", "card", "/reader?card=card-nobody"},
		{"card-window-alone", "card", "/window"},
		{"bank-front", "bank", "/"},
		{"bank-help", "bank", "/help"},
		{"bank-not-found", "bank", "/nowhere"},
		{"bank-not-signed-in", "bank", "/account"},
	} {
		p.Goes(page.house, page.path)
		p.Pictures(page.name)
	}
}

// looksAtAnOpening opens an account and looks at each step.
func (p *Person) looksAtAnOpening() {
	p.Goes("bank", "/accounts/new")
	p.Pictures("bank-open")
	p.WritesAnApplication()
	p.Pictures("bank-draft")
	p.InTheCardWindow("sign-button", func() {
		p.MeetsTrouble("no_card")
		p.Pictures("card-sign-no-card")
		p.laysFromTheTray("hanako")
		p.Sees("pin-input")
		p.Pictures("card-sign")
		p.TypesPIN("WRONG99")
		p.MeetsTrouble("wrong_pin")
		p.Pictures("card-sign-wrong-password")
		p.cancels()
		p.Pictures("card-cancelled")
	})
	p.IsStoppedBecause("cancelled")
	p.Pictures("bank-draft-cancelled")
	p.closesTheCardWindow()
	p.InTheCardWindow("sign-button", func() {
		p.TypesPIN(p.Card.SignaturePIN)
		p.Reads("result", "署名しました", "Signed")
		p.Pictures("card-signed")
	})
	p.IsTold("口座を開設しました", "Your account is open")
	p.closesTheCardWindow()
	p.Pictures("bank-opened")
	p.Goes("bank", "/account")
	p.Pictures("bank-account")
	p.Clicks("to-application")
	p.Pictures("bank-application")
	p.Goes("card", "/reader")
	p.Pictures("card-reader")
}

// looksAtATransfer sends money to another customer.
func (p *Person) looksAtATransfer() {
	misaki := p.world.As(p.t, "misaki")
	number := misaki.SignsIn()
	p.Goes("bank", "/transfers/new")
	p.Types("transfer-to", "0000000")
	p.Types("transfer-amount", "99999999")
	p.Clicks("transfer-next")
	p.Sees("amount-error")
	p.Pictures("bank-transfer-mistaken")
	p.Types("transfer-to", number)
	p.Types("transfer-amount", "1500")
	p.Clicks("transfer-next")
	p.Sees("transfer-confirm")
	p.Pictures("bank-transfer-confirm")
	p.Clicks("transfer-confirm")
	p.Sees("transfer-reference")
	p.Pictures("bank-transfer-done")
	p.Goes("bank", "/account")
	p.Pictures("bank-account-after-transfer")
	p.seesOnThePhone("8,500")
	p.world.Advances(11 * time.Minute)
	p.Goes("bank", "/account")
	p.IsTold("しばらく操作がなかったため、終了しました", "Your session ended due to inactivity")
	p.Pictures("bank-session-ended")
}

// seesOnThePhone wants a text of the statement where a thumb need not push it
// into sight sideways.
func (p *Person) seesOnThePhone(text string) {
	p.t.Helper()
	before := p.page.ViewportSize()
	p.must(p.page.SetViewportSize(phone.Width, phone.Height), "take the phone")
	amount := p.found("statement").GetByText(text).First()
	p.must(amount.ScrollIntoViewIfNeeded(), "scroll down to %q", text)
	box, err := amount.BoundingBox()
	p.must(err, "find %q", text)
	if box == nil || box.X < 0 || box.X+box.Width > float64(phone.Width) {
		p.t.Errorf("%q is out of sight on a phone: %+v", text, box)
	}
	scrolled, err := p.page.Locator(".table-scroll").First().Evaluate("e => e.scrollLeft", nil)
	p.must(err, "see whether the statement was pushed")
	if n := fmt.Sprint(scrolled); n != "0" {
		p.t.Errorf("the statement had to be pushed %s pixels to show %q", n, text)
	}
	p.must(p.page.SetViewportSize(before.Width, before.Height), "put the phone away")
}

// looksAtSigningIn mistypes the PIN until the card is blocked.
func (p *Person) looksAtSigningIn() {
	p.SignsIn()
	p.closesTheCardWindow()
	p.SignsOut()
	p.Pictures("bank-signed-out")
	p.Goes("bank", "/signin")
	p.Pictures("bank-signin")
	p.InTheCardWindow("signin-button", func() {
		p.Pictures("card-authenticate")
		p.TypesPIN("0000")
		p.HasTriesLeft("2")
		p.Pictures("card-wrong-pin")
		p.TypesPIN("0000")
		p.HasTriesLeft("1")
		p.Pictures("card-last-try")
		p.TypesPIN("0000")
		p.MeetsTrouble("pin_blocked")
		p.Pictures("card-blocked")
		p.cancels()
		p.Sees("result")
		p.Pictures("card-blocked-over")
	})
	p.IsStoppedBecause("pin_blocked")
	p.Pictures("bank-signin-blocked")
	p.closesTheCardWindow()
}

// looksAtRefusals tries what cannot be done with the cards of others.
func (p *Person) looksAtRefusals() {
	for _, c := range []struct{ id, name string }{
		{"kenji", "bank-refused-expired"},
		{"yumi", "bank-refused-revoked"},
		{"akira", "bank-refused-suspended"},
		{"taro", "bank-refused-already-customer"},
	} {
		p.Lays(c.id)
		p.WritesAnApplication()
		p.InTheCardWindow("sign-button", func() { p.TypesPIN(p.world.persona(c.id).Card.SignaturePIN) })
		p.must(p.expect(p.page.Locator(".refusal h1")).ToBeVisible(), "be refused")
		p.closesTheCardWindow()
		p.Pictures(c.name)
	}
	for _, c := range []struct{ id, code, name string }{
		{"haruto", "no_certificate", "card-no-certificate"},
		{"minoru", "dead_card", "card-dead"},
	} {
		p.Lays(c.id)
		p.WritesAnApplication()
		p.InTheCardWindow("sign-button", func() {
			p.MeetsTrouble(c.code)
			p.Pictures(c.name)
			p.cancels()
		})
		p.IsStoppedBecause(c.code)
		p.closesTheCardWindow()
	}
	p.Lays("hajime")
	p.Authenticates(p.world.persona("hajime").Card.AuthenticationPIN)
	p.IsTold("このカードのお客さまの口座がありません", "No customer holds this card")
	p.Pictures("bank-refused-unknown-holder")
}
