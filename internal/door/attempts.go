package door

import (
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/ui"
)

// MaxWrongKeys is how many wrong keys one address may send in AttemptsTime.
// From then on no key of it is looked at, the right one included, until that
// time is over.
const (
	MaxWrongKeys = 5
	AttemptsTime = time.Minute
)

// maxSources bounds the addresses that are remembered. While all places are
// taken, those that come besides count as one.
const maxSources = 10_000

// Attempts counts the wrong keys at a sign-in of staff, by the address they
// come from. A house has one for all its ways to give the key:
//
//	right := isStaffKey(c.FormValue("key"))
//	if err := w.attempts.Allow(c, right); err != nil {
//		return err // leaves as 429 with Retry-After
//	}
//
// Time is the house's own.
type Attempts struct {
	now func() time.Time
	mu  sync.Mutex
	all map[netip.Prefix]*tries
	// cleared is when those that are over were last dropped.
	cleared time.Time
}

// tries are the wrong keys of one address since a time.
type tries struct {
	since time.Time
	wrong int
}

func (t *tries) over(now time.Time) bool {
	return now.Before(t.since) || now.Sub(t.since) >= AttemptsTime
}

// NewAttempts returns a count of nothing.
func NewAttempts(now func() time.Time) *Attempts {
	return &Attempts{now: now, all: map[netip.Prefix]*tries{}}
}

// Allow takes note of a key that came with a request, and says whether it may
// be judged at all: a *TooManyAttempts for one key too many. It counts before
// it answers, so that keys sent at once are no more than keys sent in turn.
func (a *Attempts) Allow(c echo.Context, right bool) error {
	now := a.now()
	a.mu.Lock()
	defer a.mu.Unlock()
	t := a.of(source(c.RealIP()), now)
	if t.wrong >= MaxWrongKeys {
		e := &TooManyAttempts{Wait: AttemptsTime - now.Sub(t.since), page: c.Request().URL.Path}
		c.Response().Header().Set("Retry-After", strconv.Itoa(e.seconds()))
		return e
	}
	if !right {
		t.wrong++
	}
	return nil
}

// of finds the tries of a source, or begins them.
func (a *Attempts) of(from netip.Prefix, now time.Time) *tries {
	if now.Sub(a.cleared).Abs() >= AttemptsTime {
		maps.DeleteFunc(a.all, func(_ netip.Prefix, t *tries) bool { return t.over(now) })
		a.cleared = now
	}
	t := a.all[from]
	if t == nil && len(a.all) >= maxSources {
		from = netip.Prefix{}
		t = a.all[from]
	}
	if t == nil || t.over(now) {
		t = &tries{since: now}
		a.all[from] = t
	}
	return t
}

// source gives what counts as one sender: an IPv4 address, or the 64 bits of an
// IPv6 address that a network gives to one customer.
func source(address string) netip.Prefix {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return netip.Prefix{}
	}
	ip, bits := ip.Unmap().WithZone(""), 32
	if ip.Is6() {
		bits = 64
	}
	p, _ := ip.Prefix(bits) // the bits fit the address
	return p
}

// TooManyAttempts is the refusal of a key after too many wrong ones. It leaves as
// 429 too_many_attempts.
type TooManyAttempts struct {
	Wait time.Duration // until a key is looked at again
	page string
}

func (e *TooManyAttempts) Error() string {
	return fmt.Sprintf("door: too many wrong keys: no key is taken for %d s", e.seconds())
}

func (e *TooManyAttempts) seconds() int { return int(math.Ceil(e.Wait.Seconds())) }

// problem is the refusal for programs.
func (e *TooManyAttempts) problem() Problem {
	return Problem{
		Status: http.StatusTooManyRequests, Code: "too_many_attempts", Detail: e.Error(),
		Extra: map[string]any{"retryAfterSeconds": e.seconds()},
	}
}

// Refusal is the page for people.
func (e *TooManyAttempts) Refusal() ui.Refusal {
	return ui.Refusal{
		Status: http.StatusTooManyRequests, Code: "too_many_attempts", Title: tooManyKeys.title,
		Body: ui.Text{JA: fmt.Sprintf(tooManyKeys.body.JA, MaxWrongKeys, e.seconds()), EN: fmt.Sprintf(tooManyKeys.body.EN, MaxWrongKeys, e.seconds())},
		Next: []ui.Link{{Text: signInAgain, Href: e.page, Primary: true}},
	}
}
