package load

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httputil"
	"os"
	"os/exec"
	"strings"
)

// BareCommand is the hidden subcommand of jpkimock that calls ServeBare. Run starts
// it.
const BareCommand = "bare-server"

// ServeBare reads one HTTP response from in and serves it to every request: net/http
// without a router, middleware or time limits. It writes its address to out, and
// returns when in ends.
func ServeBare(in io.Reader, out io.Writer) error {
	read := bufio.NewReader(in)
	recorded, err := http.ReadResponse(read, nil)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(recorded.Body)
	if err != nil {
		return err
	}
	delete(recorded.Header, "Content-Length") // net/http writes it, as for the town
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		maps.Copy(w.Header(), recorded.Header)
		_, _ = w.Write(body)
	})}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "http://%s\n", l.Addr())
	go func() {
		_, _ = io.Copy(io.Discard, read)
		_ = server.Close()
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// bare asks a bare server, as remembered asks the town, for the octets of the town's
// OCSP answer.
func bare(ctx context.Context, f *field, clients int) (*answering, error) {
	q, err := f.question(ctx)
	if err != nil {
		return nil, err
	}
	octets, err := f.town.recorded(ctx, q)
	if err != nil {
		return nil, err
	}
	a, url, err := startBare(f.program, octets)
	if err != nil {
		return nil, err
	}
	q.url = url
	a.calls = same(f.town.asked(q), clients)
	return a, nil
}

// startBare starts a bare server with a response, and returns its address.
func startBare(program string, octets []byte) (*answering, string, error) {
	p := process{exec.Command(program, BareCommand)}
	p.Stderr = os.Stderr
	in, err := p.StdinPipe()
	if err != nil {
		return nil, "", err
	}
	out, err := p.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	if err := p.Start(); err != nil {
		return nil, "", err
	}
	a := &answering{by: p, close: func() { _ = in.Close(); _ = p.Wait() }}
	url := ""
	if _, err = in.Write(octets); err == nil {
		url, err = bufio.NewReader(out).ReadString('\n')
	}
	if err != nil {
		a.close()
		return nil, "", fmt.Errorf("the bare server does not answer: %w", err)
	}
	return a, strings.TrimSpace(url), nil
}

// recorded returns the town's response to a question, header and body.
func (t *town) recorded(ctx context.Context, q question) ([]byte, error) {
	r, err := q.request(ctx)
	if err != nil {
		return nil, err
	}
	resp, err := t.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return httputil.DumpResponse(resp, true)
}
