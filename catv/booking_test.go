package catv_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/internal/papers"
	"example.jp/jpkimock/rp"
)

// Two hundred at once: exactly one has the slot, and everybody else hears that
// it is taken.
func TestTwoHundredAtOnceAndOneHasTheSlot(t *testing.T) {
	l := newLiving(t)
	people := make([]catv.ViewerID, 200)
	number := catv.ContractNumber("300000")
	var places []catv.Place
	for i := range 12 {
		places = append(places, catv.Place{Label: catv.Name{JA: "x"}, Code: catv.RegistrationCode(fmt.Sprintf("%06d", i)), Profile: papers.Contracts()[0].Places[0].Profile})
	}
	for i := range people {
		if i%12 == 0 {
			number = catv.ContractNumber(fmt.Sprintf("%06d", 300000+i))
			l.well(l.Install(l.ctx, catv.Contract{Number: number, Box: catv.BoxID(number), Holder: catv.Name{JA: "x"}, Places: places}), "install")
		}
		place, err := l.Papers(l.ctx, number, catv.RegistrationCode(fmt.Sprintf("%06d", i%12)))
		l.well(err, "papers")
		v, err := l.store.AddViewer(l.ctx, catv.Viewer{Contract: number, Place: place.ID, Nickname: "x", Serial: jpki.SerialNumber(fmt.Sprintf("AA%06X", i))})
		l.well(err, "add")
		people[i] = v.ID
	}
	order := catv.Order{Facility: "gym", Day: l.today() + 3, Slot: 9, Price: 1600}
	var wg sync.WaitGroup
	var mu sync.Mutex
	got := map[string]int{}
	start := make(chan struct{})
	for _, id := range people {
		wg.Go(func() {
			<-start
			_, err := l.Book(l.ctx, id, order)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				got["booked"]++
			case errors.Is(err, catv.ErrSlotTaken):
				got["taken"]++
			default:
				got[err.Error()]++
			}
		})
	}
	close(start)
	wg.Wait()
	if got["booked"] != 1 || got["taken"] != len(people)-1 {
		t.Fatalf("%v", got)
	}
	if list, err := l.DayList(l.ctx, order.Day); err != nil || len(list) != 1 {
		t.Errorf("%d on the list, %v", len(list), err)
	}
}

func TestResidentsPayTheResidentPriceUntilTheyMove(t *testing.T) {
	l := newLiving(t)
	v := l.enrols("hanako", "はな", "100101", "110011")
	gym := catv.Order{Facility: "gym", Day: l.today() + 5, Slot: 11, Price: 800}
	_, err := l.Book(l.ctx, v.ID, gym)
	l.refused(err, catv.ErrPriceChanged, "the resident price without proof")
	r, err := l.proves("hanako")
	if err != nil || r.Viewer != v.ID || !r.Stands() {
		t.Fatalf("%+v, %v", r, err)
	}
	booked, err := l.Book(l.ctx, v.ID, gym)
	if err != nil || !booked.Resident || booked.Price != 800 {
		t.Fatalf("%+v, %v", booked, err)
	}
	far := gym
	far.Day = l.today() + 20
	_, err = l.Book(l.ctx, v.ID, far)
	l.well(err, "twenty days ahead, as a resident")

	l.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
	far.Day++
	_, err = l.Book(l.ctx, v.ID, far)
	l.refused(err, catv.ErrPriceChanged, "the resident price after moving")
	far.Price = 1600
	_, err = l.Book(l.ctx, v.ID, far)
	l.refused(err, catv.ErrTooFar, "others three weeks ahead")
	lapsed, err := l.Residency(l.ctx, v.ID)
	if err != nil || lapsed.Lapse.Why != catv.LapsedByChange || lapsed.Lapse.Reason != jpki.AffiliationChanged || lapsed.Lapse.At.IsZero() {
		t.Errorf("%+v, %v", lapsed.Lapse, err)
	}
	_, err = l.Book(l.ctx, v.ID, catv.Order{Facility: "kitchen", Day: l.today() + 1, Slot: 9, Price: 700})
	l.refused(err, catv.ErrResidentsOnly, "the kitchen")
}

func TestARenewalIsNoMove(t *testing.T) {
	l := newLiving(t)
	v := l.enrols("hanako", "はな", "100101", "110011")
	_, err := l.proves("hanako")
	l.well(err, "prove")
	l.Renew("hanako")
	for range 2 {
		if resident, err := l.Resident(l.ctx, v.ID); err != nil || !resident {
			t.Fatalf("after the renewal: %v, %v", resident, err)
		}
	}
	r, _ := l.Residency(l.ctx, v.ID)
	if r.Serial != l.Card("hanako").Serial(jpki.DigitalSignature) {
		t.Errorf("watches %s", r.Serial)
	}
	l.Suspend("hanako", jpki.DigitalSignature)
	if resident, err := l.Resident(l.ctx, v.ID); err != nil || !resident {
		t.Errorf("suspended: %v, %v", resident, err)
	}
	l.Resume("hanako", jpki.DigitalSignature)
	l.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
	if resident, err := l.Resident(l.ctx, v.ID); err != nil || resident {
		t.Errorf("moved after the renewal: %v, %v", resident, err)
	}
}

func TestResidentsAreConfirmedOnceADay(t *testing.T) {
	l := newLiving(t)
	l.enrols("hanako", "はな", "100101", "110011")
	l.enrols("taro", "たろう", "100102", "120011")
	for _, who := range []string{"hanako", "taro"} {
		_, err := l.proves(who)
		l.well(err, who)
	}
	if asked, _, err := l.ConfirmResidents(l.ctx); err != nil || asked != 0 {
		t.Errorf("on the day itself: asked %d, %v", asked, err)
	}
	l.Clock.Advance(24 * time.Hour)
	l.Revoke("taro", jpki.DigitalSignature, jpki.AffiliationChanged)
	for i, want := range [][2]int{{2, 1}, {0, 0}} {
		asked, lapsed, err := l.ConfirmResidents(l.ctx)
		if err != nil || [2]int{asked, lapsed} != want {
			t.Errorf("confirmation %d: asked %d, lapsed %d, %v", i, asked, lapsed, err)
		}
	}
	l.Clock.Advance(24 * time.Hour)
	l.SuspendAccreditation()
	if _, _, err := l.ConfirmResidents(l.ctx); !errors.Is(err, rp.ErrNotAccredited) {
		t.Errorf("without accreditation: %v", err)
	}
	l.Reaccredit()
	l.Clock.Set(time.Date(2031, 2, 18, 12, 0, 0, 0, jpki.JST))
	if asked, lapsed, err := l.ConfirmResidents(l.ctx); err != nil || asked != 1 || lapsed != 1 {
		t.Errorf("past the certificate's end: asked %d, lapsed %d, %v", asked, lapsed, err)
	}
}

func TestResidencyIsForViewersOfThisTownByAFreshSignature(t *testing.T) {
	l := newLiving(t)
	l.enrols("yuki", "ゆき", "100102", "120022")
	_, err := l.proves("yuki")
	l.refused(err, catv.ErrNotResident, "of another town")
	_, err = l.proves("taro")
	l.refused(err, catv.ErrUnknownViewer, "no viewer")
	l.enrols("hanako", "はな", "100101", "110011")
	d, err := l.DraftApplication(l.ctx)
	l.well(err, "draft")
	a := catv.SignedApplication{Draft: d, CMS: l.Card("hanako").Sign([]byte(d.Document.Content))}
	forged := a
	forged.Draft.Document.Content += " "
	_, err = l.ProveResidency(l.ctx, forged)
	l.refused(err, rp.ErrDigest, "another text")
	_, err = l.ProveResidency(l.ctx, a)
	l.well(err, "prove")
	_, err = l.ProveResidency(l.ctx, a)
	l.refused(err, catv.ErrUsed, "twice")
	l.Clock.Advance(catv.DraftLifetime + time.Second)
	_, err = l.ProveResidency(l.ctx, a)
	l.refused(err, catv.ErrDraftExpired, "late")
}

func TestBookingsFollowTheRules(t *testing.T) {
	l := newLiving(t)
	hanako := l.enrols("hanako", "はな", "100101", "110011")
	taro := l.enrols("taro", "たろう", "100102", "120011")
	book := func(v catv.Viewer, f catv.FacilityID, day catv.Day, slot int, price catv.Yen) (catv.Reservation, error) {
		return l.Book(l.ctx, v.ID, catv.Order{Facility: f, Day: day, Slot: slot, Price: price})
	}
	today := l.today() // it is noon
	for _, c := range []struct {
		name string
		f    catv.FacilityID
		day  catv.Day
		slot int
		want error
	}{
		{"no facility", "pool", today, 9, catv.ErrNoFacility},
		{"no hours", "tennis-1", today + 1, 10, catv.ErrNoSlot},
		{"this morning", "tennis-1", today, 9, catv.ErrSlotPast},
		{"yesterday", "tennis-1", today - 1, 15, catv.ErrSlotPast},
		{"eight days ahead", "tennis-1", today + 8, 9, catv.ErrTooFar},
		{"for residents", "kitchen", today + 1, 9, catv.ErrResidentsOnly},
	} {
		f, _ := catv.FacilityByID(c.f)
		_, err := book(hanako, c.f, c.day, c.slot, f.Others.Price)
		l.refused(err, c.want, c.name)
	}
	r, err := book(hanako, "tennis-1", today+2, 9, 1000)
	l.well(err, "book")
	_, err = book(taro, "tennis-1", today+2, 9, 1000)
	l.refused(err, catv.ErrSlotTaken, "a taken slot")
	_, err = l.Reservation(l.ctx, taro.ID, r.Reference)
	l.refused(err, catv.ErrNoBooking, "another's booking")
	_, err = l.Cancel(l.ctx, taro.ID, r.Reference)
	l.refused(err, catv.ErrNoBooking, "cancelling another's booking")
	if offers, _ := l.Offers(l.ctx, taro.ID, "tennis-1", today+2); offers[0].State != catv.SlotTaken || offers[0].Mine != "" || offers[1].State != catv.SlotFree {
		t.Errorf("%+v", offers)
	}
	if offers, _ := l.Offers(l.ctx, hanako.ID, "tennis-1", today+2); offers[0].State != catv.SlotMine || offers[0].Mine != r.Reference {
		t.Errorf("%+v", offers)
	}
	_, err = l.Cancel(l.ctx, hanako.ID, r.Reference)
	l.well(err, "cancel")
	_, err = l.Cancel(l.ctx, hanako.ID, r.Reference)
	l.refused(err, catv.ErrCancelled, "cancel again")
	again, err := book(taro, "tennis-1", today+2, 9, 1000)
	l.well(err, "the slot is free again")
	l.Clock.Advance(22 * time.Hour) // within a day of it
	_, err = l.Cancel(l.ctx, taro.ID, again.Reference)
	l.refused(err, catv.ErrTooLate, "cancel late")
	for i := range 4 {
		_, err = book(hanako, "meeting-small", today+3+catv.Day(i), 9, 900)
		l.well(err, "book")
	}
	_, err = book(hanako, "meeting-small", today+9, 9, 900)
	l.refused(err, catv.ErrTooMany, "a fifth booking")
}
