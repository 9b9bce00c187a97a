package ecosystem

import (
	"context"
	"net/http"
	"time"

	"example.jp/jpkimock/internal/ecosystem/recording"
	"example.jp/jpkimock/internal/lobby"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/whereabouts"
	"example.jp/jpkimock/seed"
)

func lobbyHouse() House {
	return House{Name: "lobby", Title: ui.Text{JA: "案内所", EN: "Lobby"}, Stays: true, Keys: []Key{{recording.Key, seed.TracesKey}, {whereabouts.KeyName, seed.WhereaboutsKey}}, Open: openLobby}
}

// openLobby builds the lobby from the houses that have a URL.
func openLobby(_ context.Context, e *Ecosystem) (http.Handler, error) {
	cfg := lobby.Config{
		World: e.world, Ready: e.ready(e.shownKey), VerifierKey: e.shownKey(bankKey), Stage: e.newStage(e.shownKey, e.places.Of("lobby").Alone()),
		Now: func() time.Time { return e.Clock().Now() }, Offset: func() time.Duration { return e.Clock().Offset() }, Hosts: e.hosts(), PublicURL: e.URL("lobby"), Log: e.cfg.Log,
		Touches: e.seen.Touches, Watch: e.seen.Watch, TracesKey: e.key(recording.Key), Book: e.seen.Book,
	}
	cfg.Sweeps = map[string]map[string]ui.Text{}
	for _, h := range e.cfg.Houses {
		cfg.Sweeps[h.Name] = h.Sweeps
		if e.URL(h.Name) == "" || h.What == (ui.Text{}) {
			continue
		}
		cfg.Doors = append(cfg.Doors, lobby.Door{House: h.Name, Title: h.Title, What: h.What, URL: e.URL(h.Name)})
		if h.Desks != nil {
			cfg.Desks = append(cfg.Desks, h.Desks(e)...)
		}
	}
	cfg.Houses = cfg.Stage.Houses()
	return lobby.New(cfg)
}

// clocks returns where servers ask for the time and the sweeps: once for each process.
func (e *Ecosystem) clocks() []string {
	if len(e.cfg.Only) == 0 {
		return []string{e.Peer(clockHouse)}
	}
	var urls []string
	for _, h := range e.cfg.Houses {
		if peer := e.Peer(h.Name); peer != "" && len(h.Sweeps) > 0 {
			urls = append(urls, peer)
		}
	}
	return urls
}
