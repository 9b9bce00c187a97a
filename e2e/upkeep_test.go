package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/seed"
)

// A bank that learns of a move asks those who moved and nobody else: not who
// stayed, not who lost a card, not who forbade it to look.
func TestTheSweepFindsExactlyWhoMoved(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	accounts := map[string]string{"taro": w.accountOf(t, "taro"), "misaki": w.accountOf(t, "misaki")}
	for _, id := range []string{"hanako", "tatsu", "hajime", "wei"} {
		accounts[id] = w.becomesACustomer(t, id)
	}
	tatsu := w.As(t, "tatsu")
	tatsu.SignsIn()
	tatsu.Clicks("to-consent")
	tatsu.Sees("consent-stands")
	tatsu.Clicks("consent-withdraw")
	tatsu.Clicks("consent-withdraw-yes")
	tatsu.Sees("consent-withdrawn")

	officer, hinata := w.officer(t, "mado-1", ui.Japanese), w.officer(t, "mado-3", ui.Japanese)
	moves := act{event: "move-house", fields: map[string]string{"address": "みなみ町１番"}, effects: []string{signatureEnds, loginStays}}
	officer.Takes("taro", moves)
	officer.Takes("tatsu", moves)
	hinata.Takes("misaki", act{event: "name-change", fields: map[string]string{"name": "若葉　美咲"}, effects: []string{signatureEnds, loginStays}})
	officer.Takes("hanako", act{event: "loss", effects: []string{"digital-signature suspended certificateHold", "user-authentication suspended certificateHold"}})

	w.Advances(24 * time.Hour) // a new day: the bank looks by itself
	clerk := w.clerk(t, ui.Japanese)
	clerk.Goes("bank", "/staff/sweeps")
	clerk.must(clerk.page.Locator("main table a").First().Click(), "open the latest report")
	clerk.Reads("sweep-report", "定時の変更確認", "")
	clerk.Counts(map[string]int{"asked": 3, "unchanged": 2, "changed": 2, "suspended": 1, "withheld": 1, "revoked": 0, "expired": 0, "unknown": 0})
	clerk.Clicks("to-waiting")
	waiting := clerk.Text("sweep-waiting")
	for id, account := range accounts {
		asked := id == "taro" || id == "misaki" || id == "hanako"
		if strings.Contains(waiting, account) != asked {
			t.Errorf("among those who wait: %s %v, want %v\n%s", id, !asked, asked, waiting)
		}
	}
	clerk.Sweeps() // to look again asks nobody twice
	clerk.Sees("sweep-nobody")
	clerk.Counts(map[string]int{"unchanged": 2, "changed": 2, "suspended": 1, "withheld": 1})

	tatsu = w.As(t, "tatsu")
	tatsu.SignsIn()
	tatsu.must(tatsu.expect(tatsu.found("inbox")).ToHaveCount(0), "be asked nothing")
}

// Whoever is asked signs with the new certificate; the record is made true,
// and what it said before is kept. Nobody else's card will do.
func TestTaroTellsTheBankOfHisNewAddress(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	officer := w.officer(t, "mado-1", ui.Japanese)
	officer.Takes("taro", act{event: "move-house", fields: map[string]string{"address": "みなみ町１番"}, effects: []string{signatureEnds, loginStays}})
	officer.Clicks("next-reissue")
	reissue := act{event: "reissue", fields: map[string]string{"kinds": "digital-signature"}, effects: []string{signatureIssued, loginStays}}
	officer.Prepares(reissue)
	officer.Confirms(reissue)
	officer.Clicks("back-to-resident")
	officer.Reads("register-address", "青葉県みほん市みなみ町１番", "")
	officer.Reads("former-entries", "みどり台４丁目５番６号", "")
	serial := officer.IsOnRecord("digital-signature", "good")
	clerk := w.clerk(t, ui.Japanese)
	clerk.Sweeps()

	taro := w.As(t, "taro")
	number := taro.SignsIn()
	taro.Clicks("notice-link")
	taro.Clicks("change-notice-start")
	taro.Reads("document", "変更", "")
	taro.Lays("misaki") // his wife's card lies on the reader
	taro.Goes("bank", "/changes/draft")
	taro.InTheCardWindow("sign-button", func() { taro.TypesPIN(w.persona("misaki").Card.SignaturePIN) })
	taro.isRefused("口座の名義人ご本人のカードではありません", "")
	taro.Lays("taro")
	taro.Goes("bank", "/changes/draft")
	taro.Signs()
	taro.Sees("change-accepted")
	taro.IsTold("みどり台４丁目５番６号", "")
	taro.IsTold("みなみ町１番", "")
	taro.IsTold(serial, "")
	taro.Goes("bank", "/account")
	taro.must(taro.expect(taro.found("notice-link")).ToHaveCount(0), "have nothing left to do")

	clerk.OpensTheRecordOf(number)
	clerk.Reads("record", "みなみ町１番", "")
	clerk.Reads("record", serial, "")
	clerk.Reads("history", "変更届を受け付けた", "")
	clerk.must(clerk.found("history").Locator("summary").Click(), "look at what was on record before")
	clerk.Reads("history", "みどり台４丁目５番６号", "")
	clerk.Sweeps()
	clerk.Counts(map[string]int{"changed": 0, "unchanged": 2})
}

// Three months before the certificates expire the counter renews them. The bank
// takes the newer ones without asking, and notices when he moves later.
func TestTaroRenewsBeforeItIsTooLate(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	officer := w.officer(t, "mado-1", ui.Japanese)
	number := w.accountOf(t, "taro")
	officer.LooksUp("taro")
	told := officer.Text("act-off-renewal")
	_, day, _ := strings.Cut(told, "\n")
	var year, month, on int
	if _, err := fmt.Sscanf(strings.TrimSpace(day), "令和%d年%d月%d日から受け付けます", &year, &month, &on); err != nil {
		t.Fatalf("the counter says %q: %v", told, err)
	}
	from := time.Date(2018+year, time.Month(month), on, 0, 0, 0, 0, jpki.JST)
	w.Advances(from.Add(9 * time.Hour).Sub(w.Clock().Now()))
	officer.SignsInAtTheOffice("mado-1")
	former := "superseded"
	officer.Takes("taro", act{event: "renewal", effects: []string{
		"digital-signature revoked " + former, signatureIssued, "user-authentication revoked " + former, loginIssued,
	}})
	clerk := w.clerk(t, ui.Japanese)
	clerk.Sweeps()
	clerk.Sees("sweep-nobody")
	clerk.Counts(map[string]int{"followed": 1, "changed": 0, "revoked": 0})
	clerk.OpensTheRecordOf(number)
	clerk.Reads("history", "更新された署名用電子証明書を確認し", "")
	clerk.must(clerk.expect(clerk.found("record-messages")).ToHaveCount(0), "find no message to him")

	taro := w.As(t, "taro")
	if known := taro.SignsIn(); known != number { // both are new: the authority says whose they are
		t.Errorf("the renewed card opens account %s: want %s", known, number)
	}
	taro.must(taro.expect(taro.found("notice-link")).ToHaveCount(0), "be asked nothing")
	taro.SignsOut()

	officer.Takes("taro", act{event: "move-house", fields: map[string]string{"address": "みなみ町１番"}, effects: []string{signatureEnds, loginStays}})
	clerk.Sweeps()
	clerk.Counts(map[string]int{"asked": 1, "changed": 1})
	clerk.Goes("bank", "/staff/letters")
	clerk.Clicks("letter-link")
	clerk.Reads("letter", "変更届ご提出のお願い", "")
	if again := taro.SignsIn(); again != number {
		t.Errorf("the renewed card opens account %s: want %s", again, number)
	}
	taro.Clicks("notice-link")
	taro.must(taro.expect(taro.found("notice")).ToHaveAttribute("data-kind", "changed"), "be told of a change")
}

// A telephone call stops a card at once, wherever it is tried.
func TestACallStopsTheCardAtOnce(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	misaki := w.As(t, "misaki")
	number := misaki.SignsIn()
	desk := w.officer(t, "denwa-1", ui.Japanese)
	desk.Types("holder-name", misaki.Name)
	desk.Types("holder-birth", misaki.Birth)
	desk.Types("holder-address", "青葉県ひなた町1番地") // not where she lives
	desk.Clicks("holder-search")
	desk.Sees("no-holder")
	desk.Types("holder-address", misaki.Address)
	desk.Clicks("holder-search")
	desk.Sees("holder")
	suspended := []string{"digital-signature suspended certificateHold", "user-authentication suspended certificateHold"}
	desk.SeesEffects(suspended)
	desk.Types("why", "本人からの電話（紛失）")
	desk.Clicks("confirm")
	desk.Sees("reference")

	finder := w.As(t, "misaki") // somebody who has the card, and her PIN
	finder.Authenticates(misaki.Card.AuthenticationPIN)
	finder.isRefused("利用者証明用電子証明書が一時停止されています", "")

	officer := w.counterOf(t, "misaki")
	officer.Takes("misaki", act{event: "found", effects: []string{signatureHeld, loginResumed}})
	if again := finder.SignsIn(); again != number {
		t.Errorf("signed in to account %s: want %s", again, number)
	}
}

// The ministry's word about a verifier holds at once: what is suspended is
// refused, with the bank's own page for its customers and for its staff.
func TestTheMinistryDecidesWhoMayAsk(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	ministry := w.officer(t, "mic-1", ui.Japanese)
	before := ministry.feesOf("mihon-bank")
	taro := w.As(t, "taro")
	taro.SignsIn()
	taro.SignsOut()
	if after := ministry.feesOf("mihon-bank"); after != before+1 {
		t.Errorf("one sign-in was counted %d times", after-before)
	}

	w.Foresees("not accredited")
	ministry.decides("mihon-bank", "suspend", "suspended")
	taro.Authenticates(taro.Card.AuthenticationPIN)
	taro.isRefused("当行の都合により、ただいま確認ができません", "")
	clerk := w.clerk(t, ui.Japanese)
	clerk.Sweeps()
	clerk.Reads("sweep-failure", "失効情報の提供を断りました", "")
	ministry.decides("mihon-bank", "reinstate", "accredited")
	taro.SignsIn()
	taro.SignsOut()
	ministry.decides("mihon-bank", "withdraw", "withdrawn")
	taro.Authenticates(taro.Card.AuthenticationPIN)
	taro.isRefused("当行の都合により、ただいま確認ができません", "")
	taro.Goes("authority", "/verifiers")
	taro.must(taro.expect(taro.page.Locator(`[data-testid="verifier-state"][data-id="mihon-bank"]`)).ToHaveAttribute("data-state", "withdrawn"), "find the bank withdrawn on the public list")

	key := ministry.accreditsTheClinic()
	clinic := newCaller(t)
	clinic.mediaType = "application/x-ndjson"
	confirmations := w.URL("authority") + "/verifier/v1/confirmations?purpose=current-status"
	line := map[string]string{"kind": "user-authentication", "serial": "0A21C3F0"}
	if status := clinic.asks(confirmations, key, line, nil); status >= 400 {
		t.Errorf("the new key opens nothing: status %d", status)
	}
	if status := clinic.asks(confirmations, seed.BankKey, line, nil); status < 400 {
		t.Errorf("a withdrawn verifier is answered: status %d", status)
	}
}

// feesOf reads how many answers a verifier had this month.
func (p *Person) feesOf(verifier string) int {
	p.t.Helper()
	p.Goes("authority", "/office/fees")
	said, err := p.found("statement-" + verifier).Locator("header strong").First().InnerText()
	p.must(err, "read the statement of %s", verifier)
	n := 0
	for _, r := range said {
		if r >= '0' && r <= '9' {
			n = n*10 + int(r-'0')
		}
	}
	return n
}

// decides does an act of the ministry to a verifier.
func (p *Person) decides(verifier, act, state string) {
	p.t.Helper()
	p.Goes("authority", "/office/verifiers")
	p.Clicks("verifier-" + verifier)
	p.Clicks("act-" + act)
	p.Sees("effect")
	p.Types("why", "監査の結果による")
	p.Clicks("confirm")
	p.must(p.expect(p.found("verifier-state").First()).ToHaveAttribute("data-state", state), "see that the verifier is %s", state)
}

// accreditsTheClinic takes an application through, and gives the key that is
// shown once.
func (p *Person) accreditsTheClinic() string {
	p.t.Helper()
	clinic := p.world.stranger(p.t, "clinic", p.lang)
	id := clinic.applies("みほん市診療所")
	p.Goes("authority", "/office/verifiers")
	p.Clicks("application-" + id)
	p.Types("field-id", "mihon-clinic")
	p.must(p.found("why").First().Fill("審査の結果"), "say why")
	p.Clicks("approve")
	key := p.Text("verifier-key")
	p.Goes("authority", "/office/verifiers/mihon-clinic")
	p.Sees("verifier-state")
	if text, err := p.page.Content(); err != nil || strings.Contains(text, key) {
		p.t.Errorf("the key is shown again (%v)", err)
	}
	return key
}

// applies sends an application for accreditation, and gives its identifier.
func (p *Person) applies(name string) string {
	p.t.Helper()
	p.Goes("authority", "/verifiers/apply")
	p.Types("field-name", name)
	p.Types("field-contact", "情報システム係")
	p.Types("field-use", "患者の本人確認")
	for _, kind := range []string{"digital-signature", "user-authentication"} {
		p.must(p.found("kind-"+kind).SetChecked(true), "ask for %s", kind)
	}
	p.Clicks("apply")
	p.Reads("application-id", "認定申請 第", "Application No.")
	id, err := p.found("application-id").GetAttribute("data-id")
	p.must(err, "read the number of the application")
	return id
}
