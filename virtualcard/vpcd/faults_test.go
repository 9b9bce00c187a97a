package vpcd

import (
	"errors"
	"strings"
	"testing"
)

func TestFaultsOfAReader(t *testing.T) {
	s, listener := newStand(t, "hanako", true)
	s.must(s.reader.SetFaults(Faults{WrongStatus: 2, Garbled: 3, Removed: 4}))
	d := s.sees(listener, atrOfCard)
	d.say(selectJPKI)
	d.hear("9000")
	d.say("00a4020c020018")
	d.hear("6f00") // and it was not done
	d.say("00200080")
	d.hear("69") // half an answer
	d.say(selectJPKI)
	d.seesNone()
	d = s.sees(listener, atrOfCard)
	d.say(selectJPKI)
	d.hear("9000") // each of these faults comes once
	if s.reader.Faults() != (Faults{WrongStatus: 2, Garbled: 3, Removed: 4}) {
		t.Errorf("%+v", s.reader.Faults())
	}
	for _, line := range []string{"SELECT user authentication PIN (0018): error", "VERIFY, tries left of no file: not an answer", "SELECT JPKI application: no answer"} {
		if !strings.Contains(s.reader.Log().Text(), line) {
			t.Errorf("the log lacks %q:\n%s", line, s.reader.Log().Text())
		}
	}
	if err := s.reader.SetFaults(Faults{Garbled: -1}); !errors.Is(err, ErrFaults) {
		t.Errorf("%v", err)
	}
}

func TestAMuteCardIsNotNoticedUntilTheFaultIsOver(t *testing.T) {
	s, listener := newStand(t, "hanako", true)
	d := s.sees(listener, atrOfCard)
	s.must(s.reader.SetFaults(Faults{Mute: true}))
	d.seesNone()
	s.must(s.reader.SetFaults(Faults{Slow: true}))
	d = s.sees(listener, atrOfCard)
	d.say(selectJPKI)
	d.hear("9000")
	if n := s.slow.Load(); n != 1 {
		t.Errorf("%d answers were slow", n)
	}
}
