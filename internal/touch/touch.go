package touch

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"example.jp/jpkimock/internal/tracing"
	"example.jp/jpkimock/internal/ui"
)

// State is how a step ended.
type State string

// The states of a step.
const (
	Lit     State = "lit"
	Refused State = "refused" // there was an answer, and it was no
	Silent  State = "silent"  // there was no answer
)

// Step is an arrow: something that crossed from one party to another.
type Step struct {
	No       int           `json:"no,omitempty"` // in the seed's pictures, 1 to 4
	From     Party         `json:"from"`
	To       Party         `json:"to"`
	Text     ui.Text       `json:"text"`
	Data     []Datum       `json:"data"`
	After    time.Duration `json:"afterNS"` // since the touch began
	State    State         `json:"state"`
	Code     string        `json:"code,omitempty"` // of an answer, in a word: "revoked"
	Call     string        `json:"call,omitempty"` // "POST bank/signin"
	Content  string        `json:"content,omitempty"`
	Checks   []Check       `json:"checks,omitempty"`
	Answer   bool          `json:"answer"`
	sequence int
}

// Answers reports whether the step is the answer to such a call, "POST bank/accounts/draft",
// and gives what was asked for: it is no refusal, and does not lead to a sign-in. A segment
// of the path may be *, which any is.
func (s Step) Answers(call string) bool {
	return s.Answer && s.State == Lit && fits(call, s.Call) && !toSignIn.MatchString(s.Content)
}

var toSignIn = regexp.MustCompile(`(?m)^Location: .*/signin`)

// Check is something that the verifier checked, or said to the card.
type Check struct {
	Name     string `json:"name"`
	Expected string `json:"expected,omitempty"`
	Found    string `json:"found,omitempty"`
	Code     string `json:"code,omitempty"` // why it failed; empty if it passed
}

// Touch is one use of a card, with everything that belongs to it.
type Touch struct {
	ID    string    `json:"id"`
	At    time.Time `json:"at"` // by the town's clock
	Story string    `json:"story"`
	Steps []Step    `json:"steps"`
	// Used is where the store was when the card was used; for what belongs to no card, when
	// the latest of it came.
	Used Mark `json:"-"`
}

// read turns the spans of a group into steps. Called with mu held.
func (s *Store) read(g *group) Touch {
	spans := slices.Clone(g.spans)
	slices.SortStableFunc(spans, func(a, b tracing.Span) int { return a.Start.Compare(b.Start) })
	r := &reading{began: spans[0].Start, spans: map[string]tracing.Span{}, houses: s.houses, arrived: map[string]bool{}}
	for _, span := range spans {
		r.spans[span.ID] = span
		if !span.Call {
			r.arrived[span.Parent] = true
		}
	}
	t := Touch{ID: g.id, At: g.at, Used: g.last}
	if g.used {
		t.Used = g.usedAt
	}
	for _, span := range spans {
		if c, ok := callOf(span.House, span.Method, span.Path); ok && c.Story != "" {
			t.Story = c.Story
		}
		r.read(span)
	}
	slices.SortStableFunc(r.steps, func(a, b Step) int {
		if a.After != b.After {
			return int(a.After - b.After)
		}
		return a.sequence - b.sequence
	})
	t.Steps = r.steps
	return t
}

// reading is the reading of a group.
type reading struct {
	began   time.Time
	spans   map[string]tracing.Span // by ID
	arrived map[string]bool         // calls that became a request
	houses  func(string) string
	steps   []Step
}

func (r *reading) add(s Step, at time.Time) {
	s.After, s.sequence = at.Sub(r.began), len(r.steps)
	r.steps = append(r.steps, s)
}

// read adds the steps of a span: a request and its answer, or a call that never arrived.
func (r *reading) read(span tracing.Span) {
	if span.Call {
		if !r.arrived[span.ID] {
			house := r.houses(span.Server)
			r.exchange(span, house, partyAt(house, span.Path))
		}
		return
	}
	r.exchange(span, span.House, partyAt(span.House, span.Path))
}

func (r *reading) exchange(span tracing.Span, house string, to Party) {
	c, known := callOf(house, span.Method, span.Path)
	if !known {
		c.Ask.Text, c.Answer.Text = sayPlain, sayAnswer
	}
	c.Ask.No, c.Answer.No = r.number(span, c.Ask.No), r.number(span, c.Answer.No)
	from, call := r.asker(span, c.From), span.Method+" "+house+span.Path
	ask := Step{No: c.Ask.No, From: from, To: to, Text: c.Ask.Text, Data: c.Ask.Data, State: Lit, Call: call, Content: span.Asked, Checks: checksOf(span)}
	answer := Step{No: c.Answer.No, From: to, To: from, Text: c.Answer.Text, Data: c.Answer.Data, State: Lit, Code: span.Code, Call: call, Content: span.Answered, Answer: true}
	if c.Answer.Text == fetched.Text {
		answer.Data = madeOf(strings.Contains(span.Answered, `"cms"`))
	}
	switch {
	case span.Cut || span.Status == 0:
		answer.State, answer.Text, answer.Data = Silent, sayNoAnswer, nil
	case span.Status >= 400:
		answer.State, answer.Text, answer.Data = Refused, sayRefused, nil
	}
	r.add(ask, span.Start)
	r.card(span)
	r.add(answer, span.End)
}

// number gives the arrows of the authority their numbers only where the question is part
// of a verification that has 1 and 4.
func (r *reading) number(span tracing.Span, no int) int {
	if no != 2 && no != 3 {
		return no
	}
	for above, ok := r.spans[span.Parent]; ok; above, ok = r.spans[above.Parent] {
		if c, known := callOf(above.House, above.Method, above.Path); known && c.Ask.No == 1 {
			return no
		}
	}
	return 0
}

// asker is who made a request: the house whose request the call is part of, or the
// citizen's browser, unless the table says otherwise.
func (r *reading) asker(span tracing.Span, otherwise Party) Party {
	for above, ok := r.spans[span.Parent]; ok; above, ok = r.spans[above.Parent] {
		if !above.Call {
			return partyAt(above.House, above.Path)
		}
	}
	return cmp.Or(otherwise, Citizen)
}

// card adds what was said to the card, as two steps.
func (r *reading) card(span tracing.Span) {
	var said []string
	ask := Step{From: Reader, To: Card, Text: sayCommands, Data: []Datum{PIN, Challenge}, State: Lit}
	made := Step{From: Card, To: Reader, Text: sayMade, Data: madeOf(false), State: Lit, Answer: true}
	first, last := span.Start, span.Start
	for i, e := range span.Events {
		if e.Name != "apdu" {
			continue
		}
		if len(said) == 0 {
			first = e.At
		}
		last = span.Events[i].At
		said = append(said, "# "+e.With["says"]+"\n> "+e.With["command"]+"\n< … "+e.With["status"])
		if strings.Contains(e.With["says"], "with digital signature key") {
			ask.Data = []Datum{PIN, Document}
			made.Data = madeOf(true)
		}
	}
	if len(said) == 0 {
		return
	}
	ask.Content = strings.Join(said, "\n")
	if span.Cut || span.Status >= 400 {
		made.State, made.Text, made.Data = Refused, sayRefused, nil
	}
	r.add(ask, first)
	r.add(made, last)
}

// madeOf is what a card makes: a signature with the certificate that names its holder, or
// an authentication.
func madeOf(signed bool) []Datum {
	if signed {
		return append([]Datum{SignCert, Serial, Signature}, BasicFour()...)
	}
	return []Datum{AuthCert, Serial, Signature}
}

func checksOf(span tracing.Span) (all []Check) {
	for _, e := range span.Events {
		if e.Name == "check" {
			all = append(all, Check{Name: e.With["check"], Expected: e.With["expected"], Found: e.With["found"], Code: e.With["code"]})
		}
	}
	return all
}

// Numbers says of the seed's arrows 1 to 4 whether they are lit. One that was refused or
// never came is dark.
func (t Touch) Numbers() (lit [5]bool) {
	for _, s := range t.Steps {
		if s.No > 0 && s.State == Lit {
			lit[s.No] = true
		}
	}
	return lit
}

// Serials lists the serial numbers about which the authority was asked, in the order in
// which they came.
func (t Touch) Serials() (all []string) {
	for _, s := range t.Steps {
		if m := askedAbout.FindStringSubmatch(s.Content); m != nil && s.To == Authority && !slices.Contains(all, m[1]) {
			all = append(all, m[1])
		}
	}
	return all
}

// Receipt is what a party was given.
type Receipt struct {
	Party Party   `json:"party"`
	Data  []Datum `json:"data"`
}

// Crossed lists what each organisation was given, in the order in which it came. What the
// citizen and the card exchange at home, and what the citizen is given, is not in it.
func (t Touch) Crossed() []Receipt {
	var all []Receipt
	for _, s := range t.Steps {
		if s.To == Citizen || s.To == Card || s.To == Reader || len(s.Data) == 0 || s.State != Lit {
			continue
		}
		at := slices.IndexFunc(all, func(r Receipt) bool { return r.Party == s.To })
		if at < 0 {
			at, all = len(all), append(all, Receipt{Party: s.To})
		}
		for _, d := range s.Data {
			if d != Challenge && !slices.Contains(all[at].Data, d) {
				all[at].Data = append(all[at].Data, d)
			}
		}
	}
	return all
}

// Kept lists what crossed to no organisation, of what people ask about.
func (t Touch) Kept() []Datum {
	kept := append(BasicFour(), PIN, PrivateKey, MyNumber)
	kept = append(kept, t.StoryOf().Watched...)
	for _, r := range t.Crossed() {
		kept = slices.DeleteFunc(kept, func(d Datum) bool { return slices.Contains(r.Data, d) })
	}
	return kept
}
