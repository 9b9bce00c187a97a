package web_test

import (
	"context"
	"encoding/base64"
	"sync"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank/internal/double"
	kitlatest "example.jp/jpkimock/rp/latest"
)

// agency is the authority's latest four data service.
type agency struct {
	mu    sync.Mutex
	err   error // what it answers everything with, if not nil
	given map[string]kitlatest.Consent
	next  kitlatest.Delivery
	now   func() time.Time
}

func (a *agency) refuse(err error) { a.mu.Lock(); defer a.mu.Unlock(); a.err = err }

func (a *agency) Consent(_ context.Context, document, _ []byte) (kitlatest.Consent, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	said, err := kitlatest.Parse(document)
	if err != nil || a.err != nil {
		return kitlatest.Consent{}, a.err
	}
	c := kitlatest.Consent{Number: said.Number, Service: said.Service, Items: said.Items}
	c.From, c.Until = kitlatest.Period(a.now())
	a.given[c.Number] = c
	return c, nil
}

func (a *agency) State(_ context.Context, number string) (kitlatest.Consent, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.given[number], a.err
}

func (a *agency) Ask(_ context.Context, service string, serial jpki.SerialNumber) (kitlatest.Delivery, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	d := a.next
	d.Service, d.OldSerial = service, serial
	return d, a.err
}

// withdraws has the holders of all consents withdraw them at the authority.
func (a *agency) withdraws() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for number, c := range a.given {
		c.WithdrawnAt = a.now()
		a.given[number] = c
	}
}

func (b *browser) signsLatest(p webtest.Page, who double.Person) webtest.Page {
	b.t.Helper()
	document, err := base64.StdEncoding.DecodeString(p.Attribute("data-jpki-document"))
	webtest.Must(b.t, err)
	return b.Fills("/consent/latest", "cms", base64.StdEncoding.EncodeToString(b.kit.Sign(who, string(document))))
}

func TestACustomerConsentsToTheLatestData(t *testing.T) {
	s := newStreet(t)
	s.browser().Visits("/consent/latest").Says(401, "サインインしてください")
	s.browser().Fills("/consent/latest/draft").Says(401)
	b := s.browser()
	b.opens(hanako())
	b.Visits("/account").Says(200, `data-testid="to-latest"`)
	b.Visits("/consent/latest").Says(200, `data-testid="latest-agree"`, `data-testid="latest-decline"`, `data-testid="latest-about"`).Lacks(`data-testid="latest-ended"`)
	b.Visits("/consent/latest/about").Says(200, "同意しないときは")
	b.Visits("/consent/latest/draft").Says(409, "届出書がありません")
	b.Fills("/consent/latest", "cms", "AAAA").Says(409, "届出書がありません")
	p := b.Fills("/consent/latest/draft").Says(200, "利用者同意申請情報", "mihon-bank", `data-testid="sign-button"`)
	b.signsLatest(p, taro()).Says(403, "名義人ご本人のカードではありません", "/consent/latest/draft")
	s.agency.refuse(&kitlatest.RefusedError{Code: "another_verifier"})
	b.signsLatest(p, hanako()).Says(502, "同意が受け付けられませんでした", "/consent/latest")
	s.agency.refuse(rp.ErrStatusUnavailable)
	b.signsLatest(p, hanako()).Says(503)
	s.agency.refuse(nil)
	b.Visits("/consent/latest").Says(200, `data-testid="latest-agree"`) // nothing was kept
	b.signsLatest(b.Visits("/consent/latest/draft"), hanako()).Says(200, `data-testid="latest-given"`, `data-testid="latest-waits"`, "令和8年11月4日から令和18年11月3日まで", `href="http://localhost:8081/consents"`)
	b.Visits("/consent/latest/draft").Says(409)
	b.Fills("/consent/latest/draft").Says(409, "同意は、すでにいただいています", `class="refusal calm"`)
	s.agency.refuse(rp.ErrStatusUnavailable)
	b.Visits("/consent/latest").Says(200, `data-testid="latest-unsure"`, `data-testid="latest-given"`)
	s.agency.refuse(nil)
	s.agency.withdraws()
	b.Visits("/consent/latest?lang=en").Says(200, `data-testid="latest-ended"`, "Your former consent has ended")
	b.Fills("/consent/latest/draft").Says(200)
}

// Staff who confirm see at once that nobody has to be asked.
func TestAConfirmationIsFollowedByTheLatestData(t *testing.T) {
	s := newStreet(t)
	b := s.browser()
	b.opens(hanako())
	b.signsLatest(b.Fills("/consent/latest/draft"), hanako()).Says(200, `data-testid="latest-given"`)
	s.waits(24 * time.Hour)
	s.kit.Find(hanako().Serial, rp.Changed, jpki.AffiliationChanged)
	address := "若葉県いろは市港３丁目２番"
	four := moved(hanako()).Four
	s.agency.next = kitlatest.Delivery{NewSerial: moved(hanako()).Serial, Data: kitlatest.Data{Address: &kitlatest.AddressData{Address: address, SubstituteCharacterOfAddress: four.SubstituteCharacterOfAddress}}}
	staff := s.browser()
	staff.Fills("/staff/signin", "key", staffKey)
	s.agency.refuse(rp.ErrStatusUnavailable)
	staff.Fills("/staff/sweeps").Says(200)
	b = s.browser()
	b.signsIn(hanako()).Says(200, `data-testid="notice-link"`)
	s.agency.refuse(nil)
	staff.Fills("/staff/sweeps").Says(200)
	b.Visits("/account").Says(200).Lacks(`data-testid="notice-link"`)
	b.Visits("/inbox").Says(200, "お届けの内容を新しくしました", "済み")
}
