package e2e

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/seed"
)

// chemist is the medical field as programs speak to it: patient, doctor and pharmacy of a
// town, set up without a browser.
type chemist struct {
	*World
	desk, card *webtest.Browser
}

func (w *World) chemist(t *testing.T) chemist {
	return chemist{w, webtest.NewBrowser(t, w.URL("medical")), webtest.NewBrowser(t, w.URL("card"))}
}

// checksIn checks somebody in whose card is linked, who agrees to everything, and gives
// the visit and the ticket's number.
func (c chemist) checksIn(who, at string) (visit int64, ticket string) {
	c.t.Helper()
	var made struct {
		ID   int64
		No   int
		Name string
	}
	desk := "/" + at + "/desk/v1/"
	c.asks(at, desk+"receptions", c.answers(who, at, desk+"challenges"), &made)
	if want := c.persona(who).Name; made.Name != want {
		c.t.Errorf("%s was taken in as %s", want, made.Name)
	}
	c.asks(at, fmt.Sprintf("%sreceptions/%d/consents", desk, made.ID), map[string]any{"yes": []string{"surgery", "diagnosis", "drugs", "checkups"}}, nil)
	return made.ID, strconv.Itoa(made.No)
}

func (c chemist) asks(key, path string, in, out any) {
	c.t.Helper()
	if said := c.desk.Calls(http.MethodPost, path, in, out, webtest.Bearer("test-"+key+"-staff-key-not-secret")...); said.Status > 299 {
		c.t.Fatalf("%s: %d %s", path, said.Status, said.Body)
	}
}

// answers has somebody's card answer a challenge of the path.
func (c chemist) answers(who, key, path string) map[string]any {
	c.t.Helper()
	var asked struct{ Nonce, Origin string }
	c.asks(key, path, struct{}{}, &asked)
	p := c.persona(who)
	var token map[string]any
	c.card.Calls(http.MethodPost, "/v1/authenticate", map[string]string{"card": p.CardID(), "pin": p.Card.AuthenticationPIN, "origin": asked.Origin, "nonce": asked.Nonce}, &token).Says(http.StatusOK)
	return map[string]any{"nonce": asked.Nonce, "token": token}
}

// prescribe prescribes at a visit, signs, and gives the prescription's ID.
func (c chemist) prescribe(visit int64, times int, drugs ...string) string {
	c.t.Helper()
	order := map[string]any{"times": times, "drug": drugs}
	for _, field := range []string{"dose", "days"} {
		values := make([]string, len(drugs))
		for i := range values {
			values[i] = map[string]string{"dose": "1", "days": "28"}[field]
		}
		order[field] = values
	}
	var draft struct{ Draft, Document string }
	c.asks("doctor", fmt.Sprintf("/hospital/doctor/v1/visits/%d/orders", visit), order, &draft)
	doctor := c.persona(seed.Doctor)
	var signed struct{ CMS []byte }
	c.card.Calls(http.MethodPost, "/v1/sign", map[string]any{"card": doctor.CardID(), "pin": doctor.Card.SignaturePIN, "origin": c.URL("medical"), "document": map[string]string{
		"name": "RX", "mediaType": "text/plain", "content": base64.StdEncoding.EncodeToString([]byte(draft.Document)),
	}}, &signed).Says(http.StatusOK)
	var issued struct{ ID string }
	c.asks("doctor", "/hospital/doctor/v1/drafts/"+draft.Draft, map[string]any{"cms": signed.CMS}, &issued)
	return issued.ID
}

// lays lays 太郎's card at a pharmacy, and gives the path of what it opens there.
func (c chemist) lays() string {
	c.t.Helper()
	var touch struct{ Touch string }
	c.asks("mihon-pharmacy", "/pharmacies/mihon/desk/v1/touches", c.answers("taro", "mihon-pharmacy", "/pharmacies/mihon/desk/v1/challenges"), &touch)
	return "/pharmacies/mihon/desk/touches/" + touch.Touch
}

// gives takes a prescription at the pharmacy and dispenses some of its lines.
func (c chemist) gives(touch, id string, lines ...string) {
	c.t.Helper()
	at := "/pharmacies/mihon/desk/v1/touches/" + touch[len("/pharmacies/mihon/desk/touches/"):]
	c.asks("mihon-pharmacy", at, map[string]any{"do": "accept", "id": id}, nil)
	c.asks("mihon-pharmacy", at, map[string]any{"do": "dispense", "id": id, "lines": lines}, nil)
}

// readsOf reads what a page says of a prescription, in both languages.
func (p *Person) readsOf(path, id string, ja, en []string) {
	p.t.Helper()
	for lang, says := range map[ui.Lang][]string{ui.English: en, ui.Japanese: ja} {
		p.lang = lang
		p.GoesTo(p.world.URL("medical") + path + "?lang=" + string(lang))
		for _, text := range says {
			p.must(p.expect(p.page.Locator(`[data-id="`+id+`"]`)).ToContainText(text), "read %q", text)
		}
	}
}

// dispenses takes a prescription in the browser and dispenses all that remains of it.
func (p *Person) dispenses(path, id, state string) {
	p.t.Helper()
	p.GoesTo(p.world.URL("medical") + path + "?lang=ja")
	one := p.page.Locator(`[data-id="` + id + `"]`)
	p.must(one.GetByTestId("accept").Click(), "take %s", id)
	p.must(one.GetByTestId("dispense").Click(), "dispense %s", id)
	p.must(p.expect(one.GetByTestId("rx-state")).ToHaveText(state), "see it %s", state)
}

// A part of a prescription is dispensed and the rest later; a refill is not due, due, and
// used up; what nobody fetched has expired; and nothing is seen while the inquiry system is
// silent. Each is told in a sentence of its own, in both languages.
func TestPartsRefillsDaysAndSilence(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	c := w.chemist(t)
	visit, _ := c.checksIn("taro", "hospital")
	parts, refill, left := c.prescribe(visit, 1, "203", "801"), c.prescribe(visit, 3, "501"), c.prescribe(visit, 1, "701")
	touch := c.lays()
	c.gives(touch, parts, "0")
	c.gives(touch, refill, "0")

	mihon := w.stranger(t, "pharmacist", ui.Japanese)
	mihon.worksAt("/pharmacies/mihon/desk", "test-mihon-pharmacy-staff-key-not-secret")
	mihon.readsOf(touch, parts, []string{"未受付（残りあり）", "・渡しました"}, []string{"Waiting, some remains", "· handed over"})
	mihon.readsOf(touch, refill, []string{"総使用回数3回のうち2回目", "次回の調剤には、まだ早い時期です。"}, []string{"time 2 of 3", "The next dispensing is not due yet."})
	mihon.dispenses(touch, parts, "調剤済み")

	w.Advances(5 * 24 * time.Hour)
	mihon.worksAt("/pharmacies/mihon/desk", "test-mihon-pharmacy-staff-key-not-secret")
	mihon.readsOf(c.lays(), left, []string{"使用期間切れ"}, []string{"Expired"})
	for _, state := range []string{"未受付（残りあり）", "調剤済み"} {
		w.Advances(28 * 24 * time.Hour)
		mihon.worksAt("/pharmacies/mihon/desk", "test-mihon-pharmacy-staff-key-not-secret")
		touch = c.lays()
		mihon.dispenses(touch, refill, state)
	}
	mihon.readsOf(touch, refill, []string{"すべて終了"}, []string{"all done"})

	w.switches("medical", "rx-silent", true)
	for _, path := range []string{touch, "/pharmacies/mihon/card"} {
		for lang, says := range map[ui.Lang]string{ui.Japanese: "ただいま処方箋を確認できません", ui.English: "Prescriptions cannot be reached at present"} {
			mihon.lang = lang
			mihon.GoesTo(w.URL("medical") + path + "?lang=" + string(lang))
			mihon.must(mihon.expect(mihon.page.Locator("h1")).ToHaveText(says), "be told of the silence at %s", path)
			mihon.FindsNoBarrier()
		}
	}
	w.switches("medical", "rx-silent", false)
	c.asks("hospital", fmt.Sprintf("/hospital/desk/v1/visits/%d/bill", visit), map[string]any{"act": []string{"A1 1"}}, nil)
	c.asks("hospital", fmt.Sprintf("/hospital/desk/v1/visits/%d/cash", visit), map[string]any{}, nil)
	mihon.walksThrough(visit, refill, c.lays())
}

// walksThrough signs in at every party and looks for barriers on the pages that no other
// story looks at in this language: English on most, both on some.
func (p *Person) walksThrough(visit int64, rx, touch string) {
	p.t.Helper()
	at := fmt.Sprintf("/visits/%d", visit)
	both, english := []ui.Lang{ui.Japanese, ui.English}, []ui.Lang{ui.English}
	for _, room := range []struct {
		path, key string
		langs     []ui.Lang
		pages     []string
	}{
		{"", "", both, []string{"/audience", fmt.Sprintf("/audience/hospital/%d", visit)}},
		{"", "", english, []string{"/", "/pharmacies/mihon", "/pharmacies/mihon/card", "/hospital/pay", "/rx/mine"}},
		{"/hospital/desk", "hospital", english, []string{"", at, "/cashier", at + "/bill", at + "/receipt", at + "/statement"}},
		{"/hospital/desk", "", both, []string{at + "/declaration"}},
		{"/hospital/doctor", "doctor", english, []string{"", at, at + "/order", at + "/slips/" + rx}},
		{"/pharmacies/mihon/desk", "", english, []string{"", touch[len("/pharmacies/mihon/desk"):]}},
		{"/rx", "prescriptions", english, []string{""}},
		{"/insurers/kenpo", "kenpo", english, []string{"", "/insured/1"}},
		{"/insurers/kenpo", "", both, []string{"/log"}},
	} {
		if room.key != "" {
			p.lang = ui.Japanese
			p.worksAt(room.path+"?lang=ja", "test-"+room.key+"-staff-key-not-secret")
		}
		for _, page := range room.pages {
			for _, lang := range room.langs {
				p.lang = lang
				if answer := p.GoesTo(p.world.URL("medical") + room.path + page + "?lang=" + string(lang)); answer.Status() != http.StatusOK {
					p.t.Errorf("%s%s: %d", room.path, page, answer.Status())
				}
				p.keepsPicture(filepath.Join(makeOut(p.t, "pages"), fmt.Sprintf("walk%s-%s.png", strings.ReplaceAll(room.path+page, "/", "-"), lang)), true)
				p.FindsNoBarrier()
			}
		}
	}
}
