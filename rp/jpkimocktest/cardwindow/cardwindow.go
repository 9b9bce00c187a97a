// Package cardwindow plays a citizen in the card's window, for tests that drive a browser: it lays
// a card on the reader and types the PIN. It imports no driver. A page of playwright-go becomes a
// Window with one method for each line:
//
//	type window struct{ playwright.Page }
//
//	func (w window) Count(css string) (int, error)    { return w.Locator(css).Count() }
//	func (w window) Waits(css string) error           { return w.Locator(css).First().WaitFor() }
//	func (w window) Press(css string) error           { return w.Locator(css).First().Click() }
//	func (w window) Enter(css, text string) error     { return w.Locator(css).Fill(text) }
//	func (w window) Attribute(css, name string) (string, error) {
//		return w.Locator(css).First().GetAttribute(name)
//	}
//
// The page opens the window (a popup) when its button is pressed, and gets the answer when the
// window closes. The test IDs are those of docs/interfaces.md.
package cardwindow

import "fmt"

// Window is a page in the card's window. Elements are named by a CSS selector.
type Window interface {
	Count(css string) (int, error) // of elements, at this moment
	Waits(css string) error        // until one is visible
	Press(css string) error        // clicks
	Enter(css, text string) error  // fills in
	Attribute(css, name string) (value string, err error)
}

func id(testID string) string { return `[data-testid="` + testID + `"]` }

// LaysCard lays a card, by its ID such as "card-hanako", on the reader, in place of another one.
func LaysCard(w Window, card string) error {
	there := id("reader-card") + `[data-card="` + card + `"]`
	n, err := w.Count(there)
	if err != nil || n > 0 {
		return err
	}
	if n, err = w.Count(id("tray-toggle")); err == nil && n > 0 {
		if n, err = w.Count("details[open] " + id("tray")); err == nil && n == 0 {
			err = w.Press(id("tray-toggle")) // other cards are behind it
		}
	}
	if err == nil {
		err = w.Press(id("tray-card") + `[data-card="` + card + `"]`)
	}
	if err == nil {
		err = w.Waits(there)
	}
	if err != nil {
		return fmt.Errorf("cardwindow: lay %s: %w", card, err)
	}
	return nil
}

// TypesPIN types a PIN and sends it to the card. With the right one the window closes; else it
// stays, and Trouble says why.
func TypesPIN(w Window, pin string) error {
	err := w.Enter(id("pin-input"), pin)
	if err == nil {
		err = w.Press(id("pin-submit"))
	}
	if err != nil {
		return fmt.Errorf("cardwindow: type the PIN: %w", err)
	}
	return nil
}

// Trouble waits until the window refuses something, and gives its code: "wrong_pin",
// "pin_blocked", … (docs/errors.md).
func Trouble(w Window) (code string, err error) {
	if err = w.Waits(id("trouble")); err == nil {
		code, err = w.Attribute(id("trouble"), "data-code")
	}
	if err != nil {
		return "", fmt.Errorf("cardwindow: %w", err)
	}
	return code, nil
}
