package web_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	xocsp "golang.org/x/crypto/ocsp"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/db"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/simclock"
)

// entry is what the test itself believes of a certificate: what was
// acknowledged, and what was asked for and not yet answered.
type entry struct {
	kind   jpki.Kind
	serial jpki.SerialNumber

	mu      sync.Mutex
	acked   string // "unchanged", "suspended certificateHold", "changed keyCompromise"
	pending string
	version int
}

// allows reports whether an answer that was given while the entry had a version
// agrees with what was acknowledged before it was asked for.
func (e *entry) allows(said string, version int) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.version != version || said == e.acked || e.pending != "" && said == e.pending
}

func (e *entry) now() (string, int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.acked, e.version
}

// will notes what is about to be asked for; is notes that it was acknowledged.
func (e *entry) will(state string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.pending, e.version = state, e.version+1
}

func (e *entry) is(state string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.acked, e.pending, e.version = state, "", e.version+1
}

// model is the test's own model of every certificate.
type model struct {
	t       *testing.T
	entries []*entry
	issuers map[jpki.Kind]*x509.Certificate
	acked   atomic.Int64 // acts, altogether
	answers atomic.Int64 // answers that were compared
}

// newModel fills a store with a population and an accredited verifier.
func newModel(t *testing.T, path string, each int) *model {
	t.Helper()
	store, err := db.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	m := &model{t: t, issuers: map[jpki.Kind]*x509.Certificate{}}
	now := simclock.New().Now()
	var people []register.Certificate
	for kind, first := range map[jpki.Kind]int{sign: 0x0705D990, auth: 0x0A21C3F0} {
		for i := range each {
			serial := jpki.SerialNumber(fmt.Sprintf("%08X", first+i))
			people = append(people, register.Certificate{
				Kind: kind, Serial: serial, NotBefore: now, NotAfter: now.AddDate(5, 0, 0), Status: register.Status{State: register.Good, Since: now}, Delivered: true,
			})
			m.entries = append(m.entries, &entry{kind: kind, serial: serial, acked: "unchanged"})
		}
	}
	if err := store.Commit(context.Background(), authority.Change{Certificates: people}); err != nil {
		t.Fatal(err)
	}
	w := authoritytest.Open(t, "../testdata", func(c *authority.Config) { c.Store, c.PublicURL = store, "http://localhost:8081" })
	for _, kind := range jpki.Kinds() {
		m.issuers[kind] = w.CACertificate(kind)
	}
	w.Close()
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return m
}

// said reads the answer of a confirmation of one line.
func said(line []byte) string {
	var a struct{ State, Reason string }
	if json.Unmarshal(line, &a) != nil {
		return string(line)
	}
	return strings.TrimSpace(a.State + " " + a.Reason)
}

// confirm asks about certificates in one request.
func (c *child) confirm(entries ...*entry) ([]string, error) {
	var b strings.Builder
	for _, e := range entries {
		b.WriteString(line(e.kind, e.serial) + "\n")
	}
	status, body, err := c.post("/verifier/v1/confirmations?purpose=current-status", "application/x-ndjson", authoritytest.Key, b.String())
	if err != nil {
		return nil, err
	}
	lines := bytes.Split(bytes.TrimSpace(body), []byte("\n"))
	if status != 200 || len(lines) != len(entries) {
		return nil, fmt.Errorf("%d lines, status %d", len(lines), status)
	}
	var out []string
	for _, l := range lines {
		out = append(out, said(l))
	}
	return out, nil
}

// ocsp asks about one certificate.
func (c *child) ocsp(issuer *x509.Certificate, e *entry) (string, error) {
	der, err := xocsp.CreateRequest(&x509.Certificate{SerialNumber: e.serial.Big()}, issuer, nil)
	if err != nil {
		return "", err
	}
	_, body, err := c.post("/ocsp/"+e.kind.String(), "application/ocsp-request", authoritytest.Key, string(der))
	if err != nil {
		return "", err
	}
	answer, err := xocsp.ParseResponse(body, issuer)
	switch {
	case err != nil:
		return "", err
	case answer.Status == xocsp.Good:
		return "unchanged", nil
	case answer.RevocationReason == xocsp.CertificateHold:
		return "suspended certificateHold", nil
	}
	return "changed " + jpki.Reason(answer.RevocationReason).String(), nil
}

// settle compares the whole population with the model after a start: of what
// was never answered, either may be so, and from now on it stays.
func (m *model) settle(c *child) {
	m.t.Helper()
	all, err := c.confirm(m.entries...)
	if err != nil {
		m.t.Fatal(err)
	}
	for i, e := range m.entries {
		if _, version := e.now(); !e.allows(all[i], version) {
			m.t.Fatalf("%v %s: %q after the restart; acknowledged %q, asked for %q", e.kind, e.serial, all[i], e.acked, e.pending)
		}
		e.is(all[i])
	}
}

// next chooses an act that is possible, and what it leads to.
func next(r *rand.Rand, state string) (act, body, to string) {
	switch revoke := r.IntN(8) == 0; {
	case strings.HasPrefix(state, "changed"):
		return "resume", `{"why":"試験"}`, "" // must be refused
	case revoke:
		return "revoke", `{"reason":"keyCompromise","why":"試験"}`, "changed keyCompromise"
	case state == "unchanged":
		return "suspend", `{"why":"試験"}`, "suspended certificateHold"
	}
	return "resume", `{"why":"試験"}`, "unchanged"
}

// act does one random act on one of a worker's own certificates, and asks
// about it at once. It is false when the connection has broken.
func (m *model) act(c *child, r *rand.Rand, e *entry) bool {
	state, _ := e.now()
	act, body, to := next(r, state)
	if to != "" {
		e.will(to)
	}
	status, _, err := c.post(fmt.Sprintf("/counter/v1/certificates/%v/%s/%s", e.kind, e.serial, act), "application/json", officerKey, body)
	switch {
	case err != nil:
		return false
	case to == "" && status != 409:
		m.t.Errorf("%s: a revoked certificate, %s: %d", e.serial, act, status)
	case to != "" && status != 200:
		m.t.Errorf("%s: %s of %q: %d", e.serial, act, state, status)
	case to != "":
		e.is(to)
		m.acked.Add(1)
	}
	return m.look(c, r, e)
}

// look asks about a certificate and compares.
func (m *model) look(c *child, r *rand.Rand, e *entry) bool {
	_, version := e.now()
	var got string
	if r.IntN(8) == 0 {
		var err error
		if got, err = c.ocsp(m.issuers[e.kind], e); err != nil {
			return false
		}
	} else {
		answers, err := c.confirm(e)
		if err != nil {
			return false
		}
		got = answers[0]
	}
	m.answers.Add(1)
	if !e.allows(got, version) {
		m.t.Errorf("%v %s: answered %q, and %q was acknowledged", e.kind, e.serial, got, e.acked)
	}
	return true
}

const workers = 4

// round runs workers and readers on a child until it is killed, after so many
// acts.
func (m *model) round(c *child, seed uint64, acts int64) {
	until := m.acked.Load() + acts
	var all sync.WaitGroup
	for i := range workers {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		all.Go(func() {
			for {
				mine := m.entries[r.IntN(len(m.entries)/workers)*workers+i]
				if !m.act(c, r, mine) {
					return
				}
				if m.acked.Load() >= until {
					c.kill()
				}
			}
		})
		reader := rand.New(rand.NewPCG(seed, uint64(workers+i)))
		all.Go(func() {
			for m.look(c, reader, m.entries[reader.IntN(len(m.entries))]) {
			}
		})
	}
	all.Wait()
	c.wait()
}

// TestNothingAcknowledgedIsLost: random revocations, suspensions and releases
// under load, and kill -9 between them, 200 times (20 with the race detector,
// which makes a process ten times as slow to start and finds nothing in the
// two hundredth that it did not find in the twentieth).
func TestNothingAcknowledgedIsLost(t *testing.T) {
	rounds := suddenDeaths
	if testing.Short() {
		rounds = 10
	}
	path := filepath.Join(t.TempDir(), "authority.db")
	m := newModel(t, path, 600)
	for i := range rounds {
		c := startChild(t, path)
		m.settle(c)
		m.round(c, uint64(i), rand.Int64N(12))
		if t.Failed() {
			t.Fatalf("in round %d", i)
		}
	}
	c := startChild(t, path)
	m.settle(c)
	c.stop()
	t.Logf("%d acts acknowledged, %d answers compared", m.acked.Load(), m.answers.Load())
	if m.acked.Load() < int64(rounds)*3 || m.answers.Load() < m.acked.Load() {
		t.Error("that was no load")
	}
}

// counted gives what the ledger on the disk holds.
func counted(t *testing.T, path string) int64 {
	t.Helper()
	store, err := db.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	counts, err := store.Fees(context.Background(), "test-bank", "2000-01-01", "2999-12-31")
	if err != nil {
		t.Fatal(err)
	}
	var n int64
	for _, c := range counts {
		n += c.N
	}
	return n
}

// TestFeesAfterASuddenDeath: at most the last second is lost, and nothing is
// counted that was not answered or at least asked.
func TestFeesAfterASuddenDeath(t *testing.T) {
	path := filepath.Join(t.TempDir(), "authority.db")
	m := newModel(t, path, 50)
	c := startChild(t, path)
	spent := simclock.Stopwatch()
	var before int64 // answered up to a second before the end
	var asked, answered int64
	type mark struct {
		at time.Duration
		n  int64
	}
	var marks []mark
	for spent() < 1800*time.Millisecond {
		asked += int64(len(m.entries))
		if _, err := c.confirm(m.entries...); err != nil {
			t.Fatal(err)
		}
		answered += int64(len(m.entries))
		marks = append(marks, mark{spent(), answered})
	}
	end := spent()
	c.kill()
	c.wait()
	for _, k := range marks {
		if end-k.at >= time.Second {
			before = k.n
		}
	}
	if n := counted(t, path); n < before || n > asked || before == 0 {
		t.Errorf("%d on the disk; %d answered a second before the end, %d asked altogether", n, before, asked)
	}
}

func TestFeesAfterACleanStop(t *testing.T) {
	path := filepath.Join(t.TempDir(), "authority.db")
	m := newModel(t, path, 50)
	c := startChild(t, path)
	for range 5 {
		if _, err := c.confirm(m.entries...); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.ocsp(m.issuers[m.entries[0].kind], m.entries[0]); err != nil {
		t.Fatal(err)
	}
	c.stop()
	if n, want := counted(t, path), int64(5*len(m.entries)+1); n != want {
		t.Errorf("%d on the disk, want %d", n, want)
	}
}
