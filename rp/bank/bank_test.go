package bank_test

import (
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/bank/db"
	"example.jp/jpkimock/rp/bank/internal/double"
)

// town is a bank over a real database, with a clock that the test moves and
// people who have cards.
type town struct {
	*bank.Bank
	t    *testing.T
	kit  *double.Kit
	path string
	now  time.Time
	mu   sync.Mutex
}

func newTown(t *testing.T) *town {
	t.Helper()
	w := &town{t: t, path: filepath.Join(t.TempDir(), "bank.db"), now: time.Date(2026, 11, 3, 5, 5, 7, 0, time.UTC)}
	kit, err := double.New(w.clock)
	if err != nil {
		t.Fatal(err)
	}
	w.kit = kit
	w.open()
	return w
}

func (w *town) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *town) waits(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// open opens the bank's doors, again if need be.
func (w *town) open() {
	w.t.Helper()
	store, err := db.Open(w.path)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = store.Close() })
	if w.Bank, err = bank.New(bank.Config{Verifier: w.kit, Linkage: w.kit, Store: store, Now: w.clock}); err != nil {
		w.t.Fatal(err)
	}
}

func hanako() double.Person {
	return double.Somebody("青葉　花子", "青葉県みほん市中央１丁目１番１号", 1, 1980)
}
func taro() double.Person {
	return double.Somebody("見本　太郎", "青葉県ひなた町大字日向２３番地", 2, 1975)
}
func ichika() double.Person {
	return double.Somebody("若葉　一花", "若葉県いろは市港３丁目２番", 3, 1999)
}

func (w *town) drafts() bank.ApplicationDraft {
	w.t.Helper()
	d, err := w.DraftApplication(bank.Choices{Purpose: "living"})
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

func (w *town) applies(p double.Person) (bank.Account, error) {
	w.t.Helper()
	d := w.drafts()
	return w.OpenAccount(w.t.Context(), d, w.kit.Sign(p, d.Document.Content))
}

// customer opens an account.
func (w *town) customer(p double.Person) bank.Account {
	w.t.Helper()
	a, err := w.applies(p)
	if err != nil {
		w.t.Fatalf("%s cannot open an account: %v", p.Four.CommonName, err)
	}
	return a
}

func (w *town) signsIn(p double.Person) (bank.SignedIn, error) {
	w.t.Helper()
	c, err := w.Challenge(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return w.SignIn(w.t.Context(), w.kit.Authenticate(p, c.Nonce), c.Nonce)
}

func (w *town) balance(no bank.AccountNumber) bank.Yen {
	w.t.Helper()
	a, err := w.Account(w.t.Context(), no)
	if err != nil {
		w.t.Fatal(err)
	}
	return a.Balance
}

func TestHanakoOpensAnAccountAndCanUseItAtOnce(t *testing.T) {
	w := newTown(t)
	draft := w.drafts()
	cms := w.kit.Sign(hanako(), draft.Document.Content)
	account, err := w.OpenAccount(t.Context(), draft, cms)
	if err != nil {
		t.Fatal(err)
	}
	if account.Holder != "青葉　花子" || account.Balance != bank.OpeningGift || account.Branch.Code != bank.InternetBranch {
		t.Errorf("account %+v", account)
	}
	if _, err := bank.ParseAccountNumber(string(account.Number)); err != nil {
		t.Errorf("account number %q: %v", account.Number, err)
	}
	lines, err := w.Statement(t.Context(), account.Number)
	if err != nil || len(lines) != 1 || lines[0].Amount != 10_000 || lines[0].Balance != 10_000 {
		t.Errorf("statement %+v, %v", lines, err)
	}
}

func TestTheBankKeepsTheApplicationTheCertificateAndItsSerialNumber(t *testing.T) {
	w := newTown(t)
	draft := w.drafts()
	cms := w.kit.Sign(hanako(), draft.Document.Content)
	account, err := w.OpenAccount(t.Context(), draft, cms)
	if err != nil {
		t.Fatal(err)
	}
	w.open() // from what is on the disk

	a, err := w.Application(t.Context(), account.Number)
	if err != nil {
		t.Fatal(err)
	}
	if a.Document != draft.Document || a.Purpose != draft.Purpose || a.Branch != draft.Branch || string(a.CMS) != string(cms) || a.Serial != hanako().Serial || a.Paired != hanako().Paired || len(a.Certificate) == 0 {
		t.Errorf("the application is not what was signed: %+v", a)
	}
	if !a.ReceivedAt.Equal(w.now) || !a.Record.At.Equal(w.now) || !a.SignedAt.Equal(w.now) {
		t.Errorf("times %v %v %v: want %v", a.SignedAt, a.ReceivedAt, a.Record.At, w.now)
	}
	if len(a.Record.Checks) == 0 || len(a.Record.OCSPResponse) == 0 || a.Record.Verb != rp.VerbVerifySignature {
		t.Errorf("the verification record is not whole: %+v", a.Record)
	}
	c, err := w.Customer(t.Context(), account.Number)
	if err != nil {
		t.Fatal(err)
	}
	if c.BasicFour != hanako().Four || c.Serial != hanako().Serial || c.Paired != hanako().Paired || len(c.Certificate) == 0 {
		t.Errorf("customer %+v", c)
	}
	if c.Consent.Document != draft.Document.Number || !c.Consent.GivenAt.Equal(w.now) || !c.Consent.WithdrawnAt.IsZero() {
		t.Errorf("consent %+v", c.Consent)
	}
}

func TestTheApplicationIsOneReadablePage(t *testing.T) {
	w := newTown(t)
	d, err := w.DraftApplication(bank.Choices{Purpose: "salary", Branch: "121"})
	if err != nil {
		t.Fatal(err)
	}
	text := d.Document.Content
	for _, want := range []string{
		"口座開設申込書", d.Document.Number, "申込日時　　令和8年11月3日　午後2時5分\n", "ひなた支店", "店番121", "給与・年金の受取り",
		"電子証明書に記録されているとおり", "有効", "同意", "撤回", "反社会的勢力", "模擬環境",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the application does not say %q", want)
		}
	}
	if !utf8.ValidString(text) || strings.ContainsAny(text, "\r\t") {
		t.Error("the application is not plain UTF-8 with LF")
	}
	lines := strings.Split(text, "\n")
	if len(lines) > 60 {
		t.Errorf("%d lines are more than a page", len(lines))
	}
	for _, l := range lines {
		if n := (utf8.RuneCountInString(l) + len(l)) / 2; n > 50 { // three octets are two columns, one is one
			t.Errorf("a line of %d columns is too long for a telephone: %s", n, l)
		}
	}
	if d.Document.MediaType != "text/plain" || d.Document.Name != d.Document.Number+".txt" {
		t.Errorf("document %q %q", d.Document.Name, d.Document.MediaType)
	}
	if again := w.drafts(); again.Document.Number == d.Document.Number {
		t.Error("two applications have one number")
	}
}

func TestWhatCannotBeChosenIsRefused(t *testing.T) {
	w := newTown(t)
	for _, tc := range []struct {
		bank.Choices
		want error
	}{
		{bank.Choices{}, bank.ErrPurpose},
		{bank.Choices{Purpose: "gambling"}, bank.ErrPurpose},
		{bank.Choices{Purpose: "living", Branch: "999"}, bank.ErrBranch},
		{bank.Choices{Purpose: "living", Branch: "{{.}}"}, bank.ErrBranch},
	} {
		if _, err := w.DraftApplication(tc.Choices); !errors.Is(err, tc.want) {
			t.Errorf("%+v: %v: want %v", tc.Choices, err, tc.want)
		}
	}
}

func TestWhoCannotOpenAnAccount(t *testing.T) {
	moved := hanako()
	moved.Four.Address, moved.Serial = "若葉県いろは市", "0705DFFF"
	namesake := hanako()
	namesake.Serial, namesake.Paired = "0705DFFE", "0A21CFFE"
	cases := []struct {
		name string
		who  double.Person
		kit  error
		want error
	}{
		{"the same person with the same card", hanako(), nil, bank.ErrAlreadyCustomer},
		{"the same person after a move, by the paired serial number", moved, nil, bank.ErrAlreadyCustomer},
		{"the same four data on a new card", namesake, nil, bank.ErrAlreadyCustomer},
		{"a child", double.Somebody("青葉　ひな", "青葉県みほん市", 9, 2014), nil, bank.ErrTooYoung},
		{"a revoked certificate", ichika(), &rp.RevokedError{Kind: jpki.DigitalSignature, Reason: jpki.AffiliationChanged}, rp.ErrRevoked},
		{"a suspended certificate", ichika(), &rp.RevokedError{Kind: jpki.DigitalSignature, Reason: jpki.CertificateHold}, rp.ErrSuspended},
		{"no answer from the authority", ichika(), rp.ErrStatusUnavailable, rp.ErrStatusUnavailable},
	}
	w := newTown(t)
	w.customer(hanako())
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			w.kit.Refuse(tc.kit)
			if _, err := w.applies(tc.who); !errors.Is(err, tc.want) {
				t.Errorf("%v: want %v", err, tc.want)
			}
			w.kit.Refuse(nil)
		})
	}
	// Nothing was left behind: a person refused by the kit opens one now.
	w.customer(ichika())
}

func TestASignatureOverAnotherDocumentOpensNothing(t *testing.T) {
	w := newTown(t)
	mine, other := w.drafts(), w.drafts()
	_, err := w.OpenAccount(t.Context(), mine, w.kit.Sign(hanako(), other.Document.Content))
	if !errors.Is(err, rp.ErrDigest) {
		t.Errorf("%v: want %v", err, rp.ErrDigest)
	}
	var refused *rp.CheckError
	if !errors.As(err, &refused) || refused.Kind != jpki.DigitalSignature {
		t.Errorf("%v does not name the kind of certificate", err)
	}
}

func TestAnApplicationOpensOneAccount(t *testing.T) {
	w := newTown(t)
	d := w.drafts()
	for _, tc := range []struct {
		who  double.Person
		want error
	}{{hanako(), nil}, {taro(), bank.ErrDocumentUsed}} {
		_, err := w.OpenAccount(t.Context(), d, w.kit.Sign(tc.who, d.Document.Content))
		if !errors.Is(err, tc.want) {
			t.Errorf("%s: %v: want %v", tc.who.Four.CommonName, err, tc.want)
		}
	}
}

func TestADraftWaitsHalfAnHour(t *testing.T) {
	w := newTown(t)
	d := w.drafts()
	w.waits(rp.DocumentLifetime + time.Second)
	_, err := w.OpenAccount(t.Context(), d, w.kit.Sign(hanako(), d.Document.Content))
	if !errors.Is(err, rp.ErrDocumentExpired) {
		t.Errorf("%v: want %v", err, rp.ErrDocumentExpired)
	}
}

func TestOneOfManyApplicationsAtOnceIsAccepted(t *testing.T) {
	w := newTown(t)
	var wg sync.WaitGroup
	errs := make(chan error, 8)
	for range cap(errs) {
		wg.Go(func() {
			_, err := w.applies(hanako())
			errs <- err
		})
	}
	wg.Wait()
	close(errs)
	opened := 0
	for err := range errs {
		if err == nil {
			opened++
		} else if !errors.Is(err, bank.ErrAlreadyCustomer) {
			t.Errorf("%v: want %v", err, bank.ErrAlreadyCustomer)
		}
	}
	if opened != 1 {
		t.Errorf("%d accounts were opened: want 1", opened)
	}
}

func TestHanakoSignsInTheNextDay(t *testing.T) {
	w := newTown(t)
	account := w.customer(hanako())
	w.waits(24 * time.Hour)
	first, err := w.signsIn(hanako())
	if err != nil || first.Account.Number != account.Number || !first.Previous.IsZero() {
		t.Fatalf("first sign-in %+v, %v", first, err)
	}
	at := w.clock()
	w.waits(time.Hour)
	second, err := w.signsIn(hanako())
	if err != nil || !second.Previous.Equal(at) {
		t.Errorf("second sign-in %+v, %v: want previous %v", second, err, at)
	}
}

func TestACardOfNobodyIsSentToTheOpening(t *testing.T) {
	w := newTown(t)
	w.customer(hanako())
	_, err := w.signsIn(taro())
	var unknown *bank.UnknownHolderError
	if !errors.As(err, &unknown) || unknown.Serial != taro().Paired {
		t.Errorf("%v: want an UnknownHolderError for %s", err, taro().Paired)
	}
}

func TestACustomerWithoutAPairedSerialIsKnownByTheOtherCertificate(t *testing.T) {
	w := newTown(t)
	p := hanako()
	p.Paired = ""
	account := w.customer(p)
	w.customer(func() double.Person { t := taro(); t.Paired = ""; return t }())
	in, err := w.signsIn(hanako())
	if err != nil || in.Account.Number != account.Number {
		t.Errorf("%+v, %v: want account %s", in, err, account.Number)
	}
}

func TestANonceIsGoodOnce(t *testing.T) {
	w := newTown(t)
	w.customer(hanako())
	c, err := w.Challenge(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	token := w.kit.Authenticate(hanako(), c.Nonce)
	if _, err := w.SignIn(t.Context(), token, c.Nonce); err != nil {
		t.Fatal(err)
	}
	if _, err := w.SignIn(t.Context(), token, c.Nonce); !errors.Is(err, rp.ErrChallenge) {
		t.Errorf("%v: want %v", err, rp.ErrChallenge)
	}
}
