package partner

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Candidate is a partner whose interface is to be tested, at its URL.
type Candidate struct {
	Client
	// ID is the partner's, as sheets name it.
	ID string
	// Connection is a customer's whom the partner has; its Certificate is that of Sign's
	// card.
	Connection Connection
	// Address is the one that the partner has registered for the customer.
	Address string
	// Sign signs a document with the customer's card, and Stranger with another's:
	// detached CMS SignedData in DER.
	Sign, Stranger func(document []byte) ([]byte, error)
}

// Conform tests whether a partner keeps the contract, and gives what it does not keep.
// It connects the customer, leaves one application behind, and disconnects.
func Conform(ctx context.Context, c Candidate) error {
	t := &trial{Candidate: c, ctx: ctx}
	t.keys()
	t.connections()
	t.applications()
	t.must("end a connection", c.Disconnect(ctx, c.Connection.Customer))
	t.must("end a connection that has ended", c.Disconnect(ctx, c.Connection.Customer))
	_, err := c.SameAddress(ctx, c.Connection.Customer, c.Address)
	t.refuses("say anything after a connection has ended", err, "no_customer")
	return errors.Join(t.found...)
}

// trial is one run of Conform.
type trial struct {
	Candidate
	ctx   context.Context
	found []error
}

func (t *trial) must(do string, err error) {
	if err != nil {
		t.found = append(t.found, fmt.Errorf("a partner must %s: %w", do, err))
	}
}

// refuses wants a refusal with one of the codes; any code if none is named.
func (t *trial) refuses(do string, err error, codes ...string) {
	refused, ok := errors.AsType[*Refused](err)
	for _, code := range codes {
		if ok && refused.Code == code {
			return
		}
	}
	if !ok || len(codes) > 0 {
		t.found = append(t.found, fmt.Errorf("a partner must refuse to %s %v: it answered %v", do, codes, err))
	}
}

func (t *trial) keys() {
	stranger := t.Client
	stranger.Key = "wrong-" + rand.Text()
	if stranger.Connect(t.ctx, t.Connection) == nil {
		t.found = append(t.found, errors.New("a partner must not let in who does not have the key"))
	}
}

func (t *trial) connections() {
	nobody := t.Connection
	nobody.Customer = "none-" + rand.Text()
	t.refuses("connect an unknown customer number", t.Connect(t.ctx, nobody), "no_customer")
	other := t.Connection
	other.Name += "別"
	t.refuses("connect somebody of another name", t.Connect(t.ctx, other), "no_customer")
	t.must("connect a customer", t.Connect(t.ctx, t.Connection))
	t.must("connect a customer again", t.Connect(t.ctx, t.Connection))
	for address, want := range map[string]bool{t.Address: true, t.Address + "の先": false} {
		same, err := t.SameAddress(t.ctx, t.Connection.Customer, address)
		t.must("say whether an address is the registered one", err)
		if err == nil && same != want {
			t.found = append(t.found, fmt.Errorf("a partner must say %v of the address %s", want, address))
		}
	}
}

// application writes an application of the customer, signed by whoever sign is.
func (t *trial) application(id, customer string, sign func([]byte) ([]byte, error)) Application {
	sheet, digest, err := Sheet{Application: id, Partner: t.ID, Customer: customer, ChangedOn: "2026-04-01"}.Write()
	t.must("be tested with a sheet", err)
	a := Application{ID: id, Sheet: sheet, Document: "試験の申請書\n" + id + "\n　　" + digest + "\n"}
	a.Signature, err = sign([]byte(a.Document))
	t.must("be tested with a signature", err)
	return a
}

func (t *trial) applications() {
	id := "CT-" + rand.Text()[:12]
	_, err := t.Receipt(t.ctx, id)
	t.refuses("tell of an unknown application", err, "no_application")

	deliver := func(a Application) error {
		_, err := t.Deliver(t.ctx, a)
		return err
	}
	good := t.application(id, t.Connection.Customer, t.Sign)
	altered := good
	altered.Document = strings.Replace(good.Document, "試験", "別物", 1)
	t.refuses("take a document that was altered", deliver(altered))
	swapped := good
	swapped.Sheet = strings.Replace(good.Sheet, "2026-04-01", "2026-04-02", 1)
	t.refuses("take a sheet that was not signed", deliver(swapped), "sheet")
	t.refuses("take another's signature", deliver(t.application(id, t.Connection.Customer, t.Stranger)), "another_person")
	t.refuses("take what is for no customer", deliver(t.application(id, "none-1", t.Sign)), "no_customer")

	first, err := t.Deliver(t.ctx, good)
	t.must("take an application", err)
	again, err := t.Deliver(t.ctx, good)
	t.must("take an application twice as once", err)
	stands, err := t.Receipt(t.ctx, id)
	t.must("tell how an application stands", err)
	for _, r := range []Receipt{again, stands} {
		if first.State.Final() && (r.State != first.State || !r.At.Truncate(time.Second).Equal(first.At.Truncate(time.Second))) {
			t.found = append(t.found, fmt.Errorf("a final state must stay: %v became %v", first, r))
		}
	}
	t.refuses("take another application with the same ID", deliver(t.application(id, t.Connection.Customer, t.Sign)), "conflict")
}
