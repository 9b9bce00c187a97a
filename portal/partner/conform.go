package partner

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
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

// Check is one rule of the contract.
type Check struct {
	ID   string // "PA-07"
	Does string // what a partner must do, or refuse to do
	// Refuses says that it must be refused for good, with one of the codes; with any if
	// there is none.
	Refuses bool
	Codes   []string
	// Try asks the partner. Its error is the refusal, or what was wrong with the answer.
	Try func(ctx context.Context, c Candidate) error
}

// Conform tests whether a partner keeps the contract, and gives what it does not keep.
// It connects the customer, leaves applications behind, and disconnects.
func Conform(ctx context.Context, c Candidate) error {
	var found []error
	for _, check := range Checks() {
		if err := check.Judge(check.Try(ctx, c)); err != nil {
			found = append(found, fmt.Errorf("%s: a partner must %s: %w", check.ID, check.Does, err))
		}
	}
	return errors.Join(found...)
}

// Judge says what is wrong with what Try gave; nil for nothing.
func (k Check) Judge(err error) error {
	if !k.Refuses {
		return err
	}
	refused, ok := errors.AsType[*Refused](err)
	switch {
	case ok && (len(k.Codes) == 0 || slices.Contains(k.Codes, refused.Code)):
		return nil
	case err == nil:
		return errors.New("it was accepted")
	case len(k.Codes) == 0:
		return fmt.Errorf("not refused for good: %w", err)
	}
	return fmt.Errorf("want the code %s: %w", strings.Join(k.Codes, " or "), err)
}

// Checks are the rules that need nothing but a candidate, in the order in which they are tried.
func Checks() []Check {
	all := append(connectionChecks(), applicationChecks()...)
	connected := func(ctx context.Context, c Candidate) error { return c.Connect(ctx, c.Connection) }
	return append(all,
		Check{ID: "PA-90", Does: "end a connection", Try: func(ctx context.Context, c Candidate) error {
			return errors.Join(connected(ctx, c), c.Disconnect(ctx, c.Connection.Customer))
		}},
		Check{ID: "PA-91", Does: "end a connection that has ended", Try: func(ctx context.Context, c Candidate) error {
			return errors.Join(c.Disconnect(ctx, c.Connection.Customer), c.Disconnect(ctx, c.Connection.Customer))
		}},
		Check{ID: "PA-92", Does: "refuse to say anything after a connection has ended", Refuses: true, Codes: []string{"no_customer"}, Try: func(ctx context.Context, c Candidate) error {
			_, err := c.SameAddress(ctx, c.Connection.Customer, c.Address)
			return err
		}},
	)
}

// connectionChecks are those of keys, connections and addresses.
func connectionChecks() []Check {
	changed := func(id, does string, change func(*Connection)) Check {
		return Check{ID: id, Does: "refuse to " + does, Refuses: true, Codes: []string{"no_customer"}, Try: func(ctx context.Context, c Candidate) error {
			change(&c.Connection)
			return c.Connect(ctx, c.Connection)
		}}
	}
	same := func(id, does string, want bool, address func(string) string) Check {
		return Check{ID: id, Does: does, Try: func(ctx context.Context, c Candidate) error {
			got, err := c.SameAddress(ctx, c.Connection.Customer, address(c.Address))
			if err == nil && got != want {
				err = fmt.Errorf("it said %v", got)
			}
			return err
		}}
	}
	return []Check{
		{ID: "PA-01", Does: "connect a customer", Try: func(ctx context.Context, c Candidate) error { return c.Connect(ctx, c.Connection) }},
		{ID: "PA-02", Does: "connect a customer again", Try: func(ctx context.Context, c Candidate) error { return c.Connect(ctx, c.Connection) }},
		{ID: "PA-03", Does: "publish its keys", Try: func(ctx context.Context, c Candidate) error {
			text, err := c.Keys(ctx)
			var set struct{ Keys []json.RawMessage }
			if err == nil {
				err = json.Unmarshal(text, &set)
			}
			return err
		}},
		{ID: "PA-04", Does: "keep out who does not have the key", Try: func(ctx context.Context, c Candidate) error {
			c.Key = "wrong-" + rand.Text()
			if c.Connect(ctx, c.Connection) == nil {
				return errors.New("it was accepted")
			}
			return nil
		}},
		changed("PA-05", "connect an unknown customer number", func(to *Connection) { to.Customer = "none-" + rand.Text() }),
		changed("PA-06", "connect somebody of another name", func(to *Connection) { to.Name += "別" }),
		same("PA-08", "say that the registered address is the same", true, func(a string) string { return a }),
		same("PA-09", "say that another address is not", false, func(a string) string { return a + "の先" }),
	}
}

// application writes an application of the customer, signed by whoever sign is.
func (c Candidate) application(customer string, sign func([]byte) ([]byte, error)) (Application, error) {
	id := "CT-" + rand.Text()[:12]
	return c.write(id, customer, c.ID, sign)
}

func (c Candidate) write(id, customer, to string, sign func([]byte) ([]byte, error)) (Application, error) {
	sheet, digest, err := Sheet{Application: id, Partner: to, Customer: customer, ChangedOn: "2026-04-01"}.Write()
	if err != nil {
		return Application{}, err
	}
	a := Application{ID: id, Sheet: sheet, Document: "試験の申請書\n" + id + "\n　　" + digest + "\n"}
	a.Signature, err = sign([]byte(a.Document))
	return a, err
}

// Good writes an application that a partner must take.
func (c Candidate) Good() (Application, error) { return c.application(c.Connection.Customer, c.Sign) }

// refusedApplication is a rule about an application that must not be taken.
func refusedApplication(id, does string, codes []string, write func(c Candidate) (Application, error)) Check {
	return Check{ID: id, Does: "refuse to " + does, Refuses: true, Codes: codes, Try: func(ctx context.Context, c Candidate) error {
		a, err := write(c)
		if err == nil {
			_, err = c.Deliver(ctx, a)
		}
		return err
	}}
}

// spoilt is a good application that was changed after it was signed.
func spoilt(change func(*Application)) func(Candidate) (Application, error) {
	return func(c Candidate) (Application, error) {
		a, err := c.Good()
		if err == nil {
			change(&a)
		}
		return a, err
	}
}

// applicationChecks are those of applications: what is refused, and what is taken once.
func applicationChecks() []Check {
	return []Check{
		{ID: "PA-10", Does: "refuse to tell of an unknown application", Refuses: true, Codes: []string{"no_application"}, Try: func(ctx context.Context, c Candidate) error {
			_, err := c.Receipt(ctx, "CT-"+rand.Text()[:12])
			return err
		}},
		refusedApplication("PA-11", "take a document that was altered", nil, spoilt(func(a *Application) { a.Document = strings.Replace(a.Document, "試験", "別物", 1) })),
		refusedApplication("PA-12", "take a signature that was altered", nil, spoilt(func(a *Application) { a.Signature[len(a.Signature)-1] ^= 1 })),
		refusedApplication("PA-13", "take a sheet that was not signed", []string{"sheet"}, spoilt(func(a *Application) { a.Sheet = strings.Replace(a.Sheet, "2026-04-01", "2026-04-02", 1) })),
		refusedApplication("PA-14", "take a sheet for another partner", []string{"sheet"}, func(c Candidate) (Application, error) {
			return c.write("CT-"+rand.Text()[:12], c.Connection.Customer, "another", c.Sign)
		}),
		refusedApplication("PA-15", "take another's signature", []string{"another_person"}, func(c Candidate) (Application, error) {
			return c.application(c.Connection.Customer, c.Stranger)
		}),
		refusedApplication("PA-16", "take what is for no customer", []string{"no_customer"}, func(c Candidate) (Application, error) { return c.application("none-1", c.Sign) }),
		{ID: "PA-20", Does: "take an application", Try: func(ctx context.Context, c Candidate) error { return c.twice(ctx, nil) }},
		{ID: "PA-21", Does: "take an application twice as once", Try: func(ctx context.Context, c Candidate) error { return c.twice(ctx, c.Deliver) }},
		{ID: "PA-22", Does: "tell how an application stands", Try: func(ctx context.Context, c Candidate) error {
			return c.twice(ctx, func(ctx context.Context, a Application) (Receipt, error) { return c.Receipt(ctx, a.ID) })
		}},
		{ID: "PA-23", Does: "refuse to take another application with the same ID", Refuses: true, Codes: []string{"conflict"}, Try: func(ctx context.Context, c Candidate) error {
			return c.twice(ctx, func(ctx context.Context, a Application) (Receipt, error) {
				other, err := c.write(a.ID, c.Connection.Customer, c.ID, c.Sign)
				if err != nil {
					return Receipt{}, err
				}
				return c.Deliver(ctx, other)
			})
		}},
		{ID: "PA-24", Does: "change nothing by an answer that it has not asked for", Try: func(ctx context.Context, c Candidate) error {
			return c.twice(ctx, func(ctx context.Context, a Application) (Receipt, error) { return c.Answer(ctx, a.ID, "はい") })
		}},
	}
}

// twice delivers a good application, and does something after it, by which a final state must
// stay.
func (c Candidate) twice(ctx context.Context, then func(context.Context, Application) (Receipt, error)) error {
	a, err := c.Good()
	if err != nil {
		return err
	}
	first, err := c.Deliver(ctx, a)
	if err != nil || then == nil {
		return err
	}
	r, err := then(ctx, a)
	if err == nil && first.State.Final() && (r.State != first.State || !r.At.Truncate(time.Second).Equal(first.At.Truncate(time.Second))) {
		err = fmt.Errorf("a final state must stay: %v became %v", first, r)
	}
	return err
}
