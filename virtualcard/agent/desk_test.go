package agent_test

import (
	"net/http"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/agent"
	"example.jp/jpkimock/virtualcard/vpcd"
)

// counterPage is where a holder gets a new card.
const counterPage = "http://localhost:8081/office/counter"

// withDesk is the town whose desk knows the way to the counter.
func (w *town) withDesk() *browser {
	w.t.Helper()
	w.url = webtest.Serve(w.t, func(string) http.Handler {
		handler, err := agent.New(agent.Config{
			Cabinet: w.cabinet, Now: w.Now, PublicURL: "http://localhost:8082", Counter: counterPage, Sites: []agent.Site{{Origin: "http://localhost:19083", Verifier: "mihon-bank"}},
			Readers: vpcd.NewReaders(vpcd.NewReader(vpcd.Config{Name: "home", Cabinet: w.cabinet}), vpcd.NewReader(vpcd.Config{Name: "reception", Cabinet: w.cabinet})),
		})
		w.do(err)
		return handler
	})
	return w.browser()
}

func TestCardsAreLaidAndTakenAtTheDesk(t *testing.T) {
	w := newTown(t)
	p := w.withDesk()
	p.get("/desk").shows(t, "カードデスク", `value="card-hanako"`, "自宅", "医療機関の受付", "まだ何もありません")
	a := p.post("/desk/place", "lay", "reception")
	if a.Status != http.StatusBadRequest {
		t.Errorf("without a card: %d", a.Status)
	}
	a.shows(t, `data-code="no_choice"`, "カードが選ばれていません")
	p.post("/desk/place", "card", "card-hanako", "lay", "reception").shows(t, `data-testid="laid-reception"`, "置き場所：医療機関の受付", `data-reader="reception"`)
	p.post("/desk/place", "card", "card-minoru", "lay", "home").shows(t, "応答しません", "置き場所：自宅")
	p.post("/desk/place", "card", "card-hanako", "lay", "home").shows(t, `data-testid="laid-home"`, "置き場所：自宅", "チップ故障")
	p.post("/desk/place", "take", "home").shows(t, `data-reader="home"`)
	if a := p.get("/desk"); strings.Contains(a.Body, `data-testid="laid-`) || strings.Contains(a.Body, "置き場所") {
		t.Error("a card lies in a reader after all were taken")
	}
	p.post("/desk/place", "card", "card-nobody", "lay", "home").shows(t, `data-code="no_card"`)
	if a := p.post("/desk/place", "card", "card-hanako", "lay", "kitchen"); a.Status != http.StatusNotFound {
		t.Errorf("an unknown reader: %d", a.Status)
	}
	if a := p.get("/desk?reader=kitchen"); a.Status != http.StatusNotFound {
		t.Errorf("an unknown reader: %d", a.Status)
	}
	p.get("/desk?lang=en&q=青葉").shows(t, "Card desk", `value="card-hanako"`)
}

func TestTheFrontPageLeadsToTheDeskAndItsExampleToASiteOfTheTown(t *testing.T) {
	w := newTown(t)
	w.withDesk().get("/").shows(t, `href="/desk"`, `"origin":"http://localhost:19083"`)
}

func TestTheDeskSendsCommands(t *testing.T) {
	w := newTown(t)
	p := w.withDesk()
	p.post("/desk/place", "card", "card-hanako", "lay", "home")
	const selects = "00A4040C0AD392F000260100000001\n"
	for _, c := range []struct {
		name, commands string
		status         int
		wants          []string
	}{
		{"commands", selects + "00 A4 02 0C 02 00 18\n\n00200080", 200, []string{"SELECT 公的個人認証AP：　正常終了", "VERIFY（残り回数の照会） 利用者証明用暗証番号（0018）：　残り3回"}},
		{"a PIN", selects + "00200098 04 31323334", 200, []string{"VERIFY 利用者証明用暗証番号（0018）：　正常終了", "00 20 00 98 04 {PIN}</textarea>"}},
		{"a PIN by name", selects + "> 00 20 00 98 04 {PIN}\n< 90 00", 200, []string{"VERIFY 利用者証明用暗証番号（0018）：　正常終了"}},
		{"a transcript that differs", selects + "> 00 20 00 98\n< 63 C1", 200, []string{"記録と違う応答が1件あります", "<code>63 C1</code>"}},
		{"no hexadecimal", selects + "READ BINARY", 400, []string{"2行目を読み取れません", `data-code="malformed"`, "READ BINARY</textarea>"}},
		{"half a command", selects + "00A4", 400, []string{"2行目を読み取れません"}},
		{"nothing", "# a remark", 400, []string{"コマンドを読み取れません"}},
		{"too much", strings.Repeat("00200080\n", 1001), 400, []string{"1001行目を読み取れません"}},
	} {
		a := p.post("/desk/readers/home/apdus", "commands", c.commands, "pin", "1234")
		if a.Status != c.status {
			t.Errorf("%s: %d", c.name, a.Status)
		}
		a.shows(t, c.wants...)
		if strings.Contains(a.Body, "31 32 33 34") || strings.Contains(a.Body, "31323334") {
			t.Errorf("%s: the page has the PIN", c.name)
		}
	}
	p.get("/desk?reader=home").shows(t, "電源投入", "00 20 00 98 04 {PIN}")
	export := p.get("/desk/readers/home/log.txt")
	export.shows(t, "# VERIFY user authentication PIN (0018): done\n> 00 20 00 98 04 {PIN}\n< 90 00\n")
	if got := export.Header.Get("Content-Disposition"); got != `attachment; filename="home.apdu.txt"` {
		t.Errorf("the log is sent as %s", got)
	}
	// What was saved is sent again as it is.
	p.post("/desk/readers/home/apdus", "commands", export.Body, "pin", "1234").shows(t, "VERIFY 利用者証明用暗証番号（0018）：　正常終了")
	p.post("/desk/readers/reception/apdus", "commands", selects).shows(t, `data-code="no_card"`)
}

func TestAKeyThatIsReadAtTheDeskIsGone(t *testing.T) {
	w := newTown(t)
	p := w.withDesk()
	const page = "/desk/readers/home/tamper"
	p.get(page).shows(t, `data-code="no_card"`)
	p.post("/desk/place", "card", "card-transit", "lay", "home")
	p.post(page).shows(t, `data-code="no_card"`)
	p.post("/desk/place", "card", "card-hanako", "lay", "home").shows(t, "鍵を読み出そうとする")
	p.get(page).shows(t, "これから起きること", "もとに戻すことはできません")
	if s, err := w.cabinet.Card(t.Context(), hanako); err != nil || s.Dead {
		t.Fatalf("the page alone has killed the card: %v", err)
	}
	a := p.post(page)
	a.shows(t, "SELECT 署名用秘密鍵（001A）：　正常終了", "READ BINARY 署名用秘密鍵（001A） 0バイト目から：　このファイルにはできません", "GET CHALLENGE（乱数）：　応答なし",
		"このカードは壊れました", "窓口で再交付を受けてください", `href="`+counterPage+`"`)
	if s, err := w.cabinet.Card(t.Context(), hanako); err != nil || !s.Tampered {
		t.Errorf("%+v, %v", s, err)
	}
	p.post(page).shows(t, "このカードは壊れました")
	p.get("/desk?lang=en").shows(t, "No answer")
}

func TestFaultsAreSwitchedAtTheDesk(t *testing.T) {
	w := newTown(t)
	p := w.withDesk()
	p.post("/desk/place", "card", "card-hanako", "lay", "home")
	const page = "/desk/readers/home/faults"
	p.post(page, "slow", "true", "removed", "0", "wrongStatus", "2", "garbled", "0").shows(t, "不具合を設定中", `name="wrongStatus" type="number" min="0" max="9999" value="2"`)
	w.script("GET", "/v1/readers/home/faults", "").shows(t, `{"wrongStatus":2,"slow":true}`)
	p.post(page, "removed", "0", "wrongStatus", "0", "garbled", "0")
	p.post(page, "card", "card-hanako", "mute", "true", "removed", "0", "wrongStatus", "0", "garbled", "0").shows(t, "応答しません", "不具合を設定中")
	w.script("GET", "/v1/cards/card-hanako/faults", "").shows(t, `{"mute":true}`)
	w.script("GET", "/v1/readers/home/faults", "").shows(t, `{}`)
	if a := p.post(page, "removed", "-1", "wrongStatus", "0", "garbled", "0"); a.Status != http.StatusBadRequest {
		t.Errorf("a negative number: %d", a.Status)
	}
}

func TestTheDeskTellsItsPageOfChanges(t *testing.T) {
	w := newTown(t)
	p := w.withDesk()
	for _, c := range []struct {
		path string
		want int
	}{
		{"/desk/changes?reader=home&turn=99&after=0", 200}, // it has seen something else
		{"/desk/changes?reader=home&turn=x&after=0", 400},
		{"/desk/changes?reader=kitchen&turn=0&after=0", 404},
	} {
		if a := p.get(c.path); a.Status != c.want {
			t.Errorf("%s: %d", c.path, a.Status)
		}
	}
	told := make(chan int)
	go func() { told <- p.get("/desk/changes?reader=home&turn=0&after=0").Status }()
	w.script("PUT", "/v1/readers/reception", `{"card":"card-hanako"}`)
	if status := <-told; status != 200 {
		t.Errorf("a change was answered %d", status)
	}
	if a := p.get("/desk/changes?reader=home&turn=0&after=0", "Sec-Fetch-Site", "cross-site"); a.Status != http.StatusForbidden {
		t.Errorf("another page: %d", a.Status)
	}
}

func TestTheDeskSendsNothingToARealCardWithoutAWord(t *testing.T) {
	w := newTown(t)
	b := w.withReader()
	p := w.browser()
	const reader = "/desk/readers/pcsc:Bench%2000%2000"
	p.get("/desk?reader=pcsc:Bench+00+00").shows(t, benchReader, "実物のカードかもしれないため", `name="confirm"`)
	const selects, verify = "00A4040C0AD392F000260100000001\n", "0020009804 31323334\n"
	for _, c := range []struct {
		fields       []string
		status       int
		commands     int
		pins         int
		wantsOnAPage string
	}{
		{[]string{"commands", selects}, 409, 0, 0, "実物かもしれない"},
		{[]string{"commands", selects + verify, "confirm", "true"}, 409, 0, 0, "暗証番号"},
		{[]string{"commands", selects, "confirm", "true"}, 200, 1, 0, "SELECT 公的個人認証AP"},
		{[]string{"commands", selects + verify, "confirm", "true", "pins", "true"}, 200, 2, 1, "{PIN}"},
	} {
		a := p.post(reader+"/apdus", c.fields...)
		commands, pins := b.commands()
		if a.Status != c.status || commands != c.commands || pins != c.pins {
			t.Errorf("%q: %d, %d commands, %d PINs", c.fields, a.Status, commands, pins)
		}
		a.shows(t, c.wantsOnAPage)
	}
	for _, path := range []string{reader + "/tamper", reader + "/log.txt"} {
		if a := p.get(path); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	if a := p.post(reader + "/tamper"); a.Status != http.StatusNotFound {
		t.Errorf("a real card can be destroyed: %d", a.Status)
	}
}

func TestTheCardInAReaderIsLookedAtMasked(t *testing.T) {
	w := newTown(t)
	p := w.withDesk()
	w.do(w.cabinet.Personalize(t.Context(), hanako, virtualcard.Personalization{Face: virtualcard.Face{
		Name: "青葉　花子", Address: "青葉県みほん市中央１丁目", DateOfBirth: "平成2年5月15日", Gender: "女", Expires: w.Now().AddDate(5, 0, 0),
	}}))
	const page = "/desk/readers/home/card"
	p.get(page).shows(t, `data-code="no_card"`)
	p.post("/desk/place", "card", "card-hanako", "lay", "home").shows(t, "このカードを見る")
	p.get(page).shows(t, "JPKIAPICCTOKEN2", "個人番号カード", "*******"+hanakoSerial[len(hanakoSerial)-2:], "暗証番号の残り3回", "暗証番号の残り5回", "残り3回。")
	for _, c := range []struct {
		pin   string
		wants []string
	}{
		{"12345", []string{`data-code="bad_pin_format"`, "残り3回。"}},
		{"9999", []string{`data-code="wrong_pin"`, "残り2回。"}},
		{"1234", []string{"青＊　花＊", "青葉県みほん市＊＊＊＊<", "平成2年＊月＊日", "女"}},
	} {
		a := p.post(page, "pin", c.pin)
		a.shows(t, c.wants...)
		if a.Header.Get("Cache-Control") != "no-store" || strings.Contains(a.Body, "中央") {
			t.Errorf("%s: the page says too much, or is kept", c.pin)
		}
	}
	p.get(page+"?lang=en").shows(t, "Individual Number Card", "Tries left: 3.")
	p.post("/desk/place", "card", "card-minoru", "lay", "home")
	p.get(page).shows(t, `data-code="dead_card"`)
	p.post("/desk/place", "card", "card-transit", "lay", "home")
	p.get(page).shows(t, `data-code="not_jpki"`)
}

func TestARealCardIsLookedAtAfterItsHolderConfirms(t *testing.T) {
	w := newTown(t)
	b := w.withReader()
	p := w.browser()
	w.do(w.cabinet.Personalize(t.Context(), naoko, virtualcard.Personalization{Face: virtualcard.Face{
		Name: "宮本　直子", Address: "東京都みほん区", DateOfBirth: "昭和55年2月17日", Gender: "女", Expires: w.Now().AddDate(5, 0, 0),
	}}))
	const page = "/desk/readers/pcsc:Bench%2000%2000/card"
	b.card = naoko
	p.get(page).shows(t, `data-testid="confirm-look"`)
	if a := p.post(page, "pin", "1234"); a.Status != http.StatusConflict {
		t.Errorf("without a word: %d", a.Status)
	}
	if all, _ := b.commands(); all != 0 {
		t.Errorf("%d commands were sent to a card whose holder had not confirmed", all)
	}
	p.post(page, "confirm", "true").shows(t, "JPKIAPICCTOKEN2", "残り3回。", "読み取った内容は保存しません")
	if all, pins := b.commands(); all == 0 || pins != 0 {
		t.Errorf("%d commands, %d PINs", all, pins)
	}
	for range 2 {
		p.post(page, "confirm", "true", "pin", "0000").shows(t, `data-code="wrong_pin"`)
	}
	b.commands()
	p.post(page, "confirm", "true", "pin", "8901").shows(t, `data-testid="last-try"`, `name="lastTry"`)
	if _, pins := b.commands(); pins != 0 {
		t.Errorf("%d PINs were sent with one try left", pins)
	}
	p.post(page, "confirm", "true", "lastTry", "true", "pin", "8901").shows(t, "宮＊　直＊", "東京都みほん区＊＊＊＊<")
	if strings.Contains(w.log.String(), "宮本") {
		t.Error("the log has the holder's name")
	}
}
