package authority_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/memory"
	"example.jp/jpkimock/authority/register"
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
	if refused, ok := errors.AsType[*accreditation.NotAccreditedError](err); !ok || refused.Reason != accreditation.UnknownKey {
		t.Errorf("a stranger: %v", err)
	}
}

// TestTheEndOfAValidity: told to whoever may ask about the kind, and never
// counted.
func TestTheEndOfAValidity(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	c := w.Settle(authoritytest.Hanako()).Certificates[sign]
	end, err := w.Validity(ctx, authoritytest.Key, sign, c.Serial)
	if err != nil || !end.Equal(c.NotAfter) {
		t.Errorf("%s, %v; want %s", end, err, c.NotAfter)
	}
	for _, unknown := range []jpki.SerialNumber{"7FFFFFFF", "01", "FFFFFFFFFFFFFFFFFFFF"} {
		_, err := w.Validity(ctx, authoritytest.Key, sign, unknown)
		wantErr(t, unknown.String(), err, register.ErrNoCertificate)
	}
	if refused, ok := errors.AsType[*accreditation.NotAccreditedError](errorOf(w.Validity(ctx, "not-a-key-of-anybody", sign, c.Serial))); !ok {
		t.Errorf("a stranger: %v", refused)
	}
	bill, err := w.Ministry.Statement(ctx, "test-bank", "2026-04")
	if err != nil || bill.Count != 0 {
		t.Errorf("%d on the bill, %v", bill.Count, err)
	}
}

func errorOf(_ time.Time, err error) error { return err }
