package mailing_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/mailing"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/portal/partner"
)

// The city writes to its residents alone, whom it knows by the certificate, and only to
// those who have moved within it.
func TestWhoHasMovedIsInvited(t *testing.T) {
	w := authoritytest.Open(t, "../testdata", nil)
	city := mailing.City{Authority: w.Authority, Code: "99201", Name: "みほん市", Portal: "https://portal.example.jp"}
	w.Settle(authoritytest.Hanako())
	issued, err := w.CertificatesOf(t.Context(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	hanako := partner.Connected{Connection: partner.Connection{Customer: "box", Name: "見本　花子", DateOfBirth: jpki.DateOfBirthOn(1980, 2, 17)}, At: w.Clock.Now()}
	for _, c := range issued {
		if c.Kind == jpki.DigitalSignature {
			hanako.Certificate = c.Serial
		}
	}
	if err := city.Connects(t.Context(), hanako.Connection); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*partner.Connection){
		"another name":           func(c *partner.Connection) { c.Name = "見本　太郎" },
		"another date of birth":  func(c *partner.Connection) { c.DateOfBirth = jpki.DateOfBirthOn(1980, 2, 18) },
		"no certificate of ours": func(c *partner.Connection) { c.Certificate = "0F" },
	} {
		c := hanako.Connection
		change(&c)
		if err := city.Connects(t.Context(), c); !errors.Is(err, partner.ErrNoCustomer) {
			t.Errorf("%s: %v", name, err)
		}
	}
	elsewhere := city
	elsewhere.Code = "98201"
	if err := elsewhere.Connects(t.Context(), hanako.Connection); !errors.Is(err, partner.ErrNoCustomer) {
		t.Errorf("another city: %v", err)
	}
	tells := func(c mailing.City, since time.Time) []partner.Told {
		t.Helper()
		told, err := c.Tells(t.Context(), since, []partner.Connected{hanako})
		if err != nil {
			t.Fatal(err)
		}
		return told
	}
	if told := tells(city, time.Time{}); len(told) != 0 {
		t.Errorf("before a move: %+v", told)
	}
	w.Clock.Advance(24 * time.Hour)
	by := desk.By{Officer: "mado-1 窓口　一郎", Why: "届出"}
	if _, err := w.Do(t.Context(), register.Notice{ResidentID: "hanako", Event: register.MoveHouse, Address: "青葉県みほん市本町９丁目９番９号", By: by}); err != nil {
		t.Fatal(err)
	}
	told := tells(city, w.Clock.Now().Add(-time.Hour))
	if len(told) != 1 || told[0].Customer != "box" || told[0].Title != "転居に伴う手続のご案内" || !strings.Contains(told[0].Body, city.Portal) {
		t.Fatalf("%+v", told)
	}
	if again := tells(city, w.Clock.Now().Add(-time.Hour)); len(again) != 1 || again[0].ID != told[0].ID {
		t.Errorf("again: %+v", again)
	}
	if late := tells(city, w.Clock.Now().Add(time.Hour)); len(late)+len(tells(elsewhere, time.Time{})) != 0 {
		t.Errorf("later, or elsewhere: %+v", late)
	}
}
