package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// ticks is how many times a second Linux counts a process's time.
const ticks = 100

// process is a server in a process of its own: its processor time does not include
// that of the clients.
type process struct{ *exec.Cmd }

// processor returns the processor time that the process and its children have used.
func (p process) processor() (time.Duration, error) {
	children, err := p.children()
	if err != nil {
		return 0, err
	}
	var sum time.Duration
	for _, pid := range append(children, p.Process.Pid) {
		used, err := processorOf(pid)
		if err != nil {
			return 0, err
		}
		sum += used
	}
	return sum, nil
}

func (p process) children() (all []int, err error) {
	said, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", p.Process.Pid))
	if err != nil {
		return nil, fmt.Errorf("load: the children of a process can only be read on Linux: %w", err)
	}
	for _, f := range strings.Fields(string(said)) {
		pid, err := strconv.Atoi(f)
		if err != nil {
			return nil, fmt.Errorf("load: /proc says %q", said)
		}
		all = append(all, pid)
	}
	return all, nil
}

// end interrupts the process, and waits for it.
func (p process) end() {
	_ = p.Process.Signal(os.Interrupt)
	_ = p.Wait()
}

// kill kills the process and its children.
func (p process) kill() {
	children, _ := p.children()
	_ = p.Process.Kill()
	for _, pid := range children {
		if child, err := os.FindProcess(pid); err == nil {
			_ = child.Kill()
		}
	}
	_ = p.Wait()
}

// processorOf reads the processor time of one process from /proc.
func processorOf(pid int) (time.Duration, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, fmt.Errorf("load: the processor time of a process can only be read on Linux: %w", err)
	}
	at := bytes.LastIndex(b, []byte(") ")) // the command's name may hold anything
	fields := strings.Fields(string(b[max(at, 0):]))
	if at < 0 || len(fields) < 15 {
		return 0, fmt.Errorf("load: /proc says %q", b)
	}
	var sum int
	for _, f := range fields[12:14] { // utime, stime
		n, err := strconv.Atoi(f)
		if err != nil {
			return 0, fmt.Errorf("load: /proc says %q", b)
		}
		sum += n
	}
	return time.Duration(sum) * time.Second / ticks, nil
}

// restTime is how long a process may take to become idle.
const restTime = 2 * time.Minute

// rest waits until the process has been idle for a while: a new town generates keys
// for cards, with pauses if the machine is busy.
func (p process) rest(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, restTime)
	defer cancel()
	last, err := p.processor()
	if err != nil {
		return err
	}
	still := 0
	return every(ctx, 500*time.Millisecond, func() (bool, error) {
		now, err := p.processor()
		if still++; now-last >= 20*time.Millisecond {
			still = 0
		}
		last = now
		return still == 3, err
	})
}

// every calls done at intervals until it returns true or an error.
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

// own returns the processor time that this process uses while f runs.
func own(f func() error) (time.Duration, error) {
	before, err := processorOf(os.Getpid())
	if err != nil {
		return 0, err
	}
	ferr := f()
	after, err := processorOf(os.Getpid())
	return after - before, errors.Join(ferr, err)
}
