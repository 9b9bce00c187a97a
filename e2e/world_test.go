package e2e

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.jp/jpkimock/internal/ecosystem"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/seed"
)

// World is a whole town of its own for one story: clocks may be moved and
// cards ruined in it.
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

// NewWorld starts every house on free ports with everybody of seed in it.
// Whatever a house logs as an error fails the story. Nothing happens in it by
// itself: a sweep comes when somebody asks for it or moves the clock.
func NewWorld(t *testing.T) *World {
	t.Helper()
	browser(t) // without one the story skips before a town is built for it
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	trouble := &foreseen{}
	town, err := ecosystem.Start(ctx, ecosystem.Config{Seed: "default", SweepEvery: -1, Log: slog.New(&listener{
		Handler: slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}), t: t, foreseen: trouble,
	})})
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

// listener hears what the houses log.
type listener struct {
	slog.Handler
	*foreseen
	t *testing.T
}

func (l *listener) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelError && !l.has(r) {
		l.t.Errorf("a house failed: %s", r.Message)
	}
	return l.Handler.Handle(ctx, r)
}

func (l *listener) WithAttrs(a []slog.Attr) slog.Handler {
	return &listener{l.Handler.WithAttrs(a), l.foreseen, l.t}
}
func (l *listener) WithGroup(g string) slog.Handler {
	return &listener{l.Handler.WithGroup(g), l.foreseen, l.t}
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
