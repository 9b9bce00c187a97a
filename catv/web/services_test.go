package web_test

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	"example.jp/jpkimock/catv/health"
)

func TestHanakoLooksAfterHerHealth(t *testing.T) {
	r := newRoom(t)
	hanako, _ := r.family()
	hanako.enters("health").says(200, "体重", "歩数", "血圧", "健診の結果", "新しいもの 3 件")
	for _, m := range health.Measures() {
		for _, days := range health.Spans() {
			p := hanako.visits(fmt.Sprintf("/health/charts/%s?days=%d", m, days)).says(200, "平均", "<svg", "7日", "1年")
			if strings.Contains(p.body, "NaN") || strings.Contains(p.body, "%!") {
				t.Errorf("%s over %d days is drawn badly", m, days)
			}
		}
	}
	hanako.visits("/health/charts/mood").says(404)
	hanako.visits("/health/charts/weight?days=8").says(404)
	hanako.visits("/health/checkups").says(200, "基準", "LDLコレステロール", "60–119", "40以上", "129以下")
	list := hanako.visits("/health/messages").says(200, "いかがですか", "お返事待ち")
	path := regexp.MustCompile(`href="(/health/messages/\d+)"`).FindAllStringSubmatch(list.body, -1)[1][1]
	hanako.visits(path).says(200, "よくない", "電話がほしい")
	hanako.fills(path, "choice", "good").says(200, "あなたの答え", "よい")
	hanako.fills(path, "choice", "bad").says(409, "もう答えています")
	reminder := hanako.visits("/health/reminders").says(200, "朝、血圧をはかる")
	hanako.fills(regexp.MustCompile(`/health/reminders/\d+`).FindString(reminder.body)).says(200, "すみ")

	nurse := r.staff("nurse")
	nurse.visits("/nurse").says(200, "花子", "はなちゃん")
	nurse.visits("/nurse/viewers/1").says(200, "よい", "お返事なし", "<h1>はなちゃんさん")
	nurse.fills("/nurse/viewers/1/readings", "day", catv.DayOf(r.Clock.Now()).String(), "measure", "pressure", "value", "151", "second", "93").says(200, "記録しました")
	nurse.fills("/nurse/viewers/1/readings", "day", "2026-01-01", "measure", "pressure", "value", "high").says(422, "受け付けられません")
	nurse.fills("/nurse/viewers/1/checkups", "day", catv.DayOf(r.Clock.Now()).String(), "item-hba1c", "6.4").says(200, "6.4")
	nurse.fills("/nurse/viewers/1/messages", "text", "お元気ですか <b>", "answers", "yes-no").says(200, "送りました")
	nurse.fills("/nurse/viewers/1/reminders", "text", "予防接種", "due", catv.DayOf(r.Clock.Now()).String()).says(200)
	nurse.fills("/nurse/viewers/99/messages", "text", "x").says(404)
	hanako.visits("/health").says(200, "151/93", "めやすより高めです", "新しいもの")
	nurse.visits("/nurse/viewers/1").says(200, "151/93 mmHg めやすより高めです")
	if p := hanako.visits("/health/messages").says(200, "お元気ですか"); strings.Contains(p.body, "<b>\"") {
		t.Error("not escaped")
	}
	hanako.visits("/health/checkups").says(200, "6.4")
}

// What the steps of today say goes by the time of day: a day that has just begun
// is no bad one.
func TestTodaysStepsAreNeverABadDay(t *testing.T) {
	r := newRoom(t)
	r.family()
	tomorrow := catv.DayOf(r.Clock.Now()) + 1
	for _, c := range []struct {
		hour        int
		steps, says string
	}{
		{7, "174", "きょうはこれからです（目標 8,000歩）"},
		{8, "8000", "目標をこえています"},
		{14, "6800", "目標まで、あと1,200歩"},
		{20, "8100", "目標をこえています"},
	} {
		r.Clock.Set(tomorrow.At(c.hour, 0))
		r.staff("nurse").fills("/nurse/viewers/1/readings", "day", tomorrow.String(), "measure", "steps", "value", c.steps).says(200)
		hanako := r.browser()
		hanako.signsIn("hanako").says(200)
		if p := hanako.enters("health").says(200, c.says); strings.Contains(p.body, `watch" data-testid="note-steps"`) {
			t.Errorf("at %d o'clock %s steps are a warning", c.hour, c.steps)
		}
	}
}

// Whatever address a child of the same household tries, with the child's own
// card and the child's own sign-in at the platform: nothing of the mother's.
func TestNobodyReachesAnothersHealthByAnyAddress(t *testing.T) {
	r := newRoom(t)
	hanako, haruto := r.family()
	hanako.enters("health").says(200)
	haruto.enters("health").says(200)
	hanako.enters("booking").says(200)
	haruto.enters("booking").says(200)
	secret := "ひみつの伝言"
	nurse := r.staff("nurse")
	nurse.fills("/nurse/viewers/1/messages", "text", secret, "answers", "yes-no").says(200)
	nurse.fills("/nurse/viewers/1/readings", "day", catv.DayOf(r.Clock.Now()).String(), "measure", "weight", "value", "87.6").says(200)
	nurse.fills("/nurse/viewers/1/checkups", "day", catv.DayOf(r.Clock.Now()).String(), "item-hba1c", "9.9").says(200)
	nurse.fills("/nurse/viewers/1/reminders", "text", "ひみつの予定", "due", catv.DayOf(r.Clock.Now()).String()).says(200)
	r.browser().signs("hanako").says(200)
	made, err := r.booking.Book(t.Context(), 1, booking.Order{Facility: "gym", Day: catv.DayOf(r.Clock.Now()) + 2, Slot: 9, Price: 800})
	must(t, err)
	serial := r.Card("hanako").Serial(jpki.DigitalSignature).String()
	for _, p := range []string{"/health", "/health/charts/weight?days=7", "/health/checkups", "/health/messages", "/health/reminders"} {
		if words := hanako.visits(p).says(200).body; !leaks(words) {
			t.Errorf("the mother's own %s shows nothing to look for", p)
		}
	}
	tried := 0
	for _, route := range r.handler.Routes() {
		if route.Path == "/signout" || route.Path == "/set" || strings.HasPrefix(route.Path, "/operator/v1") || route.Method == http.MethodHead {
			continue
		}
		for id := range 8 { // the mother's viewer, messages, reminders, all have small numbers
			path := address(route.Path, id, made.Reference)
			var p page
			switch route.Method {
			case http.MethodGet:
				p = haruto.visits(path)
			case http.MethodPost:
				if strings.HasPrefix(path, "/health/sharing") || path == "/box" {
					continue // what the child does with the child's own
				}
				p = haruto.fills(path, "choice", "yes", "with", "1")
			default:
				continue
			}
			tried++
			if leaks(p.body) || strings.Contains(p.body, serial) || strings.Contains(p.body, string(made.Reference)) && !strings.Contains(path, string(made.Reference)) {
				t.Errorf("%s %s (%d) shows the mother's: %s", route.Method, path, p.status, p.words())
			}
			if strings.HasPrefix(path, "/health/of/1") && p.status != 404 {
				t.Errorf("%s: status %d", path, p.status)
			}
		}
	}
	if tried < 200 {
		t.Errorf("only %d addresses tried", tried)
	}
	for _, path := range []string{"/health/of/1", "/health/of/1/charts/weight", "/health/of/1/checkups"} {
		r.browser().visits(path).says(401)
		haruto.visits(path).says(404, "この情報は見られません")
	}
	m, err := r.health.Messages(t.Context(), 1)
	if now, gone := r.booking.Reservation(t.Context(), 1, made.Reference); err != nil || m[0].Answer != "" || gone != nil || !now.CancelledAt.IsZero() {
		t.Errorf("the child acted for the mother: %+v, %v, %+v, %v", m[0], err, now, gone)
	}
	if r, err := r.booking.Residency(t.Context(), 1); err != nil || !r.Stands() {
		t.Errorf("the child took the mother's consent back: %+v, %v", r.Lapse, err)
	}
}

// address fills a route with the mother's numbers.
func address(route string, id int, ref booking.Reference) string {
	path := regexp.MustCompile(`:(viewer|id|place)`).ReplaceAllString(route, fmt.Sprint(id))
	return fill(strings.ReplaceAll(path, ":reference", string(ref)))
}

func leaks(body string) bool {
	for _, s := range []string{"ひみつ", "87.6", "9.9"} {
		if strings.Contains(body, s) {
			return true
		}
	}
	return false
}

func TestSharingIsAConsentThatCanBeWithdrawn(t *testing.T) {
	r := newRoom(t)
	hanako, haruto := r.family()
	hanako.enters("health")
	haruto.enters("health")
	hanako.visits("/health/sharing").says(200, "同意して", "はるくん")
	hanako.fills("/health/sharing", "with", "2").says(200, "はるくんさんに、グラフと健診の結果を見せています")
	haruto.visits("/health").says(200, "はなちゃんさんの健康を見る")
	p := haruto.visits("/health/of/1").says(200, "はなちゃんさんの情報", "体重")
	if strings.Contains(p.body, "保健師からの") {
		t.Error("messages are shared, too")
	}
	haruto.visits("/health/of/1/charts/pressure?days=365").says(200, "平均")
	haruto.visits("/health/of/1/checkups").says(200, "LDL")
	hanako.visits("/health/of/2").says(404)
	hanako.fills("/health/sharing/end").says(200, "同意して")
	haruto.visits("/health/of/1").says(404, "この情報は見られません")
	hanako.fills("/health/sharing", "with", "99").says(404)
}

func TestTheServiceBelievesThePlatformOnly(t *testing.T) {
	r := newRoom(t)
	hanako, haruto := r.family()
	// Another person's card at the platform.
	hanako.enters("health").says(200)
	haruto.card = "hanako"
	haruto.enters("health").says(403, "別の人のカード")
	haruto.card = "haruto"
	haruto.visits("/health").says(200, "みらい共通認証基盤")

	spoils := map[string]func(map[string]any){
		"another nonce":    func(c map[string]any) { c["nonce"] = "x" },
		"another client":   func(c map[string]any) { c["aud"] = []string{"RP00000002"} },
		"another issuer":   func(c map[string]any) { c["iss"] = "http://evil.example" },
		"expired":          func(c map[string]any) { c["exp"] = r.Clock.Now().Add(-time.Minute).Unix() },
		"without a person": func(c map[string]any) { c["sub"] = "" },
	}
	for name, spoil := range spoils {
		r.platform.set(func() { r.platform.spoil = spoil })
		if p := haruto.enters("health"); p.status != 502 {
			t.Errorf("%s: %d %s", name, p.status, p.words())
		}
	}
	r.platform.set(func() { r.platform.spoil = nil })

	// An answer that this browser did not ask for, or asked for before.
	haruto.visits("/health/callback?code=x&state=y").says(409)
	haruto.passes("/health/login").says(200, "体重")
	var last url.Values
	r.platform.set(func() { last = r.platform.last })
	haruto.visits("/health/callback?" + url.Values{"code": {rand.Text()}, "state": {last.Get("state")}}.Encode()).says(409)

	b := r.browser()
	b.signsIn("haruto")
	q := startLogin(b)
	b.visits("/booking/callback?" + url.Values{"code": {"x"}, "state": {q.Get("state")}}.Encode()).says(409)
	for _, other := range []url.Values{ // another's answer, and one that does not say whose (RFC 9207 2.4)
		{"code": {"x"}, "iss": {"http://evil.example"}}, {"code": {"x"}}, {"code": {"x"}, "iss": {""}}, {"error": {"access_denied"}},
	} {
		other.Set("state", startLogin(b).Get("state"))
		b.visits("/health/callback?"+other.Encode()).says(502, "確かめられませんでした")
	}
	q = startLogin(b)
	b.visits("/health/callback?"+url.Values{"error": {"access_denied"}, "state": {q.Get("state")}, "iss": {issuer}}.Encode()).says(403, "取りやめました")
	q = startLogin(b)
	b.visits("/health/callback?"+url.Values{"code": {"stolen"}, "state": {q.Get("state")}, "iss": {issuer}}.Encode()).says(403, "本人確認ができませんでした")
	r.browser().visits("/health/callback?code=x&state=y").says(401)
}

// startLogin goes as far as the platform's door.
func startLogin(b *browser) url.Values {
	b.Helper()
	client := b.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(b.request(http.MethodGet, "/health/login", nil))
	must(b, err)
	defer resp.Body.Close()
	u, err := url.Parse(resp.Header.Get("Location"))
	must(b, err)
	return u.Query()
}

func TestTheCardMustStillLieThereWhenThePlatformAnswers(t *testing.T) {
	r := newRoom(t)
	hanako, _ := r.family()
	r.platform.set(func() { r.platform.spoil = func(c map[string]any) { c["jpki_presence"] = "left" } })
	r.reader.takeAway("left")
	hanako.enters("health").says(401, "カードが取り外されました")
	hanako.visits("/").says(200, "カードではじめる")
	hanako.signsIn("hanako")
	r.platform.set(func() { r.platform.spoil = func(c map[string]any) { delete(c, "jpki_presence") } })
	hanako.enters("health").says(401, "カードが取り外されました")
}

func TestAPlatformThatComesLateIsFoundWhenItIsThere(t *testing.T) {
	r := newRoom(t)
	hanako, _ := r.family()
	r.platform.set(func() { r.platform.down = true })
	hanako.visits("/health/login").says(503, "返事がありません")
	r.platform.set(func() { r.platform.down = false })
	hanako.enters("health").says(200, "体重")
}

func TestHanakoBooksAsAResidentUntilSheMoves(t *testing.T) {
	r := newRoom(t)
	hanako, haruto := r.family()
	hanako.enters("booking").says(200, "体育館", "一般料金", "1,600円", "市民のみ")
	hanako.visits("/booking/price").says(200, "まだ確かめられていません", "市役所の窓口でも申請できます", r.url+"/residency")
	r.browser().visits("/staff").says(200, `<a href="http://localhost:8080/offices">「職員として入る」</a>にあります`)

	computer := r.browser()
	computer.visits("/residency").says(200, "一度だけ", "必要なもの")
	computer.signs("yuki").says(403, "みほん市の住所ではありませんでした")
	computer.signs("taro").says(403, "まだ登録されていません")
	computer.signs("hanako").says(200, "確認しました", r.Card("hanako").Serial(jpki.DigitalSignature).String())
	computer.fills("/residency", "cms", "AAAA").says(409, "申請書がありません")

	hanako.visits("/booking").says(200, "市民料金", "800円", "700円")
	week := hanako.visits("/booking/facilities/gym").says(200, "800円", "○")
	confirm := hanako.visits(week.attribute(`class="slot free" href`)).says(200, "この内容で予約しますか", "800円")
	field := func(name string) string { return confirm.attribute(`name="` + name + `" value`) }
	order := []string{"facility", "gym", "day", field("day"), "slot", field("slot"), "price", field("price")}
	made := hanako.fills("/booking", order...).says(200, "予約できました", "市民料金")
	ref := strings.TrimSuffix(strings.TrimPrefix(made.path, "/booking/mine/"), "?booked")
	haruto.enters("booking")
	haruto.fills("/booking", "facility", "gym", "day", field("day"), "slot", field("slot"), "price", "1600").says(409, "ほかの人が先に予約しました")
	haruto.visits("/booking/mine/" + ref).says(404)
	r.staff("municipality").visits("/municipality?day="+field("day")).says(200, ref, "はなちゃん", "市民", "1 件")
	hanako.visits("/booking").says(200, "わたしの予約")

	r.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
	order[3], order[5] = (catv.DayOf(r.Clock.Now()) + 6).String(), "9"
	hanako.fills("/booking", order...).says(409, "料金が変わりました", "/booking/price")
	hanako.visits("/booking/price").says(200, "引っ越し", "もう一度、市民料金にするには", "失効した日: 2026年4月1日", "新しい署名用電子証明書の発行")
	hanako.visits("/booking").says(200, "市民料金は終わっています")
	hanako.visits("/booking/facilities/kitchen").says(200, "市民の方だけ")
	hanako.fills("/booking/mine/"+ref+"/cancel").says(409, "取り消せる時間を過ぎています")
	later := hanako.fills("/booking", "facility", "tennis-1", "day", (catv.DayOf(r.Clock.Now())+5).String(), "slot", "9", "price", "1000").says(200, "予約できました")
	hanako.fills(strings.TrimSuffix(later.path, "?booked")+"/cancel").says(200, "取り消しました")
}

// The page before a booking says until when it can be cancelled, or that it
// cannot; never a moment that has passed.
func TestABookingSaysUntilWhenItCanBeCancelled(t *testing.T) {
	r := newRoom(t)
	hanako, _ := r.family()
	hanako.enters("booking")
	today := catv.DayOf(r.Clock.Now())
	confirm := func(days catv.Day, more string) page {
		return hanako.visits("/booking/confirm?facility=gym&slot=9&day=" + (today + days).String() + more)
	}
	confirm(7, "").says(200, "4月5日（日）9時まで、取り消せます。")
	confirm(2, "").says(200, "予約すると、テレビからは取り消せません（取消しは利用の72時間前まで）。")
	made := hanako.fills("/booking", "facility", "gym", "day", (today+7).String(), "slot", "9", "price", "1600").says(200, "4月5日（日）9時まで、取り消せます。")
	confirm(7, "&lang=en").says(200, "You can cancel until 9:00 on Sunday 5 April.")
	confirm(2, "").says(200, "Once booked, this cannot be cancelled on the television (cancelling ends 72 hours before).")
	hanako.visits(made.path).says(200, "You can cancel until 9:00 on Sunday 5 April.")
}

func TestAnAuthorityThatDoesNotAnswerStopsABookingInPlainWords(t *testing.T) {
	r := newRoom(t)
	hanako, _ := r.family()
	r.browser().signs("hanako").says(200)
	hanako.enters("booking").says(200, "市民料金")
	r.TamperOCSP(func(_, _ []byte) []byte { return nil })
	hanako.fills("/booking", "facility", "gym", "day", (catv.DayOf(r.Clock.Now())+2).String(), "slot", "9", "price", "800").says(503, "何も行われていません")
	hanako.visits("/booking").says(200, "いまは確認できません")
	hanako.visits("/booking/price").says(200, "機関から返事がない")
	r.TamperOCSP(nil)
	hanako.visits("/booking").says(200, "市民であることが確認されています")
}

func TestNonsenseInBookingsIsRefused(t *testing.T) {
	r := newRoom(t)
	hanako, _ := r.family()
	hanako.enters("booking")
	day := (catv.DayOf(r.Clock.Now()) + 2).String()
	for _, path := range []string{
		"/booking/confirm", "/booking/confirm?facility=gym&day=x&slot=9", "/booking/confirm?facility=gym&slot=10&day=" + day,
		"/booking/confirm?facility=%3Cscript%3E&slot=9&day=" + day, "/booking/facilities/pool", "/booking/mine/XXXX",
	} {
		if p := hanako.visits(path); p.status != 404 || strings.Contains(p.body, "<script>") {
			t.Errorf("%s: %d", path, p.status)
		}
	}
	hanako.fills("/booking", "facility", "gym", "day", day, "slot", "9", "price", "-1").says(409)
	hanako.visits("/booking/facilities/gym?from=nonsense").says(200)
	hanako.visits("/booking/facilities/gym?from=9999-12-31").says(200)
	hanako.visits("/booking/facilities/gym?lang=en").says(200, "standard price")
}
