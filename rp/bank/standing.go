package bank

import (
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// Reissued is the state of a customer whose certificate ended otherwise than by a
// renewal, as with a lost card, and who has a newer one that is valid. Whether the
// four basic data have changed in between is not known.
const Reissued rp.State = "reissued"

// Standing is what is known about the certificate by which a customer is watched.
type Standing struct {
	// State is empty for a customer who was never asked about.
	State  rp.State
	Reason jpki.Reason // for Changed, Revoked, Suspended
	Since  time.Time   // when the authority says it changed
	// ConfirmedAt is when the customer was last known to be unchanged
	// (異動していないことが確定).
	ConfirmedAt time.Time
}

// Final reports whether nothing more can be learned about the customer from the
// authority: only a change form brings the record up to date.
func (s Standing) Final() bool {
	return rp.Status{State: s.State, Reason: s.Reason}.Meaning().Final()
}
