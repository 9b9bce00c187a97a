package web_test

import (
	"net/http"
	"strings"
	"testing"

	"example.jp/jpkimock/rp/platform"
)

// atTheSet goes to a service at the set, and lets a card answer there. It gives
// the page after the answer; presence is the card agent's word for the card.
func (b *browser) atTheSet(s *service, who, presence string) page {
	b.Helper()
	p := b.visits(s.asks("jpki_face", "tv")).says(200, "face-tv")
	token := string(b.Card(who).Authenticate(b.url, p.attribute("data-jpki-nonce")))
	back := strings.TrimPrefix(p.attribute("data-jpki-return"), b.url)
	b.browser().send(http.MethodPost, back, form("token", token, "presence", presence),
		"Content-Type", "application/x-www-form-urlencoded", "Origin", agentURL, "Sec-Fetch-Site", "cross-site")
	if presence == "gone at once" {
		b.reader.takeAway(presence)
	}
	return b.visits(back)
}

// deniedFor wants the way back to the service, as to a person who did not go on.
func (p page) deniedFor(s *service, why string) {
	p.t.Helper()
	back := p.returns(s)
	if back.Get("error") != "access_denied" || back.Get("state") != "state-1" || back.Get("code") != "" || back.Get("error_description") != why {
		p.t.Errorf("%s: %v", p.path, back)
	}
}

func TestACardTakenFromTheSetEndsTheSignIn(t *testing.T) {
	const left = "the card was taken away"
	w := newTown(t)
	t.Run("while the page asks", func(t *testing.T) {
		b := w.browser()
		p := b.atTheSet(w.health, "hanako", "P1").says(200, `data-presence="P1"`, `data-agent="`+agentURL+`"`, "/assets/login.js", "/card.js")
		if csp := p.header.Get("Content-Security-Policy"); !strings.Contains(csp, "connect-src 'self' "+agentURL) {
			t.Errorf("the page may not ask the agent: %s", csp)
		}
		at := strings.TrimSuffix(p.path, "/consent")
		b.fills(at+"/left").deniedFor(w.health, left)
		b.visits(p.path).says(409, "手続きは終わっています")
		b.fills(p.path).says(409)
	})
	t.Run("and the page does not notice", func(t *testing.T) {
		for presence, goOn := range map[string]func(*browser, page) page{
			"P2": func(b *browser, p page) page { return b.fills(p.path) },
			"P3": func(b *browser, p page) page { return b.visits(p.path) },
		} {
			b := w.browser()
			p := b.atTheSet(w.health, "hanako", presence).says(200, "同意")
			w.reader.takeAway(presence)
			goOn(b, p).deniedFor(w.health, left)
			b.fills(p.path).says(409)
		}
	})
	t.Run("before the answer is looked at", func(t *testing.T) {
		b := w.browser()
		b.atTheSet(w.health, "hanako", "gone at once").deniedFor(w.health, left)
	})
	t.Run("and nothing was granted", func(t *testing.T) {
		b := w.browser()
		p := b.answers(b.visits("/signin"), "hanako").says(200, "同意しているサービスはありません", "カードが取り外されたので、終わりました")
		const line = `data-testid="visit" data-client="RP00000001" data-result="`
		if strings.Count(p.body, line+"card-left") != 3 || strings.Contains(p.body, line+"signed-in") {
			t.Errorf("the log is %s", p.body)
		}
	})
	t.Run("who has consented before is not asked, and yet needs the card", func(t *testing.T) {
		b := w.browser()
		b.fills(b.atTheSet(w.health, "taro", "P4").path).returns(w.health)
		w.browser().atTheSet(w.health, "taro", "gone at once").deniedFor(w.health, left)
		w.browser().atTheSet(w.health, "taro", "P5").says(200, `data-testid="returning"`)
	})
	t.Run("an agent that does not answer is no card", func(t *testing.T) {
		b := w.browser()
		p := b.atTheSet(w.health, "hanako", "P6").says(200, "同意")
		w.reader.Close()
		b.fills(p.path).deniedFor(w.health, left)
	})
}

// A page at a computer has no reader to watch.
func TestOnlyTheSetWatchesItsCard(t *testing.T) {
	w := newTown(t)
	w.reader.Close()
	b := w.browser()
	p := b.answers(b.visits(w.health.asks()), "hanako").says(200, "同意")
	if strings.Contains(p.body, "data-presence") || strings.Contains(p.body, "login.js") {
		t.Error("watches at a computer")
	}
	b.fills(p.path).returns(w.health)
	if l := (platform.Login{}); l.Presence() != "" {
		t.Error("a presence of nothing")
	}
}

// At the set no card signs in that nobody could watch.
func TestTheSetsAnswerNamesItsCard(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	p := b.visits(w.health.asks("jpki_face", "tv")).says(200, "face-tv")
	token := string(b.Card("hanako").Authenticate(b.url, p.attribute("data-jpki-nonce")))
	back := strings.TrimPrefix(p.attribute("data-jpki-return"), b.url)
	b.fills(back, "token", token).says(403, "no_presence")
	b.fills(strings.TrimSuffix(back, "/hand"), "token", token).says(403, "no_presence")
	b.fills(back, "token", token, "presence", "P1").says(200, "同意")

	counter := w.browser() // has no reader that stays
	p = counter.visits(w.health.asks("jpki_face", "kiosk")).says(200, "face-kiosk")
	token = string(b.Card("taro").Authenticate(b.url, p.attribute("data-jpki-nonce")))
	counter.fills(strings.TrimPrefix(p.attribute("data-jpki-return"), b.url), "token", token).says(200, "同意")
}

func TestAFormThatCannotBeReadIsNoEmptyOne(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	login := b.visits(w.health.asks()).says(200).path
	for _, path := range []string{login, login + "/hand", login + "/consent", login + "/decline", "/signin", "/signout", "/logins/withdraw", "/register/signin", "/register"} {
		b.send(http.MethodPost, path, "token=%zz", "Content-Type", "application/x-www-form-urlencoded").says(400, "malformed")
	}
	b.visits(login).says(200, `data-testid="login"`) // and nothing has ended
}

// The scheme of a key is read in any case (RFC 9110 11.1).
func TestTheSchemeBearerInAnyCase(t *testing.T) {
	w := newTown(t)
	for _, scheme := range []string{"Bearer", "bearer", "BEARER"} {
		w.browser().send(http.MethodGet, "/register/v1/providers", "", "Authorization", scheme+" "+staffKey, "Accept", "application/json").says(200, "RP00000001")
		token, err := w.health.exchange(w.browser().signsIn(w.health, "hanako").Get("code"))
		must(t, err)
		w.browser().send(http.MethodGet, "/api/realms/main/protocol/openid-connect/userinfo", "", "Authorization", scheme+" "+token.AccessToken, "Accept", "application/json").says(200, `"sub"`)
	}
	for _, not := range []string{"Basic " + staffKey, "Bearer" + staffKey, staffKey, "Bearerx " + staffKey} {
		w.browser().send(http.MethodGet, "/register/v1/providers", "", "Authorization", not, "Accept", "application/json").says(401, "no_key")
	}
}
