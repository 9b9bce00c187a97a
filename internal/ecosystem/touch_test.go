package ecosystem

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/touch"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/seed"
)

// signed returns a document signed with a card for a house.
func signed(t testing.TB, e *Ecosystem, house string, p seed.Persona, content []byte) string {
	t.Helper()
	var out struct{ CMS string }
	send(t, webtest.NewBrowser(t, ""), e.Peer("card")+"/v1/sign", "", map[string]any{
		"card": "card-" + p.ID, "pin": p.Card.SignaturePIN, "origin": e.URL(house), "confirm": true,
		"document": map[string]string{"name": "申込書", "mediaType": "text/plain", "content": base64.StdEncoding.EncodeToString(content)},
	}, &out)
	return out.CMS
}

// signs drafts a document at a house, and posts it signed.
func signs(t testing.TB, e *Ecosystem, b *webtest.Browser, house string, p seed.Persona, draft, to string, in any) {
	t.Helper()
	var out struct{ Document struct{ Content []byte } }
	send(t, b, draft, "", in, &out)
	send(t, b, to, "", map[string]string{"cms": signed(t, e, house, p, out.Document.Content)}, nil)
}

func persona(t testing.TB, e *Ecosystem, id string) seed.Persona {
	t.Helper()
	for _, p := range e.Personas() {
		if p.ID == id {
			return p
		}
	}
	t.Fatalf("nobody is %s", id)
	return seed.Persona{}
}

// opensAccount is Hanako opening an account.
func opensAccount(t testing.TB, e *Ecosystem) {
	t.Helper()
	signs(t, e, webtest.NewBrowser(t, e.Peer("bank")), "bank", persona(t, e, "hanako"), "/accounts/draft", "/accounts", map[string]string{"purpose": "living", "branch": "101"})
}

// latest returns the latest touch that tells a story.
func latest(t testing.TB, e *Ecosystem, story string) touch.Touch {
	t.Helper()
	all := e.seen.Touches.List()
	i := slices.IndexFunc(all, func(of touch.Touch) bool { return of.Story == story })
	if i < 0 {
		t.Fatalf("none of %d touches tells %s", len(all), story)
	}
	return all[i]
}

func lit(t testing.TB, of touch.Touch, want [5]bool) {
	t.Helper()
	if got := of.Numbers(); got != want {
		t.Errorf("%s: of ① to ④ are lit %v: want %v", of.Story, got[1:], want[1:])
	}
}

// TestATouchIsFollowedFromHouseToHouse: of each story all four arrows light up, and what
// the browser carried between the houses is one touch.
func TestATouchIsFollowedFromHouseToHouse(t *testing.T) {
	t.Parallel()
	e := town(t, Config{SweepEvery: -1})
	signedIn(t, e, "bank", "card-taro", "2345")
	if all := e.seen.Touches.List(); len(all) > 0 {
		t.Fatalf("nobody watches, and there are touches: %+v", all)
	}
	e.seen.Watch()
	all := [5]bool{1: true, 2: true, 3: true, 4: true}
	stories := []struct {
		story string
		steps []touch.Party // between whom the numbered arrows are
		do    func()
	}{
		{touch.BankSignIn, []touch.Party{touch.Citizen, touch.Bank}, func() { signedIn(t, e, "bank", "card-taro", "2345") }},
		{touch.BankOpening, []touch.Party{touch.Citizen, touch.Bank}, func() { opensAccount(t, e) }},
		{touch.Television, []touch.Party{touch.Citizen, touch.Cable}, func() { signedIn(t, e, "catv", "card-taro", "2345") }},
		{touch.Sharing, []touch.Party{touch.Citizen, touch.Platform}, pendingSignIn(t, e)},
		{touch.Reception, []touch.Party{touch.MedPlatform, touch.Insurer}, atTheCard(t, e, "/hospital")},
		{touch.Dispensing, []touch.Party{touch.Pharmacy, touch.Inquiry}, atTheCard(t, e, "/pharmacies/mihon")},
		{touch.PortalSignIn, []touch.Party{touch.Citizen, touch.Portal}, func() { signedIn(t, e, "portal", "card-misaki", "3456") }},
	}
	for i, s := range stories {
		s.do()
		got := latest(t, e, s.story)
		lit(t, got, all)
		if n := len(e.seen.Touches.List()); n != i+1 {
			t.Errorf("%s: %d touches: want %d", s.story, n, i+1)
		}
		first, last := got.Steps[0], got.Steps[len(got.Steps)-1]
		if first.From != touch.Citizen || last.To != touch.Citizen {
			t.Errorf("%s: begins with %+v, ends with %+v", s.story, first, last)
		}
		for _, step := range got.Steps {
			if step.No == 1 && (step.From != s.steps[0] || step.To != s.steps[1]) {
				t.Errorf("%s: ① is from %s to %s", s.story, step.From, step.To)
			}
		}
	}
}

// TestWithoutAResultThereIsNoService: where ③ does not come, ④ stays dark.
func TestWithoutAResultThereIsNoService(t *testing.T) {
	t.Parallel()
	e := town(t, Config{SweepEvery: -1})
	e.seen.Watch()
	var challenge struct{ Nonce string }
	b := webtest.NewBrowser(t, e.Peer("bank"))
	send(t, b, "/signin/challenge", "", struct{}{}, &challenge)
	given := token(t, e, "bank", challenge.Nonce, "card-taro", "2345")
	patient := webtest.NewBrowser(t, e.Peer("medical"))
	asked := patient.Visits("/hospital/card").Says(200)
	answer := string(token(t, e, "medical", asked.Attribute("data-jpki-nonce"), "card-taro", "2345"))
	webtest.NewBrowser(t, e.Peer("authority")).Calls(http.MethodPut, "/faults", map[string]bool{"silent": true}, nil).Says(200)

	without := [5]bool{1: true, 2: true}
	b.Calls(http.MethodPost, "/signin", map[string]any{"token": given}, nil).Refuses(http.StatusServiceUnavailable, "status_unavailable")
	lit(t, latest(t, e, touch.BankSignIn), without)
	patient.Fills(answerOf(e, asked), "token", answer, "presence", "no card lies there").Says(200)
	lit(t, latest(t, e, touch.Reception), without)
}

// TestATouchHoldsNoSecret: in everything that is recorded of the stories there is no PIN,
// no name and no address of anybody.
func TestATouchHoldsNoSecret(t *testing.T) {
	t.Parallel()
	e := town(t, Config{SweepEvery: -1})
	e.seen.Watch()
	opensAccount(t, e)
	signedIn(t, e, "bank", "card-hanako", "1234")
	pinWindow(t, e)()
	pendingSignIn(t, e)()
	atTheCard(t, e, "/hospital")()
	atTheCard(t, e, "/pharmacies/mihon")()
	ownPrescriptions(t, e)()
	misaki := signedIn(t, e, "portal", "card-misaki", "3456")
	signs(t, e, misaki, "portal", persona(t, e, "misaki"), "/enrol/draft", "/enrol", map[string]any{"mail": "misaki@example.jp"})
	var b strings.Builder
	for _, of := range e.seen.Touches.List() {
		for _, step := range of.Steps {
			fmt.Fprintln(&b, step.Call, step.Content, step.Checks, step.Code)
		}
	}
	all := b.String()
	for _, shown := range []string{"{PIN}", `"pin": "•••"`, "pin = •••", "Cert Status: good", "subjectAltName", "signingCertificateV2", "HTTP 201"} {
		if !strings.Contains(all, shown) {
			t.Errorf("the touches do not show %s", shown)
		}
	}
	for _, p := range e.Personas() {
		family, given, _ := strings.Cut(p.Name, "　")
		for what, secret := range map[string]string{
			"family name": family, "given name": given, "kana": p.Kana, "romaji": p.Romaji, "address": p.Address, "date of birth": p.Birth,
			"date of birth in the certificate": strings.ReplaceAll(p.Birth, "-", ""), "signature PIN": p.Card.SignaturePIN, "PIN in octets": hexOf(p.Card.AuthenticationPIN),
		} {
			if len(secret) > 3 && strings.Contains(all, secret) {
				t.Errorf("the touches hold the %s of %s: %s", what, p.ID, secret)
			}
		}
		if pin := p.Card.AuthenticationPIN; pin != "" && regexp.MustCompile(`\b`+pin+`\b`).MatchString(all) {
			t.Errorf("the touches hold the PIN of %s", p.ID)
		}
	}
}

// hexOf writes a PIN as a transcript would.
func hexOf(pin string) string {
	var octets []string
	for _, c := range []byte(pin) {
		octets = append(octets, string("0123456789ABCDEF"[c>>4])+string("0123456789ABCDEF"[c&15]))
	}
	return strings.Join(octets, " ")
}
