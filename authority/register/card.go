package register

import (
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Card is a card the authority has written certificates for.
type Card struct {
	ID         string
	ResidentID string
	IssuedAt   time.Time
	Expires    time.Time // the end of its last day, Japanese civil time
	// State is what became of the card; empty is in use. Since says when, and
	// is zero for a card that has always been in use.
	State CardState
	Since time.Time
}

// CardState is what became of a card.
type CardState string

// The states of a card. All but CardInUse and CardLost are final.
const (
	CardInUse    CardState = ""
	CardLost     CardState = "lost"     // 紛失の届出中
	CardVoid     CardState = "void"     // 廃止: final revocation after loss, death, moving abroad
	CardReturned CardState = "returned" // 返納
	CardReplaced CardState = "replaced" // another card was issued
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

// CardExpiry is the last day of a new card: the tenth birthday after issue, or
// the fifth for a person under 18.
func CardExpiry(birth jpki.DateOfBirth, at time.Time) time.Time {
	if age := birth.Age(at); age >= 0 && age < 18 {
		return Birthday(birth, at, 5)
	}
	return Birthday(birth, at, 10)
}

// RenewableFrom gives the first moment at which a certificate that ends at
// notAfter can be renewed: three months before, at the beginning of the day by
// Japanese civil time.
func RenewableFrom(notAfter time.Time) time.Time {
	const months = 3
	y, m, d := notAfter.In(jpki.JST).Date()
	from := time.Date(y, m-months, d, 0, 0, 0, 0, jpki.JST)
	if want := (int(m)-months+11)%12 + 1; int(from.Month()) != want { // 31 May less three months is the end of February
		from = time.Date(y, m-months+1, 0, 0, 0, 0, 0, jpki.JST)
	}
	return from.UTC()
}
