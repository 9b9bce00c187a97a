package play

import (
	"context"
	"slices"
	"strings"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/touch"
	"example.jp/jpkimock/internal/ui"
)

// look checks the steps that are not confirmed yet, in their order.
func (b *Book) look(ctx context.Context, s *stage.Stage, p *playing) (Play, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if slices.ContainsFunc(p.steps, func(s Seen) bool { return !s.Done() }) {
		b.cfg.Hold()
	} else {
		b.cfg.Watch()
	}
	l := looking{p: p, stage: s, touches: b.cfg.Touches.Since(p.mark), people: map[string]stage.Person{}}
	for i := range p.steps {
		if p.steps[i].Done() {
			continue
		}
		seen, happened, err := l.check(ctx, i)
		if err != nil {
			return Play{}, err
		}
		if happened {
			seen.Confirmed = b.cfg.Now()
			p.steps[i] = seen
		}
	}
	return Play{Story: p.story, Begun: p.begun, Again: p.again, Steps: slices.Clone(p.steps)}, nil
}

// looking is one look at a story on its way.
type looking struct {
	p       *playing
	stage   *stage.Stage
	touches []touch.Touch // since the story began
	people  map[string]stage.Person
}

// check reports whether a step happened, and what shows it.
func (l *looking) check(ctx context.Context, i int) (Seen, bool, error) {
	c := l.p.story.Steps[i].Check
	if l.early(i) {
		return Seen{}, false, nil
	}
	switch c.Kind {
	case Used:
		return l.used(ctx, i, c)
	case Asked:
		seen, happened := l.asked(i, c)
		return seen, happened, nil
	}
	if !l.turn(i) {
		return Seen{}, false, nil
	}
	now, err := l.person(ctx, c.Person)
	if err != nil {
		return Seen{}, false, err
	}
	switch before := l.p.before[c.Person]; c.Kind {
	case Laid:
		return Seen{What: sayLaid}, now.Card.Reader == c.Reader, nil
	case Taken:
		return Seen{What: sayTaken}, now.Card.Reader == "" && l.lay(i, c.Person), nil
	case Moved:
		ended := !good(now) || signature(now).Serial != signature(before).Serial
		return Seen{What: sayMoved}, now.Address != before.Address && ended && len(now.Certificates) > 0, nil
	default: // Issued
		return Seen{What: sayIssued}, good(now) && signature(now).Serial != signature(before).Serial, nil
	}
}

// turn reports whether it is a step's turn: how things are shows nothing of a step before
// those before it have happened, unless its button was pressed.
func (l *looking) turn(i int) bool {
	return l.p.pressed[i] || !slices.ContainsFunc(l.p.steps[:i], func(s Seen) bool { return !s.Done() })
}

// lay reports whether somebody's card was seen to lie somewhere in an earlier step.
func (l *looking) lay(i int, person string) bool {
	for n, s := range l.p.steps[:i] {
		if c := l.p.story.Steps[n].Check; c.Kind == Laid && c.Person == person && s.Done() {
			return true
		}
	}
	return false
}

// since is where a step begins to count: after the buttons of the steps before it. What can be
// done again (Check.Again) counts after what showed the step before it, where that is by hand
// too; of a step that is done once, it does not matter what was seen first.
func (l *looking) since(i int) touch.Mark {
	from := max(l.p.mark, slices.Max(append(slices.Clone(l.p.after[:i]), 0)))
	if i > 0 && l.p.story.Steps[i].Check.Again {
		from = max(from, l.p.steps[i-1].used)
	}
	return from
}

// early reports whether a step that can be done again has to wait for the one before it.
func (l *looking) early(i int) bool {
	steps := l.p.story.Steps
	return i > 0 && steps[i].Check.Again && !steps[i-1].ByButton() && !l.p.steps[i-1].Done()
}

// used looks for a touch of somebody's card that came to ④.
func (l *looking) used(ctx context.Context, i int, c Check) (Seen, bool, error) {
	for _, t := range l.touches {
		if t.Story != c.Touch || t.Used <= l.since(i) || !t.Numbers()[4] {
			continue
		}
		now, err := l.person(ctx, c.Person)
		if err != nil {
			return Seen{}, false, err
		}
		if (names(t, now) || names(t, l.p.before[c.Person])) && (c.Call == "" || slices.ContainsFunc(t.Steps, func(s touch.Step) bool { return s.Answers(c.Call) })) {
			return Seen{What: served(t), Touch: &t, used: t.Used}, true, nil
		}
	}
	return Seen{}, false, nil
}

// names reports whether the authority was asked about a certificate of somebody.
func names(t touch.Touch, p stage.Person) bool {
	return slices.ContainsFunc(t.Serials(), func(serial string) bool {
		return slices.ContainsFunc(p.Certificates, func(c stage.Certificate) bool {
			return strings.TrimLeft(c.Serial.String(), "0") == strings.TrimLeft(serial, "0")
		})
	})
}

// served is what ④ says.
func served(t touch.Touch) (text ui.Text) {
	for _, s := range t.Steps {
		if s.No == 4 && s.State == touch.Lit {
			text = s.Text
		}
	}
	return text
}

// asked looks for a request that was answered.
func (l *looking) asked(i int, c Check) (Seen, bool) {
	for _, t := range l.touches {
		if t.Used <= l.since(i) {
			continue
		}
		for _, s := range t.Steps {
			if s.Answers(c.Call) && (c.From == "" || string(s.To) == c.From) {
				return Seen{What: s.Text, used: t.Used}, true
			}
		}
	}
	return Seen{}, false
}

// person is somebody as they are now, asked once a look.
func (l *looking) person(ctx context.Context, id string) (stage.Person, error) {
	if p, known := l.people[id]; known {
		return p, nil
	}
	p, err := l.stage.Person(ctx, id)
	if err == nil {
		l.people[id] = p
	}
	return p, err
}

// signature is somebody's newest signature certificate; of whoever has none, a zero one.
func signature(p stage.Person) stage.Certificate {
	i := slices.IndexFunc(p.Certificates, func(c stage.Certificate) bool { return c.Kind == jpki.DigitalSignature })
	if i < 0 {
		return stage.Certificate{}
	}
	return p.Certificates[i]
}

func good(p stage.Person) bool { return signature(p).State == "good" && !signature(p).Expired }
