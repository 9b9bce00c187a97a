package web

import (
	"context"
	"time"
	"unicode/utf8"

	frame "example.jp/jpkimock/authority/desk/web"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/ui"
)

// certificateLine is a certificate as the desks show it.
type certificateLine struct {
	Kind          jpki.Kind
	Name          ui.Text
	Serial        jpki.SerialNumber
	State         string // good, suspended, revoked, expired, discarded, none
	StateName     ui.Text
	Tone          string
	Reason        ui.Text // of suspended and revoked
	ReasonCode    string
	Since         time.Time
	NotBefore     time.Time
	NotAfter      time.Time
	RenewableFrom time.Time
	CardID        string
}

func certificateLineOf(c register.Certificate, now time.Time) certificateLine {
	v := certificateLine{
		Kind: c.Kind, Name: frame.KindName(c.Kind), Serial: c.Serial, State: c.Status.State.String(), Since: c.Status.Since,
		NotBefore: c.NotBefore, NotAfter: c.NotAfter, RenewableFrom: register.RenewableFrom(c.NotAfter), CardID: c.CardID,
	}
	switch {
	case c.Status.State == register.Revoked && !c.Delivered:
		v.State = "discarded"
	case c.Status.State != register.Revoked && now.After(c.NotAfter):
		v.State, v.Since = "expired", c.NotAfter
	}
	if v.State == "suspended" || v.State == "revoked" {
		v.Reason, v.ReasonCode = reasonName(c.Status.Reason), c.Status.Reason.String()
	}
	v.StateName, v.Tone = stateLabels.Of(v.State)
	return v
}

// currentOf gives the latest certificate of each kind that a card has taken,
// and a line that says none for a kind without.
func currentOf(all []register.Certificate, now time.Time) []certificateLine {
	var lines []certificateLine
	for _, kind := range jpki.Kinds() {
		line := certificateLine{Kind: kind, Name: frame.KindName(kind), State: "none"}
		line.StateName, line.Tone = stateLabels.Of("none")
		for _, c := range all { // in the order of their issue
			if c.Kind == kind && c.Delivered {
				line = certificateLineOf(c, now)
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// faceLine is a card as its face looks, and what became of it.
type faceLine struct {
	register.Card
	Name, NameEN, Address, Birth, Gender string
	Until                                string // the last day, as the face prints it
	StateName                            ui.Text
	Tone                                 string
	Over                                 bool // its last day is past
	Long                                 bool // its texts need small letters
}

func faceLineOf(r register.Resident, k register.Card, now time.Time) faceLine {
	v := faceLine{
		Card: k, Name: r.FaceName(), NameEN: r.Romaji, Address: r.FaceAddress(),
		Birth: r.BasicFour.DateOfBirth.Japanese(), Gender: r.BasicFour.Gender.Japanese(), Over: k.OverAt(now),
		Until: ui.Day(k.Expires).JA + sayUntil,
	}
	v.Long = utf8.RuneCountInString(v.Name) > 20 || utf8.RuneCountInString(v.Address) > 40
	v.StateName, v.Tone = cardLabels.Of(k.State)
	if v.Over && k.State == register.CardInUse {
		v.StateName, v.Tone = stateLabels.Of("expired")
	}
	return v
}

// formerLine is what the register said before, against what it said next.
type formerLine struct {
	Until   time.Time
	Cause   ui.Text
	Officer ui.Text
	Why     ui.Text
	Was     []difference
}

// difference is one thing that an entry said before and after.
type difference struct {
	Name          ui.Text
	Before, After ui.Text
}

// former gives the entries that no longer hold, the latest first, each with
// what changed when it ended.
func (d *desks) former(ctx context.Context, id string, now register.Resident) ([]formerLine, error) {
	entries, err := d.agency.FormerEntries(ctx, id)
	if err != nil {
		return nil, err
	}
	var lines []formerLine
	next := now
	for _, e := range entries {
		lines = append(lines, formerLine{Until: e.Until, Cause: eventWords(e.Cause).Name, Officer: frame.SignedName(e.Officer), Why: whyText(e.Why), Was: differences(e.Resident, next)})
		next = e.Resident
	}
	return lines, nil
}

// differences lists what two entries of one resident say differently.
func differences(before, after register.Resident) []difference {
	names, was, is := entryNames(), entryTexts(before), entryTexts(after)
	var all []difference
	for i, name := range names {
		if was[i] != is[i] {
			all = append(all, difference{name, was[i], is[i]})
		}
	}
	return all
}

// entryTexts gives what an entry says, in the order of entryNames.
func entryTexts(r register.Resident) []ui.Text {
	written := func(s string) ui.Text { return ui.Text{JA: s, EN: s} }
	standing, _ := standingLabels.Of(r.Standing)
	return []ui.Text{
		written(r.FaceName()), written(r.Kana), written(r.Romaji), written(r.FormerSurname),
		{JA: r.BasicFour.DateOfBirth.Japanese(), EN: r.BasicFour.DateOfBirth.Gregorian()}, genderName(r.BasicFour.Gender),
		written(r.FaceAddress()), frame.TownName(r.Municipality), standing,
	}
}
