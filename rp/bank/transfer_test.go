package bank_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/shown"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
)

func TestMoneyGoesFromHanakoToTaro(t *testing.T) {
	w := newTown(t)
	from, to := w.customer(hanako()), w.customer(taro())
	order := bank.Order{From: from.Number, To: to.Number, Amount: 3_000, Memo: "家賃", Key: bank.NewKey()}
	receiver, err := w.Preview(t.Context(), order)
	if err != nil || receiver.Holder != "見本　太郎" {
		t.Fatalf("preview %+v, %v", receiver, err)
	}
	made, err := w.Transfer(t.Context(), order)
	if err != nil {
		t.Fatal(err)
	}
	if w.balance(from.Number) != 7_000 || w.balance(to.Number) != 13_000 || made.Balance != 7_000 {
		t.Errorf("balances %d and %d, told %d", w.balance(from.Number), w.balance(to.Number), made.Balance)
	}
	lines, err := w.Statement(t.Context(), to.Number)
	if err != nil || len(lines) != 2 || lines[0].Amount != 3_000 || lines[0].OtherName != "青葉　花子" || lines[0].Memo != "家賃" {
		t.Errorf("the receiver's statement %+v, %v", lines, err)
	}
	got, err := w.TransferMade(t.Context(), from.Number, made.Reference)
	if err != nil || got != made {
		t.Errorf("kept %+v, %v: want %+v", got, err, made)
	}
	if _, err := w.TransferMade(t.Context(), to.Number, made.Reference); !errors.Is(err, bank.ErrNoAccount) {
		t.Errorf("the receiver sees the sender's transfer: %v", err)
	}
}

// TestAPayeeWhoseNameChangedIsConfirmedAnew: the sender has confirmed the name that was
// shown, and no other.
func TestAPayeeWhoseNameChangedIsConfirmedAnew(t *testing.T) {
	w := newTown(t)
	from, to := w.customer(hanako()), w.customer(taro())
	order := bank.Order{From: from.Number, To: to.Number, Amount: 3_000, Key: bank.NewKey()}
	seen, err := w.Preview(t.Context(), order)
	if err != nil {
		t.Fatal(err)
	}
	order.PayeeVersion = seen.PayeeVersion()
	made, err := w.Transfer(t.Context(), order)
	if err != nil {
		t.Fatal(err)
	}
	w.kit.Find(taro().Serial, rp.Changed, jpki.AffiliationChanged)
	w.confirms()
	w.waits(time.Hour)
	married := moved(taro())
	married.Four = jpki.NewBasicFour("青葉　太郎", married.Four.DateOfBirth, married.Four.Gender, married.Four.Address)
	if _, err := w.notifies(to.Number, married); err != nil {
		t.Fatal(err)
	}
	if again, err := w.Transfer(t.Context(), order); err != nil || again != made {
		t.Errorf("the same order again: %+v, %v: want %+v", again, err, made)
	}
	order.Key = bank.NewKey()
	if _, err := w.Transfer(t.Context(), order); !errors.Is(err, shown.ErrChanged) {
		t.Errorf("a payee of another name: %v, want %v", err, shown.ErrChanged)
	}
	if w.balance(from.Number) != 7_000 {
		t.Errorf("the balance is %d", w.balance(from.Number))
	}
	seen, err = w.Preview(t.Context(), order)
	if err != nil || seen.Holder != "青葉　太郎" {
		t.Fatalf("preview %+v, %v", seen, err)
	}
	order.PayeeVersion = seen.PayeeVersion()
	if _, err := w.Transfer(t.Context(), order); err != nil {
		t.Errorf("the name that is shown now: %v", err)
	}
}

func TestATransferThatIsRefusedMovesNothing(t *testing.T) {
	w := newTown(t)
	from, to := w.customer(hanako()), w.customer(taro())
	good := bank.Order{From: from.Number, To: to.Number, Amount: 1, Key: "the-key-0001"}
	with := func(change func(*bank.Order)) bank.Order { o := good; change(&o); return o }
	for _, tc := range []struct {
		name string
		bank.Order
		want error
	}{
		{"nothing", with(func(o *bank.Order) { o.Amount = 0 }), bank.ErrAmount},
		{"less than nothing", with(func(o *bank.Order) { o.Amount = -1 }), bank.ErrAmount},
		{"over the limit", with(func(o *bank.Order) { o.Amount = bank.MaxTransfer + 1 }), bank.ErrAmount},
		{"more than there is", with(func(o *bank.Order) { o.Amount = 10_001 }), bank.ErrInsufficientFunds},
		{"to oneself", with(func(o *bank.Order) { o.To = from.Number }), bank.ErrSameAccount},
		{"to nobody", with(func(o *bank.Order) { o.To = "0000000" }), bank.ErrNoAccount},
		{"to no number", with(func(o *bank.Order) { o.To = "taro" }), bank.ErrAccountNumber},
		{"from nobody", with(func(o *bank.Order) { o.From = "0000000" }), bank.ErrNoAccount},
		{"a long note", with(func(o *bank.Order) { o.Memo = strings.Repeat("あ", 31) }), bank.ErrMemo},
		{"a note of two lines", with(func(o *bank.Order) { o.Memo = "一\n二" }), bank.ErrMemo},
		{"a note in bad UTF-8", with(func(o *bank.Order) { o.Memo = "\xff" }), bank.ErrMemo},
		{"no key", with(func(o *bank.Order) { o.Key = "" }), bank.ErrKey},
		{"a long key", with(func(o *bank.Order) { o.Key = strings.Repeat("k", 65) }), bank.ErrKey},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := w.Transfer(t.Context(), tc.Order); !errors.Is(err, tc.want) {
				t.Errorf("%v: want %v", err, tc.want)
			}
			if w.balance(from.Number) != 10_000 || w.balance(to.Number) != 10_000 {
				t.Error("money moved")
			}
		})
	}
	if _, err := w.Transfer(t.Context(), good); err != nil {
		t.Errorf("the order that all of these were made of: %v", err)
	}
}

func TestAnOrderSentTwiceMovesMoneyOnce(t *testing.T) {
	w := newTown(t)
	from, to := w.customer(hanako()), w.customer(taro())
	order := bank.Order{From: from.Number, To: to.Number, Amount: 4_000, Key: "the-key-0001"}
	first, err := w.Transfer(t.Context(), order)
	if err != nil {
		t.Fatal(err)
	}
	w.waits(time.Minute)
	second, err := w.Transfer(t.Context(), order)
	if err != nil || second != first {
		t.Errorf("sent again: %+v, %v: want %+v", second, err, first)
	}
	order.Amount = 5_000
	if _, err := w.Transfer(t.Context(), order); !errors.Is(err, bank.ErrKeyReused) {
		t.Errorf("a different order under the key: %v: want %v", err, bank.ErrKeyReused)
	}
	if got := w.balance(from.Number); got != 6_000 {
		t.Errorf("balance %d: want 6000", got)
	}
}

// Ten thousand yen, and forty orders of 1,000 at once from each of three
// people to the next: none may go below nothing, and no yen may come or go.
func TestConcurrentTransfersNeitherOverdrawNorLoseMoney(t *testing.T) {
	w := newTown(t)
	people := []bank.Account{w.customer(hanako()), w.customer(taro()), w.customer(ichika())}
	var wg sync.WaitGroup
	for i, from := range people {
		to := people[(i+1)%len(people)]
		if i == 2 {
			to = people[1]
		}
		for n := range 40 {
			wg.Go(func() {
				// every order is sent twice
				o := bank.Order{From: from.Number, To: to.Number, Amount: 1_000, Key: fmt.Sprintf("key-%s-%04d", from.Number, n/2)}
				if _, err := w.Transfer(context.WithoutCancel(t.Context()), o); err != nil && !errors.Is(err, bank.ErrInsufficientFunds) {
					t.Errorf("transfer: %v", err)
				}
			})
		}
	}
	wg.Wait()
	var sum bank.Yen
	for _, p := range people {
		balance := w.balance(p.Number)
		if balance < 0 {
			t.Errorf("%s has %d", p.Holder, balance)
		}
		sum += balance
		lines, err := w.Statement(t.Context(), p.Number)
		if err != nil {
			t.Fatal(err)
		}
		var total bank.Yen
		for i := len(lines) - 1; i >= 0; i-- {
			if total += lines[i].Amount; total != lines[i].Balance || total < 0 {
				t.Errorf("%s: line %d says %d after a sum of %d", p.Holder, i, lines[i].Balance, total)
			}
		}
		if total != balance {
			t.Errorf("%s: the statement ends with %d, the balance is %d", p.Holder, total, balance)
		}
	}
	if sum != 30_000 {
		t.Errorf("%d yen in all: want 30000", sum)
	}
	if got := w.balance(people[0].Number); got != 0 {
		t.Errorf("hanako, to whom nobody sent, has %d left of 20 orders of 1000: want 0", got)
	}
}
