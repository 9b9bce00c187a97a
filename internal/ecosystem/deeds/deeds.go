// Package deeds counts what the houses do by themselves when time has passed, in words for the
// stage, from what each house reports of it (package sweeps). It is a room of the wiring.
package deeds

import (
	"context"
	"errors"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/catv/booking"
	"example.jp/jpkimock/internal/sweeps"
	"example.jp/jpkimock/portal"
	"example.jp/jpkimock/portal/partner/db"
	"example.jp/jpkimock/portal/utility"
	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/bank/latest"
	"example.jp/jpkimock/rp/platform"
)

// Bank is the bank's sweep: its change confirmation, and then what the authority delivers of
// those who have changed and consented to it.
func Bank(b *bank.Bank, store bank.Store, desk *latest.Desk) func(context.Context) error {
	confirms := confirmation(b, store)
	return func(ctx context.Context) error {
		if err := confirms(ctx); err != nil {
			return err
		}
		did, err := desk.Update(ctx)
		sweeps.Did(ctx, did.Customers, "{n}人のお届けを、機構からの最新の情報で改めました", "customers’ records updated with the latest details: {n}")
		return err
	}
}

func confirmation(b *bank.Bank, store bank.Store) func(context.Context) error {
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

// Authority is the authority's: what was interrupted is finished, and certificates end in time.
func Authority(a *authority.Authority, store authority.Store, now func() time.Time) func(context.Context) error {
	last := now()
	return func(ctx context.Context) error {
		left, err := store.Certificates(ctx, authority.CertificateQuery{Undelivered: true})
		if err != nil {
			return err
		}
		err = a.Settle(ctx)
		after, failed := store.Certificates(ctx, authority.CertificateQuery{Undelivered: true})
		sweeps.Did(ctx, max(0, len(left)-len(after)), "途中で止まった{n}件の交付を終えました", "interrupted issues finished: {n}")
		from, to := last, now()
		last = to
		if failed != nil || !to.After(from) {
			return errors.Join(err, failed)
		}
		ended, failed := store.Expired(ctx, from, to)
		sweeps.Did(ctx, ended, "{n}枚の電子証明書の有効期間が満了しました", "certificates that expired: {n}")
		journal, unread := store.Events(ctx, authority.EventQuery{Since: from, Limit: most})
		lapsed := 0
		for _, line := range journal {
			if line.Act == register.ActLapsed && line.At.After(from) {
				lapsed++
			}
		}
		sweeps.Did(ctx, lapsed, "手続のなかった{n}枚のカードが失効しました", "cards void since nobody came: {n}")
		return errors.Join(err, failed, unread)
	}
}

// Platform is the common platform's: what was given to services for a time is dropped.
func Platform(p *platform.Platform, store platform.Store, now func() time.Time) func(context.Context) error {
	return func(ctx context.Context) error {
		grants, visits, err := store.Expired(ctx, now())
		if err != nil {
			return err
		}
		if err := p.Sweep(ctx); err != nil {
			return err
		}
		sweeps.Did(ctx, grants, "期限の切れた{n}件の許可を消しました", "grants dropped that had expired: {n}")
		sweeps.Did(ctx, visits, "保存期間を過ぎた{n}件の記録を消しました", "lines of the log dropped after their years: {n}")
		return nil
	}
}

// Notices is what an organisation tells its customers' post-office boxes.
func Notices(d *db.Docket) func(context.Context) error {
	return func(ctx context.Context) error {
		before, err := d.Told(ctx)
		if err != nil {
			return err
		}
		err = d.Tell(ctx)
		after, failed := d.Told(ctx)
		sweeps.Did(ctx, max(0, after-before), "{n}通のお知らせを電子私書箱に送りました", "notices sent to post-office boxes: {n}")
		return errors.Join(err, failed)
	}
}
