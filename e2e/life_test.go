package e2e

import (
	"testing"

	"example.jp/jpkimock/internal/ui"
)

// life is what happens to somebody: at the counter first, then at the bank.
type life struct {
	acts []act
	bank func(p *Person, account string)
}

// Every event in a life goes from the counter's page, which says beforehand
// what it does to which certificate, to what the bank's page says of it.
func TestEveryLifeEventFromTheCounterToTheBank(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	accounts := map[string]string{}
	for _, id := range []string{"hanako", "maria", "sakurako", "naoko", "hajime", "tatsu", "wei"} {
		accounts[id] = w.becomesACustomer(t, id)
	}
	for _, id := range []string{"taro", "misaki"} {
		accounts[id] = w.accountOf(t, id)
	}
	lives := lifeEvents()
	t.Run("at the counter", func(t *testing.T) {
		for id, l := range lives {
			t.Run(id, func(t *testing.T) {
				t.Parallel()
				officer := w.counterOf(t, id)
				for _, a := range l.acts {
					if a.event == "move-in" {
						w.officer(t, "mado-2", ui.Japanese).TakesIn(id, a)
						continue
					}
					officer.Takes(id, a)
				}
			})
		}
	})
	clerk := w.clerk(t, ui.Japanese)
	clerk.Sweeps()
	clerk.Counts(map[string]int{"unchanged": 0, "changed": 4, "revoked": 4, "suspended": 1, "expired": 0, "unknown": 0, "withheld": 0})
	t.Run("at the bank", func(t *testing.T) {
		for id, l := range lives {
			t.Run(id, func(t *testing.T) {
				t.Parallel()
				l.bank(w.As(t, id), accounts[id])
			})
		}
	})
}

func lifeEvents() map[string]life {
	return map[string]life{
		"taro": {[]act{{event: "move-house", fields: map[string]string{"address": "みどり台９丁目９番９号"}, effects: []string{signatureEnds, loginStays}}}, isAskedToNotify},
		"misaki": {[]act{{event: "name-change", fields: map[string]string{"name": "若葉　美咲", "kana": "ワカバ　ミサキ", "formerSurname": "日向"},
			effects: []string{signatureEnds, loginStays}}}, isAskedToNotify},
		"hajime": {[]act{{event: "correction", fields: map[string]string{"birth": "2000-02-28"}, effects: []string{signatureEnds, loginStays}}}, isAskedToNotify},
		"sakurako": {[]act{
			{event: "move-out", effects: []string{signatureEnds, loginStays}},
			{event: "move-in", fields: map[string]string{"address": "港町１番１号"}, effects: []string{loginStays}},
		}, isAskedToNotify},
		"tatsu":  {[]act{{event: "death", effects: []string{signatureClosed, loginClosed}}}, hasEnded},
		"maria":  {[]act{{event: "move-abroad", effects: []string{signatureClosed, loginClosed}}}, hasEnded},
		"hanako": {[]act{{event: "loss", effects: []string{"digital-signature suspended certificateHold", "user-authentication suspended certificateHold"}}}, isSuspendedUntilFound},
		"wei": {[]act{
			{event: "loss", effects: []string{"digital-signature suspended certificateHold", "user-authentication suspended certificateHold"}},
			{event: "loss-final", effects: []string{"digital-signature revoked keyCompromise", "user-authentication revoked keyCompromise"}},
		}, hasLostTheCard},
		"naoko": {[]act{{event: "card-return", effects: []string{signatureClosed, loginClosed}}}, holdsADeadCard},
		"yumi":  {[]act{{event: "removal", effects: []string{loginClosed}}}, isTurnedAway},
	}
}

// isAskedToNotify: the card still signs in; the bank has noticed, and asks.
func isAskedToNotify(p *Person, _ string) {
	p.SignsIn()
	p.Reads("inbox", "ご住所・お名前などの変更届のお願い", "Please tell us of your new address or name")
	p.Clicks("notice-link")
	p.must(p.expect(p.found("notice")).ToHaveAttribute("data-kind", "changed"), "be told of a change")
	p.Reads("notice", "異動", "")
	p.Sees("change-notice-start")
}

// hasEnded: the card is good for nothing; the bank writes to the address on
// record.
func hasEnded(p *Person, account string) {
	p.isTurnedAwayAtTheDoor()
	clerk := p.world.clerk(p.t, ui.Japanese)
	clerk.ReadsTheLetterTo(account)
	clerk.Reads("letter", "電子証明書の失効に関するご照会", "")
	clerk.Reads("letter", p.Address, "")
}

// hasLostTheCard: the card is good for nothing, and a lost card is not a move:
// nothing is posted.
func hasLostTheCard(p *Person, account string) {
	p.isTurnedAwayAtTheDoor()
	p.world.clerk(p.t, ui.Japanese).FindsNoLetterTo(account, "電子証明書の失効についてのご照会")
}

func isTurnedAway(p *Person, _ string) { p.isTurnedAwayAtTheDoor() }

func (p *Person) isTurnedAwayAtTheDoor() {
	p.t.Helper()
	p.Authenticates(p.Card.AuthenticationPIN)
	p.isRefused("利用者証明用電子証明書が失効しています", "")
	p.Goes("bank", "/account")
	p.IsTold("サインインしてください", "")
}

// holdsADeadCard: a card that was given back is switched off.
func holdsADeadCard(p *Person, account string) {
	p.Goes("bank", "/signin")
	p.InTheCardWindow("signin-button", func() {
		p.MeetsTrouble("dead_card")
		p.cancels()
	})
	p.IsStoppedBecause("dead_card")
	clerk := p.world.clerk(p.t, ui.Japanese)
	clerk.ReadsTheLetterTo(account)
	clerk.Reads("letter", "電子証明書の失効に関するご照会", "")
}

// isSuspendedUntilFound: a lost card is not a move, and a card that was found
// opens the account as before.
func isSuspendedUntilFound(p *Person, account string) {
	p.Authenticates(p.Card.AuthenticationPIN)
	p.isRefused("利用者証明用電子証明書が一時停止されています", "")
	clerk := p.world.clerk(p.t, ui.Japanese)
	clerk.FindsNoLetterTo(account, "カードの一時停止を確認しました")

	officer := p.world.officer(p.t, "mado-1", ui.Japanese)
	officer.Takes("hanako", act{event: "found", effects: []string{signatureHeld, loginResumed}})
	if number := p.SignsIn(); number != account {
		p.t.Errorf("%s is let into account %s: want %s", p.who, number, account)
	}
	p.must(p.expect(p.found("change-notice-start")).ToHaveCount(0), "be asked for nothing")
}

// Whoever the bank turned away goes to the counter, and is let in.
func TestTheCounterHelpsWhoeverTheBankTurnedAway(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	both := "digital-signature user-authentication"
	pins := map[string]string{"digital-signature": "NEWPASS7", "user-authentication": "8080"}
	for id, acts := range map[string][]act{
		"makoto": {{event: "pin-reset", fields: map[string]string{"kinds": both}, pins: pins, effects: []string{"digital-signature unchanged", loginStays}}},
		"akira": {
			{event: "found", effects: []string{signatureHeld, loginResumed}},
			{event: "reissue", fields: map[string]string{"kinds": "digital-signature"}, effects: []string{"digital-signature revoked superseded", signatureIssued, loginStays}},
		},
		"yumi":  {{event: "reissue", fields: map[string]string{"kinds": "digital-signature"}, effects: []string{signatureIssued, loginStays}}},
		"kenji": {{event: "renewal", effects: []string{signatureIssued, loginIssued}}},
		"kaoru": {{event: "card-issue", pins: pins, effects: []string{signatureIssued, loginIssued}}},
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			officer := w.counterOf(t, id)
			for _, a := range acts {
				officer.Takes(id, a)
			}
			officer.Clicks("back-to-resident")
			officer.IsOnRecord("digital-signature", "good")
			officer.IsOnRecord("user-authentication", "good")
			officer.Reads("journal", w.officerOf(id), "")

			citizen := w.stranger(t, id, ui.Japanese)
			citizen.Persona = w.persona(id)
			citizen.layNewest(officer)
			if acts[0].pins != nil {
				citizen.Card.SignaturePIN, citizen.Card.AuthenticationPIN = pins["digital-signature"], pins["user-authentication"]
			}
			number := citizen.OpensAnAccount()
			citizen.SignsOut()
			if again := citizen.SignsIn(); again != number {
				t.Errorf("signed in to account %s: opened %s", again, number)
			}
		})
	}
}

// layNewest lays the card on the reader that the resident's page shows.
func (p *Person) layNewest(officer *Person) {
	p.t.Helper()
	id, err := officer.found("card-picture").Locator("code").First().InnerText()
	officer.must(err, "read the card's number")
	p.Goes("card", "/reader?card="+id)
	p.Sees("laid")
}

// A child is given a card without a signature certificate, whatever is asked
// for.
func TestAChildIsGivenNoSignatureCertificate(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	officer := w.officer(t, "mado-1", ui.Japanese)
	officer.LooksUp("haruto")
	officer.IsOnRecord("digital-signature", "none")
	officer.Clicks("act-card-issue")
	a := act{event: "card-issue", pins: map[string]string{"user-authentication": "4321"}, effects: []string{"user-authentication revoked superseded", loginIssued}}
	officer.Prepares(a)
	officer.must(officer.expect(officer.found("pin-digital-signature")).ToHaveCount(0), "be spared the password")
}
