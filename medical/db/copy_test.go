package db_test

import (
	"testing"
	"time"

	"example.jp/jpkimock/medical"
)

// copyOf is the patient's copy of a prescription that was written for a member.
func (w *ward) copyOf(member medical.Member) (medical.Prescription, medical.Copy) {
	w.Helper()
	in := w.draft("taro", "INQ-H", 1, pressure)
	in.Order.Member, in.Order.Birth = member, member.Birth
	text, err := in.Order.Text()
	must(w.T, err)
	in.CMS = w.Card("taro").Sign([]byte(text))
	out, err := w.Issue(w.Context(), hospital, in)
	must(w.T, err)
	member.Birth = "" // it does not stand on the copy
	return *out.Issued, medical.Copy{Member: member, Code: out.Issued.Code, Who: "白石　静"}
}

// The numbers of a copy open that one prescription and no other, to one pharmacy, for ten
// minutes; whoever guesses is stopped.
func TestACopyOpensOnePrescription(t *testing.T) {
	w := newWard(t)
	ctx, member := t.Context(), medical.Member{Insurer: "06990014", Symbol: "21", Number: "1002", Branch: "00", Birth: "1980-02-17"}
	p, mine := w.copyOf(member)
	other := w.prescribes(1, allergy)
	wrong := func(change func(*medical.Copy)) medical.Copy {
		c := mine
		change(&c)
		return c
	}
	for name, c := range map[string]medical.Copy{
		"another insurer": wrong(func(c *medical.Copy) { c.Member.Insurer = "00138016" }), "another symbol": wrong(func(c *medical.Copy) { c.Member.Symbol = "210" }),
		"another number": wrong(func(c *medical.Copy) { c.Member.Number = "002" }), "another branch": wrong(func(c *medical.Copy) { c.Member.Branch = "01" }),
		"no code": wrong(func(c *medical.Copy) { c.Code = "" }), "nothing": {},
	} {
		if _, err := w.Copied(ctx, mihon, c); codeOf(err) != medical.NoPrescription {
			t.Errorf("%s opens it: %v", name, err)
		}
	}
	opened, err := w.Copied(ctx, mihon, mine)
	must(t, err)
	all, err := w.List(ctx, mihon, medical.Act{Grant: opened.Grant, Who: mine.Who})
	if err != nil || len(all) != 1 || all[0].ID != p.ID {
		t.Errorf("the copy opens %+v, %v", all, err)
	}
	act := func(id, do string) string {
		_, err := w.Act(ctx, mihon, medical.Act{Do: do, Grant: opened.Grant, ID: id, Key: do, Lines: []int{0}})
		return codeOf(err)
	}
	if got := act(other.ID, medical.DoAccept); got != medical.NoPrescription {
		t.Errorf("the copy of one opens another: %q", got)
	}
	if _, err := w.List(ctx, aoba, medical.Act{Grant: opened.Grant}); codeOf(err) != medical.NoGrant {
		t.Errorf("it opens it to another pharmacy: %v", err)
	}
	if got := act(p.ID, medical.DoAccept) + act(p.ID, medical.DoDispense); got != "" {
		t.Error(got)
	}
	w.Clock.Advance(11 * time.Minute)
	if _, err := w.List(ctx, mihon, medical.Act{Grant: opened.Grant}); codeOf(err) != medical.NoGrant {
		t.Errorf("it is open after ten minutes: %v", err)
	}
	log, err := w.Log(ctx)
	must(t, err)
	copied := 0
	for _, e := range log {
		if e.Act == "copied" && e.Code == "" && e.Patient != "" && e.Prescription == p.ID && e.Who == mine.Who {
			copied++
		}
	}
	if copied != 1 {
		t.Errorf("%d lines say who opened it: %+v", copied, log)
	}
	for range 12 { // whoever has copies is no guesser
		_, err := w.Copied(ctx, mihon, mine)
		must(t, err)
	}
	for range 10 {
		_, _ = w.Copied(ctx, mihon, medical.Copy{Code: "000000"})
	}
	if _, err := w.Copied(ctx, mihon, mine); codeOf(err) != medical.TooManyTries {
		t.Errorf("whoever guesses goes on: %v", err)
	}
	if _, err := w.Copied(ctx, aoba, mine); err != nil {
		t.Errorf("another pharmacy pays for it: %v", err)
	}
	w.Clock.Advance(time.Hour + time.Minute)
	if _, err := w.Copied(ctx, mihon, mine); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}

// A row that was put in the place of another opens nothing.
func TestACopyOfASwappedRow(t *testing.T) {
	w := newWard(t)
	_, mine := w.copyOf(medical.Member{Insurer: "06990014", Symbol: "21", Number: "1002", Branch: "00", Birth: "1980-02-17"})
	other := w.prescribes(1, allergy)
	must(t, w.store.Raw().Exec("UPDATE prescriptions SET copy = (SELECT copy FROM prescriptions WHERE id <> ?)", other.ID).Error)
	must(t, w.store.Raw().Exec("DELETE FROM prescriptions WHERE id <> ?", other.ID).Error)
	if _, err := w.Copied(t.Context(), mihon, mine); codeOf(err) != medical.NoPrescription {
		t.Errorf("it opens another: %v", err)
	}
}
