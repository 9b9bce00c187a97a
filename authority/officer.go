package authority

import (
	"fmt"
	"slices"
)

// Role is what an officer's post allows.
type Role string

// The roles: the municipal counter (窓口), the call centre that suspends
// (一時停止の受付), and the office that keeps the register of verifiers and the
// tariff (総務省).
const (
	RoleCounter    Role = "counter"
	RoleSuspension Role = "suspension"
	RoleMinistry   Role = "ministry"
)

// Officer is a person at a desk of the authority, or of a municipality's
// counter.
type Officer struct {
	ID     string // "mado-1"
	Name   string // 窓口 一郎
	Office string // みほん市 市民課
	Roles  []Role
	// Municipality is whose counter it is: its officers see and act on its own
	// residents. A desk that serves the whole country has none.
	Municipality Municipality
}

// May reports whether the officer's post allows a role's acts.
func (o Officer) May(r Role) bool { return slices.Contains(o.Roles, r) }

// By gives what the journal says of an act of this officer. The act is refused
// where another municipality is responsible.
func (o Officer) By(why string) By {
	return By{Officer: o.ID + " " + o.Name, Why: why, counter: o.Municipality}
}

// Serves gives an *ElsewhereError for a resident whom another municipality's
// counter serves.
func (o Officer) Serves(r Resident) error { return o.By("").within(r.Municipality) }

// within refuses an officer of another municipality's counter.
func (b By) within(m Municipality) error {
	if b.counter.Code == "" || b.counter.Code == m.Code {
		return nil
	}
	return &ElsewhereError{Responsible: m}
}

// responsible refuses an officer of another municipality than the one an act
// belongs to: that of residence, or for a move in that of the new address.
func (n Notice) responsible(r Resident) error {
	switch {
	case n.Event != MoveIn:
		return n.within(r.Municipality)
	case n.Municipality != nil:
		return n.within(*n.Municipality)
	}
	return nil
}

// Officers are the officers of the demonstration: one at the counter of each
// municipality, one at the telephone, one at the ministry.
func Officers() []Officer {
	all := []Officer{
		{ID: "denwa-1", Name: officerNames[3], Office: officerOffices[3], Roles: []Role{RoleSuspension}},
		{ID: "mic-1", Name: officerNames[4], Office: officerOffices[4], Roles: []Role{RoleMinistry}},
	}
	var counters []Officer
	for i, m := range Municipalities() {
		counters = append(counters, Officer{
			ID: fmt.Sprintf("mado-%d", i+1), Name: officerNames[i], Office: officerOffices[i], Roles: []Role{RoleCounter}, Municipality: m,
		})
	}
	return append(counters, all...)
}
