package portal

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/rp"
)

// Wish is what a citizen decides about an application. Name and address are not in it:
// they come from the certificate.
type Wish struct {
	ChangedOn string            // the day of the move or of the new name, YYYY-MM-DD
	Partners  []string          // the IDs of those who are to be told
	Answers   map[string]string // by partner, to its question
}

// Draft is an application (ワンストップ申請書) that waits for its signature. The caller
// keeps it, in a session for instance.
type Draft struct {
	Document rp.Document
	Wish     Wish
	Sheets   map[string]string // by partner: what the document holds the digests of
	Before   jpki.BasicFour
}

// Application is a signed application.
type Application struct {
	ID            string // the document's number
	Citizen       int64
	Signed        rp.SignedDocument
	Before, After jpki.BasicFour
	ChangedOn     string
	At            time.Time
}

// NewName reports that the name has changed.
func (a Application) NewName() bool { return a.Before.CommonName != a.After.CommonName }

// NewAddress reports that the address has changed.
func (a Application) NewAddress() bool { return a.Before.Address != a.After.Address }

// oldest is how long ago a change may be.
const oldest = 366 * 24 * time.Hour

// Draft writes the application of a citizen for the chosen partners.
func (p *Portal) Draft(ctx context.Context, citizen int64, w Wish) (Draft, error) {
	c, err := p.cfg.Store.Citizen(ctx, citizen)
	if err != nil {
		return Draft{}, err
	}
	on, err := time.ParseInLocation(time.DateOnly, w.ChangedOn, jpki.JST)
	if err != nil || on.After(p.now()) || p.now().Sub(on) > oldest {
		return Draft{}, ErrDay
	}
	connected, err := p.cfg.Store.Connections(ctx, citizen)
	if err != nil {
		return Draft{}, err
	}
	if len(w.Partners) == 0 {
		return Draft{}, ErrNoneChosen
	}
	d := Draft{Wish: w, Sheets: map[string]string{}, Before: c.Four}
	d.Document, err = rp.WriteDocument("PT", p.now(), func(doc rp.Document) (string, error) {
		var to []map[string]string
		for _, one := range p.cfg.Partners {
			if one.NoticesOnly || !slices.Contains(w.Partners, one.ID) {
				continue // len(to) tells
			}
			k := ConnectionWith(one.ID, connected)
			if k == nil {
				return "", ErrNotConnected
			}
			sheet, err := one.sheet(doc.Number, k.Customer, w)
			if err != nil {
				return "", err
			}
			text, digest, err := sheet.Write()
			if err != nil {
				return "", err
			}
			d.Sheets[one.ID] = text
			to = append(to, map[string]string{"Name": one.Name, "Digest": digest})
		}
		if len(to) != len(w.Partners) {
			return "", ErrNotConnected
		}
		return p.text("application", doc, map[string]any{
			"Name": wrap(c.Four.CommonName), "Address": wrap(c.Four.Address), "ChangedOn": jpki.JapaneseDay(on), "To": to,
		})
	})
	return d, err
}

// sheet writes what an application says to one partner alone.
func (one Partner) sheet(application, customer string, w Wish) (partner.Sheet, error) {
	s := partner.Sheet{Application: application, Partner: one.ID, Customer: customer, ChangedOn: w.ChangedOn}
	if one.Question == nil {
		return s, nil
	}
	answer := strings.TrimSpace(w.Answers[one.ID])
	if jpki.CheckLine(answer, jpki.MaxAddress) != nil || answer == "" {
		return s, ErrAnswer
	}
	s.Answers = map[string]string{one.Question.ID: answer}
	return s, nil
}

// Apply takes a signed application (ワンストップ申請). The signature must be the
// citizen's, with another certificate than the registered one: the new name and address
// are those in it. From here on the application is delivered, whatever happens.
func (p *Portal) Apply(ctx context.Context, citizen int64, d Draft, cms []byte) (Application, error) {
	now := p.now()
	s, signed, err := d.Document.Accept(ctx, p.cfg.Verifier, cms, now)
	if err != nil {
		return Application{}, err
	}
	c, err := p.cfg.Store.Citizen(ctx, citizen)
	if err != nil {
		return Application{}, err
	}
	holder, err := p.holder(ctx, s)
	if errors.Is(err, ErrUnknownHolder) || err == nil && holder.ID != citizen {
		return Application{}, ErrAnotherPerson
	}
	if err != nil {
		return Application{}, err
	}
	a := Application{
		ID: d.Document.Number, Citizen: citizen, Signed: signed, Before: c.Four, After: s.BasicFour, ChangedOn: d.Wish.ChangedOn, At: now,
	}
	if !a.NewName() && !a.NewAddress() {
		return Application{}, ErrNothingChanged
	}
	var deliveries []Delivery
	for _, one := range p.cfg.Partners {
		if sheet, ok := d.Sheets[one.ID]; ok {
			deliveries = append(deliveries, Delivery{Application: a.ID, Partner: one.ID, Sheet: sheet, State: Waiting, Since: now, Next: now})
		}
	}
	if err := p.cfg.Store.AddApplication(ctx, a, deliveries, func(now *Citizen) error {
		if now.Signature != c.Signature || now.Four != c.Four {
			return ErrTooLate
		}
		now.Four, now.Signature, now.Standing, now.MovedAt = s.BasicFour, s.Serial, Holds, time.Time{}
		if !s.Paired.IsZero() {
			now.Authentication = s.Paired
		}
		return nil
	}); err != nil {
		return Application{}, err
	}
	if err := p.cfg.Step("applied"); err != nil {
		return Application{}, err
	}
	return a, nil
}

// holder finds the citizen who holds the certificate of a signature.
func (p *Portal) holder(ctx context.Context, s *rp.Signature) (Citizen, error) {
	c, err := p.cfg.Store.CitizenByCertificate(ctx, jpki.DigitalSignature, s.Serial)
	if errors.Is(err, ErrUnknownHolder) && !s.Paired.IsZero() {
		c, err = p.cfg.Store.CitizenByCertificate(ctx, jpki.UserAuthentication, s.Paired)
	}
	if errors.Is(err, ErrUnknownHolder) {
		c, err = p.recognise(ctx, jpki.DigitalSignature, s.Serial)
	}
	return c, err
}

// Application gives an application of a citizen with its deliveries.
func (p *Portal) Application(ctx context.Context, citizen int64, id string) (Application, []Delivery, error) {
	a, err := p.cfg.Store.Application(ctx, id)
	if err != nil {
		return Application{}, nil, err
	}
	if a.Citizen != citizen {
		return Application{}, nil, ErrNoApplication
	}
	d, err := p.cfg.Store.Deliveries(ctx, id)
	return a, d, err
}

// fillIn writes a document with a number of its own, which starts with prefix.
func (p *Portal) fillIn(form, prefix string, values map[string]any) (rp.Document, error) {
	return rp.WriteDocument(prefix, p.now(), func(d rp.Document) (string, error) { return p.text(form, d, values) })
}

func (p *Portal) text(form string, d rp.Document, values map[string]any) (string, error) {
	values["Number"] = d.Number
	values["Date"], values["Time"] = jpki.JapaneseDay(d.WrittenAt), jpki.JapaneseTime(d.WrittenAt)
	var text strings.Builder
	err := p.forms.ExecuteTemplate(&text, form+".txt", values)
	return text.String(), err
}

// lineWidth is how many full-width characters fit on a line of a form.
const lineWidth = 16

// wrap breaks a value into lines of a form.
func wrap(s string) (lines []string) {
	for line := range slices.Chunk([]rune(s), lineWidth) {
		lines = append(lines, string(line))
	}
	return lines
}
