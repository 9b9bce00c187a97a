//go:build unix

// Package pcsctest runs Debian's pcscd with virtual readers (vsmartcard-vpcd) for
// tests, so that OpenSC and every other PC/SC program can be tried against a card of
// this project. The daemon is a test's own: its socket lies in a temporary folder, by a
// mount namespace of its own, and its readers listen on ports that no test is given.
package pcsctest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Slots is how many readers a daemon has: the slots of one vpcd.
const Slots = 2

// Module is OpenSC's PKCS#11 module.
const Module = "opensc-pkcs11.so"

// Daemon is a pcscd with Slots virtual readers, for a test.
type Daemon struct {
	t testing.TB
	*process
}

// At is the daemon for a subtest.
func (d *Daemon) At(t testing.TB) *Daemon { return &Daemon{t, d.process} }

// Lacks skips the test, with a sentence, for something that is missing; with CI=true it
// fails.
func (d *Daemon) Lacks(what string) {
	d.t.Helper()
	lacks(d.t, what)
}

// Until asks for a state until it is there, as long as a slow machine may need.
func (d *Daemon) Until(there func() error) {
	d.t.Helper()
	must(d.t, d.until(there))
}

// process is the daemon itself.
type process struct {
	dir     string   // a folder of its own
	sockets string   // the folder of its socket, mostly the same
	port    int      // of the first reader
	enter   []string // starts a program that has it where pcscd looks
	cmd     *exec.Cmd
	log     lockedBuffer
	exited  chan error
}

// Start starts a daemon that ends with the test. Where its programs are missing, or
// where a process may have no mount namespace of its own, the test is skipped with a
// sentence; with CI=true it fails.
func Start(t testing.TB, programs ...string) *Daemon {
	t.Helper()
	path := "/usr/bin:/usr/sbin:" + os.Getenv("PATH") // sbin is not on everybody's path
	t.Setenv("PATH", path)
	for _, program := range append([]string{"pcscd", "opensc-tool"}, programs...) {
		if _, err := exec.LookPath(program); err != nil {
			lacks(t, err.Error()+"; see e2e/setup.sh programs")
		}
	}
	if drivers, _ := filepath.Glob("/usr/lib/pcsc/drivers/serial/libifdvpcd.so"); drivers == nil {
		lacks(t, "vsmartcard-vpcd is not installed; see e2e/setup.sh programs")
	}
	// Not t.TempDir: the address of a socket has at most 107 octets.
	dir, err := os.MkdirTemp("", "pcsc")
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	d := &Daemon{t, &process{dir: dir, sockets: dir}}
	d.enter = d.namespace()
	d.start()
	t.Cleanup(d.Stop)
	return d
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func lacks(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// shared is where pcscd has its socket unless it is given another place.
const shared = "/run/pcscd"

// inside mounts a folder ($0) where pcscd has its socket and runs what follows. /run is
// hidden first: on it others than root make no folder.
const inside = `mount -t tmpfs none /run && mkdir /run/pcscd && mount --bind "$0" /run/pcscd && exec "$@"`

// namespace returns the words that start a program with a /run/pcscd of its own.
func (d *Daemon) namespace() []string {
	var said bytes.Buffer
	for _, enter := range [][]string{{"unshare", "-m"}, {"unshare", "-r", "-m"}} {
		words := append(enter, "sh", "-c", inside, d.dir)
		try := exec.Command(words[0], append(words[1:], "true")...)
		try.Stdout, try.Stderr = &said, &said
		if try.Run() == nil {
			return words
		}
	}
	if d.alone() {
		return nil
	}
	lacks(d.t, "pcscd needs a mount namespace of its own: "+said.String())
	return nil
}

// alone makes this daemon the machine's own, as root in a container that may not mount:
// one after the other with those of other tests, and only where no other runs.
func (d *Daemon) alone() bool {
	lock, err := os.OpenFile(filepath.Join(os.TempDir(), "jpkimock-pcscd.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	must(d.t, err)
	d.t.Cleanup(func() { _ = lock.Close() })
	must(d.t, syscall.Flock(int(lock.Fd()), syscall.LOCK_EX))
	if _, err := net.Dial("unix", filepath.Join(shared, "pcscd.comm")); err == nil || os.Getuid() != 0 {
		return false
	}
	_ = os.Remove(filepath.Join(shared, "pcscd.comm"))
	d.sockets = shared
	return true
}

// Ports above those that Linux gives whoever asks for any port.
const firstPort, lastPort = 61000, 65500

// start starts the daemon on the ports it had, or on free ones the first time.
func (d *Daemon) start() {
	d.t.Helper()
	if d.port != 0 {
		must(d.t, d.listen())
		return
	}
	var err error
	for range 20 {
		d.port = firstPort + rand.IntN(lastPort-firstPort)
		if !free(d.port) || !free(d.port+1) {
			continue
		}
		if err = d.listen(); err == nil {
			return
		}
		d.Stop()
	}
	d.t.Fatalf("pcscd has no readers: %v\n%s", err, d.log.String())
}

func free(port int) bool {
	l, err := net.Listen("tcp", fmt.Sprintf(":%d", port))
	if err == nil {
		_ = l.Close()
	}
	return err == nil
}

// listen starts the daemon and waits until its readers listen.
func (d *Daemon) listen() error {
	conf := filepath.Join(d.dir, "reader.conf")
	text := fmt.Sprintf("FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:0x%04X\nLIBPATH /usr/lib/pcsc/drivers/serial/libifdvpcd.so\nCHANNELID 0x%04X\n", d.port, d.port)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		return err
	}
	words := append(slices.Clone(d.enter), "pcscd", "--foreground", "--auto-exit", "--config", conf)
	d.cmd, d.exited = exec.Command(words[0], words[1:]...), make(chan error, 1)
	d.cmd.Stdout, d.cmd.Stderr = &d.log, &d.log
	if err := d.cmd.Start(); err != nil {
		return err
	}
	go func(cmd *exec.Cmd, exited chan error) { exited <- cmd.Wait() }(d.cmd, d.exited)
	return d.until(func() error {
		if strings.Contains(d.log.String(), "init failed") {
			return errors.New("the readers' ports are taken")
		}
		_, err := os.Stat(d.socket())
		return err
	})
}

func (d *Daemon) socket() string { return filepath.Join(d.sockets, "pcscd.comm") }

// patience is how long a state may take to come on a slow machine.
const patience = 20 * time.Second

// until asks for a state until it is there.
func (d *Daemon) until(there func() error) error {
	ctx, cancel := context.WithTimeout(d.t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		err := there()
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case exit := <-d.exited:
			d.exited <- exit
			return fmt.Errorf("pcscd ended: %w: %s", exit, d.log.String())
		case <-ctx.Done():
			return err
		}
	}
}

// Stop ends the daemon. SIGTERM ends it in milliseconds; SIGINT may take seconds.
func (d *Daemon) Stop() {
	if d.cmd == nil {
		return
	}
	_ = d.cmd.Process.Signal(syscall.SIGTERM)
	late := time.AfterFunc(patience, func() { _ = d.cmd.Process.Kill() })
	<-d.exited
	late.Stop()
	d.cmd = nil
	_ = os.Remove(d.socket())
}

// Restart ends the daemon and starts it again, with the same readers.
func (d *Daemon) Restart() {
	d.t.Helper()
	d.Stop()
	d.start()
}

// Address returns where the driver of a reader, 0 and up, waits for its card.
func (d *Daemon) Address(slot int) string { return fmt.Sprintf("127.0.0.1:%d", d.port+slot) }

// Name returns the PC/SC name of a reader.
func (d *Daemon) Name(slot int) string { return fmt.Sprintf("Virtual PCD 00 %02d", slot) }

// Environ is what a program needs to find the daemon: NAME=value.
func (d *Daemon) Environ() []string { return []string{"PCSCLITE_CSOCK_NAME=" + d.socket()} }

// Runs runs a program of PC/SC and returns all that it says, and how it ended.
func (d *Daemon) Runs(program string, args ...string) (string, error) {
	return d.RunsWith(nil, program, args...)
}

// RunsWith is Runs with further variables of the environment. OpenSC is told that the
// card is JPKI's: it tries other cards' drivers first otherwise, which takes longer.
func (d *Daemon) RunsWith(env []string, program string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(d.t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = d.dir
	cmd.Env = append(append(append(os.Environ(), "OPENSC_DRIVER=jpki", "LC_ALL=C"), d.Environ()...), env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// Says fails the test unless a program succeeds and says all of the texts.
func (d *Daemon) Says(texts []string, program string, args ...string) string {
	d.t.Helper()
	out, err := d.Runs(program, args...)
	if err != nil {
		d.t.Fatalf("%s %v: %v\n%s", program, args, err, out)
	}
	for _, text := range texts {
		if !strings.Contains(out, text) {
			d.t.Errorf("%s %v does not say %q:\n%s", program, args, text, out)
		}
	}
	return out
}

// SeesCard waits until PC/SC programs see a card in a reader, and it answers as a JPKI
// card. pcscd believes for a while in a card that has gone, and opensc-tool --wait misses
// one that comes between its look and its waiting.
func (d *Daemon) SeesCard(slot int) {
	d.t.Helper()
	d.Until(func() error {
		return d.opens("there is no card", slot, "--send-apdu", "00A4040C0AD392F000260100000001")
	})
}

// SeesATR waits until they see one with this answer to reset ("3b:8f:…").
func (d *Daemon) SeesATR(slot int, atr string) {
	d.t.Helper()
	d.Until(func() error {
		out, err := d.Runs("opensc-tool", "--reader", fmt.Sprint(slot), "--atr")
		if err == nil && !strings.Contains(out, atr) {
			err = errors.New("another card")
		}
		return err
	})
}

// SeesNoCard waits until they see none.
func (d *Daemon) SeesNoCard(slot int) {
	d.t.Helper()
	d.Until(func() error {
		if d.opens("", slot, "--atr") == nil {
			return fmt.Errorf("there is a card in reader %d", slot)
		}
		return nil
	})
}

// opens returns an error unless opensc-tool reaches a card in a reader.
func (d *Daemon) opens(otherwise string, slot int, args ...string) error {
	out, err := d.Runs("opensc-tool", append([]string{"--reader", fmt.Sprint(slot)}, args...)...)
	if err != nil {
		return fmt.Errorf("%s in reader %d: %w: %s", otherwise, slot, err, out)
	}
	return nil
}

// lockedBuffer is written by a process and read meanwhile.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write appends to the buffer.
func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

// String returns what was written.
func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
