package rp

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	neturl "net/url"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/internal/outgoing"
	"example.jp/jpkimock/rp/internal/wire"
)

// confirmationBatch is how many serial numbers are asked about in one request:
// enough that a request costs nothing beside its lines, and few enough that
// its octets stay under a megabyte.
const confirmationBatch = 10_000

// ndjson is the media type of JSON lines.
const ndjson = "application/x-ndjson"

// confirmation is a change confirmation (変更確認): POST
// /verifier/v1/confirmations, one JSON line a serial number, answered by one
// line each in the same order while the questions are still being sent.
type confirmation struct {
	*run
	serials  []jpki.SerialNumber
	body     []byte
	statuses []Status
}

// add puts a question at the end of the batch.
func (c *confirmation) add(serial jpki.SerialNumber) error {
	if !canonical(serial) {
		parsed, err := jpki.ParseSerialNumber(serial.String())
		if err != nil {
			return fmt.Errorf("rp: CheckStatus: %w", err)
		}
		serial = parsed
	}
	c.serials = append(c.serials, serial)
	c.body = append(append(append(c.body, `{"kind":"`...), c.record.Kind.String()...), `","serial":"`...)
	c.body = append(append(c.body, serial...), "\"}\n"...)
	return nil
}

// canonical reports whether a serial number is in its canonical form, as those
// from package jpki are. It saves parsing each one.
func canonical(s jpki.SerialNumber) bool {
	if len(s) < 2 || len(s) > 40 || len(s)%2 != 0 || s[:2] == "00" {
		return false
	}
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}

// give asks the batch and gives its answers, and begins the next one. It
// reports whether there is to be one.
func (c *confirmation) give(ctx context.Context, yield func(Status, error) bool) bool {
	c.run = c.v.begin(VerbCheckStatus, c.record.Kind)
	if err := c.ask(ctx); err != nil {
		yield(Status{}, err)
		return false
	}
	for _, status := range c.statuses {
		if !yield(status, nil) {
			return false
		}
	}
	c.serials, c.body, c.statuses = c.serials[:0], c.body[:0], c.statuses[:0]
	return true
}

// ask sends the batch and reads what comes back, all of it or nothing.
func (c *confirmation) ask(ctx context.Context) error {
	url := c.v.cfg.AuthorityURL + "/verifier/v1/confirmations?purpose=" + neturl.QueryEscape(string(c.purpose(ctx)))
	expected := fact("answers", len(c.serials), url)
	// The transport may still be sending when this returns: the body is its own.
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(bytes.Clone(c.body)))
	if err != nil {
		return c.unavailable(ctx, expected, fact("no_address"), err)
	}
	req.Header.Set("Content-Type", ndjson)
	req.Header.Set("Accept", ndjson)
	outgoing.MayRepeat(req)
	if c.v.cfg.Key != "" {
		req.Header.Set("Authorization", "Bearer "+c.v.cfg.Key)
	}
	resp, err := c.v.cfg.Client.Do(req)
	if err != nil {
		return c.unavailable(ctx, expected, fact("no_answer"), err)
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden {
		return c.require(ctx, false, StatusCheck, ErrNotAccredited, expected, fact("http_status", resp.Status))
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if resp.StatusCode != http.StatusOK || kind != ndjson {
		return c.unavailable(ctx, expected, fact("http_type", resp.Status, fmt.Sprintf("%.60q", kind)), nil)
	}
	if err := c.read(resp.Body); err != nil {
		return c.require(ctx, false, StatusCheck, err.rule, expected, fact("answers_then", len(c.statuses), err.found))
	}
	return c.require(ctx, true, StatusCheck, nil, expected, fact(FactSame))
}

// badAnswer is what is wrong with the answers to a change confirmation.
type badAnswer struct {
	rule  error
	found string
}

// read reads one answer for each question, and nothing after them.
func (c *confirmation) read(body io.Reader) *badAnswer {
	lines := bufio.NewReaderSize(body, 32<<10)
	for _, serial := range c.serials {
		text, err := lines.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull) || len(text) > wire.MaxAnswerLine:
			return &badAnswer{fmt.Errorf("%w: %w", ErrStatusUnavailable, ErrTooLarge), fmt.Sprintf("a line over %d octets", wire.MaxAnswerLine)}
		case err != nil:
			return &badAnswer{fmt.Errorf("%w: %w", ErrStatusUnavailable, err), "the end, or a line that was cut short"}
		}
		line, ok := wire.ParseAnswerLine(text)
		if !ok {
			return &badAnswer{fmt.Errorf("%w: %w", ErrStatusUnavailable, ErrMalformed), "a line of another form"}
		}
		status, bad := answer{&line}.status(c.record.Kind, serial)
		if bad != nil {
			return bad
		}
		status.ProducedAt = c.record.At
		c.statuses = append(c.statuses, status)
	}
	if _, err := lines.ReadByte(); !errors.Is(err, io.EOF) {
		return &badAnswer{ErrStatusMissing, "something that was not asked for"}
	}
	return nil
}
