package ecosystem

import (
	"log/slog"
	"slices"
	"time"

	"example.jp/jpkimock/internal/ecosystem/places"
	"example.jp/jpkimock/internal/ecosystem/slots"
)

// DefaultBasePort is the lobby's port; the others follow it.
const DefaultBasePort = 8080

// Config says which houses to open and where. The zero value opens all of them
// on free ports of the loopback address, with the default world, and keeps
// nothing.
type Config struct {
	// Houses of the town, in the order in which they are opened; nil for Houses().
	Houses []House
	// Only names the houses that this process opens; empty for all.
	Only []string
	// DataDir keeps the databases between runs; empty for a temporary folder that
	// Close removes.
	DataDir string
	// Databases are the database addresses (postgres://…) of houses that keep none in
	// the data folder.
	Databases map[string]string
	// BasePort is the lobby's port; 0 for any free ones.
	BasePort int
	// Listen is the address to listen on; empty for both loopback addresses.
	Listen string
	// Public and Peer are the URLs of houses: the one in pages and certificates,
	// and the one that servers call. For a house opened here a missing URL is
	// derived from its listener; for a house elsewhere a missing peer URL is the
	// public one.
	Public, Peer map[string]string
	// Servers are the addresses of servers that houses use, by House.Name, a space, and
	// the name in House.Servers; what is missing is not used.
	Servers map[string]string
	// TLS: every house answers by https, with a CA of the town.
	TLS bool
	// Seed is "default", "none", or the path of a world file.
	Seed string
	Init string // the path of what somebody adds to it, a seed.Own
	// Customers is how many customers the bank has beside those of the world. They
	// have certificates, but neither keys nor cards. A data folder that already
	// holds a world is left alone.
	Customers int
	// Insured is how many insured persons みほん健康保険組合 has beside those of the world,
	// each linked with a certificate, but without a card. As for Customers.
	Insured int
	// Enrolled is how many citizens are enrolled at the portal beside those of the world.
	// One in twenty has moved. As for Customers.
	Enrolled int
	// Movers is how many more citizens have moved and signed one application to all small
	// businesses, which waits at the portal. As for Customers.
	Movers int
	// At is the time at which the simulated clock starts; zero for the wall clock's.
	At time.Time
	// SweepEvery is how often the houses do what falls due, by this machine's
	// clock; zero for a minute, negative for only when the simulated clock is moved.
	SweepEvery time.Duration
	// KeysAhead is how many keys are generated ahead for blank cards; zero means
	// 8, a negative number none. A key takes a tenth of a second of a processor.
	KeysAhead int
	// Keys of the houses' own interfaces, by Key.Name; the published test key where
	// there is none.
	Keys map[string]string
	own  map[string]bool // which of them are not the published ones
	// OCSPKey is the type of the keys of the authority's OCSP responders, a
	// ca.KeyType; empty for rsa-2048.
	OCSPKey string
	// OCSPKept is how long the authority gives a signed OCSP answer again: zero for
	// 7m30s, negative for not at all.
	OCSPKept time.Duration
	// Hosts lists further host names by which the houses are reached, beside
	// localhost, IP addresses and the names in Public and Peer.
	Hosts []string
	// Readers are virtual readers beside, or with a driver's address in place of, those
	// that the card house always has.
	Readers []slots.Reader
	// RealReaders are the PC/SC readers of this machine that the card house may use, by
	// their names, or pcsc.Any.
	RealReaders []string
	// Tester opens the tester's screen at the common platform's sign-in.
	Tester bool
	// Manage is the address of the management interface, which takes no key: HOST:PORT on
	// the loopback address; empty for none.
	Manage string
	// Snapshots keeps the town as it was at the beginning, and lets it be saved and put
	// back. It needs every house in this process.
	Snapshots bool
	// OTLP is the URL of an OpenTelemetry collector (OTLP/HTTP) that is sent what the houses
	// say to one another, masked; empty for none.
	OTLP       string
	unrecorded bool // no recorder stands before the houses: of a benchmark
	Log        *slog.Logger
}

// listen opens the listeners of this process's houses.
func (c Config) listen() (*places.Town, error) {
	to := places.Config{BasePort: c.BasePort, Listen: c.Listen, Public: c.Public, Peer: c.Peer, Reopens: c.Snapshots, TLS: c.TLS, Folder: c.DataDir, Hosts: c.Hosts}
	for _, h := range c.Houses {
		to.Houses = append(to.Houses, places.House{Name: h.Name, Place: h.Place, Here: c.opens(h.Name), Stays: h.Stays, Plain: h.Plain})
	}
	return places.Listen(to)
}

// opens reports whether this process opens a house.
func (c Config) opens(name string) bool {
	return len(c.Only) == 0 || slices.Contains(c.Only, name)
}
