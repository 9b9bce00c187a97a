package virtualcard

import "testing"

func TestWhoeverHasTheSeatIsToldOnceThatSomebodyWaits(t *testing.T) {
	var s seat
	told := make(chan struct{}, 2)
	s.whenWanted(func() { told <- struct{}{} })
	if s.awaited() || len(told) != 0 {
		t.Fatal("nobody waits yet")
	}
	first, second := s.queue(), s.queue()
	<-told
	if !s.awaited() {
		t.Error("two wait, and it is not said")
	}
	first()
	if !s.awaited() {
		t.Error("one still waits, and it is not said")
	}
	s.whenWanted(func() { told <- struct{}{} })
	<-told // at once: somebody waits already
	second()
	if s.awaited() {
		t.Error("nobody waits any more, and it is said")
	}
	s.whenWanted(nil)
}
