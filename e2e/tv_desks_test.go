package e2e

import (
	"testing"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/seed"
)

// Every page of the cable operator's house that is for a computer, the
// operator's, the nurse's, the municipality's and the citizen's own, is looked at
// like those of TestEveryPage.
func TestEveryPageBesideTheSet(t *testing.T) {
	t.Parallel()
	for _, lang := range []ui.Lang{ui.Japanese, ui.English} {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			w := NewWorld(t)
			w.inTheMorning()
			hanako := w.asIn(t, "hanako", lang)
			hanako.appliesForTheResidentPrice()
			if lang == ui.Japanese { // a booking looks the same in both
				hanako.booksBeforeTheSet(t)
			}
			staff := w.stranger(t, "staff", lang)
			staff.looksAtTheOperator()
			staff.looksAtTheNurse()
			staff.looksAtTheMunicipality()
			hanako.looksAtHerStanding()
			hanako.isNoResident("misaki")
		})
	}
}

// appliesForTheResidentPrice signs the application at a computer.
func (p *Person) appliesForTheResidentPrice() {
	p.looksAt("catv-residency", "catv", "/residency")
	p.Clicks("draft")
	p.Sees("sign-button")
	p.Pictures("catv-residency-paper")
	p.inTheCardWindowOf("catv", "sign-button", func() { p.TypesPIN(p.Card.SignaturePIN) })
	p.Sees("proven")
	p.Pictures("catv-residency-proven")
}

// booksBeforeTheSet books a slot of today at a set.
func (p *Person) booksBeforeTheSet(t *testing.T) {
	at := p.world.seat(t, p.ID, p.lang, hd)
	at.laysWithAHand(p.ID)
	at.asksForTheCard("pin-pad")
	at.enters(p.Card.AuthenticationPIN, "tile-signout")
	at.passesThePlatform("tile-booking", "to-price")
	at.opens("facility-kitchen", "week") // for residents alone
	at.opensThe(`tbody tr:last-child td:nth-child(2) [data-testid="slot-free"]`, "book")
	at.opens("book", "reference")
}

// signsInAtDesk signs staff in at a desk of the house.
func (p *Person) signsInAtDesk(desk, page string) {
	p.t.Helper()
	p.Goes("catv", "/"+desk)
	p.Types("staff-key", seed.CATVStaffKey)
	p.Clicks("staff-enter")
	p.Sees(page)
}

// looksAtTheOperator goes through a household, and prints a new code.
func (p *Person) looksAtTheOperator() {
	p.Goes("catv", "/operator")
	p.Types("staff-key", "wrong")
	p.Clicks("staff-enter")
	p.Sees("wrong")
	p.Pictures("catv-staff-wrong")
	p.signsInAtDesk("operator", "contracts")
	p.Pictures("catv-operator")
	p.Clicks("contract-100234")
	p.Sees("viewers")
	before := p.Text("code")
	p.Clicks("new-code")
	p.must(p.expect(p.found("code")).Not().ToHaveText(before), "see another code")
	p.Pictures("catv-contract")
	p.must(p.found("leave-ask").First().Click(), "think of ending an enrolment")
	p.Pictures("catv-contract-leave")
	p.must(p.found("leave").First().Click(), "end an enrolment")
	p.must(p.expect(p.found("code")).ToHaveCount(2), "see the papers wait for two")
}

// looksAtTheNurse writes to a participant, and mistypes a reading.
func (p *Person) looksAtTheNurse() {
	p.signsInAtDesk("nurse", "participants")
	p.Pictures("catv-nurse")
	p.must(p.found("participant").First().Click(), "look at a participant")
	p.Types("message-text", "寒くなりました。お変わりありませんか。")
	p.Chooses("message-answers", "condition")
	p.Clicks("message-send")
	p.Sees("saved")
	p.Pictures("catv-participant")
	p.Chooses("reading-measure", "weight")
	p.Types("reading-value", "999")
	p.Clicks("reading-save")
	p.isRefused("入力された値を受け付けられません", "Please check your input")
	p.Pictures("catv-reading-refused")
}

// looksAtTheMunicipality reads the list of a day on which somebody comes.
func (p *Person) looksAtTheMunicipality() {
	p.signsInAtDesk("municipality", "day-list")
	p.Sees("day-list")
	p.Pictures("catv-municipality")
}

// looksAtHerStanding sees at a computer what is kept of her, and takes her
// consent back.
func (p *Person) looksAtHerStanding() {
	p.looksAt("catv-standing-signin", "catv", "/residency/standing")
	p.inTheCardWindowOf("catv", "standing-signin", func() { p.TypesPIN(p.Card.AuthenticationPIN) })
	p.Sees("resident")
	p.Pictures("catv-standing")
	p.must(p.found("sure").Check(), "understand what it means")
	p.Clicks("withdraw-consent")
	p.Sees("withdrawn")
	p.Pictures("catv-standing-withdrawn")
}

// isNoResident signs the application with the card of somebody who has an address
// in another town.
func (p *Person) isNoResident(id string) {
	p.Lays(id)
	p.Goes("catv", "/residency")
	p.Clicks("draft")
	p.inTheCardWindowOf("catv", "sign-button", func() { p.TypesPIN(p.world.persona(id).Card.SignaturePIN) })
	p.isRefused("みほん市の住所ではありませんでした", "The address is not in Mihon City")
	p.Pictures("catv-residency-refused")
}
