package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"example.jp/jpkimock/internal/ecosystem"
)

// town is a town in a process of its own.
type town struct {
	ecosystem.Ready
	process
	dir    string
	client *http.Client
}

// startTown starts a town of its own on free ports, and returns when every
// house answers. Further arguments are flags of "up".
func startTown(ctx context.Context, program string, flags ...string) (*town, error) {
	dir, err := os.MkdirTemp("", "jpkimock-load-")
	if err != nil {
		return nil, err
	}
	ready := filepath.Join(dir, "ready.json")
	args := append([]string{"up", "--ephemeral", "--base-port", "0"}, flags...)
	t := &town{dir: dir, process: process{exec.Command(program, append(args, "--ready-file", ready)...)}}
	t.client = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 256}}
	t.Stderr = os.Stderr
	if err := t.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := t.read(ctx, ready); err != nil {
		t.close()
		return nil, fmt.Errorf("load: the town does not answer: %w", err)
	}
	return t, nil
}

// startTime is how long a town may take to start: a million people are planted in it.
const startTime = 15 * time.Minute

// read waits for the ready file, which is written whole.
func (t *town) read(ctx context.Context, path string) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
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
	t.end()
	_ = os.RemoveAll(t.dir)
}
