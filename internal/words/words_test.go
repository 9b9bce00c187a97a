package words_test

import (
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/words"
)

func TestEveryReasonKindAndGenderHasWordsOfItsOwn(t *testing.T) {
	said := map[ui.Text]string{}
	own := func(what string, text ui.Text) {
		t.Helper()
		if text.JA == "" || text.EN == "" || said[text] != "" {
			t.Errorf("%s is said %+v, as is %s", what, text, said[text])
		}
		said[text] = what
	}
	for r := jpki.Reason(0); r < 11; r++ {
		if r.Valid() {
			own(r.String(), words.Reason(r))
		}
	}
	own("another reason", words.Reason(99))
	for _, k := range append(jpki.Kinds(), 0) {
		own("kind "+k.String(), words.Kind(k))
		own("advice for "+k.String(), words.Advice(jpki.Unspecified, k))
	}
	for _, g := range []jpki.Gender{jpki.Male, jpki.Female, jpki.NotApplicable} {
		own("gender "+g.Japanese(), words.Gender(g))
	}
	for _, r := range []jpki.Reason{jpki.AffiliationChanged, jpki.Superseded, jpki.KeyCompromise, jpki.CessationOfOperation} {
		own("advice after "+r.String(), words.Advice(r, jpki.DigitalSignature))
	}
}
