package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv/web"
	"example.jp/jpkimock/internal/webtest"
)

func TestAViewerEnrolsAndComesBackWithTheCardAlone(t *testing.T) {
	r := newRoom(t)
	b := r.browser()
	b.Visits("/").Says(200, "カードではじめる", "みほんチャンネル", "お知らせ", "模擬環境", `class="house-catv face-tv"`)
	b.Fills("/enrol", "contract", "100101", "code", "999999").Says(422, "登録コードがちがいます", "契約書を見て")
	b.enrols("hanako", "はなちゃん", "100101", "110011").Says(200, "登録が終わりました", "はなちゃん")
	b.Fills("/signout").Says(200, "利用を終わりました", "カードではじめる")

	other := r.browser() // another set, whose browser holds the cookie back
	p := other.answers(other.Visits("/signin").Says(200, "カードを置いてください"), "hanako", false)
	p.Says(200, "はなちゃん")
	if strings.Contains(p.Body, "見本") || strings.Contains(p.Body, "花子") {
		t.Error("the name is on the screen")
	}
	if again := other.Visits("/"); strings.Contains(again.Body, "ようこそ") {
		t.Error("told twice")
	}
}

func TestACardOfNobodyIsToldHowToEnrol(t *testing.T) {
	r := newRoom(t)
	r.browser().signsIn("taro").Says(403, "まだ登録されていません", "登録コード", `href="/enrol"`)
}

func TestAnAnswerWorksOnceAndInOneBrowser(t *testing.T) {
	r := newRoom(t)
	r.family()
	b, thief := r.browser(), r.browser()
	asked := b.Visits("/signin")
	token := func() url.Values {
		return webtest.Form("token", string(r.Card("hanako").Authenticate(r.url, asked.Attribute("data-jpki-nonce"))), "presence", "P")
	}
	// Another browser takes neither the answer to this question, nor itself with it.
	thief.posts(thief.Browser, thief.Visits("/signin"), token()).Says(403, "確かめられませんでした")
	sent := b.WithoutRedirects().Posts(answerPath(t, asked), token()).Says(303)
	thief.Visits(sent.Header.Get("Location")).Says(409, "もう使えません")
	thief.Visits("/signin")
	thief.Visits(sent.Header.Get("Location")).Says(409, "もう使えません")
	b.Visits(sent.Header.Get("Location")).Says(200, "はなちゃん")
	b.Visits(sent.Header.Get("Location")).Says(409, "もう使えません")
	b.answers(asked, "hanako", true).Says(409, "もう使えません")
	late := r.browser()
	asked = late.Visits("/signin")
	r.Clock.Advance(4*time.Minute + 59*time.Second)
	late.Visits("/")
	r.Clock.Advance(2 * time.Second)
	late.answers(asked, "hanako", true).Says(409, "時間がたちすぎました")
	b.Posts(answerPath(t, r.browser().Visits("/signin")), webtest.Form("token", "x"), "Origin", "http://evil.example").Says(403)
}

// Nobody is signed in at the set by a card that cannot be watched.
func TestAnAnswerWithoutTheCardsPresenceIsRefused(t *testing.T) {
	r := newRoom(t)
	r.family()
	strips := func(b *browser, asked webtest.Page, person string) webtest.Page {
		token := b.Card(person).Authenticate(b.url, asked.Attribute("data-jpki-nonce"))
		return b.posts(b.Browser, asked, webtest.Form("token", string(token)))
	}
	b := r.browser()
	strips(b, b.Visits("/signin"), "hanako").Says(403, "no_presence", "確かめられませんでした")
	b.Visits("/").Says(200, "カードではじめる")
	b.Fills("/enrol", "contract", "100102", "code", "120011")
	strips(b, b.Fills("/enrol/name", "nickname", "たろう"), "taro").Says(403, "no_presence")
	if v, err := r.station.Viewers(t.Context(), "100102"); err != nil || len(v) != 0 {
		t.Errorf("enrolled all the same: %+v, %v", v, err)
	}
	// A program's session has no reader, and says so.
	var c struct{ Nonce, Origin string }
	script := r.browser()
	script.Calls("POST", "/signin/challenge", nil, &c).Says(200)
	script.Calls("POST", "/signin", map[string]any{"token": rawJSON(r.Card("hanako").Authenticate(c.Origin, c.Nonce))}, nil).Says(200)
	script.Visits("/").Says(200, "はなちゃん")
}

// A flood of answers that nobody asked for, and of questions that nobody answers,
// takes no place from an answer on its way.
func TestAFloodOfAnswersPushesNobodyOut(t *testing.T) {
	r := newRoom(t)
	r.family()
	b := r.browser()
	asked := b.Visits("/signin")
	form := webtest.Form("token", string(b.Card("hanako").Authenticate(b.url, asked.Attribute("data-jpki-nonce"))), "presence", "P")
	waits := b.WithoutRedirects().Posts(answerPath(t, asked), form).Says(303).Header.Get("Location")
	for range 1000 {
		if p := r.stranger(http.MethodPost, "/answer/NOSUCH", form); p.Code != http.StatusConflict {
			t.Fatalf("an answer to no question: %d", p.Code)
		}
		r.stranger(http.MethodGet, "/signin", nil)
	}
	b.Visits(waits).Says(200, "はなちゃん")
}

// stranger sends a request without a cookie.
func (r *room) stranger(method, path string, form url.Values) *httptest.ResponseRecorder {
	q := httptest.NewRequest(method, r.url+path, strings.NewReader(form.Encode()))
	if form != nil {
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer := httptest.NewRecorder()
	r.handler.ServeHTTP(answer, q)
	return answer
}

// Strangers who begin without coming back sign no viewer out, at whatever speed.
func TestAFloodOfStrangersSignsNobodyOut(t *testing.T) {
	r := newRoom(t)
	hanako, haruto := r.family()
	hanako.enters("health").Says(200)
	for range 10_400 {
		r.stranger(http.MethodPost, "/signin/challenge", nil)
	}
	hanako.Visits("/health").Says(200, "体重")
	haruto.Visits("/").Says(200, "はるくん")
}

func TestTheCardTakenAwayEndsEverything(t *testing.T) {
	r := newRoom(t)
	hanako, _ := r.family()
	hanako.enters("health").Says(200, "体重")
	for _, path := range []string{"/health", "/", "/health/charts/weight", "/booking", "/signin"} {
		b := r.browser()
		b.signsIn("hanako").Says(200, "はなちゃん")
		b.enters("health").Says(200)
		r.reader.TakeAway(b.presence)
		p := b.Visits(path)
		if path == "/" {
			p.Says(200, "カードが取り外されたので", "カードではじめる")
		} else {
			p.Says(401, "カードが取り外されました")
		}
		if strings.Contains(p.Body, "はなちゃん") || strings.Contains(p.Words(), "mmHg") {
			t.Errorf("%s: something personal is left: %s", path, p.Words())
		}
		if after := b.Visits("/health"); after.Status != 401 || strings.Contains(after.Body, "はなちゃん") {
			t.Errorf("%s, then /health: %d", path, after.Status)
		}
	}
	// The page's script ends the session itself, and says why.
	b := r.browser()
	b.signsIn("hanako")
	b.Fills("/signout", "why", "gone").Says(200, "カードが取り外されたので")
	b.Visits("/health").Says(401, "カードを置いてください")
}

func TestTheSetForgetsWhoDoesNothing(t *testing.T) {
	r := newRoom(t)
	hanako, _ := r.family()
	r.Clock.Advance(web.Idle - time.Second)
	hanako.Visits("/").Says(200, "はなちゃん")
	r.Clock.Advance(web.Idle + time.Second)
	hanako.Visits("/health").Says(401, "しばらく操作がなかった")
}

func TestRefusalsSayWhatToDoNext(t *testing.T) {
	r := newRoom(t)
	r.family()
	b := r.browser()
	for code, want := range map[string][]string{
		"pin_blocked": {"ロックされています", "市役所の窓口"}, "not_jpki": {"マイナンバーカードではありません", "交通カード"},
		"dead_card": {"読み取れません"}, "no_certificate": {"電子証明書が入っていません"}, "expired": {"時間がたちすぎました"},
		"card_busy": {"ほかで使われています"}, "<script>": {"やりとりができませんでした"},
	} {
		p := b.posts(b.Browser, b.Visits("/signin"), webtest.Form("error", code)).Says(403, append(want, `data`)...)
		if strings.Contains(p.Body, "<script>") {
			t.Error("a code is repeated")
		}
	}
	b.posts(b.Browser, b.Visits("/signin"), webtest.Form("error", "cancelled")).Says(200, "取りやめました")

	r.Suspend("hanako", jpki.UserAuthentication)
	b.signsIn("hanako").Says(403, "一時停止", "市役所の窓口")
	r.Resume("hanako", jpki.UserAuthentication)
	r.SuspendAccreditation()
	b.signsIn("hanako").Says(503, "カードの確認ができません", "お客さまのカードに問題はありません")
	r.Reaccredit()
	r.TamperOCSP(func(_, _ []byte) []byte { return nil })
	b.signsIn("hanako").Says(503, "返事がありません")
	r.TamperOCSP(nil)
	r.Revoke("hanako", jpki.UserAuthentication, jpki.KeyCompromise)
	b.signsIn("hanako").Says(403, "使えなくなっています", "なくした")
	r.Clock.Set(time.Date(2031, 6, 21, 12, 0, 0, 0, jpki.JST))
	b.signsIn("haruto").Says(403, "期限が切れています")
	b.Visits("/signin?lang=en").Says(200, "Lay your card")
	b.signsIn("haruto").Says(403, "The certificate has expired", "municipal counter")
}

func TestARenewedCardKeepsItsViewerAtTheSet(t *testing.T) {
	r := newRoom(t)
	hanako, _ := r.family()
	hanako.enters("health").Says(200)
	r.Renew("hanako")
	b := r.browser()
	b.signsIn("hanako").Says(200, "はなちゃん")
	b.enters("health").Says(200, "体重")
	staff := r.staff("operator")
	staff.Visits("/operator/contracts/100101").Says(200, "再発行・更新の前", "有効", r.Card("hanako").Serial(jpki.UserAuthentication).String())
}

func TestAProgramEnrolsAndSignsIn(t *testing.T) {
	r := newRoom(t)
	b := r.browser()
	var c struct{ Nonce, Origin string }
	b.Calls("POST", "/enrolment/challenge", nil, &c).Says(200)
	token := func() rawJSON { return rawJSON(r.Card("taro").Authenticate(c.Origin, c.Nonce)) }
	b.Calls("POST", "/enrolment", map[string]any{"contract": "100102", "code": "120011", "nickname": "たろう", "token": token()}, nil).Says(201, `"nickname":"たろう"`)
	b.Calls("POST", "/signin/challenge", nil, &c).Says(200)
	b.Calls("POST", "/signin", map[string]any{"token": token()}, nil).Says(200, `"contract":"100102"`)
	b.Calls("POST", "/signin", map[string]any{"token": token()}, nil).Says(409)
	b.Calls("POST", "/signin", map[string]any{"x": 1}, nil).Says(400, "malformed")
	script := r.browser()
	contract := map[string]any{"number": "200001", "holder": map[string]string{"ja": "試験"}, "box": "STB-1", "places": []any{map[string]any{
		"label": map[string]string{"ja": "一"}, "code": "000001", "profile": map[string]any{"born": 1990, "sex": "1", "heightCM": 170, "weightKG": 60, "steps": 8000, "systolic": 120, "diastolic": 80},
	}}}
	script.Calls("POST", "/operator/v1/contracts", contract, nil).Says(401, "no_key")
	script.Calls("POST", "/operator/v1/contracts", contract, nil, "Authorization", "Bearer "+staffKey).Says(201)
	script.Calls("POST", "/operator/v1/contracts", contract, nil, "Authorization", "bearer "+staffKey).Says(409)
}

type rawJSON []byte

func (r rawJSON) MarshalJSON() ([]byte, error) { return r, nil }

// staff signs somebody in at a desk.
func (r *room) staff(desk string) *browser {
	r.Helper()
	b := r.browser()
	b.Fills("/staff", "desk", desk, "key", staffKey).Says(200)
	return b
}

func TestStaffSeeTheirOwnDeskOnly(t *testing.T) {
	r := newRoom(t)
	hanako, _ := r.family()
	hanako.enters("health")
	b := r.browser()
	b.Fills("/staff", "desk", "nurse", "key", "wrong").Says(403, "鍵がちがう")
	b.Fills("/staff", "desk", "director", "key", staffKey).Says(403)
	for _, path := range []string{"/operator", "/operator/contracts/100101", "/nurse", "/nurse/viewers/1", "/municipality"} {
		if p := b.Visits(path); !strings.HasPrefix(p.Path(), "/staff?to=") {
			t.Errorf("%s is open to all: %s", path, p.Path())
		}
		for _, desk := range []string{"operator", "nurse", "municipality"} {
			p := r.staff(desk).Visits(path)
			if open := p.Status == 200 && strings.HasPrefix(p.Path(), path); open != strings.HasPrefix(path, "/"+desk) {
				t.Errorf("%s at the desk %s: %d %s", path, desk, p.Status, p.Path())
			}
		}
	}
}

// A guesser has five tries a minute, on the page and on the interface together.
func TestTheStaffKeyCannotBeGuessed(t *testing.T) {
	r := newRoom(t)
	guesser := r.browser()
	for range 3 {
		guesser.Fills("/staff", "desk", "nurse", "key", "guess").Says(403)
	}
	for range 2 {
		guesser.Calls("GET", "/operator/v1/contracts", nil, nil, "Authorization", "bearer guess").Says(401)
	}
	p := guesser.Fills("/staff", "desk", "nurse", "key", staffKey).Says(429, "鍵のまちがいが続いた", `href="/staff"`)
	if p.Header.Get("Retry-After") == "" {
		t.Error("not told when to come back")
	}
	guesser.Calls("GET", "/operator/v1/contracts", nil, nil, "Authorization", "Bearer "+staffKey).Says(429, "too_many_attempts")
	r.Clock.Advance(time.Minute)
	guesser.Fills("/staff", "desk", "nurse", "key", staffKey).Says(200, "参加者")
}

func TestTheOperatorSeesHowTheCertificatesStand(t *testing.T) {
	r := newRoom(t)
	r.family()
	status := func() string {
		p := r.staff("operator").Visits("/operator/contracts/100101").Says(200, "STB-0101")
		var all []string
		for _, m := range regexp.MustCompile(`(?s)data-testid="status"[^>]*>(.*?)</td>`).FindAllStringSubmatch(p.Body, -1) {
			all = append(all, webtest.Page{Body: m[1]}.Words())
		}
		return strings.Join(all, " / ")
	}
	for _, c := range []struct {
		do   func()
		want string
	}{
		{func() {}, "有効 / 有効"},
		{func() { r.Suspend("hanako", jpki.UserAuthentication) }, "一時停止 令和8年4月1日 / 有効"},
		{func() { r.Revoke("haruto", jpki.UserAuthentication, jpki.KeyCompromise) }, "一時停止 令和8年4月1日 / 失効 令和8年4月1日"},
		{func() { r.Resume("hanako", jpki.UserAuthentication) }, "有効 / 失効 令和8年4月1日"},
		{func() { r.Clock.Set(time.Date(2031, 2, 18, 12, 0, 0, 0, jpki.JST)) }, "期限切れ 令和13年2月17日 / 失効 令和8年4月1日"},
	} {
		if c.do(); status() != c.want {
			t.Errorf("%q; want %q", status(), c.want)
		}
	}
	webtest.Must(t, second(r.station.Leave(t.Context(), 2)))
	if got := status(); got != "期限切れ 令和13年2月17日" { // one certificate alone
		t.Errorf("%q", got)
	}
	r.SuspendAccreditation()
	r.staff("operator").Visits("/operator/contracts/100101").Says(200, `data-testid="unasked"`, "はなちゃん")
}

func second[T any](_ T, err error) error { return err }

func TestTheOperatorEndsAnEnrolmentAndPrintsNewCodes(t *testing.T) {
	r := newRoom(t)
	hanako, _ := r.family()
	staff := r.staff("operator")
	p := staff.Visits("/operator/contracts/100101").Says(200, "はなちゃん", "はるくん", "110033", "STB-0101")
	leave := regexp.MustCompile(`action="(/operator/contracts/100101/viewers/\d+/leave)"`).FindStringSubmatch(p.Body)[1]
	renew := regexp.MustCompile(`action="(/operator/contracts/100101/places/\d+/code)"`).FindStringSubmatch(p.Body)[1]
	if p := staff.Fills(renew); strings.Contains(p.Body, "110033") {
		t.Error("the old code is there")
	}
	staff.Fills(strings.Replace(leave, "100101", "100102", 1)).Says(404)
	if p := staff.Fills(leave).Says(200); strings.Contains(p.Body, "はなちゃん") {
		t.Error("she is there")
	}
	hanako.Visits("/health").Says(401)
	hanako.signsIn("hanako").Says(403, "まだ登録されていません")
}

func TestEveryTemplateSpeaksBothLanguagesAndKeepsThePolicy(t *testing.T) {
	files, err := filepath.Glob("templates/*.html")
	webtest.Must(t, err)
	rooms, err := filepath.Glob("../*/web/templates/*.html")
	webtest.Must(t, err)
	if files = append(files, rooms...); len(files) < 30 {
		t.Fatalf("%d templates", len(files))
	}
	inline := regexp.MustCompile(`(?i)<script(?:>| [^>]*>[^<])|\sstyle=|<style|\son[a-z]+="|javascript:`)
	half := regexp.MustCompile(`\bT "[^"]*"(?: "")?\s*\}`)
	for _, f := range files {
		text, err := os.ReadFile(f)
		webtest.Must(t, err)
		if bad := inline.Find(text); bad != nil {
			t.Errorf("%s: %s", f, bad)
		}
		if bad := half.Find(text); bad != nil && !strings.Contains(string(bad), `"時" ""`) {
			t.Errorf("%s: %s", f, bad)
		}
	}
}

func TestEveryAnswerStaysOutOfCaches(t *testing.T) {
	r := newRoom(t)
	hanako, _ := r.family()
	hanako.enters("health")
	hanako.enters("booking")
	for _, route := range r.handler.Routes() {
		path := fill(route.Path)
		if route.Method != http.MethodGet || strings.HasPrefix(path, "/ui/") || strings.HasPrefix(path, "/assets/") || path == "/card.js" || path == "/openapi.json" || strings.Contains(path, "*") {
			continue
		}
		p := hanako.WithoutRedirects().Visits(path)
		if got := p.Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: %d, Cache-Control %q", path, p.Status, got)
		}
	}
}

// fill puts something into the parameters of a route.
func fill(path string) string {
	return regexp.MustCompile(`:\w+`).ReplaceAllStringFunc(path, func(name string) string {
		return map[string]string{":measure": "weight", ":facility": "gym", ":number": "100101"}[name] + map[bool]string{true: "1"}[!strings.Contains(":measure :facility :number", name)]
	})
}

func TestTheBoxFollowsWhoSignsIn(t *testing.T) {
	r := newRoom(t)
	hanako, _ := r.family()
	u, err := url.Parse(r.url)
	webtest.Must(t, err)
	box := ""
	for _, c := range hanako.Jar.Cookies(u) {
		if c.Name == "jpkimock_catv_box" {
			box = c.Value
		}
	}
	if box != "STB-0101" {
		t.Errorf("box %q", box)
	}
	hanako.Fills("/signout")
	hanako.Visits("/enrol").Says(200, `value="100101"`)
	hanako.Fills("/box", "box", "STB-0102").Says(200, "機器を決めました")
	hanako.Visits("/enrol").Says(200, `value="100102"`)
	hanako.Fills("/box", "box", "nonsense").Says(404)
}

// No handler takes a form that cannot be read for an empty one.
func TestAFormThatCannotBeReadIsRefusedEverywhere(t *testing.T) {
	r := newRoom(t)
	tried := 0
	for _, route := range r.handler.Routes() {
		if route.Method != http.MethodPost {
			continue
		}
		tried++
		q := httptest.NewRequest(http.MethodPost, r.url+fill(route.Path), strings.NewReader("token=%zz"))
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer := httptest.NewRecorder()
		r.handler.ServeHTTP(answer, q)
		if answer.Code != http.StatusBadRequest || !strings.Contains(answer.Body.String(), `"malformed"`) {
			t.Errorf("%s: %d %s", route.Path, answer.Code, answer.Body)
		}
	}
	if tried < 20 {
		t.Errorf("only %d routes tried", tried)
	}
}

// A page at a computer finds the card by card.js, and has the style of its room.
func TestThePagesAtAComputerReachTheCard(t *testing.T) {
	r := newRoom(t)
	b := r.browser()
	b.Fills("/residency/draft").Says(200, `<script src="/card.js">`, `href="/assets/catv.css"`)
	b.Visits("/residency/standing").Says(200, `<script src="/card.js">`, `href="/assets/catv.css"`).Lacks("set.js", "set.css")
	r.staff("operator").Visits("/operator").Says(200, `href="/assets/catv.css"`).Lacks("set.js")
	b.Visits("/signin").Says(200, `<script src="/card.js">`, `<script src="/assets/set.js">`, `href="/assets/set.css"`)
}
