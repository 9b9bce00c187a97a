package insurer

import (
	"context"
	"slices"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/medical"
)

// maxName bounds names, kana and addresses, in characters.
const maxName = 100

// listed is how many of the register, or of a log, are shown at once.
const listed = 200

// Enter enters somebody who has joined (資格取得).
func (o *Office) Enter(ctx context.Context, p Insured) (Insured, error) {
	var err error
	p.Insurer = o.Number
	if p.Member, err = p.Member.Check(); err != nil {
		return Insured{}, ErrDetails
	}
	for _, text := range []string{p.Name, p.Kana, p.Address, p.InsuredName} {
		if jpki.CheckLine(text, 2*maxName) != nil {
			return Insured{}, ErrDetails
		}
	}
	if p.Family != medical.Self && p.Family != medical.Dependant || !p.QualifiedOn.Valid() || p.LostOn != "" {
		return Insured{}, ErrDetails
	}
	if p.IssuedOn == "" {
		p.IssuedOn = p.QualifiedOn
	}
	added, err := o.Store.Add(ctx, p)
	if err != nil {
		return Insured{}, err
	}
	return added, o.Store.Write(ctx, Entry{At: o.Now().UTC(), Insured: added.ID, Act: ActEntered})
}

// Lose enters that somebody has left (資格喪失): from the beginning of the day on the
// eligibility is gone.
func (o *Office) Lose(ctx context.Context, id int64, on medical.Date, why medical.LossReason) error {
	p, err := o.Store.Insured(ctx, id)
	if err != nil {
		return err
	}
	if !on.Valid() || on <= p.QualifiedOn || p.LostOn != "" || !slices.Contains(medical.LossReasons(), why) {
		return ErrLost
	}
	if err := o.Store.Lose(ctx, id, on, why); err != nil {
		return err
	}
	return o.Store.Write(ctx, Entry{At: o.Now().UTC(), Insured: id, Act: ActLost})
}

// Unlink ends the link of an insured person with a card, for one that was made in error.
func (o *Office) Unlink(ctx context.Context, id int64) error {
	if err := o.Store.Unlink(ctx, id, o.Now().UTC()); err != nil {
		return err
	}
	return o.Store.Write(ctx, Entry{At: o.Now().UTC(), Insured: id, Act: ActUnlinked})
}

// File is all that the insurer has of one person.
type File struct {
	Insured
	Links []Link
	Log   []Entry
}

// File gives it, or ErrNoInsured.
func (o *Office) File(ctx context.Context, id int64) (File, error) {
	p, err := o.Store.Insured(ctx, id)
	if err != nil {
		return File{}, err
	}
	p.Qualification = o.qualification(p)
	links, err := o.Store.Links(ctx, id)
	if err != nil {
		return File{}, err
	}
	log, err := o.Log(ctx, Entry{Insured: id})
	return File{p, links, log}, err
}

// Register lists those of the register whose name, kana or number begins so.
func (o *Office) Register(ctx context.Context, begins string) ([]Insured, error) {
	return o.Store.All(ctx, begins, listed)
}

// Log gives the newest entries: of an insured person and of an inquiry, if about names them.
func (o *Office) Log(ctx context.Context, about Entry) ([]Entry, error) {
	return o.Store.Log(ctx, about, listed)
}
