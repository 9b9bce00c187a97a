package e2e

import (
	"strings"
	"testing"

	"github.com/mxschmitt/playwright-go"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/seed"
)

// inBoth takes pictures of a page that can be asked for again, in both languages if they
// are wanted.
func (p *Person) inBoth(name string) {
	p.t.Helper()
	if !p.takesPictures {
		p.Pictures(name)
		return
	}
	at := p.page.URL()
	for _, lang := range []ui.Lang{ui.English, ui.Japanese} {
		p.lang = lang
		p.GoesTo(at + "?lang=" + string(lang))
		p.Pictures(name)
	}
}

// chooses fills in a line of a prescription.
func (p *Person) chooses(line, drug, dose, days string) {
	p.t.Helper()
	_, err := p.found("drug-" + line).SelectOption(playwright.SelectOptionValues{Values: &[]string{drug}})
	p.must(err, "choose the medicine %s", drug)
	p.Types("dose-"+line, dose)
	p.Types("days-"+line, days)
}

// laysAtThePharmacy lays the own card at a pharmacy's terminal.
func (p *Person) laysAtThePharmacy(id string) {
	p.t.Helper()
	p.Goes("medical", "/pharmacies/"+id)
	p.Clicks("begin")
	p.Sees("pin-input")
	p.TypesPIN(p.Card.AuthenticationPIN)
	p.Sees("finish")
}

// 太郎 checks in, the doctor prescribes and signs, one pharmacy dispenses while the card
// lies there, and the next one sees that it has.
func TestTaroGetsHisMedicine(t *testing.T) {
	t.Parallel()
	w := CommonWorld(t)
	taro := w.As(t, "taro")
	_, ticket := w.chemist(t).checksIn("taro", "hospital")
	doctor := w.As(t, seed.Doctor)
	doctor.prescribes(ticket)
	taro.laysAtThePharmacy("mihon")
	taro.seesSteps("lit", "lit", "lit", "lit")
	taro.faces("rx-laid", receptions...)

	mihon := w.stranger(t, "pharmacist", ui.Japanese)
	mihon.worksAt("/pharmacies/mihon/desk", "test-mihon-pharmacy-staff-key-not-secret")
	mihon.Clicks("open-touch")
	mihon.Reads("touch-name", "若葉　太郎", "")
	mihon.inBoth("rx-touch")
	mihon.must(mihon.found("accept").First().Click(), "take the prescription")
	mihon.must(mihon.found("dispense").First().Click(), "dispense it")
	mihon.must(mihon.expect(mihon.found("rx-state").First()).ToHaveAttribute("data-state", "dispensed"), "see it dispensed")
	taro.takesTheCard()
	mihon.Sees("no-touch") // by itself
	if text, err := mihon.page.Locator("main").InnerText(); err != nil || strings.Contains(text, "ミホロール") || strings.Contains(text, "若葉") {
		t.Errorf("the pharmacy still shows it (%v)", err)
	}
	mihon.inBoth("rx-counter")

	taro.Lays("taro")
	taro.laysAtThePharmacy("aoba")
	aoba := w.stranger(t, "second pharmacist", ui.English)
	aoba.worksAt("/pharmacies/aoba/desk", "test-aoba-pharmacy-staff-key-not-secret")
	aoba.Clicks("open-touch")
	aoba.must(aoba.expect(aoba.found("rx-state").First()).ToHaveText("Dispensed"), "see that it was dispensed")
	aoba.must(aoba.expect(aoba.found("rx-pharmacy").First()).ToContainText("Mihon Pharmacy"), "see where")
	taro.Clicks("finish")
	taro.looksWhoLooked()

	rx := w.stranger(t, "inquiry system", ui.Japanese)
	rx.worksAt("/rx", "test-prescriptions-staff-key-not-secret")
	rx.must(rx.found("act").First().Locator("summary").Click(), "open an act")
	rx.inBoth("rx-log")
	doctor.must(doctor.expect(doctor.found("rx-state").First()).ToHaveAttribute("data-state", "waiting"), "still see the page of before")
	doctor.GoesTo(doctor.page.URL())
	doctor.must(doctor.expect(doctor.found("rx-state").First()).ToHaveAttribute("data-state", "dispensed"), "see it dispensed")
}

// prescribes writes and signs a prescription for the patient of a ticket, who has a
// medicine of the same class already.
func (p *Person) prescribes(ticket string) {
	p.t.Helper()
	p.worksAt("/hospital/doctor", "test-doctor-staff-key-not-secret")
	p.inBoth("rx-doctor")
	p.must(p.found("patients").GetByText("受付番号 "+ticket, playwright.LocatorGetByTextOptions{Exact: playwright.Bool(true)}).Click(), "open visit %s", ticket)
	p.Clicks("write")
	p.inBoth("rx-order")
	order := p.page.URL()
	for _, lang := range []ui.Lang{ui.English, ui.Japanese} {
		p.lang = lang
		p.GoesTo(order + "?lang=" + string(lang))
		p.chooses("0", "101", "1", "28")
		p.chooses("1", "701", "2", "7")
		p.Clicks("check")
		p.Reads("findings", "重複投薬", "Duplicate")
		p.Pictures("rx-findings")
	}
	p.Types("reason-0", "切替のため、前の薬は中止を指示")
	p.Clicks("check")
	p.Sees("sign-button")
	p.alsoInTheOther("rx-sign", p.Pictures)
	p.inTheCardWindowOf("medical", "sign-button", func() { p.TypesPIN(p.Card.SignaturePIN) })
	p.Sees("slip")
	p.inBoth("rx-visit")
	at := p.page.URL()
	p.Clicks("slip")
	p.Sees("rx-code")
	p.inBoth("rx-slip")
	p.GoesTo(at)
}

// looksWhoLooked sees the own prescriptions, and who looked at them.
func (p *Person) looksWhoLooked() {
	p.t.Helper()
	p.Goes("medical", "/rx/mine")
	p.inBoth("rx-mine-card")
	p.inTheCardWindowOf("medical", "mine-card", func() { p.TypesPIN(p.Card.AuthenticationPIN) })
	p.must(p.expect(p.found("act").First()).ToContainText("ご本人による閲覧"), "see the own look")
	p.must(p.expect(p.page.Locator("main")).ToContainText("あおば調剤薬局"), "see the pharmacies' looks")
	p.must(p.expect(p.page.Locator("main")).ToContainText("みほん薬局（白石　静）"), "see which pharmacist looked")
	p.Pictures("rx-mine")
}
