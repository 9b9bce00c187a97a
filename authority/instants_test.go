package authority_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// TestTheLastSecondOfAValidity is each question and act about a certificate one second
// before the last of its validity, at it, and one after.
func TestTheLastSecondOfAValidity(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct {
		after     time.Duration
		suspended error // what suspending it gives
		successor error // what asking for it as a successor gives
	}{
		{-time.Second, nil, nil},
		{0, nil, nil},
		{time.Second, register.ErrExpired, authority.ErrNoSuccessor},
	} {
		w := open(t)
		first := w.Settle(authoritytest.Hanako()).Certificates[sign]
		w.Clock.Advance(time.Hour)
		do(t, w, notice(register.Reissue))
		serial, err := w.Successor(ctx, authoritytest.Key, sign, first.Serial)
		if err != nil {
			t.Fatal(err)
		}
		end, err := w.Validity(ctx, authoritytest.Key, sign, serial)
		if err != nil {
			t.Fatal(err)
		}
		w.Clock.Set(end.Add(c.after))
		what := fmt.Sprintf("%s from the last second", c.after)
		_, err = w.Successor(ctx, authoritytest.Key, sign, first.Serial)
		wantErr(t, what+", successor", err, c.successor)
		_, err = w.Suspend(ctx, sign, serial, desk.By{})
		wantErr(t, what+", suspend", err, c.suspended)
	}
}

// A CRL is made anew after half its life, and when the clock was moved back before it.
func TestWhenACRLIsMadeAnew(t *testing.T) {
	const half = 12 * time.Hour
	for after, anew := range map[time.Duration]bool{
		-time.Second: true, 0: false, time.Second: false, half - time.Second: false, half: true,
	} {
		w := open(t)
		first := crl(t, w, auth)
		w.Clock.Advance(after)
		if again := crl(t, w, auth); (again.Number.Cmp(first.Number) > 0) != anew || anew && !again.ThisUpdate.Equal(w.Clock.Now()) {
			t.Errorf("%v later: number %v of %v after %v", after, again.Number, again.ThisUpdate, first.Number)
		}
	}
}

// The CAs issue from the first second of their validity to the last.
func TestTheCAsIssueWithinTheirValidity(t *testing.T) {
	first := time.Date(2018, 4, 1, 0, 0, 0, 0, jpki.JST)
	last := time.Date(2048, 3, 31, 23, 59, 59, 0, jpki.JST)
	for at, want := range map[time.Time]error{
		first.Add(-time.Second): ca.ErrOutsideValidity, first: nil, last: nil, last.Add(time.Second): ca.ErrOutsideValidity,
	} {
		wantErr(t, at.String(), ca.CheckValidity(at), want)
	}
}

// What a PIN may have, character by character and length by length.
func TestPINsThatACardTakes(t *testing.T) {
	for _, c := range []struct {
		kind jpki.Kind
		pin  string
		good bool
	}{
		{auth, "0129", true},
		{auth, "123", false}, {auth, "12345", false}, {auth, "", false},
		{auth, "12/4", false}, {auth, "12:4", false}, {auth, "12A4", false},
		{sign, "AZ0189", true}, {sign, "ABC0123456789XYZ", true},
		{sign, "ABC12", false}, {sign, "ABC0123456789XYZ1", false}, {sign, "", false},
		{sign, "ABC12/", false}, {sign, "ABC12:", false}, {sign, "ABC12@", false}, {sign, "ABC12[", false}, {sign, "ABC12a", false},
	} {
		if err := register.CheckPIN(c.kind, c.pin); (err == nil) != c.good {
			t.Errorf("%v %q: %v", c.kind, c.pin, err)
		}
	}
}

// The key of a verifier is what a header and a path can carry, at its shortest and longest.
func TestKeysOfVerifiers(t *testing.T) {
	for key, good := range map[string]bool{
		strings.Repeat("k", 16): true, strings.Repeat("k", 15): false,
		strings.Repeat("k", 128): true, strings.Repeat("k", 129): false,
		"azAZ09-._~azAZ09": true,
	} {
		if err := accreditation.CheckKey(key); (err == nil) != good {
			t.Errorf("%d characters: %v", len(key), err)
		}
	}
	for _, c := range "/:@[`{ ,}^\x7fé\x00" {
		if accreditation.CheckKey("azAZ09-._~azAZ09"+string(c)) == nil {
			t.Errorf("%q is taken", c)
		}
	}
}
