package whereabouts

import (
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
)

// Config says which house answers.
type Config struct {
	House string
	// Asks are its organisations. A house with none answers nothing.
	Asks  []Ask
	Key   string           // the town's
	Now   func() time.Time // limits wrong keys
	Hosts []string         // as door.Config.Hosts
	Log   *slog.Logger
}

// answers is what a house says of a person.
type answers struct {
	Organisations []Organisation `json:"organisations"`
}

// add adds what a part of an organisation answers to what the others did: what two parts hold
// is said once.
func (a *answers) add(part Organisation) {
	i := slices.IndexFunc(a.Organisations, func(o Organisation) bool { return o.ID == part.ID })
	if i < 0 {
		a.Organisations = append(a.Organisations, part)
		return
	}
	for _, item := range part.Holds {
		if !slices.ContainsFunc(a.Organisations[i].Holds, func(o Item) bool { return o.Kind == item.Kind && o.Value == item.Value }) {
			a.Organisations[i].Holds = append(a.Organisations[i].Holds, item)
		}
	}
}

// Before returns a house that also answers what it holds.
func Before(house http.Handler, cfg Config) http.Handler {
	if len(cfg.Asks) == 0 {
		return house
	}
	desk := door.New(door.Config{House: cfg.House, Hosts: cfg.Hosts, Log: cfg.Log})
	desk.POST(Path, door.Reads(func(c echo.Context, p Person) error {
		all := answers{[]Organisation{}}
		for _, ask := range cfg.Asks {
			one, err := ask(c.Request().Context(), p)
			if err != nil {
				return err
			}
			all.add(one)
		}
		for i := range all.Organisations {
			all.Organisations[i].complete()
		}
		c.Response().Header().Set("Cache-Control", "no-store")
		return c.JSON(http.StatusOK, all)
	}), door.ScriptsOnly(), door.NewStaff(cfg.Key, cfg.Now).Scripts("whereabouts"))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == Path {
			desk.ServeHTTP(w, r)
			return
		}
		house.ServeHTTP(w, r)
	})
}
