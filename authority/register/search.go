package register

import (
	"errors"
	"slices"
	"time"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki/fold"
)

// HolderSearch is what callers say about themselves: all three, exactly.
type HolderSearch struct {
	Name        string `json:"name"`
	DateOfBirth string `json:"dateOfBirth"` // YYYY-MM-DD; 00 for an unknown part
	Address     string `json:"address"`
}

// Person is what people of another municipality say at the counter where they
// arrive: the whole name or its reading, and the date of birth, both exactly.
type Person struct {
	Name        string `json:"name"`
	DateOfBirth string `json:"dateOfBirth"` // YYYY-MM-DD; 00 for an unknown part
}

// Names reports whether a resident is the person.
func (p Person) Names(r Resident) bool {
	name := fold.Reading(p.Name)
	return name != "" && p.DateOfBirth == r.BasicFour.DateOfBirth.Gregorian() &&
		slices.ContainsFunc([]string{r.BasicFour.CommonName, r.RegisterName, r.Kana}, func(s string) bool { return fold.Reading(s) == name })
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
	var day error
	if !dayForm(s.DateOfBirth) {
		day = desk.Invalid("dateOfBirth", "must be YYYY-MM-DD")
	}
	return errors.Join(desk.CheckLine("name", s.Name), day, desk.CheckLine("address", s.Address))
}

// Matches reports whether a resident has the name and the address. The
// comparison is that of package fold.
func (s HolderSearch) Matches(r Resident) bool {
	name, address := fold.Name(s.Name), fold.Address(s.Address)
	return (name == fold.Name(r.BasicFour.CommonName) || name == fold.Name(r.RegisterName)) &&
		(address == fold.Address(r.BasicFour.Address) || address == fold.Address(r.RegisterAddress))
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
