package fault

import (
	"slices"
	"testing"

	"example.jp/jpkimock/internal/ui"
)

func boards() (authority, bank *Board) {
	all := []*Board{NewBoard(), NewBoard()}
	for _, b := range all {
		b.Announce("authority", ui.Text{EN: "The authority"}, Usual(nil))
		b.Announce("bank", ui.Text{EN: "The bank"}, Usual(nil))
	}
	all[0].say("authority", nil)
	all[1].say("bank", nil)
	return all[0], all[1]
}

// What fails in one process is said in the others, until it no longer fails.
func TestBoardsOfProcessesTellOneAnother(t *testing.T) {
	authority, bank := boards()
	exchange := func() {
		authority.Hear(bank.Own())
		bank.Hear(authority.Report())
	}
	both := func(want ...string) {
		t.Helper()
		for name, b := range map[string]*Board{"authority": authority, "bank": bank} {
			var says []string
			for _, w := range b.Words() {
				says = append(says, w.EN)
			}
			if !slices.Equal(says, want) {
				t.Errorf("the board of the %s says %q: want %q", name, says, want)
			}
		}
	}
	bankSwitch, authoritySwitch := NewSwitch(Config{House: "bank", Title: ui.Text{EN: "The bank"}, Faults: Usual(nil), Board: bank}), NewSwitch(Config{House: "authority", Title: ui.Text{EN: "The authority"}, Faults: Usual(nil), Board: authority})
	turn := func(s *Switch, wanted map[string]State) {
		t.Helper()
		if err := s.turn(wanted); err != nil {
			t.Fatal(err)
		}
	}
	turn(bankSwitch, map[string]State{"silent": {On: true, Setting: Setting{Count: 3}}})
	exchange()
	both("The bank (no answer, 3 to go)")
	turn(authoritySwitch, map[string]State{"slow": {On: true}})
	exchange()
	both("The authority (answers late)", "The bank (no answer, 3 to go)")
	turn(bankSwitch, map[string]State{"silent": {}})
	exchange()
	both("The authority (answers late)")
}

// Nothing is believed of a house that is here, of one that nobody announced, of a fault that a
// house does not have, or of one with an impossible setting.
func TestABoardBelievesNoStranger(t *testing.T) {
	authority, _ := boards()
	on := State{On: true}
	authority.Hear(Report{"authority": {"silent": on}, "casino": {"silent": on}, "bank": {"<b>": on, "slow": on, "error": {On: true, Setting: Setting{Percent: 200}}}, "": nil})
	if got := authority.Words(); len(got) != 1 || got[0].EN != "The bank (answers late)" {
		t.Errorf("the board says %q", got)
	}
	if got := authority.Report(); len(got) != 2 || len(got["bank"]) != 1 {
		t.Errorf("the board reports %v", got)
	}
}
