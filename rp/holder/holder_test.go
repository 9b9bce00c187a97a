package holder_test

import (
	"context"
	"errors"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/holder"
)

// links is the authority's answer about a card that was renewed twice: 1A, 1B and now 1C,
// with 0C beside it.
type links struct{ fail error }

func (l *links) Pair(context.Context, jpki.Kind, jpki.SerialNumber) (jpki.SerialNumber, error) {
	return "0C", l.fail
}

func (l *links) Successor(context.Context, jpki.Kind, jpki.SerialNumber) (jpki.SerialNumber, error) {
	return "", l.fail
}

func (l *links) Predecessors(context.Context, jpki.Kind, jpki.SerialNumber) ([]jpki.SerialNumber, error) {
	return []jpki.SerialNumber{"1B", "1A"}, l.fail
}

// What is kept under a certificate or one before it is found, and nothing else.
func TestOf(t *testing.T) {
	h := &links{}
	nobody, silence := errors.New("nobody"), errors.New("silence")
	find := func(knows string, broken error) func(context.Context, jpki.SerialNumber) (string, error) {
		return func(_ context.Context, s jpki.SerialNumber) (string, error) {
			if string(s) == knows {
				return "file of " + knows, broken
			}
			return "", nobody
		}
	}
	for _, c := range []struct {
		knows string
		moved bool
		err   error
	}{{"1C", false, nil}, {"1B", true, nil}, {"1A", true, nil}, {"0C", false, nobody}, {"", false, nobody}} {
		kept, moved, err := holder.Of(t.Context(), h, "1C", find(c.knows, nil), nobody)
		if !errors.Is(err, c.err) || moved != c.moved || (err == nil) != (kept == "file of "+c.knows) {
			t.Errorf("known by %q: %q, %t, %v", c.knows, kept, moved, err)
		}
	}
	for _, knows := range []string{"1C", "1A"} {
		if _, moved, err := holder.Of(t.Context(), h, "1C", find(knows, silence), nobody); !errors.Is(err, silence) || moved {
			t.Errorf("a store that fails at %s: %t, %v", knows, moved, err)
		}
	}
	h.fail = silence
	if _, moved, err := holder.Of(t.Context(), h, "1C", find("1A", nil), nobody); !errors.Is(err, silence) || moved {
		t.Errorf("silence of the authority: %t, %v", moved, err)
	}
}
