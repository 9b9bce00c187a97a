package sealed_test

import (
	"bytes"
	"errors"
	"testing"

	"example.jp/jpkimock/internal/sealed"
)

func TestSealedContentOpensInItsPlaceAlone(t *testing.T) {
	key, content, row := sealed.NewKey(), []byte("アオバサルタン"), []byte("row 1, waiting")
	box, err := sealed.Seal(key, content, row)
	if err != nil || bytes.Contains(box, content) {
		t.Fatalf("%q: %v", box, err)
	}
	if again, _ := sealed.Seal(key, content, row); bytes.Equal(again, box) {
		t.Error("the same content is sealed to the same octets")
	}
	if got, err := sealed.Open(key, box, row); err != nil || !bytes.Equal(got, content) {
		t.Errorf("opened %q: %v", got, err)
	}
	changed := bytes.Clone(box)
	changed[len(changed)-1] ^= 1
	for name, try := range map[string][3][]byte{
		"another key": {sealed.NewKey(), box, row}, "no key": {nil, box, row}, "another row": {key, box, []byte("row 2, waiting")},
		"changed": {key, changed, row}, "cut off": {key, box[:30], row}, "nothing": {key, nil, row},
	} {
		if got, err := sealed.Open(try[0], try[1], try[2]); !errors.Is(err, sealed.ErrSealed) || got != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if _, err := sealed.Seal(nil, content, row); err == nil {
		t.Error("sealed without a key")
	}
}
