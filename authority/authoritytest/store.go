package authoritytest

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// StoreSuite is what every authority.Store must do. open gives an empty store;
// the suite closes nothing.
func StoreSuite(t *testing.T, open func(*testing.T) authority.Store) {
	t.Run("nothing is found in an empty store", func(t *testing.T) { empty(t, open(t)) })
	t.Run("what was committed comes back", func(t *testing.T) { roundTrip(t, open(t)) })
	t.Run("a status changes, and nothing else of the certificate", func(t *testing.T) { statuses(t, open(t)) })
	t.Run("a change is written whole or not at all", func(t *testing.T) { atomic(t, open(t)) })
	t.Run("certificates are selected", func(t *testing.T) { selection(t, open(t)) })
	t.Run("cards with a deadline are found", func(t *testing.T) { lapsing(t, open(t)) })
	t.Run("the journal is read backwards", func(t *testing.T) { journal(t, open(t)) })
}

var noon = time.Date(2026, 4, 1, 3, 0, 0, 0, time.UTC)

func cert(kind jpki.Kind, serial jpki.SerialNumber, card, resident string) register.Certificate {
	return register.Certificate{
		Kind: kind, Serial: serial, CardID: card, ResidentID: resident, DER: []byte{0x30, 0x00},
		NotBefore: noon, NotAfter: noon.AddDate(5, 0, 0), Status: register.Status{State: register.Good, Since: noon},
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func empty(t *testing.T, s authority.Store) {
	ctx := context.Background()
	_, noResident := s.Resident(ctx, "x")
	_, noCard := s.Card(ctx, "x")
	_, noCert := s.Certificate(ctx, jpki.DigitalSignature, "01")
	_, noBigCert := s.Certificate(ctx, jpki.DigitalSignature, "FFFFFFFFFFFFFFFFFF")
	_, notKept := s.Kept(ctx, "x")
	for want, got := range map[error]error{
		register.ErrNoResident: noResident, register.ErrNoCard: noCard, register.ErrNoCertificate: errors.Join(noCert, noBigCert), ca.ErrNotKept: notKept,
	} {
		if !errors.Is(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	tariff, err := s.Tariff(ctx)
	must(t, err)
	same(t, "tariff", tariff, []accreditation.TariffRow(nil))
	p, err := s.Publication(ctx, jpki.UserAuthentication)
	must(t, err)
	same(t, "publication", p, ca.Publication{Kind: jpki.UserAuthentication})
}

func roundTrip(t *testing.T, s authority.Store) {
	ctx := context.Background()
	c := cert(jpki.DigitalSignature, "0705D990", "hanako", "hanako")
	c.Status = register.Status{State: register.Revoked, Reason: jpki.AffiliationChanged, Since: noon.Add(time.Hour)}
	c.Delivered = true
	v := accreditation.Verifier{ID: "bank", Name: "試験銀行", KeyHash: [32]byte{1, 2, 3}, Kinds: jpki.Kinds(), State: accreditation.VerifierSuspended, Since: noon, Why: "監査"}
	card := register.Card{ID: "hanako", ResidentID: "hanako", IssuedAt: noon, Expires: noon.AddDate(10, 0, 0)}
	p := ca.Publication{Kind: jpki.DigitalSignature, Number: 7, ThisUpdate: noon}
	must(t, s.Commit(ctx, authority.Change{
		Residents: []register.Resident{Taro(), Hanako()}, Cards: []register.Card{card}, Certificates: []register.Certificate{c},
	}))
	must(t, s.CommitAccreditation(ctx, accreditation.Change{Verifiers: []accreditation.Verifier{v}}))
	must(t, s.Publish(ctx, p))
	must(t, s.Keep(ctx, "key", []byte{1}))
	moved := Hanako()
	moved.BasicFour.Address = "若葉県いろは市仲町４番５号"
	must(t, s.Commit(ctx, authority.Change{Residents: []register.Resident{moved}}))
	must(t, s.Keep(ctx, "key", []byte{2}))

	all, err := s.Residents(ctx)
	must(t, err)
	same(t, "residents", all, []register.Resident{moved, Taro()})
	gotCard, err := s.Card(ctx, "hanako")
	must(t, err)
	same(t, "card", gotCard, card)
	gotCert, err := s.Certificate(ctx, c.Kind, c.Serial)
	must(t, err)
	same(t, "certificate", gotCert, c)
	verifiers, err := s.Verifiers(ctx)
	must(t, err)
	same(t, "verifiers", verifiers, []accreditation.Verifier{v})
	gotPublication, err := s.Publication(ctx, jpki.DigitalSignature)
	must(t, err)
	same(t, "publication", gotPublication, p)
	if kept, err := s.Kept(ctx, "key"); err != nil || !bytes.Equal(kept, []byte{2}) {
		t.Errorf("kept %x, %v", kept, err)
	}
	var rows []ca.StatusRow
	must(t, s.EachStatus(ctx, c.Kind, func(r ca.StatusRow) error { rows = append(rows, r); return nil }))
	same(t, "statuses", rows, []ca.StatusRow{{Number: 0x0705D990, NotAfter: c.NotAfter, Status: c.Status}})
}

func statuses(t *testing.T, s authority.Store) {
	ctx := context.Background()
	c := cert(jpki.UserAuthentication, "0A21C3F0", "hanako", "hanako")
	must(t, s.Commit(ctx, authority.Change{Certificates: []register.Certificate{c}}))
	held := register.Status{State: register.Held, Reason: jpki.CertificateHold, Since: noon.Add(time.Minute)}
	must(t, s.Commit(ctx, authority.Change{Statuses: []authority.NewStatus{{Kind: c.Kind, Serial: c.Serial, Status: held, Deliver: true}}}))
	must(t, s.Commit(ctx, authority.Change{Statuses: []authority.NewStatus{{Kind: c.Kind, Serial: c.Serial, Status: held}}}))
	got, err := s.Certificate(ctx, c.Kind, c.Serial)
	must(t, err)
	c.Status, c.Delivered = held, true
	same(t, "certificate", got, c)
}

func atomic(t *testing.T, s authority.Store) {
	ctx := context.Background()
	c := cert(jpki.DigitalSignature, "0705D990", "hanako", "hanako")
	must(t, s.Commit(ctx, authority.Change{Certificates: []register.Certificate{c}}))
	if err := s.Commit(ctx, authority.Change{Residents: []register.Resident{Hanako()}, Certificates: []register.Certificate{c}}); !errors.Is(err, register.ErrSerialTaken) {
		t.Errorf("a serial number twice: %v", err)
	}
	unknown := []authority.NewStatus{{Kind: c.Kind, Serial: "0705D991", Status: c.Status}}
	if err := s.Commit(ctx, authority.Change{Residents: []register.Resident{Hanako()}, Statuses: unknown}); !errors.Is(err, register.ErrNoCertificate) {
		t.Errorf("the status of nothing: %v", err)
	}
	if _, err := s.Resident(ctx, "hanako"); !errors.Is(err, register.ErrNoResident) {
		t.Errorf("half a change was written: %v", err)
	}
}

func selection(t *testing.T, s authority.Store) {
	ctx := context.Background()
	hold := cert(jpki.UserAuthentication, "0A21C3F0", "h1", "hanako")
	hold.Delivered = true
	must(t, s.Commit(ctx, authority.Change{Certificates: []register.Certificate{
		cert(jpki.DigitalSignature, "0705D991", "h2", "hanako"), hold,
		cert(jpki.DigitalSignature, "0705D990", "h1", "hanako"), cert(jpki.UserAuthentication, "0A21C3F1", "t1", "taro"),
	}}))
	for _, c := range []struct {
		name  string
		query authority.CertificateQuery
		want  []jpki.SerialNumber
	}{
		{"all", authority.CertificateQuery{}, []jpki.SerialNumber{"0705D990", "0705D991", "0A21C3F0", "0A21C3F1"}},
		{"kind", authority.CertificateQuery{Kind: jpki.DigitalSignature}, []jpki.SerialNumber{"0705D990", "0705D991"}},
		{"card", authority.CertificateQuery{CardID: "h1"}, []jpki.SerialNumber{"0705D990", "0A21C3F0"}},
		{"resident", authority.CertificateQuery{ResidentID: "taro"}, []jpki.SerialNumber{"0A21C3F1"}},
		{"undelivered", authority.CertificateQuery{Undelivered: true, ResidentID: "hanako"}, []jpki.SerialNumber{"0705D990", "0705D991"}},
	} {
		list, err := s.Certificates(ctx, c.query)
		must(t, err)
		var got []jpki.SerialNumber
		for _, x := range list {
			got = append(got, x.Serial)
		}
		same(t, c.name, got, c.want)
	}
	for from, want := range map[time.Time]int{hold.NotAfter: 1, hold.NotAfter.Add(-time.Hour): 1, hold.NotAfter.Add(time.Second): 0} {
		n, err := s.Expired(ctx, from, hold.NotAfter.Add(time.Second))
		must(t, err)
		same(t, "expired from "+from.String(), n, want) // the others are on no card
	}
	n, err := s.Expired(ctx, hold.NotAfter.Add(-time.Hour), hold.NotAfter)
	must(t, err)
	same(t, "expired before the end", n, 0)
	revoked := register.Status{State: register.Revoked, Since: noon}
	must(t, s.Commit(ctx, authority.Change{Statuses: []authority.NewStatus{{Kind: hold.Kind, Serial: hold.Serial, Status: revoked}}}))
	n, err = s.Expired(ctx, hold.NotAfter, hold.NotAfter.Add(time.Second))
	must(t, err)
	same(t, "of what was revoked before", n, 0)
}

func lapsing(t *testing.T, s authority.Store) {
	ctx := context.Background()
	card := func(id string, state register.CardState, days int) register.Card {
		c := register.Card{ID: id, ResidentID: "hanako", IssuedAt: noon, Expires: noon.AddDate(10, 0, 0), State: state}
		if days > 0 {
			c.Lapses = noon.AddDate(0, 0, days)
		}
		return c
	}
	late, early := card("late", register.CardLost, 90), card("early", register.CardInUse, 30)
	must(t, s.Commit(ctx, authority.Change{Cards: []register.Card{
		late, card("without", register.CardInUse, 0), card("void", register.CardVoid, 1), card("replaced", register.CardReplaced, 2), early,
	}}))
	got, err := s.Lapsing(ctx)
	must(t, err)
	same(t, "cards with a deadline", got, []register.Card{early, late})
	early.Lapses = time.Time{}
	must(t, s.Commit(ctx, authority.Change{Cards: []register.Card{early}}))
	got, err = s.Lapsing(ctx)
	must(t, err)
	same(t, "after one was taken on", got, []register.Card{late})
}

func journal(t *testing.T, s authority.Store) {
	ctx := context.Background()
	var events []register.Event
	for i, act := range []string{"issued", "suspended", "revoked"} {
		events = append(events, register.Event{
			At: noon.Add(time.Duration(i) * time.Minute), Act: act, Kind: jpki.DigitalSignature, Serial: "0705D990",
			CardID: "h1", ResidentID: "hanako", Reason: jpki.KeyCompromise, Officer: "窓口", Why: "紛失の届出",
		})
	}
	must(t, s.Commit(ctx, authority.Change{Events: events}))
	got, err := s.Events(ctx, authority.EventQuery{ResidentID: "hanako", Kind: jpki.DigitalSignature, Serial: "0705D990", Limit: 2})
	must(t, err)
	if len(got) != 2 || got[0].ID <= got[1].ID || got[0].Act != "revoked" {
		t.Fatalf("journal: %+v", got)
	}
	got[0].ID = 0
	same(t, "line", got[0], events[2])
	if late, err := s.Events(ctx, authority.EventQuery{Since: noon.Add(time.Minute)}); err != nil || len(late) != 2 || late[1].Act != "suspended" {
		t.Errorf("since a minute: %+v, %v", late, err)
	}
	if none, err := s.Events(ctx, authority.EventQuery{ResidentID: "taro"}); err != nil || len(none) != 0 {
		t.Errorf("somebody else's journal: %v, %v", none, err)
	}
}
