package simclock

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

// frozen begins the text of a state that stands still.
const frozen = "frozen "

// String is the text that ReadState reads: the offset from the wall clock, "48h0m0s", or
// "frozen" and a time (RFC 3339).
func (s State) String() string {
	if !s.Frozen.IsZero() {
		return frozen + s.Frozen.Format(time.RFC3339Nano)
	}
	return s.Offset.String()
}

// ReadState reads the state of a clock that was saved in a file: the wall clock's time
// if the clock was never moved.
func ReadState(path string) (s State, err error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return State{}, nil
	}
	if err != nil {
		return State{}, err
	}
	text := strings.TrimSpace(string(b))
	if at, ok := strings.CutPrefix(text, frozen); ok {
		s.Frozen, err = time.Parse(time.RFC3339Nano, at)
	} else {
		s.Offset, err = time.ParseDuration(text)
	}
	if err != nil {
		return State{}, fmt.Errorf("ecosystem: %s does not hold the state of the clock: %w", path, err)
	}
	return s, nil
}

// At is the state of a clock that shows a time now, and stands still there or runs on.
func At(now time.Time, stands bool) State {
	if stands {
		return State{Frozen: now.Round(0).UTC()}
	}
	return State{Offset: time.Until(now)}
}
