package mailing_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/db"
	"example.jp/jpkimock/medical/insurer"
	"example.jp/jpkimock/medical/mailing"
	"example.jp/jpkimock/portal/partner"
)

const kenpo medical.InsurerNumber = "06990014"

// Each month an insured person is told where the log says that care was given in the
// month before; who was not treated, or is no insured person, is told nothing.
func TestTheInsuredAreToldOfTheMonth(t *testing.T) {
	store, err := db.OpenInsurer(filepath.Join(t.TempDir(), "kenpo.db"))
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	now := time.Date(2026, 3, 10, 9, 0, 0, 0, jpki.JST)
	desk := mailing.Desk{Office: &insurer.Office{Config: insurer.Config{
		Number: kenpo, Name: "みほん健康保険組合", Store: store, Now: func() time.Time { return now },
	}}}
	hanako, err := store.Add(t.Context(), insurer.Insured{Qualification: medical.Qualification{
		Member: medical.Member{Insurer: kenpo, Symbol: "21", Number: "1002", Branch: "00", Birth: "1990-04-12"}, Name: "青葉　花子", QualifiedOn: "2020-04-01",
	}})
	must(t, err)
	box := partner.Connected{At: now, Connection: partner.Connection{Customer: "21-1002", Name: "青葉　花子", DateOfBirth: jpki.DateOfBirthOn(1990, 4, 12)}}
	must(t, desk.Connects(t.Context(), box.Connection))
	for name, change := range map[string]func(*partner.Connection){
		"another name":          func(c *partner.Connection) { c.Name = "青葉　太郎" },
		"another date of birth": func(c *partner.Connection) { c.DateOfBirth = jpki.DateOfBirthOn(1990, 4, 13) },
		"another number":        func(c *partner.Connection) { c.Customer = "21-1003" },
		"another branch":        func(c *partner.Connection) { c.Customer = "21-1002-01" },
		"no number":             func(c *partner.Connection) { c.Customer = "21" },
		"too many":              func(c *partner.Connection) { c.Customer = "21-1002-00-1" },
	} {
		c := box.Connection
		change(&c)
		if err := desk.Connects(t.Context(), c); !errors.Is(err, partner.ErrNoCustomer) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, e := range []insurer.Entry{
		{At: now, Institution: "みほん総合病院", Act: insurer.ActConfirmed},
		{At: now.Add(time.Hour), Institution: "みほん総合病院", Act: insurer.ActConfirmed}, // the same day
		{At: now.AddDate(0, 0, 5), Institution: "みほん総合病院", Act: insurer.ActConfirmed},
		{At: now.AddDate(0, 0, 6), Institution: "ひなた診療所", Act: insurer.ActByNumber},
		{At: now.AddDate(0, 0, 7), Institution: "よその病院", Act: insurer.ActConfirmed, Code: "revoked"},
		{At: now.AddDate(0, 1, 0), Institution: "来月の病院", Act: insurer.ActConfirmed},
	} {
		e.Insured = hanako.ID
		must(t, store.Write(t.Context(), e))
	}
	tells := func(since time.Time) []partner.Told {
		t.Helper()
		told, err := desk.Tells(t.Context(), since, []partner.Connected{box, {Connection: partner.Connection{Customer: "21-9999"}}})
		must(t, err)
		return told
	}
	if told := tells(time.Time{}); len(told) != 0 {
		t.Errorf("of February: %+v", told)
	}
	now = time.Date(2026, 4, 1, 0, 1, 0, 0, jpki.JST)
	told := tells(now.Add(-time.Hour))
	if len(told) != 1 || told[0].ID != "iryohi-2026-03" || !strings.Contains(told[0].Body, "令和8年3月に") ||
		!strings.Contains(told[0].Body, "みほん総合病院　　2日") || !strings.Contains(told[0].Body, "ひなた診療所　　1日") || !strings.Contains(told[0].Body, "3割") ||
		strings.Contains(told[0].Body, "よその病院") || strings.Contains(told[0].Body, "来月の病院") {
		t.Fatalf("%+v", told)
	}
	now = now.AddDate(0, 0, 3)
	if late := tells(now.Add(-time.Hour)); len(late) != 0 {
		t.Errorf("again: %+v", late)
	}
	now = now.AddDate(0, 2, 0) // after a long pause nothing is left out
	if all := tells(now.AddDate(0, -3, -2)); len(all) != 2 || all[0].ID != "iryohi-2026-04" || all[1].ID != told[0].ID {
		t.Errorf("after a long pause: %+v", all)
	}
	now = now.AddDate(0, -2, 0)
	box.At = now // who connects now is told of March as well
	if new := tells(now.Add(-time.Hour)); len(new) != 1 || new[0].ID != told[0].ID {
		t.Errorf("of a new connection: %+v", new)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
