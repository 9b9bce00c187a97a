package play

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/touch"
	"example.jp/jpkimock/internal/ui"
)

// The errors of a book.
var (
	ErrNoStory  = errors.New("play: there is no such story")
	ErrNoStep   = errors.New("play: the story has no such step")
	ErrNoButton = errors.New("play: this step is done by hand")
)

// Config is what a book reads.
type Config struct {
	// Touches are what was recorded. Watch is called when somebody looks at a story, and Hold
	// instead while it is on its way: from its beginning until every step is confirmed.
	Touches     *touch.Store
	Watch, Hold func()
	Now         func() time.Time // the town's clock
}

// Book is the stories of a town, and how far each is played. Its methods may be called from
// any goroutine.
type Book struct {
	cfg Config

	mu    sync.Mutex
	plays map[string]*playing // by the story
	age   int                 // grows each time the town is put back
}

// New opens the book.
func New(cfg Config) *Book { return &Book{cfg: cfg, plays: map[string]*playing{}} }

// Stories lists the stories.
func (b *Book) Stories() ([]Story, error) {
	all, err := read()
	return slices.Clone(all.stories), err
}

// Merits lists what a story shows.
func (b *Book) Merits(s Story) (of []Merit, err error) {
	all, err := read()
	for _, m := range all.merits {
		if slices.Contains(s.Merits, m.No) {
			of = append(of, m)
		}
	}
	return of, err
}

// Story returns a story by its ID, or ErrNoStory.
func (b *Book) Story(id string) (Story, error) {
	all, err := read()
	if err != nil {
		return Story{}, err
	}
	i := slices.IndexFunc(all.stories, func(s Story) bool { return s.ID == id })
	if i < 0 {
		return Story{}, ErrNoStory
	}
	return all.stories[i], nil
}

// Play is how far a story is played.
type Play struct {
	Story Story
	Begun time.Time // by the town's clock
	// Again says that a step of it was seen to have happened before it was begun, in a town that was
	// not put back since: its people may not be as the story wants them.
	Again bool
	Steps []Seen // as those of the story
}

// Seen is what was seen of a step.
type Seen struct {
	// Confirmed is when it was seen to have happened, by the town's clock; zero for not yet.
	Confirmed time.Time
	What      ui.Text      // what was seen
	Touch     *touch.Touch // the touch that shows it; nil for what shows otherwise
	used      touch.Mark   // when that was, in the store; 0 for what shows otherwise
}

// Done reports whether the step is seen to have happened.
func (s Seen) Done() bool { return !s.Confirmed.IsZero() }

// Done counts the steps that are seen to have happened.
func (p Play) Done() (n int) {
	for _, s := range p.Steps {
		if s.Done() {
			n++
		}
	}
	return n
}

// Whole reports whether every step is seen to have happened.
func (p Play) Whole() bool { return p.Done() == len(p.Steps) }

// playing is a story on its way.
type playing struct {
	mu      sync.Mutex // held while houses are asked
	story   Story
	begun   time.Time
	again   bool
	mark    touch.Mark
	before  map[string]stage.Person // how its people were, by ID
	steps   []Seen
	pressed []bool
	after   []touch.Mark // where the store was when a button was pressed
}

// Begin begins a story anew.
func (b *Book) Begin(ctx context.Context, s *stage.Stage, id string) (Play, error) {
	story, err := b.Story(id)
	if err != nil {
		return Play{}, err
	}
	p, err := b.begin(ctx, s, story, true)
	if err != nil {
		return Play{}, err
	}
	return b.look(ctx, s, p)
}

// begin begins a story, and keeps it: in place of one on its way if it is anew. One that was
// begun while the town was put back knows two towns, and is begun once more.
func (b *Book) begin(ctx context.Context, s *stage.Stage, story Story, anew bool) (*playing, error) {
	for range 3 {
		b.mu.Lock()
		age, last := b.age, b.plays[story.ID]
		b.mu.Unlock()
		p, err := b.first(ctx, s, story)
		if err != nil {
			return nil, err
		}
		p.again = last.played()
		b.mu.Lock()
		kept := b.age == age
		if kept && (anew || b.plays[story.ID] == nil) {
			b.plays[story.ID] = p
		}
		p = b.plays[story.ID]
		b.mu.Unlock()
		if kept {
			return p, nil
		}
	}
	return nil, stage.ErrBusy
}

// played reports whether something of a story was seen to have happened in this town; nil is a
// story that was never begun.
func (p *playing) played() bool {
	if p == nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.again || slices.ContainsFunc(p.steps, Seen.Done)
}

// first is a story as it begins.
func (b *Book) first(ctx context.Context, s *stage.Stage, story Story) (*playing, error) {
	b.cfg.Hold()
	p := &playing{
		story: story, begun: b.cfg.Now(), mark: b.cfg.Touches.Mark(), before: map[string]stage.Person{},
		steps: make([]Seen, len(story.Steps)), pressed: make([]bool, len(story.Steps)), after: make([]touch.Mark, len(story.Steps)),
	}
	for _, step := range story.Steps {
		id := step.Check.Person
		if _, known := p.before[id]; known || id == "" {
			continue
		}
		person, err := s.Person(ctx, id)
		if err != nil {
			return nil, err
		}
		p.before[id] = person
	}
	return p, nil
}

// of returns a story on its way, which begins now if it has not.
func (b *Book) of(ctx context.Context, s *stage.Stage, id string) (*playing, error) {
	story, err := b.Story(id)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	p := b.plays[id]
	b.mu.Unlock()
	if p != nil {
		return p, nil
	}
	return b.begin(ctx, s, story, false)
}

// Forget ends every story, since the town is another.
func (b *Book) Forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.plays)
	b.age++
}

// Look sees how far a story is.
func (b *Book) Look(ctx context.Context, s *stage.Stage, id string) (Play, error) {
	p, err := b.of(ctx, s, id)
	if err != nil {
		return Play{}, err
	}
	return b.look(ctx, s, p)
}

// Between two looks of Wait. A touch ends it early.
const lookEvery = 1500 * time.Millisecond

// LongestWait is how long Wait waits: less than a recorder goes on without being watched.
const LongestWait = 8 * time.Second

// Wait is Look as soon as more than known steps are confirmed, or after LongestWait.
func (b *Book) Wait(ctx context.Context, s *stage.Stage, id string, known int) (Play, error) {
	end := time.NewTimer(LongestWait)
	defer end.Stop()
	again := time.NewTicker(lookEvery)
	defer again.Stop()
	for {
		_, touched := b.cfg.Touches.Changes()
		now, err := b.Look(ctx, s, id)
		if err != nil || now.Done() != known || now.Whole() {
			return now, err
		}
		select {
		case <-touched:
		case <-again.C:
		case <-end.C:
			return now, nil
		case <-ctx.Done():
			return now, ctx.Err()
		}
	}
}

// Do does what a step has a button for, and sees how far the story is.
func (b *Book) Do(ctx context.Context, s *stage.Stage, id string, n int) (Play, error) {
	p, err := b.of(ctx, s, id)
	if err != nil {
		return Play{}, err
	}
	if n < 1 || n > len(p.story.Steps) {
		return Play{}, ErrNoStep
	}
	switch step := p.story.Steps[n-1]; {
	case step.Lay != nil:
		err = s.Lay(ctx, step.Lay.Person, step.Lay.Reader)
	case step.Event != nil:
		_, err = s.Happens(ctx, step.Event.Person, step.Event.Event, stage.Details{})
	default:
		err = ErrNoButton
	}
	if err != nil {
		return Play{}, err
	}
	p.mu.Lock()
	p.pressed[n-1], p.after[n-1] = true, b.cfg.Touches.Mark()
	p.mu.Unlock()
	return b.look(ctx, s, p)
}
