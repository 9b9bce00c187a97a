package prescription

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/rp"
)

// unanswered is an order with findings that have no reason.
type unanswered []medical.Finding

func (unanswered) Error() string { return "prescription: findings without a reason" }

// Check looks for duplicates and contraindications (重複投薬・併用禁忌チェック) before an
// order is signed, and gives all that it finds.
func (s *System) Check(ctx context.Context, by Party, in medical.Draft) (medical.Checked, error) {
	patient, err := s.whose(ctx, by, in.Order)
	if err != nil {
		return medical.Checked{}, s.note(ctx, Entry{By: by.ID, Act: ActChecked}, err)
	}
	all, err := s.Store.Find(ctx, Of{Patient: patient})
	if err != nil {
		return medical.Checked{}, err
	}
	return medical.Checked{Findings: s.findings(in, all)}, s.note(ctx, Entry{By: by.ID, Act: ActChecked, Patient: patient}, nil)
}

// findings checks an order against a patient's other prescriptions.
func (s *System) findings(in medical.Draft, others []medical.Prescription) []medical.Finding {
	var has []string
	for _, p := range others {
		has = append(has, p.Medicines(medical.DateOf(s.Now()))...)
	}
	return in.Order.Findings(has, in.Told)
}

// whose gives the patient of an order: the holder of the card that was confirmed at the
// visit.
func (s *System) whose(ctx context.Context, by Party, o medical.Order) (string, error) {
	if by.Pharmacy || o.Check() != nil || o.Institution != by.Name {
		return "", &medical.Refused{Code: medical.NoPrescription}
	}
	serial, err := s.Platform.Holder(ctx, by.ID, o.Inquiry)
	if err != nil {
		return "", medical.Heard(err, medical.PlatformSilent)
	}
	return s.patient(ctx, serial)
}

// Issue verifies that a doctor of the institution has signed an order, checks it again
// where it is alone, and issues the prescription (処方箋の登録). One that is sent again is
// answered as before.
func (s *System) Issue(ctx context.Context, by Party, in medical.Draft) (medical.Checked, error) {
	if again, err := s.issued(ctx, by, in.Order.Number); err != nil || again.Issued != nil {
		return again, err
	}
	e := Entry{By: by.ID, Act: ActIssued}
	p, err := s.sign(ctx, by, in, &e)
	if err != nil {
		return medical.Checked{}, s.note(ctx, e, err)
	}
	err = s.Store.Add(ctx, e.Patient, p, func(others []medical.Prescription) error {
		if open := in.Order.Unanswered(s.findings(in, others)); len(open) > 0 {
			return unanswered(open)
		}
		return nil
	})
	if open, ok := errors.AsType[unanswered](err); ok {
		return medical.Checked{Findings: open}, nil
	}
	if errors.Is(err, ErrExists) {
		return s.issued(ctx, by, in.Order.Number)
	}
	e.Prescription = p.ID
	return medical.Checked{Issued: &p}, s.note(ctx, e, err)
}

// issued gives what was issued for the order of a number.
func (s *System) issued(ctx context.Context, by Party, number string) (medical.Checked, error) {
	if number == "" {
		return medical.Checked{}, &medical.Refused{Code: medical.NoPrescription}
	}
	all, err := s.Store.Find(ctx, Of{Issuer: by.ID, Number: number})
	if err != nil || len(all) == 0 {
		return medical.Checked{}, err
	}
	return medical.Checked{Issued: &all[0]}, nil
}

// sign makes the prescription of an order with its signature.
func (s *System) sign(ctx context.Context, by Party, in medical.Draft, e *Entry) (medical.Prescription, error) {
	var err error
	if e.Patient, err = s.whose(ctx, by, in.Order); err != nil {
		return medical.Prescription{}, err
	}
	text, err := in.Order.Text()
	if err != nil {
		return medical.Prescription{}, err
	}
	began, now := s.Now(), s.Now().UTC()
	document := rp.Document{Number: in.Order.Number, WrittenAt: in.Order.WrittenAt, Content: text}
	signature, _, err := document.Accept(ctx, s.Verifier, in.CMS, now)
	e.Steps = medical.StepsOf("", began, s.Now(), rp.Code(err), err)
	if err != nil {
		return medical.Prescription{}, err
	}
	if !s.isDoctor(by, signature.BasicFour) {
		return medical.Prescription{}, &medical.Refused{Code: medical.NotADoctor}
	}
	code, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	today := medical.DateOf(now)
	return medical.Prescription{
		ID: newID(), Code: fmt.Sprintf("%06d", code), Issuer: by.ID, Doctor: signature.BasicFour.CommonName, At: now, State: medical.Waiting, Order: in.Order, CMS: in.CMS,
		From: today, Until: medical.DateOf(today.Time().AddDate(0, 0, medical.ValidDays-1)),
	}, err
}

// newID makes a UUID of version 4 (RFC 9562).
func newID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// isDoctor reports whether a signature is that of a doctor of the institution.
func (s *System) isDoctor(by Party, four jpki.BasicFour) bool {
	return slices.Contains(s.Doctors, Doctor{Name: four.CommonName, Birth: medical.Date(four.DateOfBirth.Gregorian()), Institution: by.ID})
}

// OfVisit gives an institution what it has prescribed at a visit.
func (s *System) OfVisit(ctx context.Context, by Party, in medical.Visited) ([]medical.Prescription, error) {
	if in.Inquiry == "" {
		return nil, nil
	}
	return s.Store.Find(ctx, Of{Issuer: by.ID, Inquiry: in.Inquiry})
}

// Cancel takes back what no pharmacy has taken (処方箋の取消).
func (s *System) Cancel(ctx context.Context, by Party, in medical.Act) (medical.Prescription, error) {
	e := Entry{At: s.Now().UTC(), By: by.ID, Act: ActCancelled, Prescription: in.ID}
	p, err := s.Store.Change(ctx, in.ID, e, func(_ string, p *medical.Prescription) error {
		if p.Issuer != by.ID {
			return &medical.Refused{Code: medical.NoPrescription}
		}
		return p.Cancel(medical.DateOf(e.At))
	})
	if err != nil {
		err = s.note(ctx, e, err)
	}
	return p, err
}
