package latest

import (
	"context"
	"crypto/x509"
	"fmt"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/rp"
)

// four reads the four data that a certificate carries.
func (s *Service) four(ctx context.Context, serial jpki.SerialNumber) (jpki.BasicFour, error) {
	c, err := s.cfg.Register.Certificate(ctx, jpki.DigitalSignature, serial)
	if err != nil {
		return jpki.BasicFour{}, err
	}
	cert, err := x509.ParseCertificate(c.DER)
	if err != nil {
		return jpki.BasicFour{}, err
	}
	return jpki.BasicFourOf(cert)
}

// Challenge makes the nonce that a holder's card answers.
func (s *Service) Challenge(ctx context.Context) (rp.Challenge, error) {
	return s.cfg.Verifier.NewChallenge(ctx)
}

// Show verifies a card's answer, and gives the resident whose consents are shown.
func (s *Service) Show(ctx context.Context, token []byte, nonce string) (register.Resident, error) {
	who, err := s.cfg.Verifier.VerifyAuthentication(ctx, token, nonce)
	if err != nil {
		return register.Resident{}, err
	}
	c, err := s.cfg.Register.Certificate(ctx, jpki.UserAuthentication, who.Serial)
	if err != nil {
		return register.Resident{}, err
	}
	return s.cfg.Register.Resident(ctx, c.ResidentID)
}

// Given is a consent as its holder sees it.
type Given struct {
	Consent
	// Replaced says that a newer consent to the same service stands in its place.
	Replaced   bool
	Deliveries []Delivery
}

// Given gives a resident's consents with what was delivered, the latest first.
func (s *Service) Given(ctx context.Context, residentID string) ([]Given, error) {
	if residentID == "" {
		return nil, nil
	}
	consents, err := s.cfg.Store.Consents(ctx, Query{ResidentID: residentID})
	if err != nil {
		return nil, err
	}
	deliveries, err := s.cfg.Store.Deliveries(ctx, residentID)
	if err != nil {
		return nil, err
	}
	newer := map[[2]string]bool{}
	all := make([]Given, len(consents))
	for i, c := range consents {
		to := [2]string{c.VerifierID, c.Service}
		all[i] = Given{Consent: c, Replaced: newer[to]}
		newer[to] = true
		for _, d := range deliveries {
			if d.Consent == c.Number {
				all[i].Deliveries = append(all[i].Deliveries, d)
			}
		}
	}
	return all, nil
}

// own gives a resident's consent that they may still withdraw.
func (s *Service) own(ctx context.Context, residentID, number string) (Consent, error) {
	all, err := s.cfg.Store.Consents(ctx, Query{Number: number, ResidentID: residentID})
	if err != nil {
		return Consent{}, err
	}
	if residentID == "" || number == "" || len(all) == 0 {
		return Consent{}, ErrNoSuchConsent
	}
	switch c := all[0]; {
	case !c.WithdrawnAt.IsZero():
		return c, ErrAlreadyWithdrawn
	case s.now().After(c.Until):
		return c, ErrOver
	default:
		return c, nil
	}
}

// Withdrawal is a withdrawal that waits for its signature. The caller keeps it, in a session.
type Withdrawal struct {
	Consent  Consent
	Document rp.Document
}

// DraftWithdrawal writes what a holder signs to withdraw a consent (利用者同意取消申請情報).
func (s *Service) DraftWithdrawal(ctx context.Context, residentID, number string) (Withdrawal, error) {
	c, err := s.own(ctx, residentID, number)
	if err != nil {
		return Withdrawal{}, err
	}
	d, err := rp.WriteDocument("LT", s.now(), func(d rp.Document) (string, error) {
		var b strings.Builder
		b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<利用者同意取消申請情報>\n")
		for _, e := range [][2]string{
			{"申請番号", d.Number}, {"申請日時", d.WrittenAt.In(jpki.JST).Format(time.RFC3339)},
			{"同意の申請番号", c.Number}, {"検証者", c.VerifierID}, {"サービス識別子", c.Service},
		} { // numbers and identifiers: nothing to escape
			fmt.Fprintf(&b, "  <%s>%s</%s>\n", e[0], e[1], e[0])
		}
		b.WriteString("</利用者同意取消申請情報>\n")
		return b.String(), nil
	})
	d.Name = d.Number + ".xml"
	return Withdrawal{c, d}, err
}

// Withdraw ends a consent by its holder's signature. From then on nothing is delivered under
// it.
func (s *Service) Withdraw(ctx context.Context, w Withdrawal, cms []byte) (Consent, error) {
	now := s.now()
	signature, signed, err := w.Document.Accept(ctx, s.cfg.Verifier, cms, now)
	if err != nil {
		return Consent{}, err
	}
	signer, err := s.cfg.Register.Certificate(ctx, jpki.DigitalSignature, signature.Serial)
	if err != nil {
		return Consent{}, err
	}
	if signer.ResidentID == "" || signer.ResidentID != w.Consent.ResidentID {
		return Consent{}, ErrAnotherHolder
	}
	s.changing.Lock()
	defer s.changing.Unlock()
	c, err := s.own(ctx, w.Consent.ResidentID, w.Consent.Number)
	if err != nil {
		return Consent{}, err
	}
	c.WithdrawnAt, c.Withdrawal = now, &signed
	return c, s.cfg.Store.CommitLatest(ctx, Change{Consents: []Consent{c}})
}
