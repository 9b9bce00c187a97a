// Package platform is the common platform of the medical field (共通PF（医療分野）): it
// stands between hospitals and insurers. By the certificate it knows which insurers to
// ask, and of whom it knows no more: no name, no numbers. What it passes on it does not
// keep; its log says who asked whom when, and how far it came.
//
// It is an accredited verifier for its challenges and to recognise a new card; whether a
// certificate is valid is the insurer's question.
package platform

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/holder"
)

// Institution is a hospital, a clinic or a pharmacy that may ask.
type Institution struct {
	ID   string
	Code string // ten digits: prefecture, table of points, number
	Name string
}

// Insurer is an insurer as the platform reaches it. An error that is a *medical.Refused
// is its answer; any other is silence.
type Insurer interface {
	Confirm(ctx context.Context, q medical.Question) (medical.Reply, error)
	ConfirmByNumber(ctx context.Context, q medical.ByNumber) (medical.NumberReply, error)
	Holds(ctx context.Context, serial jpki.SerialNumber) (bool, error)
}

// Entry is a line of the log.
type Entry struct {
	Inquiry     string
	At          time.Time
	Institution string // its ID
	Kind        Kind
	Serial      jpki.SerialNumber // of the card; "" if there was none
	Insurers    []medical.InsurerNumber
	Validity    medical.Validity // 0 if it was refused
	Code        string           // why it was refused
	Steps       []medical.Step
}

// Kind is what an institution asked.
type Kind string

// The kinds.
const (
	ByCard   Kind = "card"
	ByLink   Kind = "link"
	ByNumber Kind = "number"
)

// Store keeps the routes and the log.
type Store interface {
	// Routes gives the insurers that have linked a certificate, in the order of linking.
	Routes(ctx context.Context, serial jpki.SerialNumber) ([]medical.InsurerNumber, error)
	// AddRoute may be told the same twice.
	AddRoute(ctx context.Context, serial jpki.SerialNumber, to medical.InsurerNumber, at time.Time) error
	DropRoute(ctx context.Context, serial jpki.SerialNumber, to medical.InsurerNumber) error
	Write(ctx context.Context, e Entry) error
	// Log gives the newest entries, of one inquiry if it is not "".
	Log(ctx context.Context, inquiry string, limit int) ([]Entry, error)
	// Confirmed gives the newest entry of an inquiry that was not refused; the zero Entry
	// if there is none.
	Confirmed(ctx context.Context, inquiry string) (Entry, error)
	Ping() error
}

// Challenger makes challenges, and knows whose certificates are a stranger's;
// *rp.Verifier is one.
type Challenger interface {
	NewChallenge(ctx context.Context) (rp.Challenge, error)
	Issued(ctx context.Context, cert *x509.Certificate) error
}

// Config is what a platform is made of; all fields are required.
type Config struct {
	Verifier Challenger
	Linkage  rp.Links
	Store    Store
	Insurers map[medical.InsurerNumber]Insurer
	Now      func() time.Time
}

// Platform is the platform at work.
type Platform struct {
	Config
	waiting *held.Box[waiting]
}

// waiting is a challenge on its way to a card, and then an inquiry whose card answered.
type waiting struct {
	institution string
	challenge   rp.Challenge
	token       []byte
	serial      jpki.SerialNumber
}

// New opens a platform.
func New(cfg Config) (*Platform, error) {
	if cfg.Verifier == nil || cfg.Linkage == nil || cfg.Store == nil || cfg.Now == nil || len(cfg.Insurers) == 0 {
		return nil, errors.New("platform: a field of the config is missing")
	}
	return &Platform{Config: cfg, waiting: held.New(held.Config[waiting]{
		Now: cfg.Now, Life: 2 * rp.DefaultChallengeLifetime, Max: 20_000, Yields: func(w waiting) bool { return w.token == nil },
		From: func(w waiting) string { return w.institution },
	})}, nil
}

// Challenge makes a challenge for a patient at an institution. Nobody else's answer to it
// is taken.
func (p *Platform) Challenge(ctx context.Context, by Institution) (nonce string, err error) {
	c, err := p.Verifier.NewChallenge(ctx)
	if err != nil {
		return "", err
	}
	return c.Nonce, p.waiting.Put(c.Nonce, waiting{institution: by.ID, challenge: c})
}

// Confirm asks the insurers of whoever answered a challenge (資格確認). Without an insurer
// that knows the card the answer is NoneFound, and Link may follow with the same inquiry.
// An error that is no fault of the platform's is a *medical.Refused.
func (p *Platform) Confirm(ctx context.Context, by Institution, nonce string, token []byte) (medical.Answer, error) {
	w, err := p.waiting.Take(nonce, func(w waiting) error {
		if w.institution != by.ID {
			return held.ErrGone
		}
		return nil
	})
	if err != nil {
		return medical.Answer{}, &medical.Refused{Code: rp.Code(rp.ErrChallenge)}
	}
	e := Entry{Inquiry: held.Name(), Institution: by.ID, Kind: ByCard}
	cert, err := certificateOf(token)
	if err != nil {
		return medical.Answer{}, p.refuse(ctx, e, &medical.Refused{Code: rp.Code(rp.ErrMalformed)})
	}
	if err := p.Verifier.Issued(ctx, cert); err != nil { // no insurer could ever link it
		return medical.Answer{}, p.refuse(ctx, e, &medical.Refused{Code: rp.Code(err)})
	}
	w.serial = jpki.SerialNumberOf(cert)
	w.token, e.Serial = token, w.serial
	if err := p.waiting.Put(e.Inquiry, w); err != nil {
		return medical.Answer{}, err
	}
	if e.Insurers, err = p.route(ctx, w.serial); err != nil {
		return medical.Answer{}, p.refuse(ctx, e, err)
	}
	answer, err := p.ask(ctx, &e, by, w, nil)
	return answer, p.note(ctx, e, answer, err)
}

// Link asks one insurer to link the card of an inquiry with the insured person of the
// numbers, which makes the next questions (紐付け); and confirms.
func (p *Platform) Link(ctx context.Context, by Institution, inquiry string, m medical.Member) (medical.Answer, error) {
	w, err := p.waiting.Look(inquiry)
	if err != nil || w.institution != by.ID || w.token == nil {
		return medical.Answer{}, &medical.Refused{Code: medical.NoInquiry}
	}
	e := Entry{Inquiry: inquiry, Institution: by.ID, Kind: ByLink, Serial: w.serial}
	m, err = m.Check()
	if err != nil {
		return medical.Answer{}, p.refuse(ctx, e, &medical.Refused{Code: medical.NoMember, Inquiry: inquiry})
	}
	if p.Insurers[m.Insurer] == nil {
		return medical.Answer{}, p.refuse(ctx, e, &medical.Refused{Code: medical.UnknownInsurer, Inquiry: inquiry})
	}
	others, err := p.Store.Routes(ctx, w.serial)
	if err != nil {
		return medical.Answer{}, err
	}
	others = slices.DeleteFunc(others, func(n medical.InsurerNumber) bool { return n == m.Insurer })
	e.Insurers = append([]medical.InsurerNumber{m.Insurer}, others...)
	answer, err := p.ask(ctx, &e, by, w, &m)
	if err == nil {
		err = p.Store.AddRoute(ctx, w.serial, m.Insurer, p.Now().UTC())
	}
	return answer, p.note(ctx, e, answer, err)
}

// ask puts the question to the insurers of an entry, and makes one answer of theirs. An
// insurer that is to link the card comes first: if it refuses, the others are not asked.
func (p *Platform) ask(ctx context.Context, e *Entry, by Institution, w waiting, m *medical.Member) (medical.Answer, error) {
	a := medical.Answer{Inquiry: e.Inquiry, Validity: medical.NoneFound}
	var failed *medical.Refused
	for i, number := range e.Insurers {
		if i > 0 {
			m = nil
		}
		reply, err := p.Insurers[number].Confirm(ctx, medical.Question{
			Inquiry: e.Inquiry, Institution: by.Name, Challenge: w.challenge, Token: w.token, Member: m,
		})
		refused := refusal(err, number, p.Now())
		switch {
		case refused != nil && m != nil:
			e.Steps = refused.Steps
			return a, refused
		case refused == nil:
			a.Results, a.CertificateEnds = append(a.Results, reply.Qualification), reply.CertificateEnds
			a.Steps = append(a.Steps, reply.Steps...)
		case refused.Code == medical.NotLinked:
			if err := p.Store.DropRoute(ctx, w.serial, number); err != nil {
				return a, err
			}
		default:
			failed = refused
		}
	}
	a.At = p.Now().UTC()
	a.Validity = validity(a.Results, medical.DateOf(a.At))
	if failed != nil && !a.Validity.Confirms() {
		e.Steps, failed.Inquiry = append(a.Steps, failed.Steps...), e.Inquiry
		failed.Steps = e.Steps
		return a, failed
	}
	e.Steps = a.Steps
	return a, nil
}

// validity says what the eligibilities come to on a day, and sorts those first that hold.
func validity(all []medical.Qualification, day medical.Date) medical.Validity {
	slices.SortStableFunc(all, func(a, b medical.Qualification) int {
		switch x, y := a.HoldsOn(day), b.HoldsOn(day); {
		case x == y:
			return 0
		case x:
			return -1
		}
		return 1
	})
	holding := 0
	for _, q := range all {
		if q.HoldsOn(day) {
			holding++
		}
	}
	switch {
	case len(all) == 0:
		return medical.NoneFound
	case holding == 0:
		return medical.Invalid
	case holding > 1:
		return medical.SeveralFound
	}
	return medical.Valid
}

// refusal gives an insurer's refusal; its silence is one after ①.
func refusal(err error, number medical.InsurerNumber, now time.Time) *medical.Refused {
	if err == nil {
		return nil
	}
	if refused, ok := errors.AsType[*medical.Refused](err); ok {
		return refused
	}
	return &medical.Refused{Code: medical.InsurerSilent, Steps: []medical.Step{{N: 1, Insurer: number, At: now.UTC(), Trouble: medical.InsurerSilent}}}
}

// ConfirmByNumber asks the insurer of the numbers, without a card.
func (p *Platform) ConfirmByNumber(ctx context.Context, by Institution, m medical.Member) (medical.Answer, error) {
	e := Entry{Inquiry: held.Name(), Institution: by.ID, Kind: ByNumber}
	m, err := m.Check()
	if err != nil {
		return medical.Answer{}, p.refuse(ctx, e, &medical.Refused{Code: medical.NoMember})
	}
	of := p.Insurers[m.Insurer]
	if of == nil {
		return medical.Answer{}, p.refuse(ctx, e, &medical.Refused{Code: medical.UnknownInsurer})
	}
	e.Insurers = []medical.InsurerNumber{m.Insurer}
	reply, err := of.ConfirmByNumber(ctx, medical.ByNumber{Inquiry: e.Inquiry, Institution: by.Name, Member: m})
	if refused := refusal(err, m.Insurer, p.Now()); refused != nil {
		return medical.Answer{}, p.refuse(ctx, e, refused)
	}
	a := medical.Answer{Inquiry: e.Inquiry, At: p.Now().UTC(), ByNumber: true, Results: []medical.Qualification{reply.Qualification}}
	a.Validity, err = p.validityByNumber(ctx, m.Insurer, reply)
	return a, p.note(ctx, e, a, err)
}

// validityByNumber asks the other insurers of a lost eligibility's card, which say only
// whether one of theirs holds.
func (p *Platform) validityByNumber(ctx context.Context, number medical.InsurerNumber, reply medical.NumberReply) (medical.Validity, error) {
	switch holds := reply.Qualification.HoldsOn(medical.DateOf(p.Now())); {
	case holds && reply.Serial == "":
		return medical.ValidUnlinked, nil
	case holds:
		return medical.Valid, nil
	case reply.Serial == "":
		return medical.Invalid, nil
	}
	routes, err := p.Store.Routes(ctx, reply.Serial)
	if err != nil {
		return 0, err
	}
	for _, other := range routes {
		if other == number || p.Insurers[other] == nil {
			continue
		}
		// One that does not answer says of nothing that it replaces the lost one.
		if holds, err := p.Insurers[other].Holds(ctx, reply.Serial); err == nil && holds {
			return medical.InvalidReplaced, nil
		}
	}
	return medical.Invalid, nil
}

// route gives the insurers of a certificate. One that was never seen may be the new one of
// a card that is known (更新, 再発行): the authority alone can say so.
func (p *Platform) route(ctx context.Context, serial jpki.SerialNumber) ([]medical.InsurerNumber, error) {
	routes, moved, err := holder.Of(ctx, p.Linkage, serial, func(ctx context.Context, serial jpki.SerialNumber) ([]medical.InsurerNumber, error) {
		routes, err := p.Store.Routes(ctx, serial)
		if err == nil && len(routes) == 0 {
			err = errNoRoute
		}
		return routes, err
	}, errNoRoute)
	switch code := rp.Code(err); {
	case errors.Is(err, errNoRoute):
		return nil, nil
	case code != "":
		return nil, &medical.Refused{Code: code}
	case err != nil || !moved:
		return routes, err
	}
	for _, to := range routes {
		err = errors.Join(err, p.Store.AddRoute(ctx, serial, to, p.Now().UTC()))
	}
	return routes, err
}

// errNoRoute is a certificate that no insurer has linked.
var errNoRoute = errors.New("platform: no insurer has linked this certificate")

// refuse writes a refusal into the log and gives it.
func (p *Platform) refuse(ctx context.Context, e Entry, err error) error {
	return p.note(ctx, e, medical.Answer{}, err)
}

// note writes what came of a question into the log.
func (p *Platform) note(ctx context.Context, e Entry, a medical.Answer, err error) error {
	refused, known := errors.AsType[*medical.Refused](err)
	if err != nil && !known {
		return err
	}
	e.At, e.Validity = p.Now().UTC(), a.Validity
	if known {
		e.Code, e.Validity, e.Steps, refused.Inquiry = refused.Code, 0, refused.Steps, e.Inquiry
	}
	return errors.Join(err, p.Store.Write(ctx, e))
}

// HolderFor is how long an inquiry says whose card it was.
const HolderFor = 24 * time.Hour

// Holder tells the prescription inquiry system, and nobody else, which certificate was
// confirmed by an inquiry of an institution. It does not tell the platform what for.
func (p *Platform) Holder(ctx context.Context, institution, inquiry string) (jpki.SerialNumber, error) {
	e, err := p.Store.Confirmed(ctx, inquiry)
	switch age := p.Now().Sub(e.At); {
	case err != nil:
		return "", err
	case e.Serial == "" || e.Institution != institution || !e.Validity.Confirms() || age < 0 || age > HolderFor:
		return "", &medical.Refused{Code: medical.NoInquiry}
	}
	return e.Serial, nil
}

// logged is how much of the log is shown.
const logged = 200

// Log gives the newest entries, of one inquiry if it is not "".
func (p *Platform) Log(ctx context.Context, inquiry string) ([]Entry, error) {
	return p.Store.Log(ctx, inquiry, logged)
}

// certificateOf reads the certificate out of a card's answer, unverified: it says whom to
// ask, and nothing else.
func certificateOf(token []byte) (*x509.Certificate, error) {
	var t struct {
		UnverifiedCertificate []byte `json:"unverifiedCertificate"`
	}
	if len(token) > rp.MaxToken {
		return nil, rp.ErrTooLarge
	}
	if err := json.Unmarshal(token, &t); err != nil {
		return nil, err
	}
	return x509.ParseCertificate(t.UnverifiedCertificate)
}
