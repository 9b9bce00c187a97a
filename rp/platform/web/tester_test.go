package web_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp/platform/tester"
)

var testPeople = []tester.Person{{ID: "hanako", Name: "見本　花子", NameEN: "Hanako Mihon", State: "normal"}, {ID: "taro", Name: "見本　太郎", NameEN: "Taro Mihon", State: "normal"}}

// testCards are the town's cards in the hands of its test persons.
type testCards struct {
	town *town
}

func (c *testCards) Answer(_ context.Context, q tester.Question) ([]byte, error) {
	if c.town.cardless {
		return nil, tester.ErrSilent
	}
	token := c.town.Card(q.Person).Authenticate(q.Origin, q.Nonce)
	if len(q.Attributes) == 0 {
		return token, nil
	}
	told := maps.Clone(hanakos)
	maps.DeleteFunc(told, func(name, _ string) bool { return !slices.Contains(q.Attributes, name) })
	return c.town.vouches(token, q.Nonce, told, nil), nil
}

func (c *testCards) Mistype(context.Context, tester.Question) error {
	if c.town.cardless {
		return tester.ErrLastTry
	}
	return &tester.CardError{Code: "wrong_pin"}
}

// picks goes to the tester's screen of a sign-in, and picks.
func (b *browser) picks(s *service, person string, o tester.Outcome) webtest.Page {
	b.Helper()
	return b.Fills(b.testing(s).Path(), "person", person, "outcome", string(o))
}

// testing goes to the tester's screen of a sign-in by the link on its page.
func (b *browser) testing(s *service) webtest.Page {
	b.Helper()
	p := b.Visits(s.asks()).Says(200, `data-testid="to-tester"`)
	return b.Visits(p.Path()+"/tester").Says(200, `data-testid="tester"`, "試験のための画面です", "見本　花子")
}

// A test person signs in without a card being laid: it is the same person to the service as with
// the card, the consent is asked for, and the log says how it was.
func TestATestPersonSignsInWithoutACard(t *testing.T) {
	w := openTown(t, true)
	before := w.health.signsIn("hanako")
	b := w.browser()
	p := b.picks(w.booking, "hanako", tester.Normal)
	if !strings.HasSuffix(p.Path(), "/consent") {
		t.Fatalf("at %s, not at the consent", p.Path())
	}
	if code := w.booking.returned(b.Fills(p.Path())).Get("code"); code == "" {
		t.Error("no code")
	}
	token, err := w.health.exchange(w.health.returned(w.browser().picks(w.health, "hanako", tester.Normal)).Get("code"))
	webtest.Must(t, err)
	raw, _ := token.Extra("id_token").(string)
	id, err := w.health.verifier.Verify(t.Context(), raw)
	webtest.Must(t, err)
	if id.Subject != before {
		t.Errorf("sub %s, by card %s", id.Subject, before)
	}
	me := w.browser()
	if p := me.answers(me.Visits("/signin"), "hanako").Says(200); strings.Count(p.Body, "試験用の画面") != 2 {
		t.Error("the log does not say which sign-ins were a test")
	}
}

// end is how an outcome ends: by a problem's status and code and a page's title, or at the
// service by an error and its description.
type end struct {
	status      int
	code, title string
}

var ends = map[tester.Outcome]end{
	tester.Declined: {0, "access_denied", "the person did not sign in"}, tester.CardLeft: {0, "access_denied", "the card was taken away"},
	tester.Cancelled: {403, "cancelled", "お手続きを中止しました"}, tester.TimedOut: {403, "expired", "カードの画面の有効時間が過ぎました"}, tester.NoCard: {403, "no_card", "カードがありません"},
	tester.WrongPIN: {403, "wrong_pin", "暗証番号が違います"}, tester.Blocked: {403, "pin_blocked", "暗証番号がロックされています"},
	tester.OtherNonce: {403, "origin", "別の画面"}, tester.OtherOrigin: {403, "origin", "別の画面"}, tester.Altered: {422, "bad_signature", "署名"},
	tester.Revoked: {403, "revoked", "失効しています"}, tester.Suspended: {403, "suspended", "一時停止されています"}, tester.Expired: {403, "expired", "電子証明書の有効期間が過ぎています"},
	tester.Unknown: {403, "status_unknown", "発行を確認できません"}, tester.Unavailable: {503, "status_unavailable", "有効性を確認できませんでした"},
}

// Every outcome ends in the refusal of a real sign-in, whichever way it is picked, and the sign-in
// can go on with a card where a real one could.
func TestEveryOutcomeEndsAsTheRealOne(t *testing.T) {
	w := openTown(t, true)
	json := []string{"Accept", "application/json", "Content-Type", "application/json"}
	for _, o := range tester.Outcomes()[1:] {
		want, known := ends[o]
		if !known {
			t.Fatalf("%s: how does it end?", o)
		}
		b := w.browser()
		p := b.picks(w.health, "hanako", o)
		byHeader := w.browser()
		headed := append([]string{"Jpki-Test-Person", "hanako", "Jpki-Test-Outcome", string(o)}, json...)
		picked := byHeader.Sends(http.MethodGet, w.health.asks(), "", headed...)
		if want.status == 0 {
			if back := w.health.returned(p); back.Get("error") != want.code || back.Get("error_description") != want.title || back.Get("state") != "state-1" {
				t.Errorf("%s: %v", o, back)
			}
			var next struct{ Next, Location string }
			if picked.Says(200).JSON(&next); next.Next != "service" || !strings.Contains(next.Location, "error="+want.code) {
				t.Errorf("%s by header: %+v", o, next)
			}
			continue
		}
		p.Says(want.status, want.title, "試験用の画面に戻る", "元のサービスに戻る")
		picked.Refuses(want.status, want.code)
		b.Sends(http.MethodPost, p.Path(), `{"person":"hanako","outcome":"`+string(o)+`"}`, json...).Refuses(want.status, want.code)
		again := b.answers(b.Visits(strings.TrimSuffix(p.Path(), "/tester")).Says(200), "hanako")
		if !strings.HasSuffix(again.Path(), "/consent") {
			t.Errorf("%s: a card afterwards leads to %s: %d", o, again.Path(), again.Status)
		}
	}
	if len(ends) != len(tester.Outcomes())-1 {
		t.Error("an end without an outcome")
	}
}

// A pick lets nobody in whose card would not: what the authority says comes first.
func TestAPickCannotMakeACardGood(t *testing.T) {
	w := openTown(t, true)
	w.Revoke("hanako", jpki.UserAuthentication, jpki.KeyCompromise)
	for _, o := range []tester.Outcome{tester.Normal, tester.Suspended, tester.Unknown} {
		w.browser().picks(w.health, "hanako", o).Says(403, "失効しています", "試験用の画面に戻る")
	}
}

// What the service asks of the card comes from the card, and is agreed to.
func TestATestPersonsCardTellsItsHolder(t *testing.T) {
	w := openTown(t, true)
	shop := w.shop("name", "gender")
	b := w.browser()
	p := b.picks(shop, "hanako", tester.Normal).Says(200, "見本　花子", "女")
	token, err := shop.exchange(shop.returned(b.Fills(p.Path())).Get("code"))
	webtest.Must(t, err)
	if _, claims := w.tells(token.AccessToken); claims["name"] != "見本　花子" || claims["gender"] != "female" || len(claims) != 3 {
		t.Errorf("told %v", claims)
	}
}

// At the television nobody watches a card that was never laid: the consent is the person's.
func TestATestPersonAtTheTelevision(t *testing.T) {
	w := openTown(t, true)
	b := w.browser()
	p := b.Visits(w.health.asks("jpki_face", "tv")).Says(200).Lacks("to-tester") // a set watches a card
	p = b.Fills(p.Path()+"/tester", "person", "hanako", "outcome", "normal").Says(200, `data-testid="consent"`)
	if w.health.returned(b.Fills(p.Path())).Get("code") == "" {
		t.Error("no code")
	}
}

// Headers are good once, and for the browser that sent them.
func TestAHeadersPickIsTakenOnce(t *testing.T) {
	w := openTown(t, true)
	b := w.browser()
	p := b.Sends(http.MethodGet, w.health.asks("prompt", "consent"), "", "Jpki-Test-Person", "hanako").Says(200, `data-testid="consent"`)
	login := strings.TrimSuffix(p.Path(), "/consent")
	if again := b.Visits(login + "/tester/picked"); again.Path() != login+"/consent" {
		t.Errorf("again: %s", again.Path())
	}
	refused := b.Sends(http.MethodGet, w.health.asks(), "", "Jpki-Test-Person", "hanako", "Jpki-Test-Outcome", "revoked").Says(403)
	b.Visits(refused.Path()).Says(200, `data-testid="login"`)
	fresh := b.Visits(w.health.asks())
	b.Visits(fresh.Path()+"/tester/picked").Says(200, `data-testid="login"`)
	w.browser().Visits(fresh.Path()+"/tester").Says(409, "手続きは終わっています")
	w.browser().Fills(fresh.Path()+"/tester", "person", "hanako", "outcome", "normal").Says(409, "手続きは終わっています")
}

// A pick that is none is refused, at the service or on the page, and answers nothing.
func TestAPickThatIsNone(t *testing.T) {
	w := openTown(t, true)
	for name, headers := range map[string][]string{
		"nobody": {"Jpki-Test-Person", "nobody"}, "no outcome": {"Jpki-Test-Person", "hanako", "Jpki-Test-Outcome", "great"},
		"an outcome of nobody": {"Jpki-Test-Outcome", "normal"}, "an empty person": {"Jpki-Test-Person", ""},
		"an empty outcome": {"Jpki-Test-Person", "hanako", "Jpki-Test-Outcome", ""}, "long": {"Jpki-Test-Person", strings.Repeat("x", 2000)},
	} {
		back := w.health.returned(w.browser().Sends(http.MethodGet, w.health.asks(), "", headers...))
		if back.Get("error") != "invalid_request" || !strings.Contains(back.Get("error_description"), "Jpki-Test-") || back.Get("state") != "state-1" || len(back.Get("error_description")) > 200 {
			t.Errorf("%s: %v", name, back)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+w.health.asks(), nil)
	webtest.Must(t, err)
	r.Header["Jpki-Test-Person"] = []string{"hanako", "taro"}
	resp, err := w.browser().WithoutRedirects().Do(r)
	webtest.Must(t, err)
	defer resp.Body.Close()
	if to, err := url.Parse(resp.Header.Get("Location")); err != nil || to.Query().Get("error") != "invalid_request" {
		t.Errorf("two persons: %v", to)
	}

	b := w.browser()
	at := b.testing(w.health).Path()
	json := []string{"Accept", "application/json", "Content-Type", "application/json"}
	for body, code := range map[string]string{
		`{"person":"nobody","outcome":"normal"}`: "no_test_person", `{"person":"","outcome":"normal"}`: "no_test_person", `{"person":"HANAKO","outcome":"normal"}`: "no_test_person",
		`{"person":"hanako","outcome":"great"}`: "no_outcome", `{"person":"hanako"}`: "no_outcome", `{"person":"hanako","outcome":"Normal"}`: "no_outcome", `{}`: "no_outcome",
	} {
		b.Sends(http.MethodPost, at, body, json...).Refuses(422, code)
	}
	for _, body := range []string{`{"person":"hanako","outcome":"normal","pin":"1234"}`, `{"person":1,"outcome":"normal"}`, `[`, `{"person":"hanako","person":"taro","outcome":"normal"}`} {
		b.Sends(http.MethodPost, at, body, json...).Refuses(400, "malformed")
	}
	b.Posts(at, webtest.Form("person", "hanako", "outcome", "normal"), "Origin", "https://phishing.example").Says(403)
	b.Fills(at, "person", "nobody", "outcome", "normal").Says(422, "試験用の人物を選んでください")
	b.Fills(at, "person", "hanako", "outcome", "normal").Says(200, `data-testid="consent"`)
}

// The card house may be silent, and a card is not blocked for a test.
func TestTheCardHouseDoesNotAnswerATester(t *testing.T) {
	w := openTown(t, true)
	w.cardless = true
	b := w.browser()
	p := b.picks(w.health, "hanako", tester.Normal).Says(503, "試験用のカードが応答しません")
	b.Fills(p.Path(), "person", "hanako", "outcome", "wrong_pin").Says(409, "暗証番号の誤りを試せません")
	w.cardless = false
	b.Fills(p.Path(), "person", "hanako", "outcome", "normal").Says(200, `data-testid="consent"`)
}

// Switched off, the screen is nowhere: a header is refused, so that no test waits for a card.
func TestTheTestersScreenIsOff(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	p := b.Visits(w.health.asks()).Says(200).Lacks("to-tester", "試験用")
	for _, path := range []string{"/tester", "/tester/picked"} {
		if path == "/tester" {
			b.Sends(http.MethodGet, p.Path()+path, "", "Accept", "application/json").Refuses(404, "no_tester")
			continue
		}
		b.Visits(p.Path()+path).Says(200, `data-testid="login"`)
	}
	b.Calls(http.MethodPost, p.Path()+"/tester", tester.Pick{Person: "hanako", Outcome: tester.Normal}, nil).Refuses(404, "no_tester")
	b.Fills(p.Path()+"/tester", "person", "hanako", "outcome", "normal").Says(404, "試験用の画面は使えません", "もう一度試す").Lacks("試験用の画面に戻る")
	back := w.health.returned(b.Sends(http.MethodGet, w.health.asks(), "", "Jpki-Test-Person", "hanako"))
	if back.Get("error") != "invalid_request" || !strings.Contains(back.Get("error_description"), "switched off") {
		t.Errorf("%v", back)
	}
	if _, err := (*tester.Screen)(nil).People(); !errors.Is(err, tester.ErrOff) {
		t.Error(err)
	}
}

// What the screen offers is what can be picked.
func TestWhatTheTestersScreenOffers(t *testing.T) {
	w := openTown(t, true)
	b := w.browser()
	p := b.testing(w.health)
	var offered struct {
		People   []map[string]string
		Outcomes []tester.Outcome
	}
	b.Sends(http.MethodGet, p.Path(), "", "Accept", "application/json").Says(200).JSON(&offered)
	if len(offered.People) != 2 || offered.People[0]["person"] != "hanako" || !slices.Equal(offered.Outcomes, tester.Outcomes()) {
		t.Errorf("%+v", offered)
	}
	for _, o := range tester.Outcomes() {
		if !strings.Contains(p.Body, `data-testid="outcome-`+string(o)+`"`) {
			t.Errorf("the page does not offer %s", o)
		}
	}
}
