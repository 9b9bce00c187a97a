// Package health is the health service (ヘルスケア情報) of the cable operator: what
// the municipality's health programme (健康づくり事業) knows of a viewer, shown to
// that viewer, and to one member of the family if the viewer consents.
//
// measure.go is what is measured day by day, series.go how a chart shows it, and
// devices.go what the scales, the pedometer and the blood pressure monitor send;
// checkup.go is the check-ups, letter.go the public-health nurse's messages and
// the reminders. share.go has the one rule by which something is shown: every
// method that shows some asks it.
package health

import (
	"context"
	"errors"
	"time"

	"example.jp/jpkimock/catv"
)

// Household is what the service asks the operator; *catv.Station is one.
type Household interface {
	// Viewer gives a viewer, or catv.ErrNoViewer.
	Viewer(ctx context.Context, id catv.ViewerID) (catv.Viewer, error)
	// Family gives the other viewers of a viewer's household.
	Family(ctx context.Context, id catv.ViewerID) ([]catv.Viewer, error)
	// PlaceOf gives the papers' line of a viewer, with the profile.
	PlaceOf(ctx context.Context, id catv.ViewerID) (catv.Place, error)
	// Link keeps the common platform's sub of a viewer; fresh if it is a new one.
	Link(ctx context.Context, service catv.Service, id catv.ViewerID, sub string) (fresh bool, err error)
}

// Config is what a service is made of. All fields are required.
type Config struct {
	Household Household
	Store     Store
	Now       func() time.Time
}

// Service is the health service at work. Its methods may be called from any
// goroutine.
type Service struct {
	household Household
	store     Store
	now       func() time.Time
}

// New opens a service over what its store already holds.
func New(cfg Config) (*Service, error) {
	if cfg.Household == nil || cfg.Store == nil || cfg.Now == nil {
		return nil, errors.New("health: Household, Store and Now are required")
	}
	return &Service{household: cfg.Household, store: cfg.Store, now: cfg.Now}, nil
}

// Link keeps by which sub the common platform knows a viewer at this service.
// Whoever is here for the first time finds letters of welcome.
func (s *Service) Link(ctx context.Context, id catv.ViewerID, sub string) error {
	fresh, err := s.household.Link(ctx, catv.Health, id, sub)
	if err != nil || !fresh {
		return err
	}
	return s.welcome(ctx, id)
}

// today is the present day in Japan.
func (s *Service) today() catv.Day { return catv.DayOf(s.now()) }
