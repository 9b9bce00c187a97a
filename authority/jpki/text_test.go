package jpki_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
)

func TestCheckLine(t *testing.T) {
	for s, want := range map[string]struct{ line, certifiable bool }{
		"葛城　光":               {true, true},
		"𠮷野　桜子":              {true, true},
		"O'Neill José-María": {true, true},
		"葛󠄀城　光":              {true, false}, // a selector
		"カ\u3099ンタ\u3099":    {true, false}, // marks
		"":                   {},
		"　":                  {},
		" \u00a0　":           {},
		"　花":                 {true, true}, "花　": {true, true}, "花 ": {true, true},
		"花\x00子":                           {},
		"花\n子":                             {},
		"花\u202e子":                         {},
		"花\u200b子":                         {},
		"花\u2028子":                         {},
		"花\ufeff子":                         {},
		"花\ufffd子":                         {},
		"花\ue000子":                         {}, // private use
		"花\U000e0001子":                     {},
		"花\xff子":                           {},
		"\xed\xa1\x82子":                    {}, // half a surrogate pair
		strings.Repeat("花", 200):           {true, true},
		strings.Repeat("花", 201):           {},
		strings.Repeat("葛\U000e0100", 200): {true, false},
		strings.Repeat("葛\U000e0100", 201): {},
	} {
		line, certifiable := jpki.CheckLine(s, 200), jpki.CheckCertifiable(s)
		if (line == nil) != want.line || (certifiable == nil) != want.certifiable {
			t.Errorf("%q: %v, %v", s, line, certifiable)
		}
		for _, err := range []error{line, certifiable} {
			if _, ok := errors.AsType[*jpki.TextError](err); err != nil && !ok {
				t.Errorf("%q: %v", s, err)
			}
		}
	}
}

func TestCharacters(t *testing.T) {
	for s, want := range map[string][]string{
		"":       nil,
		"葛城":     {"葛", "城"},
		"葛󠄀城󠄁":   {"葛󠄀", "城󠄁"},
		"\ufe00": {"\ufe00"},
	} {
		if got := jpki.SplitCharacters(s); !slices.Equal(got, want) {
			t.Errorf("%q: %q", s, got)
		}
	}
	if jpki.Characters("葛󠄀城󠄁　光") != 4 {
		t.Error("a selector counts")
	}
}
