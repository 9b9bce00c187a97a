package load

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Command is "jpkimock load": it puts a town of its own under load, as the arguments say.
func Command(args []string, out io.Writer) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	cfg := Config{Program: program}
	f := flag.NewFlagSet("jpkimock load", flag.ContinueOnError)
	f.SetOutput(out)
	f.Usage = func() {
		fmt.Fprintf(out, "jpkimock load [flags] [%s]...\njpkimock load [flags] %s\n\n", strings.Join(Names(), "|"), Portal)
		f.PrintDefaults()
	}
	f.IntVar(&cfg.Clients, "clients", 16, "how many ask at once")
	f.DurationVar(&cfg.For, "for", 3*time.Second, "how long each work is asked for")
	f.IntVar(&cfg.Insured, "insured", Insured, "how many insured persons the insurer of the work medical has")
	f.IntVar(&cfg.Applications, "applications", Applications, "how many applications "+Portal+" delivers to five partners each")
	soak := f.Bool("soak", false, "all works and pages at once, and what the town holds after each tenth of the time")
	if err := f.Parse(args); err != nil {
		return err
	}
	cfg.Works = f.Args()
	drain := slices.Equal(cfg.Works, []string{Portal})
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if *soak {
		return Soak(ctx, cfg, out)
	}
	if drain {
		return Drain(ctx, cfg, out)
	}
	return Run(ctx, cfg, out)
}
