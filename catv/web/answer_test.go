package web

import (
	"errors"
	"strconv"
	"testing"
	"time"
)

// When each place is waited for, a newcomer is told that the house is busy; what
// is over, taken or answered anew makes room.
func TestAnswersThatAreWaitedForKeepTheirPlaces(t *testing.T) {
	now := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	a := newArrivals(func() time.Time { return now })
	put := func(nonce string) string {
		t.Helper()
		id, err := a.put(arrival{token: nonce, nonce: nonce})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	var ids []string
	for i := range maxArrivals {
		ids = append(ids, put(strconv.Itoa(i)))
	}
	if _, err := a.put(arrival{}); !errors.Is(err, errBusy) {
		t.Errorf("one more: %v", err)
	}
	again := put("7")
	if _, ok := a.take(ids[7]); ok {
		t.Error("an answer stands beside a later one to the same challenge")
	}
	if it, ok := a.take(again); !ok || it.token != "7" {
		t.Errorf("%+v, %t", it, ok)
	}
	if _, ok := a.take(again); ok {
		t.Error("taken twice")
	}
	put("") // in the place of the one taken
	put("x")
	if it, ok := a.take(ids[0]); !ok || it.token != "0" {
		t.Errorf("the oldest that is waited for: %+v, %t", it, ok)
	}
	now = now.Add(arrivalLife)
	if _, ok := a.take(ids[1]); ok {
		t.Error("taken too late")
	}
	put("y")
	if len(a.all) != 1 || len(a.order) != 1 {
		t.Errorf("%d, %d are kept", len(a.all), len(a.order))
	}
}
