package vpcd

import (
	"errors"
	"strings"
	"testing"

	"example.jp/jpkimock/virtualcard"
)

func TestFaultsOfAReader(t *testing.T) {
	s, listener := newStand(t, "hanako", true)
	s.must(s.reader.SetFaults(virtualcard.Faults{WrongStatus: 2, Garbled: 3, Removed: 4}))
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
	if s.reader.Faults() != (virtualcard.Faults{WrongStatus: 2, Garbled: 3, Removed: 4}) {
		t.Errorf("%+v", s.reader.Faults())
	}
	for _, line := range []string{"SELECT user authentication PIN (0018): error", "VERIFY, tries left of no file: not an answer", "SELECT JPKI application: no answer"} {
		if !strings.Contains(s.reader.Log().Text(), line) {
			t.Errorf("the log lacks %q:\n%s", line, s.reader.Log().Text())
		}
	}
	if err := s.reader.SetFaults(virtualcard.Faults{Garbled: -1}); !errors.Is(err, virtualcard.ErrFaults) {
		t.Errorf("%v", err)
	}
}

func TestAMuteCardIsNotNoticedUntilTheFaultIsOver(t *testing.T) {
	s, listener := newStand(t, "hanako", true)
	d := s.sees(listener, atrOfCard)
	s.must(s.reader.SetFaults(virtualcard.Faults{Mute: true}))
	d.seesNone()
	s.must(s.reader.SetFaults(virtualcard.Faults{Slow: true}))
	d = s.sees(listener, atrOfCard)
	d.say(selectJPKI)
	d.hear("9000")
	if n := s.slow.Load(); n != 1 {
		t.Errorf("%d answers were slow", n)
	}
}

func TestACardIsMuteInAReaderUntilTheFaultIsOver(t *testing.T) {
	s, listener := newStand(t, "hanako", true)
	all := NewReaders(s.reader)
	d := s.sees(listener, atrOfCard)
	s.must(all.SetCardFaults(t.Context(), s.cabinet, "hanako", virtualcard.Faults{Mute: true}))
	d.seesNone()
	if state := s.reader.State(); state.Card != "hanako" || !state.Dead {
		t.Errorf("%+v", state)
	}
	s.must(all.SetCardFaults(t.Context(), s.cabinet, "hanako", virtualcard.Faults{WrongStatus: 1}))
	d = s.sees(listener, atrOfCard)
	d.say(selectJPKI)
	d.hear("6f00")
	if state := s.reader.State(); state.Dead {
		t.Errorf("%+v", state)
	}
	s.must(s.cabinet.Kill(t.Context(), "hanako"))
	s.must(all.SetCardFaults(t.Context(), s.cabinet, "hanako", virtualcard.Faults{Mute: true}))
	s.must(all.SetCardFaults(t.Context(), s.cabinet, "hanako", virtualcard.Faults{}))
	if state := s.reader.State(); !state.Dead {
		t.Errorf("a dead chip is woken: %+v", state)
	}
}
