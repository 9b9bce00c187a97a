package fault

import (
	"maps"
	"net/http"
	"slices"
	"sync"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
)

// Board is what fails now, in the words of people, for a band on every page. The boards of a
// town's processes tell one another by their reports. A nil Board takes no note. Its methods
// may be called from any goroutine.
type Board struct {
	mu    sync.Mutex
	own   map[string][]*live // the faults that are on, by house of this process
	heard Report             // of other processes
	known map[string]announced
}

// announced is a house of the town with its faults.
type announced struct {
	title  ui.Text
	faults []Fault
}

// Report is what fails, by house and name, in words of one process to another. A house where
// nothing fails is named, too: so it is known what no longer fails there.
type Report map[string]map[string]State

// NewBoard returns a board on which nothing fails.
func NewBoard() *Board {
	return &Board{own: map[string][]*live{}, heard: Report{}, known: map[string]announced{}}
}

// Announce names a house of the town, here or in another process, with its faults. What is
// heard of any other is not believed.
func (b *Board) Announce(house string, title ui.Text, faults []Fault) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.known[house] = announced{title, faults}
}

// say writes which faults of a house of this process are on.
func (b *Board) say(house string, on []*live) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.own[house] = on
}

// Own reports what fails in this process.
func (b *Board) Own() Report {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.here()
}

// Report reports what fails in this process and in those that it has heard.
func (b *Board) Report() Report {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := maps.Clone(b.heard)
	maps.Copy(all, b.here())
	return all
}

// here is called with mu held.
func (b *Board) here() Report {
	all := Report{}
	for house, on := range b.own {
		all[house] = map[string]State{}
		for _, l := range on {
			if s := l.now(); s.Count >= 0 { // else it is used up
				all[house][l.Name] = State{true, s}
			}
		}
	}
	return all
}

// Hear takes the report of another process, which counts for every house that it names and
// that is not of this process.
func (b *Board) Hear(r Report) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for house, on := range r {
		_, here := b.own[house]
		of, known := b.known[house]
		if here || !known {
			continue
		}
		b.heard[house] = map[string]State{}
		for _, f := range of.faults {
			if s, named := on[f.Name]; named && s.On && s.bounds(f) == nil {
				b.heard[house][f.Name] = s
			}
		}
	}
}

// Words lists what fails now, by house.
func (b *Board) Words() (all []ui.Text) {
	now := b.Report()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, house := range slices.Sorted(maps.Keys(now)) {
		of := b.known[house]
		for _, f := range of.faults {
			if s := now[house][f.Name]; s.On {
				says := f.SaysWith(s.Setting)
				all = append(all, ui.Text{JA: of.title.JA + "（" + says.JA + "）", EN: of.title.EN + " (" + says.EN + ")"})
			}
		}
	}
	return all
}

// usualWords are the faults that every house has.
var usualWords = map[string]ui.Text{
	"silent": {JA: "応答しない", EN: "no answer"},
	"slow":   {JA: "応答が遅い", EN: "answers late"},
	"error":  {JA: "エラーを返す", EN: "answers with an error"},
}

// Says gives a fault in words, as short as a label.
func (f Fault) Says() ui.Text {
	if f.Shown != nil {
		return f.Shown.Title
	}
	if words, ok := usualWords[f.Name]; ok {
		return words
	}
	return ui.Text{JA: f.Name, EN: f.Name}
}

// OnPages gives every page of a house what to say of the town.
func OnPages(house http.Handler, now func() ui.Town) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if door.WantsPage(r) {
			r = r.WithContext(ui.WithTown(r.Context(), now))
		}
		house.ServeHTTP(w, r)
	})
}
