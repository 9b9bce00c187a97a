// Package outgoing has what every question of the kit to the authority shares.
package outgoing

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"example.jp/jpkimock/rp/internal/wire"
)

// Client copies a client so that it follows no redirect and ends in time.
func Client(given *http.Client, timeout time.Duration) *http.Client {
	client := http.Client{}
	if given != nil {
		client = *given
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client.Jar = nil
	if client.Timeout <= 0 {
		client.Timeout = timeout
	}
	return &client
}

// MayRepeat lets net/http ask a question that is a POST once more where a kept
// connection ended under it, as it does by itself with GET. The member without a value
// is not sent.
func MayRepeat(req *http.Request) { req.Header["Idempotency-Key"] = nil }

// CheckAddress refuses anything except the http or https address of a server.
func CheckAddress(address string) error {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return fmt.Errorf("%q is not an http or https address", address)
	}
	return nil
}

// Read reads all of r, or fails with wire.ErrTooLarge if it is longer than max octets.
func Read(r io.Reader, max int) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, int64(max)+1))
	if err != nil {
		return nil, err
	}
	if len(b) > max {
		return nil, fmt.Errorf("%w: over %d octets", wire.ErrTooLarge, max)
	}
	return b, nil
}
