// Package stage moves the town of a demonstration or a test: its clock, its people, its
// faults, and the town as a whole. The pages of the lobby, the management interface and the
// command line call it; it knows houses by their URLs, and goes through the same front doors
// as anybody else.
package stage

import (
	"context"
	"errors"
	"net/http"
	"time"

	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/peer"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/whereabouts"
	"example.jp/jpkimock/seed"
)

// Config is the town. URLs have no slash at the end.
type Config struct {
	Houses []House
	World  seed.World
	// Keys open the houses' interfaces, by Key.Name of the wiring: OFFICER, WRITER, WHEREABOUTS.
	Keys map[string]string
	// Clocks are the URLs at which servers ask for the time and the sweeps: one for each
	// process. That of the authority, which owns the clock, is among them.
	Clocks []string
	Now    func() time.Time
	// Keeper saves the town and puts it back; nil where this process cannot.
	Keeper Keeper
}

// House is a house of the town.
type House struct {
	Name   string // its machine name, "bank"
	Title  ui.Text
	URL    string // as browsers see it
	Peer   string // at which servers reach it
	Faults []fault.Fault
	// Callers name those who ask it, to whom a fault can be kept; nil where it does not know.
	Callers []string
}

// Keeper saves the whole town and puts it back.
type Keeper interface {
	Snapshots() ([]Snapshot, error)
	Save(ctx context.Context, name string) error
	Restore(ctx context.Context, name string) error
	Drop(name string) error
}

// Snapshot is a town as it once was.
type Snapshot struct {
	Name   string    `json:"name"`
	Now    time.Time `json:"now"`    // what the clock showed
	Frozen bool      `json:"frozen"` // whether it stood still
}

// Beginning is the snapshot of the town as it was planted.
const Beginning = "beginning"

// The errors of the stage.
var (
	ErrNoKeeper   = errors.New("stage: the town is saved and put back where one process opens all its houses, with databases in its data folder, and this machine alone reaches whoever asks")
	ErrNoSnapshot = errors.New("stage: there is no snapshot of this name")
	ErrName       = errors.New("stage: a snapshot's name has 1 to 40 small letters, digits and hyphens, and is not that of the beginning")
	ErrTooMany    = errors.New("stage: too many snapshots are kept already")
	ErrElsewhere  = errors.New("stage: a database of this town is not in its data folder, so that it cannot be saved or put back")
	ErrNoKey      = errors.New("stage: nothing can happen to anybody without the key of the counter, and another than the published one is set")
	ErrNoTownKey  = errors.New("stage: houses say what they hold to the town's key alone, and another than the published one is set")
	ErrBusy       = errors.New("stage: the town is busy: try again")
	ErrNoPerson   = errors.New("stage: there is nobody of this name")
	ErrNoEvent    = errors.New("stage: there is no such event")
	ErrNoHouse    = errors.New("stage: there is no such house")
)

// Stage is a town that can be moved. Its methods may be called from any goroutine.
type Stage struct {
	cfg    Config
	houses map[string]House
	client *http.Client
}

// askTime is how long a house may take to answer; settleTime how long it may take to do what
// fell due.
const (
	askTime    = 20 * time.Second
	settleTime = time.Minute
	maxAnswer  = 4 << 20 // octets
)

// New returns the stage of a town.
func New(cfg Config) *Stage {
	s := &Stage{cfg: cfg, houses: map[string]House{}, client: &http.Client{Timeout: settleTime}}
	for _, h := range cfg.Houses {
		s.houses[h.Name] = h
	}
	return s
}

// Houses lists the houses of the town.
func (s *Stage) Houses() []House { return s.cfg.Houses }

// World is the town as it was before the story began.
func (s *Stage) World() seed.World { return s.cfg.World }

// ask asks a house as its own programs do.
func (s *Stage) ask(ctx context.Context, house, key, method, path string, in, out any) error {
	h, ok := s.houses[house]
	if !ok || h.Peer == "" {
		return ErrNoHouse
	}
	if path != clockPath { // which may have to wait for what falls due
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, askTime)
		defer cancel()
	}
	p := peer.Peer{URL: h.Peer, Key: s.cfg.Keys[key], HTTP: s.client, MaxAnswer: maxAnswer}
	if method == http.MethodGet || path == whereabouts.Path {
		p.Header = http.Header{fault.Looks: {"stage"}}
	}
	return p.Call(ctx, method, path, in, out)
}
