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
	"slices"
	"strings"
)

// Names are the commands: "jpkimock NAME".
func Names() []string { return []string{"login", "sign"} }

// usages say what each command of Names does.
var usages = map[string]string{
	"login": `jpkimock login [flags] URL     go to a page that asks for a card, lay it, type the PIN, press buttons;
                               prints where that led as JSON, also if the page refuses (exit status 1)
`,
	"sign": `jpkimock sign [flags] FILE     sign a file: detached CMS in DER, on the standard output
`,
}

// Errors of the commands.
var (
	ErrUsage   = errors.New("want one argument")
	ErrRefused = errors.New("refused")
	// ErrNotAFile is about "sign URL".
	ErrNotAFile = errors.New("sign takes a file: save what the page asks to sign (data-jpki-document, base64), sign the file with --origin of the page, and send the CMS as the page's form does")
	// ErrNoSuchCard and ErrCannotSign are about the flag --card.
	ErrNoSuchCard = errors.New("no person of this town holds the card: check --card, or give --pin for a card that the town publishes no PIN of")
	ErrCannotSign = errors.New("the card has no digital signature certificate, so its holder has no password for it: choose another --card")
)

// tool is a command with its flags.
type tool struct {
	card    Card
	town    string
	origin  string
	kind    string
	form    string
	presses []string
}

// flags gives those of a command.
func (t *tool) flags(command string, out io.Writer) *flag.FlagSet {
	f := flag.NewFlagSet("jpkimock "+command, flag.ContinueOnError)
	f.SetOutput(out)
	f.Usage = func() {
		fmt.Fprintln(out, usages[command])
		f.PrintDefaults()
	}
	f.StringVar(&t.card.ID, "card", "card-hanako", "the card")
	f.StringVar(&t.card.PIN, "pin", "", "what its holder types; empty for the PIN that the town publishes")
	f.StringVar(&t.card.Agent, "agent", "", "the URL of the card house; empty for the town's")
	f.StringVar(&t.town, "town", "http://localhost:8080", "the URL of the town's lobby, which says the card house's URL and published PINs")
	if command == "sign" {
		f.StringVar(&t.origin, "origin", "", "the origin for which the file is signed; empty for the town's bank")
		f.StringVar(&t.kind, "type", "text/plain; charset=utf-8", "the media type of the file")
		return f
	}
	f.StringVar(&t.form, "form", "", "the id or data-testid of the form to answer, on a page where several ask for a card")
	f.Func("press", "the data-testid of a button or link to press afterwards; may be given more than once", func(s string) error {
		t.presses = append(t.presses, s)
		return nil
	})
	return f
}

// Run runs a command of Names.
func Run(ctx context.Context, args []string, out io.Writer) error {
	var t tool
	f := t.flags(args[0], out)
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
	b.Form = t.form
	if args[0] == "sign" {
		return t.sign(ctx, b, f.Arg(0), out)
	}
	return t.login(ctx, b, f.Arg(0), out)
}

// login prints the page that comes in the end. A page that refuses is an error, and so is a button
// that is not there. Once the card is laid, the page reached is printed with every error.
func (t tool) login(ctx context.Context, b *Browser, address string, out io.Writer) error {
	if err := t.complete(ctx, false, func(p persona) string { return p.AuthenticationPIN }); err != nil {
		return err
	}
	if err := b.Goes(ctx, address); err != nil {
		return err
	}
	q, err := b.Question()
	if err != nil {
		return err
	}
	token, err := b.Token(ctx, t.card, q.Origin, q.Nonce, q.Attributes...)
	if err != nil {
		return err
	}
	trouble := b.Answers(ctx, q, token)
	for _, testID := range t.presses {
		if trouble == nil {
			trouble = b.Presses(ctx, testID)
		}
	}
	seen := b.Seen()
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(seen); err != nil || trouble != nil {
		return errors.Join(trouble, err)
	}
	if seen.Refused {
		return fmt.Errorf("%w: %s", ErrRefused, seen.Reason)
	}
	return nil
}

// longestFile bounds a file that is signed, in octets: what a card's agent takes.
const longestFile = 256 << 10

func (t tool) sign(ctx context.Context, b *Browser, file string, out io.Writer) error {
	if strings.HasPrefix(file, "http://") || strings.HasPrefix(file, "https://") {
		return fmt.Errorf("%s: %w", file, ErrNotAFile)
	}
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
	if t.card.PIN != "" {
		return nil
	}
	i := slices.IndexFunc(world.Personas, func(p persona) bool { return p.Card == t.card.ID })
	if i < 0 {
		return fmt.Errorf("%s: %w", t.card.ID, ErrNoSuchCard)
	}
	switch t.card.PIN = pin(world.Personas[i]); {
	case t.card.PIN == "" && signs:
		return fmt.Errorf("%s: %w", t.card.ID, ErrCannotSign)
	case t.card.PIN == "":
		return fmt.Errorf("the town publishes no PIN of %s: give --pin", t.card.ID)
	}
	return nil
}
