package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// TestActsOfTheJournal gathers the journal's lines: what belongs to one act is
// one row, and two acts alike are two.
func TestActsOfTheJournal(t *testing.T) {
	const sign, auth = jpki.DigitalSignature, jpki.UserAuthentication
	start := time.Date(2026, 4, 1, 9, 0, 0, 0, jpki.JST)
	var events []register.Event // the latest first, as the store gives them
	add := func(second int, act string, cause register.LifeEvent, kind jpki.Kind, serial jpki.SerialNumber) {
		e := register.Event{At: start.Add(time.Duration(second) * time.Second), Act: act, Cause: cause, Kind: kind, Serial: serial, Officer: "mado-1", Why: "届出"}
		events = append([]register.Event{e}, events...)
	}
	add(0, "issued", "", sign, "01")
	add(0, "issued", "", auth, "02")
	add(1, "handed over", "", sign, "01")
	add(1, "handed over", "", auth, "02")
	for _, second := range []int{2, 3} { // a card lost, found and lost again at once
		add(second, "suspended", register.Loss, sign, "01")
		add(second, "suspended", register.Loss, auth, "02")
		add(second, string(register.Loss), register.Loss, 0, "")
	}
	add(4, "revoked", register.Death, sign, "01")
	add(60, "revoked", register.Death, auth, "02")

	var got []string
	for _, l := range journalOf(events) {
		row := l.At.Format("05") + " " + l.Act.EN + " (" + l.Count.EN + ")"
		for _, c := range l.Certificates {
			row += fmt.Sprint(" ", c.Serial, c.done)
		}
		got = append(got, row)
	}
	want := []string{
		"01 Issue a card (2 certificates) 01[issued handed over] 02[issued handed over]",
		"02 Report a loss (2 certificates) 01[suspended] 02[suspended]",
		"03 Report a loss (2 certificates) 01[suspended] 02[suspended]",
		"04 Death (1 certificate) 01[revoked]",
		"00 Death (1 certificate) 02[revoked]",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the rows are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
