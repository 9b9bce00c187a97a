package virtualcard_test

import (
	"context"
	"crypto/rsa"
	"errors"
	"testing"
	"testing/synctest"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/fuse"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/chip"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

// outOfOrder is a store and a key source, of which one call fails.
type outOfOrder struct {
	virtualcard.Store
	*fuse.Fuse
}

func (o outOfOrder) CreateCard(ctx context.Context, card virtualcard.Card) error {
	return o.Do(func() error { return o.Store.CreateCard(ctx, card) })
}

func (o outOfOrder) Card(ctx context.Context, id virtualcard.CardID) (virtualcard.Card, error) {
	return fuse.Call(o.Fuse, func() (virtualcard.Card, error) { return o.Store.Card(ctx, id) })
}

func (o outOfOrder) Cards(ctx context.Context) ([]virtualcard.Card, error) {
	return fuse.Call(o.Fuse, func() ([]virtualcard.Card, error) { return o.Store.Cards(ctx) })
}

func (o outOfOrder) ChangeCard(ctx context.Context, id virtualcard.CardID, change func(*virtualcard.Card) error) error {
	return o.Do(func() error { return o.Store.ChangeCard(ctx, id, change) })
}

func (o outOfOrder) SpendTry(ctx context.Context, id virtualcard.CardID, r chip.Ref) (left int, spent bool, err error) {
	err = o.Do(func() (err error) { left, spent, err = o.Store.SpendTry(ctx, id, r); return err })
	return left, spent, err
}

func (o outOfOrder) RestoreTries(ctx context.Context, id virtualcard.CardID, r chip.Ref, tries int) error {
	return o.Do(func() error { return o.Store.RestoreTries(ctx, id, r, tries) })
}

func (o outOfOrder) Key(ctx context.Context, id virtualcard.CardID, k jpki.Kind) (*rsa.PrivateKey, error) {
	return fuse.Call(o.Fuse, func() (*rsa.PrivateKey, error) { return cardtest.Keys{}.Key(ctx, id, k) })
}

// Whatever of the store or the key source fails, the act fails with it and can be done
// again.
func TestNoFailureOfACabinetIsSwallowed(t *testing.T) {
	ctx := t.Context()
	o := outOfOrder{virtualcard.NewMemoryStore(), &fuse.Fuse{}}
	open := func() (*virtualcard.Cabinet, error) {
		return virtualcard.Open(ctx, virtualcard.Config{Store: o, Keys: o, Now: cardtest.Now})
	}
	again := func(act func(*virtualcard.Cabinet) error) func() func() error {
		return func() func() error { // in a cabinet that has just been opened, and knows no card
			cabinet, err := open()
			if err != nil {
				t.Fatal(err)
			}
			return func() error { return act(cabinet) }
		}
	}
	o.Everywhere(t, "open", func() func() error { return func() error { _, err := open(); return err } })
	o.Everywhere(t, "blank", again(func(c *virtualcard.Cabinet) error {
		_, err := c.Blank(ctx, "hanako")
		return err
	}))
	o.Everywhere(t, "personalize", again(func(c *virtualcard.Cabinet) error {
		key, err := cardtest.Keys{}.Key(ctx, "hanako", auth)
		if err != nil {
			t.Fatal(err)
		}
		return c.Personalize(ctx, "hanako", virtualcard.Personalization{
			PINs: map[jpki.Kind]string{auth: "1234"}, Certificates: map[jpki.Kind][]byte{auth: cardtest.Certificate(t, auth, &key.PublicKey)},
		})
	}))
	for name, act := range map[string]func(*virtualcard.Cabinet) error{
		"new key": func(c *virtualcard.Cabinet) error { _, err := c.NewKey(ctx, "hanako", auth); return err },
		"unblock": func(c *virtualcard.Cabinet) error { return c.Unblock(ctx, "hanako", chip.AuthenticationPIN, "1234") },
		"list": func(c *virtualcard.Cabinet) error {
			all, err := c.List(ctx)
			if err == nil && len(all) != 1 {
				t.Errorf("listed %v", all)
			}
			return err
		},
		"card": func(c *virtualcard.Cabinet) error { _, err := c.Card(ctx, "hanako"); return err },
		"new PIN in a reader": func(c *virtualcard.Cabinet) error {
			reader, err := c.Connect(ctx, "hanako")
			if err != nil {
				return err
			}
			defer reader.Close()
			card := jpkiap.New(reader)
			if err := card.Select(ctx); err != nil {
				t.Fatal(err)
			}
			return card.ChangePIN(ctx, auth, "1234", "1234")
		},
	} {
		o.Everywhere(t, name, again(act))
	}
	o.Everywhere(t, "kill", again(func(c *virtualcard.Cabinet) error { return c.Kill(ctx, "hanako") }))
}

// A cabinet is not opened without one of its parts, and a card has keys of two kinds.
func TestWhatACabinetNeeds(t *testing.T) {
	whole := virtualcard.Config{Store: virtualcard.NewMemoryStore(), Keys: cardtest.Keys{}, Now: cardtest.Now}
	for what, without := range map[string]func(*virtualcard.Config){
		"store":      func(c *virtualcard.Config) { c.Store = nil },
		"key source": func(c *virtualcard.Config) { c.Keys = nil },
		"clock":      func(c *virtualcard.Config) { c.Now = nil },
	} {
		cfg := whole
		without(&cfg)
		if _, err := virtualcard.Open(t.Context(), cfg); err == nil {
			t.Errorf("opened without a %s", what)
		}
	}
	cabinet := hanako(t)
	for _, kind := range []jpki.Kind{0, 3} {
		if _, err := cabinet.NewKey(t.Context(), "hanako", kind); !errors.Is(err, virtualcard.ErrCertificate) {
			t.Errorf("a key of kind %d: %v", kind, err)
		}
	}
}

// A pool of no keys makes none: the bubble would not end with a goroutine left in it.
func TestAPoolOfNoKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if pool := virtualcard.NewKeyPool(0); pool.Ready() != 0 {
			t.Error("a key is ready")
		}
	})
}
