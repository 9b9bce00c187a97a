package web_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/db"
	"example.jp/jpkimock/authority/web"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/simclock"
)

// childStore tells the test binary to be an authority on a store.
const childStore = "JPKIMOCK_TEST_AUTHORITY"

// TestChildAuthority is no test: it is the authority that other tests start as
// a process of its own, so that it can be killed. It ends in good order when
// its standard input does.
func TestChildAuthority(t *testing.T) {
	path := os.Getenv(childStore)
	if path == "" {
		t.Skip("started by other tests only")
	}
	store, err := db.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	clock := simclock.New()
	a, err := authority.New(context.Background(), authority.Config{
		Now: clock.Now, Store: store, Keys: authoritytest.Keys{Folder: "../testdata"}, PublicURL: "http://localhost:8081",
	})
	if err != nil {
		t.Fatal(err)
	}
	h, err := web.New(web.Config{Authority: a, Clock: clock, OfficerKey: officerKey, PublicURL: "http://localhost:8081", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := door.Server(h)
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	fmt.Println("listening on", l.Addr())
	_, _ = io.Copy(io.Discard, os.Stdin) // until the parent closes it
	if err := server.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
	a.Close()
	if err := store.Close(); err != nil {
		t.Error(err)
	}
}

// child is a running authority.
type child struct {
	t      testing.TB
	cmd    *exec.Cmd
	stdin  io.Closer
	client *http.Client
	url    string
}

func startChild(t testing.TB, path string) *child {
	t.Helper()
	c := &child{t: t, cmd: exec.Command(os.Args[0], "-test.run=^TestChildAuthority$"), client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}}
	c.cmd.Env = append(os.Environ(), childStore+"="+path)
	c.cmd.Stderr = os.Stderr
	stdin, err := c.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.stdin = stdin
	stdout, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.cmd.Process.Kill() }) // unless it has ended
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if address, ok := strings.CutPrefix(lines.Text(), "listening on "); ok {
			c.url = "http://" + address
			return c
		}
	}
	t.Fatal("the child did not start")
	return nil
}

// kill ends the process without a word to it.
func (c *child) kill() { _ = c.cmd.Process.Kill() }

// wait waits for the end of a killed process.
func (c *child) wait() {
	_ = c.cmd.Wait() // it says that it was killed
	c.client.CloseIdleConnections()
}

// stop ends the process in good order.
func (c *child) stop() {
	c.t.Helper()
	if err := errors.Join(c.stdin.Close(), c.cmd.Wait()); err != nil {
		c.t.Fatal(err)
	}
}

// post sends a request and gives status and body; an error is a connection
// that broke before the whole answer had come.
func (c *child) post(path, contentType, key, body string) (int, []byte, error) {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, c.url+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Authorization", "Bearer "+key)
	resp, err := c.client.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	read, err := io.ReadAll(resp.Body)
	return resp.StatusCode, read, err
}
