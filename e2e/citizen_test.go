package e2e

import (
	"strings"
	"time"

	"github.com/mxschmitt/playwright-go"
)

// What a citizen does. Each verb leaves the person where a real one would be.

// Goes opens a page of a house.
func (p *Person) Goes(house, path string) {
	p.t.Helper()
	p.GoesTo(p.world.URL(house) + path)
}

// Lays puts the card of somebody on this browser's reader.
func (p *Person) Lays(id string) {
	p.t.Helper()
	p.Goes("card", "/reader?card=card-"+id)
	p.Sees("laid")
}

// WritesAnApplication chooses purpose and branch, and comes to the document.
func (p *Person) WritesAnApplication() {
	p.t.Helper()
	p.Goes("bank", "/")
	p.Clicks("open-account")
	_, err := p.found("purpose").SelectOption(playwright.SelectOptionValues{Values: &[]string{"living"}})
	p.must(err, "choose a purpose")
	p.Clicks("draft-button")
	p.Sees("sign-button")
}

// InTheCardWindow presses the button that opens the card's window, acts in it,
// and turns back to the page that asked. The channel closes with the window. A
// person waits for the window of an earlier answer to close.
func (p *Person) InTheCardWindow(button string, act func()) <-chan struct{} {
	p.t.Helper()
	return p.inTheCardWindowOf("bank", button, act)
}

// inTheCardWindowOf is InTheCardWindow for a page of any house.
func (p *Person) inTheCardWindowOf(house, button string, act func()) <-chan struct{} {
	p.t.Helper()
	if p.window != nil {
		p.within("the earlier card window closes", p.window)
	}
	asking := p.page
	window, err := asking.ExpectPopup(func() error { return p.found(button).Click() })
	p.must(err, "open the card's window")
	closed := make(chan struct{})
	p.cardWindow, p.window = window, closed
	window.OnClose(func(playwright.Page) { close(closed) })
	p.page = window
	p.Reads("asking-origin", p.world.URL(house), p.world.URL(house))
	act()
	p.page = asking
	return closed
}

// closesTheCardWindow closes it by hand, when nothing is on its way to it: the
// driver may never answer for a tab that is closed in the middle of a page.
func (p *Person) closesTheCardWindow() {
	p.t.Helper()
	p.must(p.cardWindow.WaitForLoadState(), "let the card's window come to rest")
	p.must(p.cardWindow.Close(), "close the card's window")
	p.within("the card's window closes", p.window)
}

// cancels gives up in the card's window.
func (p *Person) cancels() {
	p.t.Helper()
	p.must(p.found("cancel").First().Click(), "cancel")
	p.Sees("result")
}

// laysFromTheTray takes a card from the tray in the card's window.
func (p *Person) laysFromTheTray(id string) {
	p.t.Helper()
	card := p.found("tray-card").And(p.page.Locator(`[data-card="card-` + id + `"]`))
	p.must(card.Click(), "lay the card of %s on the reader", id)
	p.must(p.expect(p.found("reader-card")).ToHaveAttribute("data-card", "card-"+id), "see the card of %s", id)
}

// TypesPIN types a PIN and sends it to the card.
func (p *Person) TypesPIN(pin string) {
	p.t.Helper()
	p.Types("pin-input", pin)
	p.Clicks("pin-submit")
}

// Signs signs the application that is on the screen.
func (p *Person) Signs() <-chan struct{} {
	p.t.Helper()
	return p.InTheCardWindow("sign-button", func() { p.TypesPIN(p.Card.SignaturePIN) })
}

// OpensAnAccount goes the whole way and comes to the new account, whose number
// it gives.
func (p *Person) OpensAnAccount() string {
	p.t.Helper()
	p.WritesAnApplication()
	p.Signs()
	p.IsTold("口座を開設しました", "Your account is open")
	return p.Text("account-number")
}

// Authenticates answers the sign-in page with whatever card is on the reader.
func (p *Person) Authenticates(pin string) {
	p.t.Helper()
	p.Goes("bank", "/signin")
	p.InTheCardWindow("signin-button", func() { p.TypesPIN(pin) })
}

// SignsIn signs in with the card and comes to the account, whose number it
// gives.
func (p *Person) SignsIn() string {
	p.t.Helper()
	p.Authenticates(p.Card.AuthenticationPIN)
	p.Sees("statement")
	return p.Text("account-number")
}

// SignsOut ends the session.
func (p *Person) SignsOut() {
	p.t.Helper()
	p.Presses("サインアウト", "Sign out")
	p.IsTold("サインアウトしました", "You have signed out")
}

// MeetsTrouble waits for what stands in the way in the card's window.
func (p *Person) MeetsTrouble(code string) {
	p.t.Helper()
	p.must(p.expect(p.found("trouble")).ToHaveAttribute("data-code", code), "meet the trouble %q", code)
}

// HasTriesLeft waits until the card's window says how many tries are left.
func (p *Person) HasTriesLeft(n string) {
	p.t.Helper()
	p.must(p.expect(p.found("tries-left")).ToHaveAttribute("data-tries", n), "have %s tries left", n)
}

// IsStoppedBecause waits until the asking page says why there was no answer.
func (p *Person) IsStoppedBecause(code string) {
	p.t.Helper()
	said := p.page.Locator("[data-jpki-message]")
	p.must(p.expect(said).ToHaveAttribute("data-jpki-code", code), "be stopped because of %q", code)
	if text, err := said.InnerText(); err != nil || strings.TrimSpace(text) == "" {
		p.t.Errorf("%s is stopped because of %q, and told nothing (%v)", p.who, code, err)
	}
}

// within waits for something that happens outside of a page.
func (p *Person) within(what string, done <-chan struct{}) {
	p.t.Helper()
	late := time.NewTimer(patience * time.Millisecond)
	defer late.Stop()
	select {
	case <-done:
	case <-late.C:
		p.t.Fatalf("%s waited in vain: %s", p.who, what)
	}
}
