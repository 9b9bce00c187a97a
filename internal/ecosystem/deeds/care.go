package deeds

import (
	"context"
	"errors"

	"example.jp/jpkimock/internal/sweeps"
	"example.jp/jpkimock/medical/gateway"
	"example.jp/jpkimock/medical/payment"
	"example.jp/jpkimock/medical/pharmacy"
	"example.jp/jpkimock/medical/reception"
)

// most is how much of one kind is looked at in a sweep.
const most = 200

// done runs a sweep, and says how many of what was open before are open no more.
func done[K comparable](ctx context.Context, sweep func(context.Context) error, open func(context.Context) ([]K, error)) (int, error) {
	before, err := open(ctx)
	if err != nil {
		return 0, err
	}
	err = sweep(ctx)
	after, failed := open(ctx)
	left := map[K]bool{}
	for _, k := range after {
		left[k] = true
	}
	n := 0
	for _, k := range before {
		if !left[k] && failed == nil {
			n++
		}
	}
	return n, errors.Join(err, failed)
}

// Gateway is the card company's: payments that nobody confirmed end, and merchants are told.
func Gateway(g *gateway.Gateway) func(context.Context) error {
	return func(ctx context.Context) error {
		until, told := g.Now().Add(-gateway.ConfirmTime), 0
		sweep := func(ctx context.Context) (err error) {
			told, err = done(ctx, g.Sweep, func(ctx context.Context) (ids []int64, err error) {
				waiting, err := g.Store.Waiting(ctx, g.Now(), most)
				for _, n := range waiting {
					ids = append(ids, n.ID)
				}
				return ids, err
			})
			return err
		}
		late, err := done(ctx, sweep, func(ctx context.Context) (ids []string, err error) {
			unconfirmed, err := g.Store.Confirming(ctx, until, most)
			for _, o := range unconfirmed {
				ids = append(ids, o.Name)
			}
			return ids, err
		})
		sweeps.Did(ctx, late, "確認のなかった{n}件のお支払いを取り消しました", "payments cancelled that nobody confirmed: {n}")
		sweeps.Did(ctx, told, "加盟店に{n}件の結果を通知しました", "merchants told of payments: {n}")
		return err
	}
}

// Cashier is an institution's: what was in doubt about a payment is asked.
func Cashier(c *payment.Cashier) func(context.Context) error {
	return func(ctx context.Context) error {
		n, err := done(ctx, c.Sweep, func(ctx context.Context) (ids []string, err error) {
			bills, err := c.Store.Open(ctx, most)
			for _, b := range bills {
				for _, m := range b.Movements {
					if m.Progress == payment.Sent || m.Progress == payment.Confirming {
						ids = append(ids, m.ID)
					}
				}
			}
			return ids, err
		})
		sweeps.Did(ctx, n, "{n}件のお支払いの結果を確かめました", "payments whose outcome was found out: {n}")
		return err
	}
}

// Reception is an institution's: what the receipt computer has not got is handed over.
func Reception(d *reception.Desk, sweep func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		n, err := done(ctx, sweep, func(ctx context.Context) (ids []int64, err error) {
			visits, err := d.Store.Unhanded(ctx, most)
			for _, v := range visits {
				ids = append(ids, v.ID)
			}
			return ids, err
		})
		sweeps.Did(ctx, n, "{n}件の資格情報をレセプトコンピューターに渡しました", "eligibilities handed to the receipt computer: {n}")
		return err
	}
}

// Pharmacy is a pharmacy's: what was in doubt about a medicine is asked.
func Pharmacy(c *pharmacy.Counter, sweep func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		n, err := done(ctx, sweep, func(ctx context.Context) (ids []string, err error) {
			entries, err := c.Books.List(ctx, pharmacy.InDoubt, most)
			for _, e := range entries {
				ids = append(ids, e.Key)
			}
			return ids, err
		})
		sweeps.Did(ctx, n, "{n}件の調剤の結果を確かめました", "dispensings whose outcome was found out: {n}")
		return err
	}
}
