package portal_test

import (
	"fmt"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/portal"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/rp/rptest"
)

// Of the deliveries to a partner that does not answer, a round tries as many as wait at
// once, and puts all of them off.
func TestASilentPartnerCostsARoundOneWait(t *testing.T) {
	var people []rptest.Person
	for i := range 9 {
		people = append(people, rptest.Person{ID: fmt.Sprintf("mover-%d", i), BasicFour: jpki.NewBasicFour("引越　一郎", jpki.DateOfBirthOn(1980, 1, 1+i), jpki.Male, "青葉県みほん市一番町１番")})
	}
	w := newTown(t, rptest.People(people...))
	w.shops[0].silent = true
	w.shops[0].decide = func(partner.Sheet) partner.Receipt { return partner.Receipt{State: partner.Accepted} }
	var all []portal.Application
	for _, p := range people {
		c := w.enrols(p.ID, "denryoku")
		w.Move(p.ID, newHome)
		all = append(all, w.applies(p.ID, c, "denryoku"))
	}
	w.must(w.Deliver(t.Context()))
	if told := w.shops[0].told; told != 4 {
		t.Errorf("it was told %d times", told)
	}
	open, err := w.Delivering(t.Context(), 20)
	w.must(err)
	for _, d := range open {
		if d.Attempts != 1 || !d.Next.After(w.Clock.Now()) || d.Trouble != errSilent.Error() {
			t.Errorf("%+v", d)
		}
	}
	w.shops[0].silent = false
	w.Clock.Advance(time.Minute)
	w.must(w.Deliver(t.Context()))
	for _, a := range all {
		if s := w.states(a)["denryoku"]; s != partner.Accepted {
			t.Errorf("%s", s)
		}
	}
	if told := w.shops[0].told; told != 4+len(all) {
		t.Errorf("it was told %d times", told)
	}
}
