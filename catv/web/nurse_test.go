package web_test

import (
	"strings"
	"testing"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/internal/webtest"
)

// What the nurse mistypes is refused with what is wrong, a way back to the
// participant, and nothing kept.
func TestWhatTheNurseMistypesIsSaidAndNotKept(t *testing.T) {
	r := newRoom(t)
	hanako, _ := r.family()
	hanako.enters("health").Says(200)
	nurse := r.staff("nurse")
	today := catv.DayOf(r.Clock.Now())
	day, long := today.String(), strings.Repeat("あ", 401)
	for what, c := range map[string]struct {
		form  string
		pairs []string
		says  string
	}{
		"a weight of a ton":           {"readings", []string{"day", day, "measure", "weight", "value", "999"}, "体重は、2〜250 kg の範囲で"},
		"no number":                   {"readings", []string{"day", day, "measure", "weight", "value", "NaN"}, "体重は、2〜250 kg の範囲で"},
		"without end":                 {"readings", []string{"day", day, "measure", "steps", "value", "1e400"}, "数字のところに数字がない"},
		"steps backwards":             {"readings", []string{"day", day, "measure", "steps", "value", "-1"}, "歩数は、0〜100000 の範囲で"},
		"a pressure of one number":    {"readings", []string{"day", day, "measure", "pressure", "value", "120"}, "数字のところに数字がない"},
		"the lower above the upper":   {"readings", []string{"day", day, "measure", "pressure", "value", "120", "second", "130"}, "血圧の下は、30〜119 mmHg の範囲で"},
		"no such measure":             {"readings", []string{"day", day, "measure", "mood", "value", "1"}, "見つかりません"},
		"tomorrow":                    {"readings", []string{"day", (today + 1).String(), "measure", "weight", "value", "54"}, "日付が受け付けられる期間の外"},
		"no day":                      {"readings", []string{"day", "today", "measure", "weight", "value", "54"}, "日付が受け付けられる期間の外"},
		"a check-up of nothing":       {"checkups", []string{"day", day}, "数字のところに数字がない"},
		"a check-up out of bounds":    {"checkups", []string{"day", day, "item-hba1c", "56"}, "HbA1cは、3〜20 % の範囲で"},
		"a check-up of four years":    {"checkups", []string{"day", (today - 1200).String(), "item-hba1c", "5.6"}, "日付が受け付けられる期間の外"},
		"an empty message":            {"messages", []string{"text", "  "}, "1文字から400文字まで"},
		"a message that is too long":  {"messages", []string{"text", long}, "1文字から400文字まで"},
		"buttons that are none":       {"messages", []string{"text", "a", "answers", "maybe"}, "見つかりません"},
		"a reminder of yesterday":     {"reminders", []string{"text", "a", "due", (today - 1).String()}, "日付が受け付けられる期間の外"},
		"a reminder without its text": {"reminders", []string{"due", day}, "1文字から400文字まで"},
	} {
		p := nurse.Fills("/nurse/viewers/1/"+c.form, c.pairs...)
		if p.Status/100 != 4 || !strings.Contains(p.Words(), c.says) {
			t.Errorf("%s: %d, %s", what, p.Status, p.Words())
		}
		if strings.Contains(c.says, "見つかりません") {
			continue
		}
		if !strings.Contains(p.Body, `href="/nurse/viewers/1"`) {
			t.Errorf("%s: no way back to the participant", what)
		}
	}
	nurse.Fills("/nurse/viewers/1/readings?lang=en", "day", day, "measure", "weight", "value", "999").Says(422, "Please enter the weight from 2 to 250 kg.")
	messages, err := r.health.Messages(t.Context(), 1)
	webtest.Must(t, err)
	reminders, err := r.health.Reminders(t.Context(), 1)
	webtest.Must(t, err)
	checkups, err := r.health.Checkups(t.Context(), 1, 1)
	webtest.Must(t, err)
	if len(messages) != 3 || len(reminders) != 3 || len(checkups) != 3 || checkups[0].By != "" { // those of the first visit, and of the clinic
		t.Errorf("%d messages, %d reminders, check-ups %+v", len(messages), len(reminders), checkups)
	}
}

// TestADeskIsItsOffices: the nurse and the facilities are the municipality's, and
// a resident's pages do not lead to their desks.
func TestADeskIsItsOffices(t *testing.T) {
	r := newRoom(t)
	for desk, names := range map[string][2]string{
		"operator":     {"みほんケーブルテレビ 業務", "Mihon Cable TV, operations"},
		"nurse":        {"みほん市 健康づくり課（模擬）", "Mihon City, Health Promotion (mock)"},
		"municipality": {"みほん市 施設担当（模擬）", "Mihon City, Facilities (mock)"},
	} {
		b := r.staff(desk)
		for i, lang := range []string{"ja", "en"} {
			if p := b.Visits("/" + desk + "?lang=" + lang); !strings.Contains(p.Body, `<a class="site-name" href="/">`+names[i]+`</a>`) || strings.Contains(p.Body, `href="/residency"`) {
				t.Errorf("%s, %s: %.600s", desk, lang, p.Body)
			}
		}
	}
	if p := r.browser().Visits("/residency"); strings.Contains(p.Body, `href="/nurse"`) || strings.Contains(p.Body, `href="/operator"`) {
		t.Error("a resident's page leads to the desks")
	}
}
