package load

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ecosystem"
	"example.jp/jpkimock/seed"
)

// ticks is how many times a second Linux counts a process's time.
const ticks = 100

// town is the process under load.
type town struct {
	ecosystem.Ready
	dir     string
	process *exec.Cmd
	client  *http.Client
}

// startTown starts a town of its own on free ports, and returns when every
// house answers.
func startTown(ctx context.Context, program string) (*town, error) {
	dir, err := os.MkdirTemp("", "jpkimock-load-")
	if err != nil {
		return nil, err
	}
	ready := filepath.Join(dir, "ready.json")
	t := &town{dir: dir, process: exec.Command(program, "up", "--ephemeral", "--base-port", "0", "--ready-file", ready)}
	t.client = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 256}}
	t.process.Stderr = os.Stderr
	if err := t.process.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := t.read(ctx, ready); err != nil {
		t.close()
		return nil, fmt.Errorf("load: the town does not answer: %w", err)
	}
	return t, nil
}

// read waits for the ready file, which is written whole.
func (t *town) read(ctx context.Context, path string) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	return every(ctx, 10*time.Millisecond, func() (bool, error) {
		b, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) {
			return false, nil
		}
		if err == nil {
			err = json.Unmarshal(b, &t.Ready)
		}
		return true, err
	})
}

// close ends the town.
func (t *town) close() {
	_ = t.process.Process.Signal(os.Interrupt)
	_ = t.process.Wait()
	_ = os.RemoveAll(t.dir)
}

// processor is what the town has used of every processor so far.
func (t *town) processor() (time.Duration, error) { return processorOf(t.process.Process.Pid) }

// processorOf reads it from what Linux says of a process.
func processorOf(pid int) (time.Duration, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, fmt.Errorf("load: the processor time of another process is read where Linux shows it: %w", err)
	}
	_, rest, ok := strings.Cut(string(b), ") ") // the command's name may hold spaces
	fields := strings.Fields(rest)
	if !ok || len(fields) < 13 {
		return 0, fmt.Errorf("load: /proc says %q", b)
	}
	var sum int
	for _, f := range fields[11:13] { // utime, stime
		n, err := strconv.Atoi(f)
		if err != nil {
			return 0, fmt.Errorf("load: /proc says %q", b)
		}
		sum += n
	}
	return time.Duration(sum) * time.Second / ticks, nil
}

// restTime is how long the town may take to fill its pool of keys.
const restTime = 2 * time.Minute

// rest waits until the town does nothing by itself any more: at the start it
// makes keys for the cards to come.
func (t *town) rest(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, restTime)
	defer cancel()
	last, err := t.processor()
	if err != nil {
		return err
	}
	return every(ctx, 500*time.Millisecond, func() (bool, error) {
		now, err := t.processor()
		still := now-last < 20*time.Millisecond
		last = now
		return still, err
	})
}

// every asks again and again until it is done.
func every(ctx context.Context, d time.Duration, done func() (bool, error)) error {
	tick := time.NewTicker(d)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		if ok, err := done(); ok || err != nil {
			return err
		}
	}
}

// bareSignatures gives how many signatures with nothing around them one
// processor makes in a second.
func bareSignatures(ctx context.Context, d time.Duration) (float64, error) {
	key, err := seed.Key("responder", jpki.UserAuthentication)
	if err != nil {
		return 0, err
	}
	digest := sha256.Sum256([]byte("a bare signature"))
	used, err := processorOf(os.Getpid())
	if err != nil {
		return 0, err
	}
	began, n := time.Now(), 0
	for ; time.Since(began) < d; n++ {
		if _, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:]); err != nil {
			return 0, err
		}
	}
	after, err := processorOf(os.Getpid())
	return float64(n) / (after - used).Seconds(), errors.Join(err, ctx.Err())
}
