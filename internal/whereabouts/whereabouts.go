// Package whereabouts says what the organisations of the town hold about a person
// (個人情報はどこに): each answers for itself, at a route of its own house, to whoever has the
// town's key. Kinds of data are named, and shown where that helps a demonstration; PINs, keys,
// tokens and the Individual Number are never shown.
package whereabouts

import (
	"context"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Path is where each house answers.
const Path = "/whereabouts"

// KeyName names the key that opens the route at every house.
const KeyName = "WHEREABOUTS"

// Person is whom an organisation is asked about: all by which one of them may know the person.
type Person struct {
	Resident string   `json:"resident"` // the register's own name for an entry
	Card     string   `json:"card"`
	Names    []string `json:"names"` // of now and of before
	// Born is a date of birth.
	Born    jpki.DateOfBirth    `json:"born"`
	Serials []jpki.SerialNumber `json:"serials"` // of every certificate that was issued to the person
}

// Named reports whether a name is the person's.
func (p Person) Named(name string) bool { return name != "" && slices.Contains(p.Names, name) }

// Words are a label in two languages.
type Words struct {
	JA string `json:"ja"`
	EN string `json:"en"`
}

// Item is something that an organisation holds.
type Item struct {
	Kind Kind  `json:"kind"`
	What Words `json:"what"`
	// Value is what is held, where it is shown; empty says only that it is there.
	Value string `json:"value,omitempty"`
	// Since is when the organisation got it; zero where it does not know.
	Since time.Time `json:"since,omitzero"`
	// Outdated says that the register has another name or address by now. Who asks fills it in.
	Outdated bool `json:"outdated,omitempty"`
}

// Organisation is what one organisation answers.
type Organisation struct {
	ID   string `json:"id"` // "bank", "kenpo"
	Name Words  `json:"name"`
	// Holds is empty where the person is unknown.
	Holds []Item `json:"holds"`
	// Lacks are those of what matters most that the organisation does not hold.
	Lacks []Item `json:"lacks"`
}

// Ask asks an organisation.
type Ask func(context.Context, Person) (Organisation, error)

// Value gives what an organisation holds of a kind, where it is shown.
func (o Organisation) Value(kind Kind) string {
	for _, i := range o.Holds {
		if i.Kind == kind {
			return i.Value
		}
	}
	return ""
}

// Add adds what is held. Nothing is added for an empty value of a kind that is shown.
func (o *Organisation) Add(kind Kind, value string, since time.Time) {
	if value == "" && kinds[kind].shown {
		return
	}
	if !kinds[kind].shown {
		value = ""
	}
	o.Holds = append(o.Holds, Item{Kind: kind, What: kinds[kind].Words, Value: value, Since: since.UTC().Truncate(time.Second)})
}

// Former is what a record said until it was changed.
type Former struct {
	jpki.BasicFour
	Until time.Time
}

// Record adds the four basic data (基本4情報) of a record that was made at a time, each since it
// was changed last, and what names and addresses it had before, the latest first.
func (o *Organisation) Record(now jpki.BasicFour, made time.Time, before []Former) {
	since := func(of func(jpki.BasicFour) string) time.Time {
		for _, f := range before {
			if of(f.BasicFour) != of(now) {
				return f.Until
			}
		}
		return made
	}
	name, address := func(f jpki.BasicFour) string { return f.CommonName }, func(f jpki.BasicFour) string { return f.Address }
	o.Add(Name, name(now), since(name))
	o.Add(Address, address(now), since(address))
	o.Add(Birth, now.DateOfBirth.Gregorian(), made)
	o.Add(Gender, now.Gender.Japanese(), made)
	for _, f := range before {
		if address(f.BasicFour) != address(now) {
			o.Add(FormerAddress, address(f.BasicFour), time.Time{})
		}
		if name(f.BasicFour) != name(now) {
			o.Add(FormerName, name(f.BasicFour), time.Time{})
		}
	}
}

// Four adds the four basic data as they were written once.
func (o *Organisation) Four(f jpki.BasicFour, since time.Time) { o.Record(f, since, nil) }

// Serial adds the serial number of a certificate, if there is one.
func (o *Organisation) Serial(kind jpki.Kind, serial jpki.SerialNumber, since time.Time) {
	if serial.IsZero() {
		return
	}
	name := SignatureSerial
	if kind == jpki.UserAuthentication {
		name = AuthenticationSerial
	}
	o.Add(name, serial.String(), since)
}

// Lacking reports that a kind is said to be lacking.
func (o Organisation) Lacking(kind Kind) bool {
	return slices.ContainsFunc(o.Lacks, func(i Item) bool { return i.Kind == kind })
}

// has reports whether anything of these kinds is held.
func (o *Organisation) has(any ...Kind) bool {
	return slices.ContainsFunc(o.Holds, func(i Item) bool { return slices.Contains(any, i.Kind) })
}

// complete says what is not held.
func (o *Organisation) complete() {
	o.Lacks = []Item{}
	if o.Holds == nil {
		o.Holds = []Item{}
	}
	lack := func(kind Kind, unless ...Kind) {
		if !o.has(append(unless, kind)...) {
			o.Lacks = append(o.Lacks, Item{Kind: kind, What: kinds[kind].Words})
		}
	}
	lack(BasicFour, Name, Address, Birth, Gender, Application, Relative)
	for _, one := range []Kind{Name, Address, Birth, Gender} {
		if o.has(Name, Address, Birth, Gender, Application) {
			lack(one, Application)
		}
	}
	lack(PIN)
	lack(PrivateKey)
	lack(IndividualNumber)
}
