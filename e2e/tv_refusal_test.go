package e2e

import (
	"testing"

	"example.jp/jpkimock/internal/ui"
)

// What a set says when it cannot be done: each time its own sentence in plain
// words, and what to do next, which is one key away.

// noSet is a way to be turned away at a set: whose card lies there, what is read,
// and which page 決定 opens.
type noSet struct {
	name, card string
	told       []ui.Text
	next       string
	// once: in Japanese; in the other language it looks like those before.
	once bool
}

func noSets() []noSet {
	return []noSet{
		{"suspended", "akira", []ui.Text{{JA: "このカードは、一時停止中です", EN: "This card is suspended"}, {JA: "市役所の窓口で、一時停止をやめる手続き", EN: "have the suspension ended"}}, "tile-signin", false},
		{"revoked", "kaoru", []ui.Text{{JA: "使えなくなっています", EN: "has been revoked"}, {JA: "カードをなくしたという届出", EN: "The card was reported lost"}}, "tile-signin", true},
		{"expired", "kenji", []ui.Text{{JA: "電子証明書の期限が切れています", EN: "The certificate has expired"}, {JA: "電子証明書を新しくしてください", EN: "Renew it at your municipal counter"}}, "tile-signin", true},
		{"not-enrolled", "hajime", []ui.Text{{JA: "まだ登録されていません", EN: "not enrolled"}, {JA: "登録コード", EN: "code"}}, "papers-submit", false},
	}
}

func TestTheSetRefusesEachWithTheirOwnSentence(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	w.inTheMorning()
	people := map[ui.Lang]*Person{ui.Japanese: w.seat(t, "tatsu", ui.Japanese, fullHD), ui.English: w.seat(t, "tatsu", ui.English, hd)}
	t.Run("each", func(t *testing.T) {
		for lang, p := range people {
			t.Run(string(lang), func(t *testing.T) {
				t.Parallel()
				p.isTurnedAwayWithEachCard()
				p.stopsAtThePlatform()
			})
		}
	})
	if err := w.Silence("authority"); err != nil {
		t.Fatal(err)
	}
	w.Foresees("status unavailable")
	for _, p := range people {
		p.laysWithAHand("misaki")
		p.asksForTheCard("pin-pad")
		p.typesThePINOf("misaki")
		p.isTurnedAway("no-authority", ui.Text{JA: "カードを確認する機関から、返事がありません", EN: "The authority does not answer"}, ui.Text{JA: "しばらくしてから", EN: "try again in a while"})
		p.keys("Enter")
		p.isShown("card-button") // to try once more
	}
}

// isTurnedAwayWithEachCard tries the cards that cannot be used.
func (p *Person) isTurnedAwayWithEachCard() {
	p.t.Helper()
	for _, c := range noSets() {
		if c.once && p.lang != ui.Japanese {
			continue
		}
		p.laysWithAHand(c.card)
		p.asksForTheCard("pin-pad")
		p.typesThePINOf(c.card)
		p.isTurnedAway(c.name, c.told...)
		p.keys("Enter") // the first way out
		p.isShown(c.next)
		if c.next != "tile-signin" {
			p.keys("F1")
			p.isShown("tile-signin")
		}
	}
	for _, c := range []struct {
		code, card string
		told       []ui.Text
	}{
		{"pin_blocked", "makoto", []ui.Text{{JA: "暗証番号を決めなおしてください", EN: "have a new PIN set"}}},
		{"dead_card", "minoru", []ui.Text{{JA: "新しいカードを申しこんでください", EN: "Apply for a new card"}}},
		{"not_jpki", "transit", []ui.Text{{JA: "交通カードなど", EN: "a transit card perhaps"}, {JA: "マイナンバーカードに置きかえて", EN: "lay your Individual Number Card there"}}},
	} {
		p.laysWithAHand(c.card)
		p.asksForTheCard("trouble")
		p.MeetsTrouble(c.code)
		p.photographs("card-" + c.code)
		p.keys("Escape")
		p.isTurnedAway(c.code, c.told...)
		p.keys("F1")
		p.isShown("tile-signin")
	}
}

// typesThePINOf types somebody's PIN, and 決定.
func (p *Person) typesThePINOf(id string) {
	p.t.Helper()
	p.digits(p.world.persona(id).Card.AuthenticationPIN)
	p.keys("Enter")
}

// asksForTheCard goes from the home screen to the card's page, and comes to what
// has a test id there.
func (p *Person) asksForTheCard(page string) {
	p.t.Helper()
	p.opens("tile-signin", "card-button")
	p.opens("card-button", page)
}

// isTurnedAway reads the sentences of a refusal, and takes its picture.
func (p *Person) isTurnedAway(name string, told ...ui.Text) {
	p.t.Helper()
	for _, s := range told {
		p.isRefused(s.JA, s.EN)
	}
	p.looksOver(name)
	ways, err := p.page.Locator(".refusal .actions a").Count()
	p.must(err, "look for a way out")
	if ways == 0 {
		p.t.Errorf("%s leaves no way out", name)
	}
	p.photographs("refused-" + name)
}

// stopsAtThePlatform signs in, and goes back at the common platform's door.
func (p *Person) stopsAtThePlatform() {
	p.t.Helper()
	p.laysWithAHand("tatsu")
	p.asksForTheCard("pin-pad")
	p.enters(p.Card.AuthenticationPIN, "tile-signout")
	p.opens("tile-health", "platform-login")
	p.opens("platform-login", "login-button")
	p.keys("Escape")
	p.isTurnedAway("stopped-at-the-platform", ui.Text{JA: "本人確認を取りやめました", EN: "You stopped at the common platform"})
	p.keys("Enter")
	p.isShown("tile-signout")
	p.takesTheCard()
	p.isShown("tile-signin")
}
