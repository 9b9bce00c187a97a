package play

import (
	"time"

	"example.jp/jpkimock/internal/ui"
)

// Words are a sentence in both languages, as programs get it.
type Words struct {
	JA string `json:"ja"`
	EN string `json:"en"`
}

// View is a story with how far it is played, as programs get it.
type View struct {
	ID    string     `json:"id"`
	Title Words      `json:"title"`
	Begun time.Time  `json:"begun"` // by the town's clock
	Again bool       `json:"again"` // it was played before in this town, which was not put back since
	Done  int        `json:"done"`  // how many steps are confirmed
	Whole bool       `json:"whole"` // all of them
	Steps []StepView `json:"steps"`
}

// StepView is a step with what was seen of it.
type StepView struct {
	No        int       `json:"no"` // from 1
	Say       Words     `json:"say"`
	Button    bool      `json:"button"` // one button does it
	Check     Kind      `json:"check"`
	Confirmed time.Time `json:"confirmed,omitzero"`
	Seen      Words     `json:"seen,omitzero"`
	Touch     string    `json:"touch,omitempty"` // its picture is at /picture/{id}
}

func wordsOf(t ui.Text) Words { return Words(t) }

// View gives the story to programs.
func (p Play) View() View {
	v := View{ID: p.Story.ID, Title: wordsOf(p.Story.Title), Begun: p.Begun, Again: p.Again, Done: p.Done(), Whole: p.Whole(), Steps: []StepView{}}
	for i, step := range p.Story.Steps {
		one := StepView{
			No: i + 1, Say: wordsOf(step.Say), Button: step.ByButton(), Check: step.Check.Kind,
			Confirmed: p.Steps[i].Confirmed, Seen: wordsOf(p.Steps[i].What),
		}
		if t := p.Steps[i].Touch; t != nil {
			one.Touch = t.ID
		}
		v.Steps = append(v.Steps, one)
	}
	return v
}
