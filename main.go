// Command jpkimock plays Japan's public personal authentication ecosystem
// (公的個人認証サービス) on one machine: the agency with its two certification
// authorities, the card with its client software, and organisations that rely
// on them.
//
// This file only turns flags and environment into a configuration.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"example.jp/jpkimock/internal/cardtool"
	"example.jp/jpkimock/internal/citizen"
	"example.jp/jpkimock/internal/conformtool"
	"example.jp/jpkimock/internal/ecosystem"
	"example.jp/jpkimock/internal/load"
	"example.jp/jpkimock/internal/stagetool"
	"example.jp/jpkimock/internal/trust"
)

const usage = `jpkimock: a mock of Japan's public personal authentication (公的個人認証サービス)

  jpkimock [up] [flags]     every house in one process
  jpkimock HOUSE [flags]    one house alone: %s
  jpkimock seed [flags]     plant the world into houses that run elsewhere
  jpkimock health URL       exit 0 if URL/healthz answers
  jpkimock card apdu|replay send commands or a transcript to a card of the town that runs
  jpkimock clock|persona|event|snapshot|fault
                            move the town that runs: see jpkimock clock -h
  jpkimock login|sign       sign in at a page, or sign a file, with a card of the town: see jpkimock login -h
  jpkimock conform [flags]  try your program with numbered cases, one fault each: see jpkimock conform -h
  jpkimock load [WORK...]   put a town of its own under load, and report its processor time
  jpkimock help [COMMAND]   this text, or that of a command

Each command that asks a town with --tls takes --ca FILE: its ready file or its tls-ca.pem (JPKIMOCK_CA).

Flags:
`

func main() {
	if err := run(os.Args[1:], os.Getenv, os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "jpkimock:", err)
		os.Exit(1)
	}
}

// options is the parsed command line.
type options struct {
	cfg       ecosystem.Config
	readyFile string
	envFile   string
	ephemeral bool
	at        string
	manage    string
	verbose   bool
}

func run(args []string, env func(string) string, out io.Writer) error {
	args, err := trusting(args, env)
	if err != nil {
		return err
	}
	command := "up"
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		command, args = args[0], args[1:]
	}
	if command == "help" && len(args) > 0 {
		command, args = args[0], append(args[1:], "-h")
	}
	if command == "card" && len(args) > 0 && slices.Contains(cardtool.Names(), args[0]) {
		return cardtool.Run(context.Background(), args, os.Stdin, out)
	}
	if slices.Contains(citizen.Names(), command) {
		return citizen.Run(context.Background(), append([]string{command}, args...), out)
	}
	if slices.Contains(stagetool.Names(), command) {
		return stagetool.Run(context.Background(), append([]string{command}, args...), out)
	}
	if command == conformtool.Name {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		return conformtool.Run(ctx, args, out, startForConformance)
	}
	switch command {
	case "agent": // the card house by the name of what it is to people
		command = "card"
	case "health":
		return health(args, out)
	case "load":
		return load.Command(args, out)
	case "help":
		command, args = "up", []string{"-h"}
	case load.BareCommand: // not in the help text: load starts it
		return load.ServeBare(os.Stdin, out)
	}
	names := houseNames()
	if !slices.Contains(append(names, "up", "seed"), command) {
		return fmt.Errorf("unknown command %q: want up, seed, health, load or one of %s", command, strings.Join(names, ", "))
	}
	var o options
	if err := o.parse(command, args, env, out); err != nil {
		return err
	}
	switch {
	case command == "seed":
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		return ecosystem.SeedElsewhere(ctx, o.cfg)
	case command != "up":
		o.cfg.Only = []string{command}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return o.up(ctx, out)
}

// trusting takes --ca FILE out of the arguments of any command, and trusts the certificate in
// the file, PEM or a ready file: that of a town that answers by https.
func trusting(args []string, env func(string) string) (others []string, err error) {
	file := env("JPKIMOCK_CA")
	for i := 0; i < len(args); i++ {
		name, value, given := strings.Cut(args[i], "=")
		switch {
		case name != "--ca" && name != "-ca":
			others = append(others, args[i])
			continue
		case !given && i+1 == len(args):
			return nil, errors.New("--ca: want a file")
		case !given:
			i++
			value = args[i]
		}
		file = value
	}
	if err := trust.File(file); err != nil {
		return nil, fmt.Errorf("--ca: %w", err)
	}
	return others, nil
}

func houseNames() []string {
	var names []string
	for _, h := range ecosystem.Houses() {
		names = append(names, h.Name)
	}
	return names
}

// printSettings lists the environment variables that have no flag.
func printSettings(out io.Writer) {
	fmt.Fprintln(out, "\nEnvironment:\n  JPKIMOCK_HOSTS  further host names of the houses, separated by commas")
	fmt.Fprintln(out, "  of each house: its URL in pages, its URL for servers, its database and its keys")
	for _, h := range ecosystem.Houses() {
		fmt.Fprintln(out, "   ", strings.Join(h.Settings(), " "))
	}
}

// parse reads the flags; the environment gives their defaults.
func (o *options) parse(command string, args []string, env func(string) string, out io.Writer) error {
	or := func(name, otherwise string) string {
		if v := env(name); v != "" {
			return v
		}
		return otherwise
	}
	f := flag.NewFlagSet("jpkimock", flag.ContinueOnError)
	f.SetOutput(out)
	f.Usage = func() {
		fmt.Fprintf(out, usage, strings.Join(houseNames(), ", "))
		f.PrintDefaults()
		printSettings(out)
	}
	f.StringVar(&o.cfg.DataDir, "data", or("JPKIMOCK_DATA", "data"), "folder for the databases, kept between runs (JPKIMOCK_DATA)")
	f.BoolVar(&o.ephemeral, "ephemeral", env("JPKIMOCK_EPHEMERAL") != "", "keep nothing: databases in a temporary folder, removed at the end (JPKIMOCK_EPHEMERAL)")
	o.doors(f, env, or)
	f.StringVar(&o.readyFile, "ready-file", "", "write this JSON file when all houses answer")
	f.StringVar(&o.envFile, "env-file", "", "write the same as lines NAME=VALUE for an environment")
	f.StringVar(&o.cfg.Seed, "seed", or("JPKIMOCK_SEED", "default"), `the world: "default", "none", or the path of a world file (JPKIMOCK_SEED)`)
	f.StringVar(&o.cfg.Init, "init", or("JPKIMOCK_INIT", ""), "add what this file has to the world: verifiers with their keys, services, people (JPKIMOCK_INIT)")
	f.IntVar(&o.cfg.Customers, "customers", 0, "add this many customers without cards to the bank, of whom 137 in 10,000 have moved")
	f.IntVar(&o.cfg.Enrolled, "enrolled", 0, "add this many citizens without cards to the portal, of whom one in twenty has moved")
	f.IntVar(&o.cfg.Movers, "movers", 0, "let this many citizens have moved and signed one application at the portal to all small businesses")
	f.IntVar(&o.cfg.Insured, "insured", 0, "add this many insured persons without cards to the register of みほん健康保険組合")
	f.StringVar(&o.cfg.OCSPKey, "ocsp-key", or("JPKIMOCK_OCSP_KEY", "rsa-2048"), "key type of the authority's OCSP responders: rsa-2048, or p-256, which signs many times faster (JPKIMOCK_OCSP_KEY)")
	kept, err := time.ParseDuration(or("JPKIMOCK_OCSP_KEPT", "7m30s"))
	if err != nil {
		return fmt.Errorf("JPKIMOCK_OCSP_KEPT: %w", err)
	}
	f.DurationVar(&kept, "ocsp-kept", kept, "how long the authority gives a signed OCSP answer again, for clients without a nonce that want a fresh one; 0 for not at all (JPKIMOCK_OCSP_KEPT)")
	f.StringVar(&o.at, "time", env("JPKIMOCK_TIME"), "start the simulated clock at this time (RFC 3339); by default at the wall clock's (JPKIMOCK_TIME)")
	readers := f.String("vpcd", "", "show cards to PC/SC programs in the virtual readers of these vpcd drivers: 127.0.0.1:35963, or NAME=ADDRESS for several, separated by commas")
	card := f.String("vpcd-card", "card-hajime", "the card in the first of these readers")
	f.Func("reader", "let the card house use this `PC/SC reader` of this machine, where a real card may lie; \"any\" for all; repeatable", func(name string) error {
		o.cfg.RealReaders = append(o.cfg.RealReaders, name)
		return nil
	})
	f.BoolVar(&o.cfg.Tester, "tester", switched(env("JPKIMOCK_TESTER"), command == "up"), "let a tester sign in at the common platform as a test person, without a card and with a chosen outcome; by default on where all houses run in one process (JPKIMOCK_TESTER=on or off)")
	f.StringVar(&o.cfg.OTLP, "otlp", or("JPKIMOCK_OTLP", ""), "send what the houses say to one another, masked, to the OpenTelemetry collector at this URL (JPKIMOCK_OTLP)")
	f.BoolVar(&o.verbose, "verbose", false, "also log refused requests")
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return fmt.Errorf("%s takes no argument %q", command, f.Arg(0))
	}
	if err := o.cfg.SetReaders(*readers, *card); err != nil {
		return fmt.Errorf("--vpcd: %w", err)
	}
	if o.ephemeral {
		o.cfg.DataDir = ""
	}
	o.cfg.Manage = o.managed(command)
	if o.cfg.OCSPKept = kept; kept == 0 {
		o.cfg.OCSPKept = -1
	}
	return o.environment(env)
}

// switched reads a switch of the environment: what is neither "on" nor empty is off.
func switched(value string, otherwise bool) bool {
	return value == "on" || value == "" && otherwise
}

// doors adds the flags that say where and how the houses answer.
func (o *options) doors(f *flag.FlagSet, env func(string) string, or func(name, otherwise string) string) {
	f.IntVar(&o.cfg.BasePort, "base-port", ecosystem.DefaultBasePort, "port of the lobby; the other houses use the ports after it; 0 for any free ports")
	f.StringVar(&o.cfg.Listen, "listen", or("JPKIMOCK_LISTEN", ""), "address to listen on; by default only this machine can connect (JPKIMOCK_LISTEN)")
	f.BoolVar(&o.cfg.TLS, "tls", env("JPKIMOCK_TLS") != "", "answer by https, with a CA of the town's own: tls.ca in the ready file, and DATA/tls-ca.pem (JPKIMOCK_TLS)")
	f.StringVar(&o.manage, "manage", or("JPKIMOCK_MANAGE", "auto"), "address of the management interface, which takes no key: HOST:PORT; off for none; auto for port 8090 of this machine alone, in the process of the lobby (JPKIMOCK_MANAGE)")
}

// managed gives the address of the management interface that a command opens.
func (o *options) managed(command string) string {
	switch {
	case o.manage == "off" || command != "up" && command != "lobby":
		return ""
	case o.manage != "auto":
		return o.manage
	case o.cfg.BasePort == 0:
		return "127.0.0.1:0"
	}
	return fmt.Sprintf("127.0.0.1:%d", o.cfg.BasePort+managePlace)
}

// managePlace is the distance of the management interface's port from the lobby's.
const managePlace = 10

// environment reads what has no flag: keys, and the addresses of houses.
func (o *options) environment(env func(string) string) error {
	c := &o.cfg
	c.Environment(env)
	if hosts := env("JPKIMOCK_HOSTS"); hosts != "" {
		c.Hosts = strings.Split(hosts, ",")
	}
	level := slog.LevelInfo
	if o.verbose {
		level = slog.LevelDebug
	}
	c.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	if o.at == "" {
		return nil
	}
	at, err := time.Parse(time.RFC3339, o.at)
	if err != nil {
		return fmt.Errorf("--time: %w", err)
	}
	c.At = at
	return nil
}

// up runs the houses until ctx ends or a house fails. Interrupting startup is not
// an error: the next start plants the town again.
//
// The ready file is there while all houses answer, and at no other time: one of an
// earlier run is removed first, also where the start then fails.
func (o *options) up(ctx context.Context, out io.Writer) (err error) {
	if err := o.removeReady(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.removeReady()) }()
	e, err := ecosystem.Start(ctx, o.cfg)
	if err != nil && ctx.Err() != nil {
		o.cfg.Log.Debug("interrupted during startup", "error", err)
		fmt.Fprintln(out, closing)
		return nil
	}
	if err != nil {
		return err
	}
	if err := e.WriteReady(o.readyFile, o.envFile); err != nil {
		return errors.Join(err, e.Close())
	}
	e.Greet(out)
	select {
	case <-ctx.Done():
		fmt.Fprintln(out, closing)
	case err = <-e.Failed():
	}
	return errors.Join(err, o.removeReady(), e.Close())
}

// removeReady removes the files that say that the houses answer.
func (o *options) removeReady() (err error) {
	for _, file := range []string{o.readyFile, o.envFile} {
		if file == "" {
			continue
		}
		if e := os.Remove(file); !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// closing is printed when the process is interrupted.
const closing = "\n終了します。 Stopping."

// healthTime is how long a house may take to answer a health check.
const healthTime = 3 * time.Second

// health checks the health of a house. A container's health check runs it, since
// the image has no other program.
func health(args []string, out io.Writer) error {
	f := flag.NewFlagSet("jpkimock health", flag.ContinueOnError)
	f.SetOutput(out)
	f.Usage = func() { fmt.Fprintln(out, "jpkimock health URL     exit 0 if URL/healthz answers") }
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() != 1 {
		return errors.New("health takes one argument: the URL of a house")
	}
	client := &http.Client{Timeout: healthTime}
	resp, err := client.Get(strings.TrimRight(f.Arg(0), "/") + "/healthz")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s is unhealthy: HTTP %d", f.Arg(0), resp.StatusCode)
	}
	return nil
}

// startForConformance opens a town that is gone afterwards, for a conformance run.
func startForConformance(ctx context.Context, basePort int) (ecosystem.Ready, func() error, error) {
	manage := "127.0.0.1:0"
	if basePort != 0 {
		manage = fmt.Sprintf("127.0.0.1:%d", basePort+managePlace)
	}
	e, err := ecosystem.Start(ctx, ecosystem.Config{BasePort: basePort, Manage: manage, Snapshots: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return ecosystem.Ready{}, nil, err
	}
	return e.Ready(), e.Close, nil
}
