package apdulog

import (
	"context"
	"fmt"
)

// Stage is a card on which a transcript is played: the emulator, one behind a driver, one of
// a running town, or a real one.
type Stage interface {
	// Direct does something to the card, or refuses what cannot be done to it.
	Direct(ctx context.Context, words []string) error
	// Send sends commands one after the other. On an error the answers end where it came; the
	// last may be nil.
	Send(ctx context.Context, commands [][]byte) (answers [][]byte, err error)
}

// Played is a command of a transcript with the answer that it got.
type Played struct {
	Step
	Got []byte
}

// Unlike reports that the answer is not as the transcript says.
func (p Played) Unlike() bool { return !p.Fits(p.Got) }

// Play plays a transcript: what stands between two things that are done to the card is sent in
// one go. On an error what was played before is returned.
func Play(ctx context.Context, steps []Step, on Stage) ([]Played, error) {
	var all []Played
	for len(steps) > 0 {
		if words := steps[0].Direct; words != nil {
			if err := on.Direct(ctx, words); err != nil {
				return all, fmt.Errorf("apdulog: line %d: %w", steps[0].Line, err)
			}
			steps = steps[1:]
			continue
		}
		var commands [][]byte
		for _, s := range steps {
			if s.Direct != nil {
				break
			}
			commands = append(commands, s.Command)
		}
		answers, err := on.Send(ctx, commands)
		for i, answer := range answers[:min(len(answers), len(commands))] {
			all = append(all, Played{steps[i], answer})
		}
		if err != nil {
			return all, err
		}
		if len(answers) != len(commands) {
			return all, fmt.Errorf("apdulog: %d of %d commands were answered", len(answers), len(commands))
		}
		steps = steps[len(commands):]
	}
	return all, nil
}

// LinesOf says what was played in words.
func LinesOf(all []Played) []Line {
	var commands, answers [][]byte
	for _, p := range all {
		commands, answers = append(commands, p.Command), append(answers, p.Got)
	}
	return Lines(commands, answers)
}
