package platform

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"example.jp/jpkimock/internal/held"
)

func TestWhenEveryPlaceIsAPersonsTheNextIsToldSo(t *testing.T) {
	now := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	logins := newLogins(func() time.Time { return now })
	for i := range MaxLogins {
		if err := logins.Put(strconv.Itoa(i), Login{Begun: now, who: &verified{}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := logins.Put("one more", Login{Begun: now}); !errors.Is(err, held.ErrFull) {
		t.Errorf("one more: %v", err)
	}
}
