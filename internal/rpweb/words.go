package rpweb

import (
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
)

// Words explain the errors of a room whose ways out are links: as a page to
// people, as a problem to programs.
type Words struct {
	// Match finds an error's line; false if the room does not know it.
	Match func(error) (Refusal[ui.Link], bool)
	// Fill fills what the sentences leave open.
	Fill func(error) ui.Blanks
}

// Explain returns an error's page: what happened, why, what to do.
func (w Words) Explain(err error) (ui.Refusal, bool) {
	r, ok := w.Match(err)
	if !ok {
		return ui.Refusal{}, false
	}
	page := r.Page(err, w.Fill(err))
	page.Next = r.Links(func(l ui.Link) ui.Link { return l })
	return page, true
}

// Describe returns an error's problem.
func (w Words) Describe(err error) (door.Problem, bool) {
	r, ok := w.Match(err)
	if !ok {
		return door.Problem{}, false
	}
	return r.Problem(err), true
}
