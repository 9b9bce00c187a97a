package web_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/internal/webtest"
)

// kinds gives what a party's column says that it has got.
func kinds(page webtest.Page, party string) string {
	_, column, _ := strings.Cut(page.Body, `data-testid="column-`+party+`"`)
	column, _, _ = strings.Cut(column, "</section>")
	var all []string
	for _, m := range regexp.MustCompile(`data-kind="([a-z]+)"`).FindAllStringSubmatch(column, -1) {
		all = append(all, m[1])
	}
	if strings.Contains(column, `data-testid="gone"`) {
		all = append(all, "gone")
	}
	return strings.Join(all, " ")
}

// Whoever watches sees a visit grow in the columns of all parties, and no value of it.
func TestTheAudienceSeesWhoGotWhat(t *testing.T) {
	w := newTill(t)
	w.registers("hanako", "9990000000000003")
	watcher := webtest.NewBrowser(t, w.url)
	watcher.Visits("/audience").Says(200, "きょうの受付は、まだありません")
	sees := func(want map[string]string) {
		t.Helper()
		page := watcher.Visits("/audience/hospital/1").Says(200)
		for _, party := range []string{"hospital", "platform", "insurer-kenpo", "insurer-kokuho", "rx", "pharmacy-mihon", "pharmacy-aoba", "gateway"} {
			if got := kinds(page, party); got != want[party] {
				t.Errorf("%s has %q: want %q", party, got, want[party])
			}
		}
		page.Lacks("hanako", "アオバサルタン", "0003", "1,800")
	}
	w.linked("hanako", w.numbersOf("hanako"))
	want := map[string]string{"hospital": "answer items", "platform": "serial", "insurer-kenpo": "question"}
	sees(want)
	w.writes(w.staff("/hospital/doctor", "doctor-staff"), "drug", "102", "dose", "1", "days", "28", "times", "1").Says(200)
	want["rx"] = "prescription"
	sees(want)
	w.patient("hanako").touches("mihon", "P1").Says(200)
	want["pharmacy-mihon"] = "seen"
	sees(want)
	mihon := w.staff("/pharmacies/mihon/desk", "mihon-rx-staff", "mihonの薬剤師")
	touch := opensTouch(t, mihon, "mihon")
	id := regexp.MustCompile(`data-id="([0-9a-f-]{36})"`).FindStringSubmatch(mihon.Visits(touch).Body)[1]
	mihon.Fills(touch, "id", id, "do", "accept")
	mihon.Fills(touch, "id", id, "do", "dispense", "lines", "0").Says(200, "調剤済み")
	w.reader.TakeAway("P1")
	mihon.Visits(touch).Says(422)
	want["pharmacy-mihon"] = "seen book gone"
	sees(want)
	w.bill("1")
	sees(want) // the card company hears of nothing before somebody pays
	w.touches("hanako", "1", "ja").Says(200, "お支払いが終わりました")
	want["hospital"], want["gateway"] = "answer items paid", "order"
	sees(want)

	w.Clock.Advance(time.Minute)
	w.patient("taro").Posts("/hospital/nocard", nil) // a visit that nobody has confirmed
	watcher.Visits("/audience?lang=en").Says(200, "No. 2", "Needs you")
	if page := watcher.Visits("/audience/hospital/2").Says(200, "Why nothing was confirmed"); kinds(page, "hospital") != "reason" || kinds(page, "platform")+kinds(page, "insurer-kenpo") != "" {
		t.Error("somebody knows of a patient without a card")
	}
	watcher.Visits("/audience/hospital/99").Says(404, "/audience")
	watcher.Visits("/audience/nowhere/1").Says(404)
}
