package conform

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// Expectations are a target's own, where they are not the default ones.
type Expectations struct {
	Cases map[string]Exception `json:"cases"`
}

// Exception is the expectation of one case, and why.
type Exception struct {
	Expect Expectation `json:"expect"`
	Reason string      `json:"reason"`
}

// longestExpectations bounds a file of expectations, in octets.
const longestExpectations = 1 << 20

// ReadExpectations reads a file of expectations; none without a path.
func ReadExpectations(path string) (e Expectations, err error) {
	if path == "" {
		return e, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return e, err
	}
	defer f.Close()
	d := json.NewDecoder(io.LimitReader(f, longestExpectations))
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil {
		return e, fmt.Errorf("%s: %w", path, err)
	}
	return e, nil
}

// ErrExpectation is an expectation that says nothing, or is of no case.
var ErrExpectation = errors.New("the expectations are wrong")

func (e Expectations) check(cases []Case) error {
	for id, x := range e.Cases {
		if !slices.ContainsFunc(cases, func(c Case) bool { return c.ID == id }) {
			return fmt.Errorf("%w: this profile has no case %s", ErrExpectation, id)
		}
		if !slices.Contains([]Expectation{Accept, Refuse, NotApplicable}, x.Expect) {
			return fmt.Errorf("%w: %s: want accept, refuse or not-applicable, not %q", ErrExpectation, id, x.Expect)
		}
		if x.Reason == "" {
			return fmt.Errorf("%w: %s: say the reason", ErrExpectation, id)
		}
	}
	return nil
}
