// Package deeds counts what the houses do by themselves when time has passed, in words for the
// stage, from what each house reports of it (package sweeps). It is a room of the wiring.
package deeds

import (
	"context"
	"errors"

	"example.jp/jpkimock/catv/booking"
	"example.jp/jpkimock/internal/sweeps"
	"example.jp/jpkimock/portal"
	"example.jp/jpkimock/portal/utility"
	"example.jp/jpkimock/rp/bank"
)

// Bank is the bank's sweep: its change confirmation.
func Bank(b *bank.Bank, store bank.Store) func(context.Context) error {
	return func(ctx context.Context) error {
		before, err := store.Reports(ctx, 1)
		if err != nil {
			return err
		}
		err = b.Sweep(ctx)
		after, failed := store.Reports(ctx, 1)
		if len(after) == 0 || len(before) > 0 && before[0].ID == after[0].ID {
			return errors.Join(err, failed)
		}
		r := after[0]
		sweeps.Did(ctx, r.Questions, "{n}件の電子証明書を確かめました", "certificates checked: {n}")
		sweeps.Did(ctx, r.Asked, "{n}人に届出をお願いしました", "customers asked for their new data: {n}")
		var was bank.Tally
		if len(before) > 0 {
			was = before[0].Tally
		}
		sweeps.Did(ctx, max(0, r.Tally.Changed-was.Changed), "{n}人の変更に気づきました", "customers found to have changed: {n}")
		sweeps.Did(ctx, max(0, r.Tally.Expired-was.Expired), "{n}人の電子証明書の有効期間が満了していました", "customers’ certificates found to have expired: {n}")
		sweeps.Did(ctx, r.Followed, "{n}人の新しい電子証明書に切り替えました", "new certificates followed: {n}")
		return errors.Join(err, failed)
	}
}

// Cable is the cable operator's: its residents are confirmed.
func Cable(s *booking.Service) func(context.Context) error {
	return func(ctx context.Context) error {
		asked, lapsed, err := s.ConfirmResidents(ctx)
		sweeps.Did(ctx, asked, "{n}人の居住を確かめました", "residents checked: {n}")
		sweeps.Did(ctx, lapsed, "{n}人の居住の確認が失効しました", "residencies that have lapsed: {n}")
		return err
	}
}

// Portal is the portal's: it finds who moved, and delivers.
func Portal(p *portal.Portal, store portal.Store) func(context.Context) error {
	return func(ctx context.Context) error {
		before, err := store.Watches(ctx, 1)
		if err != nil {
			return err
		}
		err = p.Sweep(ctx)
		after, failed := store.Watches(ctx, 1)
		if len(after) == 0 || len(before) > 0 && before[0] == after[0] {
			return errors.Join(err, failed)
		}
		r := after[0]
		sweeps.Did(ctx, r.Asked, "{n}人の変更を確かめました", "citizens checked for a change: {n}")
		sweeps.Did(ctx, r.Moved, "{n}人の引っ越しに気づきました", "citizens found to have moved: {n}")
		sweeps.Did(ctx, r.Ready, "{n}人に申請を案内しました", "citizens invited to apply: {n}")
		return errors.Join(err, failed)
	}
}

// Utility is a small business's: changes that are due are made.
func Utility(o *utility.Office) func(context.Context) error {
	return func(ctx context.Context) error {
		due, err := o.CountDue(ctx)
		if err != nil {
			return err
		}
		if err := o.Sweep(ctx); err != nil {
			return err
		}
		sweeps.Did(ctx, due, o.Name+"：{n}件の変更を行いました", o.NameEN+", changes made: {n}")
		return nil
	}
}
