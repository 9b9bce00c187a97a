package bank_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
)

// pastOf gives what was done to a customer's record, newest first.
func (o *office) pastOf(no bank.AccountNumber) []bank.Act {
	o.t.Helper()
	history, err := o.History(o.t.Context(), no)
	if err != nil {
		o.t.Fatal(err)
	}
	var acts []bank.Act
	for _, h := range history {
		acts = append(acts, h.Act)
	}
	return acts
}

// waitsFor gives the kinds of the messages that wait for a customer.
func (o *office) waitsFor(no bank.AccountNumber) []bank.NoticeKind {
	o.t.Helper()
	inbox, err := o.Inbox(o.t.Context(), no)
	if err != nil {
		o.t.Fatal(err)
	}
	var kinds []bank.NoticeKind
	for _, n := range inbox {
		if n.Open() {
			kinds = append(kinds, n.Kind)
		}
	}
	return kinds
}

// TestARenewedCardIsRecognised: both certificates are new, once or twice over,
// and the bank has seen neither.
func TestARenewedCardIsRecognised(t *testing.T) {
	for name, tc := range map[string]struct {
		before func(*office) // at the counter
		asks   bank.NoticeKind
		state  rp.State
		past   []bank.Act // newest first
	}{
		"renewed": {func(o *office) { o.Renew("hanako") }, "", rp.Unchanged, []bank.Act{bank.ActPaired, bank.ActFollowed}},
		"renewed twice": {func(o *office) {
			o.Renew("hanako")
			o.Clock.Advance(4 * 366 * 24 * time.Hour)
			o.Renew("hanako")
		}, "", rp.Unchanged, []bank.Act{bank.ActPaired, bank.ActFollowed}},
		"re-issued after a move": {func(o *office) {
			o.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
			o.Renew("hanako")
		}, bank.NoticeChanged, rp.Changed, []bank.Act{bank.ActPaired}},
		"re-issued after a loss": {func(o *office) {
			o.Revoke("hanako", jpki.DigitalSignature, jpki.KeyCompromise)
			o.Revoke("hanako", jpki.UserAuthentication, jpki.KeyCompromise)
			o.Renew("hanako")
		}, bank.NoticeReissued, bank.Reissued, []bank.Act{bank.ActPaired, bank.ActReissued}},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			no := o.mustOpen("hanako")
			o.mustOpen("taro")
			o.Clock.Advance(24 * time.Hour)
			tc.before(o)
			for range 2 { // the second time the bank knows it
				if in, err := o.signsIn("hanako", origin); err != nil || in.Account.Number != no {
					t.Fatalf("signed in to %+v, %v", in.Account, err)
				}
				o.unheard = "/certificates/"
			}
			o.unheard = ""
			if got := o.pastOf(no); !slices.Equal(got, tc.past) {
				t.Errorf("history %v: want %v", got, tc.past)
			}
			var want []bank.NoticeKind
			if tc.asks != "" {
				want = append(want, tc.asks)
			}
			if got := o.waitsFor(no); !slices.Equal(got, want) || o.state(no) != tc.state {
				t.Errorf("asked for %v, state %s: want %v, %s", got, o.state(no), want, tc.state)
			}
			if c, err := o.Customer(t.Context(), no); err != nil || c.Paired != o.Card("hanako").Serial(jpki.UserAuthentication) {
				t.Errorf("on record %s, %v", c.Paired, err)
			}
			// A change notice brings the record up to date, asked for or not.
			if _, err := o.notifies(no, "hanako"); err != nil {
				t.Fatal(err)
			}
			if got := o.waitsFor(no); len(got) != 0 || o.state(no) != rp.Unchanged {
				t.Errorf("still asked for %v, state %s", got, o.state(no))
			}
		})
	}
}

// TestWhoIsACustomerByAnEarlierCertificateHasAnAccount: neither certificate is
// the one on record, and yet it is the same person.
func TestWhoIsACustomerByAnEarlierCertificateHasAnAccount(t *testing.T) {
	o := newOffice(t)
	no := o.mustOpen("hanako")
	o.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
	o.Renew("hanako")
	o.unheard = "/predecessors"
	if _, err := o.opens("hanako"); !errors.Is(err, rp.ErrStatusUnavailable) {
		t.Errorf("without the authority: %v", err)
	}
	o.unheard = ""
	var there *bank.AlreadyCustomerError
	if _, err := o.opens("hanako"); !errors.As(err, &there) || there.Account != no {
		t.Errorf("a second account: %v", err)
	}
	o.Renew("taro")
	o.mustOpen("taro")
}

func TestARenewedCardOfSomebodyElseIsNobody(t *testing.T) {
	o := newOffice(t)
	o.mustOpen("hanako")
	o.Card("taro")
	o.Renew("taro")
	if _, err := o.signsIn("taro", origin); !errors.Is(err, bank.ErrUnknownHolder) {
		t.Errorf("%v: want %v", err, bank.ErrUnknownHolder)
	}
}

// TestARenewedCardIsNobodyWithoutTheAuthority: whichever of the questions stays
// without an answer, nobody is let in and nothing is written.
func TestARenewedCardIsNobodyWithoutTheAuthority(t *testing.T) {
	for name, unheard := range map[string]string{
		"the pair": "/pair", "the certificates before": "/predecessors", "the certificate on record": "/ocsp/digital-signature",
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			no := o.mustOpen("hanako")
			o.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
			o.Renew("hanako")
			o.unheard = unheard
			var refused *rp.CheckError
			if _, err := o.signsIn("hanako", origin); !errors.Is(err, rp.ErrStatusUnavailable) || !errors.As(err, &refused) {
				t.Errorf("%v: want %v", err, rp.ErrStatusUnavailable)
			}
			if len(o.pastOf(no)) != 0 || len(o.waitsFor(no)) != 0 || o.state(no) != "" {
				t.Errorf("history %v, messages %v, state %q", o.pastOf(no), o.waitsFor(no), o.state(no))
			}
			o.unheard = ""
			if in, err := o.signsIn("hanako", origin); err != nil || in.Account.Number != no {
				t.Errorf("signed in to %+v, %v", in.Account, err)
			}
		})
	}
}

// TestARenewedCardIsRecognisedAtTheCounter: the teller sees the customer, and
// what there is to do.
func TestARenewedCardIsRecognisedAtTheCounter(t *testing.T) {
	o := newOffice(t)
	no := o.mustOpen("hanako")
	o.Renew("hanako")
	c, err := o.Challenge(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v, err := o.Touch(t.Context(), o.Card("hanako").Authenticate(origin, c.Nonce), c.Nonce)
	if err != nil || v.Account != no || len(v.Tasks) != 0 {
		t.Errorf("the teller sees %+v, %v", v, err)
	}
	if got := o.pastOf(no); !slices.Equal(got, []bank.Act{bank.ActTouched, bank.ActPaired, bank.ActFollowed}) {
		t.Errorf("history %v", got)
	}
}

// TestAWithdrawnConsentIsKeptAtARecognition: the card is recognised, and the
// certificate on record is not asked about.
func TestAWithdrawnConsentIsKeptAtARecognition(t *testing.T) {
	o := newOffice(t)
	no := o.mustOpen("hanako")
	if err := o.WithdrawConsent(t.Context(), no); err != nil {
		t.Fatal(err)
	}
	o.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
	o.Renew("hanako")
	o.unheard = "/ocsp/digital-signature"
	if in, err := o.signsIn("hanako", origin); err != nil || in.Account.Number != no {
		t.Errorf("signed in to %+v, %v", in.Account, err)
	}
	if got := o.waitsFor(no); len(got) != 0 {
		t.Errorf("asked for %v", got)
	}
}

// TestARenewedCardIsRecognisedTwiceAtOnce: both are let in, and the record tells
// of it once.
func TestARenewedCardIsRecognisedTwiceAtOnce(t *testing.T) {
	o := newOffice(t)
	no := o.mustOpen("hanako")
	o.Renew("hanako")
	tokens := make([][]byte, 2)
	nonces := make([]string, 2)
	for i := range tokens {
		c, err := o.Challenge(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		nonces[i], tokens[i] = c.Nonce, o.Card("hanako").Authenticate(origin, c.Nonce)
	}
	came := make(chan error)
	for i := range tokens {
		go func() {
			_, err := o.SignIn(t.Context(), tokens[i], nonces[i])
			came <- err
		}()
	}
	for range tokens {
		if err := <-came; err != nil {
			t.Error(err)
		}
	}
	if got := o.pastOf(no); !slices.Equal(got, []bank.Act{bank.ActPaired, bank.ActFollowed}) {
		t.Errorf("history %v", got)
	}
}

// TestARenewedCardIsRecognisedElsewhereMeanwhile: whatever the authority is being
// asked for one sign-in while the same card completes another, both are let in.
func TestARenewedCardIsRecognisedElsewhereMeanwhile(t *testing.T) {
	for _, asked := range []string{"/pair", "/predecessors", "/ocsp/digital-signature", "/successor"} {
		t.Run(asked[1:], func(t *testing.T) {
			o := newOffice(t)
			no := o.mustOpen("hanako")
			o.Renew("hanako")
			signsIn := func() {
				if in, err := o.signsIn("hanako", origin); err != nil || in.Account.Number != no {
					t.Errorf("signed in to %+v, %v", in.Account, err)
				}
			}
			o.meanwhile = map[string]func(){asked: signsIn}
			signsIn()
			if len(o.meanwhile) != 0 {
				t.Error("the authority was not asked")
			}
			if got := o.pastOf(no); !slices.Equal(got, []bank.Act{bank.ActPaired, bank.ActFollowed}) {
				t.Errorf("history %v", got)
			}
		})
	}
}
