package stage

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
)

// looks are the names of the card house's portraits, and maxPortrait bounds one in octets.
var looks = regexp.MustCompile(`^[a-z][0-9]$`)

const maxPortrait = 256 << 10

// Portrait fetches a drawing of a face (PNG) from the card house, which has it on its cards;
// ErrNoPerson for a name that there is not.
func (s *Stage) Portrait(ctx context.Context, name string) ([]byte, error) {
	h, ok := s.houses["card"]
	if !ok || !looks.MatchString(name) {
		return nil, ErrNoPerson
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, h.Peer+"/assets/portrait-"+name+".png", nil)
	if err != nil {
		return nil, err
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	switch octets, err := io.ReadAll(io.LimitReader(answer.Body, maxPortrait)); {
	case err != nil:
		return nil, err
	case answer.StatusCode == http.StatusNotFound:
		return nil, ErrNoPerson
	case answer.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("stage: the card house answers %d", answer.StatusCode)
	default:
		return octets, nil
	}
}
