package relyingparty

import (
	"context"
	"errors"
	"testing"

	"example.jp/jpkimock/internal/conform"
)

// Who follows the clock late is waited for; who is broken is not.
func TestATargetHasTimeToFollowTheClock(t *testing.T) {
	visits := 0
	late := conform.Case{Try: func(context.Context) (conform.Seen, error) {
		visits++
		return conform.Seen{Accepted: visits == 3, Came: "HTTP 403: expired"}, nil
	}}
	if err := follows(t.Context(), late); err != nil || visits != 3 {
		t.Errorf("%d visits, %v", visits, err)
	}
	over, cancel := context.WithCancel(t.Context())
	never := conform.Case{Try: func(context.Context) (conform.Seen, error) { cancel(); return conform.Seen{Came: "HTTP 403"}, nil }}
	if err := follows(over, never); !errors.Is(err, context.Canceled) {
		t.Errorf("the run has ended: %v", err)
	}
	broken := conform.Case{Try: func(context.Context) (conform.Seen, error) { return conform.Seen{}, errors.New("no page") }}
	if err := follows(t.Context(), broken); err == nil {
		t.Error("no page is no error")
	}
}
