package door

import (
	"context"
	"net"
	"net/http"
	"sync"
)

type closingKey struct{}

// closes lets the handlers of a server know when it begins to shut down. A
// shutdown waits for every request; without this one that waits for something
// to happen would hold it up.
func closes(s *http.Server) *http.Server {
	closing := make(chan struct{})
	s.BaseContext = func(net.Listener) context.Context {
		return context.WithValue(context.Background(), closingKey{}, closing)
	}
	s.RegisterOnShutdown(sync.OnceFunc(func() { close(closing) }))
	return s
}

// Closing is closed when the server of a request begins to shut down: a handler
// that waits answers then at once. For a request that came through another
// server than that of Server it never is.
func Closing(ctx context.Context) <-chan struct{} {
	c, _ := ctx.Value(closingKey{}).(chan struct{})
	return c
}
