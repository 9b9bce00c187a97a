package catv

import "context"

// Service is one of the operator's two services, which are clients of the common
// platform.
type Service string

// The services.
const (
	Health  Service = "health"  // ヘルスケア情報
	Booking Service = "booking" // 施設予約
)

// Link keeps that the common platform calls a viewer by sub at a service, or
// finds it kept; fresh if it was not known before. A sub that is another viewer's,
// or another sub than the one this viewer has, is ErrAnotherPerson: the card was
// not the viewer's. The platform keeps a sub when the card is re-issued.
func (s *Station) Link(ctx context.Context, service Service, id ViewerID, sub string) (fresh bool, err error) {
	if sub == "" || len(sub) > 255 {
		return false, ErrAnotherPerson
	}
	return s.store.LinkSubject(ctx, service, id, sub, s.now().UTC())
}
