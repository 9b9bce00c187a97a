package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/mxschmitt/playwright-go"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/seed"
)

// The sizes of a set.
var (
	fullHD = playwright.Size{Width: 1920, Height: 1080}
	hd     = playwright.Size{Width: 1280, Height: 720}
	ultra  = playwright.Size{Width: 3840, Height: 2160}
)

// evening is a household that has just been given its box, and who sits there.
type evening struct {
	who, relative string // the relative has enrolled before
	nickname      ui.Text
	contract      string
	facility      string
	lang          ui.Lang
	size          playwright.Size
	// curious people look into everything on the way, and have each page
	// photographed; others know where they are going.
	curious bool
}

// look photographs a page, and looks for barriers.
func (e evening) look(p *Person, name string) {
	if e.curious {
		p.photographs(name)
	}
}

// glance photographs a page that looks much like another.
func (e evening) glance(p *Person, name string) {
	if e.curious {
		p.snaps(name)
	}
}

// The codes of the papers, in each household.
const (
	ownCode      = "204816"
	relativeCode = "550137"
	relativeName = "ゆめ"
)

// An evening in the living room, from the contract papers to the card back in
// the purse: enrolment, sign-in, health, booking. At three resolutions, in two
// languages, with the keys of a remote control alone.
func TestAnEveningBeforeTheSet(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	w.inTheMorning()
	for _, e := range []evening{
		{"sakurako", "yumi", ui.Text{JA: "さくら", EN: "Sakura"}, "100501", "meeting-small", ui.Japanese, hd, true},
		{"wei", "maria", ui.Text{JA: "そら", EN: "Sora"}, "100502", "meeting-large", ui.English, fullHD, true},
		{"naoko", "haruto", ui.Text{JA: "つき", EN: "Tsuki"}, "100503", "tennis-1", ui.Japanese, ultra, false},
	} {
		t.Run(e.who, func(t *testing.T) {
			t.Parallel()
			w.moveIn(t, e)
			p := w.seat(t, e.who, e.lang, e.size)
			e.glance(p, "home")
			p.enrolsAtTheSet(e)
			p.comesBack(e)
			p.looksAtCharts(e)
			p.answersTheNurse(e)
			p.sharesWithTheFamily(e)
			p.booksASlot(e)
			p.takesTheCard()
			p.isShown("tile-signin")
			p.Reads("said", "カードが取り外されたので", "The card was taken away")
			p.knowsNothingOf(e.nickname.In(e.lang), relativeName)
			e.look(p, "home-card-gone")
		})
	}
}

// moveIn has the operator enter a household, and its relative enrol.
func (w *World) moveIn(t *testing.T, e evening) {
	t.Helper()
	place := func(label, code string, born int, sex string) map[string]any {
		return map[string]any{"label": map[string]string{"ja": label, "en": "A person"}, "code": code, "profile": map[string]any{
			"born": born, "sex": sex, "heightCM": 160, "weightKG": 57.5, "steps": 6400, "systolic": 128, "diastolic": 79,
		}}
	}
	c := newCaller(t)
	contract := map[string]any{
		"number": e.contract, "box": "STB-" + e.contract, "holder": map[string]string{"ja": "みほん様のお宅", "en": "A home in Mihon"},
		"places": []any{place("ご本人", ownCode, 1975, "2"), place("ご家族", relativeCode, 1985, "2")},
	}
	if status := c.asks(w.URL("catv")+"/operator/v1/contracts", seed.CATVStaffKey, contract, nil); status != http.StatusCreated {
		t.Fatalf("the operator does not take the contract: status %d", status)
	}
	w.enrols(t, e.relative, e.contract, relativeCode, relativeName)
}

// enrols enrols somebody as a viewer without a set.
func (w *World) enrols(t *testing.T, id, contract, code, nickname string) {
	t.Helper()
	c, who := newCaller(t), w.persona(id)
	var challenge struct{ Nonce, Origin string }
	var token json.RawMessage
	c.asks(w.URL("catv")+"/enrolment/challenge", "", map[string]any{}, &challenge)
	c.asks(w.URL("card")+"/v1/authenticate", "", map[string]any{"card": who.CardID(), "pin": who.Card.AuthenticationPIN, "origin": challenge.Origin, "nonce": challenge.Nonce}, &token)
	if status := c.asks(w.URL("catv")+"/enrolment", "", map[string]any{"contract": contract, "code": code, "nickname": nickname, "token": token}, nil); status != http.StatusCreated {
		t.Fatalf("%s is not enrolled: status %d", id, status)
	}
}

// enrolsAtTheSet goes from the contract papers to the first greeting, and takes
// the card.
func (p *Person) enrolsAtTheSet(e evening) {
	if e.curious {
		p.opens("tile-channel", "back")
		e.look(p, "channel")
		p.goesBack("tile-enrol")
		p.opens("tile-help", "to-box")
		e.look(p, "help")
		p.opens("to-box", "box-STB-"+e.contract)
		e.look(p, "box")
		p.goesBack("to-box")
		p.goesBack("tile-enrol")
	}
	p.opens("tile-enrol", "papers-submit")
	e.glance(p, "enrol-papers")
	if e.curious {
		p.digits(e.contract + "000000")
		p.keys("Enter")
		p.isShown("wrong")
		e.look(p, "enrol-wrong-code")
		p.opensThe("#code", "code")
		p.digits(ownCode)
	} else {
		p.digits(e.contract + ownCode)
	}
	p.opens("papers-submit", "nicknames")
	e.look(p, "enrol-nickname")
	p.opensThe(`[data-testid="nickname"][value="`+e.nickname.In(e.lang)+`"]`, "card-button")
	e.look(p, "enrol-card")
	p.keys("Enter")
	p.Sees("tray")
	e.glance(p, "card-place")
	p.laysTheCardOf(e.who, "pin-pad")
	e.glance(p, "card-pin")
	p.enters(p.Card.AuthenticationPIN, "tile-signout")
	p.Reads("said", "登録が終わりました", "You are enrolled")
	p.Reads("greeting", e.nickname.JA, e.nickname.EN)
	e.look(p, "home-enrolled")
	p.opens("tile-signout", "tile-signin")
	p.Reads("said", "カードをお取りください", "take your card")
	p.takesTheCard()
}

// comesBack signs in with the card, after a mistake if the card has one to spare.
func (p *Person) comesBack(e evening) {
	p.opens("tile-signin", "card-button")
	e.look(p, "signin")
	p.keys("Enter")
	p.laysTheCardOf(e.who, "pin-pad")
	if e.curious {
		p.enters("0000", "trouble")
		p.MeetsTrouble("wrong_pin")
		p.HasTriesLeft("2")
		e.glance(p, "card-wrong-pin")
	}
	p.enters(p.Card.AuthenticationPIN, "tile-signout")
	p.Reads("greeting", e.nickname.JA, e.nickname.EN)
	e.glance(p, "home-known")
}

// passesThePlatform signs in at the common platform, for one of the services.
func (p *Person) passesThePlatform(tile, page string) {
	p.opens(tile, "platform-login")
	p.opens("platform-login", "login-button")
	p.opens("login-button", "pin-pad")
	p.enters(p.Card.AuthenticationPIN, "agree")
	p.opens("agree", page)
}

// looksAtCharts signs in at the common platform, looking at its pages; opens each
// measure over each span, and the check-ups.
func (p *Person) looksAtCharts(e evening) {
	p.opens("tile-health", "platform-login")
	e.look(p, "enter")
	p.opens("platform-login", "login-button")
	e.look(p, "platform-login")
	p.opens("login-button", "pin-pad")
	p.enters(p.Card.AuthenticationPIN, "agree")
	e.look(p, "platform-consent")
	p.opens("agree", "measure-weight")
	e.look(p, "health")
	charts := []struct {
		measure string
		spans   []string
	}{{"pressure", []string{"7", "365", "30"}}, {"steps", []string{"7"}}, {"weight", []string{"365"}}}
	if !e.curious {
		charts = charts[:1]
	}
	for _, chart := range charts {
		p.opens("measure-"+chart.measure, "chart")
		for _, span := range chart.spans {
			p.opensThe(`[data-testid="span-`+span+`"]`, "span-"+span)
			p.must(p.expect(p.page.Locator(`a.button[aria-current="true"]`)).ToHaveAttribute("data-testid", "span-"+span), "see %s days", span)
			p.isShown("chart")
		}
		if e.glance(p, "chart-"+chart.measure); chart.measure == "pressure" {
			e.look(p, "chart")
		}
		p.goesBack("measure-weight")
	}
	p.opens("to-checkups", "checkups")
	e.look(p, "checkups")
	p.steersTo(`[data-testid="back"]`) // past the end of the table
	p.goesBack("measure-weight")
}

// answersTheNurse reads the newest message, answers it with a button, and does
// what was to be done.
func (p *Person) answersTheNurse(e evening) {
	p.opens("to-messages", "messages")
	e.look(p, "messages")
	p.keys("Enter")
	p.isShown("letter")
	e.look(p, "message")
	p.opensThe(`[data-testid^="choice-"]`, "answered")
	e.glance(p, "message-answered")
	p.goesBack("messages")
	p.goesBack("measure-weight")
	p.opens("to-reminders", "reminders")
	e.glance(p, "reminders")
	open := p.found("done")
	before, err := open.Count()
	p.must(err, "count the reminders")
	p.steersTo(`[data-testid="done"]`)
	p.keys("Enter")
	p.must(p.expect(open).ToHaveCount(before-1), "see one reminder less")
	p.isShown("reminders")
	e.look(p, "reminders-done")
	p.goesBack("measure-weight")
}

// sharesWithTheFamily consents, and withdraws; in one household the relative
// looks, at another set.
func (p *Person) sharesWithTheFamily(e evening) {
	p.opens("to-sharing", "share-with")
	e.glance(p, "sharing")
	p.opens("share-with", "shared-with")
	p.Reads("shared-with", relativeName, relativeName)
	e.look(p, "sharing-shared")
	looked := func() {}
	if e.who == "sakurako" {
		looked = p.isSeenBy(e)
	}
	p.opens("withdraw", "share-with")
	looked()
	p.goesBack("measure-weight")
	p.keys("F1")
	p.isShown("tile-signout")
}

// isSeenBy has the relative look at what is shared. What it gives has them look
// once more, when it is not.
func (p *Person) isSeenBy(e evening) func() {
	p.t.Helper()
	relative := p.world.seat(p.t, e.relative, e.lang, e.size)
	relative.laysWithAHand(e.relative)
	relative.asksForTheCard("pin-pad")
	relative.enters(relative.Card.AuthenticationPIN, "tile-signout")
	relative.passesThePlatform("tile-health", "shared-by")
	relative.opens("shared-by", "whose")
	relative.Reads("whose", e.nickname.JA, e.nickname.EN)
	e.look(relative, "health-of-family")
	relative.must(relative.expect(relative.found("to-messages")).ToHaveCount(0), "be spared the messages")
	return func() {
		relative.steersTo(`[data-testid="measure-weight"]`)
		relative.keys("Enter")
		relative.isTurnedAway("not-shared", ui.Text{JA: "この情報は見られません", EN: "This cannot be shown"})
	}
}

// booksASlot sees the price and why, proves the residency at a computer, books,
// finds the booking in the list, and cancels it.
func (p *Person) booksASlot(e evening) {
	p.passesThePlatform("tile-booking", "to-price")
	standard := p.Text("facility-" + e.facility)
	e.glance(p, "booking-standard")
	p.opens("to-price", "unproven")
	e.look(p, "price-unproven")
	p.provesTheResidency(p.Text("residency-address"))
	p.goesBack("to-price")
	p.Reads("to-price", "市民料金", "Resident price")
	if p.Text("facility-"+e.facility) == standard {
		p.t.Errorf("a resident pays what others pay: %s", standard)
	}
	e.look(p, "booking-resident")
	if e.curious {
		p.opens("to-price", "to-withdraw")
		e.look(p, "price-resident")
		p.opens("to-withdraw", "withdraw-consent")
		e.look(p, "price-withdraw")
		p.goesBack("to-withdraw")
		p.goesBack("to-price")
	}
	p.opens("facility-"+e.facility, "week")
	e.look(p, "week")
	p.opensThe(`tbody tr:last-child td:last-child [data-testid="slot-free"]`, "book")
	e.look(p, "booking-confirm")
	p.opens("book", "reference")
	reference := p.Text("reference")
	e.look(p, "booking-made")
	p.goesBack("to-price")
	p.opens("my-booking", "cancel")
	p.Reads("reference", reference, reference)
	p.opens("cancel", "reference")
	p.IsTold("取り消しました", "Cancelled")
	e.look(p, "booking-cancelled")
	p.goesBack("to-price")
	p.Reads("my-booking", "取消ずみ", "cancelled")
}

// provesTheResidency goes to a computer, to the address that the set shows, and
// signs the application there.
func (p *Person) provesTheResidency(address string) {
	p.t.Helper()
	there := p.world.asIn(p.t, p.ID, p.lang)
	there.GoesTo(address)
	there.Clicks("draft")
	there.inTheCardWindowOf("catv", "sign-button", func() { there.TypesPIN(there.Card.SignaturePIN) })
	there.Sees("proven")
}

// knowsNothingOf wants none of some words anywhere in the page.
func (p *Person) knowsNothingOf(words ...string) {
	p.t.Helper()
	all, err := p.page.Content()
	p.must(err, "read the page")
	for _, word := range words {
		if strings.Contains(all, word) {
			p.t.Errorf("%q is still in the page %s", word, p.page.URL())
		}
	}
}
