package web

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/jpki"
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

func certificateLineOf(c authority.Certificate, now time.Time) certificateLine {
	v := certificateLine{
		Kind: c.Kind, Name: kindName(c.Kind), Serial: c.Serial, State: c.Standing.State.String(), Since: c.Standing.Since,
		NotBefore: c.NotBefore, NotAfter: c.NotAfter, RenewableFrom: authority.RenewableFrom(c.NotAfter), CardID: c.CardID,
	}
	switch {
	case c.Standing.State == authority.Revoked && !c.Delivered:
		v.State = "discarded"
	case c.Standing.State != authority.Revoked && now.After(c.NotAfter):
		v.State, v.Since = "expired", c.NotAfter
	}
	if v.State == "suspended" || v.State == "revoked" {
		v.Reason, v.ReasonCode = reasonName(c.Standing.Reason), c.Standing.Reason.String()
	}
	v.StateName, v.Tone = stateName(v.State)
	return v
}

// currentOf gives the latest certificate of each kind that a card has taken,
// and a line that says none for a kind without.
func currentOf(all []authority.Certificate, now time.Time) []certificateLine {
	var lines []certificateLine
	for _, kind := range jpki.Kinds() {
		line := certificateLine{Kind: kind, Name: kindName(kind), State: "none"}
		line.StateName, line.Tone = stateName("none")
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
	authority.Card
	Name, NameEN, Address, Birth, Gender string
	StateName                            ui.Text
	Tone                                 string
	Over                                 bool // its last day is past
	Long                                 bool // its texts need small letters
}

func faceLineOf(r authority.Resident, k authority.Card, now time.Time) faceLine {
	v := faceLine{
		Card: k, Name: r.FaceName(), NameEN: r.Romaji, Address: r.FaceAddress(),
		Birth: r.BasicFour.DateOfBirth.Japanese(), Gender: r.BasicFour.Gender.Japanese(), Over: !k.Expires.After(now),
	}
	v.Long = utf8.RuneCountInString(v.Name) > 20 || utf8.RuneCountInString(v.Address) > 40
	v.StateName, v.Tone = cardStateName(k.State)
	if v.Over && k.State == authority.CardInUse {
		v.StateName, v.Tone = stateName("expired")
	}
	return v
}

// journalLine is a line of the journal in words.
type journalLine struct {
	ID      int64
	At      time.Time
	Act     ui.Text
	Tone    string
	Cause   ui.Text // the act of the counter that the line is a part of
	Kind    ui.Text
	Serial  jpki.SerialNumber
	Reason  ui.Text
	Officer string
	Why     string
}

func (o *office) journal(ctx context.Context, q authority.EventQuery) ([]journalLine, error) {
	events, err := o.cfg.Authority.Events(ctx, q)
	if err != nil {
		return nil, err
	}
	lines := make([]journalLine, 0, len(events))
	for _, e := range events {
		l := journalLine{ID: e.ID, At: e.At, Act: lineName(e.Act), Serial: e.Serial, Officer: e.Officer, Why: e.Why, Tone: toneOf(e.Act)}
		if e.Cause.Valid() && string(e.Cause) != e.Act {
			l.Cause = eventWords(e.Cause).Name
		}
		if e.Kind.Valid() {
			l.Kind = kindName(e.Kind)
		}
		if e.Act == "revoked" {
			l.Reason = reasonName(e.Reason)
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// toneOf gives the badge of a line.
func toneOf(act string) string {
	switch act {
	case "revoked", "discarded":
		return "bad"
	case "suspended":
		return "wait"
	case "resumed", "issued", "handed over":
		return "good"
	}
	return "neutral"
}

// formerLine is what the register said before, against what it said next.
type formerLine struct {
	Until   time.Time
	Cause   ui.Text
	Officer string
	Why     string
	Was     []difference
}

// difference is one thing that an entry said before and after.
type difference struct {
	Name          ui.Text
	Before, After string
}

// former gives the entries that no longer hold, the latest first, each with
// what changed when it ended.
func (o *office) former(ctx context.Context, id string, now authority.Resident) ([]formerLine, error) {
	entries, err := o.cfg.Authority.FormerEntries(ctx, id)
	if err != nil {
		return nil, err
	}
	var lines []formerLine
	next := now
	for _, e := range entries {
		lines = append(lines, formerLine{Until: e.Until, Cause: eventWords(e.Cause).Name, Officer: e.Officer, Why: e.Why, Was: differences(e.Resident, next)})
		next = e.Resident
	}
	return lines, nil
}

// differences lists what two entries of one resident say differently.
func differences(before, after authority.Resident) []difference {
	standing := func(r authority.Resident) string { name, _ := standingName(r.Standing); return name.JA }
	all := []difference{
		{ui.Text{JA: "氏名", EN: "Name"}, before.FaceName(), after.FaceName()},
		{ui.Text{JA: "フリガナ", EN: "Kana"}, before.Kana, after.Kana},
		{ui.Text{JA: "ローマ字", EN: "Romanised"}, before.Romaji, after.Romaji},
		{ui.Text{JA: "旧氏", EN: "Former surname"}, before.FormerSurname, after.FormerSurname},
		{ui.Text{JA: "生年月日", EN: "Date of birth"}, before.BasicFour.DateOfBirth.Japanese(), after.BasicFour.DateOfBirth.Japanese()},
		{ui.Text{JA: "性別", EN: "Gender"}, before.BasicFour.Gender.Japanese(), after.BasicFour.Gender.Japanese()},
		{ui.Text{JA: "住所", EN: "Address"}, before.FaceAddress(), after.FaceAddress()},
		{ui.Text{JA: "市区町村", EN: "Municipality"}, before.Municipality.Prefecture + before.Municipality.City, after.Municipality.Prefecture + after.Municipality.City},
		{ui.Text{JA: "住民票の状態", EN: "Entry"}, standing(before), standing(after)},
	}
	return slices.DeleteFunc(all, func(d difference) bool { return d.Before == d.After })
}
