package fault

import (
	"maps"
	"net/http"
	"slices"
	"sync"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
)

// Board is what fails now, in the words of people, for a band on every page. A nil Board
// takes no note. Its methods may be called from any goroutine.
type Board struct {
	mu  sync.Mutex
	all map[string]failing // by house
}

// failing is a house with its faults that are on.
type failing struct {
	title ui.Text
	on    []*live
}

// say writes which faults of a house are on.
func (b *Board) say(house string, title ui.Text, on []*live) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.all == nil {
		b.all = map[string]failing{}
	}
	b.all[house] = failing{title, on}
}

// Words lists what fails now, by house.
func (b *Board) Words() (all []ui.Text) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, house := range slices.Sorted(maps.Keys(b.all)) {
		h := b.all[house]
		for _, l := range h.on {
			says := l.SaysWith(l.now())
			all = append(all, ui.Text{JA: h.title.JA + "（" + says.JA + "）", EN: h.title.EN + " (" + says.EN + ")"})
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
