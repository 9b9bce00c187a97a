package health

import (
	"context"
	"errors"
	"time"

	"example.jp/jpkimock/catv"
)

// Share is a viewer's consent that one member of the family sees the charts and
// check-ups (not the messages). It holds until it is withdrawn.
type Share struct {
	Owner, With catv.ViewerID
	Since       time.Time
}

// mayRead is the rule by which health information is shown: to its holder, and
// to whom the holder consented. Every method that shows some asks it.
func (s *Service) mayRead(ctx context.Context, me, of catv.ViewerID) error {
	if me == 0 || of == 0 {
		return ErrNotYours
	}
	if me == of {
		return nil
	}
	share, err := s.store.Share(ctx, of)
	if errors.Is(err, ErrNotYours) || err == nil && share.With != me {
		return ErrNotYours
	}
	return err
}

// ShareWith consents to one family member's seeing one's health information, in
// place of another one before.
func (s *Service) ShareWith(ctx context.Context, me, with catv.ViewerID) error {
	family, err := s.household.Family(ctx, me)
	if err != nil {
		return err
	}
	for _, v := range family {
		if v.ID == with {
			return s.store.PutShare(ctx, Share{Owner: me, With: with, Since: s.now().UTC()})
		}
	}
	return ErrNotFamily
}

// Withdraw ends the consent. Nothing is shown to the other from now on.
func (s *Service) Withdraw(ctx context.Context, me catv.ViewerID) error {
	return s.store.EndShare(ctx, me, s.now().UTC())
}

// Shared gives with whom me shares; false for nobody.
func (s *Service) Shared(ctx context.Context, me catv.ViewerID) (Share, bool, error) {
	share, err := s.store.Share(ctx, me)
	if errors.Is(err, ErrNotYours) {
		return Share{}, false, nil
	}
	return share, err == nil, err
}

// SharedTo gives those who share with me.
func (s *Service) SharedTo(ctx context.Context, me catv.ViewerID) ([]catv.Viewer, error) {
	return s.store.SharedTo(ctx, me)
}

// SharedBy gives a viewer whose health information me may see, or ErrNotYours.
func (s *Service) SharedBy(ctx context.Context, me, owner catv.ViewerID) (catv.Viewer, error) {
	if err := s.mayRead(ctx, me, owner); err != nil {
		return catv.Viewer{}, err
	}
	return s.household.Viewer(ctx, owner)
}
