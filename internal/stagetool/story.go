package stagetool

import (
	"context"
	"fmt"

	"example.jp/jpkimock/internal/stage/play"
)

// ErrNotWhole says that a story has steps that are not seen to have happened.
type ErrNotWhole struct{ Story play.View }

func (e ErrNotWhole) Error() string {
	for _, step := range e.Story.Steps {
		if step.Confirmed.IsZero() {
			return fmt.Sprintf("%d of %d steps are confirmed; not step %d: %s", e.Story.Done, len(e.Story.Steps), step.No, step.Say.EN)
		}
	}
	return "nothing is missing"
}

func (t tool) story(ctx context.Context) (any, error) {
	switch {
	case t.is() || t.is("list"):
		return t.town.Stories(ctx)
	case t.is("show", "*"):
		return t.town.Story(ctx, t.args[1])
	case t.is("run", "*"):
		return t.runStory(ctx, t.args[1])
	case t.is("check", "*"):
		now, err := t.town.Story(ctx, t.args[1])
		if err == nil && !now.Whole {
			err = ErrNotWhole{now}
		}
		return now, err
	}
	return nil, ErrUsage
}

// runStory plays a story: it says what is done by hand, and waits until that is seen to
// have happened.
func (t tool) runStory(ctx context.Context, id string) (any, error) {
	now, err := t.town.BeginStory(ctx, id)
	if err != nil {
		return nil, err
	}
	if now.Again {
		fmt.Fprintln(t.out, "This story was played in this town before, and the town was not put back since: jpkimock snapshot restore beginning")
	}
	for _, step := range now.Steps {
		by := "by hand"
		if step.Button {
			by = "done"
		}
		fmt.Fprintf(t.out, "%d. %s\n   %s (%s)\n", step.No, step.Say.JA, step.Say.EN, by)
		if step.Button {
			if now, err = t.town.DoStep(ctx, id, step.No); err != nil {
				return nil, err
			}
		}
		for now.Steps[step.No-1].Confirmed.IsZero() {
			if now, err = t.town.AwaitStory(ctx, id, now.Done); err != nil {
				return nil, err
			}
		}
	}
	return now, nil
}
