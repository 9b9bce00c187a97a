package ecosystem

import (
	"net"
	"net/http"
	"slices"
	"time"

	"example.jp/jpkimock/internal/stage"
	stageweb "example.jp/jpkimock/internal/stage/web"
	"example.jp/jpkimock/internal/whereabouts"
)

// manage serves the management interface until Close.
func (e *Ecosystem) manage() error {
	host, _, _ := net.SplitHostPort(e.cfg.Manage) // it is one, or none
	desk, err := stageweb.New(stageweb.Config{Stage: e.stage, Book: e.seen.Book, Hosts: append(e.hosts(), host), Log: e.cfg.Log})
	if err == nil {
		e.places.Attend(desk, func(err error) { e.failed <- err })
	}
	return err
}

// Managed returns the URL of the management interface; empty without one.
func (e *Ecosystem) Managed() string { return e.places.Managed() }

// holds lets a house say what its organisations hold about a person.
func (e *Ecosystem) holds(house string, asks ...whereabouts.Ask) {
	e.asks[house] = append(e.asks[house], asks...)
}

// withHoldings answers it in front of the house, where the key for it keeps others out.
func (e *Ecosystem) withHoldings(h House, next http.Handler) http.Handler {
	if e.shownKey(whereabouts.KeyName) != "" && !e.places.Of(h.Name).Alone() && slices.ContainsFunc(h.Keys, func(k Key) bool { return e.cfg.own[k.Name] }) {
		return next // it is published, and the house has keys of its own
	}
	return whereabouts.Before(next, whereabouts.Config{
		House: h.Name, Asks: e.asks[h.Name], Key: e.key(whereabouts.KeyName), Now: e.clock.Now, Hosts: e.hosts(), Log: e.cfg.Log,
	})
}

// newStage returns the stage of the town, with the keys that shows lets through. keeps says
// whether it may save the town and put it back.
func (e *Ecosystem) newStage(shows func(key string) string, keeps bool) *stage.Stage {
	cfg := stage.Config{
		World: e.world, Keys: map[string]string{}, Clocks: e.clocks(), Now: func() time.Time { return e.Clock().Now() },
	}
	if keeps && e.cfg.Snapshots {
		cfg.Keeper = e
	}
	for _, h := range e.cfg.Houses {
		for _, k := range h.Keys {
			cfg.Keys[k.Name] = shows(k.Name)
		}
		one := stage.House{Name: h.Name, Title: h.Title, URL: e.URL(h.Name), Peer: e.Peer(h.Name), Faults: h.Faults}
		if h.Callers != nil {
			one.Callers = h.Callers(e.cfg)
		}
		if one.URL != "" {
			cfg.Houses = append(cfg.Houses, one)
		}
	}
	return stage.New(cfg)
}
