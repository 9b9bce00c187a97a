package web_test

import (
	"encoding/base64"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical/db"
	"example.jp/jpkimock/medical/pharmacy"
	"example.jp/jpkimock/medical/prescription"
	"example.jp/jpkimock/medical/web"
	"example.jp/jpkimock/rp"
)

// opensPrescriptions builds the inquiry system and two pharmacies; 太郎 is the hospital's
// doctor. A card lies on a terminal until lifted.
func (w *town) opensPrescriptions(cfg *web.Config, linkage *rp.Linkage) {
	store, err := db.OpenPrescriptions(filepath.Join(w.dir, "rx.db"), filepath.Join(w.dir, "rx-keys.db"))
	webtest.Must(w, err)
	w.Cleanup(func() { _ = store.Close() })
	system, err := prescription.New(prescription.Config{
		Verifier: w.Verifier(cfg.PublicURL), Linkage: linkage, Platform: web.NewHolderClient(cfg.PublicURL, "holders"), Store: store, Now: w.Clock.Now,
		Doctors: []prescription.Doctor{{Name: "見本　太郎", Birth: "1975-11-03", Institution: "hospital"}},
	})
	webtest.Must(w, err)
	cfg.Rx = web.Rx{System: system, StaffKey: "rx-staff", Callers: []web.RxCaller{
		{Party: prescription.Party{ID: "hospital", Name: "hospital病院"}, NameEN: "Hospital", Key: "rx-hospital"},
	}}
	for _, id := range []string{"mihon", "aoba"} {
		books, err := db.OpenPharmacy(filepath.Join(w.dir, id+".db"))
		webtest.Must(w, err)
		w.Cleanup(func() { _ = books.Close() })
		counter, err := pharmacy.New(pharmacy.Config{
			Inquiry: web.NewRxClient(cfg.PublicURL, "rx-"+id), Books: books, Now: w.Clock.Now,
			There: web.CardThere(w.reader.URL),
		})
		webtest.Must(w, err)
		w.counters[id] = counter
		cfg.Rx.Callers = append(cfg.Rx.Callers, web.RxCaller{Party: prescription.Party{ID: id, Name: id + "薬局", Pharmacy: true}, NameEN: id, Key: "rx-" + id})
		cfg.Pharmacies = append(cfg.Pharmacies, web.Pharmacy{ID: id, Name: id + "薬局", NameEN: id, Counter: counter, StaffKey: id + "-rx-staff", Pharmacists: []string{id + "の薬剤師", "交代の薬剤師"}})
	}
}

// writes lets the doctor write an order at the first patient's visit and sign it.
func (w *town) writes(doctor *webtest.Browser, more ...string) webtest.Page {
	w.Helper()
	visit := regexp.MustCompile(`/hospital/doctor/visits/\d+`).FindString(doctor.Visits("/hospital/doctor").Says(200).Body)
	written := doctor.Fills(visit+"/order", more...)
	if !strings.Contains(written.Body, "data-jpki-document=") {
		return written
	}
	content, err := base64.StdEncoding.DecodeString(written.Attribute("data-jpki-document"))
	webtest.Must(w, err)
	to := regexp.MustCompile(`/hospital/doctor/drafts/[A-Z0-9]+`).FindString(written.Body)
	return doctor.Posts(to, webtest.Form("cms", base64.StdEncoding.EncodeToString(w.Card("taro").Sign(content))))
}

// touches lays a card at a pharmacy, whose presence token is that of the visit.
func (p *patient) touches(at, presence string) webtest.Page {
	p.Helper()
	asked := p.Visits("/pharmacies/" + at + "/card").Says(200)
	token := p.Card(p.who).Authenticate(p.url, asked.Attribute("data-jpki-nonce"))
	return p.posts(asked, webtest.Form("token", string(token), "presence", presence))
}

// opensTouch gives the address of the prescriptions of the only card at a pharmacy.
func opensTouch(t *testing.T, desk *webtest.Browser, at string) string {
	t.Helper()
	return regexp.MustCompile(`/pharmacies/` + at + `/desk/touches/[A-Z0-9]+`).FindString(desk.Visits("/pharmacies/" + at + "/desk").Says(200).Body)
}

func TestAPrescriptionFromTheDoctorToTwoPharmacies(t *testing.T) {
	w := newTown(t)
	w.linked("hanako", w.numbersOf("hanako"))
	doctor := w.staff("/hospital/doctor", "doctor-staff")
	w.writes(doctor, "drug", "102", "dose", "1", "days", "28", "times", "1").Says(200, "アオバサルタン錠20mg", `data-state="waiting"`)

	found := w.writes(doctor, "drug", "101", "dose", "1", "days", "28", "times", "1")
	found.Says(422, "重複投薬", "ミホロール錠5mg", "アオバサルタン錠20mg", "患者がすでに処方されている薬")
	key := regexp.MustCompile(`name="finding" value="([^"]+)"`).FindStringSubmatch(found.Body)[1]
	visit := w.writes(doctor, "drug", "101", "dose", "1", "days", "28", "times", "1", "finding", key, "reason", "切替のため").Says(200, "切替のため").Path()
	slip := regexp.MustCompile(`/hospital/doctor/visits/\d+/slips/[0-9a-f-]+`).FindString(doctor.Visits(visit).Says(200).Body)
	doctor.Visits(slip).Says(200, "処方内容（控え）", "引換番号")

	mihon, aoba := w.staff("/pharmacies/mihon/desk", "mihon-rx-staff", "mihonの薬剤師"), w.staff("/pharmacies/aoba/desk", "aoba-rx-staff", "aobaの薬剤師")
	mihon.Visits("/pharmacies/mihon/desk").Says(200, "いまは、カードが置かれていません")
	w.patient("hanako").touches("mihon", "P1").Says(200, "薬剤師が確認しています")
	touch := opensTouch(t, mihon, "mihon")
	page := mihon.Visits(touch).Says(200, "アオバサルタン錠20mg", "ミホロール錠5mg", "切替のため")
	id := regexp.MustCompile(`data-id="([0-9a-f-]{36})"`).FindStringSubmatch(page.Body)[1]
	mihon.Fills(touch, "id", id, "do", "accept").Says(200, `data-state="taken"`)

	w.patient("hanako").touches("aoba", "P2")
	other := opensTouch(t, aoba, "aoba")
	aoba.Fills(other, "id", id, "do", "accept").Says(422, "ほかの薬局で調剤中です")
	mihon.Visits(touch) // looks again, which is not another look
	w.staff("/pharmacies/mihon/desk", "mihon-rx-staff", "交代の薬剤師").Fills(touch, "id", id, "do", "dispense", "lines", "0").Says(200, "調剤済み")
	aoba.Visits(other).Says(200, "調剤済み", "mihon薬局")
	aoba.Fills(other, "id", id, "do", "accept").Says(422, "この処方箋は調剤済みです")
	doctor.Visits(visit).Says(200, "調剤済み", "mihon薬局")

	w.reader.TakeAway("P1")
	mihon.Visits(touch).Says(422, "カードが取り外されました").Lacks("ミホロール")
	mihon.Fills(touch, "id", id, "do", "accept").Says(422, "カードが取り外されました")
	mihon.Visits("/pharmacies/mihon/desk").Says(200, "いまは、カードが置かれていません", "受付・終了").Lacks("ミホロール", "花子")

	rx := w.staff("/rx", "rx-staff")
	rx.Visits("/rx").Says(200, "カードの取り外しにより閲覧を終了", "薬局でカードにより閲覧", "処方前の重複・併用禁忌の確認").Lacks("ミホロール", "花子")
	log := rx.Visits("/rx").Words()
	for line, n := range map[string]int{
		"mihon薬局（mihonの薬剤師） 薬剤師による閲覧": 1, "mihon薬局（交代の薬剤師） 薬剤師による閲覧": 1, "mihon薬局（mihonの薬剤師） 薬局の受付": 1, "mihon薬局（交代の薬剤師） 調剤": 1,
	} {
		if strings.Count(log, line) != n {
			t.Errorf("%q is not %d times in %s", line, n, log)
		}
	}
	webtest.NewBrowser(t, w.url).Fills("/pharmacies/mihon/desk/signin", "key", "mihon-rx-staff", "who", "だれか").Says(403)
	own := webtest.NewBrowser(t, w.url)
	asked := own.Visits("/rx/mine").Says(200)
	token := w.Card("hanako").Authenticate(w.url, asked.Attribute("data-jpki-nonce"))
	own.Posts("/rx/mine", webtest.Form("token", string(token))).Says(200, "ミホロール錠5mg", "aoba薬局", "薬局でカードにより閲覧", "aoba薬局（aobaの薬剤師）")
	own.Posts("/rx/mine", webtest.Form("token", string(token))).Says(422, "時間がたったため").Lacks("ミホロール")
	w.nothingInTheFiles(t)
}

// nothingInTheFiles searches the files of every party for what was prescribed.
func (w *town) nothingInTheFiles(t *testing.T) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(w.dir, "*.db*"))
	webtest.Must(t, err)
	if len(files) < 8 {
		t.Errorf("there are only %v", files)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		webtest.Must(t, err)
		for _, what := range []string{"ミホロール", "アオバサルタン", "切替のため", "pressure"} {
			if strings.Contains(string(text), what) {
				t.Errorf("%s contains %s", filepath.Base(name), what)
			}
		}
		pharmacist := strings.HasPrefix(filepath.Base(name), "mihon") || strings.HasPrefix(filepath.Base(name), "aoba")
		if pharmacist && strings.Contains(string(text), "hanako") {
			t.Errorf("%s knows who it was", filepath.Base(name))
		}
	}
}

// Whoever is not the party that a route is for is refused.
func TestNobodyElseGetsPrescriptions(t *testing.T) {
	w := newTown(t)
	w.linked("hanako", w.numbersOf("hanako"))
	doctor := w.staff("/hospital/doctor", "doctor-staff")
	w.writes(doctor, "drug", "102", "dose", "1", "days", "28", "times", "1").Says(200)
	w.patient("hanako").touches("mihon", "P1").Says(200)
	touch := opensTouch(t, w.staff("/pharmacies/mihon/desk", "mihon-rx-staff", "mihonの薬剤師"), "mihon")
	routes := map[string][]string{"hospital": {"checks", "prescriptions", "visits", "cancellations"}, "pharmacy": {"challenges", "grants", "lists", "ends", "acts", "settlements"}}
	keys := map[string][]string{
		"hospital": {"", "x", "rx-mihon", "rx-aoba", "hospital-key", "clinic-key", "relay", "holders", "rx-staff", "doctor-staff"},
		"pharmacy": {"", "x", "rx-hospital", "hospital-key", "relay", "holders", "mihon-rx-staff", "rx-staff"},
	}
	for kind, all := range routes {
		for _, route := range all {
			for _, key := range keys[kind] {
				w.refuses("/rx/relay/"+route, key)
			}
		}
	}
	for _, key := range []string{"", "hospital-key", "rx-hospital", "rx-mihon", "relay", "platform-staff", "rx-staff"} {
		w.refuses("/platform/relay/holders", key)
	}
	for _, route := range []string{"/pharmacies/mihon/desk/v1/touches", "/hospital/doctor/v1/visits/1/orders"} {
		for _, key := range []string{"", "aoba-rx-staff", "hospital-staff", "rx-mihon"} {
			w.refuses(route, key)
		}
	}
	stranger := webtest.NewBrowser(t, w.url)
	for _, page := range []string{touch, "/pharmacies/mihon/desk", "/hospital/doctor", "/rx"} {
		if got := stranger.Visits(page); strings.Contains(got.Body, "アオバサルタン") || !strings.Contains(got.Body, "staff-key") {
			t.Errorf("%s shows a stranger %d", page, got.Status)
		}
	}
	if got := w.staff("/pharmacies/aoba/desk", "aoba-rx-staff", "aobaの薬剤師").Visits(touch); strings.Contains(got.Body, "アオバサルタン") {
		t.Error("the other pharmacy sees it")
	}
	if got := w.patient("taro").touches("aoba", "P3"); got.Status != 200 {
		t.Error(got.Status)
	}
}

// refuses wants a route to let nobody in with a key.
func (w *town) refuses(route, key string) {
	w.Helper()
	r, err := http.NewRequestWithContext(w.Context(), http.MethodPost, w.url+route, strings.NewReader("{}"))
	webtest.Must(w, err)
	r.Header.Set("Content-Type", "application/json")
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	resp, err := http.DefaultClient.Do(r)
	webtest.Must(w, err)
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusUnauthorized && resp.StatusCode != http.StatusTooManyRequests {
		w.Errorf("%s with the key %q: %s", route, key, resp.Status)
	}
}

// While the inquiry system is silent nothing is prescribed or dispensed, and a dispensing
// in doubt is settled once it is back.
func TestTheInquirySystemIsSilent(t *testing.T) {
	w := newTown(t)
	w.linked("hanako", w.numbersOf("hanako"))
	doctor := w.staff("/hospital/doctor", "doctor-staff")
	w.writes(doctor, "drug", "102", "dose", "1", "days", "28", "times", "1").Says(200)
	visit := regexp.MustCompile(`/hospital/doctor/visits/\d+`).FindString(doctor.Visits("/hospital/doctor").Body)
	mihon := w.staff("/pharmacies/mihon/desk", "mihon-rx-staff", "mihonの薬剤師")
	w.patient("hanako").touches("mihon", "P1")
	touch := opensTouch(t, mihon, "mihon")
	id := regexp.MustCompile(`data-id="([0-9a-f-]{36})"`).FindStringSubmatch(mihon.Visits(touch).Body)[1]
	mihon.Fills(touch, "id", id, "do", "accept").Says(200)
	w.silences("/rx/relay")
	mihon.Fills(touch, "id", id, "do", "dispense", "lines", "0").Says(422, "ただいま処方箋を確認できません")
	w.writes(doctor, "drug", "701", "dose", "1", "days", "7", "times", "1").Says(422, "ただいま処方箋を確認できません")
	doctor.Visits(visit).Says(200, "処方箋照会システムが応答しません")
	w.patient("hanako").Visits("/pharmacies/aoba/card").Says(422, "ただいま処方箋を確認できません")
	mihon.Visits("/pharmacies/mihon/desk").Says(200, "調剤・結果を確認中")
	w.silences("")
	webtest.Must(t, w.counters["mihon"].Settle(t.Context()))
	mihon.Visits("/pharmacies/mihon/desk").Says(200, "行われず").Lacks("調剤・結果を確認中")
	mihon.Fills(touch, "id", id, "do", "dispense", "lines", "0").Says(200, "調剤済み")
}

// Without a card the numbers of the patient's copy open its prescription, and no other.
func TestThePharmacistTypesTheCopy(t *testing.T) {
	w := newTown(t)
	m := w.numbersOf("hanako")
	w.linked("hanako", m)
	doctor := w.staff("/hospital/doctor", "doctor-staff")
	w.writes(doctor, "drug", "701", "dose", "1", "days", "7", "times", "1").Says(200)
	visit := w.writes(doctor, "drug", "102", "dose", "1", "days", "28", "times", "1").Says(200).Path()
	slip := doctor.Visits(regexp.MustCompile(`/hospital/doctor/visits/\d+/slips/[0-9a-f-]+`).FindString(doctor.Visits(visit).Body)).Says(200, "アオバサルタン")
	code := regexp.MustCompile(`data-testid="rx-code">(\d{6})<`).FindStringSubmatch(slip.Body)[1]
	mihon := w.staff("/pharmacies/mihon/desk", "mihon-rx-staff", "mihonの薬剤師")
	types := func(code string) webtest.Page {
		return mihon.Fills("/pharmacies/mihon/desk/copies", "insurer", m.Insurer.Printed(), "symbol", m.Symbol, "number", m.Number, "branch", "0", "code", code)
	}
	wrong := []byte(code)
	wrong[0] = '0' + (wrong[0]-'0'+1)%10
	types(string(wrong)).Says(422).Lacks("アオバサルタン")
	page := types(code).Says(200, "控えの引換番号で開きました", "アオバサルタン").Lacks("ソヨカゼジン", "カードを取ると消えます")
	id := regexp.MustCompile(`data-id="([0-9a-f-]{36})"`).FindStringSubmatch(page.Body)[1]
	mihon.Fills(page.Path(), "id", id, "do", "accept").Says(200, `data-state="taken"`)
	mihon.Fills(page.Path(), "id", id, "do", "dispense", "lines", "0").Says(200, "調剤済み")
	w.staff("/rx", "rx-staff").Visits("/rx").Says(200, "控えの引換番号により閲覧")
	w.nothingInTheFiles(t)
}
