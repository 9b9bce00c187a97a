package cost_test

import (
	"testing"

	"example.jp/jpkimock/rp/bank/cost"
)

func TestTheComparisonOfTheExample(t *testing.T) {
	p := cost.Example()
	// 10,000 × (220 + 150) + 500 × 3,000 against 10,000 × 20 + 137 × 260.
	if got := p.ByPost().Yen(); got != 5_200_000 {
		t.Errorf("by post %d", got)
	}
	if got := p.ByCertificate().Yen(); got != 235_620 {
		t.Errorf("by certificate %d", got)
	}
}

func TestEveryPriceCanBeTyped(t *testing.T) {
	fields := map[string]cost.Field{}
	for _, f := range cost.Fields() {
		fields[f.Name] = f
		p := cost.Prices{}
		if shown := f.Value(cost.Example()); !f.Set(&p, shown) || f.Value(p) != shown {
			t.Errorf("%s: %q is read as %q", f.Name, shown, f.Value(p))
		}
	}
	for _, tc := range []struct {
		field, typed, want string
		ok                 bool
	}{
		{"customers", "２８４０，０００人", "2840000", true},
		{"customers", "0", "", false},
		{"customers", "100000001", "", false},
		{"customers", "99999999999999999999", "", false},
		{"customers", "-1", "", false},
		{"customers", "1.5", "", false},
		{"customers", "", "", false},
		{"postage", "84円", "84", true},
		{"changed", "1.37", "1.37", true},
		{"changed", "1.3%", "1.3", true},
		{"changed", "100", "100", true},
		{"changed", "0.05", "0.05", true},
		{"changed", "10.5", "10.5", true},
		{"changed", "100.01", "", false},
		{"changed", "1.375", "", false},
		{"changed", ".", "", false},
		{"changed", ".5", "", false},
		{"changed", "%", "", false},
		{"visit", "NaN", "", false},
	} {
		p := cost.Example()
		if ok := fields[tc.field].Set(&p, tc.typed); ok != tc.ok || ok && fields[tc.field].Value(p) != tc.want {
			t.Errorf("%s %q: %v, %q: want %v, %q", tc.field, tc.typed, ok, fields[tc.field].Value(p), tc.ok, tc.want)
		}
	}
}

func TestNoSumRunsOver(t *testing.T) {
	var p cost.Prices
	for _, f := range cost.Fields() {
		typed := "100000000"
		if f.Share {
			typed = "100"
		} else if f.Max < 100_000_000 {
			typed = map[int64]string{366: "366", 100_000: "100000", 1_000_000: "1000000"}[f.Max]
		}
		if !f.Set(&p, typed) {
			t.Fatalf("%s cannot be %s", f.Name, typed)
		}
	}
	if a, b := p.ByPost().Yen(), p.ByCertificate().Yen(); a != 36_600_000_000*(100_000+100_000+1_000_000) || b != 36_600_000_000*1_100_000 {
		t.Errorf("%d and %d", a, b)
	}
}
