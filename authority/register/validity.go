package register

import (
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// How long cards and certificates are valid: every bound of every act. Sources:
// the Agency's page on validity (有効期間, copy of 2019) and pages of municipalities
// (東村山市 2018, 大口町, 足立区 2024; 西ノ島町, 安曇野市 and 目黒区 on the day from which
// a renewal is taken).
//
//	what                          ends with the earliest of
//	card                          the 10th birthday after issue; the 5th under 18; a day that the counter sets
//	authentication certificate    the 5th birthday after issue, the card, the CA
//	  renewed with under three    the 6th birthday after issue, the card, the CA
//	  months left
//	signature certificate         the same, and the authentication certificate on the card
//
// A day ends at 23:59:59 by Japanese civil time. The day of issue does not count as
// a birthday. Who is born on 29 February has the birthday on the 28th in common
// years, which no source settles.
const (
	cardBirthdays        = 10
	childCardBirthdays   = 5 // under adultAge
	adultAge             = 18
	certificateBirthdays = 5
	renewedBirthdays     = 6
	renewableMonths      = 3
)

// EndOfDay gives 23:59:59 of a moment's day by Japanese civil time.
func EndOfDay(t time.Time) time.Time {
	y, m, d := t.In(jpki.JST).Date()
	return time.Date(y, m, d, 23, 59, 59, 0, jpki.JST).UTC()
}

// Birthday gives the end of the n-th birthday after the day of at. Somebody
// born on 29 February has it on the 28th in common years. Where month or day
// of birth are unknown, the day of at stands for it.
func Birthday(birth jpki.DateOfBirth, at time.Time, n int) time.Time {
	y, m, d := at.In(jpki.JST).Date()
	bm, bd := time.Month(birth.Month), birth.Day
	if bm == 0 || bd == 0 {
		bm, bd = m, d
	}
	if m < bm || m == bm && d < bd {
		n--
	}
	end := time.Date(y+n, bm, bd, 23, 59, 59, 0, jpki.JST)
	if end.Month() != bm {
		end = time.Date(y+n, bm+1, 0, 23, 59, 59, 0, jpki.JST)
	}
	return end.UTC()
}

// CardExpiry is the last day of a new card.
func CardExpiry(birth jpki.DateOfBirth, at time.Time) time.Time {
	if age := birth.Age(at); age >= 0 && age < adultAge {
		return Birthday(birth, at, childCardBirthdays)
	}
	return Birthday(birth, at, cardBirthdays)
}

// CertificateExpiries gives the end of validity of each certificate that is
// written onto a card at one time. carried are the valid certificates that are
// on the card before; those of the same kinds are replaced.
func CertificateExpiries(r Resident, card Card, kinds []jpki.Kind, carried []Certificate, at time.Time) map[jpki.Kind]time.Time {
	before := map[jpki.Kind]time.Time{}
	for _, c := range carried {
		before[c.Kind] = c.NotAfter
	}
	ends := map[jpki.Kind]time.Time{}
	for _, kind := range kinds {
		birthdays := certificateBirthdays
		if end, renewed := before[kind]; renewed && !at.Before(RenewableFrom(end)) {
			birthdays = renewedBirthdays
		}
		ends[kind] = earlier(Birthday(r.BasicFour.DateOfBirth, at, birthdays), EndOfDay(card.Expires))
	}
	authentication, beside := ends[jpki.UserAuthentication]
	if !beside {
		authentication, beside = before[jpki.UserAuthentication]
	}
	if end, signing := ends[jpki.DigitalSignature]; signing && beside {
		ends[jpki.DigitalSignature] = earlier(end, authentication)
	}
	return ends
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// RenewableFrom gives the first moment at which a certificate that ends at
// notAfter can be renewed: when less than three months are left (３か月未満), at the
// beginning of the day after the same day three months before. If that month
// has no such day, it is the first of the next one.
func RenewableFrom(notAfter time.Time) time.Time {
	y, m, d := notAfter.In(jpki.JST).Date()
	first := time.Date(y, m-renewableMonths, 1, 0, 0, 0, 0, jpki.JST)
	if days := first.AddDate(0, 1, -1).Day(); d > days {
		return first.AddDate(0, 1, 0).UTC()
	}
	return first.AddDate(0, 0, d).UTC()
}
