// Package booking is the facility booking (施設予約) of the cable operator: the
// municipality's facilities by date and slot, for residents at the resident
// price and for others by each facility's rule.
//
// facility.go has the facilities and their rules, reservation.go what is booked;
// the database decides who gets a slot. residency.go is the proof of living in
// the municipality: an application that was signed once, whose certificate is
// asked about until it lapses or its holder takes the consent back. lapse.go
// follows that certificate through renewals, and says when it ends.
package booking

import (
	"context"
	"errors"
	"sync"
	"text/template"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/rp"
)

// Verifier is what the service needs of the kit; *rp.Verifier is one.
type Verifier interface {
	// VerifySignature is 本人確認: who signed this document.
	VerifySignature(ctx context.Context, document, cms []byte) (*rp.Signature, error)
	// CheckStatus is 変更確認: whether certificates kept earlier are still valid.
	CheckStatus(ctx context.Context, kind jpki.Kind, serials ...jpki.SerialNumber) ([]rp.Status, error)
}

// Household is what the service asks the operator; *catv.Station is one.
type Household interface {
	// Signer finds the viewer whose card signed, or gives catv.ErrUnknownViewer.
	Signer(ctx context.Context, signature *rp.Signature) (catv.Viewer, error)
	// Link keeps the common platform's sub of a viewer.
	Link(ctx context.Context, service catv.Service, id catv.ViewerID, sub string) (fresh bool, err error)
}

// Config is what a service is made of. All fields are required.
// The Verifier must want the paired serial number of a signature
// (rp.Config.WantPaired), by which a signed application finds its viewer.
type Config struct {
	Household Household
	Verifier  Verifier
	Store     Store
	Now       func() time.Time
	// Linkage is asked what came in place of a certificate that was revoked.
	Linkage rp.Links
}

// Service is the facility booking at work. Its methods may be called from any
// goroutine.
type Service struct {
	household   Household
	verifier    Verifier
	linkage     rp.Links
	store       Store
	now         func() time.Time
	application *template.Template
	confirming  sync.Mutex // one confirmation of residents at a time
}

// New opens a service over what its store already holds.
func New(cfg Config) (*Service, error) {
	if cfg.Household == nil || cfg.Verifier == nil || cfg.Store == nil || cfg.Now == nil || cfg.Linkage == nil {
		return nil, errors.New("booking: Household, Verifier, Store, Now and Linkage are required")
	}
	form, err := template.New("residency").Parse(residencyForm)
	if err != nil {
		return nil, err
	}
	return &Service{
		household: cfg.Household, verifier: cfg.Verifier, linkage: cfg.Linkage, store: cfg.Store, now: cfg.Now, application: form,
	}, nil
}

// Link keeps by which sub the common platform knows a viewer at this service.
func (s *Service) Link(ctx context.Context, id catv.ViewerID, sub string) error {
	_, err := s.household.Link(ctx, catv.Booking, id, sub)
	return err
}

// today is the present day in Japan.
func (s *Service) today() catv.Day { return catv.DayOf(s.now()) }
