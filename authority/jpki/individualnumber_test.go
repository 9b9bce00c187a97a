package jpki_test

import (
	"errors"
	"fmt"
	"testing"

	"example.jp/jpkimock/authority/jpki"
)

// rightCheckDigit is the article's sum, written as the article writes it: Pn is the
// n-th digit from the check digit on, Qn is n+1 up to 6 and n-5 from 7 on.
func rightCheckDigit(digits string) string {
	sum := 0
	for n := 1; n <= 11; n++ {
		q := n + 1
		if n >= 7 {
			q = n - 5
		}
		sum += int(digits[11-n]-'0') * q
	}
	if sum%11 <= 1 {
		return "0"
	}
	return fmt.Sprint(11 - sum%11)
}

// No Individual Number of this project can be somebody's.
func TestAnIndividualNumberIsImpossible(t *testing.T) {
	seen := map[jpki.IndividualNumber]bool{}
	for i := range 3000 {
		n := jpki.InventIndividualNumber(fmt.Sprintf("resident-%d", i))
		if len(n) != 12 || string(n[11]) == rightCheckDigit(string(n)) {
			t.Fatalf("%s could be somebody's number", n)
		}
		if got, err := jpki.ParseIndividualNumber(string(n)); err != nil || got != n {
			t.Fatalf("%s: %q, %v", n, got, err)
		}
		if again := jpki.InventIndividualNumber(fmt.Sprintf("resident-%d", i)); again != n {
			t.Fatalf("resident %d has %s and %s", i, n, again)
		}
		real := string(n[:11]) + rightCheckDigit(string(n))
		if _, err := jpki.ParseIndividualNumber(real); !errors.Is(err, jpki.ErrIndividualNumber) {
			t.Fatalf("%s has the right check digit and was taken: %v", real, err)
		}
		seen[n] = true
	}
	if len(seen) < 2990 {
		t.Errorf("%d numbers of 3000 seeds", len(seen))
	}
	for _, s := range []string{"", "12345678901", "1234567890123", "12345678901a", "１２３４"} {
		if _, err := jpki.ParseIndividualNumber(s); !errors.Is(err, jpki.ErrIndividualNumber) {
			t.Errorf("%q: %v", s, err)
		}
	}
}
