package authority

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki/fold"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/shown"
)

// RegisterResident enters a resident into the register for the first time
// (出生, 国外からの転入), with a line in the journal. Missing substitute flags are
// filled in with zeros. A known ID gives register.ErrResidentExists.
func (a *Authority) RegisterResident(ctx context.Context, r register.Resident, by desk.By) (register.Resident, error) {
	a.changing.Lock()
	defer a.changing.Unlock()
	r, err := a.entry(ctx, r, by)
	if err != nil {
		return register.Resident{}, err
	}
	if by.Seen != "" {
		n, err := a.withNamesakes(ctx, r)
		if err = cmp.Or(err, by.Seen.Still(n.Version())); err != nil {
			return register.Resident{}, err
		}
	}
	line := register.Event{At: a.second(), Act: register.ActEntered, ResidentID: r.ID, Officer: by.Officer, Why: by.Why}
	return r, a.store.Commit(ctx, Change{Residents: []register.Resident{r}, Events: []register.Event{line}})
}

// Newcomer is a first entry in the register, before it is made.
type Newcomer struct {
	Entry register.Resident
	// Namesakes are the residents of the same name and date of birth: one of them
	// may be the same person.
	Namesakes []register.Resident
}

// Version names the entry and its namesakes.
func (n Newcomer) Version() shown.Version {
	parts := []string{fmt.Sprintf("%+v", n.Entry)}
	for _, r := range n.Namesakes {
		parts = append(parts, fmt.Sprint(r.ID, r.Municipality, r.Standing))
	}
	return shown.Of(parts...)
}

// PreviewResident gives the entry that RegisterResident would make. It changes
// nothing, and refuses what RegisterResident would refuse.
func (a *Authority) PreviewResident(ctx context.Context, r register.Resident, by desk.By) (Newcomer, error) {
	r, err := a.entry(ctx, r, by)
	if err != nil {
		return Newcomer{}, err
	}
	return a.withNamesakes(ctx, r)
}

func (a *Authority) withNamesakes(ctx context.Context, r register.Resident) (Newcomer, error) {
	born, err := a.store.ResidentsBorn(ctx, r.BasicFour.DateOfBirth.Gregorian(), maxSameBirth)
	born = slices.DeleteFunc(born, func(other register.Resident) bool {
		return fold.Name(other.BasicFour.CommonName) != fold.Name(r.BasicFour.CommonName)
	})
	return Newcomer{r, born}, err
}

// entry gives the entry that a notification leads to.
func (a *Authority) entry(ctx context.Context, r register.Resident, by desk.By) (register.Resident, error) {
	r = r.Completed()
	wrong := []error{r.Check(), by.Check()}
	if r.BasicFour.DateOfBirth.Future(a.now()) {
		wrong = append(wrong, desk.Invalid("basicFour.dateOfBirth", "must not be in the future"))
	}
	if r.Standing != register.StandingResident || !r.StandingSince.IsZero() {
		wrong = append(wrong, desk.Invalid("standing", "must be empty in a first entry"))
	}
	if err := errors.Join(wrong...); err != nil {
		return register.Resident{}, err
	}
	if err := by.Serves(r.Municipality); err != nil {
		return register.Resident{}, err
	}
	if own, bound := by.Counter(); bound {
		r.Municipality = own // a counter knows how its own names are written
	}
	switch _, err := a.store.Resident(ctx, r.ID); {
	case err == nil:
		return register.Resident{}, register.ErrResidentExists
	case !errors.Is(err, register.ErrNoResident):
		return register.Resident{}, err
	}
	return r, nil
}

// Resident gives a registered resident, or register.ErrNoResident.
func (a *Authority) Resident(ctx context.Context, id string) (register.Resident, error) {
	return a.store.Resident(ctx, id)
}

// Residents gives all residents, by ID.
func (a *Authority) Residents(ctx context.Context) ([]register.Resident, error) {
	return a.store.Residents(ctx)
}

// FormerEntries gives what the register said of a resident before, the latest
// first.
func (a *Authority) FormerEntries(ctx context.Context, residentID string) ([]register.FormerEntry, error) {
	return ofResident(ctx, a, residentID, a.store.FormerEntries)
}

// CardsOf gives a resident's cards, in the order of their issue.
func (a *Authority) CardsOf(ctx context.Context, residentID string) ([]register.Card, error) {
	return ofResident(ctx, a, residentID, a.store.Cards)
}

// CertificatesOf gives every certificate issued to a resident, in the order of
// their issue.
func (a *Authority) CertificatesOf(ctx context.Context, residentID string) ([]register.Certificate, error) {
	return ofResident(ctx, a, residentID, func(ctx context.Context, id string) ([]register.Certificate, error) {
		return a.store.Certificates(ctx, CertificateQuery{ResidentID: id})
	})
}

// ofResident reads what belongs to a registered resident.
func ofResident[T any](ctx context.Context, a *Authority, id string, read func(context.Context, string) ([]T, error)) ([]T, error) {
	if err := a.lapse(ctx); err != nil {
		return nil, err
	}
	if _, err := a.store.Resident(ctx, id); err != nil {
		return nil, err
	}
	return read(ctx, id)
}

// holder reads a resident with all cards and certificates.
func (a *Authority) holder(ctx context.Context, id string) (h register.Holder, err error) {
	if h.Resident, err = a.store.Resident(ctx, id); err != nil {
		return h, err
	}
	if h.Cards, err = a.store.Cards(ctx, id); err != nil {
		return h, err
	}
	h.Certificates, err = a.store.Certificates(ctx, CertificateQuery{ResidentID: id})
	return h, err
}

// maxSameBirth bounds how many people of one birth date a search looks at.
const maxSameBirth = 5000

// FindHolder finds the one resident that a search describes, with the
// certificates that a card has taken. None, or more than one, is
// register.ErrNoResident: the desk never learns who else is in the register.
func (a *Authority) FindHolder(ctx context.Context, s register.HolderSearch) (register.Holder, error) {
	if err := cmp.Or(s.Check(), a.lapse(ctx)); err != nil {
		return register.Holder{}, err
	}
	born, err := a.store.ResidentsBorn(ctx, s.DateOfBirth, maxSameBirth)
	if err != nil {
		return register.Holder{}, err
	}
	born = slices.DeleteFunc(born, func(r register.Resident) bool { return !s.Matches(r) })
	if len(born) != 1 {
		return register.Holder{}, register.ErrNoResident
	}
	h, err := a.holder(ctx, born[0].ID)
	h.Certificates = slices.DeleteFunc(h.Certificates, func(c register.Certificate) bool { return !c.Delivered })
	return h, err
}

// SuspendHolder suspends every valid certificate of the resident that a search
// describes, on whichever card it is, and marks all cards in use as lost, in one commit
// (24時間365日の一時停止). Each card is released at the counter, and only there.
func (a *Authority) SuspendHolder(ctx context.Context, s register.HolderSearch, by desk.By) (Done, error) {
	h, err := a.FindHolder(ctx, s)
	if err != nil {
		return Done{}, err
	}
	n, err := register.LossOfAll(h, by, a.second())
	if err != nil {
		return Done{}, err
	}
	return a.Do(ctx, n)
}

// PreviewSuspension says what SuspendHolder would do, and changes nothing.
func (a *Authority) PreviewSuspension(ctx context.Context, s register.HolderSearch) (register.Preview, error) {
	h, err := a.FindHolder(ctx, s)
	if err != nil {
		return register.Preview{}, err
	}
	n, err := register.LossOfAll(h, desk.By{}, a.second())
	if err != nil {
		return register.Preview{}, err
	}
	return n.Preview(h, a.second())
}
