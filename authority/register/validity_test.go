package register_test

import (
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

func day(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation(time.DateOnly, s, jpki.JST)
	if err != nil {
		t.Fatal(err)
	}
	return at.Add(10 * time.Hour)
}

// lastDay gives the last day of a period, or says that it does not end with one.
func lastDay(end time.Time) string {
	local := end.In(jpki.JST)
	if local.Format(time.TimeOnly) != "23:59:59" {
		return end.String()
	}
	return local.Format(time.DateOnly)
}

// TestValidity walks every bound of every act: birthdays, leap days, ages,
// renewals, re-issues, the card's end.
func TestValidity(t *testing.T) {
	const both, sign, auth = "both", "sign", "auth"
	for name, c := range map[string]struct {
		birth, at          string
		card               string // the card's last day; empty for a new card
		writes             string
		hadSign, hadAuth   string // on the card before
		wantSign, wantAuth string
	}{
		"first card":                           {"1980-02-17", "2026-04-01", "", both, "", "", "2031-02-17", "2031-02-17"},
		"on the birthday":                      {"1980-02-17", "2026-02-17", "", both, "", "", "2031-02-17", "2031-02-17"},
		"the day before the birthday":          {"1980-02-17", "2026-02-16", "", both, "", "", "2030-02-17", "2030-02-17"},
		"born on a leap day":                   {"1980-02-29", "2026-04-01", "", both, "", "", "2031-02-28", "2031-02-28"},
		"born on a leap day, ends in a leap":   {"1980-02-29", "2027-04-01", "", both, "", "", "2032-02-29", "2032-02-29"},
		"a child":                              {"2018-01-05", "2026-04-01", "", auth, "", "", "", "2031-01-05"},
		"renewed a day too early for a sixth":  {"1980-07-07", "2031-04-07", "2036-07-07", both, "2031-07-07", "2031-07-07", "2035-07-07", "2035-07-07"},
		"renewed with under three months left": {"1980-07-07", "2031-04-08", "2036-07-07", both, "2031-07-07", "2031-07-07", "2036-07-07", "2036-07-07"},
		"renewed on the last day":              {"1980-07-07", "2031-07-07", "2038-07-07", both, "2031-07-07", "2031-07-07", "2037-07-07", "2037-07-07"},
		"renewed, and the card ends first":     {"1980-07-07", "2031-04-10", "2032-07-07", both, "2031-07-07", "2031-07-07", "2032-07-07", "2032-07-07"},
		"expired, then issued anew":            {"1980-07-07", "2031-07-08", "2037-07-07", both, "", "", "2036-07-07", "2036-07-07"},
		"signature alone after a move":         {"1977-11-03", "2028-06-01", "2035-11-03", sign, "", "2030-11-03", "2030-11-03", ""},
		"signature alone, replaced":            {"1977-11-03", "2028-06-01", "2035-11-03", sign, "2030-11-03", "2030-11-03", "2030-11-03", ""},
		"signature alone, no other beside":     {"1977-11-03", "2028-06-01", "2035-11-03", sign, "", "", "2032-11-03", ""},
		"authentication alone":                 {"1977-11-03", "2028-06-01", "2035-11-03", auth, "2030-11-03", "2030-11-03", "", "2032-11-03"},
		"signature alone near the end of both": {"1977-11-03", "2030-09-01", "2035-11-03", sign, "2030-11-03", "2030-11-03", "2030-11-03", ""},
		"signature missing, both written":      {"1977-11-03", "2030-09-01", "2040-11-03", both, "", "2030-11-03", "2034-11-03", "2035-11-03"},
	} {
		t.Run(name, func(t *testing.T) {
			born := day(t, c.birth).In(jpki.JST)
			r := register.Resident{BasicFour: jpki.BasicFour{DateOfBirth: jpki.DateOfBirthOn(born.Year(), born.Month(), born.Day())}}
			at := day(t, c.at)
			card := register.Card{Expires: register.CardExpiry(r.BasicFour.DateOfBirth, at)}
			if c.card != "" {
				card.Expires = register.EndOfDay(day(t, c.card))
			}
			kinds := map[string][]jpki.Kind{both: jpki.Kinds(), sign: {jpki.DigitalSignature}, auth: {jpki.UserAuthentication}}[c.writes]
			var carried []register.Certificate
			for kind, end := range map[jpki.Kind]string{jpki.DigitalSignature: c.hadSign, jpki.UserAuthentication: c.hadAuth} {
				if end != "" {
					carried = append(carried, register.Certificate{Kind: kind, NotAfter: register.EndOfDay(day(t, end))})
				}
			}
			ends := register.CertificateExpiries(r, card, kinds, carried, at)
			for kind, want := range map[jpki.Kind]string{jpki.DigitalSignature: c.wantSign, jpki.UserAuthentication: c.wantAuth} {
				end, given := ends[kind]
				if given != (want != "") || given && lastDay(end) != want {
					t.Errorf("%v: %s, want %q", kind, lastDay(end), want)
				}
			}
		})
	}
}

func TestCardExpiry(t *testing.T) {
	for _, c := range []struct{ birth, at, want string }{
		{"1980-02-17", "2026-04-01", "2036-02-17"},
		{"2008-04-02", "2026-04-01", "2030-04-02"}, // 17
		{"2008-04-01", "2026-04-01", "2036-04-01"}, // 18 today
		{"1980-02-29", "2026-04-01", "2036-02-29"},
	} {
		born := day(t, c.birth)
		if got := lastDay(register.CardExpiry(jpki.DateOfBirthOn(born.Year(), born.Month(), born.Day()), day(t, c.at))); got != c.want {
			t.Errorf("born %s, issued %s: %s, want %s", c.birth, c.at, got, c.want)
		}
	}
}

// TestACardIsOverWhenItsCertificatesAre: a card and a certificate that lasts as long end
// in the same second.
func TestACardIsOverWhenItsCertificatesAre(t *testing.T) {
	end := register.EndOfDay(time.Date(2031, 4, 12, 9, 0, 0, 0, jpki.JST))
	card, cert := register.Card{Expires: end}, register.Certificate{NotAfter: end, Delivered: true}
	for _, c := range []struct {
		after time.Duration
		over  bool
	}{{-time.Second, false}, {0, false}, {time.Second, true}} {
		at := end.Add(c.after)
		if card.OverAt(at) != c.over || cert.Live(at) == c.over {
			t.Errorf("%s after the last second: the card is over %v, the certificate live %v", c.after, card.OverAt(at), cert.Live(at))
		}
	}
}
