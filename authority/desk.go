package authority

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
)

// HolderSearch is what a caller says of himself: all three, exactly.
type HolderSearch struct {
	Name        string `json:"name"`
	DateOfBirth string `json:"dateOfBirth"` // YYYY-MM-DD; 00 for an unknown part
	Address     string `json:"address"`
}

// Holder is the one person that a search found.
type Holder struct {
	Resident     Resident
	Cards        []Card
	Certificates []Certificate // those a card has taken, by kind and serial number
}

// maxSameBirth bounds how many people of one birth date a search looks at.
const maxSameBirth = 5000

// FindHolder finds the one resident of that name, birth date and address. The
// comparison overlooks spaces, the width of letters and digits, and the two
// ways to write a house number. None, or more than one, is ErrNoResident: the
// desk never learns who else is in the register.
func (a *Authority) FindHolder(ctx context.Context, s HolderSearch) (Holder, error) {
	if err := s.check(); err != nil {
		return Holder{}, err
	}
	born, err := a.store.ResidentsBorn(ctx, s.DateOfBirth, maxSameBirth)
	if err != nil {
		return Holder{}, err
	}
	born = slices.DeleteFunc(born, func(r Resident) bool { return !s.means(r) })
	if len(born) != 1 {
		return Holder{}, ErrNoResident
	}
	h := Holder{Resident: born[0]}
	if h.Cards, err = a.store.Cards(ctx, h.Resident.ID); err != nil {
		return Holder{}, err
	}
	h.Certificates, err = a.store.Certificates(ctx, CertificateQuery{ResidentID: h.Resident.ID})
	h.Certificates = slices.DeleteFunc(h.Certificates, func(c Certificate) bool { return !c.Delivered })
	return h, err
}

func (s HolderSearch) check() error {
	switch {
	case folded(s.Name) == "" || !text(s.Name):
		return &InvalidError{"name", "want the whole name, at most 200 characters"}
	case !dayForm(s.DateOfBirth):
		return &InvalidError{"dateOfBirth", "want YYYY-MM-DD"}
	case folded(s.Address) == "" || !text(s.Address):
		return &InvalidError{"address", "want the whole address, at most 200 characters"}
	}
	return nil
}

func (s HolderSearch) means(r Resident) bool {
	name, address := folded(s.Name), foldedAddress(s.Address)
	return (name == folded(r.BasicFour.CommonName) || name == folded(r.RegisterName)) &&
		(address == foldedAddress(r.BasicFour.Address) || address == foldedAddress(r.RegisterAddress))
}

// dayForm reports whether s is written as YYYY-MM-DD.
func dayForm(s string) bool {
	if len(s) != len(time.DateOnly) {
		return false
	}
	for i, c := range []byte(s) {
		if dash := i == 4 || i == 7; dash && c != '-' || !dash && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// folded drops spaces and makes full-width letters, digits and signs narrow,
// and letters small.
func folded(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		case strings.ContainsRune("‐‑‒–—―−ｰ", r):
			r = '-'
		}
		return unicode.ToLower(r)
	}, s)
}

// foldedAddress also writes every house number with hyphens: １丁目２番３号 and
// 1-2-3 are one address. A long vowel mark counts as a hyphen after a digit
// only.
func foldedAddress(s string) string {
	var out []rune
	afterNumber := func() bool { return len(out) > 0 && out[len(out)-1] >= '0' && out[len(out)-1] <= '9' }
	rest := folded(s)
	for rest != "" {
		unit := houseUnit(rest)
		if unit != "" && afterNumber() {
			out, rest = append(out, '-'), rest[len(unit):]
			continue
		}
		r := []rune(rest)[0]
		if n := strings.IndexRune("〇一二三四五六七八九", r); n >= 0 && houseUnit(strings.TrimPrefix(rest, string(r))) == "丁目" {
			out = append(out, rune('0'+n/len("〇")))
		} else {
			out = append(out, r)
		}
		rest = rest[len(string(r)):]
	}
	return strings.TrimRight(string(out), "-")
}

func houseUnit(s string) string {
	for _, unit := range []string{"丁目", "番地の", "番地", "番", "号", "ー", "の"} {
		if strings.HasPrefix(s, unit) {
			return unit
		}
	}
	return ""
}

// SuspendHolder suspends every valid certificate of whom the search finds, on
// whichever card it is, and marks all cards in use as lost, in one commit
// (24時間365日の一時停止). Each card is released at the counter, and only there.
func (a *Authority) SuspendHolder(ctx context.Context, s HolderSearch, by By) (Done, error) {
	n, err := a.suspension(ctx, s, by)
	if err != nil {
		return Done{}, err
	}
	return a.Do(ctx, n)
}

// PreviewSuspension says what SuspendHolder would do, and changes nothing.
func (a *Authority) PreviewSuspension(ctx context.Context, s HolderSearch) (Preview, error) {
	n, err := a.suspension(ctx, s, By{})
	if err != nil {
		return Preview{}, err
	}
	return a.Preview(ctx, n)
}

// suspension is the notice of the one whom the search finds.
func (a *Authority) suspension(ctx context.Context, s HolderSearch, by By) (Notice, error) {
	h, err := a.FindHolder(ctx, s)
	if err != nil {
		return Notice{}, err
	}
	valid := slices.ContainsFunc(h.Certificates, func(c Certificate) bool {
		return c.Standing.State == Good && !a.second().After(c.NotAfter)
	})
	if !valid {
		if slices.ContainsFunc(h.Certificates, func(c Certificate) bool { return c.Standing.State == Held }) {
			return Notice{}, ErrAlreadySuspended
		}
		return Notice{}, ErrNothingToDo
	}
	return Notice{ResidentID: h.Resident.ID, Event: Loss, By: by, everyCard: true}, nil
}
