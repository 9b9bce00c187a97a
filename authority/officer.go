package authority

import "slices"

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

// Officer is a person at a desk of the authority.
type Officer struct {
	ID     string // "mado-1"
	Name   string // 窓口 一郎
	Office string // みほん市 市民課
	Roles  []Role
}

// May reports whether the officer's post allows a role's acts.
func (o Officer) May(r Role) bool { return slices.Contains(o.Roles, r) }

// By gives what the journal says of an act of this officer.
func (o Officer) By(why string) By { return By{Officer: o.ID + " " + o.Name, Why: why} }

// Officers are the officers of the demonstration, of four desks.
func Officers() []Officer {
	return []Officer{
		{ID: "mado-1", Name: officerNames[0], Office: officerOffices[0], Roles: []Role{RoleCounter}},
		{ID: "mado-2", Name: officerNames[1], Office: officerOffices[1], Roles: []Role{RoleCounter}},
		{ID: "denwa-1", Name: officerNames[2], Office: officerOffices[2], Roles: []Role{RoleSuspension}},
		{ID: "mic-1", Name: officerNames[3], Office: officerOffices[3], Roles: []Role{RoleMinistry}},
	}
}
