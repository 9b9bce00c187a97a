package portal

import (
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/portal/partner"
)

// A silent partner is tried after a minute, twice as long each time, six hours at most.
func TestHowLongADeliveryPauses(t *testing.T) {
	for attempts, want := range map[int]time.Duration{
		1: time.Minute, 2: 2 * time.Minute, 3: 4 * time.Minute, 8: 128 * time.Minute, 9: 256 * time.Minute, 10: 6 * time.Hour, 11: 6 * time.Hour, 1000: 6 * time.Hour,
	} {
		if got := pause(attempts); got != want {
			t.Errorf("after %d: %s, want %s", attempts, got, want)
		}
	}
}

func TestALineOfAForm(t *testing.T) {
	for length, want := range map[int][]int{1: {1}, 16: {16}, 17: {16, 1}, 33: {16, 16, 1}} {
		var got []int
		for _, l := range wrap(strings.Repeat("あ", length)) {
			got = append(got, len([]rune(l)))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d characters: %v, want %v", length, got, want)
		}
	}
	for length, want := range map[int]int{0: 0, 199: 199, 200: 200, 201: 200} {
		if got := len([]rune(shorten(strings.Repeat("あ", length)))); got != want {
			t.Errorf("an error of %d: %d kept", length, got)
		}
	}
}

// What a refusal means depends on whether the partner has had the application.
func TestWhatAPartnersRefusalMeans(t *testing.T) {
	at := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		state partner.State
		code  string
		want  partner.State
		says  string
	}{
		{Waiting, "no_application", partner.Rejected, "no_application"}, {partner.Accepted, "no_application", Waiting, ""},
		{Waiting, "no_customer", partner.Rejected, "解除"}, {partner.Accepted, "no_customer", partner.Rejected, "解除"},
		{Waiting, "another_person", partner.Rejected, "ご本人"}, {Waiting, "revoked", partner.Rejected, "失効"}, {Waiting, "suspended", partner.Rejected, "失効"},
		{Waiting, "expired", partner.Rejected, "失効"}, {Waiting, "conflict", partner.Rejected, "conflict"},
	} {
		r := refusal(Delivery{Application: "PT-1", State: c.state}, &partner.Refused{Code: c.code}, at)
		if r.ID != "PT-1" || r.State != c.want || !r.At.Equal(at) || !strings.Contains(r.Reason, c.says) || (r.Reason == "") != (c.says == "") {
			t.Errorf("%s in state %s: %+v", c.code, c.state, r)
		}
	}
}

// What a change of address costs on paper, and who has moved or differs.
func TestTheOperatorsFigures(t *testing.T) {
	f := Figures{ByState: map[partner.State]int64{partner.Done: 3, partner.Rejected: 2, Waiting: 9}}
	if f.Done() != 3 || f.Rejected() != 2 || f.Postage() != 660 || f.Labour() != 450 {
		t.Errorf("%d done, %d rejected, %d and %d yen", f.Done(), f.Rejected(), f.Postage(), f.Labour())
	}
	for s, want := range map[Standing]bool{Holds: false, NeedsCertificate: true, Invited: true, Left: false} {
		if s.Moved() != want {
			t.Errorf("%s: moved is %t", s, s.Moved())
		}
	}
	yes, no := true, false
	for name, c := range map[string]struct {
		same *bool
		want bool
	}{"not known": {nil, false}, "the same": {&yes, false}, "another": {&no, true}} {
		if (Connection{Same: c.same}).Differs() != c.want {
			t.Errorf("%s: differs is %t", name, !c.want)
		}
	}
}
