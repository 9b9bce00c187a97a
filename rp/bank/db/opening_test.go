package db

import (
	"regexp"
	"testing"
)

func TestEveryCustomerHasAnAccountNumberOfTheirOwn(t *testing.T) {
	seen := make([]bool, accountNumbers)
	for customer := range int64(accountNumbers) {
		n := (customer * accountNumberStep) % accountNumbers
		if seen[n] {
			t.Fatalf("customer %d has the number of another", customer)
		}
		seen[n] = true
	}
	for _, customer := range []int64{0, 1, 2, accountNumbers - 1} {
		no, err := accountNumberOf(customer)
		if err != nil || !regexp.MustCompile(`^[1-9]\d{6}$`).MatchString(no) {
			t.Errorf("customer %d: %q, %v", customer, no, err)
		}
	}
	for _, customer := range []int64{-1, accountNumbers} {
		if no, err := accountNumberOf(customer); err == nil {
			t.Errorf("customer %d has the number %s", customer, no)
		}
	}
}
