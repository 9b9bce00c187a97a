package web_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp/platform"
)

var logLines = regexp.MustCompile(`data-testid="visit" data-client="(\w*)" data-result="([a-z-]+)"`)

// log gives the lines of a person's log, the oldest first, as "client result".
func (w *town) log(who string) (lines []string, p webtest.Page) {
	w.Helper()
	b := w.browser()
	p = b.answers(b.Visits("/signin"), who).Says(200)
	for _, m := range logLines.FindAllStringSubmatch(p.Body, -1) {
		lines = append(lines, strings.TrimSpace(m[1]+" "+m[2]))
	}
	slices.Reverse(lines)
	return lines, p
}

// A person sees that two services got different numbers, and which.
func TestTheLogShowsThatServicesGetDifferentNumbers(t *testing.T) {
	w := newTown(t)
	health, booking := w.health.signsIn("hanako"), w.booking.signsIn("hanako")
	_, p := w.log("hanako")
	p.Says(200, health, booking, health[:8]+"…", booking[:8]+"…", "記録は1年間保存し、その後は消去します。")
	if health[:8] == booking[:8] {
		t.Errorf("both are %s", health)
	}
	if _, p := w.log("taro"); strings.Contains(p.Body, health) {
		t.Error("another person sees the number")
	}
}

// Whatever became of a card that proved to be there is in its holder's log:
// which service, when, what it was given, at which face, and how it ended.
func TestTheLogHasEveryTimeACardWasThere(t *testing.T) {
	w := newTown(t)
	w.health.signsIn("hanako")
	set := w.browser()
	set.atTheSet(w.health, "hanako", "P1").Says(200, `data-testid="returning"`)
	b := w.browser()
	p := b.answers(b.Visits(w.booking.asks()), "hanako").Says(200, "同意")
	w.booking.returned(b.Fills(strings.TrimSuffix(p.Path(), "/consent") + "/decline"))
	left := set.atTheSetAgain(w.health, "hanako", "P2")
	w.reader.TakeAway("P2")
	w.health.denied(set.Fills(left.Path()), "the card was taken away")
	late := w.browser()
	late.answers(late.Visits(w.booking.asks()), "hanako").Says(200, "同意") // and goes away
	stopped := w.browser()
	w.booking.returned(stopped.Fills(stopped.Visits(w.booking.asks()).Path() + "/decline")) // without a card: nobody's line
	w.Clock.Advance(platform.LoginLifetime)
	webtest.Must(t, w.platform.Sweep(t.Context()))
	w.Suspend("hanako", jpki.UserAuthentication)
	thief := w.browser()
	thief.answers(thief.Visits(w.booking.asks()), "hanako").Says(403, "一時停止")
	thief.answers(thief.Visits("/signin"), "hanako").Says(403)
	w.Resume("hanako", jpki.UserAuthentication)

	want := []string{
		"RP00000001 signed-in", "RP00000001 signed-in", "RP00000002 declined", "RP00000001 card-left", "RP00000002 unfinished",
		"RP00000002 refused", "refused", "signed-in",
	}
	got, page := w.log("hanako")
	if !slices.Equal(got, want) {
		t.Errorf("the log is %q", got)
	}
	serial := w.Card("hanako").Serial(jpki.UserAuthentication).String()
	page.Says(200, "みほんケーブル 施設予約", "利用者番号", "テレビ", "パソコン", "令和8年4月1日 午後0時0分", "一時停止中の電子証明書", "時間切れ", "同意せずに戻りました", serial)
	if told := strings.Count(page.Body, `data-label="伝えたもの">利用者番号 <code`); told != 2 {
		t.Errorf("%d lines say that something was told: %s", told, page.Body)
	}
	if got, _ := w.log("taro"); !slices.Equal(got, []string{"signed-in"}) {
		t.Errorf("taro's log is %q", got)
	}
}

// atTheSetAgain is atTheSet of who is asked for consent although it was given.
func (b *browser) atTheSetAgain(s *service, who, presence string) webtest.Page {
	b.Helper()
	again := *s
	again.oauth.Endpoint.AuthURL += "?prompt=consent"
	return b.atTheSet(&again, who, presence).Says(200, "同意")
}

// A consent is one service's: taken back there, that one asks again and the other
// does not, and the log says both.
func TestAConsentIsWithdrawnServiceByService(t *testing.T) {
	w := newTown(t)
	w.health.signsIn("hanako")
	w.booking.signsIn("hanako")
	me := w.browser()
	me.answers(me.Visits("/signin"), "hanako").Says(200, "伝えるもの: 利用者番号")
	me.Fills("/logins/withdraw", "client", "RP00000002").Says(200, "取消済み", "同意を取り消しました")
	for s, asks := range map[*service]bool{w.health: false, w.booking: true} {
		b := w.browser()
		p := b.answers(b.Visits(s.asks()), "hanako")
		if asked := strings.HasSuffix(p.Path(), "/consent"); asked != asks {
			t.Errorf("%s: asked for consent: %v", s.id, asked)
		}
		if asks {
			s.returned(b.Fills(p.Path()))
		}
	}
	me.Visits("/logins?lang=en").Says(200, "Took the consent back", "It is told: Your number there (openid)")
	if p := me.Visits("/logins"); strings.Count(p.Body, `data-testid="withdraw"`) != 2 {
		t.Errorf("given again, and it cannot be taken back: %s", p.Body)
	}
}

func TestTheLogShowsTheNewestHundred(t *testing.T) {
	w := newTown(t)
	w.health.signsIn("hanako")
	b := w.browser()
	for range platform.HistoryLines {
		w.health.returned(b.answers(b.Visits(w.health.asks()), "hanako"))
	}
	if got, p := w.log("hanako"); len(got) != platform.HistoryLines || got[0] != "RP00000001 signed-in" {
		t.Errorf("%d lines", len(got))
	} else {
		p.Says(200, fmt.Sprintf("%d件まで", platform.HistoryLines))
	}
}
