package stage

import (
	"context"
	"net/http"

	"example.jp/jpkimock/internal/ui"
)

// Fault is a way in which a house can fail on purpose.
type Fault struct {
	House string `json:"house"`
	Name  string `json:"name"`
	On    bool   `json:"on"`
	// Silent says that the house does not even answer whether it fails.
	Silent bool `json:"silent,omitempty"`
	// Title says it to people; empty for one of scripts.
	Title ui.Text `json:"-"`
}

const faultsPath = "/faults"

// Faults lists every fault of every house.
func (s *Stage) Faults(ctx context.Context) []Fault {
	all := []Fault{}
	for _, h := range s.cfg.Houses {
		if len(h.Faults) == 0 || h.Peer == "" {
			continue
		}
		var on map[string]bool
		err := s.ask(ctx, h.Name, "", http.MethodGet, faultsPath, nil, &on)
		for _, f := range h.Faults {
			one := Fault{House: h.Name, Name: f.Name, On: on[f.Name], Silent: err != nil}
			if f.Shown != nil {
				one.Title = f.Shown.Title
			}
			all = append(all, one)
		}
	}
	return all
}

// SwitchFaults switches faults of a house, all of them or none.
func (s *Stage) SwitchFaults(ctx context.Context, house string, on map[string]bool) error {
	return s.ask(ctx, house, "", http.MethodPut, faultsPath, on, nil)
}

// EndFaults ends every fault of every house. It goes on where a house does not answer.
func (s *Stage) EndFaults(ctx context.Context) (err error) {
	off := map[string]map[string]bool{}
	for _, f := range s.Faults(ctx) {
		if f.On {
			if off[f.House] == nil {
				off[f.House] = map[string]bool{}
			}
			off[f.House][f.Name] = false
		}
	}
	for house, names := range off {
		if e := s.SwitchFaults(ctx, house, names); e != nil {
			err = e
		}
	}
	return err
}
