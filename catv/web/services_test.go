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
	"example.jp/jpkimock/internal/oidcclient/oidctest"
	"example.jp/jpkimock/internal/webtest"
)

func TestHanakoLooksAfterHerHealth(t *testing.T) {
	r := newRoom(t)
	hanako, _ := r.family()
	hanako.enters("health").Says(200, "体重", "歩数", "血圧", "健診の結果", "新しいもの 3 件")
	for _, m := range health.Measures() {
		for _, days := range health.Spans() {
			p := hanako.Visits(fmt.Sprintf("/health/charts/%s?days=%d", m, days)).Says(200, "平均", "<svg", "7日", "1年")
			if strings.Contains(p.Body, "NaN") || strings.Contains(p.Body, "%!") {
				t.Errorf("%s over %d days is drawn badly", m, days)
			}
		}
	}
	hanako.Visits("/health/charts/mood").Says(404)
	hanako.Visits("/health/charts/weight?days=8").Says(404)
	hanako.Visits("/health/checkups").Says(200, "基準", "LDLコレステロール", "60–119", "40以上", "129以下")
	list := hanako.Visits("/health/messages").Says(200, "いかがですか", "お返事待ち")
	path := regexp.MustCompile(`href="(/health/messages/\d+)"`).FindAllStringSubmatch(list.Body, -1)[1][1]
	hanako.Visits(path).Says(200, "よくない", "電話がほしい")
	hanako.Fills(path, "choice", "good").Says(200, "あなたの答え", "よい")
	hanako.Fills(path, "choice", "bad").Says(409, "もう答えています")
	reminder := hanako.Visits("/health/reminders").Says(200, "朝、血圧をはかる")
	hanako.Fills(regexp.MustCompile(`/health/reminders/\d+`).FindString(reminder.Body)).Says(200, "すみ")

	nurse := r.staff("nurse")
	nurse.Visits("/nurse").Says(200, "花子", "はなちゃん")
	nurse.Visits("/nurse/viewers/1").Says(200, "よい", "お返事なし", "<h1>はなちゃん")
	nurse.Fills("/nurse/viewers/1/readings", "day", catv.DayOf(r.Clock.Now()).String(), "measure", "pressure", "value", "151", "second", "93").Says(200, "記録しました")
	nurse.Fills("/nurse/viewers/1/readings", "day", "2026-01-01", "measure", "pressure", "value", "high").Says(422, "受け付けられません")
	nurse.Fills("/nurse/viewers/1/checkups", "day", catv.DayOf(r.Clock.Now()).String(), "item-hba1c", "6.4").Says(200, "6.4")
	nurse.Fills("/nurse/viewers/1/messages", "text", "お元気ですか <b>", "answers", "yes-no").Says(200, "送りました")
	nurse.Fills("/nurse/viewers/1/reminders", "text", "予防接種", "due", catv.DayOf(r.Clock.Now()).String()).Says(200)
	nurse.Fills("/nurse/viewers/99/messages", "text", "x").Says(404)
	hanako.Visits("/health").Says(200, "151/93", "めやすより高めです", "新しいもの")
	nurse.Visits("/nurse/viewers/1").Says(200, "151/93 mmHg めやすより高めです")
	if p := hanako.Visits("/health/messages").Says(200, "お元気ですか"); strings.Contains(p.Body, "<b>\"") {
		t.Error("not escaped")
	}
	hanako.Visits("/health/checkups").Says(200, "6.4")
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
		r.staff("nurse").Fills("/nurse/viewers/1/readings", "day", tomorrow.String(), "measure", "steps", "value", c.steps).Says(200)
		hanako := r.browser()
		hanako.signsIn("hanako").Says(200)
		if p := hanako.enters("health").Says(200, c.says); strings.Contains(p.Body, `watch" data-testid="note-steps"`) {
			t.Errorf("at %d o'clock %s steps are a warning", c.hour, c.steps)
		}
	}
}

// Whatever address a child of the same household tries, with the child's own
// card and the child's own sign-in at the platform: nothing of the mother's.
func TestNobodyReachesAnothersHealthByAnyAddress(t *testing.T) {
	r := newRoom(t)
	hanako, haruto := r.family()
	hanako.enters("health").Says(200)
	haruto.enters("health").Says(200)
	hanako.enters("booking").Says(200)
	haruto.enters("booking").Says(200)
	secret := "ひみつの伝言"
	nurse := r.staff("nurse")
	nurse.Fills("/nurse/viewers/1/messages", "text", secret, "answers", "yes-no").Says(200)
	nurse.Fills("/nurse/viewers/1/readings", "day", catv.DayOf(r.Clock.Now()).String(), "measure", "weight", "value", "87.6").Says(200)
	nurse.Fills("/nurse/viewers/1/checkups", "day", catv.DayOf(r.Clock.Now()).String(), "item-hba1c", "9.9").Says(200)
	nurse.Fills("/nurse/viewers/1/reminders", "text", "ひみつの予定", "due", catv.DayOf(r.Clock.Now()).String()).Says(200)
	r.browser().signs("hanako").Says(200)
	made, err := r.booking.Book(t.Context(), 1, booking.Order{Facility: "gym", Day: catv.DayOf(r.Clock.Now()) + 2, Slot: 9, Price: 800})
	webtest.Must(t, err)
	serial := r.Card("hanako").Serial(jpki.DigitalSignature).String()
	for _, p := range []string{"/health", "/health/charts/weight?days=7", "/health/checkups", "/health/messages", "/health/reminders"} {
		if words := hanako.Visits(p).Says(200).Body; !leaks(words) {
			t.Errorf("the mother's own %s shows nothing to look for", p)
		}
	}
	tried := 0
	for _, route := range r.handler.Routes() {
		if route.Path == "/signout" || route.Path == "/set" || route.Path == "/openapi.json" || strings.HasPrefix(route.Path, "/operator/v1") || route.Method == http.MethodHead {
			continue
		}
		for id := range 8 { // the mother's viewer, messages, reminders, all have small numbers
			path := address(route.Path, id, made.Reference)
			var p webtest.Page
			switch route.Method {
			case http.MethodGet:
				p = haruto.Visits(path)
			case http.MethodPost:
				if strings.HasPrefix(path, "/health/sharing") || path == "/box" {
					continue // what the child does with the child's own
				}
				p = haruto.Fills(path, "choice", "yes", "with", "1")
			default:
				continue
			}
			tried++
			if leaks(p.Body) || strings.Contains(p.Body, serial) || strings.Contains(p.Body, string(made.Reference)) && !strings.Contains(path, string(made.Reference)) {
				t.Errorf("%s %s (%d) shows the mother's: %s", route.Method, path, p.Status, p.Words())
			}
			if strings.HasPrefix(path, "/health/of/1") && p.Status != 404 {
				t.Errorf("%s: status %d", path, p.Status)
			}
		}
	}
	if tried < 200 {
		t.Errorf("only %d addresses tried", tried)
	}
	for _, path := range []string{"/health/of/1", "/health/of/1/charts/weight", "/health/of/1/checkups"} {
		r.browser().Visits(path).Says(401)
		haruto.Visits(path).Says(404, "この情報は見られません")
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
	hanako.Visits("/health/sharing").Says(200, "同意して", "はるくん")
	hanako.Fills("/health/sharing", "with", "2").Says(200, "はるくんに、グラフと健診の結果を見せています")
	haruto.Visits("/health").Says(200, "はなちゃんの健康を見る")
	p := haruto.Visits("/health/of/1").Says(200, "はなちゃんの情報", "体重")
	if strings.Contains(p.Body, "保健師からの") {
		t.Error("messages are shared, too")
	}
	haruto.Visits("/health/of/1/charts/pressure?days=365").Says(200, "平均")
	haruto.Visits("/health/of/1/checkups").Says(200, "LDL")
	hanako.Visits("/health/of/2").Says(404)
	hanako.Fills("/health/sharing/end").Says(200, "同意して")
	haruto.Visits("/health/of/1").Says(404, "この情報は見られません")
	hanako.Fills("/health/sharing", "with", "99").Says(404)
}

func TestTheServiceBelievesThePlatformOnly(t *testing.T) {
	r := newRoom(t)
	hanako, haruto := r.family()
	// Another person's card at the platform.
	hanako.enters("health").Says(200)
	haruto.card = "hanako"
	haruto.enters("health").Says(403, "別の人のカード")
	haruto.card = "haruto"
	haruto.Visits("/health").Says(200, "みらい共通認証基盤")

	spoils := map[string]func(map[string]any){
		"another nonce":    func(c map[string]any) { c["nonce"] = "x" },
		"another client":   func(c map[string]any) { c["aud"] = []string{"RP00000002"} },
		"another issuer":   func(c map[string]any) { c["iss"] = "http://evil.example" },
		"expired":          func(c map[string]any) { c["exp"] = r.Clock.Now().Add(-time.Minute).Unix() },
		"without a person": func(c map[string]any) { c["sub"] = "" },
	}
	for name, spoil := range spoils {
		r.platform.Spoil(spoil)
		if p := haruto.enters("health"); p.Status != 502 {
			t.Errorf("%s: %d %s", name, p.Status, p.Words())
		}
	}
	r.platform.Spoil(nil)

	// An answer that this browser did not ask for, or asked for before.
	haruto.Visits("/health/callback?code=x&state=y").Says(409)
	haruto.passes("/health/login").Says(200, "体重")
	last := r.platform.Last()
	haruto.Visits("/health/callback?" + url.Values{"code": {rand.Text()}, "state": {last.Get("state")}}.Encode()).Says(409)

	b := r.browser()
	b.signsIn("haruto")
	q := startLogin(b)
	b.Visits("/booking/callback?" + url.Values{"code": {"x"}, "state": {q.Get("state")}}.Encode()).Says(409)
	for _, other := range []url.Values{ // another's answer, and one that does not say whose (RFC 9207 2.4)
		{"code": {"x"}, "iss": {"http://evil.example"}}, {"code": {"x"}}, {"code": {"x"}, "iss": {""}}, {"error": {"access_denied"}},
	} {
		other.Set("state", startLogin(b).Get("state"))
		b.Visits("/health/callback?"+other.Encode()).Says(502, "確かめられませんでした")
	}
	q = startLogin(b)
	b.Visits("/health/callback?"+url.Values{"error": {"access_denied"}, "state": {q.Get("state")}, "iss": {oidctest.Issuer}}.Encode()).Says(403, "取りやめました")
	q = startLogin(b)
	b.Visits("/health/callback?"+url.Values{"code": {"stolen"}, "state": {q.Get("state")}, "iss": {oidctest.Issuer}}.Encode()).Says(403, "本人確認ができませんでした")
	r.browser().Visits("/health/callback?code=x&state=y").Says(401)
}

// startLogin goes as far as the platform's door.
func startLogin(b *browser) url.Values {
	b.Helper()
	u, err := url.Parse(b.WithoutRedirects().Visits("/health/login").Header.Get("Location"))
	webtest.Must(b, err)
	return u.Query()
}

func TestTheCardMustStillLieThereWhenThePlatformAnswers(t *testing.T) {
	r := newRoom(t)
	hanako, _ := r.family()
	r.platform.Spoil(func(c map[string]any) { c["jpki_presence"] = "left" })
	r.reader.TakeAway("left")
	hanako.enters("health").Says(401, "カードが取り外されました")
	hanako.Visits("/").Says(200, "カードではじめる")
	hanako.signsIn("hanako")
	r.platform.Spoil(func(c map[string]any) { delete(c, "jpki_presence") })
	hanako.enters("health").Says(401, "カードが取り外されました")
}

func TestAPlatformThatComesLateIsFoundWhenItIsThere(t *testing.T) {
	r := newRoom(t)
	hanako, _ := r.family()
	r.platform.Down(true)
	hanako.Visits("/health/login").Says(503, "返事がありません")
	r.platform.Down(false)
	hanako.enters("health").Says(200, "体重")
}

func TestHanakoBooksAsAResidentUntilSheMoves(t *testing.T) {
	r := newRoom(t)
	hanako, haruto := r.family()
	hanako.enters("booking").Says(200, "体育館", "一般料金", "1,600円", "市民のみ")
	hanako.Visits("/booking/price").Says(200, "まだ確かめられていません", "市役所の窓口でも申請できます", r.url+"/residency")
	r.browser().Visits("/staff").Says(200, `<a href="http://localhost:8080/offices">「職員として入る」</a>にあります`)

	computer := r.browser()
	computer.Visits("/residency").Says(200, "一度だけ", "必要なもの")
	computer.signs("yuki").Says(403, "みほん市の住所ではありませんでした")
	computer.signs("taro").Says(403, "まだ登録されていません")
	computer.signs("hanako").Says(200, "確認しました", r.Card("hanako").Serial(jpki.DigitalSignature).String())
	computer.Fills("/residency", "cms", "AAAA").Says(409, "申請書がありません")

	hanako.Visits("/booking").Says(200, "市民料金", "800円", "700円")
	week := hanako.Visits("/booking/facilities/gym").Says(200, "800円", "○")
	confirm := hanako.Visits(week.Attribute(`class="slot free"\s+href`)).Says(200, "この内容で予約しますか", "800円")
	field := func(name string) string { return confirm.Attribute(`name="` + name + `" value`) }
	order := []string{"facility", "gym", "day", field("day"), "slot", field("slot"), "price", field("price")}
	made := hanako.Fills("/booking", order...).Says(200, "予約できました", "市民料金")
	ref := strings.TrimSuffix(strings.TrimPrefix(made.Path(), "/booking/mine/"), "?booked")
	haruto.enters("booking")
	haruto.Fills("/booking", "facility", "gym", "day", field("day"), "slot", field("slot"), "price", "1600").Says(409, "ほかの人が先に予約しました")
	haruto.Visits("/booking/mine/" + ref).Says(404)
	r.staff("municipality").Visits("/municipality?day="+field("day")).Says(200, ref, "はなちゃん", "市民", "1 件")
	hanako.Visits("/booking").Says(200, "わたしの予約")

	r.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
	order[3], order[5] = (catv.DayOf(r.Clock.Now()) + 6).String(), "9"
	hanako.Fills("/booking", order...).Says(409, "料金が変わりました", "/booking/price")
	hanako.Visits("/booking/price").Says(200, "引っ越し", "もう一度、市民料金にするには", "失効した日: 令和8年4月1日", "新しい署名用電子証明書の発行")
	hanako.Visits("/booking").Says(200, "市民料金は終わっています")
	hanako.Visits("/booking/facilities/kitchen").Says(200, "市民の方だけ")
	hanako.Fills("/booking/mine/"+ref+"/cancel").Says(409, "取り消せる時間を過ぎています")
	later := hanako.Fills("/booking", "facility", "tennis-1", "day", (catv.DayOf(r.Clock.Now())+5).String(), "slot", "9", "price", "1000").Says(200, "予約できました")
	hanako.Fills(strings.TrimSuffix(later.Path(), "?booked")+"/cancel").Says(200, "取り消しました")
}

// The page before a booking says until when it can be cancelled, or that it
// cannot; never a moment that has passed.
func TestABookingSaysUntilWhenItCanBeCancelled(t *testing.T) {
	r := newRoom(t)
	hanako, _ := r.family()
	hanako.enters("booking")
	today := catv.DayOf(r.Clock.Now())
	confirm := func(days catv.Day, more string) webtest.Page {
		return hanako.Visits("/booking/confirm?facility=gym&slot=9&day=" + (today + days).String() + more)
	}
	confirm(7, "").Says(200, "4月5日（日）9時まで、取り消せます。")
	confirm(2, "").Says(200, "予約すると、テレビからは取り消せません（取消しは利用の72時間前まで）。")
	made := hanako.Fills("/booking", "facility", "gym", "day", (today+7).String(), "slot", "9", "price", "1600").Says(200, "4月5日（日）9時まで、取り消せます。")
	confirm(7, "&lang=en").Says(200, "You can cancel until 9:00 on Sunday 5 April.")
	confirm(2, "").Says(200, "Once booked, it cannot be cancelled here (the limit is 72 hours before).")
	hanako.Visits(made.Path()).Says(200, "You can cancel until 9:00 on Sunday 5 April.")
}

func TestAnAuthorityThatDoesNotAnswerStopsABookingInPlainWords(t *testing.T) {
	r := newRoom(t)
	hanako, _ := r.family()
	r.browser().signs("hanako").Says(200)
	hanako.enters("booking").Says(200, "市民料金")
	r.TamperOCSP(func(_, _ []byte) []byte { return nil })
	hanako.Fills("/booking", "facility", "gym", "day", (catv.DayOf(r.Clock.Now())+2).String(), "slot", "9", "price", "800").Says(503, "何も行われていません")
	hanako.Visits("/booking").Says(200, "いまは確認できません")
	hanako.Visits("/booking/price").Says(200, "機関から返事がない")
	r.TamperOCSP(nil)
	hanako.Visits("/booking").Says(200, "市民であることが確認されています")
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
		if p := hanako.Visits(path); p.Status != 404 || strings.Contains(p.Body, "<script>") {
			t.Errorf("%s: %d", path, p.Status)
		}
	}
	hanako.Fills("/booking", "facility", "gym", "day", day, "slot", "9", "price", "-1").Says(409)
	hanako.Visits("/booking/facilities/gym?from=nonsense").Says(200)
	hanako.Visits("/booking/facilities/gym?from=9999-12-31").Says(200)
	hanako.Visits("/booking/facilities/gym?lang=en").Says(200, "standard price")
}
