package platform

import (
	"errors"
	"strconv"
	"testing"
	"time"
)

func TestWhenEveryPlaceIsAPersonsTheNextIsToldSo(t *testing.T) {
	now := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	w := newWaiting(func() time.Time { return now })
	for i := range MaxLogins {
		if err := w.add(&Login{ID: strconv.Itoa(i), Begun: now, who: &verified{}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.add(&Login{ID: "one more", Begun: now}); !errors.Is(err, ErrBusy) {
		t.Errorf("one more: %v", err)
	}
}
