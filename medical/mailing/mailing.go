// Package mailing is an insurer as a sender of notices (電子私書箱): each month the insured
// are told where they were treated in the month before (医療費のお知らせ).
package mailing

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/jpki/fold"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/insurer"
	"example.jp/jpkimock/portal/partner"
)

// Desk is an insurer's register. A customer number is 記号-番号, or 記号-番号-枝番.
type Desk struct {
	partner.NoticesOnly
	Office *insurer.Office
}

var _ partner.Register = Desk{}

// insured finds the insured person of a connection.
func (d Desk) insured(ctx context.Context, k partner.Connection) (insurer.Insured, error) {
	parts := append(strings.Split(k.Customer, "-"), "", "")
	m, err := medical.Member{
		Insurer: d.Office.Number, Symbol: parts[0], Number: parts[1], Branch: parts[2], Birth: medical.Date(k.DateOfBirth.Gregorian()),
	}.Check()
	if err != nil || len(parts) > 5 {
		return insurer.Insured{}, partner.ErrNoCustomer
	}
	p, err := d.Office.Store.ByMember(ctx, m)
	if errors.Is(err, insurer.ErrNoInsured) {
		err = partner.ErrNoCustomer
	}
	return p, err
}

// Connects compares numbers, name and date of birth with the register.
func (d Desk) Connects(ctx context.Context, k partner.Connection) error {
	p, err := d.insured(ctx, k)
	if err == nil && (fold.Name(p.Name) != fold.Name(k.Name) || p.LostOn != "" && p.LostOn <= medical.DateOf(d.Office.Now())) {
		err = partner.ErrNoCustomer
	}
	return err
}

// Tells gives the notices of the months that have ended since then, and of the last month
// to who has connected since then. Who was not treated is told nothing.
func (d Desk) Tells(ctx context.Context, since time.Time, to []partner.Connected) (told []partner.Told, err error) {
	for _, c := range to {
		months := d.months(since, c.At)
		if len(months) == 0 {
			continue
		}
		p, err := d.insured(ctx, c.Connection)
		if errors.Is(err, partner.ErrNoCustomer) {
			continue // corrected in the register meanwhile
		}
		if err != nil {
			return nil, err
		}
		for _, month := range months {
			visits, err := d.visits(ctx, p, month, month.AddDate(0, 1, 0))
			if err != nil {
				return nil, err
			}
			if len(visits) > 0 {
				told = append(told, partner.Told{Customer: c.Customer, Notice: d.notice(p, month, visits)})
			}
		}
	}
	return told, nil
}

// maxMonths bounds the months that are told at once, after a long pause.
const maxMonths = 12

// months gives the beginnings of the months to tell somebody of, the latest first.
func (d Desk) months(since, connected time.Time) (all []time.Time) {
	now := d.Office.Now().In(jpki.JST)
	over := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, jpki.JST)
	if !connected.Before(since) {
		all, over, since = append(all, over.AddDate(0, -1, 0)), over.AddDate(0, -1, 0), connected
	}
	for ; over.After(since) && len(all) < maxMonths; over = over.AddDate(0, -1, 0) {
		all = append(all, over.AddDate(0, -1, 0))
	}
	return all
}

// maxLog bounds how much of one person's log is read.
const maxLog = 1000

// visits gives the days on which somebody was treated, by institution: the days of the
// confirmations that were not refused.
func (d Desk) visits(ctx context.Context, p insurer.Insured, from, to time.Time) (map[string][]medical.Date, error) {
	log, err := d.Office.Store.Log(ctx, insurer.Entry{Insured: p.ID}, maxLog)
	visits := map[string][]medical.Date{}
	for _, e := range log {
		day := medical.DateOf(e.At)
		if e.Institution != "" && e.Code == "" && !e.At.Before(from) && e.At.Before(to) && !slices.Contains(visits[e.Institution], day) {
			visits[e.Institution] = append(visits[e.Institution], day)
		}
	}
	return visits, err
}

// notice writes the notice of a month.
func (d Desk) notice(p insurer.Insured, month time.Time, visits map[string][]medical.Date) partner.Notice {
	share := medical.Share(p.Birth, medical.DateOf(month), p.HighIncome)
	var lines strings.Builder
	for _, institution := range slices.Sorted(maps.Keys(visits)) {
		fmt.Fprintf(&lines, "%s　　%d日\n", institution, len(visits[institution]))
	}
	return partner.Notice{
		ID: "iryohi-" + month.Format("2006-01"), At: d.Office.Now().Unix(), Title: "医療費のお知らせ",
		Body: fmt.Sprintf(`%s　様　（記号・番号　%s・%s）

%sに、次の医療機関で受診されました。お心当たりのない受診があるときは、お知らせください。

%s
窓口でのご負担の割合　　%d割

%s`, p.Name, p.Symbol, p.Number, strings.TrimSuffix(jpki.JapaneseDay(month), "1日"), lines.String(), share/10, d.Office.Name),
	}
}
