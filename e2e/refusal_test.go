package e2e

import (
	"testing"
	"time"

	"example.jp/jpkimock/internal/ui"
)

// Citizens who cannot open an account, and what each of them is told. The first
// group signs and is refused by the bank; the second is stopped at the card.

func TestTheBankRefusesEachWithTheirOwnSentence(t *testing.T) {
	t.Parallel()
	w := CommonWorld(t)
	for id, told := range map[string][]ui.Text{
		"kenji": {{JA: "署名用電子証明書の有効期間が過ぎています"}, {JA: "電子証明書を更新してから"}},
		"yumi":  {{JA: "署名用電子証明書が失効しています"}, {JA: "異動"}},
		"akira": {{JA: "署名用電子証明書が一時停止されています"}, {JA: "一時停止の解除を申請"}},
		"kaoru": {{JA: "署名用電子証明書が失効しています"}, {JA: "再交付"}},
	} {
		t.Run(id, func(t *testing.T) {
			citizen := w.As(t, id)
			citizen.WritesAnApplication()
			citizen.Signs()
			for _, s := range told {
				citizen.IsTold(s.JA, s.EN)
			}
			citizen.Goes("bank", "/account")
			citizen.IsTold("サインインしてください", "Please sign in")
		})
	}
}

func TestTheCardStopsEachWithTheirOwnSentence(t *testing.T) {
	t.Parallel()
	w := CommonWorld(t)
	for id, c := range map[string]struct{ code, told string }{
		"haruto": {"no_certificate", "署名用電子証明書がありません"},
		"makoto": {"pin_blocked", "署名用パスワードがロックされています"},
		"minoru": {"dead_card", "カードのICチップが応答しません"},
	} {
		t.Run(id, func(t *testing.T) {
			citizen := w.As(t, id)
			citizen.WritesAnApplication()
			citizen.InTheCardWindow("sign-button", func() {
				citizen.MeetsTrouble(c.code)
				citizen.Reads("trouble", c.told, "")
				citizen.must(citizen.expect(citizen.found("pin-input")).ToHaveCount(0), "be spared the PIN")
				citizen.cancels()
			})
			citizen.IsStoppedBecause(c.code)
		})
	}
}

// Three wrong PINs block the card, also for whoever knows the right one.
func TestThreeWrongPINsBlockTheCard(t *testing.T) {
	t.Parallel()
	w := CommonWorld(t)
	wei := w.As(t, "wei")
	wei.Goes("bank", "/signin")
	wei.InTheCardWindow("signin-button", func() {
		wei.HasTriesLeft("3")
		wei.TypesPIN("0000")
		wei.MeetsTrouble("wrong_pin")
		wei.HasTriesLeft("2")
		wei.TypesPIN("0001")
		wei.HasTriesLeft("1")
		wei.Reads("trouble", "あと1回間違えるとロックされ", "")
		wei.TypesPIN("0002")
		wei.MeetsTrouble("pin_blocked")
		wei.Reads("trouble", "窓口で、ロックの解除（初期化）を申請", "")
		wei.cancels()
	})
	wei.IsStoppedBecause("pin_blocked")

	again := w.As(t, "wei") // another day, another browser, the same card
	again.Goes("bank", "/signin")
	again.InTheCardWindow("signin-button", func() {
		again.MeetsTrouble("pin_blocked")
		again.must(again.expect(again.found("pin-input")).ToHaveCount(0), "be spared the PIN")
	})
}

// A right PIN gives all tries back.
func TestNaokoHasOneTryLeftAndGetsItRight(t *testing.T) {
	t.Parallel()
	naoko := CommonWorld(t).As(t, "naoko")
	naoko.WritesAnApplication()
	naoko.InTheCardWindow("sign-button", func() {
		naoko.HasTriesLeft("1")
		naoko.Sees("last-try")
		naoko.TypesPIN("ABC") // no password at all: nothing is spent
		naoko.MeetsTrouble("bad_pin_format")
		naoko.HasTriesLeft("1")
		naoko.TypesPIN(naoko.Card.SignaturePIN)
	})
	naoko.IsTold("口座を開設しました", "")
	naoko.SignsOut()
	naoko.WritesAnApplication()
	naoko.InTheCardWindow("sign-button", func() { naoko.HasTriesLeft("5") })
}

// Whoever holds another's card and PIN is, to the bank, that other; whoever
// holds a card the bank does not know is nobody.
func TestAnotherPersonsCardDoesNotOpenMyAccount(t *testing.T) {
	t.Parallel()
	w := CommonWorld(t)
	taro, misaki := w.As(t, "taro"), w.persona("misaki")
	number := taro.SignsIn()
	taro.SignsOut()

	taro.Lays("hajime")
	taro.Authenticates(w.persona("hajime").Card.AuthenticationPIN)
	taro.IsTold("このカードのお客さまの口座がありません", "")
	taro.Goes("bank", "/account")
	taro.IsTold("サインインしてください", "")

	taro.Lays("misaki")
	taro.Authenticates(misaki.Card.AuthenticationPIN)
	taro.Sees("statement")
	if got := taro.Text("account-number"); got == number {
		t.Errorf("misaki's card opened taro's account %s", got)
	}
	taro.IsTold(misaki.Name, "")
}

// The card can be changed in the middle: the window says whose lies there.
func TestTheCardIsLaidOnInTheWindow(t *testing.T) {
	t.Parallel()
	w := CommonWorld(t)
	taro := w.stranger(t, "taro", ui.Japanese)
	taro.Goes("bank", "/signin")
	taro.InTheCardWindow("signin-button", func() {
		taro.MeetsTrouble("no_card")
		taro.laysFromTheTray("taro")
		for _, digit := range w.persona("taro").Card.AuthenticationPIN {
			taro.Presses(string(digit), "")
		}
		taro.Clicks("pin-submit")
	})
	taro.Sees("statement")
}

func TestACancelledCardWindowLeavesEverythingAsItWas(t *testing.T) {
	t.Parallel()
	sakurako := CommonWorld(t).As(t, "sakurako")
	sakurako.WritesAnApplication()
	sakurako.InTheCardWindow("sign-button", func() {
		sakurako.cancels()
		sakurako.must(sakurako.expect(sakurako.found("result")).ToHaveAttribute("data-code", "cancelled"), "see that it is cancelled")
	})
	sakurako.IsStoppedBecause("cancelled")
	sakurako.InTheCardWindow("sign-button", sakurako.closesTheCardWindow)
	sakurako.IsStoppedBecause("cancelled")
	sakurako.Signs()
	sakurako.IsTold("口座を開設しました", "")
}

func TestASessionThatWasLeftAloneHasEnded(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	taro := w.As(t, "taro")
	taro.SignsIn()
	w.Advances(9 * time.Minute)
	taro.Goes("bank", "/account")
	taro.Sees("statement")
	w.Advances(11 * time.Minute)
	taro.Clicks("to-transfer")
	taro.IsTold("しばらく操作がなかったため、終了しました", "")
	taro.SignsIn()
	for range 7 { // in use all the time, and yet over after an hour
		w.Advances(9 * time.Minute)
		taro.Goes("bank", "/account")
	}
	taro.IsTold("開始から1時間が過ぎたため、終了しました", "")
}

// A sign-in page that was left open and answered late is worth nothing, and
// neither is a request that waited too long in the card's window.
func TestLateAnswersAreRefused(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	taro := w.As(t, "taro")
	taro.Goes("bank", "/signin")
	taro.InTheCardWindow("signin-button", func() {
		taro.Sees("pin-input")
		w.Advances(6 * time.Minute)
		taro.TypesPIN(taro.Card.AuthenticationPIN)
		taro.Reads("result", "受付時間が過ぎました", "")
	})
	taro.IsStoppedBecause("expired")
	taro.InTheCardWindow("signin-button", func() { taro.TypesPIN(taro.Card.AuthenticationPIN) })
	taro.IsTold("サインインの画面の有効時間が過ぎました", "")
}

// Without an answer about the certificate nobody is let in, and the page says
// why; once the authority answers again, everybody is.
func TestWithoutTheAuthorityNobodyIsLetIn(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	w.Foresees("status unavailable")
	presenter, misaki := w.stranger(t, "presenter", ui.Japanese), w.As(t, "misaki")
	presenter.Goes("lobby", "/faults")
	presenter.Presses("失効情報の応答を止める", "Stop the status services")
	presenter.Sees("authority-silent")
	presenter.Pictures("lobby-silent")
	misaki.Authenticates(misaki.Card.AuthenticationPIN)
	misaki.isRefused("有効性を確認できませんでした", "")
	misaki.Sees("fault-band")
	presenter.Presses("応答を再開する", "Let it answer again")
	misaki.SignsIn()
	misaki.must(misaki.expect(misaki.found("fault-band")).ToHaveCount(0), "see no band")
}
