package web_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/latest"
	"example.jp/jpkimock/rp/rptest"
)

// town is an authority, and a service that asks it.
type town struct {
	t *testing.T
	*rptest.World
	client *latest.Client
}

func newTown(t *testing.T) *town {
	t.Helper()
	w := rptest.New(t)
	client, err := latest.New(rp.LinkageConfig{AuthorityURL: w.URL(), Key: rptest.VerifierKey})
	webtest.Must(t, err)
	return &town{t, w, client}
}

// second is the time as the authority keeps it.
func (w *town) second() time.Time { return w.Clock.Now().Truncate(time.Second) }

func (w *town) document(service string, items ...latest.Item) []byte {
	w.t.Helper()
	d, err := latest.Application{Provider: rptest.VerifierID, Service: service, ServiceName: "お客さま情報の更新", Purpose: "届出に代えるため", Items: items}.Document(w.Clock.Now())
	webtest.Must(w.t, err)
	return []byte(d.Content)
}

// consents has somebody give a consent.
func (w *town) consents(person, service string, items ...latest.Item) latest.Consent {
	w.t.Helper()
	document := w.document(service, items...)
	c, err := w.client.Consent(w.t.Context(), document, w.Card(person).Sign(document))
	webtest.Must(w.t, err)
	return c
}

func (w *town) asks(service string, serial jpki.SerialNumber) (latest.Delivery, error) {
	w.t.Helper()
	return w.client.Ask(w.t.Context(), service, serial)
}

func (w *town) refuses(service string, serial jpki.SerialNumber, want error) {
	w.t.Helper()
	if d, err := w.asks(service, serial); !errors.Is(err, want) {
		w.t.Errorf("%+v, %v; want %v", d, err, want)
	}
}

// fee gives what this month's bill has for deliveries: how many, and yen.
func (w *town) fee() (n, yen int64) {
	w.t.Helper()
	var s struct {
		Lines []struct {
			Purpose       string
			Count, Amount int64
		}
	}
	month := w.Clock.Now().In(jpki.JST).Format("2006-01")
	webtest.NewBrowser(w.t, w.URL()).Calls("GET", "/verifier/v1/statement?month="+month, nil, &s, webtest.Bearer(rptest.VerifierKey)...).Says(200)
	for _, l := range s.Lines {
		if l.Purpose == "latest-data" {
			n, yen = n+l.Count, yen+l.Amount
		}
	}
	return n, yen
}

const (
	newAddress   = "青葉県みほん市三番町3-3"
	otherAddress = "青葉県みほん市四番町4-4"
)

func TestAMoveIsDeliveredToWhomTheHolderConsented(t *testing.T) {
	w := newTown(t)
	old := w.Card("hanako").Serial(jpki.DigitalSignature)
	w.refuses("customers", old, latest.ErrNoConsent)
	c := w.consents("hanako", "customers", latest.Name, latest.Address)
	if from, until := latest.Period(w.Clock.Now()); !c.From.Equal(from) || !c.Until.Equal(until) || c.Service != "customers" || !slices.Equal(c.Items, []latest.Item{latest.Name, latest.Address}) {
		t.Errorf("%+v", c)
	}
	w.Move("hanako", newAddress)
	next := w.Card("hanako").Serial(jpki.DigitalSignature)
	w.refuses("customers", old, latest.ErrNotYet)
	w.Clock.Set(c.From)
	w.refuses("others", old, latest.ErrNoConsent)
	w.refuses("customers", w.Card("taro").Serial(jpki.DigitalSignature), latest.ErrNoConsent)
	w.refuses("customers", "0F", latest.ErrUnknown)
	w.refuses("customers", next, latest.ErrNothingNew)
	if n, _ := w.fee(); n != 0 {
		t.Errorf("%d refusals on the bill", n)
	}
	d, err := w.asks("customers", old)
	if err != nil {
		t.Fatal(err)
	}
	if d.NewSerial != next || d.Again || d.Fee != 20 || d.Consent != c.Number || !d.At.Equal(w.second()) {
		t.Errorf("%+v", d)
	}
	if d.Data.Address == nil || d.Data.Address.Address != newAddress || d.Data.Name == nil || d.Data.DateOfBirth != nil || d.Data.Gender != nil || !d.Data.Address.MovedAbroad.IsZero() {
		t.Errorf("%+v", d.Data)
	}
	if four, err := jpki.BasicFourOf(w.Card("hanako").Certificate(jpki.DigitalSignature)); err != nil || d.Data.Name.CommonName != four.CommonName || d.Data.Address.SubstituteCharacterOfAddress != four.SubstituteCharacterOfAddress {
		t.Errorf("%+v is not %+v, %v", d.Data, four, err)
	}
	w.Clock.Advance(time.Hour)
	again, err := w.asks("customers", old)
	if err != nil || !again.Again || !again.At.Equal(d.At) || again.NewSerial != next || again.Data.Address.Address != newAddress {
		t.Errorf("again: %+v, %v", again, err)
	}
	if n, yen := w.fee(); n != 1 || yen != 20 {
		t.Errorf("%d deliveries for %d yen", n, yen)
	}
	// A second move is a second record; the first certificate leads to the newest.
	w.Move("hanako", otherAddress)
	for i, serial := range []jpki.SerialNumber{old, next} {
		if d, err = w.asks("customers", serial); err != nil || d.Again || d.Data.Address.Address != otherAddress {
			t.Errorf("of certificate %d: %+v, %v", i, d, err)
		}
	}
	if n, yen := w.fee(); n != 3 || yen != 60 {
		t.Errorf("%d deliveries for %d yen", n, yen)
	}
}

func TestAConsentEndsAfterTenYears(t *testing.T) {
	w := newTown(t)
	c := w.consents("hanako", "customers", latest.DateOfBirth, latest.Gender)
	serial := w.Card("hanako").Serial(jpki.DigitalSignature)
	w.Move("hanako", newAddress)
	w.Clock.Set(c.From.AddDate(4, 0, 0))
	d, err := w.asks("customers", serial)
	if err != nil || d.Data.DateOfBirth == nil || d.Data.Gender == nil || d.Data.Name != nil || d.Data.Address != nil {
		t.Fatalf("%+v, %v", d, err)
	}
	w.Clock.Set(c.Until)
	w.refuses("customers", serial, latest.ErrNothingNew) // the certificate of the move has expired too
	w.Clock.Set(c.Until.Add(time.Second))
	w.refuses("customers", serial, latest.ErrExpired)
}

func TestOnlyWhatIsSignedIsAConsent(t *testing.T) {
	w := newTown(t)
	give := func(document, cms []byte) error {
		_, err := w.client.Consent(t.Context(), document, cms)
		return err
	}
	hanako, document := w.Card("hanako"), w.document("customers", latest.Name)
	signed := hanako.Sign(document)
	code := func(err error) string {
		no, _ := errors.AsType[*latest.RefusedError](err)
		if no == nil {
			return ""
		}
		return no.Code
	}
	elsewhere := bytes.ReplaceAll(document, []byte(">rptest<"), []byte(">mihon-bank<"))
	for name, x := range map[string]struct {
		document, cms []byte
		code          string
	}{
		"nothing":                   {nil, nil, "malformed"},
		"no signature":              {document, []byte("x"), "malformed"},
		"another document's":        {w.document("customers", latest.Name, latest.Address), signed, "tampered"},
		"with a further item":       {bytes.Replace(document, []byte("    <項目>氏名"), []byte("    <項目>氏名</項目>\n    <項目>住所"), 1), signed, "tampered"},
		"for another verifier":      {elsewhere, hanako.Sign(elsewhere), "another_verifier"},
		"what is no consent":        {[]byte("I agree."), hanako.Sign([]byte("I agree.")), "malformed"},
		"too long":                  {bytes.Repeat([]byte(" "), latest.MaxApplication+1), signed, "too_large"},
		"an authentication's proof": {document, hanako.Authenticate(w.URL(), "0123456789012345678901234567890123456789012="), "malformed"},
	} {
		if err := give(x.document, x.cms); code(err) != x.code {
			t.Errorf("%s: %v, want %s", name, err, x.code)
		}
	}
	w.Suspend("hanako", jpki.DigitalSignature)
	if err := give(document, signed); code(err) != "suspended" {
		t.Errorf("suspended: %v", err)
	}
	w.Resume("hanako", jpki.DigitalSignature)
	if err := give(document, signed); err != nil {
		t.Error(err)
	}
	if err := give(document, signed); err != nil {
		t.Errorf("the same again: %v", err)
	}
	other := bytes.ReplaceAll(document, []byte("届出"), []byte("広告"))
	if err := give(other, hanako.Sign(other)); code(err) != "number_used" {
		t.Errorf("its number for another: %v", err)
	}
	late := w.document("customers", latest.Name)
	w.Clock.Advance(rp.DocumentLifetime + time.Second)
	if err := give(late, hanako.Sign(late)); code(err) != "draft_expired" {
		t.Errorf("late: %v", err)
	}
	if err := give(document, signed); err != nil { // it was received in time
		t.Errorf("the same again, late: %v", err)
	}
	early := w.document("customers", latest.Name)
	w.Clock.Advance(-rp.DefaultClockSkew - time.Second)
	if err := give(early, hanako.Sign(early)); code(err) != "draft_expired" {
		t.Errorf("early: %v", err)
	}
	w.SuspendAccreditation()
	if err := give(document, signed); !errors.Is(err, rp.ErrNotAccredited) {
		t.Errorf("not accredited: %v", err)
	}
	w.refuses("customers", hanako.Serial(jpki.DigitalSignature), rp.ErrNotAccredited)
	if _, err := w.client.State(t.Context(), "LK-1"); !errors.Is(err, rp.ErrNotAccredited) {
		t.Errorf("not accredited: %v", err)
	}
}

// Of many who ask at once one is charged.
func TestADeliveryIsChargedOnce(t *testing.T) {
	w := newTown(t)
	c := w.consents("hanako", "customers", latest.Address)
	serial := w.Card("hanako").Serial(jpki.DigitalSignature)
	w.Move("hanako", newAddress)
	w.Clock.Set(c.From)
	var all sync.WaitGroup
	first := make(chan bool, 20)
	for range 20 {
		all.Go(func() {
			d, err := w.client.Ask(t.Context(), "customers", serial)
			if err != nil {
				t.Error(err)
			}
			first <- !d.Again
		})
	}
	all.Wait()
	close(first)
	n := 0
	for f := range first {
		if f {
			n++
		}
	}
	if billed, yen := w.fee(); n != 1 || billed != 1 || yen != 20 {
		t.Errorf("%d first deliveries, %d on the bill for %d yen", n, billed, yen)
	}
}

// citizen is somebody at the authority's pages.
type citizen struct {
	*webtest.Browser
	*town
	card *rptest.Card
}

func (w *town) citizen(person string) citizen {
	return citizen{webtest.NewBrowser(w.t, w.URL()), w, w.Card(person)}
}

func (c citizen) shows() webtest.Page {
	c.t.Helper()
	asked := c.Visits("/consents").Says(200, "カードで確かめる")
	return c.Fills("/consents/signin", "token", string(c.card.Authenticate(c.town.URL(), asked.Attribute("data-jpki-nonce"))))
}

func (c citizen) signs(p webtest.Page, with *rptest.Card) webtest.Page {
	c.t.Helper()
	document, err := base64.StdEncoding.DecodeString(p.Attribute("data-jpki-document"))
	webtest.Must(c.t, err)
	return c.Fills("/consents/withdrawal", "cms", base64.StdEncoding.EncodeToString(with.Sign(document)))
}

func TestAHolderSeesAndWithdraws(t *testing.T) {
	w := newTown(t)
	given := w.consents("hanako", "customers", latest.Name, latest.Address)
	w.consents("taro", "customers", latest.Address)
	serial := w.Card("hanako").Serial(jpki.DigitalSignature)
	hanako := w.citizen("hanako")
	hanako.Visits("/consents/withdrawal").Says(401, "カードで確認してください")
	hanako.Fills("/consents/" + given.Number + "/withdrawal").Says(401)
	hanako.shows().Says(200, "お客さま情報の更新", `data-state="not-yet-valid"`, "氏名、住所", given.Number, "まだ提供していません", "rptest")
	w.Move("hanako", newAddress)
	w.Clock.Set(given.From)
	d, err := w.asks("customers", serial)
	webtest.Must(t, err)
	hanako.shows().Says(200, `data-state="valid"`, `data-testid="delivered"`, d.NewSerial.String()).Lacks(newAddress) // the data are not kept

	hanako.Visits("/consents/withdrawal").Says(409, "署名する書面がありません")
	hanako.Fills("/consents/LK-AAAAA-AAAAA/withdrawal").Says(404, "この同意は見つかりません")
	p := hanako.Fills("/consents/"+given.Number+"/withdrawal").Says(200, "利用者同意取消申請情報", given.Number, `data-testid="sign-button"`)
	hanako.signs(p, w.Card("taro")).Says(403, "同意したご本人の署名ではありません")
	if c, err := w.client.State(t.Context(), given.Number); err != nil || !c.WithdrawnAt.IsZero() {
		t.Errorf("%+v, %v", c, err)
	}
	hanako.Fills("/consents/withdrawal", "cms", "!").Says(422)
	hanako.signs(p, w.Card("hanako")).Says(200, `data-testid="withdrawn"`, `data-state="withdrawn"`).Lacks(`data-testid="to-withdrawal"`)
	hanako.Visits("/consents").Says(200, "取り消した日時").Lacks(`data-testid="withdrawn"`)
	hanako.Visits("/consents?lang=en").Says(200, "Your consents to share your latest details", "withdrawn", "What was given, and when")
	hanako.Visits("/consents?lang=ja")
	hanako.Fills("/consents/"+given.Number+"/withdrawal").Says(409, "すでに取り消されています")
	w.refuses("customers", serial, latest.ErrWithdrawn)
	if c, err := w.client.State(t.Context(), given.Number); err != nil || !c.WithdrawnAt.Equal(w.second()) {
		t.Errorf("%+v, %v", c, err)
	}
	if n, yen := w.fee(); n != 1 || yen != 20 {
		t.Errorf("%d deliveries for %d yen", n, yen)
	}
	// A new consent to the same service stands in its place.
	again := w.consents("hanako", "customers", latest.Address)
	w.Clock.Set(again.From)
	if _, err := w.asks("customers", serial); err != nil {
		t.Error(err)
	}
	taro := w.citizen("taro")
	taro.shows().Says(200, "住所").Lacks(given.Number, again.Number)
	taro.Fills("/consents/" + again.Number + "/withdrawal").Says(404)
	taro.Fills("/consents/signout").Says(200, "カードで確かめる")
	w.citizen("haruto").shows().Says(200, "同意しているサービスはありません")
}

func TestAConsentIsReplacedByANewerOne(t *testing.T) {
	w := newTown(t)
	first := w.consents("hanako", "customers", latest.Name, latest.Address)
	w.Clock.Advance(time.Minute)
	second := w.consents("hanako", "customers", latest.Address)
	serial := w.Card("hanako").Serial(jpki.DigitalSignature)
	w.Move("hanako", newAddress)
	w.Clock.Set(second.From)
	if d, err := w.asks("customers", serial); err != nil || d.Consent != second.Number || d.Data.Name != nil {
		t.Errorf("%+v, %v", d, err)
	}
	w.citizen("hanako").shows().Says(200, `data-state="replaced"`, `data-state="valid"`, first.Number)
}

func TestAProgramLooksAndWithdraws(t *testing.T) {
	w := newTown(t)
	given := w.consents("hanako", "customers", latest.Name)
	b := webtest.NewBrowser(t, w.URL())
	b.Calls("GET", "/consents", nil, nil).Refuses(401, "no_session")
	b.Calls("POST", "/consents/signin", map[string]any{"token": map[string]string{}}, nil).Refuses(409, "no_challenge")
	var challenge struct{ Nonce, Origin string }
	b.Calls("POST", "/consents/challenge", nil, &challenge).Says(200)
	token := json.RawMessage(w.Card("hanako").Authenticate(challenge.Origin, challenge.Nonce))
	b.Calls("POST", "/consents/signin", map[string]any{"token": token}, nil).Says(204)
	b.Calls("POST", "/consents/signin", map[string]any{"token": token}, nil).Refuses(409, "no_challenge")
	var list struct {
		Consents []struct{ Consent, State, Verifier string }
	}
	b.Calls("GET", "/consents", nil, &list).Says(200)
	if len(list.Consents) != 1 || list.Consents[0].Consent != given.Number || list.Consents[0].State != "not-yet-valid" || list.Consents[0].Verifier != rptest.VerifierID {
		t.Errorf("%+v", list)
	}
	var draft struct {
		Document struct{ Content []byte }
	}
	b.Calls("POST", "/consents/withdrawal", map[string]string{"cms": "AQ=="}, nil).Refuses(409, "no_draft")
	b.Calls("POST", "/consents/"+given.Number+"/withdrawal", nil, &draft).Says(200)
	if !strings.Contains(string(draft.Document.Content), given.Number) {
		t.Errorf("%s", draft.Document.Content)
	}
	w.Clock.Advance(9 * time.Minute)
	b.Calls("GET", "/consents", nil, nil).Says(200)
	w.Suspend("hanako", jpki.DigitalSignature)
	cms := w.Card("hanako").Sign(draft.Document.Content)
	b.Calls("POST", "/consents/withdrawal", map[string]any{"cms": cms}, nil).Refuses(403, "suspended")
	w.Resume("hanako", jpki.DigitalSignature)
	var done struct{ Consent latest.Consent }
	b.Calls("POST", "/consents/withdrawal", map[string]any{"cms": cms}, &done).Says(200)
	if done.Consent.WithdrawnAt.IsZero() {
		t.Errorf("%+v", done)
	}
	b.Calls("POST", "/consents/signout", nil, nil).Says(204)
	b.Calls("GET", "/consents", nil, nil).Refuses(401, "no_session")
}
