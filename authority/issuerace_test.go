package authority_test

import (
	"context"
	"crypto/rsa"
	"testing"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// meddling is a card house during whose work something else happens, once.
type meddling struct {
	*authoritytest.Cards
	whileKeys, whileWriting func()
}

func happen(f *func()) {
	if now := *f; now != nil {
		*f = nil
		now()
	}
}

func (m *meddling) NewKey(ctx context.Context, cardID string, kind jpki.Kind) (*rsa.PublicKey, error) {
	happen(&m.whileKeys)
	return m.Cards.NewKey(ctx, cardID, kind)
}

func (m *meddling) Blank(ctx context.Context, cardID string) (authority.BlankCard, error) {
	happen(&m.whileKeys)
	return m.Cards.Blank(ctx, cardID)
}

func (m *meddling) Write(ctx context.Context, cardID string, p authority.Personalization) error {
	happen(&m.whileWriting)
	return m.Cards.Write(ctx, cardID, p)
}

// TestNoCertificateSaysWhatIsNoLongerTrue: a move, a death or a loss that is
// recorded while the card makes its keys, or while it is written, ends the issue;
// what was being issued is good for nobody.
func TestNoCertificateSaysWhatIsNoLongerTrue(t *testing.T) {
	ctx := context.Background()
	for _, meanwhile := range []register.LifeEvent{register.MoveHouse, register.Death, register.Loss} {
		for _, issuing := range []register.LifeEvent{register.Reissue, register.CardIssue} {
			if meanwhile == register.Loss && issuing == register.CardIssue {
				continue // the loss of one card says nothing of the next
			}
			for _, late := range []bool{false, true} {
				house := &meddling{}
				w := authoritytest.Open(t, "testdata", func(c *authority.Config) {
					house.Cards = c.Writer.(*authoritytest.Cards)
					c.Writer = house
				})
				w.Settle(authoritytest.Hanako())
				meddle := func() { do(t, w, notice(meanwhile)) }
				if late {
					house.whileWriting = meddle
				} else {
					house.whileKeys = meddle
				}
				_, err := w.Do(ctx, notice(issuing))
				what := string(issuing) + " during " + string(meanwhile)
				wantErr(t, what, err, authority.ErrChangedMeanwhile)
				all, err := w.CertificatesOf(ctx, "hanako")
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range all {
					signs := c.Kind == sign || meanwhile == register.Death
					if s := status(t, w, c); signs && s.State == register.Good || !c.Delivered && s.State != register.Revoked {
						t.Errorf("%s (late %v): %v %s stands as %+v", what, late, c.Kind, c.Serial, s)
					}
				}
			}
		}
	}
}
