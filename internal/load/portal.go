package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strconv"
	"text/tabwriter"
	"time"

	"example.jp/jpkimock/seed"
)

// Portal names the load that Drain is.
const Portal = "portal"

// Applications is how many there are, if nothing else is said, and partners to how many
// each goes.
const (
	Applications = 1000
	partners     = 5
)

// Drain starts a town at whose portal many signed applications wait, lets it deliver them
// to five partners each, who verify signature and certificate themselves, and writes how
// long that took. Meanwhile citizens sign in at the portal and read their pages.
func Drain(ctx context.Context, cfg Config, out io.Writer) error {
	if cfg.Applications < 1 || cfg.Clients < 1 {
		return fmt.Errorf("load: %d applications, %d clients: want at least one", cfg.Applications, cfg.Clients)
	}
	t, err := startTown(ctx, cfg.Program, "--movers", strconv.Itoa(cfg.Applications))
	if err != nil {
		return err
	}
	defer t.close()
	if err := t.rest(ctx); err != nil {
		return err
	}
	citizens, err := t.citizens(ctx, cfg.Clients)
	if err != nil {
		return err
	}
	operator, err := t.visitor()
	if err != nil {
		return err
	}
	key := []byte(`{"key":"` + seed.PortalStaffKey + `"}`)
	if _, err := t.ask(ctx, operator, http.MethodPost, t.URLs[Portal]+"/staff/signin", "application/json", key); err != nil {
		return err
	}
	n := cfg.Applications * partners
	before, err := t.processor()
	if err != nil {
		return err
	}
	began := time.Now()
	inUse, err := t.drains(ctx, operator, citizens)
	if err != nil {
		return fmt.Errorf("load: %s: %w", Portal, err)
	}
	took := time.Since(began)
	after, err := t.processor()
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "applications\tdeliveries\tseconds\t/s\tms of processor each\tsign-ins meanwhile\tp50 ms\tp95 ms\t")
	fmt.Fprintf(w, "%d\t%d\t%.1f\t%.0f\t%.2f\t%d\t%.2f\t%.2f\t\n", cfg.Applications, n, took.Seconds(), float64(n)/took.Seconds(),
		ms(after-before)/float64(n), inUse.answers, ms(inUse.share(0.5)), ms(inUse.share(0.95)))
	return w.Flush()
}

// glance is how often it is looked how many deliveries still wait.
const glance = 500 * time.Millisecond

// drains turns the clock, upon which the portal delivers, and has citizens use it until no
// delivery waits.
func (t *town) drains(ctx context.Context, operator *http.Client, citizens []call) (r result, err error) {
	if err := t.turnsTheClock(ctx, time.Minute); err != nil {
		return r, err
	}
	for {
		if err := r.add(ctx, t.answers(citizens), glance); err != nil {
			return r, err
		}
		if waiting, err := t.waiting(ctx, operator); err != nil || waiting == 0 {
			return r, err
		}
	}
}

// visitor is a client with cookies of its own.
func (t *town) visitor() (*http.Client, error) {
	jar, err := cookiejar.New(nil)
	return &http.Client{Jar: jar, Timeout: t.client.Timeout, Transport: t.client.Transport}, err
}

// citizens are those of the town who are enrolled at the portal, as many at once as
// clients.
func (t *town) citizens(ctx context.Context, clients int) ([]call, error) {
	var all []call
	var last error
	for _, p := range t.Personas {
		if p.State != seed.StateNormal || len(all) == clients {
			continue
		}
		c, err := t.visitor()
		if err != nil {
			return nil, err
		}
		in := func(ctx context.Context) (int, time.Duration, error) {
			return t.readsTheBox(ctx, c, p.Card, p.AuthenticationPIN)
		}
		n, _, err := in(ctx)
		if err == nil && n > 0 {
			all = append(all, in)
		}
		last = errors.Join(err, last)
	}
	if len(all) == 0 {
		return nil, errors.Join(errors.New("load: no resident of the town is enrolled at the portal"), last)
	}
	return all, nil
}

// readsTheBox is a sign-in at the portal and a look at three pages; aside is the card's time.
func (t *town) readsTheBox(ctx context.Context, c *http.Client, card, pin string) (answers int, aside time.Duration, err error) {
	var challenge struct{ Nonce, Origin string }
	at := t.URLs[Portal]
	if err := t.exchange(ctx, c, at+"/signin/challenge", struct{}{}, &challenge); err != nil {
		return 0, 0, err
	}
	began := time.Now()
	var token json.RawMessage
	err = t.exchange(ctx, c, t.URLs["card"]+"/v1/authenticate",
		map[string]string{"card": card, "pin": pin, "origin": challenge.Origin, "nonce": challenge.Nonce}, &token)
	aside = time.Since(began)
	if err != nil {
		return 0, 0, err
	}
	var in struct{ Enrolled bool }
	if err := t.exchange(ctx, c, at+"/signin", map[string]any{"token": token}, &in); err != nil || !in.Enrolled {
		return 0, 0, err
	}
	for _, page := range []string{"/me", "/partners", "/box"} {
		if _, err := t.ask(ctx, c, http.MethodGet, at+page, "", nil); err != nil {
			return 0, 0, err
		}
	}
	return 1, aside, nil
}

// waiting counts the deliveries that no partner has acknowledged.
func (t *town) waiting(ctx context.Context, operator *http.Client) (int, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, t.URLs[Portal]+"/staff", nil)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Accept", "application/json")
	body, err := send(operator, r)
	if err != nil {
		return 0, err
	}
	var figures struct{ Deliveries map[string]int }
	err = json.Unmarshal(body, &figures)
	return figures.Deliveries["waiting"], err
}

// turnsTheClock moves the town's clock on: the houses do what falls due.
func (t *town) turnsTheClock(ctx context.Context, by time.Duration) error {
	at := t.URLs["authority"] + "/clock"
	body, err := t.ask(ctx, t.client, http.MethodGet, at, "", nil)
	if err != nil {
		return err
	}
	var clock struct{ Now time.Time }
	if err := json.Unmarshal(body, &clock); err != nil {
		return err
	}
	to, err := json.Marshal(map[string]any{"now": clock.Now.Add(by)})
	if err != nil {
		return err
	}
	_, err = t.ask(ctx, t.client, http.MethodPut, at, "application/json", to)
	return err
}
