package stage

import (
	"context"
	"net/http"

	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/ui"
)

// Fault is a way in which a house can fail on purpose.
type Fault struct {
	House string `json:"house"`
	Name  string `json:"name"`
	On    bool   `json:"on"`
	// With is how a fault that is on is narrowed.
	With *fault.Setting `json:"with,omitempty"`
	// Silent says that the house does not even answer whether it fails.
	Silent bool `json:"silent,omitempty"`
	// Title says it to people.
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
		var states map[string]fault.State
		err := s.ask(ctx, h.Name, "", http.MethodGet, faultsPath, nil, &states)
		for _, f := range h.Faults {
			state := states[f.Name]
			one := Fault{House: h.Name, Name: f.Name, On: state.On, Silent: err != nil, Title: f.Says()}
			if state.Setting != (fault.Setting{}) {
				one.With, one.Title = &state.Setting, f.SaysWith(state.Setting)
			}
			all = append(all, one)
		}
	}
	return all
}

// SwitchFaults switches faults of a house, all of them or none.
func (s *Stage) SwitchFaults(ctx context.Context, house string, on map[string]fault.State) error {
	return s.ask(ctx, house, "", http.MethodPut, faultsPath, on, nil)
}

// EndFaults ends every fault of every house. It goes on where a house does not answer.
func (s *Stage) EndFaults(ctx context.Context) (err error) {
	off := map[string]map[string]fault.State{}
	for _, f := range s.Faults(ctx) {
		if f.On {
			if off[f.House] == nil {
				off[f.House] = map[string]fault.State{}
			}
			off[f.House][f.Name] = fault.State{}
		}
	}
	for house, names := range off {
		if e := s.SwitchFaults(ctx, house, names); e != nil {
			err = e
		}
	}
	return err
}
