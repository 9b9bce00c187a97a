package web_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/insurer"
	"example.jp/jpkimock/medical/web"
	"example.jp/jpkimock/rp"
)

// The first use links the card by the numbers of the notice; the second needs none. Each
// party has what is its own, on its pages and in its files.
func TestTheFirstUseLinksTheCard(t *testing.T) {
	w := newTown(t)
	m, _ := w.insures("taro", kenpo, nil)
	taro := w.patient("taro")
	taro.presents("ja").Says(200, "まだひもづいていません", "お知らせの番号を入力する")
	wrong := m
	wrong.Birth = "1985-05-06"
	taro.links(wrong).Says(200, "番号に合う方が見つかりません")
	wrong = m
	wrong.Insurer = "06990022"
	taro.links(wrong).Says(200, "この保険者には、まだ照会できません")
	wrong.Insurer = "06990015"
	taro.links(wrong).Says(422, "番号のどれかに誤りがあります") // its check digit is wrong
	page := taro.links(m).Says(200, "この方でよろしいですか", "taro", `data-state="lit"`)
	if strings.Count(page.Body, `data-state="lit"`) != 4 {
		t.Errorf("not all four steps are lit: %s", page.Words())
	}
	taro.Visits(taro.at+"/consent").Says(200, "この方でよろしいですか") // nobody is asked for consents before
	taro.Fills(taro.at+"/me", "me", "yes").Says(200, "見せてもよいですか")
	taro.Fills(taro.at+"/consent", "answer", "each").Says(200, "手術情報", "1 / 4")
	for _, answer := range []string{"no", "yes", "yes"} {
		taro.Fills(taro.at+"/consent", "answer", answer)
	}
	taro.Fills(taro.at+"/consent", "answer", "no").Says(200, "カードをお取りください", "受付番号 1")
	taro.Fills(taro.at+"/leave").Says(200, "カードで受付する")
	taro.Visits(taro.at+"/visit").Says(200, "カードで受付する").Lacks("taro")

	if len(w.files) != 1 {
		t.Fatalf("the receipt computer has %d files", len(w.files))
	}
	for name, file := range w.files {
		if !strings.HasPrefix(name, "OQSsiquc01res_face_20260401") {
			t.Errorf("the file is called %s", name)
		}
		for _, want := range []string{
			"<QualificationValidity>1</QualificationValidity>", "<InsurerNumber>06990014</InsurerNumber>", "<PharmacistsInfoConsFlg>1</PharmacistsInfoConsFlg>",
			"<OperationInfoConsFlg>0</OperationInfoConsFlg>", "<InsuredPartialContributionRatio>030</InsuredPartialContributionRatio>", "<ReferenceClassification>1<",
		} {
			if !strings.Contains(file, want) {
				t.Errorf("the file lacks %s:\n%s", want, file)
			}
		}
	}
	again := w.patient("taro")
	again.presents("en").Says(200, "Is this you?", "taro")

	w.staff("/insurers/kenpo", "kenpo-staff").Visits("/insurers/kenpo/insured/1").Says(200, "カードとのひもづけ", "hospital病院", "いま")
	w.staff("/platform", "platform-staff").Visits("/platform").Says(200, "初回のひもづけ", "資格（有効）").Lacks("taro", m.Number)
	w.staff("/hospital/desk", "hospital-staff").Visits("/hospital/desk").Says(200, "taro", "資格（有効）", "30%")
	serial := w.Card("taro").Serial(jpki.UserAuthentication).String()
	w.lacks("platform", "taro", m.Number, "青葉県")
	w.lacks("hospital", serial, "unverifiedCertificate")
	w.lacks("clinic", "taro")
	w.lacks("kokuho", "taro", serial)
}

// lacks searches a party's database for what it must not hold.
func (w *town) lacks(party string, texts ...string) {
	w.Helper()
	files, err := filepath.Glob(filepath.Join(w.dir, party+".db*"))
	webtest.Must(w, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		webtest.Must(w, err)
		for _, secret := range texts {
			if strings.Contains(string(text), secret) {
				w.Errorf("%s holds %q", filepath.Base(file), secret)
			}
		}
	}
}

// Each case has a sentence of its own at the terminal, in both languages, and its advice
// at the desk.
func TestEachCaseHasItsSentence(t *testing.T) {
	w := newTown(t)
	today := medical.DateOf(w.Clock.Now())
	yesterday := medical.DateOf(w.Clock.Now().AddDate(0, 0, -1))
	lose := func(at medical.InsurerNumber, id int64, on medical.Date, why medical.LossReason) {
		t.Helper()
		webtest.Must(t, w.offices[at].Lose(t.Context(), id, on, why))
	}
	link := func(who string, at medical.InsurerNumber, change func(*insurer.Insured)) int64 {
		t.Helper()
		m, id := w.insures(who, at, change)
		w.linked(who, m)
		return id
	}
	lose(kenpo, link("yumi", kenpo, nil), yesterday, medical.LostOtherwise)
	lose(kenpo, link("maria", kenpo, nil), yesterday, medical.LostToOther)
	lose(kenpo, link("misaki", kenpo, nil), today, medical.LostToOther)
	link("misaki", kokuho, func(p *insurer.Insured) { p.QualifiedOn = today })
	link("haruto", kenpo, func(p *insurer.Insured) {
		p.Family, p.InsuredName, p.Number, p.Branch = medical.Dependant, "hanako", "77", "01"
	})
	link("sakurako", kenpo, nil)
	m, _ := w.insures("sakurako", kokuho, nil)
	sakurako := w.patient("sakurako")
	sakurako.presents("ja").Says(200, "保険が変わったので")
	sakurako.links(m).Says(200, "二つの保険者に資格があります")
	link("taro", kokuho, nil)
	w.Suspend("taro", jpki.UserAuthentication)
	link("hanako", kenpo, func(p *insurer.Insured) { p.Number = "88" })
	for _, c := range []struct{ who, reason, ja, en string }{
		{"yumi", "invalid", "保険の資格がなくなっています", "Your insurance has ended"},
		{"maria", "not_newer", "新しい保険の登録が、まだ終わっていません", "Your new insurance is not registered yet"},
		{"misaki", "", "保険者が変わりました。令和8年4月1日からはkokuhoの保険", "since 1 April 2026 it is KOKUHO"},
		{"haruto", "", "お子さまのカードです", "This is a child’s card"},
		{"sakurako", "several", "二つの保険者に資格があります", "Two insurers insure you"},
		{"taro", "suspended", "一時停止されています", "is suspended"},
		{"hanako", "", "保険の資格を確認しました", "Your eligibility is confirmed"},
	} {
		for lang, sentence := range map[string]string{"ja": c.ja, "en": c.en} {
			page := w.patient(c.who).presents(lang).Says(200, sentence)
			if c.reason != "" {
				page.Says(200, `data-reason="`+c.reason+`"`)
			}
		}
	}
	w.Revoke("hanako", jpki.UserAuthentication, jpki.KeyCompromise)
	w.patient("hanako").presents("ja").Says(200, "失効しています", "電子証明書の失効", "③", "カードをお取りください")
	if none := w.patient("yumi").Fills("/hospital/nocard").Says(200, "この番号でお呼びします。"); strings.Contains(none.Body, "カードをお取りください") {
		t.Error("who has no card along is told to take it")
	}
	w.staff("/insurers/kenpo", "kenpo-staff").Visits("/insurers/kenpo/log").Says(200, "電子証明書の失効", "資格喪失の登録")
}

// An expired certificate confirms the eligibility to the end of the third month after, and
// nothing else: no consent is asked for. A re-issued card keeps its link.
func TestExpiredAndRenewedCards(t *testing.T) {
	w := newTown(t)
	m, _ := w.insures("taro", kenpo, nil)
	w.linked("taro", m)
	ends := w.Card("taro").Certificate(jpki.UserAuthentication).NotAfter
	w.Clock.Set(ends.Add(24 * time.Hour))
	taro := w.patient("taro")
	taro.presents("ja").Says(200, "電子証明書の有効期限", "資格の確認だけができます")
	taro.Fills(taro.at+"/me", "me", "yes").Says(200, "カードをお取りください", "過去の診療やお薬などの情報は、見せません")
	w.Clock.Set(medical.GraceUntil(ends))
	w.patient("taro").presents("en").Says(200, "Is this you?")
	w.Clock.Set(medical.GraceUntil(ends).Add(2 * time.Second))
	w.patient("taro").presents("en").Says(200, "expired more than three months ago")

	w = newTown(t)
	m, id := w.insures("taro", kenpo, nil)
	w.linked("taro", m)
	w.Renew("taro")
	w.patient("taro").presents("ja").Says(200, "この方でよろしいですか", "taro")
	file, err := w.offices[kenpo].File(t.Context(), id)
	webtest.Must(t, err)
	if len(file.Links) != 2 || !file.Links[0].Ended.IsZero() || file.Links[1].Ended.IsZero() {
		t.Errorf("the links are %+v", file.Links)
	}
}

// Where somebody is silent nothing is confirmed, the patient is told whose silence it is,
// is taken by paper, and is settled later by numbers.
func TestSilence(t *testing.T) {
	w := newTown(t)
	m, _ := w.insures("taro", kenpo, nil)
	w.linked("taro", m)
	desk := w.staff("/hospital/desk", "hospital-staff")
	for _, c := range []struct{ path, ja, en string }{
		{"/platform/v1", "ただいま資格を確認できません", "Eligibility cannot be confirmed at present"},
		{"/insurers/kenpo/relay", "ただいま保険者が応答しません", "The insurer does not answer"},
		{"authority", "機構", "Certificates cannot be checked at present"},
	} {
		w.silences(c.path)
		if c.path == "authority" {
			w.TamperOCSP(func(_, _ []byte) []byte { return nil })
		}
		w.patient("taro").presents("ja").Says(200, c.ja)
		w.patient("taro").presents("en").Says(200, c.en)
		desk.Visits("/hospital/desk?lang=ja").Says(200, "対応が必要な受付")
		w.silences("")
	}
	w.TamperOCSP(nil)
	visits, err := w.desk.Queue(t.Context())
	webtest.Must(t, err)
	if len(visits.Waiting) != 6 {
		t.Fatalf("%d wait", len(visits.Waiting))
	}
	at := "/hospital/desk/visits/2"
	desk.Visits(at).Says(200, "紙の方法で受け付ける", "被保険者資格申立書", "口頭確認（再診）", "資格情報のお知らせ")
	desk.Visits(at+"/declaration").Says(200, "共通PFの応答なし", "一部負担金の割合")
	desk.Fills(at+"/paper", "way", "word", "name", "", "share", "30").Says(422, "入力の内容をお確かめください")
	desk.Fills(at+"/paper", "way", "word", "name", "若葉　太郎", "share", "30").Says(200, "口頭確認（再診）", "あとから照会して精算する")
	numbers := []string{"insurer", m.Insurer.Printed(), "symbol", m.Symbol, "number", "99", "branch", m.Branch, "birth", m.Birth.Digits()}
	desk.Fills(at+"/settle", numbers...).Says(200, "番号に合う方が見つかりません")
	numbers[5] = m.Number
	desk.Fills(at+"/settle", numbers...).Says(200, "あとから確認済み", "taro")
	desk.Fills(at+"/settle", numbers...).Says(409, "この操作は、いまはできません")
	for _, file := range w.files {
		if strings.Contains(file, "<ReferenceClassification>2<") {
			return
		}
	}
	t.Error("the receipt computer did not get what was settled")
}

// Numbers of a former insurance say that there is a new one; those of somebody without a
// linked card say so.
func TestByNumber(t *testing.T) {
	w := newTown(t)
	old, id := w.insures("misaki", kenpo, nil)
	w.linked("misaki", old)
	webtest.Must(t, w.offices[kenpo].Lose(t.Context(), id, medical.DateOf(w.Clock.Now()), medical.LostToOther))
	client := web.NewPlatformClient(w.url, "hospital-key")
	wants := func(m medical.Member, want medical.Validity) {
		t.Helper()
		got, err := client.ConfirmByNumber(t.Context(), m)
		if err != nil || got.Validity != want || !got.ByNumber {
			t.Errorf("%v %v: want %v", got.Validity, err, want)
		}
	}
	wants(old, medical.Invalid)
	fresh, _ := w.insures("misaki", kokuho, func(p *insurer.Insured) { p.QualifiedOn = medical.DateOf(w.Clock.Now()) })
	wants(fresh, medical.ValidUnlinked)
	w.linked("misaki", fresh)
	wants(fresh, medical.Valid)
	wants(old, medical.InvalidReplaced)
}

// A card of somebody else's, and a card that is linked, link nothing.
func TestSomebodyElsesCard(t *testing.T) {
	w := newTown(t)
	m, _ := w.insures("taro", kenpo, nil)
	w.linked("taro", m)
	hanako := w.patient("hanako") // with taro's numbers
	hanako.presents("ja")
	hanako.links(m).Says(200, "別の方と、すでにひもづいています")
	other := w.patient("taro") // but it is not taro who stands there
	other.presents("ja").Says(200, "taro")
	other.Fills(other.at+"/me", "me", "no").Says(200, "ご本人のカードで受付してください").Lacks("taro")
	w.staff("/hospital/desk", "hospital-staff").Visits("/hospital/desk").Says(200, "ほかの人のカード")
	tries := w.patient("hanako")
	tries.presents("ja")
	for range 5 {
		tries.links(medical.Member{Insurer: kenpo, Symbol: "1", Number: "2", Branch: "00", Birth: "1990-01-01"}).Says(200, "番号に合う方が見つかりません")
	}
	tries.links(m).Says(200, "番号の入力を、いったん終わります")
}

// No party's interface opens with another's key, and no question is answered twice.
func TestInterfacesAreShut(t *testing.T) {
	w := newTown(t)
	b := webtest.NewBrowser(t, w.url)
	for _, c := range []struct{ path, key string }{
		{"/platform/v1/challenges", "relay"}, {"/platform/v1/numbers", "hospital-staff"}, {"/insurers/kenpo/relay/numbers", "hospital-key"},
		{"/insurers/kenpo/v1/insured", "kokuho-staff"}, {"/hospital/desk/v1/challenges", "clinic-staff"}, {"/clinic/desk/v1/receptions", "clinic-key"},
	} {
		b.Calls("POST", c.path, "{}", nil, webtest.Bearer(c.key)...).Refuses(401, "wrong_key")
	}
	for _, path := range []string{"/hospital/desk", "/platform", "/insurers/kenpo", "/insurers/kenpo/insured/1", "/hospital/desk/visits/1/xml"} {
		if p := b.WithoutRedirects().Visits(path); p.Status != 303 || !strings.HasSuffix(p.Header.Get("Location"), "/signin?next="+url.QueryEscape(path)) {
			t.Errorf("%s: %d to %q without a sign-in", path, p.Status, p.Header.Get("Location"))
		}
	}
	m, _ := w.insures("taro", kenpo, nil)
	w.linked("taro", m)
	hospital := web.NewPlatformClient(w.url, "hospital-key")
	nonce, err := hospital.Challenge(t.Context())
	webtest.Must(t, err)
	token := w.Card("taro").Authenticate(w.url, nonce)
	refused := func(err error, code string) {
		t.Helper()
		if got, ok := err.(*medical.Refused); !ok || got.Code != code {
			t.Errorf("%v: want %s", err, code)
		}
	}
	_, err = web.NewPlatformClient(w.url, "clinic-key").Confirm(t.Context(), nonce, token)
	refused(err, rp.Code(rp.ErrChallenge)) // it was made for the hospital
	_, err = hospital.Confirm(t.Context(), nonce, token)
	webtest.Must(t, err)
	_, err = hospital.Confirm(t.Context(), nonce, token)
	refused(err, rp.Code(rp.ErrChallenge))
	relay := web.NewInsurerClient(w.url, "kenpo", "relay")
	question := medical.Question{Inquiry: "another", Token: token, Challenge: rp.Challenge{Nonce: nonce, Origin: w.url, Expires: w.Clock.Now().Add(time.Minute)}}
	_, err = relay.Confirm(t.Context(), question)
	refused(err, rp.Code(rp.ErrChallenge)) // the insurer has seen it
}

// A folder that cannot be written holds nobody up: the file follows.
func TestTheReceiptComputerGetsItLater(t *testing.T) {
	w := newTown(t)
	w.noSpace = true
	m, _ := w.insures("taro", kenpo, nil)
	w.linked("taro", m)
	webtest.Must(t, w.desk.Sweep(t.Context()))
	w.noSpace = false
	webtest.Must(t, w.desk.Sweep(t.Context()))
	webtest.Must(t, w.desk.Sweep(t.Context()))
	if len(w.files) != 1 {
		t.Errorf("%d files", len(w.files))
	}
}
