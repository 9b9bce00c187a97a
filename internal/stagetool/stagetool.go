// Package stagetool is the command line's side of the stage: everything that a button of the
// lobby does to a town, asked of the management interface of the town that runs.
package stagetool

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/stage/client"
)

// Names are the commands: "jpkimock NAME".
func Names() []string {
	return []string{"clock", "persona", "event", "trigger", "snapshot", "fault", "story"}
}

const usage = `jpkimock clock [show]                        what the clock shows, and what runs
jpkimock clock set 2031-04-01T09:00:00+09:00 move it; also: real (the real time), freeze, run
jpkimock clock advance 5y1d                  by the calendar of Japan (y, mo, d), or 90m, 2h30m
jpkimock persona [ID]                        everybody, or one, as they are now
jpkimock persona where ID                    what every organisation holds about somebody
jpkimock persona ID lay READER               lay the card in a reader (home, tv, reception, pharmacy)
jpkimock persona ID take                     take the card away
jpkimock event ID EVENT [KEY=VALUE]          let something happen to somebody; without arguments: what can
jpkimock trigger EVENT ID [KEY=VALUE]        the same, event first: trigger move hanako
jpkimock snapshot                            what the town can be put back to
jpkimock snapshot save|restore|drop NAME     "restore beginning" is the town as it was planted
jpkimock fault                               every fault of every house
jpkimock fault HOUSE NAME on|off             switch one; "fault off" ends them all
         [count=N] [percent=N] [delay=5s]    strike N times, at some requests, so late,
         [caller=HOUSE] [person=ID]          when this house asks, about this person
jpkimock story [list]                        the stories of a demonstration
jpkimock story show STORY                    what its steps say and do, and how far it is
jpkimock story run STORY                     begin it, do what has a button, and wait for what is done by hand
jpkimock story check STORY                   how far it is; fails unless every step is seen to have happened

`

// DefaultAt is where the management interface is by default.
const DefaultAt = "http://127.0.0.1:8090"

// tool is a command on its way.
type tool struct {
	town *client.Town
	out  io.Writer
	args []string
}

// ErrUsage says that the arguments fit no command; the usage has been printed.
var ErrUsage = errors.New("want one of the commands above")

// Run runs a command of Names. Answers are printed as JSON.
func Run(ctx context.Context, args []string, out io.Writer) error {
	f := flag.NewFlagSet("jpkimock "+args[0], flag.ContinueOnError)
	f.SetOutput(out)
	f.Usage = func() {
		fmt.Fprint(out, usage)
		f.PrintDefaults()
	}
	at := f.String("manage", DefaultAt, "the management interface of the town")
	if err := f.Parse(args[1:]); err != nil {
		return err
	}
	t := tool{client.New(*at), out, f.Args()}
	said, err := map[string]func(context.Context) (any, error){
		"clock": t.clock, "persona": t.persona, "event": t.event, "trigger": t.trigger, "snapshot": t.snapshot, "fault": t.fault, "story": t.story,
	}[args[0]](ctx)
	if errors.Is(err, ErrUsage) {
		f.Usage()
	}
	if err != nil {
		return err
	}
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(said)
}

// is reports whether the arguments are these; "*" stands for any.
func (t tool) is(words ...string) bool {
	if len(words) != len(t.args) {
		return false
	}
	for i, w := range words {
		if w != "*" && w != t.args[i] {
			return false
		}
	}
	return true
}

func (t tool) clock(ctx context.Context) (any, error) {
	yes, no, zero := true, false, 0.0
	switch {
	case t.is() || t.is("show"):
		return t.town.Clock(ctx)
	case t.is("real"):
		return t.town.MoveClock(ctx, stage.Move{OffsetSeconds: &zero, Frozen: &no})
	case t.is("freeze"):
		return t.town.MoveClock(ctx, stage.Move{Frozen: &yes})
	case t.is("run"):
		return t.town.MoveClock(ctx, stage.Move{Frozen: &no})
	case t.is("set", "*"):
		at, err := time.Parse(time.RFC3339, t.args[1])
		if err != nil {
			return nil, err
		}
		return t.town.MoveClock(ctx, stage.Move{Now: &at, Wait: true})
	case t.is("advance", "*"):
		m, err := distance(t.args[1])
		if err != nil {
			return nil, err
		}
		m.Wait = true
		return t.town.MoveClock(ctx, m)
	}
	return nil, ErrUsage
}

// calendar is "5y1mo2d": years, months and days.
var calendar = regexp.MustCompile(`^(?:(\d{1,3})y)?(?:(\d{1,4})mo)?(?:(\d{1,5})d)?$`)

// distance reads a distance by the calendar, or a duration such as "90m".
func distance(text string) (stage.Move, error) {
	if d, err := time.ParseDuration(text); err == nil {
		seconds := d.Seconds()
		return stage.Move{AdvanceSeconds: &seconds}, nil
	}
	parts := calendar.FindStringSubmatch(text)
	if parts == nil || text == "" {
		return stage.Move{}, fmt.Errorf("%q is no distance: want 5y1mo2d, or 2h30m", text)
	}
	number := func(s string) int {
		n, _ := strconv.Atoi(s) // digits, or none for 0
		return n
	}
	return stage.Move{Advance: &stage.Calendar{Years: number(parts[1]), Months: number(parts[2]), Days: number(parts[3])}}, nil
}

func (t tool) persona(ctx context.Context) (any, error) {
	switch {
	case t.is():
		return t.town.People(ctx)
	case t.is("where", "*"):
		return t.town.Whereabouts(ctx, t.args[1])
	case t.is("*"):
		return t.town.Person(ctx, t.args[0])
	case t.is("*", "lay", "*"):
		return t.town.Lay(ctx, t.args[0], t.args[2])
	case t.is("*", "take"):
		return t.town.Lay(ctx, t.args[0], "")
	}
	return nil, ErrUsage
}

func (t tool) trigger(ctx context.Context) (any, error) {
	if len(t.args) < 2 {
		return nil, ErrUsage
	}
	t.args = append([]string{t.args[1], t.args[0]}, t.args[2:]...)
	return t.event(ctx)
}

func (t tool) event(ctx context.Context) (any, error) {
	if t.is() {
		all := map[string]string{}
		for _, e := range stage.Events() {
			all[e.ID] = e.What.EN + " " + e.Then.EN
		}
		return all, nil
	}
	if len(t.args) < 2 {
		return nil, ErrUsage
	}
	var d stage.Details
	for _, detail := range t.args[2:] {
		switch key, value, _ := strings.Cut(detail, "="); key {
		case "address":
			d.Address = value
		case "name":
			d.Name = value
		default:
			return nil, fmt.Errorf("%q is no detail: want address=… or name=…", detail)
		}
	}
	return t.town.Happens(ctx, t.args[0], t.args[1], d)
}

func (t tool) snapshot(ctx context.Context) (any, error) {
	var err error
	switch {
	case t.is():
	case t.is("save", "*"):
		err = t.town.Save(ctx, t.args[1])
	case t.is("drop", "*"):
		err = t.town.Drop(ctx, t.args[1])
	case t.is("restore", "*"):
		return t.town.Restore(ctx, t.args[1])
	default:
		return nil, ErrUsage
	}
	if err != nil {
		return nil, err
	}
	return t.town.Snapshots(ctx)
}

func (t tool) fault(ctx context.Context) (any, error) {
	with := fault.Setting{}
	for n := len(t.args); n > 3 && narrow(&with, t.args[n-1]); n-- {
		t.args = t.args[:n-1]
	}
	switch {
	case t.is():
		return t.town.Faults(ctx)
	case t.is("off"):
		return t.town.EndFaults(ctx)
	case t.is("*", "*", "on"):
		return t.town.SwitchFaults(ctx, t.args[0], []string{t.args[1]}, nil, with)
	case t.is("*", "*", "off") && with == fault.Setting{}:
		return t.town.SwitchFaults(ctx, t.args[0], nil, []string{t.args[1]})
	}
	return nil, ErrUsage
}

// narrow reads a word such as count=3 into a setting.
func narrow(to *fault.Setting, word string) bool {
	name, value, _ := strings.Cut(word, "=")
	number, err := strconv.Atoi(value)
	switch name {
	case "count":
		to.Count = number
		return err == nil && number > 0
	case "percent":
		to.Percent = number
		return err == nil && number > 0
	case "delay":
		to.Delay = value
	case "caller":
		to.Caller = value
	case "person":
		to.Person = value
	default:
		return false
	}
	return value != ""
}
