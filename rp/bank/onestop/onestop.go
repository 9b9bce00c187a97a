// Package onestop is the bank as a partner of the portal (連携先事業者): an account is a
// customer number, and a one-stop application is a change form (変更届).
package onestop

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.jp/jpkimock/authority/jpki/fold"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
)

// What the portal and its citizens read.
const (
	Name = "みほん銀行"
	Done = "お申込みのとおり、お届けの氏名・住所を変更しました。変更届のご提出は必要ありません。"

	anotherPerson   = "署名した方が、口座の名義人ご本人と確認できませんでした。店頭でお手続きください。"
	alreadyCustomer = "同じ氏名・住所のお客さまが別に登録されています。店頭でお手続きください。"
)

// Desk is the bank's register as the portal's applications change it.
type Desk struct {
	Bank *bank.Bank
	// Say puts a message to a customer into words, for Tells.
	Say func(bank.Notice) (title, body string)
}

var _ partner.Register = Desk{}

func (d Desk) customer(ctx context.Context, no string) (bank.Customer, bank.AccountNumber, error) {
	number, err := bank.ParseAccountNumber(no)
	if err != nil {
		return bank.Customer{}, "", partner.ErrNoCustomer
	}
	c, err := d.Bank.Customer(ctx, number)
	if errors.Is(err, bank.ErrNoAccount) {
		err = partner.ErrNoCustomer
	}
	return c, number, err
}

// Connects compares name and date of birth, and the certificate with those by which the
// bank knows its customer.
func (d Desk) Connects(ctx context.Context, k partner.Connection) error {
	c, _, err := d.customer(ctx, k.Customer)
	if err != nil {
		return err
	}
	err = d.Bank.RefuseAnotherPerson(ctx, c, &rp.Signature{Serial: k.Certificate})
	if err != nil && !errors.Is(err, bank.ErrAnotherPerson) {
		return err
	}
	if err != nil || fold.Name(c.BasicFour.CommonName) != fold.Name(k.Name) || c.BasicFour.DateOfBirth != k.DateOfBirth {
		return partner.ErrNoCustomer
	}
	return nil
}

// SameAddress compares an address with the one on record as an office compares them.
func (d Desk) SameAddress(ctx context.Context, no, address string) (bool, error) {
	c, _, err := d.customer(ctx, no)
	return err == nil && fold.Address(c.BasicFour.Address) == fold.Address(address), err
}

// Tells gives the messages in the inboxes of connected customers, which go to their
// post-office boxes as well.
func (d Desk) Tells(ctx context.Context, since time.Time, to []partner.Connected) (told []partner.Told, err error) {
	connected := map[bank.AccountNumber]bool{}
	for _, c := range to {
		connected[bank.AccountNumber(c.Customer)] = true
	}
	for page := 1; ; page++ {
		some, err := d.Bank.Notices(ctx, bank.NoticeQuery{Since: since, Page: page})
		for _, n := range some {
			if connected[n.Account] && !n.Kind.ForStaff() {
				title, body := d.Say(n.Notice)
				told = append(told, partner.Told{Customer: string(n.Account), Notice: partner.Notice{
					ID: fmt.Sprintf("inbox-%d", n.ID), At: n.At.Unix(), Title: title, Body: n.Name + "　様\n\n" + body + "\n\n" + Name,
				}})
			}
		}
		if err != nil || len(some) < bank.PerPage {
			return told, err
		}
	}
}

// Change takes an application as a change form. One that was taken already has put its
// certificate on record.
func (d Desk) Change(ctx context.Context, c partner.Change) (string, error) {
	_, number, err := d.customer(ctx, c.Sheet.Customer)
	if err != nil {
		return "", err
	}
	_, err = d.Bank.RecordChange(ctx, c.Signature, bank.SignedForm{SignedDocument: c.Signed(), Kind: bank.PortalForm, Account: number})
	switch {
	case errors.Is(err, bank.ErrNothingChanged):
		return "", nil
	case errors.Is(err, bank.ErrAnotherPerson):
		return anotherPerson, nil
	case errors.Is(err, bank.ErrAlreadyCustomer):
		return alreadyCustomer, nil
	}
	return "", err
}
