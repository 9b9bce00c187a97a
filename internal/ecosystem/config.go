package ecosystem

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"
)

// House names one organisation and its place among the ports.
type House struct {
	Name  string
	Place int // the port's distance from the lobby's
	JA    string
	EN    string
}

// Houses lists all houses in the order in which they are opened. The lobby is
// last, so that it only ever shows doors that open.
func Houses() []House {
	return []House{
		{"authority", 1, "地方公共団体情報システム機構（模擬）", "J-LIS, the agency (mock)"},
		{"card", 2, "JPKI利用者ソフト（模擬）", "JPKI client software (mock)"},
		{"bank", 3, "みほん銀行", "Mihon Bank"},
		{"catv", 4, "みほんケーブルテレビ", "Mihon Cable TV"},
		{"platform", 7, "みらい共通認証基盤", "Mirai Common Platform"},
		{"lobby", 0, "案内所", "Lobby"},
	}
}

// DefaultBasePort is the lobby's port; the others follow it.
const DefaultBasePort = 8080

// Config says which houses to open and where. The zero value opens all of them
// on free ports of the loopback address, with the default world, and keeps
// nothing.
type Config struct {
	// Houses to open in this process; empty for all.
	Houses []string
	// DataDir keeps the databases between runs; empty for a temporary folder
	// that is removed at the end.
	DataDir string
	// Databases gives a house a database address of its own (postgres://…).
	Databases map[string]string
	// BasePort is the lobby's port; 0 for any free ones.
	BasePort int
	// Listen is the address to listen on; empty for 127.0.0.1.
	Listen string
	// Public and Peer give the URLs of houses: the one in pages and
	// certificates, and the one that a server calls. For a house opened here a
	// missing one is derived from its listener; for a house elsewhere a missing
	// peer URL is the public one.
	Public, Peer map[string]string
	// Seed is "default", "none", or the path of a world file.
	Seed string
	// Customers are customers of the bank beside those of the world, with
	// certificates and without keys or cards: the picture of the seed document in
	// numbers. A folder in which somebody lives already is left alone.
	Customers int
	// At starts the simulated clock at a time; zero for the wall clock's.
	At time.Time
	// SweepEvery is how often the houses look after what time brings, in this
	// machine's time; zero for a minute, less for only when the clock is moved.
	SweepEvery time.Duration
	// Keys of the houses' own interfaces; empty for the published test keys.
	OfficerKey, WriterKey         string
	BankKey, BankStaffKey         string
	PlatformKey, PlatformStaffKey string
	CATVKey, CATVStaffKey         string
	// Hosts lists further host names by which the houses are reached (the
	// service names under compose); beside them stand localhost, IP addresses
	// and the names in Public and Peer.
	Hosts []string
	// Reader is a virtual PC/SC reader to lay a card in; zero for none.
	Reader Reader
	Log    *slog.Logger
}

// place is where a house is: its listener if it is opened here, and its URLs.
type place struct {
	house        House
	listener     net.Listener
	server       *http.Server // once it serves
	public, peer string
}

// listen opens every listener before anything is built, so that every URL is
// known before the first certificate is issued.
func (c Config) listen() (map[string]*place, error) {
	places := map[string]*place{}
	for _, h := range Houses() {
		p := &place{house: h, public: c.Public[h.Name], peer: c.Peer[h.Name]}
		places[h.Name] = p
		if !c.opens(h.Name) {
			if p.public == "" && p.peer == "" && c.BasePort > 0 {
				p.public = fmt.Sprintf("http://localhost:%d", c.BasePort+h.Place)
			}
			if p.peer == "" {
				p.peer = p.public
			}
			continue
		}
		if err := p.open(c); err != nil {
			closeAll(places)
			return nil, err
		}
	}
	return places, nil
}

func (p *place) open(c Config) error {
	host, port := c.Listen, 0
	if host == "" {
		host = "127.0.0.1"
	}
	if c.BasePort > 0 {
		port = c.BasePort + p.house.Place
	}
	l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return fmt.Errorf("ecosystem: %s cannot listen: %w", p.house.Name, err)
	}
	p.listener = l
	got := l.Addr().(*net.TCPAddr)
	shown := host
	if got.IP.IsUnspecified() || host == "127.0.0.1" {
		shown = "localhost"
	}
	if p.public == "" {
		p.public = fmt.Sprintf("http://%s", net.JoinHostPort(shown, strconv.Itoa(got.Port)))
	}
	if p.peer == "" {
		p.peer = p.public
		if shown == "localhost" {
			p.peer = fmt.Sprintf("http://127.0.0.1:%d", got.Port)
		}
	}
	return nil
}

func (c Config) opens(name string) bool {
	if len(c.Houses) == 0 {
		return true
	}
	for _, h := range c.Houses {
		if h == name {
			return true
		}
	}
	return false
}

func closeAll(places map[string]*place) {
	for _, p := range places {
		if p.listener != nil {
			_ = p.listener.Close()
		}
	}
}
