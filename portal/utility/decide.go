package utility

import (
	"context"
	"strings"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/portal/partner"
)

// Receive takes an application whose signature was verified, once.
func (o *Office) Receive(ctx context.Context, c partner.Change) (partner.Receipt, error) {
	kept, err := o.store.AddCase(ctx, Case{
		ID: c.ID, Digest: c.Digest, Customer: c.Sheet.Customer, Name: c.BasicFour.CommonName, Address: c.BasicFour.Address, Serial: c.Serial,
		ChangedOn: c.Sheet.ChangedOn, Document: c.Document, CMS: c.Application.Signature, Answer: c.Sheet.Answers[o.Question],
		State: partner.Accepted, Received: c.Received, At: o.now(),
	}, func(k *Case, cu *Customer) error {
		if cu.Connection == nil {
			return ErrNoCustomer // withdrawn meanwhile
		}
		k.Box, k.Before = cu.Connection.Box, cu.Address
		cu.Connection.Certificate = c.Serial // from now on the holder is known by this one
		return o.take(k, cu)
	})
	if err == nil && kept.Digest != c.Digest {
		return partner.Receipt{}, partner.ErrConflict
	}
	return kept.receipt(), err
}

// take does with a new application what the trade does.
func (o *Office) take(k *Case, cu *Customer) error {
	switch {
	case !strings.HasPrefix(k.Address, o.Served):
		k.Reason = "新しいご住所は供給区域（" + o.Served + "）の外です。使用中止の手続は窓口で承ります。"
		return o.decide(k, cu, partner.Rejected)
	case o.Question != "" && k.Answer == "":
		k.State, k.Question = partner.AskedBack, o.Asked
		return nil
	case o.ByStaff:
		return nil
	case o.After > 0:
		k.Due = o.now().Add(o.After)
		return nil
	}
	return o.decide(k, cu, partner.Done)
}

// decide brings a case that is open to its final state, with its result notice, and
// changes the customer's entry if it is done.
func (o *Office) decide(k *Case, cu *Customer, s partner.State) error {
	k.State, k.At, k.Question = s, o.now(), ""
	if s == partner.Done {
		cu.Name, cu.Address, cu.ChangedAt, cu.Changes = k.Name, k.Address, k.At, cu.Changes+1
	}
	r, err := o.sealer.SealResult(partner.Result{
		Receipt: k.receipt(), Box: k.Box, From: o.Name, Name: k.Name, Customer: k.Customer, ChangedOn: k.ChangedOn,
		Done: "お申込みのとおり、ご登録の氏名・住所を変更しました。",
	})
	k.Notice = r.Notice
	return err
}

// Receipt gives how an application stands.
func (o *Office) Receipt(ctx context.Context, id string) (partner.Receipt, string, error) {
	k, err := o.store.Case(ctx, id)
	return k.receipt(), k.Digest, err
}

// Answer takes the customer's answer to what was asked back.
func (o *Office) Answer(ctx context.Context, id, answer string) (partner.Receipt, error) {
	k, err := o.store.ChangeCase(ctx, id, func(k *Case, cu *Customer) error {
		if k.State != partner.AskedBack {
			return nil
		}
		k.Answer, k.Question, k.State, k.At = answer, "", partner.Accepted, o.now()
		if o.ByStaff || o.After > 0 {
			return nil // whoever asked decides
		}
		return o.decide(k, cu, partner.Done)
	})
	return k.receipt(), err
}

// Ask asks the customer something about an application.
func (o *Office) Ask(ctx context.Context, id, question string) error {
	return o.open(ctx, id, func(k *Case, _ *Customer) error {
		if jpki.CheckLine(question, jpki.MaxAddress) != nil {
			return ErrWhy
		}
		k.State, k.Question, k.At = partner.AskedBack, question, o.now()
		return nil
	})
}

// Reject rejects an application with a reason.
func (o *Office) Reject(ctx context.Context, id, reason string) error {
	return o.open(ctx, id, func(k *Case, cu *Customer) error {
		if jpki.CheckLine(reason, jpki.MaxAddress) != nil {
			return ErrWhy
		}
		k.Reason = reason
		return o.decide(k, cu, partner.Rejected)
	})
}

// Finish makes the change that an application asks for.
func (o *Office) Finish(ctx context.Context, id string) error {
	return o.open(ctx, id, func(k *Case, cu *Customer) error { return o.decide(k, cu, partner.Done) })
}

// open changes a case that is not decided.
func (o *Office) open(ctx context.Context, id string, change func(*Case, *Customer) error) error {
	_, err := o.store.ChangeCase(ctx, id, func(k *Case, cu *Customer) error {
		if k.State.Final() {
			return ErrFinal
		}
		return change(k, cu)
	})
	return err
}

// CountDue counts the applications that Sweep would decide now.
func (o *Office) CountDue(ctx context.Context) (int, error) {
	due, err := o.store.Due(ctx, o.now())
	return len(due), err
}

// Sweep finishes what is due.
func (o *Office) Sweep(ctx context.Context) error {
	due, err := o.store.Due(ctx, o.now())
	if err != nil {
		return err
	}
	for _, id := range due {
		if _, err := o.store.ChangeCase(ctx, id, func(k *Case, cu *Customer) error {
			if k.State != partner.Accepted || k.Due.IsZero() || k.Due.After(o.now()) {
				return nil
			}
			return o.decide(k, cu, partner.Done)
		}); err != nil {
			return err
		}
	}
	return nil
}
