package crowd

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/ca"
	authoritydb "example.jp/jpkimock/authority/db"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/portal"
	portaldb "example.jp/jpkimock/portal/db"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/portal/utility"
	utilitydb "example.jp/jpkimock/portal/utility/db"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/client"
)

// pin is that of the movers' cards, which nobody keeps.
const pin = "CROWD123"

// authorityURL is the authority's address in the movers' certificates.
const authorityURL = "https://authority.example.jp"

// movers are citizens who have moved and signed one application to all small businesses,
// which waits at the portal. Their certificates are real, and all have one key.
type movers struct {
	Ground
	agency  *authoritydb.Store
	office  *portaldb.Store
	trades  map[string]*utilitydb.Store
	cas     map[jpki.Kind]*ca.CA
	cabinet *virtualcard.Cabinet
}

// oneKey is the source of the keys of cards: the same key for all.
type oneKey struct{ *rsa.PrivateKey }

// Key gives it.
func (k oneKey) Key(context.Context, virtualcard.CardID, jpki.Kind) (*rsa.PrivateKey, error) {
	return k.PrivateKey, nil
}

// plant writes n movers into databases that no house has open.
func (m movers) plant(ctx context.Context, n int) (err error) {
	m.trades, m.cas = map[string]*utilitydb.Store{}, map[jpki.Kind]*ca.CA{}
	m.Now = m.Now.UTC().Truncate(time.Second)
	var shut []func() error
	defer func() {
		for _, close := range shut {
			err = errors.Join(err, close())
		}
	}()
	if m.agency, err = authoritydb.Open(m.At("authority")); err != nil {
		return err
	}
	shut = append(shut, m.agency.Close)
	if m.office, err = portaldb.Open(m.At("portal")); err != nil {
		return err
	}
	shut = append(shut, m.office.Close)
	for _, t := range utility.Trades() {
		if m.trades[t.ID], err = utilitydb.Open(m.At("utility-" + t.ID)); err != nil {
			return err
		}
		shut = append(shut, m.trades[t.ID].Close)
	}
	signers := ca.NewSigners()
	shut = append(shut, func() error { signers.Close(); return nil })
	for _, kind := range jpki.Kinds() {
		if m.cas[kind], err = ca.Open(ctx, kind, ca.Config{Store: m.agency, Keys: m.CA, Signers: signers, PublicURL: authorityURL}); err != nil {
			return err
		}
	}
	m.cabinet, err = virtualcard.Open(ctx, virtualcard.Config{Store: virtualcard.NewMemoryStore(), Keys: oneKey{m.Key}, Now: func() time.Time { return m.Now }})
	for i := 0; i < n && err == nil; i++ {
		err = m.one(ctx, i)
	}
	return err
}

// one writes one mover.
func (m *movers) one(ctx context.Context, i int) error {
	home := desk.Municipalities()[0]
	before := jpki.NewBasicFour(surnames[i%len(surnames)]+"　"+givenNames[i/len(surnames)%len(givenNames)],
		jpki.DateOfBirthOn(1950+i%50, time.Month(1+i%12), 1+i%28), jpki.Female, fmt.Sprintf("青葉県みほん市旧町%d番地", 1+i))
	resident := register.Resident{ID: fmt.Sprintf("mover-%d", i), BasicFour: before, Municipality: home}
	card := register.Card{ID: resident.ID, ResidentID: resident.ID, IssuedAt: m.Now.AddDate(-1, 0, 0), Expires: register.EndOfDay(m.Now.AddDate(9, 0, 0))}
	issue := func(kind jpki.Kind, at time.Time, s register.Status) (register.Certificate, error) {
		c, err := m.cas[kind].Issue(ca.Request{Resident: resident, Card: card, Key: &m.Key.PublicKey, At: at, NotAfter: at.AddDate(4, 0, 0)})
		c.CardID, c.ResidentID, c.Delivered, c.Status = card.ID, resident.ID, true, s
		return c, errors.Join(err, m.cas[kind].Record(c))
	}
	good := register.Status{State: register.Good, Since: card.IssuedAt}
	first, err := issue(jpki.DigitalSignature, card.IssuedAt, register.Status{State: register.Revoked, Reason: jpki.AffiliationChanged, Since: m.Now.Add(-time.Hour)})
	if err != nil {
		return err
	}
	signIn, err := issue(jpki.UserAuthentication, card.IssuedAt, good)
	if err != nil {
		return err
	}
	resident.BasicFour.Address = fmt.Sprintf("青葉県みほん市新町%d番地", 1+i)
	resident = resident.Completed()
	good.Since = m.Now.Add(-time.Hour)
	next, err := issue(jpki.DigitalSignature, good.Since, good)
	if err != nil {
		return err
	}
	if err := m.agency.Commit(ctx, authority.Change{Certificates: []register.Certificate{first, signIn, next}}); err != nil {
		return err
	}
	return m.applies(ctx, i, before, resident.BasicFour, first.Serial, signIn.Serial, next)
}

// applies writes a mover's application, signed by a card, with all that it needs.
func (m *movers) applies(ctx context.Context, i int, before, after jpki.BasicFour, first, signIn jpki.SerialNumber, next register.Certificate) error {
	id, no := fmt.Sprintf("PT-crowd-%d", i), fmt.Sprint(70_000_000+i)
	c, err := m.office.AddCitizen(ctx, portal.Citizen{
		Four: after, Mail: "crowd@example.jp", Signature: next.Serial, Authentication: signIn, EnrolledAt: m.Now, Standing: portal.Holds,
	}, rp.SignedDocument{Record: rp.Record{Kind: jpki.DigitalSignature}})
	if err != nil {
		return err
	}
	text := "ワンストップ申請書　" + id + "\n"
	var deliveries []portal.Delivery
	for _, t := range utility.Trades() {
		sheet, digest, err := partner.Sheet{
			Application: id, Partner: t.ID, Customer: no, ChangedOn: m.Now.In(jpki.JST).Format(time.DateOnly), Answers: map[string]string{t.Question: "午前"},
		}.Write()
		if err != nil {
			return err
		}
		text += "　　" + digest + "\n"
		deliveries = append(deliveries, portal.Delivery{Application: id, Partner: t.ID, Sheet: sheet, State: portal.Waiting, Since: m.Now, Next: m.Now})
		k := partner.Connection{Customer: no, Name: before.CommonName, DateOfBirth: before.DateOfBirth, Certificate: first, Box: fmt.Sprintf("crowd-%s-%d", t.ID, i)}
		if err := errors.Join(
			m.trades[t.ID].AddCustomer(ctx, utility.Customer{No: no, Name: before.CommonName, Address: before.Address, DateOfBirth: before.DateOfBirth, Connection: &k}),
			m.office.Connect(ctx, portal.Connection{Citizen: c.ID, Partner: t.ID, Customer: no, Box: k.Box, ConsentedAt: m.Now}),
		); err != nil {
			return err
		}
	}
	cms, err := m.signs(ctx, virtualcard.CardID(next.CardID), next.DER, text)
	if err != nil {
		return err
	}
	return m.office.AddApplication(ctx, portal.Application{
		ID: id, Citizen: c.ID, Before: before, After: after, ChangedOn: m.Now.In(jpki.JST).Format(time.DateOnly), At: m.Now,
		Signed: rp.SignedDocument{
			Document: rp.Document{Number: id, WrittenAt: m.Now, Name: id + ".txt", MediaType: "text/plain", Content: text},
			CMS:      cms, Certificate: next.DER, Serial: next.Serial, Paired: signIn, ReceivedAt: m.Now, Record: rp.Record{Kind: jpki.DigitalSignature},
		},
	}, deliveries, func(*portal.Citizen) error { return nil })
}

// signs signs a document with a card that carries a certificate.
func (m *movers) signs(ctx context.Context, card virtualcard.CardID, certificate []byte, text string) ([]byte, error) {
	if _, err := m.cabinet.Blank(ctx, card); err != nil {
		return nil, err
	}
	kind := jpki.DigitalSignature
	if err := m.cabinet.Personalize(ctx, card, virtualcard.Personalization{
		PINs: map[jpki.Kind]string{kind: pin}, Certificates: map[jpki.Kind][]byte{kind: certificate},
		CACertificates: map[jpki.Kind][]byte{kind: m.cas[kind].Certificate().Raw},
	}); err != nil {
		return nil, err
	}
	reader, err := m.cabinet.Connect(ctx, card)
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	return client.Sign(ctx, reader, client.SignRequest{PIN: pin, Document: []byte(text), At: m.Now})
}
