package stage

import (
	"fmt"
	"testing"

	"example.jp/jpkimock/authority/jpki"
)

func TestWhatIsOtherwiseThanItWas(t *testing.T) {
	person := func(c Certificate) []Person { return []Person{{ID: "hanako", Certificates: []Certificate{c}}} }
	good := Certificate{Kind: jpki.DigitalSignature, Serial: "01", State: "good"}
	gone, held, over, next := good, good, good, good
	gone.State, held.State, over.Expired, next.Serial = "revoked", "suspended", true, "02"
	ended := gone
	ended.Expired = true
	for _, c := range []struct {
		before, after Certificate
		want          string
	}{
		{good, good, "[]"}, {over, over, "[]"}, {good, gone, "revoked"}, {good, held, "suspended"}, {held, good, "good"},
		{good, over, "expired"}, {over, good, "valid-again"}, {gone, next, "issued"}, {gone, ended, "[]"},
	} {
		got := "[]"
		if all := changes(person(c.before), person(c.after)); len(all) == 1 && all[0].Person == "hanako" && all[0].Serial == c.after.Serial {
			got = all[0].What
		} else if len(all) > 0 {
			got = fmt.Sprint(all)
		}
		if got != c.want {
			t.Errorf("%v, then %v: %s, want %s", c.before, c.after, got, c.want)
		}
	}
	if all := changes([]Person{{ID: "haruto"}}, person(good)); len(all) != 1 || all[0].What != "issued" {
		t.Errorf("a first certificate: %v", all)
	}
}
