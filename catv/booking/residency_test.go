package booking_test

import (
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
)

// gym is an order of the gymnasium some days from now.
func (w *town) gym(days int, price booking.Yen) booking.Order {
	return booking.Order{Facility: "gym", Day: w.today() + catv.Day(days), Slot: 9, Price: price}
}

func TestWhoWithdrawsTheConsentIsAskedAboutNoMore(t *testing.T) {
	w := newTown(t)
	v := w.hanako()
	w.refused(w.WithdrawResidency(w.ctx, v), booking.ErrNoResidency, "before there is one")
	_, err := w.proves("hanako")
	w.well(err, "prove")
	booked, err := w.Book(w.ctx, v, w.gym(5, 800))
	w.well(err, "book as a resident")
	w.Clock.Advance(time.Hour)
	w.well(w.WithdrawResidency(w.ctx, v), "withdraw")
	w.refused(w.WithdrawResidency(w.ctx, v), booking.ErrNoResidency, "withdraw again")

	if resident, err := w.Resident(w.ctx, v); err != nil || resident {
		t.Errorf("a resident after the withdrawal: %v, %v", resident, err)
	}
	r, err := w.Residency(w.ctx, v)
	if err != nil || r.Stands() || r.Lapse.Why != booking.Withdrawn || w.Clock.Now().Sub(r.Lapse.At).Abs() > time.Minute {
		t.Errorf("%+v, %v", r.Lapse, err)
	}
	// What was booked keeps its price; what is booked now has the other one.
	if kept, err := w.Reservation(w.ctx, v, booked.Reference); err != nil || kept.Price != 800 || !kept.Resident || !kept.CancelledAt.IsZero() {
		t.Errorf("the booking of before: %+v, %v", kept, err)
	}
	_, err = w.Book(w.ctx, v, w.gym(6, 800))
	w.refused(err, booking.ErrPriceChanged, "the resident price")
	other, err := w.Book(w.ctx, v, w.gym(6, 1600))
	if err != nil || other.Resident {
		t.Errorf("by the rule for others: %+v, %v", other, err)
	}
	// The sweep asks nothing, however the authority stands to it, and a later
	// move is not learned.
	w.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
	w.Clock.Advance(48 * time.Hour)
	w.SuspendAccreditation() // a question would be an error
	if asked, lapsed, err := w.ConfirmResidents(w.ctx); err != nil || asked != 0 || lapsed != 0 {
		t.Errorf("asked about %d, %d lapsed, %v", asked, lapsed, err)
	}
	if resident, err := w.Resident(w.ctx, v); err != nil || resident {
		t.Errorf("%v, %v", resident, err)
	}
	if r, err := w.Residency(w.ctx, v); err != nil || r.Lapse.Why != booking.Withdrawn {
		t.Errorf("%+v, %v", r.Lapse, err)
	}
}

func TestAfterAWithdrawalResidencyIsProvenAnewAndTheHistoryKept(t *testing.T) {
	w := newTown(t)
	v := w.hanako()
	first, err := w.proves("hanako")
	w.well(err, "prove")
	w.Clock.Advance(time.Hour)
	w.well(w.WithdrawResidency(w.ctx, v), "withdraw")
	w.Clock.Advance(time.Hour)
	second, err := w.proves("hanako")
	w.well(err, "prove again")
	if resident, err := w.Resident(w.ctx, v); err != nil || !resident {
		t.Errorf("after the second proof: %v, %v", resident, err)
	}
	all, err := w.Residencies(w.ctx, v)
	if err != nil || len(all) != 2 {
		t.Fatalf("%d proofs, %v", len(all), err)
	}
	now, then := all[0], all[1]
	if now.Application.Document.Number != second.Application.Document.Number || !now.Stands() {
		t.Errorf("the present one is %+v", now)
	}
	if then.Application.Document.Number != first.Application.Document.Number || then.Lapse.Why != booking.Withdrawn || then.ReplacedAt.IsZero() ||
		string(then.Application.CMS) != string(first.Application.CMS) || len(then.Application.Certificate) == 0 {
		t.Errorf("the former one is %+v", then)
	}
	// What is learned of the certificate is of the present proof alone.
	w.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
	if resident, err := w.Resident(w.ctx, v); err != nil || resident {
		t.Errorf("after the move: %v, %v", resident, err)
	}
	all, _ = w.Residencies(w.ctx, v)
	if all[0].Lapse.Why != booking.LapsedByChange || all[1].Lapse.Why != booking.Withdrawn {
		t.Errorf("%+v, %+v", all[0].Lapse, all[1].Lapse)
	}
}

// In one household each has a consent of their own.
func TestAWithdrawalIsOnesOwn(t *testing.T) {
	w := newTown(t)
	hanako := w.hanako()
	taro := w.taro()
	for _, who := range []string{"hanako", "taro"} {
		_, err := w.proves(who)
		w.well(err, who)
	}
	w.well(w.WithdrawResidency(w.ctx, taro), "withdraw")
	w.Clock.Advance(24 * time.Hour)
	if asked, _, err := w.ConfirmResidents(w.ctx); err != nil || asked != 1 {
		t.Errorf("asked about %d, %v", asked, err)
	}
	if resident, err := w.Resident(w.ctx, hanako); err != nil || !resident {
		t.Errorf("%v, %v", resident, err)
	}
}

// A card that was re-issued since its viewer was last at the set signs for the
// same viewer.
func TestARenewedCardProvesForItsViewer(t *testing.T) {
	w := newTown(t)
	hanako := w.hanako()
	w.Renew("hanako")
	r, err := w.proves("hanako")
	if err != nil || r.Viewer != hanako {
		t.Errorf("of %d, %v", r.Viewer, err)
	}
	_, err = w.proves("taro")
	w.refused(err, catv.ErrUnknownViewer, "no viewer")
}

// The application prints its day and time as an office does; the draft has the
// instant.
func TestTheApplicationSaysWhenItWasWritten(t *testing.T) {
	w := newTown(t)
	w.Clock.Set(time.Date(2026, time.November, 23, 6, 40, 26, 0, jpki.JST))
	d, err := w.DraftApplication(w.ctx)
	w.well(err, "draft")
	if !strings.Contains(d.Content, "申請日時　　令和8年11月23日　午前6時40分\n") || d.WrittenAt.Unix() != w.Clock.Now().Unix() {
		t.Errorf("written %v: %s", d.WrittenAt, d.Content)
	}
}
