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

// BareCommand is the subcommand under which this program serves ServeBare. It is
// for Run alone.
const BareCommand = "bare-server"

// ServeBare reads one HTTP answer and gives it to everybody: net/http, no router,
// no middleware and no time limits. It says its address first, and ends when its
// input does.
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

// bare asks a bare server for the octets of an OCSP answer of the town, as
// remembered asks the town.
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

// startBare starts a bare server with an answer, and gives its address.
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

// recorded gives the town's answer to a question, header and body.
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
