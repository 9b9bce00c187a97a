package ecosystem

import (
	"context"
	"net/http"

	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/lobby"
	"example.jp/jpkimock/internal/ui"
)

// House is one organisation of the town. Everything that the town does for a
// house is derived from this value: its listener and default port, its
// subcommand and environment, its keys, its database file, its door and desks in
// the lobby, its faults, its lines in the ready file and in the help text, and
// what compose.yaml must say of it.
type House struct {
	// Name is the machine name, "bank": also the subcommand, the service under
	// compose, and the middle of JPKIMOCK_BANK_PEER.
	Name string
	// Place is the distance of the house's port from the lobby's.
	Place int
	Title ui.Text
	// What says in the lobby what people do there; empty for a house without a
	// door in the lobby.
	What ui.Text
	// Keeps says that the house has a database, at Ecosystem.database.
	Keeps bool
	// Verifier is the house in the world's register of verifiers, if it verifies
	// cards.
	Verifier Verifier
	// Parties are the organisations of a house where several work, each with a database
	// of its own; the house itself keeps none then.
	Parties []Party
	// Keys are the house's key as a verifier, and those that open its interfaces.
	Keys []Key
	// Servers names servers of others that the house may use, at HOST:PORT: "SMTP" is
	// JPKIMOCK_NAME_SMTP.
	Servers []string
	// Desks returns the places behind its counters; nil for none. It is called
	// once every URL is known, also where the house runs elsewhere.
	Desks func(*Ecosystem) []lobby.Desk
	// Plain are the starts of its paths that answer by http, too, where houses answer by https.
	Plain []string
	// Faults are what can be made to fail in front of the house.
	Faults []fault.Fault
	// Callers names who may ask the house, so that a fault can be kept to one of them; nil
	// where that is not known. Open says who asks.
	Callers func(Config) []string
	// Sweeps name what the house does by itself when time has passed, as GET /clock
	// and the lobby say it; Open registers each with atSweep.
	Sweeps map[string]ui.Text
	// Stays says that the house is opened once for the process, also when the others are
	// closed and opened again: it shows the town, and keeps nothing of it.
	Stays bool
	// Open builds the house and returns what it serves. It registers what must be
	// closed with atClose, and its sweeps.
	Open func(context.Context, *Ecosystem) (http.Handler, error)
}

// Key is a secret that opens an interface of a house.
type Key struct {
	Name string // "BANK_STAFF", set by JPKIMOCK_BANK_STAFF_KEY
	Test string // the published test key, used unless another is set
}

// Verifier is a house in the authority's register of verifiers.
type Verifier struct {
	ID  string // in the world, "mihon-bank"; empty for a house that verifies no cards
	Key string // Key.Name of its key there: the register follows what is configured
}

// Party is an organisation in a house where several work.
type Party struct {
	Name     string   // its database is NAME of the house, a hyphen, and this
	Verifier Verifier // if it verifies cards itself
}

// databases names the databases of a house.
func (h House) databases() (names []string) {
	if h.Keeps {
		names = append(names, h.Name)
	}
	for _, p := range h.Parties {
		names = append(names, h.Name+"-"+p.Name)
	}
	return names
}

// verifiers lists the house and its parties in the register of verifiers.
func (h House) verifiers() (all []Verifier) {
	for _, p := range append([]Party{{Verifier: h.Verifier}}, h.Parties...) {
		if p.Verifier.ID != "" {
			all = append(all, p.Verifier)
		}
	}
	return all
}

// Houses lists the houses of the town in the order in which they are opened. The
// lobby is last, so that it only ever shows doors that open.
func Houses() []House {
	return []House{
		authorityHouse(), cardHouse(), bankHouse(), catvHouse(), gatewayHouse(), medicalHouse(), platformHouse(), utilityHouse(), portalHouse(), lobbyHouse(),
	}
}
