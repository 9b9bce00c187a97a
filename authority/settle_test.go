package authority_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/register"
)

// TestASettlementThatFails: a card was written and its house fell silent. Whichever
// call fails while that is settled, the settlement says so, and the next one finds the
// certificates on the card good: nothing that the card carries is discarded.
func TestASettlementThatFails(t *testing.T) {
	open := func() (*authoritytest.World, *fuse) {
		f := &fuse{}
		house := &interrupted{after: true}
		w := authoritytest.Open(t, "testdata", func(c *authority.Config) {
			house.Cards = c.Writer.(*authoritytest.Cards)
			c.Store, c.Writer = &failing{c.Store, f}, house
		})
		w.Settle(authoritytest.Hanako())
		w.Clock.Advance(time.Hour)
		house.at = 1
		if _, err := w.Do(t.Context(), writingNotice(register.Reissue)); !errors.Is(err, errSilence) {
			t.Fatal(err)
		}
		house.mute = false
		f.used = 0
		return w, f
	}
	w, f := open()
	if err := w.Authority.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	calls := f.used
	inAgreement(t, w, "settled")
	for at := 1; at <= calls; at++ {
		what := fmt.Sprintf("call %d of %d out of order", at, calls)
		w, f := open()
		f.at = at
		wantErr(t, what, w.Authority.Settle(t.Context()), errBlown)
		if err := w.Authority.Settle(t.Context()); err != nil {
			t.Errorf("%s, settled again: %v", what, err)
		}
		inAgreement(t, w, what)
	}
}
