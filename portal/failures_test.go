package portal_test

import (
	"context"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/fuse"
	"example.jp/jpkimock/portal"
	"example.jp/jpkimock/portal/db"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/portal/postbox"
	"example.jp/jpkimock/rp"
)

// outOfOrder is a store of which one call fails.
type outOfOrder struct {
	portal.Store
	*fuse.Fuse
}

func (o outOfOrder) Watched(ctx context.Context, s portal.Standing) ([]portal.Citizen, error) {
	return fuse.Call(o.Fuse, func() ([]portal.Citizen, error) { return o.Store.Watched(ctx, s) })
}

func (o outOfOrder) Ping() error {
	return o.Do(func() error { return o.Store.Ping() })
}

func (o outOfOrder) Key(ctx context.Context, generate func() ([]byte, error)) ([]byte, error) {
	return fuse.Call(o.Fuse, func() ([]byte, error) { return o.Store.Key(ctx, generate) })
}

func (o outOfOrder) AddCitizen(ctx context.Context, c portal.Citizen, application rp.SignedDocument) (portal.Citizen, error) {
	return fuse.Call(o.Fuse, func() (portal.Citizen, error) { return o.Store.AddCitizen(ctx, c, application) })
}

func (o outOfOrder) Citizen(ctx context.Context, id int64) (portal.Citizen, error) {
	return fuse.Call(o.Fuse, func() (portal.Citizen, error) { return o.Store.Citizen(ctx, id) })
}

func (o outOfOrder) CitizenByCertificate(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (portal.Citizen, error) {
	return fuse.Call(o.Fuse, func() (portal.Citizen, error) { return o.Store.CitizenByCertificate(ctx, kind, serial) })
}

func (o outOfOrder) ChangeCitizen(ctx context.Context, id int64, change func(*portal.Citizen) error) (portal.Citizen, error) {
	return fuse.Call(o.Fuse, func() (portal.Citizen, error) { return o.Store.ChangeCitizen(ctx, id, change) })
}

func (o outOfOrder) Notice(ctx context.Context, id int64, change func(*portal.Citizen) (portal.Sent, error)) error {
	return o.Do(func() error { return o.Store.Notice(ctx, id, change) })
}

func (o outOfOrder) CompleteWatch(ctx context.Context, w portal.WatchReport) error {
	return o.Do(func() error { return o.Store.CompleteWatch(ctx, w) })
}

func (o outOfOrder) Watches(ctx context.Context, limit int) ([]portal.WatchReport, error) {
	return fuse.Call(o.Fuse, func() ([]portal.WatchReport, error) { return o.Store.Watches(ctx, limit) })
}

func (o outOfOrder) Connect(ctx context.Context, k portal.Connection) error {
	return o.Do(func() error { return o.Store.Connect(ctx, k) })
}

func (o outOfOrder) Withdraw(ctx context.Context, citizen int64, partner string) (portal.Connection, error) {
	return fuse.Call(o.Fuse, func() (portal.Connection, error) { return o.Store.Withdraw(ctx, citizen, partner) })
}

func (o outOfOrder) Connections(ctx context.Context, citizen int64) ([]portal.Connection, error) {
	return fuse.Call(o.Fuse, func() ([]portal.Connection, error) { return o.Store.Connections(ctx, citizen) })
}

func (o outOfOrder) AddApplication(ctx context.Context, a portal.Application, d []portal.Delivery, change func(*portal.Citizen) error) error {
	return o.Do(func() error { return o.Store.AddApplication(ctx, a, d, change) })
}

func (o outOfOrder) Application(ctx context.Context, id string) (portal.Application, error) {
	return fuse.Call(o.Fuse, func() (portal.Application, error) { return o.Store.Application(ctx, id) })
}

func (o outOfOrder) Applications(ctx context.Context, citizen int64) ([]portal.Application, error) {
	return fuse.Call(o.Fuse, func() ([]portal.Application, error) { return o.Store.Applications(ctx, citizen) })
}

func (o outOfOrder) Deliveries(ctx context.Context, application string) ([]portal.Delivery, error) {
	return fuse.Call(o.Fuse, func() ([]portal.Delivery, error) { return o.Store.Deliveries(ctx, application) })
}

func (o outOfOrder) Due(ctx context.Context, partner string, now time.Time, limit int) ([]portal.Delivery, error) {
	return fuse.Call(o.Fuse, func() ([]portal.Delivery, error) { return o.Store.Due(ctx, partner, now, limit) })
}

func (o outOfOrder) ChangeDelivery(ctx context.Context, application, partner string, change func(d *portal.Delivery, all func() []portal.Delivery) (portal.Sent, error)) error {
	return o.Do(func() error { return o.Store.ChangeDelivery(ctx, application, partner, change) })
}

func (o outOfOrder) Delivering(ctx context.Context, limit int) ([]portal.Delivery, error) {
	return fuse.Call(o.Fuse, func() ([]portal.Delivery, error) { return o.Store.Delivering(ctx, limit) })
}

func (o outOfOrder) Letters(ctx context.Context, owner int64, skip, limit int) ([]postbox.Letter, error) {
	return fuse.Call(o.Fuse, func() ([]postbox.Letter, error) { return o.Store.Letters(ctx, owner, skip, limit) })
}

func (o outOfOrder) CountLetters(ctx context.Context, owner int64) (all, unread int, err error) {
	err = o.Do(func() error { all, unread, err = o.Store.CountLetters(ctx, owner); return err })
	return all, unread, err
}

func (o outOfOrder) Letter(ctx context.Context, owner, id int64) (postbox.Letter, error) {
	return fuse.Call(o.Fuse, func() (postbox.Letter, error) { return o.Store.Letter(ctx, owner, id) })
}

func (o outOfOrder) OpenLetter(ctx context.Context, owner, id int64, now time.Time) error {
	return o.Do(func() error { return o.Store.OpenLetter(ctx, owner, id, now) })
}

func (o outOfOrder) Mails(ctx context.Context, limit int) ([]portal.Mail, error) {
	return fuse.Call(o.Fuse, func() ([]portal.Mail, error) { return o.Store.Mails(ctx, limit) })
}

func (o outOfOrder) UnsentMails(ctx context.Context, limit int) ([]portal.Mail, error) {
	return fuse.Call(o.Fuse, func() ([]portal.Mail, error) { return o.Store.UnsentMails(ctx, limit) })
}

func (o outOfOrder) MailSent(ctx context.Context, id int64, at time.Time) error {
	return o.Do(func() error { return o.Store.MailSent(ctx, id, at) })
}

func (o outOfOrder) Figures(ctx context.Context) (portal.Figures, error) {
	return fuse.Call(o.Fuse, func() (portal.Figures, error) { return o.Store.Figures(ctx) })
}

// openShaky opens the town's portal anew, with one call out of order at a time.
func openShaky(t *testing.T) (*town, *fuse.Fuse) {
	t.Helper()
	w, f := newTown(t), &fuse.Fuse{}
	store, err := db.Open(w.file)
	w.must(err)
	t.Cleanup(func() { w.must(store.Close()) })
	cfg := w.Config(origin)
	cfg.WantPaired = true
	verifier, err := rp.NewVerifier(cfg)
	w.must(err)
	links, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: cfg.AuthorityURL, Key: cfg.Key})
	w.must(err)
	vault, err := postbox.NewVault(make([]byte, postbox.KeySize))
	w.must(err)
	var partners []portal.Partner
	for _, s := range w.shops {
		partners = append(partners, portal.Partner{ID: s.id, Name: s.id, Line: s})
	}
	p, err := portal.New(t.Context(), portal.Config{
		Verifier: fuse.Kit{Verifier: verifier, Fuse: f}, Linkage: fuse.Links{Links: links, Fuse: f}, Store: outOfOrder{store, f}, Vault: vault, Partners: partners, Now: w.Clock.Now, URL: origin,
		Step: func(string) error { return nil },
		Mailer: func(_ context.Context, m portal.Mail) error {
			return f.Do(func() error { w.mails = append(w.mails, m); return nil })
		},
	})
	w.must(err)
	w.Portal = p
	t.Cleanup(func() { w.must(p.Close()) })
	return w, f
}

// Whichever call fails, of the store, the kit or the mail server, the act fails with it,
// and can be done again.
func TestNoFailureIsSwallowed(t *testing.T) {
	w, f := openShaky(t)
	ctx := t.Context()
	try := func(what string, act func() error) {
		t.Helper()
		f.Everywhere(t, what, func() func() error { return act })
	}
	signIn := func(what string) {
		t.Helper()
		f.Everywhere(t, what, func() func() error {
			challenge, err := w.Challenge(ctx)
			w.must(err)
			return func() error {
				_, err := w.SignIn(ctx, w.Card("hanako").Authenticate(origin, challenge.Nonce), challenge.Nonce)
				return err
			}
		})
	}
	try("challenge", func() error { _, err := w.Challenge(ctx); return err })
	signIn("sign-in of a stranger")
	enrolment, err := w.DraftEnrolment("hanako@example.jp")
	w.must(err)
	cms := w.Card("hanako").Sign([]byte(enrolment.Document.Content))
	var hanako portal.Citizen
	try("enrol", func() (err error) {
		hanako, err = w.Enrol(ctx, w.Card("hanako").Serial(jpki.UserAuthentication), enrolment, cms)
		return err
	})
	try("connect", func() error { return w.Connect(ctx, hanako.ID, "suido", "100") })
	try("connect another", func() error { return w.Connect(ctx, hanako.ID, "mobile", "100") })
	signIn("sign-in")
	w.Move("hanako", newHome)
	w.Clock.Advance(24 * time.Hour)
	try("watch", func() error { _, err := w.Watch(ctx); return err })
	try("mails", func() error { return w.SendMails(ctx) })
	if len(w.mails) != 2 { // again, since that it had left could not be written down
		t.Errorf("%d e-mails", len(w.mails))
	}
	signIn("sign-in after the move")
	wish := portal.Wish{ChangedOn: "2026-03-25", Partners: []string{"suido"}}
	var draft portal.Draft
	try("draft", func() (err error) { draft, err = w.Draft(ctx, hanako.ID, wish); return err })
	cms = w.Card("hanako").Sign([]byte(draft.Document.Content))
	var application portal.Application
	try("apply", func() (err error) { application, err = w.Apply(ctx, hanako.ID, draft, cms); return err })
	w.must(w.Deliver(ctx)) // cut off at each of its steps: TestKilledAtAnyStep
	if s := w.states(application)["suido"]; s != partner.Done {
		t.Errorf("%s", s)
	}
	letters, err := w.Letters(ctx, hanako.ID, 0, 1000)
	w.must(err)
	for what, act := range map[string]func() error{
		"application":  func() error { _, _, err := w.Application(ctx, hanako.ID, application.ID); return err },
		"applications": func() error { _, err := w.Applications(ctx, hanako.ID); return err },
		"citizen":      func() error { _, err := w.Citizen(ctx, hanako.ID); return err },
		"connections":  func() error { _, err := w.Connections(ctx, hanako.ID); return err },
		"letters":      func() error { _, err := w.Letters(ctx, hanako.ID, 0, 1000); return err },
		"unread":       func() error { _, _, err := w.CountLetters(ctx, hanako.ID); return err },
		"search":       func() error { _, err := w.Search(ctx, hanako.ID, "変更"); return err },
		"letter":       func() error { _, err := w.Letter(ctx, hanako.ID, letters[0].ID); return err },
		"outbox":       func() error { _, err := w.Mails(ctx, 5); return err },
		"watches":      func() error { _, err := w.Watches(ctx, 5); return err },
		"figures":      func() error { _, err := w.Figures(ctx); return err },
		"delivering":   func() error { _, err := w.Delivering(ctx, 5); return err },
		"health":       w.Ping,
		"sweep":        func() error { return w.Sweep(ctx) },
	} {
		try(what, act)
	}
	try("withdraw", func() error { return w.Withdraw(ctx, hanako.ID, "mobile") })
	w.Renew("hanako")
	signIn("sign-in with a new certificate")
}
