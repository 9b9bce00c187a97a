package authority_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/memory"
)

// TestPredecessors is a holder of forty certificates, of which one never
// reached its card, between somebody else's.
func TestPredecessors(t *testing.T) {
	ctx := context.Background()
	all := townspeople(auth, 80)
	var hers []jpki.SerialNumber
	for i := range all {
		all[i].ResidentID = []string{"hanako", "taro"}[i%2]
		if all[i].Delivered = i != 76; i%2 == 0 {
			hers = append([]jpki.SerialNumber{all[i].Serial}, hers...)
		}
	}
	store := memory.New()
	if err := store.Commit(ctx, authority.Change{Certificates: all}); err != nil {
		t.Fatal(err)
	}
	w := authoritytest.Open(t, "testdata", func(c *authority.Config) { c.Store = store })
	// hers[0] is the newest, hers[1] (number 76) never reached its card.
	got, err := w.Predecessors(ctx, authoritytest.Key, auth, hers[0])
	if err != nil || !slices.Equal(got, hers[2:34]) {
		t.Errorf("%s, %v; want the 32 before", got, err)
	}
	if _, err := w.Predecessors(ctx, authoritytest.Key, auth, hers[1]); err == nil {
		t.Error("a certificate that reached no card is vouched for")
	}
	got, err = w.Predecessors(ctx, authoritytest.Key, auth, hers[len(hers)-2])
	if err != nil || !slices.Equal(got, hers[len(hers)-1:]) {
		t.Errorf("%s, %v; want the first", got, err)
	}
	_, err = w.Predecessors(ctx, "no-key-of-anybody", auth, hers[0])
	if refused, ok := errors.AsType[*authority.NotAccreditedError](err); !ok || refused.Reason != authority.UnknownKey {
		t.Errorf("a stranger: %v", err)
	}
}
