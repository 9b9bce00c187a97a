package jpki_test

import (
	"encoding/json"
	"errors"
	"testing"

	"example.jp/jpkimock/authority/jpki"
)

// Plastic has a name in requests and none on a card; there are three makes and no more.
func TestTheMakesOfACard(t *testing.T) {
	for text, want := range map[string]jpki.CardVariant{
		`"plastic"`: jpki.Plastic, `""`: jpki.Plastic, `"plastic-2023"`: jpki.Plastic2023, `"android-token"`: jpki.AndroidToken,
	} {
		var v jpki.CardVariant
		if err := json.Unmarshal([]byte(text), &v); err != nil || v != want || v.Check() != nil {
			t.Errorf("%s is read as %q, %v: %v", text, v, err, v.Check())
		}
		if v.LongLengths() != (want == jpki.Plastic2023) {
			t.Errorf("%s: three bytes for a length: %v", text, v.LongLengths())
		}
	}
	for _, text := range []string{`"wood"`, `"Plastic"`, `"plastic-2024"`, `"android"`} {
		var v jpki.CardVariant
		if err := json.Unmarshal([]byte(text), &v); !errors.Is(err, jpki.ErrCardVariant) {
			t.Errorf("%s is read as %q, %v", text, v, err)
		}
	}
	if err := jpki.CardVariant("plastic").Check(); !errors.Is(err, jpki.ErrCardVariant) {
		t.Errorf("the name in requests is on a card: %v", err)
	}
}
