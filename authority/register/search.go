package register

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"example.jp/jpkimock/authority/desk"
)

// HolderSearch is what callers say about themselves: all three, exactly.
type HolderSearch struct {
	Name        string `json:"name"`
	DateOfBirth string `json:"dateOfBirth"` // YYYY-MM-DD; 00 for an unknown part
	Address     string `json:"address"`
}

// Holder is a resident with all cards and certificates.
type Holder struct {
	Resident     Resident
	Cards        []Card        // in the order of their issue
	Certificates []Certificate // by kind and serial number
}

// Live gives the certificates that are on a card and can still change.
func (h Holder) Live(at time.Time) []Certificate {
	return slices.DeleteFunc(slices.Clone(h.Certificates), func(c Certificate) bool { return !c.Live(at) })
}

// Check refuses a search that leaves anything open.
func (s HolderSearch) Check() error {
	switch {
	case Fold(s.Name) == "" || !desk.Text(s.Name):
		return desk.Invalid("name", "want the whole name, at most 200 characters")
	case !dayForm(s.DateOfBirth):
		return desk.Invalid("dateOfBirth", "want YYYY-MM-DD")
	case Fold(s.Address) == "" || !desk.Text(s.Address):
		return desk.Invalid("address", "want the whole address, at most 200 characters")
	}
	return nil
}

// Matches reports whether a resident has the name and the address. The
// comparison overlooks spaces, the width of letters and digits, and the two
// ways to write a house number.
func (s HolderSearch) Matches(r Resident) bool {
	name, address := Fold(s.Name), foldAddress(s.Address)
	return (name == Fold(r.BasicFour.CommonName) || name == Fold(r.RegisterName)) &&
		(address == foldAddress(r.BasicFour.Address) || address == foldAddress(r.RegisterAddress))
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

// Fold gives a text as searches compare it: it drops spaces and makes full-width
// letters, digits and signs narrow, and letters small.
func Fold(s string) string {
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

// foldAddress also writes every house number with hyphens: １丁目２番３号 and
// 1-2-3 are one address. A long vowel mark counts as a hyphen after a digit
// only.
func foldAddress(s string) string {
	var out []rune
	afterNumber := func() bool { return len(out) > 0 && out[len(out)-1] >= '0' && out[len(out)-1] <= '9' }
	rest := Fold(s)
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
