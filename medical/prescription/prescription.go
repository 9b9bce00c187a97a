// Package prescription is the prescription inquiry system (処方箋照会システム), a verifier
// with an accreditation of its own. A doctor's order comes here signed and is checked
// (issue.go); a pharmacy sees it while the patient's card lies on its terminal, takes it
// and dispenses it once (grant.go). Whose an order is it learns from the platform of the
// medical field by the inquiry of the visit; nobody else learns that.
package prescription

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/holder"
)

// ErrExists is a number or a key that stands in the records. What a party is refused is a
// *medical.Refused.
var ErrExists = errors.New("prescription: there is one already")

// Party is who may ask: a hospital, or a pharmacy.
type Party struct {
	ID, Name string
	Pharmacy bool
	// From is the address of the network of one who asks without a key: a patient.
	From string
}

// Doctor is somebody in the register of doctors (医籍), who writes for one institution. The
// signature certificate of a doctor says the same name and day of birth.
type Doctor struct {
	Name        string
	Birth       medical.Date
	Institution string // its ID
}

// Act is why somebody looked at a patient's prescriptions, or what was done with one.
type Act string

// The acts; those of pharmacies with a prescription are medical.DoAccept and the others.
const (
	ActOpened    Act = "opened"  // a pharmacy, with the card
	ActCopied    Act = "copied"  // a pharmacy, with the numbers of the patient's copy
	ActSeen      Act = "seen"    // a pharmacist looked, while it lay there
	ActMine      Act = "mine"    // the patient
	ActChecked   Act = "checked" // for duplicates and contraindications, before an order
	ActIssued    Act = "issued"
	ActCancelled Act = "cancelled"
	ActClosed    Act = "closed" // the card was taken away
	ActVoided    Act = "voided" // a dispensing that did not take place, and now cannot
)

// Entry is a line of the log.
type Entry struct {
	At           time.Time
	By           string // the party's ID
	Who          string // the pharmacist, as the pharmacy says; "" for others
	Act          Act
	Patient      string // "" if nobody was found
	Prescription string
	Code         string // why it was refused
	Key          string // of a dispensing; a key stands in the log once
	Steps        []medical.Step
}

// Of says which prescriptions are sought; what is empty does not matter.
type Of struct{ Patient, Issuer, Inquiry, Number string }

// Store keeps prescriptions, each sealed with its patient's key, and who is who. What a
// method has returned without an error is committed.
type Store interface {
	// Patient gives whose an authentication certificate is, "" if that is not known.
	Patient(ctx context.Context, serial jpki.SerialNumber) (string, error)
	// AddCertificate gives whose it is, the patient of before if there is one.
	AddCertificate(ctx context.Context, serial jpki.SerialNumber, patient string) (string, error)

	// Add keeps a new prescription, unless allow says no to what its patient has. ErrExists
	// if there is one with the order's number.
	Add(ctx context.Context, patient string, p medical.Prescription, allow func(others []medical.Prescription) error) error
	// Change changes a prescription and writes the entry, unless change says no or the
	// entry's key stands in the log: ErrExists. No other change comes between.
	Change(ctx context.Context, id string, e Entry, change func(patient string, p *medical.Prescription) error) (medical.Prescription, error)
	// Find gives prescriptions, the latest first.
	Find(ctx context.Context, of Of) ([]medical.Prescription, error)

	// ByCopy gives the latest prescription with the numbers of a copy, and its patient;
	// medical.NoPrescription as a *medical.Refused.
	ByCopy(ctx context.Context, c medical.Copy) (patient string, p medical.Prescription, err error)

	// Write gives ErrExists if the entry's key stands in the log.
	Write(ctx context.Context, e Entry) error
	ByKey(ctx context.Context, key string) (Entry, error)
	// Log gives the newest entries: of a patient and of a prescription, if about names them.
	Log(ctx context.Context, about Entry, limit int) ([]Entry, error)
	Ping() error
}

// Platform says by which certificate an inquiry of an institution was confirmed.
type Platform interface {
	Holder(ctx context.Context, institution, inquiry string) (jpki.SerialNumber, error)
}

// Verifier is what the system needs of the kit; *rp.Verifier is one.
type Verifier interface {
	rp.SignatureVerifier
	NewChallenge(ctx context.Context) (rp.Challenge, error)
	VerifyAuthentication(ctx context.Context, token []byte, nonce string) (*rp.Authentication, error)
}

// Config is what the system is made of; all fields but Doctors are
// required.
type Config struct {
	Verifier Verifier
	Linkage  rp.Links
	Platform Platform
	Doctors  []Doctor
	Store    Store
	Now      func() time.Time
}

// System is the inquiry system at work.
type System struct {
	Config
	grants *held.Box[grant]
	wrong  *held.Box[string] // the pharmacies of copies that nobody has
}

// New opens the system over what its store holds.
func New(cfg Config) (*System, error) {
	if cfg.Verifier == nil || cfg.Linkage == nil || cfg.Platform == nil || cfg.Store == nil || cfg.Now == nil {
		return nil, errors.New("prescription: a field of the config is missing")
	}
	return &System{Config: cfg, grants: held.New(held.Config[grant]{
		Now: cfg.Now, Life: GrantLife, Max: 10_000, Yields: func(g grant) bool { return g.patient == "" },
		From: func(g grant) string { return g.by + " " + g.from },
	}), wrong: held.New(held.Config[string]{Now: cfg.Now, Life: time.Hour, Max: 10_000, Quotas: []held.Quota[string]{{
		Max: wrongCopies, Owner: func(by string) string { return by }, Refuses: true,
	}}})}, nil
}

// patient gives whose an authentication certificate is: by itself, by one that went before
// it (更新, 再発行), or else a new patient's.
func (s *System) patient(ctx context.Context, serial jpki.SerialNumber) (string, error) {
	who, moved, err := holder.Of(ctx, s.Linkage, serial, func(ctx context.Context, serial jpki.SerialNumber) (string, error) {
		who, err := s.Store.Patient(ctx, serial)
		if err == nil && who == "" {
			err = errNobody
		}
		return who, err
	}, errNobody)
	if nobody := errors.Is(err, errNobody); !nobody && (err != nil || !moved) {
		return who, err
	}
	return s.Store.AddCertificate(ctx, serial, cmp.Or(who, held.Name()))
}

// errNobody is a certificate of no patient.
var errNobody = errors.New("prescription: nobody is known by this certificate")

// note writes into the log what came of a question. An error that is not the system's own
// fault is a *medical.Refused.
func (s *System) note(ctx context.Context, e Entry, err error) error {
	if refused, ok := errors.AsType[*medical.Refused](err); ok {
		e.Code = refused.Code
	} else if e.Code = rp.Code(err); err != nil && e.Code == "" {
		return err
	}
	e.At = s.Now().UTC()
	if e.Act != ActMine || e.Patient != "" { // who is no patient leaves nothing
		if failed := s.Store.Write(ctx, e); failed != nil {
			return failed
		}
	}
	if err != nil {
		return &medical.Refused{Code: e.Code, Steps: e.Steps}
	}
	return nil
}

// logged is how much of the log is shown.
const logged = 200

// Log gives the newest entries.
func (s *System) Log(ctx context.Context) ([]Entry, error) { return s.Store.Log(ctx, Entry{}, logged) }

// About gives what an institution has prescribed at a visit, and who has looked at its
// patient's prescriptions or done something with them from then on, the latest first.
func (s *System) About(ctx context.Context, issuer, inquiry string) (all []medical.Prescription, log []Entry, err error) {
	all, err = s.Store.Find(ctx, Of{Issuer: issuer, Inquiry: inquiry})
	if err != nil || len(all) == 0 {
		return nil, nil, err
	}
	first := all[len(all)-1]
	if log, err = s.Store.Log(ctx, Entry{Prescription: first.ID}, logged); err != nil || len(log) == 0 {
		return all, nil, err
	}
	log, err = s.Store.Log(ctx, Entry{Patient: log[len(log)-1].Patient}, logged)
	return all, slices.DeleteFunc(log, func(e Entry) bool { return e.At.Before(first.At) }), err
}

// Ping reports whether the records can be reached.
func (s *System) Ping() error { return s.Store.Ping() }
