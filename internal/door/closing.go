package door

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

type closingKey struct{}

// closing ends what would hold up the shutdown of a server: it waits for every
// request, for five seconds for a new connection that has not sent one, and for as
// long as a body takes to arrive.
type closing struct {
	begun chan struct{}

	mu      sync.Mutex
	fresh   map[net.Conn]struct{} // no request of theirs has been read
	reading map[*http.ResponseController]struct{}
}

// closes lets the handlers of a server know when it begins to shut down, and then
// ends what is half read.
func closes(s *http.Server) *http.Server {
	c := &closing{begun: make(chan struct{}), fresh: map[net.Conn]struct{}{}, reading: map[*http.ResponseController]struct{}{}}
	s.BaseContext = func(net.Listener) context.Context {
		return context.WithValue(context.Background(), closingKey{}, c)
	}
	s.ConnState = c.follow
	s.RegisterOnShutdown(sync.OnceFunc(c.begin))
	return s
}

// follow keeps the connections from which no request has been read.
func (c *closing) follow(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if state == http.StateNew {
		c.fresh[conn] = struct{}{}
		return
	}
	delete(c.fresh, conn)
}

func (c *closing) begin() {
	close(c.begun)
	c.mu.Lock()
	defer c.mu.Unlock()
	for conn := range c.fresh {
		_ = conn.Close()
	}
	for r := range c.reading {
		_ = r.SetReadDeadline(past)
	}
}

// past is a time at which a read is over at once.
var past = time.Unix(1, 0)

// interruptible lets a shutdown end the reading of a request's body, until read is
// called.
func interruptible(w http.ResponseWriter, r *http.Request) (read func()) {
	c, ok := r.Context().Value(closingKey{}).(*closing)
	if !ok {
		return func() {}
	}
	control := http.NewResponseController(w)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reading[control] = struct{}{}
	select {
	case <-c.begun:
		_ = control.SetReadDeadline(past)
	default:
	}
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.reading, control)
	}
}

// Closing is closed when the server of a request begins to shut down: a handler
// that waits answers then at once. For a request that came through another
// server than that of Server it never is.
func Closing(ctx context.Context) <-chan struct{} {
	c, ok := ctx.Value(closingKey{}).(*closing)
	if !ok {
		return nil
	}
	return c.begun
}
