package places

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ecosystem/townca"
	"example.jp/jpkimock/internal/ready"
	"example.jp/jpkimock/internal/trust"
)

// CertificatePath is where each house gives the certificate of the town's CA of TLS, by http.
const CertificatePath = "/tls-ca.pem"

// useTLS makes the certificates of a town whose houses answer by https, and lets this program's
// own requests trust them.
func (t *Town) useTLS(c Config) (err error) {
	if !c.TLS {
		return nil
	}
	hosts := slices.Clone(c.Hosts)
	if ip := net.ParseIP(c.Listen); c.Listen != "" && (ip == nil || !ip.IsUnspecified()) {
		hosts = append(hosts, c.Listen)
	}
	for _, urls := range []map[string]string{c.Public, c.Peer} {
		for _, address := range urls {
			if u, err := url.Parse(address); err == nil && u.Hostname() != "" && !slices.Contains(hosts, u.Hostname()) {
				hosts = append(hosts, u.Hostname())
			}
		}
	}
	if t.certificates, err = townca.Open(c.Folder, hosts); err != nil {
		return err
	}
	return trust.Add(t.certificates.CA)
}

// Certificate is what the ready file says of TLS; nil without it.
func (t *Town) Certificate() *ready.TLS {
	if t == nil || t.certificates == nil {
		return nil
	}
	return &ready.TLS{CA: string(t.certificates.CA), File: t.certificates.File}
}

// scheme is that of the houses' URLs.
func (c Config) scheme() string {
	if c.TLS {
		return "https"
	}
	return "http"
}

// status gives what certificates name in place of a house's public URL: the same address by http,
// where houses answer by both (RFC 5280 §8).
func (c Config) status(public string) string {
	if rest, ok := strings.CutPrefix(public, "https://"); ok && c.TLS {
		return "http://" + rest
	}
	return public
}

// newServer is a server for one house, or for the management interface.
func (t *Town) newServer(to http.Handler) *http.Server {
	s := door.Server(to)
	if t.certificates != nil {
		s.TLSConfig = t.certificates.Config()
	}
	return s
}

// answer serves one listener of a server.
func (t *Town) answer(server *http.Server, l net.Listener) error {
	if t.certificates == nil {
		return server.Serve(l)
	}
	both := divide(l)
	plain := make(chan error, 1)
	go func() { plain <- server.Serve(both.plain) }()
	err := server.ServeTLS(both.tls, "", "")
	<-plain
	return err
}

// before stands in front of a house that answers by https: by http it gives the CA's certificate
// and what RFC 5280 §8 wants given so, leads a reader on, and takes nothing.
func (t *Town) before(p *Place, house http.Handler) http.Handler {
	if t.certificates == nil {
		return house
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		open := slices.ContainsFunc(p.plain, func(under string) bool { return strings.HasPrefix(r.URL.Path, under) })
		switch {
		case r.URL.Path == CertificatePath && r.Method == http.MethodGet:
			w.Header().Set("Content-Type", "application/x-pem-file")
			_, _ = w.Write(t.certificates.CA) // who does not listen asks again
		case r.TLS != nil || open:
			house.ServeHTTP(w, r)
		case r.Method == http.MethodGet || r.Method == http.MethodHead:
			http.Redirect(w, r, p.Public+r.URL.RequestURI(), http.StatusPermanentRedirect)
		default:
			http.Error(w, "this address takes requests by https alone: "+p.Public, http.StatusBadRequest)
		}
	})
}

// firstByte is how long a connection may say nothing.
const firstByte = 5 * time.Second

// divided is a listener whose connections go two ways: those that begin a TLS handshake, and the
// others.
type divided struct{ tls, plain *way }

func divide(l net.Listener) divided {
	shut := sync.OnceValue(l.Close)
	d := divided{tls: newWay(l, shut), plain: newWay(l, shut)}
	go func() {
		defer d.tls.end()
		defer d.plain.end()
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go d.lead(c)
		}
	}()
	return d
}

// handshake is the type of the first record of TLS (RFC 8446 §5.1).
const handshake = 22

// lead looks at the first octet of a connection.
func (d divided) lead(c net.Conn) {
	late := time.AfterFunc(firstByte, func() { _ = c.Close() })
	first := make([]byte, 1)
	_, err := c.Read(first)
	late.Stop()
	if err != nil {
		_ = c.Close()
		return
	}
	to := d.plain
	if first[0] == handshake {
		to = d.tls
	}
	select {
	case to.connections <- &begun{Conn: c, first: first}:
	case <-to.over:
		_ = c.Close()
	}
}

// way is a listener of one kind of connections.
type way struct {
	net.Listener
	connections chan net.Conn
	over        chan struct{}
	end         func()
	shut        func() error // the listener of both, once
}

func newWay(l net.Listener, shut func() error) *way {
	over := make(chan struct{})
	return &way{Listener: l, connections: make(chan net.Conn), over: over, end: sync.OnceFunc(func() { close(over) }), shut: shut}
}

// Accept gives the next connection of the kind.
func (w *way) Accept() (net.Conn, error) {
	select {
	case c := <-w.connections:
		return c, nil
	case <-w.over:
		return nil, net.ErrClosed
	}
}

// Close closes both ways.
func (w *way) Close() error {
	w.end()
	return w.shut()
}

// begun is a connection whose first octet was read.
type begun struct {
	net.Conn
	first []byte
}

// Read gives the first octet first.
func (b *begun) Read(p []byte) (int, error) {
	if len(b.first) > 0 && len(p) > 0 {
		n := copy(p, b.first)
		b.first = b.first[n:]
		return n, nil
	}
	return b.Conn.Read(p)
}
