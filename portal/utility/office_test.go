package utility_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/fuse"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/portal/utility"
	"example.jp/jpkimock/portal/utility/db"
	"example.jp/jpkimock/rp"
)

// outOfOrder is a store of which one call fails.
type outOfOrder struct {
	utility.Store
	*fuse.Fuse
}

func (o outOfOrder) Customers(ctx context.Context) ([]utility.Customer, error) {
	return fuse.Call(o.Fuse, func() ([]utility.Customer, error) { return o.Store.Customers(ctx) })
}

func (o outOfOrder) Cases(ctx context.Context, limit int) ([]utility.Case, error) {
	return fuse.Call(o.Fuse, func() ([]utility.Case, error) { return o.Store.Cases(ctx, limit) })
}

func (o outOfOrder) Case(ctx context.Context, id string) (utility.Case, error) {
	return fuse.Call(o.Fuse, func() (utility.Case, error) { return o.Store.Case(ctx, id) })
}

func (o outOfOrder) Ping() error {
	return o.Do(func() error { return o.Store.Ping() })
}

func (o outOfOrder) AddCustomer(ctx context.Context, c utility.Customer) error {
	return o.Do(func() error { return o.Store.AddCustomer(ctx, c) })
}

func (o outOfOrder) Customer(ctx context.Context, no string) (utility.Customer, error) {
	return fuse.Call(o.Fuse, func() (utility.Customer, error) { return o.Store.Customer(ctx, no) })
}

func (o outOfOrder) ChangeCustomer(ctx context.Context, no string, change func(*utility.Customer) error) error {
	return o.Do(func() error { return o.Store.ChangeCustomer(ctx, no, change) })
}

func (o outOfOrder) AddCase(ctx context.Context, c utility.Case, settle func(*utility.Case, *utility.Customer) error) (utility.Case, error) {
	return fuse.Call(o.Fuse, func() (utility.Case, error) { return o.Store.AddCase(ctx, c, settle) })
}

func (o outOfOrder) ChangeCase(ctx context.Context, id string, change func(*utility.Case, *utility.Customer) error) (utility.Case, error) {
	return fuse.Call(o.Fuse, func() (utility.Case, error) { return o.Store.ChangeCase(ctx, id, change) })
}

func (o outOfOrder) Due(ctx context.Context, now time.Time) ([]string, error) {
	return fuse.Call(o.Fuse, func() ([]string, error) { return o.Store.Due(ctx, now) })
}

func (o outOfOrder) Key(ctx context.Context, make func() ([]byte, error)) ([]byte, error) {
	return fuse.Call(o.Fuse, func() ([]byte, error) { return o.Store.Key(ctx, make) })
}

// desk is one office over a real database, without a street around it.
type desk struct {
	*utility.Office
	*testing.T
	*fuse.Fuse
	now time.Time
}

func newDesk(t *testing.T, trade utility.Trade) *desk {
	t.Helper()
	d := &desk{T: t, Fuse: &fuse.Fuse{}, now: time.Date(2026, 4, 1, 3, 0, 0, 0, time.UTC)}
	store, err := db.Open(filepath.Join(t.TempDir(), "office.db"))
	d.must(err)
	t.Cleanup(func() { _ = store.Close() })
	d.Office, err = utility.Open(t.Context(), trade, outOfOrder{store, d.Fuse}, func() time.Time { return d.now })
	d.must(err)
	d.must(d.Enter(t.Context(), hanako()))
	d.must(d.Connect(t.Context(), connection()))
	return d
}

func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

func hanako() utility.Customer {
	return utility.Customer{No: "1001", Name: "青葉　花子", Address: "青葉県みほん市中央１丁目１番１号", DateOfBirth: jpki.DateOfBirthOn(1980, time.May, 1)}
}

func connection() partner.Connection {
	c := hanako()
	return partner.Connection{Customer: c.No, Name: c.Name, DateOfBirth: c.DateOfBirth, Box: "box-1", Certificate: "0A01"}
}

// change is her application after a move to an address.
func (d *desk) change(id, address string, answers map[string]string) partner.Change {
	four := jpki.NewBasicFour("青葉　花子", hanako().DateOfBirth, jpki.Female, address)
	return partner.Change{
		Application: partner.Application{ID: id, Document: "申請書", Signature: []byte{1}}, Signature: &rp.Signature{BasicFour: four, Serial: "0A02"},
		Digest: "digest of " + id, Sheet: partner.Sheet{Application: id, Customer: "1001", ChangedOn: "2026-04-01", Answers: answers}, Received: d.now,
	}
}

func (d *desk) receives(id string) partner.Receipt {
	d.Helper()
	r, err := d.Receive(d.Context(), d.change(id, "青葉県みほん市三番町３番", nil))
	d.must(err)
	return r
}

// What the register takes, to the last character.
func TestWhoIsEnteredInTheRegister(t *testing.T) {
	d := newDesk(t, utility.Trade{ID: "x"})
	for name, c := range map[string]struct {
		change func(*utility.Customer)
		want   error
	}{
		"as it should be":     {func(*utility.Customer) {}, nil},
		"a number of 20":      {func(c *utility.Customer) { c.No = strings.Repeat("7", 20) }, nil},
		"a number of 21":      {func(c *utility.Customer) { c.No = strings.Repeat("7", 21) }, utility.ErrCustomer},
		"a number with a bar": {func(c *utility.Customer) { c.No = "12-34" }, nil},
		"no number":           {func(c *utility.Customer) { c.No = "" }, utility.ErrCustomer},
		"letters":             {func(c *utility.Customer) { c.No = "a1" }, utility.ErrCustomer},
		"a taken number":      {func(c *utility.Customer) { c.No = "1001" }, utility.ErrExists},
		"no name":             {func(c *utility.Customer) { c.Name = "" }, utility.ErrCustomer},
		"no address":          {func(c *utility.Customer) { c.Address = "" }, utility.ErrCustomer},
		"no birthday":         {func(c *utility.Customer) { c.DateOfBirth = jpki.DateOfBirth{} }, utility.ErrCustomer},
	} {
		customer := hanako()
		customer.No, customer.Connection = "2001", &partner.Connection{Customer: "2001", Box: "box"}
		c.change(&customer)
		err := d.Enter(t.Context(), customer)
		if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if _, err := d.Connected(t.Context(), "2001"); !errors.Is(err, utility.ErrNoCustomer) {
			t.Errorf("%s: connected from the beginning, %v", name, err)
		}
	}
}

// Nobody connects another's customer number; who disconnects is forgotten, and may do so twice.
func TestWhoIsConnected(t *testing.T) {
	d := newDesk(t, utility.Trade{ID: "x"})
	if c, err := d.Connected(t.Context(), "1001"); err != nil || c != connection() {
		t.Errorf("%+v, %v", c, err)
	}
	for name, change := range map[string]func(*partner.Connection){
		"another name":     func(c *partner.Connection) { c.Name = "青葉　葉子" },
		"another birthday": func(c *partner.Connection) { c.DateOfBirth = jpki.DateOfBirthOn(1980, time.May, 2) },
		"another number":   func(c *partner.Connection) { c.Customer = "9999" },
	} {
		c := connection()
		change(&c)
		if err := d.Connect(t.Context(), c); !errors.Is(err, utility.ErrNoCustomer) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for address, want := range map[string]bool{"青葉県みほん市中央1-1-1": true, "青葉県みほん市中央1-1-2": false} {
		if same, err := d.SameAddress(t.Context(), "1001", address); err != nil || same != want {
			t.Errorf("%s: %t, %v", address, same, err)
		}
	}
	if same, err := d.SameAddress(t.Context(), "9999", ""); !errors.Is(err, utility.ErrNoCustomer) || same {
		t.Errorf("nobody's address: %t, %v", same, err)
	}
	for _, no := range []string{"1001", "1001", "9999"} {
		d.must(d.Disconnect(t.Context(), no))
	}
	for _, no := range []string{"1001", "9999"} {
		if _, err := d.Connected(t.Context(), no); !errors.Is(err, utility.ErrNoCustomer) {
			t.Errorf("%s: %v", no, err)
		}
	}
	if _, err := d.Receive(t.Context(), d.change("PT-1", "青葉県みほん市", nil)); !errors.Is(err, utility.ErrNoCustomer) {
		t.Errorf("an application after it: %v", err)
	}
}

// What becomes of an application by the rules of a trade, and of the customer's entry.
func TestWhatATradeDoesWithAnApplication(t *testing.T) {
	const inside, outside = "青葉県みほん市三番町３番", "若葉県いろは市一番町１番"
	for name, c := range map[string]struct {
		utility.Trade
		address  string
		answers  map[string]string
		want     partner.State
		answered partner.State // after an answer
	}{
		"by itself":                     {utility.Trade{}, outside, nil, partner.Done, partner.Done},
		"where it is served":            {utility.Trade{Served: "青葉県みほん市"}, inside, nil, partner.Done, partner.Done},
		"where it is not":               {utility.Trade{Served: "青葉県みほん市"}, outside, nil, partner.Rejected, partner.Rejected},
		"asked, and answered":           {utility.Trade{Question: "q", Asked: "?"}, inside, map[string]string{"q": "a"}, partner.Done, partner.Done},
		"asked, and not answered":       {utility.Trade{Question: "q", Asked: "?"}, inside, map[string]string{"p": "a"}, partner.AskedBack, partner.Done},
		"by the staff":                  {utility.Trade{ByStaff: true}, inside, nil, partner.Accepted, partner.Accepted},
		"by the staff, asked":           {utility.Trade{ByStaff: true, Question: "q", Asked: "?"}, inside, nil, partner.AskedBack, partner.Accepted},
		"by and by":                     {utility.Trade{After: time.Hour}, inside, nil, partner.Accepted, partner.Accepted},
		"by and by, asked":              {utility.Trade{After: time.Hour, Question: "q", Asked: "?"}, inside, nil, partner.AskedBack, partner.Accepted},
		"by the staff, however long on": {utility.Trade{ByStaff: true, After: time.Hour}, inside, nil, partner.Accepted, partner.Accepted},
	} {
		c.ID = "x"
		d := newDesk(t, c.Trade)
		r, err := d.Receive(t.Context(), d.change("PT-1", c.address, c.answers))
		if err != nil || r.State != c.want || (r.Question != "") != (c.want == partner.AskedBack) || (r.Reason != "") != (c.want == partner.Rejected) || (r.Notice != "") != c.want.Final() {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
		k, err := d.Case(t.Context(), "PT-1")
		if d.must(err); k.Due.IsZero() == (c.After > 0 && c.want == partner.Accepted && !c.ByStaff) || k.Box != "box-1" || k.Before != hanako().Address || k.Answer != c.answers["q"] {
			t.Errorf("%s: kept %+v", name, k)
		}
		if connected, err := d.Connected(t.Context(), "1001"); err != nil || connected.Certificate != "0A02" {
			t.Errorf("%s: known by %s, %v", name, connected.Certificate, err)
		}
		if r, err = d.Answer(t.Context(), "PT-1", "b"); err != nil || r.State != c.answered || r.Question != "" {
			t.Errorf("%s: answered %+v, %v", name, r, err)
		}
		all, err := d.Customers(t.Context())
		if d.must(err); (all[0].Address == c.address) != (c.answered == partner.Done) || (all[0].Changes == 1) != (c.answered == partner.Done) {
			t.Errorf("%s: registered %+v", name, all[0])
		}
	}
}

// An application that is delivered again is not another one.
func TestAnApplicationIsOne(t *testing.T) {
	d := newDesk(t, utility.Trade{ID: "x"})
	first := d.receives("PT-1")
	if again := d.receives("PT-1"); again != first {
		t.Errorf("%+v, then %+v", first, again)
	}
	other := d.change("PT-1", "青葉県みほん市三番町３番", nil)
	other.Digest = "another"
	if r, err := d.Receive(t.Context(), other); !errors.Is(err, partner.ErrConflict) || r != (partner.Receipt{}) {
		t.Errorf("%+v, %v", r, err)
	}
	if r, digest, err := d.Receipt(t.Context(), "PT-1"); err != nil || r != first || digest != "digest of PT-1" {
		t.Errorf("%+v, %q, %v", r, digest, err)
	}
	if _, _, err := d.Receipt(t.Context(), "PT-2"); !errors.Is(err, utility.ErrNoCase) {
		t.Errorf("none: %v", err)
	}
}

// What is due is done at its instant, unless it is asked back or decided before.
func TestWhatIsDue(t *testing.T) {
	d := newDesk(t, utility.Trade{ID: "x", After: time.Hour})
	for _, id := range []string{"PT-1", "PT-2", "PT-3"} {
		d.receives(id)
	}
	d.must(d.Ask(t.Context(), "PT-2", "いつですか。"))
	d.must(d.Reject(t.Context(), "PT-3", "できません。"))
	for _, c := range []struct {
		late time.Duration
		due  int
		want partner.State
	}{{-time.Second, 0, partner.Accepted}, {0, 1, partner.Done}, {time.Hour, 0, partner.Done}} {
		d.now = time.Date(2026, 4, 1, 4, 0, 0, 0, time.UTC).Add(c.late)
		due, err := d.CountDue(t.Context())
		d.must(err)
		d.must(d.Sweep(t.Context()))
		if r, _, err := d.Receipt(t.Context(), "PT-1"); err != nil || r.State != c.want || due != c.due {
			t.Errorf("%s late: %+v, %v, %d due", c.late, r, err, due)
		}
	}
	for id, want := range map[string]partner.State{"PT-2": partner.AskedBack, "PT-3": partner.Rejected} {
		if r, _, err := d.Receipt(t.Context(), id); err != nil || r.State != want {
			t.Errorf("%s: %+v, %v", id, r, err)
		}
	}
}

// eager is a store that takes everything for due.
type eager struct {
	utility.Store
	all []string
}

func (e eager) Due(context.Context, time.Time) ([]string, error) { return e.all, nil }

// What went on since it was found due is left alone.
func TestWhatIsDueNoLonger(t *testing.T) {
	d := newDesk(t, utility.Trade{ID: "x", After: time.Hour})
	later := eager{d.Records.(outOfOrder).Store, []string{"PT-1", "PT-2", "PT-3", "PT-4"}}
	for _, id := range later.all[:3] {
		d.receives(id)
	}
	d.ByStaff = true // nothing is due by itself any more
	d.receives("PT-4")
	d.must(d.Ask(t.Context(), "PT-2", "いつですか。"))
	d.must(d.Reject(t.Context(), "PT-3", "できません。"))
	now := d.now
	sweeps := func() {
		t.Helper()
		office, err := utility.Open(t.Context(), d.Trade, later, func() time.Time { return now })
		d.must(err)
		d.must(office.Sweep(t.Context()))
	}
	states := func(want ...partner.State) {
		t.Helper()
		for i, id := range later.all {
			if r, _, err := d.Receipt(t.Context(), id); err != nil || r.State != want[i] {
				t.Errorf("%s: %+v, %v, want %s", id, r, err, want[i])
			}
		}
	}
	now = d.now.Add(time.Hour - time.Second)
	sweeps()
	states(partner.Accepted, partner.AskedBack, partner.Rejected, partner.Accepted)
	now = d.now.Add(time.Hour)
	sweeps()
	states(partner.Done, partner.AskedBack, partner.Rejected, partner.Accepted)
}

// The staff decide once, and say why.
func TestWhatTheStaffMayDo(t *testing.T) {
	long := strings.Repeat("あ", jpki.MaxAddress)
	for name, c := range map[string]struct {
		act  func(*desk) error
		want error
		then partner.State
	}{
		"ask":                    {func(d *desk) error { return d.Ask(d.Context(), "PT-1", long) }, nil, partner.AskedBack},
		"ask too much":           {func(d *desk) error { return d.Ask(d.Context(), "PT-1", long+"あ") }, utility.ErrWhy, partner.Accepted},
		"ask nothing":            {func(d *desk) error { return d.Ask(d.Context(), "PT-1", "") }, utility.ErrWhy, partner.Accepted},
		"reject":                 {func(d *desk) error { return d.Reject(d.Context(), "PT-1", long) }, nil, partner.Rejected},
		"reject for no reason":   {func(d *desk) error { return d.Reject(d.Context(), "PT-1", "") }, utility.ErrWhy, partner.Accepted},
		"finish":                 {func(d *desk) error { return d.Finish(d.Context(), "PT-1") }, nil, partner.Done},
		"finish what is not one": {func(d *desk) error { return d.Finish(d.Context(), "PT-9") }, utility.ErrNoCase, partner.Accepted},
	} {
		d := newDesk(t, utility.Trade{ID: "x", ByStaff: true})
		d.receives("PT-1")
		err := c.act(d)
		if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		r, _, err := d.Receipt(t.Context(), "PT-1")
		if d.must(err); r.State != c.then || (r.Notice != "") != c.then.Final() {
			t.Errorf("%s: %+v", name, r)
		}
		if !c.then.Final() {
			continue
		}
		for what, err := range map[string]error{
			"ask": d.Ask(t.Context(), "PT-1", "?"), "reject": d.Reject(t.Context(), "PT-1", "?"), "finish": d.Finish(t.Context(), "PT-1"),
		} {
			if !errors.Is(err, utility.ErrFinal) {
				t.Errorf("%s, then %s: %v", name, what, err)
			}
		}
		if again, err := d.Answer(t.Context(), "PT-1", "a"); err != nil || again != r {
			t.Errorf("%s, then answered: %+v, %v", name, again, err)
		}
	}
}

// Whichever call of the store fails, the act fails with it, and can be done again.
func TestNoFailureOfAnOfficeIsSwallowed(t *testing.T) {
	d := newDesk(t, utility.Trade{ID: "x", After: time.Hour})
	ctx := t.Context()
	try := func(what string, act func() error) {
		t.Helper()
		d.Everywhere(t, what, func() func() error { return act })
	}
	try("open", func() error {
		_, err := utility.Open(ctx, d.Trade, outOfOrder{d.Records.(outOfOrder).Store, d.Fuse}, func() time.Time { return d.now })
		return err
	})
	other := hanako()
	other.No = "1002"
	try("enter", func() error { return d.Enter(ctx, other) })
	try("connect", func() error { return d.Connect(ctx, connection()) })
	try("connected", func() error { _, err := d.Connected(ctx, "1001"); return err })
	try("same address", func() error { _, err := d.SameAddress(ctx, "1001", other.Address); return err })
	try("receive", func() error { _, err := d.Receive(ctx, d.change("PT-1", "青葉県みほん市", nil)); return err })
	try("receipt", func() error { _, _, err := d.Receipt(ctx, "PT-1"); return err })
	try("ask", func() error { return d.Ask(ctx, "PT-1", "?") })
	try("answer", func() error { _, err := d.Answer(ctx, "PT-1", "a"); return err })
	d.now = d.now.Add(time.Hour)
	try("count", func() error { _, err := d.CountDue(ctx); return err })
	try("sweep", func() error { return d.Sweep(ctx) })
	if r, _, err := d.Receipt(ctx, "PT-1"); err != nil || r.State != partner.Done {
		t.Errorf("%+v, %v", r, err)
	}
	try("cases", func() error { _, err := d.Cases(ctx, 5); return err })
	try("disconnect", func() error { return d.Disconnect(ctx, "1001") })
}
