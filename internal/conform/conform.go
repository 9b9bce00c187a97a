// Package conform is the conformance of an integrator's program: numbered cases with one fault
// each, what a sound program makes of them, and a report of what the program that is tested made
// of them. The cases are in the packages below it, one for each profile.
package conform

import (
	"context"
	"fmt"
	"time"

	"example.jp/jpkimock/internal/ui"
)

// Words are what a report says of a case.
type Words struct {
	Title ui.Text
	// Sent says what the target was given.
	Sent ui.Text
	// Mend says what to look at in a target that fails, and Doc where that is written:
	// "docs/formats.md#certificates".
	Mend ui.Text
	Doc  string
}

// Group is what the cases of one kind share: what to mend, and where that is written.
type Group struct {
	Mend ui.Text
	Doc  string
}

// Line is what is said of one case.
type Line struct{ Group, TitleJA, TitleEN, SentJA, SentEN string }

// In gives the words of a case of a group.
func (l Line) In(g Group) Words {
	return Words{Title: ui.Text{JA: l.TitleJA, EN: l.TitleEN}, Sent: ui.Text{JA: l.SentJA, EN: l.SentEN}, Mend: g.Mend, Doc: g.Doc}
}

// Expectation is what a sound target does with a case.
type Expectation string

// The expectations.
const (
	Accept        Expectation = "accept"
	Refuse        Expectation = "refuse"
	NotApplicable Expectation = "not-applicable"
)

// Case is one trial of a target.
type Case struct {
	ID string // "RP-07"
	Words
	Expected Expectation
	// Try makes the trial. Its error says that the trial could not be made.
	Try func(ctx context.Context) (Seen, error)
}

// Seen is what came of a trial.
type Seen struct {
	Accepted bool
	Came     string // "HTTP 403 at http://localhost:9000/signin: Suspended"
	// Skip says why the case does not apply to the target, if it does not: nothing was learnt.
	Skip string
}

// Suite is the cases of a profile. The first one has no fault: a target that refuses it refuses
// everything, and nothing else is tried.
type Suite struct {
	Profile string
	Target  string
	Cases   []Case
}

// Outcome is how a case ended.
type Outcome string

// The outcomes.
const (
	Passed   Outcome = "passed"
	Failed   Outcome = "failed"
	Skipped  Outcome = "not-applicable"
	NotTried Outcome = "not-tried" // since the first case failed
)

// Result is a case as it ended.
type Result struct {
	ID string
	Words
	Expected Expectation
	Reason   string // of an expectation that is not the default one, or why the case does not apply
	Outcome  Outcome
	Came     string
	Took     time.Duration
}

// Report is what a run found.
type Report struct {
	Profile string
	Target  string
	At      time.Time
	Results []Result
}

// Count gives how many cases ended in one of these ways.
func (r Report) Count(any ...Outcome) (n int) {
	for _, result := range r.Results {
		for _, o := range any {
			if result.Outcome == o {
				n++
			}
		}
	}
	return n
}

// Sound says that nothing failed.
func (r Report) Sound() bool { return r.Count(Failed, NotTried) == 0 }

// Run tries the cases one after the other, and tells each result at once. now is this machine's
// clock. Its error says that the expectations name a case that is not there, or that ctx ended.
func (s Suite) Run(ctx context.Context, e Expectations, now func() time.Time, tell func(Result)) (Report, error) {
	if err := e.check(s.Cases); err != nil {
		return Report{}, err
	}
	report := Report{Profile: s.Profile, Target: s.Target, At: now()}
	for i, c := range s.Cases {
		if ctx.Err() != nil {
			return report, ctx.Err()
		}
		result := Result{ID: c.ID, Words: c.Words, Expected: c.Expected}
		if other, ok := e.Cases[c.ID]; ok {
			result.Expected, result.Reason = other.Expect, other.Reason
		}
		switch {
		case i > 0 && report.Results[0].Outcome == Failed:
			result.Outcome, result.Came = NotTried, fmt.Sprintf("%s failed", report.Results[0].ID)
		case result.Expected == NotApplicable:
			result.Outcome = Skipped
		default:
			began := now()
			result.try(ctx, c)
			result.Took = now().Sub(began)
		}
		report.Results = append(report.Results, result)
		tell(result)
	}
	return report, nil
}

func (r *Result) try(ctx context.Context, c Case) {
	seen, err := c.Try(ctx)
	r.Outcome, r.Came = Failed, seen.Came
	switch {
	case err != nil:
		r.Came = "could not be tried: " + err.Error()
	case seen.Skip != "":
		r.Outcome, r.Reason = Skipped, seen.Skip
	case seen.Accepted == (r.Expected == Accept):
		r.Outcome = Passed
	}
}
