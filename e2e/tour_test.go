package e2e

import (
	"testing"

	"github.com/mxschmitt/playwright-go"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/seed"
)

// Every page of the offices, of the bank's staff, and of what keeps the bank's
// records true, is looked at like those of TestEveryPage.
func TestEveryPageBehindTheCounters(t *testing.T) {
	t.Parallel()
	for _, lang := range []ui.Lang{ui.Japanese, ui.English} {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			w := NewWorld(t)
			w.Foresees("not accredited")
			visitor := w.stranger(t, "visitor", lang)
			visitor.looksAtTheOfficesFronts()
			officer := w.officer(t, "mado-1", lang)
			officer.looksAtTheCounter()
			officer.looksAtTheCounterOfAnotherTown()
			clerk := w.clerk(t, lang)
			clerk.looksAtTheStaffRoom()
			taro := w.asIn(t, "taro", lang)
			taro.looksAtTheUpkeep()
			clerk.looksAtARecord(taro.SignsIn())
			clerk.looksAtTheBranch()
			w.officer(t, "denwa-1", lang).looksAtTheSuspensionDesk()
			ministry := w.officer(t, "mic-1", lang)
			ministry.looksAtTheMinistry(visitor)
			ministry.decides("mihon-bank", "suspend", "suspended")
			clerk.looksAtAFailure()
		})
	}
}

// looksAt opens a page and takes its pictures.
func (p *Person) looksAt(name, house, path string) {
	p.t.Helper()
	p.Goes(house, path)
	p.Pictures(name)
}

// looksAtTheOfficesFronts visits what anybody can see.
func (p *Person) looksAtTheOfficesFronts() {
	p.looksAt("office-desks", "authority", "/office")
	p.looksAt("office-not-signed-in", "authority", "/office/counter")
	p.Goes("authority", "/office/signin")
	p.Types("officer-key", "wrong")
	p.Clicks("signin")
	p.IsTold("職員又は職員の鍵が違います", "The officer or the key is wrong")
	p.Pictures("office-signin-wrong")
	p.looksAt("verifiers-public", "authority", "/verifiers")
	p.Goes("authority", "/verifiers/apply")
	p.Clicks("apply")
	p.Pictures("verifiers-apply-mistaken")
	p.Goes("bank", "/changes/new")
	p.Types("change-account", "12")
	p.Clicks("change-notice-start")
	p.Pictures("bank-change-mistaken")
	p.looksAt("bank-comparison", "bank", "/comparison")
	p.looksAt("bank-comparison-mistaken", "bank", "/comparison?fee=dear")
	p.Goes("bank", "/staff/signin")
	p.SignsInAsStaff("wrong")
	p.Sees("staff-key-error")
	p.Pictures("staff-signin-wrong")
	p.looksAt("staff-not-signed-in", "bank", "/staff")
}

// looksAtTheCounter goes through a move, a re-issue and what is refused.
func (p *Person) looksAtTheCounter() {
	p.Pictures("counter")
	p.Types("search-name", "ア")
	p.Clicks("resident-search")
	p.Sees("search-result")
	p.Pictures("counter-found")
	p.looksAt("counter-newcomer", "authority", "/office/counter/new")
	for field, value := range map[string]string{"name": "若葉　緑", "kana": "ワカバ　ミドリ", "romaji": "Midori Wakaba", "birth": "2026-01-15", "address": "みどり台４丁目５番６号"} {
		p.Types("field-"+field, value)
	}
	p.Chooses("field-gender", "2")
	p.Types("why", "出生届")
	p.Clicks("preview")
	p.Sees("confirm")
	p.Pictures("counter-newcomer-paper")
	p.Clicks("confirm")
	p.Sees("next-card-issue")
	p.Pictures("counter-newcomer-done")
	p.LooksUp("taro")
	p.Pictures("counter-resident")
	p.Clicks("act-move-house")
	p.Clicks("preview")
	p.Pictures("counter-move-mistaken")
	move := act{event: "move-house", fields: map[string]string{"address": "みなみ町１番"}, effects: []string{signatureEnds, loginStays}}
	p.Prepares(move)
	p.Pictures("counter-move-paper")
	p.Confirms(move)
	p.Pictures("counter-move-done")
	p.Clicks("next-reissue")
	reissue := act{event: "reissue", fields: map[string]string{"kinds": "digital-signature"}, effects: []string{signatureIssued, loginStays}}
	p.Prepares(reissue)
	p.Confirms(reissue)
	p.Clicks("back-to-resident")
	p.Sees("former-entries")
	p.Pictures("counter-resident-moved")
	p.LooksUp("naoko")
	p.Clicks("act-pin-reset")
	reset := act{event: "pin-reset", fields: map[string]string{"kinds": "digital-signature user-authentication"}, effects: []string{"digital-signature unchanged", loginStays}}
	p.Prepares(reset)
	p.Pictures("counter-pins")
	p.Types("pin-user-authentication", "1")
	p.Clicks("confirm")
	p.Pictures("counter-pins-mistaken")
	p.looksAt("counter-child", "authority", "/office/counter/residents/haruto")
	p.looksAt("counter-wrong-post", "authority", "/office/fees")
	p.looksAt("counter-pending-gone", "authority", "/office/counter/pending/none")
	p.Presses("サインアウト", "Sign out")
}

// looksAtTheCounterOfAnotherTown goes through a loss, a death and a return, and
// meets residents of the first.
func (p *Person) looksAtTheCounterOfAnotherTown() {
	p.SignsInAtTheOffice("mado-3")
	p.looksAt("counter-elsewhere", "authority", "/office/counter/residents/taro")
	sakurako := p.world.persona("sakurako")
	p.Goes("authority", "/office/counter")
	p.Types("search-name", sakurako.Kana)
	p.Types("search-birth", sakurako.Birth)
	p.Clicks("resident-search")
	p.Sees("take-in")
	p.Pictures("counter-incoming")
	p.Clicks("take-in")
	p.Pictures("counter-move-in")
	for _, event := range []string{"name-change", "card-issue", "pin-reset"} {
		p.looksAt("counter-"+event, "authority", "/office/counter/residents/misaki/acts/"+event)
	}
	p.Takes("misaki", act{event: "loss", effects: []string{"digital-signature suspended certificateHold", "user-authentication suspended certificateHold"}})
	p.looksAt("counter-resident-lost", "authority", "/office/counter/residents/misaki")
	p.looksAt("counter-refused", "authority", "/office/counter/residents/misaki/acts/renewal")
	p.LooksUp("hajime")
	p.Clicks("act-death")
	p.Prepares(act{event: "death", effects: []string{signatureClosed, loginClosed}})
	p.Pictures("counter-death-paper")
	p.Takes("hajime", act{event: "card-return", effects: []string{signatureClosed, loginClosed}})
	p.Pictures("counter-return-done")
	p.looksAt("counter-resident-returned", "authority", "/office/counter/residents/hajime")
}

// looksAtTheStaffRoom runs a sweep over two customers, one of whom has moved
// and the other lost a card.
func (p *Person) looksAtTheStaffRoom() {
	p.Sweeps()
	p.Counts(map[string]int{"changed": 1, "suspended": 1})
	p.Pictures("staff-sweep")
	p.looksAt("staff-sweeps", "bank", "/staff/sweeps")
	p.looksAt("staff-waiting", "bank", "/staff/waiting")
	p.looksAt("staff-front", "bank", "/staff")
	p.looksAt("staff-customers", "bank", "/staff/customers")
	p.looksAt("staff-customers-none", "bank", "/staff/customers?account=12&state=expired")
	p.looksAt("staff-letters", "bank", "/staff/letters")
	p.Clicks("letter-link")
	p.Sees("letter")
	p.Pictures("staff-letter")
	p.Clicks("letter-printed")
	p.Sees("letters")
	p.looksAt("staff-no-letter", "bank", "/staff/letters/99")
}

// looksAtTheUpkeep answers the bank's question, after another's card was
// refused, and withdraws the consent.
func (p *Person) looksAtTheUpkeep() {
	p.must(p.context.AddInitScript(playwright.Script{Content: playwright.String("window.close = () => {}")}), "keep windows open")
	p.SignsIn()
	p.closesTheCardWindow()
	p.Pictures("bank-account-asked")
	p.looksAt("bank-inbox", "bank", "/inbox")
	p.Clicks("notice-link")
	p.Sees("notice")
	p.Pictures("bank-notice")
	p.Clicks("change-notice-start")
	p.Sees("sign-button")
	p.Pictures("bank-change-paper")
	p.Lays("sakurako")
	p.Goes("bank", "/changes/draft")
	p.InTheCardWindow("sign-button", func() { p.TypesPIN(p.world.persona("sakurako").Card.SignaturePIN) })
	p.isRefused("口座の名義人ご本人のカードではありません", "This is not the account holder's card")
	p.closesTheCardWindow()
	p.Pictures("bank-refused-another-person")
	p.Lays("taro")
	p.Goes("bank", "/changes/draft")
	p.Signs()
	p.Sees("change-accepted")
	p.closesTheCardWindow()
	p.Pictures("bank-changed")
	p.looksAt("bank-consent", "bank", "/consent")
	p.Clicks("consent-withdraw")
	p.Clicks("consent-withdraw-yes")
	p.Sees("consent-withdrawn")
	p.Pictures("bank-consent-withdrawn")
	p.Clicks("consent-give")
	p.Sees("sign-button")
	p.Pictures("bank-consent-paper")
	p.Signs()
	p.Sees("consent-stands")
	p.closesTheCardWindow()
	p.SignsOut()
}

// looksAtARecord opens a customer's record.
func (p *Person) looksAtARecord(account string) {
	p.looksAt("staff-record-closed", "bank", "/staff/customers/"+account)
	p.Clicks("record-open")
	p.Sees("record")
	p.must(p.found("history").Locator("summary").First().Click(), "look at what was on record before")
	p.Pictures("staff-record")
}

// looksAtTheBranch has one customer touch, and somebody with a lost card.
func (p *Person) looksAtTheBranch() {
	p.looksAt("branch", "bank", "/branch")
	p.Clicks("branch-begin")
	p.Sees("branch-touch-button")
	p.Pictures("branch-touch")
	p.touches("taro")
	p.Sees("branch-customer")
	p.Pictures("branch-customer")
	p.Clicks("branch-end")
	p.touches("misaki")
	p.Pictures("branch-refused")
}

// looksAtTheSuspensionDesk takes a call.
func (p *Person) looksAtTheSuspensionDesk() {
	who := p.world.persona("wei")
	p.Pictures("suspension")
	p.Types("holder-name", who.Name)
	p.Types("holder-birth", who.Birth)
	p.Types("holder-address", "nowhere")
	p.Clicks("holder-search")
	p.Pictures("suspension-none")
	p.Types("holder-address", who.Address)
	p.Clicks("holder-search")
	p.Sees("holder")
	p.Pictures("suspension-holder")
	p.Types("why", "本人からの電話")
	p.Clicks("confirm")
	p.Sees("reference")
	p.Pictures("suspension-done")
}

// looksAtTheMinistry takes an application through, and changes a price.
func (p *Person) looksAtTheMinistry(applicant *Person) {
	id := applicant.applies("みほん市診療所")
	applicant.Pictures("verifiers-applied")
	p.looksAt("ministry-register", "authority", "/office/verifiers")
	p.Clicks("application-" + id)
	p.Sees("approve")
	p.Pictures("ministry-application")
	p.Types("field-id", "mihon-clinic")
	p.must(p.found("why").First().Fill("審査の結果"), "say why")
	p.Clicks("approve")
	p.Sees("verifier-key")
	p.Pictures("ministry-approved")
	p.looksAt("ministry-verifier", "authority", "/office/verifiers/mihon-clinic")
	p.Clicks("act-conditions")
	p.Pictures("ministry-conditions")
	p.looksAt("ministry-fees", "authority", "/office/fees")
	p.Clicks("tariff-add")
	p.Pictures("ministry-fees-mistaken")
}

// looksAtAFailure runs a sweep that the authority refuses.
func (p *Person) looksAtAFailure() {
	p.Sweeps()
	p.Sees("sweep-failure")
	p.Pictures("staff-sweep-failed")
	p.Presses("サインアウト", "Sign out")
	p.Sees("staff-key")
	p.SignsInAsStaff(seed.BankStaffKey)
	p.Sees("sweep-run")
}
