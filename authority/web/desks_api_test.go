package web_test

import (
	"crypto"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/jpki"
)

// as speaks JSON as an officer.
func (tn *town) as(id, method, path, body string) reply {
	tn.t.Helper()
	headers := []string{"Authorization", "Bearer " + officerKey, "JPKI-Officer", id}
	if body != "" {
		headers = append(headers, "Content-Type", "application/json")
	}
	return tn.do(method, path, []byte(body), headers...)
}

// TestAMoveAtTheCounter: seen before, done, written down, and visible.
func TestAMoveAtTheCounter(t *testing.T) {
	tn := open(t)
	issued := tn.Settle(authoritytest.Hanako())
	s := issued.Certificates[sign]
	const events = "/counter/v1/residents/hanako/events"
	const move = `{"event":"move-house","address":"青葉県みほん市本町９丁目９番９号","why":"転居届"}`
	effect := `"kind":"digital-signature","serial":"` + s.Serial.String() + `","card":"hanako","state":"good","act":"revoked","reason":"affiliationChanged"`

	seen := tn.as("mado-1", "POST", events+"?preview=1", move)
	tn.want(seen, 200, "")
	contains(t, "the preview", seen.text(), effect, `"done":false`)
	if strings.Contains(seen.text(), "user-authentication") {
		t.Errorf("the authentication certificate stays: %s", seen.text())
	}
	if got := tn.status(tn.do("POST", "/ocsp/digital-signature", tn.question(s, crypto.SHA1), asOCSP...), sign); got != 0 {
		t.Errorf("after the preview OCSP says %d", got)
	}
	done := tn.as("mado-1", "POST", events, move)
	tn.want(done, 200, "")
	contains(t, "the act", done.text(), effect, `"done":true`, "本町９丁目")
	if got := tn.status(tn.do("POST", "/ocsp/digital-signature", tn.question(s, crypto.SHA1), asOCSP...), sign); got != 1 {
		t.Errorf("after the move OCSP says %d", got)
	}
	contains(t, "the journal", tn.as("mado-1", "GET", "/counter/v1/residents/hanako/journal", "").text(),
		`"act":"revoked","cause":"move-house","kind":"digital-signature"`, `"officer":"mado-1 窓口　一郎","why":"転居届"`, `"act":"move-house"`)
	contains(t, "the register's history", tn.as("mado-1", "GET", "/counter/v1/residents/hanako/history", "").text(), "本町１丁目２番３号", `"cause":"move-house"`)
	tn.want(tn.as("mado-1", "POST", events, move), 400, "invalid")

	reissue := tn.as("mado-1", "POST", events, `{"event":"reissue","why":"転居による再発行","pins":{"digital-signature":"NEWPIN99"}}`)
	tn.want(reissue, 200, "")
	contains(t, "the re-issue", reissue.text(), `"issued":{"digital-signature":{`)
	if strings.Contains(reissue.text(), "NEWPIN99") {
		t.Error("a PIN is in an answer")
	}
	next := tn.do("GET", "/verifier/v1/certificates/digital-signature/"+s.Serial.String()+"/successor", nil, bearer...)
	tn.want(next, 200, "")
	contains(t, "the successor", next.text(), `"serial":"`+s.Serial.String()+`","successor":"0705D991"`)
	tn.want(tn.do("GET", "/verifier/v1/certificates/digital-signature/0705D991/successor", nil, bearer...), 404, "no_successor")
	earlier := tn.do("GET", "/verifier/v1/certificates/digital-signature/0705D991/predecessors", nil, bearer...)
	tn.want(earlier, 200, "")
	contains(t, "the predecessor", earlier.text(), `"serial":"0705D991","predecessors":["`+s.Serial.String()+`"]`)
	first := tn.do("GET", "/verifier/v1/certificates/digital-signature/"+s.Serial.String()+"/predecessors", nil, bearer...)
	tn.want(first, 200, "")
	contains(t, "a first certificate", first.text(), `"predecessors":[]`)
	tn.want(tn.do("GET", "/verifier/v1/certificates/digital-signature/7FFFFFFF/predecessors", nil, bearer...), 404, "unknown_certificate")
	contains(t, "the cards", tn.as("mado-1", "GET", "/counter/v1/residents/hanako/cards", "").text(), `"id":"hanako","state":"in-use"`)
}

func TestNoticesThatAreRefused(t *testing.T) {
	tn := open(t)
	tn.Settle(authoritytest.Hanako())
	tn.Settle(authoritytest.Taro())
	const events = "/counter/v1/residents/hanako/events"
	for _, c := range []struct {
		path, body string
		status     int
		code       string
	}{
		{events, `{"event":"party"}`, 400, "invalid"},
		{events, `{"event":"move-house"}`, 400, "invalid"},
		{events, `{"event":"loss","residentID":"taro"}`, 400, "malformed"},
		{events, `{"event":"found"}`, 409, "card_not_lost"},
		{events, `{"event":"renewal"}`, 409, "too_early"},
		{events, `{"event":"loss","card":"taro"}`, 404, "unknown_card"},
		{events + "?preview=yes", `{"event":"loss"}`, 400, "malformed"},
		{events, `{"event":"card-issue","cardExpires":"soon"}`, 400, "malformed"},
		{"/counter/v1/residents/nobody/events", `{"event":"loss"}`, 404, "unknown_resident"},
		{"/counter/v1/residents/taro/events", `{"event":"reissue","pins":{"digital-signature":"ABC123"}}`, 409, "too_young"},
	} {
		r := tn.as("mado-1", "POST", c.path, c.body)
		if r.StatusCode != c.status || r.member("code") != c.code {
			t.Errorf("%s %s: %d %s, want %d %s", c.path, c.body, r.StatusCode, r.text(), c.status, c.code)
		}
	}
	tn.want(tn.as("nobody", "POST", events, `{"event":"loss"}`), 403, "unknown_officer")
}

// TestEverythingThatIsWrongIsToldAtOnce: a script's writer is told every field, what
// there is instead, and where an address belongs.
func TestEverythingThatIsWrongIsToldAtOnce(t *testing.T) {
	tn := open(t)
	tn.Settle(authoritytest.Hanako())
	const events = "/counter/v1/residents/hanako/events"
	for _, c := range []struct {
		path, body, code string
		fields           []string
		says             []string
	}{
		{events, `{"event":"party"}`, "invalid", []string{"event"}, []string{"card-issue, move-house, move-in, move-out, take-on, name-change"}},
		{events, `{"event":"death","name":"x","kinds":["digital-signature"],"keepCard":true}`, "invalid", []string{"name", "keepCard", "kinds"}, nil},
		{events, `{"event":"move-house","address":"若葉県いろは市中央１番"}`, "invalid", []string{"address"}, []string{"転出, move-out", "転入, move-in"}},
		{events, `{"event":"reissue","kinds":["seal"],"pins":{"seal":"1"},"person":{"nmae":"x"}}`, "malformed", []string{"kinds", "pins", "person.nmae"},
			[]string{"a list, each digital-signature or user-authentication", "each name digital-signature or user-authentication", "known fields are person.dateOfBirth, person.name"}},
		{"/counter/v1/residents", `{"id":"NO","basicFour":{"commonName":"","gender":"7","address":"青葉県"},"municipality":{"code":"1"},"nationality":"Mexico"}`, "invalid",
			[]string{"id", "municipality.code", "municipality", "nationality", "basicFour.commonName", "basicFour.gender"}, nil},
		{"/counter/v1/residents", `{"id":"x","basicFour":{"dateOfBirth":"soon","sex":"1"}}`, "malformed", []string{"basicFour.dateOfBirth", "basicFour.sex"}, []string{"nine digits", "basicFour.gender"}},
		{"/counter/v1/certificates/digital-signature/01/revoke", `{"reason":"boredom"}`, "malformed", []string{"reason"}, []string{"one of affiliationChanged, cACompromise"}},
		{"/counter/v1/verifiers", `{"id":"NO","name":"","key":"short","kinds":[]}`, "invalid", []string{"id", "name", "key", "kinds"}, nil},
	} {
		r := tn.do("POST", c.path, []byte(c.body), "Authorization", "Bearer "+officerKey, "Content-Type", "application/json")
		var p struct{ Fields []struct{ Field string } }
		if err := json.Unmarshal(r.body, &p); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range p.Fields {
			got = append(got, f.Field)
		}
		if r.StatusCode != 400 || r.member("code") != c.code || !slices.Equal(got, c.fields) {
			t.Errorf("%s: %d %s: want %s about %q", c.body, r.StatusCode, r.text(), c.code, c.fields)
		}
		contains(t, c.body, r.text(), c.says...)
	}
}

// TestANightCallOverHTTP: the desk learns no more than it must.
func TestANightCallOverHTTP(t *testing.T) {
	tn := open(t)
	issued := tn.Settle(authoritytest.Hanako())
	const caller = `"name":"見本 花子","dateOfBirth":"1980-02-17","address":"青葉県みほん市本町1-2-3"`
	found := tn.as("denwa-1", "POST", "/suspension/v1/find", "{"+caller+"}")
	tn.want(found, 200, "")
	contains(t, "the desk", found.text(), `"resident":"hanako"`, `"state":"good"`)
	tn.want(tn.as("denwa-1", "POST", "/suspension/v1/find", `{"name":"見本","dateOfBirth":"1980-02-17","address":"青葉県みほん市本町1-2-3"}`), 404, "unknown_resident")
	done := tn.as("denwa-1", "POST", "/suspension/v1/suspend", "{"+caller+`,"why":"盗難"}`)
	tn.want(done, 200, "")
	contains(t, "the suspension", done.text(), `"act":"suspended","reason":"certificateHold"`, `"state":"lost"`)
	for _, text := range []string{"ミホン", "dateOfBirth", "address"} {
		if strings.Contains(done.text()+found.text(), text) {
			t.Errorf("the desk is told %s", text)
		}
	}
	for kind, c := range issued.Certificates {
		if got := tn.status(tn.do("POST", "/ocsp/"+kind.String(), tn.question(c, crypto.SHA1), asOCSP...), kind); got != 1 {
			t.Errorf("%v: OCSP says %d", kind, got)
		}
	}
	tn.want(tn.as("denwa-1", "POST", "/suspension/v1/suspend", "{"+caller+"}"), 409, "already_suspended")
	tn.want(tn.as("denwa-1", "POST", "/counter/v1/residents/hanako/events", `{"event":"found"}`), 403, "not_your_post")
	tn.want(tn.as("mado-1", "POST", "/counter/v1/residents/hanako/events", `{"event":"found","why":"発見"}`), 200, "")
}

// TestTheRegisterOfVerifiers is an application, its approval, and its end.
func TestTheRegisterOfVerifiers(t *testing.T) {
	tn := open(t)
	app := tn.do("POST", "/register/v1/applications", []byte(`{"name":"みほん診療所","contact":"受付","use":"資格確認","kinds":["user-authentication"]}`), "Content-Type", "application/json")
	tn.want(app, 201, "")
	id := app.member("application").(string)
	contains(t, "the applications", tn.as("mic-1", "GET", "/register/v1/applications", "").text(), id, `"state":"open"`)
	approved := tn.as("mic-1", "POST", "/register/v1/applications/"+id+"/approve", `{"verifier":"clinic","conditions":"窓口に限る","why":"審査済み"}`)
	tn.want(approved, 201, "")
	key := approved.member("key").(string)
	tn.want(tn.do("GET", "/crl/user-authentication.crl", nil, "Authorization", "Bearer "+key), 200, "")
	public := tn.do("GET", "/register/v1/verifiers", nil)
	tn.want(public, 200, "")
	contains(t, "the public list", public.text(), `"id":"clinic","name":"みほん診療所"`, `"conditions":"窓口に限る","state":"accredited"`)
	tn.want(tn.as("mic-1", "POST", "/register/v1/applications/"+id+"/approve", `{"verifier":"clinic-2"}`), 409, "application_decided")
	tn.want(tn.as("mic-1", "POST", "/register/v1/applications/application-000099/reject", `{}`), 404, "unknown_application")
	tn.want(tn.as("mic-1", "POST", "/register/v1/verifiers/clinic/conditions", `{"kinds":["digital-signature"],"conditions":"","why":"変更"}`), 200, "")
	tn.want(tn.do("GET", "/crl/user-authentication.crl", nil, "Authorization", "Bearer "+key), 403, "not_accredited")
	tn.want(tn.as("mic-1", "POST", "/register/v1/verifiers/clinic/state", `{"state":"withdrawn","why":"廃業"}`), 200, "")
	audit := tn.as("mic-1", "GET", "/register/v1/audit?subject=clinic", "").text()
	contains(t, "the audit log", audit, `"act":"withdrawn","officer":"mic-1 認定　四郎","why":"廃業"`, `"act":"accredited"`, `"act":"conditions"`)
	if strings.Contains(audit+public.text(), key) {
		t.Error("the key is shown again")
	}
}

// TestABill is what a verifier and the ministry see of the fees.
func TestABill(t *testing.T) {
	tn := open(t)
	s := tn.Settle(authoritytest.Hanako()).Certificates[sign]
	tn.want(tn.as("mic-1", "PUT", "/register/v1/tariff", `{"tariff":[{"from":"2020-01-01","kind":"digital-signature","yen":20}],"why":"過去の改定"}`), 400, "invalid")
	now := tn.clock.Now().In(jpki.JST).Format("2006-01") + "-01"
	changed := jsonOf(t, map[string]any{"why": "試験", "tariff": append(tn.prices(), accreditation.TariffRow{From: now, Kind: sign, Yen: 20})})
	tn.want(tn.as("mic-1", "PUT", "/register/v1/tariff", changed), 200, "")
	tn.do("POST", "/ocsp/digital-signature", tn.question(s, crypto.SHA1), asOCSP...)
	tn.do("POST", "/ocsp/digital-signature", tn.question(s, crypto.SHA1), append([]string{"JPKI-Purpose", "current-status"}, asOCSP...)...)
	tn.want(tn.do("POST", "/ocsp/digital-signature", tn.question(s, crypto.SHA1), append([]string{"JPKI-Purpose", "curiosity"}, asOCSP...)...), 400, "invalid")

	bill := tn.do("GET", "/verifier/v1/statement", nil, bearer...)
	tn.want(bill, 200, "")
	var read struct {
		Verifier      string
		Count, Amount int64
		Lines         []struct{ Kind, Purpose string }
	}
	if err := json.Unmarshal(bill.body, &read); err != nil || read.Verifier != "test-bank" || read.Count != 2 || read.Amount != 40 || len(read.Lines) != 2 || read.Lines[1].Purpose != "current-status" {
		t.Errorf("%s, %v", bill.text(), err)
	}
	month := tn.clock.Now().In(jpki.JST).Format("2006-01")
	sheet := tn.do("GET", "/verifier/v1/statement?format=csv&month="+month, nil, bearer...)
	rows, err := csv.NewReader(strings.NewReader(sheet.text())).ReadAll()
	if err != nil || len(rows) != 3 || strings.Join(rows[1], " ") != month+" test-bank 試験銀行 "+tn.clock.Now().In(jpki.JST).Format("2006-01-02")+" digital-signature signature-verification 1 20 20" {
		t.Errorf("%v, %v", rows, err)
	}
	contains(t, "the ministry's view", tn.as("mic-1", "GET", "/register/v1/statements?month="+month, "").text(), `"verifier":"test-bank"`, `"amount":40`)
	for _, wrong := range []string{"last", "0000-01", "2000-12", "2200-01", "2026-13", "2026-00", "2026-1", "2026-01-01"} {
		tn.want(tn.do("GET", "/verifier/v1/statement?month="+wrong, nil, bearer...), http.StatusBadRequest, "invalid")
	}
	contains(t, "the tariff", tn.do("GET", "/register/v1/tariff", nil).text(), `{"from":"`+now+`","kind":"digital-signature","yen":20}`)
}

// TestAFormulaIsNoName: a verifier's name must not run in a spreadsheet.
func TestAFormulaIsNoName(t *testing.T) {
	tn := open(t)
	tn.want(tn.officer("POST", "/verifiers", `{"id":"trick","name":"=HYPERLINK(1)","key":"key-of-the-trickster","kinds":["digital-signature"]}`), 201, "")
	tn.do("POST", confirmPath, []byte(line(sign, "0705D990")), "Authorization", "Bearer key-of-the-trickster", "Content-Type", "application/x-ndjson")
	if sheet := tn.as("mic-1", "GET", "/register/v1/statements?format=csv", "").text(); !strings.Contains(sheet, "'=HYPERLINK(1)") {
		t.Error(sheet)
	}
}
