// Package conformtool is "jpkimock conform": it tries an integrator's program with the cases of a
// profile, and writes reports.
package conformtool

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"example.jp/jpkimock/internal/conform"
	"example.jp/jpkimock/internal/conform/ocspclient"
	"example.jp/jpkimock/internal/conform/oidc"
	"example.jp/jpkimock/internal/conform/partners"
	"example.jp/jpkimock/internal/conform/relyingparty"
	"example.jp/jpkimock/internal/conform/town"
	"example.jp/jpkimock/internal/ready"
	"example.jp/jpkimock/internal/simclock"
	"example.jp/jpkimock/internal/ui"
)

// Name is the command: "jpkimock conform".
const Name = "conform"

const usage = `jpkimock conform --profile PROFILE --target URL [flags]

tries a program with numbered cases, one fault each, and says what it made of them;
docs/conform.md says what the program has to show. Profiles: %s

`

// Start opens a town for a run, on this port and those after it, and gives its ready file.
type Start func(ctx context.Context, basePort int) (r ready.Town, end func() error, err error)

// Errors of the command.
var (
	ErrUsage  = errors.New("want a profile and a target")
	ErrFailed = errors.New("cases failed")
)

// tool is the command with its flags.
type tool struct {
	profile, target, card, expect string
	ready, run                    string
	basePort                      int
	signedIn                      string
	challenge, documents          string
	clientKeys, command           string
	partnerID, customer, key      string
	lang                          string
	dir, json, junit, html        string
	out                           io.Writer
	start                         Start
}

// profiles are the profiles, and how each makes its cases.
func profiles() map[string]func(t *tool, ctx context.Context) (conform.Report, error) {
	return map[string]func(*tool, context.Context) (conform.Report, error){
		relyingparty.Profile: (*tool).relyingParty, oidc.Profile: (*tool).oidcClient, ocspclient.Profile: (*tool).ocspClient,
		partners.Profile: (*tool).partner,
	}
}

// Names are the profiles.
func Names() (all []string) {
	for name := range profiles() {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// Suites are the cases of all profiles, for who looks at them and tries none.
func Suites() []conform.Suite {
	return []conform.Suite{(&relyingparty.Party{Documents: "http://localhost"}).Suite(), (&oidc.Client{}).Suite(), (&ocspclient.Client{}).Suite(), (&partners.Partner{}).Suite()}
}

// Run runs the command. ErrFailed says that the target is not sound.
func Run(ctx context.Context, args []string, out io.Writer, start Start) error {
	t := tool{out: out, start: start}
	if err := t.parse(args); err != nil {
		return err
	}
	report, err := profiles()[t.profile](&t, ctx)
	if err != nil {
		return err
	}
	if err := t.write(report); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %d passed, %d failed, %d not applicable, %d not tried\n", report.Target,
		report.Count(conform.Passed), report.Count(conform.Failed), report.Count(conform.Skipped), report.Count(conform.NotTried))
	if !report.Sound() {
		return ErrFailed
	}
	return nil
}

func (t *tool) parse(args []string) error {
	f := flag.NewFlagSet("jpkimock "+Name, flag.ContinueOnError)
	f.SetOutput(t.out)
	f.Usage = func() {
		fmt.Fprintf(t.out, usage, strings.Join(Names(), ", "))
		f.PrintDefaults()
	}
	f.StringVar(&t.profile, "profile", "", "what the target is")
	f.StringVar(&t.target, "target", "", "the target's URL; which one is said in docs/conform.md")
	f.StringVar(&t.expect, "expect", "", "a JSON file with expectations that are not the default ones")
	f.StringVar(&t.ready, "ready", "", "the ready file of a town that runs; else a town is started, and gone afterwards")
	f.IntVar(&t.basePort, "base-port", 8080, "the lobby's port of a town that is started; the other houses use the ports after it; 0 for any free ones")
	f.StringVar(&t.run, "run", "", "a command of the shell that starts the target, with the town's settings in its environment (JPKI_…)")
	f.StringVar(&t.card, "card", "card-hanako", "the card that the target accepts")
	f.StringVar(&t.signedIn, "signed-in", "", "words that only the page of who has signed in shows")
	f.StringVar(&t.challenge, "challenge", "", "the URL at which a relying party without a page gives a nonce as JSON; the token is then posted to the target")
	f.StringVar(&t.documents, "documents", "", "the URL at which a relying party takes signed documents")
	f.StringVar(&t.clientKeys, "client-keys", "", "a JWK Set with the public keys of an OpenID Connect client, to verify its assertions")
	f.StringVar(&t.command, "command", "", "in place of the target of an OCSP client, a command of the shell that looks at a certificate")
	f.StringVar(&t.partnerID, "partner-id", "", "the ID of a partner, as sheets name it")
	f.StringVar(&t.customer, "customer", "", "the number that the card's holder has at a partner")
	f.StringVar(&t.key, "key", "", "the portal's key at a partner")
	f.StringVar(&t.lang, "lang", "en", "the language of the reports: ja or en")
	f.StringVar(&t.dir, "out", "", "a folder for report.html, report.json and junit.xml")
	f.StringVar(&t.json, "json", "", "write the report as JSON")
	f.StringVar(&t.junit, "junit", "", "write the report as JUnit's XML")
	f.StringVar(&t.html, "html", "", "write the report as a page")
	if err := f.Parse(args); err != nil {
		return err
	}
	if _, known := profiles()[t.profile]; !known || t.target == "" && (t.command == "" || t.profile != ocspclient.Profile) || f.NArg() > 0 || t.lang != "ja" && t.lang != "en" {
		f.Usage()
		return ErrUsage
	}
	return nil
}

// tell prints one result.
func (t *tool) tell(r conform.Result) {
	fmt.Fprintf(t.out, "%s %-14s %s\n", r.ID, conform.Say(r.Outcome).In(ui.Lang(t.lang)), r.Title.In(ui.Lang(t.lang)))
	if r.Outcome == conform.Failed {
		fmt.Fprintf(t.out, "      %s\n      → %s (%s)\n", r.Came, r.Mend.In(ui.Lang(t.lang)), r.Doc)
	}
}

// tries tries the cases of a suite.
func (t *tool) tries(ctx context.Context, s conform.Suite) (conform.Report, error) {
	e, err := conform.ReadExpectations(t.expect)
	if err != nil {
		return conform.Report{}, err
	}
	return s.Run(ctx, e, simclock.New().Now, t.tell)
}

// inTown does something with a town: the one that runs, or one that is started for it.
func (t *tool) inTown(ctx context.Context, do func(*town.Town) (conform.Report, error)) (report conform.Report, err error) {
	var r ready.Town
	if t.ready != "" {
		if r, err = town.Read(t.ready); err != nil {
			return report, err
		}
	} else {
		var end func() error
		if r, end, err = t.start(ctx, t.basePort); err != nil {
			return report, err
		}
		defer func() { err = errors.Join(err, end()) }()
	}
	ended, err := t.startTarget(ctx, r.Env())
	if err != nil {
		return report, err
	}
	defer ended()
	opened, err := town.Open(ctx, r, t.card)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, opened.Close(context.WithoutCancel(ctx))) }()
	return do(opened)
}

func (t *tool) relyingParty(ctx context.Context) (conform.Report, error) {
	return t.inTown(ctx, func(town *town.Town) (conform.Report, error) {
		p := &relyingparty.Party{Town: town, Page: t.target, Challenge: t.challenge, SignedIn: t.signedIn, Documents: t.documents, Language: t.lang}
		return t.tries(ctx, p.Suite())
	})
}

// platformPlace is the distance of the platform's port from the lobby's, as in a town.
const platformPlace = 7

func (t *tool) partner(ctx context.Context) (conform.Report, error) {
	return t.inTown(ctx, func(town *town.Town) (conform.Report, error) {
		p := &partners.Partner{Town: town, URL: strings.TrimRight(t.target, "/"), Key: t.key, ID: t.partnerID, Customer: t.customer}
		return t.tries(ctx, p.Suite())
	})
}

// responderPlace is the distance of a run's own OCSP responder from the lobby's port.
const responderPlace = 11

// place gives an address of this machine: a place after the lobby's port, or any free one.
func (t *tool) place(n int) string {
	port := 0
	if t.basePort != 0 {
		port = t.basePort + n
	}
	return net.JoinHostPort("localhost", strconv.Itoa(port))
}

// ocspClient is the responder for a client, with the keys of a town.
func (t *tool) ocspClient(ctx context.Context) (conform.Report, error) {
	return t.inTown(ctx, func(town *town.Town) (report conform.Report, err error) {
		folder, err := os.MkdirTemp("", "jpkimock-conform-")
		if err != nil {
			return report, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
		c := &ocspclient.Client{Town: town, URL: t.target, Command: t.command, Folder: folder}
		end, err := c.Open(ctx, t.place(responderPlace), simclock.New().Now)
		if err != nil {
			return report, err
		}
		defer func() { err = errors.Join(err, end()) }()
		return t.tries(ctx, c.Suite())
	})
}

// oidcClient is the platform for a client: no town is needed.
func (t *tool) oidcClient(ctx context.Context) (report conform.Report, err error) {
	keys, err := oidc.ReadKeys(t.clientKeys)
	if err != nil {
		return report, err
	}
	provider, end, err := oidc.Serve(t.place(platformPlace), simclock.New().Now)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, end()) }()
	origin := strings.TrimSuffix(provider.Issuer, oidc.Path)
	ended := func() {}
	start := func(ctx context.Context) (err error) {
		ended()
		end, err := t.startTarget(ctx, []string{"JPKI_ISSUER=" + provider.Issuer, "JPKI_PLATFORM_URL=" + origin})
		if ended = end; err != nil {
			ended = func() {}
		}
		return err
	}
	if err := start(ctx); err != nil {
		return report, err
	}
	defer func() { ended() }()
	c := &oidc.Client{Provider: provider, Start: t.target, SignedIn: t.signedIn, Keys: keys, Language: t.lang}
	if t.run != "" {
		c.Restart = start
	}
	return t.tries(ctx, c.Suite())
}

// write writes the reports that were asked for.
func (t *tool) write(r conform.Report) error {
	if t.dir != "" {
		if err := os.MkdirAll(t.dir, 0o755); err != nil {
			return err
		}
	}
	for _, one := range []struct {
		name, path string
		write      func(io.Writer, ui.Lang) error
	}{{"report.json", t.json, r.WriteJSON}, {"junit.xml", t.junit, r.WriteJUnit}, {"report.html", t.html, r.WriteHTML}} {
		paths := []string{one.path}
		if t.dir != "" {
			paths = append(paths, filepath.Join(t.dir, one.name))
		}
		for _, path := range paths {
			if path == "" {
				continue
			}
			if err := writeFile(path, func(w io.Writer) error { return one.write(w, ui.Lang(t.lang)) }); err != nil {
				return err
			}
		}
	}
	return nil
}

func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}
