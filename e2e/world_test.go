package e2e

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.jp/jpkimock/internal/ecosystem"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/seed"
)

// World is a whole town. One that is a story's own (NewWorld) may have its clock
// moved and its cards ruined.
type World struct {
	*ecosystem.Ecosystem
	t *testing.T
	*foreseen
}

// foreseen is the trouble that a story is about, so that a house may log it.
type foreseen struct {
	mu    sync.Mutex
	words []string
}

// Foresees lets the houses log errors that say these words.
func (f *foreseen) Foresees(words string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.words = append(f.words, words)
}

func (f *foreseen) has(r slog.Record) (found bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r.Attrs(func(a slog.Attr) bool {
		found = found || slices.ContainsFunc(f.words, func(w string) bool { return strings.Contains(a.Value.String(), w) })
		return !found
	})
	return found
}

// NewWorld starts every house on free ports with everybody of seed in it, for one
// story. Whatever a house logs as an error fails the story. Nothing happens in it
// by itself: a sweep comes when somebody asks for it or moves the clock.
func NewWorld(t *testing.T, with ...func(*ecosystem.Config)) *World {
	t.Helper()
	browser(t) // without one the story skips before a town is built for it
	trouble := &foreseen{}
	town, err := startTown(t.Context(), &listener{
		Handler: slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}), foreseen: trouble,
		fails: func(message string) { t.Errorf("a house failed: %s", message) },
	}, with...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := town.Close(); err != nil {
			t.Errorf("close the town: %v", err)
		}
	})
	return &World{Ecosystem: town, t: t, foreseen: trouble}
}

func startTown(ctx context.Context, l *listener, with ...func(*ecosystem.Config)) (*ecosystem.Ecosystem, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	cfg := ecosystem.Config{Seed: "default", SweepEvery: -1, KeysAhead: -1, Log: slog.New(l)}
	for _, set := range with {
		set(&cfg)
	}
	return ecosystem.Start(ctx, cfg)
}

// commonTown is the one town of all stories that do not disturb one another.
type commonTown struct {
	once sync.Once
	town *ecosystem.Ecosystem
	err  error

	mu       sync.Mutex
	failures []string
}

var theTown = &commonTown{}

// CommonWorld gives the town that stories share, as it is seen by one of them: it
// moves no clock, silences no house, foresees no trouble, and uses nobody up whom
// another story needs. Whatever a house logs as an error meanwhile fails it.
func CommonWorld(t *testing.T) *World {
	t.Helper()
	browser(t)
	theTown.once.Do(func() {
		theTown.town, theTown.err = startTown(context.Background(), &listener{
			Handler: slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}), foreseen: &foreseen{}, fails: theTown.failed,
		})
	})
	if theTown.err != nil {
		t.Fatal(theTown.err)
	}
	before := len(theTown.troubles())
	t.Cleanup(func() {
		for _, message := range theTown.troubles()[before:] {
			t.Errorf("a house failed meanwhile: %s", message)
		}
	})
	return &World{Ecosystem: theTown.town, t: t}
}

func (c *commonTown) failed(message string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failures = append(c.failures, message)
}

func (c *commonTown) troubles() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.failures)
}

func (c *commonTown) close() error {
	if c.town == nil {
		return nil
	}
	return c.town.Close()
}

// listener hears what the houses log.
type listener struct {
	slog.Handler
	*foreseen
	fails func(message string)
}

func (l *listener) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelError && !l.has(r) {
		l.fails(r.Message)
	}
	return l.Handler.Handle(ctx, r)
}

func (l *listener) WithAttrs(a []slog.Attr) slog.Handler {
	return &listener{l.Handler.WithAttrs(a), l.foreseen, l.fails}
}
func (l *listener) WithGroup(g string) slog.Handler {
	return &listener{l.Handler.WithGroup(g), l.foreseen, l.fails}
}

// persona gives somebody of the world.
func (w *World) persona(id string) seed.Persona {
	w.t.Helper()
	for _, p := range w.Personas() {
		if p.ID == id {
			return p
		}
	}
	w.t.Fatalf("nobody in the world is called %q", id)
	return seed.Persona{}
}

// As seats somebody of the world before a browser, the card on the reader.
func (w *World) As(t *testing.T, id string) *Person { return w.asIn(t, id, ui.Japanese) }

// asIn is As for a reader of a language.
func (w *World) asIn(t *testing.T, id string, lang ui.Lang) *Person {
	t.Helper()
	p := w.stranger(t, id, lang)
	p.Persona = w.persona(id)
	p.Lays(id)
	return p
}

// stranger seats somebody before a browser whose reader is empty.
func (w *World) stranger(t *testing.T, who string, lang ui.Lang) *Person {
	t.Helper()
	p := newPerson(t, who, lang)
	p.world = w
	if lang == ui.English {
		p.GoesTo(w.URL("lobby") + "/?lang=en")
	}
	return p
}

// Advances moves the clock, and waits until every house has done what falls due.
func (w *World) Advances(d time.Duration) {
	w.t.Helper()
	if err := w.Clock().Advance(d); err != nil {
		w.t.Fatal(err)
	}
	if err := w.Settled(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}
