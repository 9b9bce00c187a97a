package booking_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	"example.jp/jpkimock/catv/internal/papers"
	"example.jp/jpkimock/rp"
)

// Two hundred at once: exactly one has the slot, and everybody else hears that
// it is taken.
func TestTwoHundredAtOnceAndOneHasTheSlot(t *testing.T) {
	w := newTown(t)
	people := make([]catv.ViewerID, 200)
	number := catv.ContractNumber("300000")
	var places []catv.Place
	for i := range 12 {
		places = append(places, catv.Place{Label: catv.Name{JA: "x"}, Code: catv.RegistrationCode(fmt.Sprintf("%06d", i)), Profile: papers.Contracts()[0].Places[0].Profile})
	}
	for i := range people {
		if i%12 == 0 {
			number = catv.ContractNumber(fmt.Sprintf("%06d", 300000+i))
			w.well(w.house.Install(w.ctx, catv.Contract{Number: number, Box: catv.BoxID(number), Holder: catv.Name{JA: "x"}, Places: places}), "install")
		}
		place, err := w.house.Papers(w.ctx, number, catv.RegistrationCode(fmt.Sprintf("%06d", i%12)))
		w.well(err, "papers")
		v, err := w.store.AddViewer(w.ctx, catv.Viewer{Contract: number, Place: place.ID, Nickname: "x", Serial: jpki.SerialNumber(fmt.Sprintf("AA%06X", i))})
		w.well(err, "add")
		people[i] = v.ID
	}
	order := booking.Order{Facility: "gym", Day: w.today() + 3, Slot: 9, Price: 1600}
	var wg sync.WaitGroup
	var mu sync.Mutex
	got := map[string]int{}
	start := make(chan struct{})
	for _, id := range people {
		wg.Go(func() {
			<-start
			_, err := w.Book(w.ctx, id, order)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				got["booked"]++
			case errors.Is(err, booking.ErrSlotTaken):
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
	if list, err := w.DayList(w.ctx, order.Day); err != nil || len(list) != 1 {
		t.Errorf("%d on the list, %v", len(list), err)
	}
}

func TestResidentsPayTheResidentPriceUntilTheyMove(t *testing.T) {
	w := newTown(t)
	v := w.hanako()
	gym := booking.Order{Facility: "gym", Day: w.today() + 5, Slot: 11, Price: 800}
	_, err := w.Book(w.ctx, v, gym)
	w.refused(err, booking.ErrPriceChanged, "the resident price without proof")
	r, err := w.proves("hanako")
	if err != nil || r.Viewer != v || !r.Stands() {
		t.Fatalf("%+v, %v", r, err)
	}
	booked, err := w.Book(w.ctx, v, gym)
	if err != nil || !booked.Resident || booked.Price != 800 {
		t.Fatalf("%+v, %v", booked, err)
	}
	far := gym
	far.Day = w.today() + 20
	_, err = w.Book(w.ctx, v, far)
	w.well(err, "twenty days ahead, as a resident")

	w.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
	far.Day++
	_, err = w.Book(w.ctx, v, far)
	w.refused(err, booking.ErrPriceChanged, "the resident price after moving")
	far.Price = 1600
	_, err = w.Book(w.ctx, v, far)
	w.refused(err, booking.ErrTooFar, "others three weeks ahead")
	lapsed, err := w.Residency(w.ctx, v)
	if err != nil || lapsed.Lapse.Why != booking.LapsedByChange || lapsed.Lapse.Reason != jpki.AffiliationChanged || lapsed.Lapse.At.IsZero() {
		t.Errorf("%+v, %v", lapsed.Lapse, err)
	}
	_, err = w.Book(w.ctx, v, booking.Order{Facility: "kitchen", Day: w.today() + 1, Slot: 9, Price: 700})
	w.refused(err, booking.ErrResidentsOnly, "the kitchen")
}

func TestARenewalIsNoMove(t *testing.T) {
	w := newTown(t)
	v := w.hanako()
	_, err := w.proves("hanako")
	w.well(err, "prove")
	w.Renew("hanako")
	for range 2 {
		if resident, err := w.Resident(w.ctx, v); err != nil || !resident {
			t.Fatalf("after the renewal: %v, %v", resident, err)
		}
	}
	r, _ := w.Residency(w.ctx, v)
	if r.Serial != w.Card("hanako").Serial(jpki.DigitalSignature) {
		t.Errorf("watches %s", r.Serial)
	}
	w.Suspend("hanako", jpki.DigitalSignature)
	if resident, err := w.Resident(w.ctx, v); err != nil || !resident {
		t.Errorf("suspended: %v, %v", resident, err)
	}
	w.Resume("hanako", jpki.DigitalSignature)
	w.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
	if resident, err := w.Resident(w.ctx, v); err != nil || resident {
		t.Errorf("moved after the renewal: %v, %v", resident, err)
	}
}

func TestResidentsAreConfirmedOnceADay(t *testing.T) {
	w := newTown(t)
	w.hanako()
	w.taro()
	for _, who := range []string{"hanako", "taro"} {
		_, err := w.proves(who)
		w.well(err, who)
	}
	if asked, _, err := w.ConfirmResidents(w.ctx); err != nil || asked != 0 {
		t.Errorf("on the day itself: asked %d, %v", asked, err)
	}
	w.Clock.Advance(24 * time.Hour)
	w.Revoke("taro", jpki.DigitalSignature, jpki.AffiliationChanged)
	for i, want := range [][2]int{{2, 1}, {0, 0}} {
		asked, lapsed, err := w.ConfirmResidents(w.ctx)
		if err != nil || [2]int{asked, lapsed} != want {
			t.Errorf("confirmation %d: asked %d, lapsed %d, %v", i, asked, lapsed, err)
		}
	}
	w.Clock.Advance(24 * time.Hour)
	w.SuspendAccreditation()
	if _, _, err := w.ConfirmResidents(w.ctx); !errors.Is(err, rp.ErrNotAccredited) {
		t.Errorf("without accreditation: %v", err)
	}
	w.Reaccredit()
	w.Clock.Set(time.Date(2031, 2, 18, 12, 0, 0, 0, jpki.JST))
	if asked, lapsed, err := w.ConfirmResidents(w.ctx); err != nil || asked != 1 || lapsed != 1 {
		t.Errorf("past the certificate's end: asked %d, lapsed %d, %v", asked, lapsed, err)
	}
}

func TestResidencyIsForViewersOfThisTownByAFreshSignature(t *testing.T) {
	w := newTown(t)
	w.joins("yuki", "100102", "120022")
	_, err := w.proves("yuki")
	w.refused(err, booking.ErrNotResident, "of another town")
	_, err = w.proves("taro")
	w.refused(err, catv.ErrUnknownViewer, "no viewer")
	w.hanako()
	d, err := w.DraftApplication(w.ctx)
	w.well(err, "draft")
	cms, forged := w.Card("hanako").Sign([]byte(d.Content)), d
	forged.Content += " "
	_, err = w.ProveResidency(w.ctx, forged, cms)
	w.refused(err, rp.ErrDigest, "another text")
	_, err = w.ProveResidency(w.ctx, d, cms)
	w.well(err, "prove")
	_, err = w.ProveResidency(w.ctx, d, cms)
	w.refused(err, booking.ErrUsed, "twice")
	w.Clock.Advance(rp.DocumentLifetime + time.Second)
	_, err = w.ProveResidency(w.ctx, d, cms)
	w.refused(err, rp.ErrDocumentExpired, "late")
}

func TestBookingsFollowTheRules(t *testing.T) {
	w := newTown(t)
	hanako := w.hanako()
	taro := w.taro()
	book := func(v catv.ViewerID, f booking.FacilityID, day catv.Day, slot int, price booking.Yen) (booking.Reservation, error) {
		return w.Book(w.ctx, v, booking.Order{Facility: f, Day: day, Slot: slot, Price: price})
	}
	today := w.today() // it is noon
	for _, c := range []struct {
		name string
		f    booking.FacilityID
		day  catv.Day
		slot int
		want error
	}{
		{"no facility", "pool", today, 9, booking.ErrNoFacility},
		{"no hours", "tennis-1", today + 1, 10, booking.ErrNoSlot},
		{"this morning", "tennis-1", today, 9, booking.ErrSlotPast},
		{"yesterday", "tennis-1", today - 1, 15, booking.ErrSlotPast},
		{"eight days ahead", "tennis-1", today + 8, 9, booking.ErrTooFar},
		{"for residents", "kitchen", today + 1, 9, booking.ErrResidentsOnly},
	} {
		f, _ := booking.FacilityByID(c.f)
		_, err := book(hanako, c.f, c.day, c.slot, f.Others.Price)
		w.refused(err, c.want, c.name)
	}
	r, err := book(hanako, "tennis-1", today+2, 9, 1000)
	w.well(err, "book")
	_, err = book(taro, "tennis-1", today+2, 9, 1000)
	w.refused(err, booking.ErrSlotTaken, "a taken slot")
	_, err = w.Reservation(w.ctx, taro, r.Reference)
	w.refused(err, booking.ErrNoBooking, "another's booking")
	_, err = w.Cancel(w.ctx, taro, r.Reference)
	w.refused(err, booking.ErrNoBooking, "cancelling another's booking")
	if offers, _ := w.Offers(w.ctx, taro, "tennis-1", today+2); offers[0].State != booking.SlotTaken || offers[0].Mine != "" || offers[1].State != booking.SlotFree {
		t.Errorf("%+v", offers)
	}
	if offers, _ := w.Offers(w.ctx, hanako, "tennis-1", today+2); offers[0].State != booking.SlotMine || offers[0].Mine != r.Reference {
		t.Errorf("%+v", offers)
	}
	_, err = w.Cancel(w.ctx, hanako, r.Reference)
	w.well(err, "cancel")
	_, err = w.Cancel(w.ctx, hanako, r.Reference)
	w.refused(err, booking.ErrCancelled, "cancel again")
	again, err := book(taro, "tennis-1", today+2, 9, 1000)
	w.well(err, "the slot is free again")
	w.Clock.Advance(22 * time.Hour) // within a day of it
	_, err = w.Cancel(w.ctx, taro, again.Reference)
	w.refused(err, booking.ErrTooLate, "cancel late")
	for i := range 4 {
		_, err = book(hanako, "meeting-small", today+3+catv.Day(i), 9, 900)
		w.well(err, "book")
	}
	_, err = book(hanako, "meeting-small", today+9, 9, 900)
	w.refused(err, booking.ErrTooMany, "a fifth booking")
}
