package desk

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"example.jp/jpkimock/authority/jpki/fold"
	"example.jp/jpkimock/internal/shown"
)

// Role is what an officer's post allows.
type Role string

// The roles: the municipal counter (窓口), the call centre that suspends
// (一時停止の受付), and the ministry that keeps the register of verifiers and the
// tariff (総務省).
const (
	RoleCounter    Role = "counter"
	RoleSuspension Role = "suspension"
	RoleMinistry   Role = "ministry"
)

// Municipality is a municipality (市区町村) with a counter. The romanised names
// go into the certificate.
type Municipality struct {
	Code             string `json:"code"` // 5 digits (全国地方公共団体コード without its check digit)
	Prefecture       string `json:"prefecture"`
	City             string `json:"city"`
	PrefectureRomaji string `json:"prefectureRomaji"` // "Tokyo-to"
	CityRomaji       string `json:"cityRomaji"`       // "Kiyose-shi"
}

// Has reports whether an address says that it is in the municipality, however the
// names are written.
func (m Municipality) Has(address string) bool {
	return strings.HasPrefix(fold.Name(address), fold.Name(m.Prefecture+m.City))
}

// Officer is a person at a desk of the authority, or at a municipality's
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

// Serves gives an *ElsewhereError if another municipality's counter is
// responsible for the residents of m.
func (o Officer) Serves(m Municipality) error { return o.By("").Serves(m) }

// By says who does an act and why; both go into the journal. Officer is empty
// for the authority itself.
type By struct {
	Officer string `json:"officer,omitempty"`
	Why     string `json:"why,omitempty"`

	// Seen is the version of what was shown before the act, empty for none. The act
	// is refused with shown.ErrChanged if it would be shown otherwise now.
	Seen shown.Version `json:"-"`

	counter Municipality // of the officer's counter; empty for a desk that serves the whole country
}

// Having gives the same officer and reason for an act that was shown before.
func (b By) Having(seen shown.Version) By {
	b.Seen = seen
	return b
}

// Counter gives the municipality of the officer's counter, if the officer is
// bound to one.
func (b By) Counter() (m Municipality, bound bool) { return b.counter, b.counter.Code != "" }

// Check refuses texts that are too long for the journal.
func (b By) Check() error {
	return errors.Join(CheckText("officer", b.Officer), CheckText("why", b.Why))
}

// Serves gives an *ElsewhereError for an act on the residents of m by an
// officer of another municipality's counter.
func (b By) Serves(m Municipality) error {
	if own, bound := b.Counter(); bound && own.Code != m.Code {
		return &ElsewhereError{Responsible: m}
	}
	return nil
}

// Officers are the officers of the demonstration: one at the counter of each
// municipality, one in the call centre, one at the ministry.
func Officers() []Officer {
	var all []Officer
	for i, m := range Municipalities() {
		all = append(all, Officer{
			ID: fmt.Sprintf("mado-%d", i+1), Name: officerNames[i], Office: officerOffices[i], Roles: []Role{RoleCounter}, Municipality: m,
		})
	}
	return append(all,
		Officer{ID: "denwa-1", Name: officerNames[3], Office: officerOffices[3], Roles: []Role{RoleSuspension}},
		Officer{ID: "mic-1", Name: officerNames[4], Office: officerOffices[4], Roles: []Role{RoleMinistry}})
}
