// Package places is where the houses of a town are: their addresses and, of those that this
// process opens, their listeners, which stay open while the houses behind them are closed and
// opened again. It is a room of the wiring, and knows no house.
package places

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ecosystem/townca"
	"example.jp/jpkimock/internal/ecosystem/turnstile"
)

// Config says where houses are.
type Config struct {
	Houses []House
	// BasePort is the port of the house at distance 0; 0 for any free ones.
	BasePort int
	// Listen is the address to listen on; empty for both loopback addresses.
	Listen string
	// Public and Peer are the URLs of houses: the one in pages and certificates, and the
	// one that servers call. For a house opened here a missing URL is derived from its
	// listener; for a house elsewhere a missing peer URL is the public one.
	Public, Peer map[string]string
	// Reopens says that the houses are closed and opened again.
	Reopens bool
	// TLS: houses answer by https, with a CA whose key Folder keeps, also under Hosts.
	TLS    bool
	Folder string
	Hosts  []string
}

// House is a house of the town as far as its place goes.
type House struct {
	Name  string
	Place int  // the distance of its port from BasePort
	Here  bool // this process opens it
	Stays bool // it is never closed and opened again
	// Plain are the starts of paths that answer by http also where houses answer by https.
	Plain []string
}

// Place is where a house is.
type Place struct {
	// Public and Peer are its URLs, without a slash at the end.
	Public, Peer string
	// Status is the URL of what certificates name: by http, also with TLS.
	Status string
	// Listeners are its listeners, if this process opens it.
	Listeners []net.Listener
	gate      *turnstile.Turnstile
	server    *http.Server
	plain     []string // as House.Plain
}

// Town is where all houses of a town are.
type Town struct {
	// Gates stand before the houses that are closed and opened again.
	Gates   *turnstile.Turnstile
	all     map[string]*Place
	order   []string     // in which they are opened
	manager net.Listener // of the management interface; nil for none
	managed *http.Server
	serving sync.WaitGroup
	// certificates are those of TLS; nil without it.
	certificates *townca.Certificates
}

// Listen opens every listener before anything is built, so that every URL is known before
// the first certificate is issued.
func Listen(c Config) (*Town, error) {
	t := &Town{Gates: turnstile.New(c.Reopens), all: map[string]*Place{}}
	if err := t.useTLS(c); err != nil {
		return nil, err
	}
	for _, h := range c.Houses {
		p := &Place{Public: c.Public[h.Name], Peer: c.Peer[h.Name], gate: t.Gates, plain: h.Plain}
		if h.Stays {
			p.gate = turnstile.New(false)
		}
		t.all[h.Name] = p
		t.order = append(t.order, h.Name)
		if !h.Here {
			if p.Public == "" && p.Peer == "" && c.BasePort > 0 {
				p.Public = fmt.Sprintf("%s://localhost:%d", c.scheme(), c.BasePort+h.Place)
			}
			p.Peer, p.Status = cmp.Or(p.Peer, p.Public), c.status(p.Public)
			continue
		}
		if err := p.listen(c, h); err != nil {
			t.closeListeners()
			return nil, err
		}
	}
	return t, nil
}

func (p *Place) listen(c Config, h House) (err error) {
	port := 0
	if c.BasePort > 0 {
		port = c.BasePort + h.Place
	}
	if p.Listeners, err = door.Listen(c.Listen, port); err != nil {
		return fmt.Errorf("ecosystem: listen for %s: %w", h.Name, err)
	}
	got, host := p.Listeners[0].Addr().(*net.TCPAddr), cmp.Or(c.Listen, door.Loopback)
	shown := host
	if got.IP.IsUnspecified() || host == door.Loopback {
		shown = "localhost"
	}
	at := "://" + net.JoinHostPort(shown, strconv.Itoa(got.Port))
	p.Status = cmp.Or(c.status(p.Public), "http"+at)
	p.Public = cmp.Or(p.Public, c.scheme()+at)
	if p.Peer == "" {
		p.Peer = p.Public
		if shown == "localhost" {
			p.Peer = fmt.Sprintf("%s://127.0.0.1:%d", c.scheme(), got.Port)
		}
	}
	return nil
}

// Of returns the place of a house; one of nowhere if there is no such house.
func (t *Town) Of(house string) *Place {
	if t == nil || t.all[house] == nil {
		return &Place{}
	}
	return t.all[house]
}

// Here reports whether this process opens the house.
func (p *Place) Here() bool { return len(p.Listeners) > 0 }

// Alone reports whether this machine alone can reach the house.
func (p *Place) Alone() bool {
	return !slices.ContainsFunc(p.Listeners, func(l net.Listener) bool { return !l.Addr().(*net.TCPAddr).IP.IsLoopback() })
}

// Let lets requests through to a house, which is open.
func (t *Town) Let(house string, to http.Handler) { t.all[house].gate.Let(house, to) }

// URLs returns the public and the peer URLs of the houses, by name.
func (t *Town) URLs() (public, peer map[string]string) {
	public, peer = map[string]string{}, map[string]string{}
	for name, p := range t.all {
		public[name], peer[name] = p.Public, p.Peer
	}
	return public, peer
}

// HouseAt returns the house that servers reach at a host and port, or "".
func (t *Town) HouseAt(server string) string {
	for name, p := range t.all {
		if u, err := url.Parse(p.Peer); err == nil && u.Host == server {
			return name
		}
	}
	return ""
}

// Hosts returns the host names by which houses are reached.
func (t *Town) Hosts() (hosts []string) {
	for _, name := range slices.Sorted(maps.Keys(t.all)) {
		for _, address := range []string{t.all[name].Public, t.all[name].Peer} {
			if u, err := url.Parse(address); err == nil {
				hosts = append(hosts, u.Hostname())
			}
		}
	}
	return hosts
}

// Serve answers on the listeners until Close. Who comes before a house is open waits.
// failed is told of a house that stopped serving by itself.
func (t *Town) Serve(failed func(error)) {
	for _, name := range t.order {
		p := t.all[name]
		if !p.Here() {
			continue
		}
		p.server = t.newServer(t.before(p, p.gate.At(name)))
		for _, l := range p.Listeners {
			t.serving.Go(func() {
				if err := t.answer(p.server, l); err != nil && !errors.Is(err, http.ErrServerClosed) {
					failed(fmt.Errorf("ecosystem: %s: %w", name, err))
				}
			})
		}
	}
}

// Reserve opens the listener of the management interface at an address, before anything is
// built; none for an empty one.
func (t *Town) Reserve(address string, log *slog.Logger) (err error) {
	if address == "" {
		return nil
	}
	if t.manager, err = net.Listen("tcp", address); err != nil {
		return fmt.Errorf("ecosystem: listen for the management interface: %w", err)
	}
	if at := t.manager.Addr(); !at.(*net.TCPAddr).IP.IsLoopback() {
		log.Warn("other machines can reach the management interface, which takes no key", "address", at.String())
	}
	return nil
}

// Managed returns the URL of the management interface; empty without one.
func (t *Town) Managed() string {
	if t == nil || t.manager == nil {
		return ""
	}
	return Config{TLS: t.certificates != nil}.scheme() + "://" + t.manager.Addr().String()
}

// Attend answers at the management interface, if there is one, until Close.
func (t *Town) Attend(to http.Handler, failed func(error)) {
	if t.manager == nil {
		return
	}
	t.managed = t.newServer(to)
	t.serving.Go(func() {
		if err := t.answer(t.managed, t.manager); err != nil && !errors.Is(err, http.ErrServerClosed) {
			failed(fmt.Errorf("ecosystem: the management interface: %w", err))
		}
	})
}

// Silence ends one house before the others: it answers no more requests.
func (t *Town) Silence(house string) error {
	p := t.Of(house)
	if p.server == nil {
		return fmt.Errorf("ecosystem: %q is not open here", house)
	}
	return p.server.Close()
}

// closeTime is how long a request in progress may take to finish at Close.
const closeTime = 5 * time.Second

// Close lets open requests finish, the last house's first, and closes the listeners. It may
// be called more than once.
func (t *Town) Close(log *slog.Logger) error {
	if t == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	for _, p := range t.all {
		p.gate.Shut()
	}
	var errs []error
	servers := []*http.Server{t.managed}
	for _, name := range slices.Backward(t.order) {
		servers = append(servers, t.all[name].server)
	}
	for _, s := range servers {
		if s == nil {
			continue
		}
		err := s.Shutdown(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			log.Warn("a request in progress was cut off", "after", closeTime)
			err = s.Close()
		}
		errs = append(errs, err)
	}
	t.serving.Wait()
	t.closeListeners()
	return errors.Join(errs...)
}

func (t *Town) closeListeners() {
	for _, p := range t.all {
		for _, l := range p.Listeners {
			_ = l.Close()
		}
	}
	if t.manager != nil {
		_ = t.manager.Close()
	}
}
