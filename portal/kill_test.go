package portal_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/portal"
	"example.jp/jpkimock/portal/db"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/portal/postbox"
	"example.jp/jpkimock/rp"
)

// crowd is a kit of people without cards: a signature is the signer's number, and the
// certificate after the move.
type crowd struct{ portal.Verifier }

// serial gives a certificate of a person: 0 before the move, 1 after it, 2 that signs in.
func serial(person, which int) jpki.SerialNumber {
	s, err := jpki.SerialNumberFrom(big.NewInt(int64(1000 + 3*person + which)))
	if err != nil {
		panic(err) // a number of ours
	}
	return s
}

func fourOf(person int, address string) jpki.BasicFour {
	return jpki.NewBasicFour(fmt.Sprint("試験　", person), jpki.DateOfBirthOn(1980, 1, 2), jpki.Female, address)
}

func (crowd) VerifySignature(_ context.Context, _, cms []byte) (*rp.Signature, error) {
	var person int
	_, err := fmt.Sscan(string(cms), &person)
	return &rp.Signature{
		Certificate: &x509.Certificate{}, BasicFour: fourOf(person, newHome), Serial: serial(person, 1), Paired: serial(person, 2),
		Record: rp.Record{Kind: jpki.DigitalSignature},
	}, err
}

// Pair, Successor and Predecessors make it the linkage as well.
func (crowd) Pair(context.Context, jpki.Kind, jpki.SerialNumber) (jpki.SerialNumber, error) {
	return "", nil
}

func (crowd) Successor(context.Context, jpki.Kind, jpki.SerialNumber) (jpki.SerialNumber, error) {
	return "", nil
}

func (crowd) Predecessors(context.Context, jpki.Kind, jpki.SerialNumber) ([]jpki.SerialNumber, error) {
	return nil, nil
}

// ledger is a partner as a model, which outlives the portal. It counts what it changed.
type ledger struct {
	*partner.Sealer
	mu      sync.Mutex
	boxes   map[string]partner.Connection // by customer
	cases   map[string]partner.Receipt    // by application
	digests map[string]string
	changes map[string]int // by customer
}

func (l *ledger) Connect(_ context.Context, c partner.Connection) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var person int
	if _, err := fmt.Sscan(c.Customer, &person); err != nil {
		return err
	}
	c.Certificate = serial(person, 1) // recognised at once: of a crowd there is no linkage
	l.boxes[c.Customer] = c
	return nil
}

func (l *ledger) Connected(_ context.Context, customer string) (partner.Connection, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c, ok := l.boxes[customer]
	if !ok {
		return c, partner.ErrNoCustomer
	}
	return c, nil
}

func (l *ledger) Disconnect(context.Context, string) error                  { return nil }
func (l *ledger) SameAddress(context.Context, string, string) (bool, error) { return true, nil }

func (l *ledger) Answer(ctx context.Context, id, _ string) (partner.Receipt, error) {
	r, _, err := l.Receipt(ctx, id)
	return r, err
}

// Receive takes an application once. Of every other it says that it works on it.
func (l *ledger) Receive(_ context.Context, c partner.Change) (partner.Receipt, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r, ok := l.cases[c.ID]; ok {
		return r, nil
	}
	l.changes[c.Sheet.Customer]++
	r, err := l.SealResult(partner.Result{
		Receipt: partner.Receipt{ID: c.ID, State: partner.Done, At: c.Received}, Box: l.boxes[c.Sheet.Customer].Box,
		From: l.Sender, Name: c.BasicFour.CommonName, Customer: c.Sheet.Customer, ChangedOn: c.Sheet.ChangedOn, Done: "変更しました。",
	})
	l.cases[c.ID], l.digests[c.ID] = r, c.Digest
	if len(l.cases)%2 == 0 {
		return partner.Receipt{ID: c.ID, State: partner.Accepted, At: c.Received}, err
	}
	return r, err
}

func (l *ledger) Receipt(_ context.Context, id string) (partner.Receipt, string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r, ok := l.cases[id]
	if !ok {
		return r, "", partner.ErrNoApplication
	}
	return r, l.digests[id], nil
}

// ledgers are five partners at their URLs. Every fifth answer is lost.
type ledgers struct {
	all  map[string]*ledger
	urls string // "ID=URL ID=URL"
}

func newLedgers(t *testing.T, now func() time.Time) *ledgers {
	t.Helper()
	ls := &ledgers{all: map[string]*ledger{}}
	for _, id := range []string{"denryoku", "gas", "suido", "mobile", "songai"} {
		key, err := partner.NewKey()
		webtest.Must(t, err)
		sealer, err := partner.NewSealer(id, key)
		webtest.Must(t, err)
		l := &ledger{Sealer: sealer, boxes: map[string]partner.Connection{}, cases: map[string]partner.Receipt{}, digests: map[string]string{}, changes: map[string]int{}}
		h, err := partner.NewServer(partner.ServerConfig{ID: id, Key: "key", Verifier: crowd{}, Links: crowd{}, Business: l, Now: now, KeySet: sealer.KeySet()})
		webtest.Must(t, err)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/v1/applications" && rand.IntN(5) == 0 {
				h.ServeHTTP(httptest.NewRecorder(), r)
				panic(http.ErrAbortHandler) // the answer is lost
			}
			h.ServeHTTP(w, r)
		}))
		t.Cleanup(server.Close)
		ls.all[id], ls.urls = l, ls.urls+" "+id+"="+server.URL
	}
	return ls
}

// office is a portal over the database in a folder, in front of partners at their URLs.
type office struct {
	*portal.Portal
	store *db.Store
}

func openOffice(t *testing.T, dir, urls string, now func() time.Time) office {
	t.Helper()
	store, err := db.Open(filepath.Join(dir, "portal.db"))
	webtest.Must(t, err)
	vault, err := postbox.NewVault(make([]byte, postbox.KeySize))
	webtest.Must(t, err)
	cfg := portal.Config{Verifier: crowd{}, Linkage: crowd{}, Store: store, Vault: vault, Now: now, URL: origin}
	for one := range strings.FieldsSeq(urls) {
		id, url, _ := strings.Cut(one, "=")
		cfg.Partners = append(cfg.Partners, portal.Partner{ID: id, Name: id, Line: partner.NewClient(url, "key")})
	}
	p, err := portal.New(t.Context(), cfg)
	webtest.Must(t, err)
	return office{p, store}
}

// applies lets a person enrol, connect every partner and sign, as far as the portal goes.
func (o office) applies(t *testing.T, person int) {
	t.Helper()
	c, err := o.store.AddCitizen(t.Context(), portal.Citizen{
		Four: fourOf(person, "青葉県みほん市一番町１番１号"), Mail: "x@example.jp", Signature: serial(person, 0), Authentication: serial(person, 2), Standing: portal.Invited,
	}, rp.SignedDocument{Record: rp.Record{Kind: jpki.DigitalSignature}})
	webtest.Must(t, err)
	wish := portal.Wish{ChangedOn: "2026-03-31"}
	for _, one := range o.Partners() {
		webtest.Must(t, o.Connect(t.Context(), c.ID, one.ID, fmt.Sprint(person)))
		wish.Partners = append(wish.Partners, one.ID)
	}
	d, err := o.Draft(t.Context(), c.ID, wish)
	webtest.Must(t, err)
	a, err := o.Apply(t.Context(), c.ID, d, fmt.Append(nil, person))
	webtest.Must(t, err)
	fmt.Println("applied", person)
	o.Hurry(a.ID)
}

// killedOffice names the round, the first person, the folder and the partners of the
// process that is killed.
const killedOffice = "JPKIMOCK_TEST_KILLED_OFFICE"

// dayOf is when a round takes place.
func dayOf(round int) func() time.Time {
	return func() time.Time { return time.Date(2026, 4, 1, round, 0, 0, 0, time.UTC) }
}

// TestChildOffice takes applications and delivers them until somebody kills it.
func TestChildOffice(t *testing.T) {
	said := os.Getenv(killedOffice)
	if said == "" {
		t.Skip("plays the process that is killed")
	}
	var round, person int
	var dir string
	if _, err := fmt.Sscan(said, &round, &person, &dir); err != nil {
		t.Fatal(err)
	}
	_, urls, _ := strings.Cut(said, dir)
	o := openOffice(t, dir, urls, dayOf(round))
	go func() { _ = o.Deliver(context.Background()) }() // what was left
	for ; ; person++ {
		fmt.Println("begins", person)
		o.applies(t, person)
	}
}

// The process of the portal is killed with SIGKILL at any instant, again and again over the
// same database, while citizens sign and five partners are told. The partners are the
// model: each has made each change that was signed once, and each citizen has each notice
// once. JPKIMOCK_KILLS=200 kills more, during 1,000 applications.
func TestApplicationsSurviveTheEndOfTheirProcess(t *testing.T) {
	dir, kills := t.TempDir(), webtest.KillsOf(t, 10)
	ls := newLedgers(t, dayOf(0))
	applied := map[int]bool{} // what the process had said
	next := 0
	for round := range kills {
		value := fmt.Sprint(round, " ", next, " ", dir, ls.urls)
		for _, line := range webtest.Killed(t, "TestChildOffice", killedOffice, value, 1+rand.IntN(18), 40*time.Millisecond) {
			var what string
			var person int
			if n, _ := fmt.Sscan(line, &what, &person); n != 2 {
				t.Fatalf("it said %q", line)
			}
			applied[person] = what == "applied"
			next = max(next, person+1)
		}
	}
	later := kills
	o := openOffice(t, dir, ls.urls, func() time.Time { return dayOf(later)() })
	defer func() { webtest.Must(t, errors.Join(o.Close(), o.store.Close())) }()
	open, err := o.Delivering(t.Context(), 10_000)
	webtest.Must(t, err)
	for ; next < 5*kills; next++ {
		o.applies(t, next)
		applied[next] = true
	}
	for left := open; len(left) > 0 && later < kills+400; later += 7 {
		webtest.Must(t, o.Deliver(t.Context()))
		left, err = o.Delivering(t.Context(), 10_000)
		webtest.Must(t, err)
	}
	t.Logf("%d applications; the last kill left %d deliveries open", len(applied), len(open))
	for person, said := range applied {
		o.agrees(t, ls, person, said)
	}
}

// agrees compares what the portal has of a person with what the partners have done.
func (o office) agrees(t *testing.T, ls *ledgers, person int, said bool) {
	t.Helper()
	c, err := o.store.CitizenByCertificate(t.Context(), jpki.UserAuthentication, serial(person, 2))
	if errors.Is(err, portal.ErrUnknownHolder) && !said {
		return // killed before there was anything
	}
	webtest.Must(t, err)
	all, err := o.Applications(t.Context(), c.ID)
	webtest.Must(t, err)
	if len(all) > 1 || said && len(all) != 1 {
		t.Fatalf("%d has %d applications, said to be applied %t", person, len(all), said)
	}
	for id, l := range ls.all {
		if n := l.changes[fmt.Sprint(person)]; n != len(all) {
			t.Errorf("%s has changed the entry of %d %d times", id, person, n)
		}
	}
	letters, err := o.Letters(t.Context(), c.ID, 0, 1000)
	webtest.Must(t, err)
	from := map[string]int{}
	for _, l := range letters {
		from[l.Content.Notice.Sender]++
	}
	if len(letters) != 6*len(all) || len(from) != 6*len(all) {
		t.Errorf("%d has notices from %v", person, from)
	}
}
