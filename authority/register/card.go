package register

import "time"

// Card is a card the authority has written certificates for.
type Card struct {
	ID         string
	ResidentID string
	IssuedAt   time.Time
	Expires    time.Time // the last second of its last day, Japanese civil time
	// State is what became of the card; empty is in use. Since says when, and
	// is zero for a card that has always been in use.
	State CardState
	Since time.Time
	// Lapses is the last second in which a card that moved with its holder can be
	// taken on in use (継続利用); zero for a card without such a deadline.
	Lapses time.Time
}

// OverAt reports whether the card's last second has passed: the moment at which the
// certificates that last as long as it are over too.
func (c Card) OverAt(at time.Time) bool { return at.After(c.Expires) }

// CardState is what became of a card.
type CardState string

// The states of a card. All but CardInUse and CardLost are final.
const (
	CardInUse    CardState = ""
	CardLost     CardState = "lost"     // 紛失の届出中
	CardVoid     CardState = "void"     // 廃止: final revocation after loss, death, moving abroad; or never handed over
	CardReturned CardState = "returned" // 返納
	CardReplaced CardState = "replaced" // another card was issued
)
