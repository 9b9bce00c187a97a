package web_test

import (
	"net/http"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp/platform"
)

// atTheSet goes to a service at the set, and lets a card answer there. It gives
// the page after the answer; presence is the card agent's word for the card.
func (b *browser) atTheSet(s *service, who, presence string) webtest.Page {
	b.Helper()
	p := b.Visits(s.asks("jpki_face", "tv")).Says(200, "face-tv")
	token := string(b.Card(who).Authenticate(b.url, p.Attribute("data-jpki-nonce")))
	back := strings.TrimPrefix(p.Attribute("data-jpki-return"), b.url)
	b.browser().Sends(http.MethodPost, back, form("token", token, "presence", presence),
		"Content-Type", "application/x-www-form-urlencoded", "Origin", agentURL, "Sec-Fetch-Site", "cross-site")
	if presence == "gone at once" {
		b.reader.TakeAway(presence)
	}
	return b.Visits(back)
}

// denied wants the way back to the service, as to a person who did not go on.
func (s *service) denied(p webtest.Page, why string) {
	s.Helper()
	back := s.returned(p)
	if back.Get("error") != "access_denied" || back.Get("state") != "state-1" || back.Get("code") != "" || back.Get("error_description") != why {
		s.Errorf("%s: %v", p.Path(), back)
	}
}

func TestACardTakenFromTheSetEndsTheSignIn(t *testing.T) {
	const left = "the card was taken away"
	w := newTown(t)
	t.Run("while the page asks", func(t *testing.T) {
		b := w.browser()
		p := b.atTheSet(w.health, "hanako", "P1").Says(200, `data-presence="P1"`, `data-agent="`+agentURL+`"`, "/assets/login.js", "/card.js")
		if csp := p.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "connect-src 'self' "+agentURL) {
			t.Errorf("the page may not ask the agent: %s", csp)
		}
		at := strings.TrimSuffix(p.Path(), "/consent")
		w.health.denied(b.Fills(at+"/left"), left)
		b.Visits(p.Path()).Says(409, "手続きは終わっています")
		b.Fills(p.Path()).Says(409)
	})
	t.Run("and the page does not notice", func(t *testing.T) {
		for presence, goOn := range map[string]func(*browser, webtest.Page) webtest.Page{
			"P2": func(b *browser, p webtest.Page) webtest.Page { return b.Fills(p.Path()) },
			"P3": func(b *browser, p webtest.Page) webtest.Page { return b.Visits(p.Path()) },
		} {
			b := w.browser()
			p := b.atTheSet(w.health, "hanako", presence).Says(200, "同意")
			w.reader.TakeAway(presence)
			w.health.denied(goOn(b, p), left)
			b.Fills(p.Path()).Says(409)
		}
	})
	t.Run("before the answer is looked at", func(t *testing.T) {
		b := w.browser()
		w.health.denied(b.atTheSet(w.health, "hanako", "gone at once"), left)
	})
	t.Run("and nothing was granted", func(t *testing.T) {
		b := w.browser()
		p := b.answers(b.Visits("/signin"), "hanako").Says(200, "同意しているサービスはありません", "カードが取り外されたので、終わりました")
		const line = `data-testid="visit" data-client="RP00000001" data-result="`
		if strings.Count(p.Body, line+"card-left") != 3 || strings.Contains(p.Body, line+"signed-in") {
			t.Errorf("the log is %s", p.Body)
		}
	})
	t.Run("who has consented before is not asked, and yet needs the card", func(t *testing.T) {
		b := w.browser()
		w.health.returned(b.Fills(b.atTheSet(w.health, "taro", "P4").Path()))
		w.health.denied(w.browser().atTheSet(w.health, "taro", "gone at once"), left)
		w.browser().atTheSet(w.health, "taro", "P5").Says(200, `data-testid="returning"`)
	})
	t.Run("an agent that does not answer is no card", func(t *testing.T) {
		b := w.browser()
		p := b.atTheSet(w.health, "hanako", "P6").Says(200, "同意")
		w.reader.Close()
		w.health.denied(b.Fills(p.Path()), left)
	})
}

// A page at a computer has no reader to watch.
func TestOnlyTheSetWatchesItsCard(t *testing.T) {
	w := newTown(t)
	w.reader.Close()
	b := w.browser()
	p := b.answers(b.Visits(w.health.asks()), "hanako").Says(200, "同意")
	if strings.Contains(p.Body, "data-presence") || strings.Contains(p.Body, "login.js") {
		t.Error("watches at a computer")
	}
	w.health.returned(b.Fills(p.Path()))
	if l := (platform.Login{}); l.Presence() != "" {
		t.Error("a presence of nothing")
	}
}

// At the set no card signs in that nobody could watch.
func TestTheSetsAnswerNamesItsCard(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	p := b.Visits(w.health.asks("jpki_face", "tv")).Says(200, "face-tv")
	token := string(b.Card("hanako").Authenticate(b.url, p.Attribute("data-jpki-nonce")))
	back := strings.TrimPrefix(p.Attribute("data-jpki-return"), b.url)
	b.Fills(back, "token", token).Says(403, "no_presence")
	b.Fills(strings.TrimSuffix(back, "/hand"), "token", token).Says(403, "no_presence")
	b.Fills(back, "token", token, "presence", "P1").Says(200, "同意")

	counter := w.browser() // has no reader that stays
	p = counter.Visits(w.health.asks("jpki_face", "kiosk")).Says(200, "face-kiosk")
	token = string(b.Card("taro").Authenticate(b.url, p.Attribute("data-jpki-nonce")))
	counter.Fills(strings.TrimPrefix(p.Attribute("data-jpki-return"), b.url), "token", token).Says(200, "同意")
}

func TestAFormThatCannotBeReadIsNoEmptyOne(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	login := b.Visits(w.health.asks()).Says(200).Path()
	for _, path := range []string{login, login + "/hand", login + "/consent", login + "/decline", "/signin", "/signout", "/logins/withdraw", "/register/signin", "/register"} {
		b.Sends(http.MethodPost, path, "token=%zz", "Content-Type", "application/x-www-form-urlencoded").Says(400, "malformed")
	}
	b.Visits(login).Says(200, `data-testid="login"`) // and nothing has ended
}

// The scheme of a key is read in any case (RFC 9110 11.1).
func TestTheSchemeBearerInAnyCase(t *testing.T) {
	w := newTown(t)
	for _, scheme := range []string{"Bearer", "bearer", "BEARER"} {
		w.browser().Sends(http.MethodGet, "/register/v1/providers", "", "Authorization", scheme+" "+staffKey, "Accept", "application/json").Says(200, "RP00000001")
		token, err := w.health.exchange(w.browser().signsIn(w.health, "hanako").Get("code"))
		webtest.Must(t, err)
		w.browser().Sends(http.MethodGet, "/api/realms/main/protocol/openid-connect/userinfo", "", "Authorization", scheme+" "+token.AccessToken, "Accept", "application/json").Says(200, `"sub"`)
	}
	for _, not := range []string{"Basic " + staffKey, "Bearer" + staffKey, staffKey, "Bearerx " + staffKey} {
		w.browser().Sends(http.MethodGet, "/register/v1/providers", "", "Authorization", not, "Accept", "application/json").Says(401, "no_key")
	}
}
