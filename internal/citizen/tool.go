package citizen

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// Names are the commands: "jpkimock NAME".
func Names() []string { return []string{"login", "sign"} }

const usage = `jpkimock login [flags] URL     go to a page that asks for a card, lay it, type the PIN, press buttons
jpkimock sign [flags] FILE     sign a file: detached CMS in DER, on the standard output

`

// Errors of the commands.
var (
	ErrUsage   = errors.New("want one of the commands above")
	ErrRefused = errors.New("refused")
)

// tool is a command with its flags.
type tool struct {
	card    Card
	town    string
	origin  string
	kind    string
	presses []string
}

// Run runs a command of Names.
func Run(ctx context.Context, args []string, out io.Writer) error {
	f := flag.NewFlagSet("jpkimock "+args[0], flag.ContinueOnError)
	f.SetOutput(out)
	f.Usage = func() {
		fmt.Fprint(out, usage)
		f.PrintDefaults()
	}
	var t tool
	f.StringVar(&t.card.ID, "card", "card-hanako", "the card")
	f.StringVar(&t.card.PIN, "pin", "", "what its holder types; empty for the PIN that the town publishes")
	f.StringVar(&t.card.Agent, "agent", "", "the URL of the card house; empty for the town's")
	f.StringVar(&t.town, "town", "http://localhost:8080", "the URL of the town's lobby, which says the card house's URL and published PINs")
	f.StringVar(&t.origin, "origin", "", "the origin for which a file is signed; empty for the town's bank")
	f.StringVar(&t.kind, "type", "text/plain; charset=utf-8", "the media type of a file that is signed")
	f.Func("press", "the data-testid of a button or link to press afterwards; may be given more than once", func(s string) error {
		t.presses = append(t.presses, s)
		return nil
	})
	if err := f.Parse(args[1:]); err != nil {
		return err
	}
	if f.NArg() != 1 {
		f.Usage()
		return ErrUsage
	}
	b, err := NewBrowser(nil)
	if err != nil {
		return err
	}
	if args[0] == "sign" {
		return t.sign(ctx, b, f.Arg(0), out)
	}
	return t.login(ctx, b, f.Arg(0), out)
}

// login prints the page that comes in the end. A page that refuses is an error.
func (t tool) login(ctx context.Context, b *Browser, address string, out io.Writer) error {
	if err := t.complete(ctx, false, func(p persona) string { return p.AuthenticationPIN }); err != nil {
		return err
	}
	err := b.Goes(ctx, address)
	if err == nil {
		err = b.LaysCard(ctx, t.card)
	}
	for _, testID := range t.presses {
		if err == nil {
			err = b.Presses(ctx, testID)
		}
	}
	if err != nil {
		return err
	}
	seen := b.Seen()
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(seen); err != nil {
		return err
	}
	if seen.Refused {
		return fmt.Errorf("%w: %s", ErrRefused, seen.Heading)
	}
	return nil
}

// longestFile bounds a file that is signed, in octets: what a card's agent takes.
const longestFile = 256 << 10

func (t tool) sign(ctx context.Context, b *Browser, file string, out io.Writer) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, longestFile+1))
	if err != nil {
		return err
	}
	if len(content) > longestFile {
		return fmt.Errorf("%s has more than %d octets", file, longestFile)
	}
	if err := t.complete(ctx, true, func(p persona) string { return p.SignaturePIN }); err != nil {
		return err
	}
	cms, err := b.Sign(ctx, t.card, t.origin, filepath.Base(file), t.kind, content)
	if err != nil {
		return err
	}
	_, err = out.Write(cms)
	return err
}

// persona is somebody of the lobby's /world.json.
type persona struct{ Card, AuthenticationPIN, SignaturePIN string }

// complete asks the town for what was not given.
func (t *tool) complete(ctx context.Context, signs bool, pin func(persona) string) error {
	if t.card.Agent != "" && t.card.PIN != "" && (t.origin != "" || !signs) {
		return nil
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(t.town, "/")+"/world.json", nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("no town answers (--town): %w", err)
	}
	defer answer.Body.Close()
	var world struct {
		URLs     map[string]string
		Personas []persona
	}
	if err := json.NewDecoder(io.LimitReader(answer.Body, longestAnswer)).Decode(&world); err != nil {
		return fmt.Errorf("%s is no town: %w", t.town, err)
	}
	t.card.Agent = cmp.Or(t.card.Agent, world.URLs["card"])
	t.origin = cmp.Or(t.origin, world.URLs["bank"])
	for _, p := range world.Personas {
		if p.Card == t.card.ID {
			t.card.PIN = cmp.Or(t.card.PIN, pin(p))
		}
	}
	if t.card.PIN == "" {
		return fmt.Errorf("the town publishes no PIN of %s: give --pin", t.card.ID)
	}
	return nil
}
