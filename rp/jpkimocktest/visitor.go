package jpkimocktest

import (
	"net/http"

	"example.jp/jpkimock/internal/citizen"
)

// Visitor is somebody with a browser without a screen, who has a card: it follows redirects,
// keeps cookies, and answers every page that asks for a card by card.js.
type Visitor struct {
	t       TB
	town    *Town
	browser *citizen.Browser
}

// Visitor returns a new one, without cookies.
func (town *Town) Visitor(t TB) *Visitor {
	t.Helper()
	b, err := citizen.NewBrowser(http.DefaultTransport)
	if err != nil {
		t.Fatalf("jpkimocktest: %v", err)
	}
	return &Visitor{t, town, b}
}

// card is a person's, with the PIN to authenticate or the password to sign.
func (v *Visitor) card(person string, signs bool) citizen.Card {
	v.t.Helper()
	p, ok := v.town.people[person]
	if !ok {
		v.t.Fatalf("jpkimocktest: nobody is called %q", person)
	}
	card := citizen.Card{Agent: v.town.URLs["card"], ID: p.Card, PIN: p.AuthenticationPIN}
	if signs {
		card.PIN = p.SignaturePIN
	}
	return card
}

// Goes opens a page.
func (v *Visitor) Goes(address string) {
	v.t.Helper()
	if err := v.browser.Goes(v.t.Context(), address); err != nil {
		v.t.Fatalf("jpkimocktest: %s: %v", address, err)
	}
}

// LaysCard answers the page's question with a person's card and PIN. An error is what the card's
// agent refuses, such as a blocked PIN; what the page says to it is what Page tells.
func (v *Visitor) LaysCard(person string) error {
	v.t.Helper()
	return v.browser.LaysCard(v.t.Context(), v.card(person, false))
}

// Presses presses the button, or follows the link, with this data-testid.
func (v *Visitor) Presses(testID string) {
	v.t.Helper()
	if err := v.browser.Presses(v.t.Context(), testID); err != nil {
		v.t.Fatalf("jpkimocktest: %v", err)
	}
}

// Signs has a person's card sign a document for an origin: detached CMS SignedData in DER.
func (v *Visitor) Signs(person, origin, mediaType string, document []byte) ([]byte, error) {
	v.t.Helper()
	return v.browser.Sign(v.t.Context(), v.card(person, true), origin, "document", mediaType, document)
}

// Page is what is shown.
type Page struct {
	URL     string
	Status  int
	Heading string
	Cookies map[string]string // that go with the next request there
}

// Page tells what is shown.
func (v *Visitor) Page() Page {
	s := v.browser.Seen()
	return Page{URL: s.URL, Status: s.Status, Heading: s.Heading, Cookies: s.Cookies}
}
