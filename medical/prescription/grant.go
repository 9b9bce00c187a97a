package prescription

import (
	"context"
	"errors"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/rp"
)

// GrantLife is how long a card opens prescriptions if nobody takes it away.
const GrantLife = 10 * time.Minute

// grant is a challenge of a party on its way to a card, and then what the card opened.
// only is the one prescription that a copy has opened. seen is the pharmacist who looked last.
type grant struct{ by, patient, from, only, seen string }

// wrongCopies is how many wrong numbers a pharmacy may give in an hour. A number has six
// digits, and whoever guesses knows the patient's insurance.
const wrongCopies = 10

// errRepeated ends a change that was made before.
var errRepeated = errors.New("prescription: dispensed before, under the same key")

// Challenge makes a challenge for a card at a party's terminal. No other party's answer to
// it is taken.
func (s *System) Challenge(ctx context.Context, by Party, _ struct{}) (medical.Presented, error) {
	c, err := s.Verifier.NewChallenge(ctx)
	if err != nil {
		return medical.Presented{}, err
	}
	return medical.Presented{Nonce: c.Nonce}, s.grants.Put(c.Nonce, grant{by: by.ID, from: by.From})
}

// Open opens the prescriptions of who answered a challenge, to one pharmacy.
func (s *System) Open(ctx context.Context, by Party, in medical.Presented) (medical.Opened, error) {
	e, err := s.verify(ctx, by, in, ActOpened)
	name := held.Name()
	if err == nil {
		err = s.grants.Put(name, grant{by: by.ID, patient: e.Patient})
	}
	return medical.Opened{Grant: name, Until: s.Now().Add(GrantLife).UTC(), Steps: e.Steps}, s.note(ctx, e, err)
}

// Copied opens one prescription to a pharmacy by what stands on the patient's copy
// (引換番号), in place of the card.
func (s *System) Copied(ctx context.Context, by Party, in medical.Copy) (medical.Opened, error) {
	e, name := Entry{By: by.ID, Who: in.Who, Act: ActCopied}, held.Name()
	err := told(in.Who)
	if err == nil && s.wrong.Put(name, by.ID) != nil {
		err = &medical.Refused{Code: medical.TooManyTries}
	}
	if err == nil {
		var p medical.Prescription
		if e.Patient, p, err = s.Store.ByCopy(ctx, in); err == nil {
			s.wrong.Drop(name)
			e.Prescription = p.ID
			err = s.grants.Put(name, grant{by: by.ID, patient: e.Patient, only: p.ID, seen: in.Who})
		}
	}
	return medical.Opened{Grant: name, Until: s.Now().Add(GrantLife).UTC()}, s.note(ctx, e, err)
}

// verify verifies a card's answer, and finds the patient.
func (s *System) verify(ctx context.Context, by Party, in medical.Presented, act Act) (Entry, error) {
	e, began := Entry{By: by.ID, Act: act}, s.Now()
	_, err := s.grants.Take(in.Nonce, func(g grant) error {
		if g.by != by.ID || g.patient != "" {
			return held.ErrGone
		}
		return nil
	})
	if err != nil {
		return e, &medical.Refused{Code: rp.Code(rp.ErrChallenge)}
	}
	who, err := s.Verifier.VerifyAuthentication(ctx, in.Token, in.Nonce)
	e.Steps = medical.StepsOf("", began, s.Now(), rp.Code(err), err)
	if err != nil {
		return e, err
	}
	e.Patient, err = s.patient(ctx, who.Serial)
	e.Steps = append(e.Steps, medical.Step{N: 4, At: s.Now().UTC(), Trouble: rp.Code(err)})
	return e, err
}

// granted gives what a party may see: the patient whose card lies on its terminal.
func (s *System) granted(by Party, name string) (grant, error) {
	g, err := s.grants.Look(name)
	if err != nil || g.by != by.ID || g.patient == "" {
		return grant{}, &medical.Refused{Code: medical.NoGrant}
	}
	return g, nil
}

// told refuses a name of a pharmacist that is no line of text.
func told(who string) error {
	if who != "" && jpki.CheckLine(who, maxWho) != nil {
		return &medical.Refused{Code: medical.PrescriptionStuck}
	}
	return nil
}

// maxWho bounds a pharmacist's name, in characters.
const maxWho = 60

// seen writes down who looks, once a touch, before anything is shown.
func (s *System) seen(ctx context.Context, by Party, in medical.Act, patient string) error {
	if g, err := s.grants.Look(in.Grant); err != nil || in.Who == "" || g.seen == in.Who {
		return nil
	}
	if err := s.note(ctx, Entry{By: by.ID, Who: in.Who, Act: ActSeen, Patient: patient}, nil); err != nil {
		return err
	}
	_, err := s.grants.Update(in.Grant, func(g *grant) error { g.seen = in.Who; return nil })
	if errors.Is(err, held.ErrGone) {
		return &medical.Refused{Code: medical.NoGrant}
	}
	return err
}

// List gives the prescriptions that a grant opens.
func (s *System) List(ctx context.Context, by Party, in medical.Act) ([]medical.Prescription, error) {
	g, err := s.granted(by, in.Grant)
	if err == nil {
		err = told(in.Who)
	}
	if err == nil {
		err = s.seen(ctx, by, in, g.patient)
	}
	if err != nil {
		return nil, err
	}
	all, err := s.Store.Find(ctx, Of{Patient: g.patient})
	return slices.DeleteFunc(all, func(p medical.Prescription) bool { return g.only != "" && p.ID != g.only }), err
}

// Close ends a grant: the card was taken away.
func (s *System) Close(ctx context.Context, by Party, in medical.Act) (struct{}, error) {
	g, err := s.granted(by, in.Grant)
	if err != nil {
		return struct{}{}, nil // it is over
	}
	s.grants.Drop(in.Grant)
	return struct{}{}, s.note(ctx, Entry{By: by.ID, Act: ActClosed, Patient: g.patient}, nil)
}

// Act does what a pharmacy wants with a prescription. A dispensing that is asked for again
// under its key is done once, and answered as before.
func (s *System) Act(ctx context.Context, by Party, in medical.Act) (medical.Prescription, error) {
	if err := told(in.Who); err != nil {
		return medical.Prescription{}, err
	}
	e := Entry{At: s.Now().UTC(), By: by.ID, Who: in.Who, Act: Act(in.Do), Prescription: in.ID}
	if in.Do != medical.DoRelease {
		g, err := s.granted(by, in.Grant)
		if e.Patient = g.patient; err == nil && g.only != "" && g.only != in.ID {
			err = &medical.Refused{Code: medical.NoPrescription}
		}
		if err != nil {
			return medical.Prescription{}, s.note(ctx, e, err)
		}
	}
	dispensing := medical.Dispensing{Key: key(by, in), At: e.At, Pharmacy: by.ID, Lines: in.Lines}
	done := e
	if in.Do == medical.DoDispense {
		done.Key = dispensing.Key
	}
	p, err := s.Store.Change(ctx, in.ID, done, func(patient string, p *medical.Prescription) error {
		if in.Do != medical.DoRelease && patient != e.Patient {
			return &medical.Refused{Code: medical.NoPrescription}
		}
		switch in.Do {
		case medical.DoAccept:
			return p.Accept(by.ID, medical.DateOf(e.At))
		case medical.DoRelease:
			return p.Release(by.ID, medical.DateOf(e.At))
		case medical.DoDispense:
			if slices.ContainsFunc(p.Dispensings, func(d medical.Dispensing) bool { return d.Key == dispensing.Key }) {
				return errRepeated
			}
			return p.Dispense(dispensing)
		}
		return &medical.Refused{Code: medical.PrescriptionStuck}
	})
	switch {
	case err == nil, errors.Is(err, errRepeated):
		return p, nil
	case errors.Is(err, ErrExists): // it was settled that it did not take place
		err = &medical.Refused{Code: medical.PrescriptionStuck}
	}
	return p, s.note(ctx, e, err)
}

// key is the key of a dispensing, which no other pharmacy can name.
func key(by Party, in medical.Act) string { return by.ID + "/" + in.Key }

// Settle says whether a dispensing took place. If it did not it never will, also if the
// request for it is still on its way.
func (s *System) Settle(ctx context.Context, by Party, in medical.Act) (medical.Settled, error) {
	e := Entry{At: s.Now().UTC(), By: by.ID, Act: ActVoided, Prescription: in.ID, Key: key(by, in)}
	err := s.Store.Write(ctx, e)
	if !errors.Is(err, ErrExists) {
		return medical.Settled{}, err
	}
	e, err = s.Store.ByKey(ctx, e.Key)
	return medical.Settled{Done: e.Act == medical.DoDispense}, err
}

// Mine shows a patient the prescriptions, and who has looked at them.
func (s *System) Mine(ctx context.Context, by Party, in medical.Presented) ([]medical.Prescription, []Entry, error) {
	e, err := s.verify(ctx, by, in, ActMine)
	if err = s.note(ctx, e, err); err != nil {
		return nil, nil, err
	}
	all, err := s.Store.Find(ctx, Of{Patient: e.Patient})
	if err != nil {
		return nil, nil, err
	}
	log, err := s.Store.Log(ctx, Entry{Patient: e.Patient}, logged)
	return all, log, err
}
