package e2e

import (
	"testing"

	"github.com/mxschmitt/playwright-go"

	"example.jp/jpkimock/internal/ecosystem"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/seed"
)

// A service that nobody has heard of is put into the common platform's register,
// and one person signs in to it at three faces: at a computer, at a set, at a
// terminal. Each page on the way is looked at like those of TestEveryPage.
func TestEveryPageOfTheCommonPlatform(t *testing.T) {
	t.Parallel()
	for _, lang := range []ui.Lang{ui.Japanese, ui.English} {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			w := NewWorld(t)
			library := newClient(t, w, "RP00000009")
			w.stranger(t, "clerk", lang).registersAService(library)
			p := w.asIn(t, "hanako", lang)
			p.looksAt("platform-front", "platform", "/")
			p.signsInAtThreeFaces(library)
			p.tellsTheAddress(library)
			p.looksAtTheOwnRecord(library)
			p.isRefusedAtThePlatform(library)
		})
	}
}

// A tester has no card: who it is and how it ends are picked by hand. What follows is what would
// follow a card.
func TestATesterPicksHowASignInEnds(t *testing.T) {
	t.Parallel()
	w := NewWorld(t, func(c *ecosystem.Config) { c.Tester = true })
	library := newClient(t, w, "RP00000009")
	w.stranger(t, "clerk", ui.Japanese).registersAService(library)
	p := w.stranger(t, "tester", ui.Japanese)
	at := library.URL + "/?lang=ja&face="
	pick := func(person, outcome string) {
		p.GoesTo(at + "window")
		p.Clicks("to-tester")
		_, err := p.found("person").SelectOption(playwright.SelectOptionValues{Values: &[]string{person}})
		p.must(err, "choose %s", person)
		p.must(p.found("outcome-"+outcome).Check(), "choose %s", outcome)
		p.FindsNoBarrier()
		p.Clicks("pick")
	}
	pick("hanako", "normal")
	p.Clicks("agree")
	sub := p.Text("sub")
	pick("hanako", "normal")
	p.Reads("sub", sub, sub)
	pick("hanako", "revoked")
	p.isRefused("失効しています", "")
	pick("akira", "normal") // whose card is suspended in truth
	p.isRefused("一時停止されています", "")
	p.resizes(fullHD.Width, fullHD.Height)
	p.GoesTo(at + "tv")
	p.Sees("login-button")
	p.must(p.expect(p.found("to-tester")).ToHaveCount(0), "find no way there at the set")
}

// registersAService goes from the staff's sign-in to an entry of the register.
func (p *Person) registersAService(s *client) {
	p.Goes("platform", "/register")
	p.Types("staff-key", "wrong")
	p.Clicks("staff-signin")
	p.IsTold("鍵が違う", "The key is wrong")
	p.Pictures("platform-staff-wrong")
	p.Types("staff-key", seed.PlatformStaffKey)
	p.Clicks("staff-signin")
	p.Sees("providers")
	p.Clicks("new-provider")
	p.Types("client-id", s.id)
	p.Types("name", "みほん市立図書館")
	p.Types("name-en", "Mihon City Library")
	p.Types("redirect-uris", "somewhere")
	p.Types("jwks", s.jwks())
	for _, face := range []string{"window", "tv", "kiosk"} {
		p.must(p.found("face-"+face).SetChecked(true), "choose the face %s", face)
	}
	for _, name := range []string{"name", "address", "birthdate"} {
		p.must(p.found("scope-"+name).SetChecked(true), "choose the scope %s", name)
	}
	p.Types("why", "申請書受付第12号")
	p.Clicks("save")
	p.Sees("wrong")
	p.Pictures("platform-provider-mistaken")
	p.Types("redirect-uris", s.URL+"/callback")
	p.Clicks("save")
	p.Sees("log")
	p.Pictures("platform-provider")
	p.looksAt("platform-register", "platform", "/register")
}

// signsInAtThreeFaces signs in at a computer, a set and a terminal: to the
// service it is one person.
func (p *Person) signsInAtThreeFaces(s *client) {
	at := s.URL + "/?lang=" + string(p.lang) + "&face="
	p.GoesTo(at + "window")
	p.Reads("service-name", "みほん市立図書館", "Mihon City Library")
	p.Pictures("platform-login")
	p.inTheCardWindowOf("platform", "login-button", func() { p.TypesPIN(p.Card.AuthenticationPIN) })
	p.Sees("agree")
	p.Pictures("platform-consent")
	p.Clicks("agree")
	sub := p.Text("sub")

	p.resizes(fullHD.Width, fullHD.Height)
	p.GoesTo(at + "tv&prompt=consent")
	p.isShown("login-button")
	p.opens("login-button", "pin-pad")
	p.enters(p.Card.AuthenticationPIN, "agree")
	p.steersTo(`[data-testid="agree"]`)
	p.keys("Enter")
	p.Reads("sub", sub, sub)

	p.GoesTo(at + "kiosk&prompt=consent")
	p.Sees("login-button")
	p.faces("platform-kiosk-login", terminals...)
	p.Clicks("login-button")
	p.Sees("pin-input")
	p.TypesPIN(p.Card.AuthenticationPIN)
	p.Sees("agree")
	p.faces("platform-kiosk-consent", terminals...)
	p.Clicks("agree")
	p.Reads("sub", sub, sub)
	p.GoesTo(at + "kiosk")
	p.Clicks("decline")
	p.Reads("refused", "access_denied", "access_denied")
}

// tellsTheAddress signs in to a service that asks for what the card says, at a computer and at a
// terminal: the card's window and the platform say what is told before it is.
func (p *Person) tellsTheAddress(s *client) {
	at := s.URL + "/?lang=" + string(p.lang) + "&scope=openid+name+address&face="
	p.GoesTo(at + "window")
	p.Sees("asked")
	p.Pictures("platform-login-attributes")
	p.inTheCardWindowOf("platform", "login-button", func() {
		p.Reads("attributes", "氏名・住所", "name, address")
		p.Pictures("card-attributes")
		p.TypesPIN(p.Card.AuthenticationPIN)
	})
	p.Sees("agree")
	p.Reads("untold", "生年月日・性別は伝わりません", "Date of birth, Gender: not told")
	p.Pictures("platform-consent-attributes")
	p.Clicks("agree")
	p.Reads("claims", p.world.persona("hanako").Name, p.world.persona("hanako").Name)

	p.GoesTo(at + "kiosk")
	p.Clicks("login-button")
	p.Reads("attributes", "氏名・住所", "name, address")
	p.TypesPIN(p.Card.AuthenticationPIN)
	p.Reads("claims", p.world.persona("hanako").Address, p.world.persona("hanako").Address)
	p.GoesTo(s.URL + "/?lang=" + string(p.lang) + "&scope=openid+gender&face=window")
	p.Reads("refused", "invalid_scope", "invalid_scope")
}

// looksAtTheOwnRecord sees where one has signed in, and withdraws a consent.
func (p *Person) looksAtTheOwnRecord(s *client) {
	p.resizes(between.Width, between.Height)
	p.Goes("platform", "/signin")
	p.Pictures("platform-signin")
	p.inTheCardWindowOf("platform", "signin-button", func() { p.TypesPIN(p.Card.AuthenticationPIN) })
	p.Sees("visits")
	p.Pictures("platform-records")
	p.Clicks("withdraw")
	p.Sees("visits")
	p.must(p.expect(p.found("withdraw")).ToHaveCount(0), "see that the consent is withdrawn")
}

// isRefusedAtThePlatform comes with another's suspended card, with a request that
// no service may make, and too late.
func (p *Person) isRefusedAtThePlatform(s *client) {
	p.Lays("akira")
	p.GoesTo(s.URL + "/?face=window&lang=" + string(p.lang))
	p.inTheCardWindowOf("platform", "login-button", func() { p.TypesPIN(p.world.persona("akira").Card.AuthenticationPIN) })
	p.isRefused("利用者証明用電子証明書が一時停止されています", "Your user authentication certificate is suspended")
	p.Pictures("platform-refused-suspended")
	p.looksAt("platform-refused-request", "platform", "/api/realms/main/protocol/openid-connect/auth?client_id=nobody")
	p.looksAt("platform-login-over", "platform", "/login/nothing")
}
