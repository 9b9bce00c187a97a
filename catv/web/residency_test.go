package web_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/internal/webtest"
)

// looks shows a card at a computer, to see how a residency stands.
func (b *browser) looks(person string) webtest.Page {
	b.Helper()
	p := b.Visits("/residency/standing").Says(200, `data-testid="standing-signin"`)
	return b.Fills("/residency/standing", "token", string(b.Card(person).Authenticate(b.url, p.Attribute("data-jpki-nonce"))))
}

// books orders the gymnasium some days from now.
func (b *browser) books(days int, price string) webtest.Page {
	b.Helper()
	day := (catv.DayOf(b.Clock.Now()) + catv.Day(days)).String()
	return b.Fills("/booking", "facility", "gym", "day", day, "slot", "9", "price", price)
}

func TestTheConsentIsSeenAndWithdrawnAtTheSet(t *testing.T) {
	r := newRoom(t)
	hanako, _ := r.family()
	hanako.enters("booking")
	if p := hanako.Visits("/booking/price/withdraw"); p.Path() != "/booking/price" {
		t.Errorf("what is not there can be withdrawn: %s", p.Path())
	}
	hanako.Fills("/booking/price/withdraw").Says(200, `data-testid="unproven"`)

	r.browser().signs("hanako").Says(200)
	serial := r.Card("hanako").Serial(jpki.DigitalSignature).String()
	r.Clock.Advance(3 * time.Minute) // the page itself confirms
	hanako.Visits("/booking/price").Says(200, `data-testid="resident"`, "毎日、機構に確認しています", "申請した日", "令和8年4月1日", "最後に確認した日時", "午後0時3分", serial, `href="/booking/price/withdraw"`)
	made := hanako.books(5, "800").Says(200, "市民料金")
	hanako.Visits("/booking/price/withdraw").Says(200, "確認をやめますか", "すでにした予約は、そのままの料金", `data-testid="withdraw-consent"`)
	hanako.Visits("/booking/price").Says(200, `data-testid="resident"`) // looking at the question withdraws nothing
	after := hanako.Fills("/booking/price/withdraw").Says(200, `data-testid="withdrawn"`, "電子証明書の確認をやめました", "やめた日: 令和8年4月1日", "予約したときの料金のまま", r.url+"/residency", "一般料金")
	if strings.Contains(after.Body, serial) || after.Path() != "/booking/price" || strings.Contains(after.Body, `data-testid="to-do-first"`) {
		t.Errorf("%s: %s", after.Path(), after.Words())
	}
	hanako.Fills("/booking/price/withdraw").Says(200, `data-testid="withdrawn"`) // pressed twice
	hanako.Visits("/booking").Says(200, "一般料金", "1,600円", "市民のみ")
	hanako.Visits(strings.TrimSuffix(made.Path(), "?booked")).Says(200, "800円", "市民料金")
	hanako.books(6, "800").Says(409, "料金が変わりました")
	hanako.books(6, "1600").Says(200, "一般料金")
	r.SuspendAccreditation()
	hanako.Visits("/booking/price").Says(200, `data-testid="withdrawn"`) // nobody is asked
	r.Reaccredit()

	r.browser().signs("hanako").Says(200, "確認しました")
	hanako.Visits("/booking/price?lang=en").Says(200, `data-testid="resident"`, "Stop these checks")
	hanako.Fills("/booking/price/withdraw").Says(200, "As you asked, your certificate is no longer checked")
}

func TestAConsentIsWithdrawnAlsoWhileTheAuthorityDoesNotAnswer(t *testing.T) {
	r := newRoom(t)
	hanako, _ := r.family()
	hanako.enters("booking")
	r.browser().signs("hanako").Says(200)
	r.TamperOCSP(func(_, _ []byte) []byte { return nil })
	hanako.Visits("/booking/price/withdraw").Says(200, "確認をやめますか")
	hanako.Fills("/booking/price/withdraw").Says(200, `data-testid="withdrawn"`)
}

// Each way for a residency to end has its words, its day, and what to do first;
// what says nothing of the address does not end it.
func TestAResidencyThatLapsedSaysWhySinceWhenAndWhatToDo(t *testing.T) {
	revoke := func(reason jpki.Reason) func(*room) {
		return func(r *room) { r.Revoke("hanako", jpki.DigitalSignature, reason) }
	}
	for name, c := range map[string]struct {
		ends   func(*room)
		ja, en []string // empty: the residency stands
	}{
		"a move": {
			revoke(jpki.AffiliationChanged),
			[]string{"引っ越し", "（異動）", "失効しました", "失効した日: 令和8年4月8日", "新しい署名用電子証明書の発行を受けます"},
			[]string{"revoked by a change, such as a move", "Revoked on: 8 April 2026", "have a new signature certificate issued"},
		},
		"a card given back": {
			revoke(jpki.CessationOfOperation),
			[]string{"返納", "失効した日: 令和8年4月8日", "新しいカードと署名用電子証明書"},
			[]string{"as when a card is returned", "have a new card"},
		},
		"the end of its validity": {
			func(r *room) { r.Clock.Set(time.Date(2031, 6, 21, 12, 0, 0, 0, jpki.JST)); r.Renew("hanako") },
			[]string{"有効期間が終わり", "期限の日: 令和13年", "署名用電子証明書を新しくします"},
			[]string{"has expired", "signature certificate renewed"},
		},
		"a move between two renewals": {
			func(r *room) {
				r.Renew("hanako")
				revoke(jpki.AffiliationChanged)(r)
				r.Renew("hanako")
			},
			[]string{"引っ越し", "（異動）", "失効した日: 令和8年4月8日"},
			[]string{"revoked by a change, such as a move"},
		},
		"a lost card that was made anew": {
			func(r *room) { revoke(jpki.KeyCompromise)(r); r.Renew("hanako") },
			[]string{"カードの紛失など", "失効した日: 令和8年4月8日", "新しいカードを用意します"},
			[]string{"lost and made anew", "Have your new card ready"},
		},
		"a lost card":          {ends: func(r *room) { r.Suspend("hanako", jpki.DigitalSignature) }},
		"a card lost for good": {ends: revoke(jpki.KeyCompromise)},
		"a renewal":            {ends: func(r *room) { r.Renew("hanako") }},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t)
			r.family()
			r.browser().signs("hanako").Says(200)
			r.Clock.Advance(7 * 24 * time.Hour)
			c.ends(r)
			b := r.browser()
			b.signsIn("hanako").Says(200)
			if b.enters("booking"); len(c.ja) == 0 {
				b.Visits("/booking/price").Says(200, `data-testid="resident"`)
				return
			}
			b.Visits("/booking").Says(200, "市民料金は終わっています")
			p := b.Visits("/booking/price").Says(200, append(c.ja, `data-testid="lapsed"`, `data-testid="to-do-first"`, "予約したときの料金のまま", r.url+"/residency")...)
			if strings.Contains(p.Body, `data-testid="to-withdraw"`) {
				t.Error("there is something to withdraw")
			}
			b.Visits("/booking/price?lang=en").Says(200, c.en...)
		})
	}
}

func TestAtAComputerTheStandingIsSeenWithTheCard(t *testing.T) {
	r := newRoom(t)
	r.family()
	computer := r.browser()
	computer.Visits("/residency").Says(200, `href="/residency/standing"`)
	computer.Fills("/residency/withdraw", "sure", "yes").Says(200, `data-testid="standing-signin"`)
	computer.looks("taro").Says(403, "まだ登録されていません")
	computer.looks("hanako").Says(200, "はなちゃん", `data-testid="unproven"`)
	computer.Visits("/booking").Says(401) // it opens nothing else
	computer.Visits("/health").Says(401)

	computer.signs("hanako").Says(200, "確認しました")
	serial := r.Card("hanako").Serial(jpki.DigitalSignature).String()
	computer.Visits("/residency/standing").Says(200, `data-testid="resident"`, serial, "申請の記録", "有効", "毎日")
	computer.Fills("/residency/withdraw").Says(422, `data-testid="unsure"`, `data-testid="resident"`)
	computer.Fills("/residency/withdraw", "sure", "yes").Says(200, `data-testid="withdrawn"`, "本人の申出により終了", serial)
	computer.Fills("/residency/withdraw", "sure", "yes").Says(200, `data-testid="withdrawn"`)
	computer.signs("hanako").Says(200)
	computer.signs("hanako").Says(200)
	if p := computer.Visits("/residency/standing").Says(200, `data-testid="resident"`, "新しい申請に置きかえ"); strings.Count(p.Body, "<code>"+serial) != 3 {
		t.Errorf("not every application is there: %s", p.Words())
	}
	computer.Visits("/residency/standing?lang=en").Says(200, "You have the resident price", "replaced by a later application")

	stranger := r.browser()
	stranger.looks("haruto").Says(200, `data-testid="unproven"`)
	if p := stranger.Visits("/residency/standing"); strings.Contains(p.Body, serial) {
		t.Error("another's proof")
	}
	computer.Fills("/residency/signout").Says(200)
	computer.Visits("/residency/standing").Says(200, `data-testid="standing-signin"`)
	r.Clock.Advance(6 * time.Minute)
	computer.Visits("/residency/standing").Says(200, `data-testid="standing-signin"`)
}

// What an answer of the card is for was settled when the card was asked: a look at
// the standing page in the middle of an enrolment leaves the enrolment alone, and so
// does another page that asks for the card.
func TestAnEnrolmentGoesOnWhateverElseTheBrowserOpens(t *testing.T) {
	r := newRoom(t)
	r.family()
	b := r.browser()
	b.Fills("/enrol", "contract", "100102", "code", "120011").Says(200, "呼び名")
	asked := b.Fills("/enrol/name", "nickname", "たろう").Says(200, "たろうさん、カードを置いてください")
	b.Visits("/residency/standing").Says(200, `data-testid="standing-signin"`)
	other := b.Visits("/signin").Says(200, "カードを置いてください")
	b.Visits("/residency")
	b.answers(asked, "taro", true).Says(200, "登録が終わりました", "たろうさん")
	if v, err := r.station.Viewers(t.Context(), "100102"); err != nil || len(v) != 1 || v[0].Nickname != "たろう" {
		t.Errorf("%+v, %v", v, err)
	}
	b.answers(other, "taro", true).Says(409) // of the session before
	// And a look enrols nobody.
	c := r.browser()
	c.Fills("/enrol", "contract", "100102", "code", "120022").Says(200)
	c.Fills("/enrol/name", "nickname", "ゆき").Says(200)
	c.looks("hanako").Says(200, "はなちゃん", `data-testid="unproven"`)
	c.answers(c.Visits("/enrol/card").Says(200), "yuki", true).Says(200, "ゆきさん")
	c.Visits("/residency/standing").Says(200, "はなちゃん") // who looks is still who looked
}

// counts gives how often the authority was asked since, by OCSP.
func (r *room) counts() func() int {
	var asked atomic.Int32
	r.TamperOCSP(func(_, honest []byte) []byte { asked.Add(1); return honest })
	return func() int { return int(asked.Swap(0)) }
}

// Each question about a certificate is counted and paid for: looking from page to
// page asks once, and what is booked is asked about each time.
func TestThePagesAskOnceInAVisitAndEveryBookingAsks(t *testing.T) {
	r := newRoom(t)
	hanako, _ := r.family()
	hanako.enters("booking")
	r.browser().signs("hanako").Says(200)
	asked := r.counts()
	looks := func() {
		for _, path := range []string{"/booking", "/booking/price", "/booking/facilities/gym", "/booking"} {
			hanako.Visits(path).Says(200)
		}
	}
	if looks(); asked() != 1 {
		t.Error("the pages do not ask once")
	}
	if hanako.books(5, "800").Says(200, "市民料金"); asked() != 1 {
		t.Error("a booking does not ask")
	}
	if looks(); asked() != 0 {
		t.Error("the pages ask again")
	}
	// A move in the visit is learned by the booking, and by the pages after it.
	r.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
	hanako.Visits("/booking/price").Says(200, `data-testid="resident"`)
	hanako.books(6, "800").Says(409, "料金が変わりました")
	hanako.Visits("/booking/price").Says(200, `data-testid="lapsed"`)
	asked()
	if looks(); asked() != 0 {
		t.Error("asked about what has ended")
	}
}

func TestWhatWasNotAnsweredIsAskedAgainAndSoIsTheNextVisit(t *testing.T) {
	r := newRoom(t)
	hanako, _ := r.family()
	r.browser().signs("hanako").Says(200)
	hanako.enters("booking")
	r.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
	hanako.Visits("/booking/price").Says(200, `data-testid="resident"`)
	again := r.browser()
	again.signsIn("hanako")
	r.TamperOCSP(func(_, _ []byte) []byte { return nil })
	again.enters("booking").Says(200, "いまは確認できません")
	again.books(5, "800").Says(503)
	r.TamperOCSP(nil)
	again.Visits("/booking/price").Says(200, `data-testid="lapsed"`)

	computer := r.browser()
	computer.looks("hanako").Says(200, `data-testid="lapsed"`)
	r.Renew("hanako")
	computer.signs("hanako").Says(200)
	asked := r.counts()
	for range 3 {
		computer.Visits("/residency/standing").Says(200, `data-testid="resident"`)
	}
	if asked() != 1 {
		t.Error("the page at the computer does not ask once")
	}
}
