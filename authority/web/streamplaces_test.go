package web

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// TestPlacesOfStreams: four of one verifier, sixteen of all, and each that was
// given back is given again.
func TestPlacesOfStreams(t *testing.T) {
	var p streamPlaces
	var leave []func()
	take := func(verifier string, want bool) {
		t.Helper()
		l, ok := p.enter(context.Background(), verifier, 0)
		if ok != want {
			t.Fatalf("%s: %t with %d places taken", verifier, ok, p.taken)
		}
		if ok {
			leave = append(leave, l)
		}
	}
	for v := range maxStreams / maxOwnStreams {
		for range maxOwnStreams {
			take(fmt.Sprint(v), true)
		}
		take(fmt.Sprint(v), false)
	}
	take("another", false)
	leave[0]()
	take("another", true)
	take("0", false)
	for _, l := range leave[1:] {
		l()
	}
	if p.taken != 0 || len(p.of) != 0 {
		t.Errorf("%d places are taken, of %v", p.taken, p.of)
	}
}

// TestWhoGoesDoesNotWaitForAPlace: the one who asks has gone.
func TestWhoGoesDoesNotWaitForAPlace(t *testing.T) {
	var p streamPlaces
	for range maxOwnStreams {
		if _, ok := p.enter(context.Background(), "bank", 0); !ok {
			t.Fatal("no place")
		}
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if _, ok := p.enter(gone, "bank", time.Hour); ok {
		t.Error("a fifth place")
	}
}
