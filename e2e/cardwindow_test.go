package e2e

import (
	"testing"

	"github.com/mxschmitt/playwright-go"

	"example.jp/jpkimock/rp/jpkimocktest/cardwindow"
)

// window is a page as the package's comment makes one.
type window struct{ playwright.Page }

func (w window) Count(css string) (int, error) { return w.Locator(css).Count() }
func (w window) Waits(css string) error        { return w.Locator(css).First().WaitFor() }
func (w window) Press(css string) error        { return w.Locator(css).First().Click() }
func (w window) Enter(css, text string) error  { return w.Locator(css).Fill(text) }
func (w window) Attribute(css, name string) (string, error) {
	return w.Locator(css).First().GetAttribute(name)
}

// Somebody else's test lays cards and types PINs by the public helpers.
func TestThePublicHelpersPlayTheCardsWindow(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	taro := w.As(t, "taro")
	taro.Goes("bank", "/signin")
	taro.InTheCardWindow("signin-button", func() {
		at := window{taro.page}
		for _, card := range []string{"card-hanako", "card-taro", "card-taro"} {
			taro.must(cardwindow.LaysCard(at, card), "lay %s", card)
		}
		taro.must(cardwindow.TypesPIN(at, "0000"), "type a wrong PIN")
		if code, err := cardwindow.Trouble(at); err != nil || code != "wrong_pin" {
			t.Errorf("the trouble is %q, %v", code, err)
		}
		taro.must(cardwindow.TypesPIN(at, taro.Card.AuthenticationPIN), "type the PIN")
	})
	taro.Sees("statement")
}
