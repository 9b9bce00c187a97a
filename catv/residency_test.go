package catv_test

import (
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
)

// gym is an order of the gymnasium some days from now.
func (l *living) gym(days int, price catv.Yen) catv.Order {
	return catv.Order{Facility: "gym", Day: l.today() + catv.Day(days), Slot: 9, Price: price}
}

func TestWhoWithdrawsTheConsentIsAskedAboutNoMore(t *testing.T) {
	l := newLiving(t)
	v := l.enrols("hanako", "はな", "100101", "110011")
	l.refused(l.WithdrawResidency(l.ctx, v.ID), catv.ErrNoResidency, "before there is one")
	_, err := l.proves("hanako")
	l.well(err, "prove")
	booked, err := l.Book(l.ctx, v.ID, l.gym(5, 800))
	l.well(err, "book as a resident")
	l.Clock.Advance(time.Hour)
	l.well(l.WithdrawResidency(l.ctx, v.ID), "withdraw")
	l.refused(l.WithdrawResidency(l.ctx, v.ID), catv.ErrNoResidency, "withdraw again")

	if resident, err := l.Resident(l.ctx, v.ID); err != nil || resident {
		t.Errorf("a resident after the withdrawal: %v, %v", resident, err)
	}
	r, err := l.Residency(l.ctx, v.ID)
	if err != nil || r.Stands() || r.Lapse.Why != catv.Withdrawn || l.Clock.Now().Sub(r.Lapse.At).Abs() > time.Minute {
		t.Errorf("%+v, %v", r.Lapse, err)
	}
	// What was booked keeps its price; what is booked now has the other one.
	if kept, err := l.Reservation(l.ctx, v.ID, booked.Reference); err != nil || kept.Price != 800 || !kept.Resident || !kept.CancelledAt.IsZero() {
		t.Errorf("the booking of before: %+v, %v", kept, err)
	}
	_, err = l.Book(l.ctx, v.ID, l.gym(6, 800))
	l.refused(err, catv.ErrPriceChanged, "the resident price")
	other, err := l.Book(l.ctx, v.ID, l.gym(6, 1600))
	if err != nil || other.Resident {
		t.Errorf("by the rule for others: %+v, %v", other, err)
	}
	// The sweep asks nothing, however the authority stands to it, and a later
	// move is not learned.
	l.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
	l.Clock.Advance(48 * time.Hour)
	l.SuspendAccreditation() // a question would be an error
	if asked, lapsed, err := l.ConfirmResidents(l.ctx); err != nil || asked != 0 || lapsed != 0 {
		t.Errorf("asked about %d, %d lapsed, %v", asked, lapsed, err)
	}
	if resident, err := l.Resident(l.ctx, v.ID); err != nil || resident {
		t.Errorf("%v, %v", resident, err)
	}
	if r, err := l.Residency(l.ctx, v.ID); err != nil || r.Lapse.Why != catv.Withdrawn {
		t.Errorf("%+v, %v", r.Lapse, err)
	}
}

func TestAfterAWithdrawalResidencyIsProvenAnewAndTheHistoryKept(t *testing.T) {
	l := newLiving(t)
	v := l.enrols("hanako", "はな", "100101", "110011")
	first, err := l.proves("hanako")
	l.well(err, "prove")
	l.Clock.Advance(time.Hour)
	l.well(l.WithdrawResidency(l.ctx, v.ID), "withdraw")
	l.Clock.Advance(time.Hour)
	second, err := l.proves("hanako")
	l.well(err, "prove again")
	if resident, err := l.Resident(l.ctx, v.ID); err != nil || !resident {
		t.Errorf("after the second proof: %v, %v", resident, err)
	}
	all, err := l.Residencies(l.ctx, v.ID)
	if err != nil || len(all) != 2 {
		t.Fatalf("%d proofs, %v", len(all), err)
	}
	now, then := all[0], all[1]
	if now.Application.Draft.Number != second.Application.Draft.Number || !now.Stands() {
		t.Errorf("the present one is %+v", now)
	}
	if then.Application.Draft.Number != first.Application.Draft.Number || then.Lapse.Why != catv.Withdrawn || then.ReplacedAt.IsZero() ||
		string(then.Application.CMS) != string(first.Application.CMS) || len(then.Certificate) == 0 {
		t.Errorf("the former one is %+v", then)
	}
	// What is learned of the certificate is of the present proof alone.
	l.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
	if resident, err := l.Resident(l.ctx, v.ID); err != nil || resident {
		t.Errorf("after the move: %v, %v", resident, err)
	}
	all, _ = l.Residencies(l.ctx, v.ID)
	if all[0].Lapse.Why != catv.LapsedByChange || all[1].Lapse.Why != catv.Withdrawn {
		t.Errorf("%+v, %+v", all[0].Lapse, all[1].Lapse)
	}
}

// In one household each has a consent of their own.
func TestAWithdrawalIsOnesOwn(t *testing.T) {
	l := newLiving(t)
	hanako := l.enrols("hanako", "はな", "100101", "110011")
	taro := l.enrols("taro", "たろう", "100102", "120011")
	for _, who := range []string{"hanako", "taro"} {
		_, err := l.proves(who)
		l.well(err, who)
	}
	l.well(l.WithdrawResidency(l.ctx, taro.ID), "withdraw")
	l.Clock.Advance(24 * time.Hour)
	if asked, _, err := l.ConfirmResidents(l.ctx); err != nil || asked != 1 {
		t.Errorf("asked about %d, %v", asked, err)
	}
	if resident, err := l.Resident(l.ctx, hanako.ID); err != nil || !resident {
		t.Errorf("%v, %v", resident, err)
	}
}
