package conformtool

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// How long a target may take to answer after its start, and how often it is asked.
const (
	startTime  = time.Minute
	startPause = 200 * time.Millisecond
)

// ErrNoTarget says that the target did not answer in time.
var ErrNoTarget = errors.New("the target does not answer")

// startTarget starts the target if there is a command for it, and waits until it answers at all.
func (t *tool) startTarget(ctx context.Context, env []string) (end func(), err error) {
	if t.run == "" {
		return func() {}, nil
	}
	running, stop := context.WithCancel(ctx)
	command := t.run
	if !strings.ContainsAny(command, ";&|\n") && !strings.HasPrefix(command, "exec ") {
		command = "exec env " + command // so that what is ended is the target, and not its shell; env takes PORT=9001 before it
	}
	cmd := exec.CommandContext(running, "sh", "-c", command)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Start(); err != nil {
		stop()
		return nil, err
	}
	gone := make(chan struct{})
	var waits sync.WaitGroup
	waits.Go(func() {
		_ = cmd.Wait() // it is ended at the end; before that, it answers no more
		close(gone)
	})
	end = func() {
		stop()
		waits.Wait()
	}
	if err := t.await(running, gone); err != nil {
		end()
		return nil, err
	}
	return end, nil
}

// await asks the target until it answers.
func (t *tool) await(ctx context.Context, gone <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, t.target, nil)
		if err != nil {
			return err
		}
		if answer, err := http.DefaultClient.Do(r); err == nil {
			return answer.Body.Close()
		}
		select {
		case <-gone:
			return ErrNoTarget
		case <-ctx.Done():
			return ErrNoTarget
		case <-time.After(startPause):
		}
	}
}
