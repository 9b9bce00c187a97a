package web

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/simclock"
)

// Bounds of a change confirmation.
const (
	maxLines      = 3_000_000
	maxLine       = 256              // octets, without the line feed
	maxStreams    = 16               // at a time
	maxOwnStreams = 4                // of one verifier
	streamWait    = 5 * time.Second  // for a place
	streamStall   = 30 * time.Second // without a line read or an answer taken
	streamTime    = 10 * time.Minute // altogether
	streamBuffer  = 64 << 10
	closingGrace  = 200 * time.Millisecond // for the next line, when the house closes
	closingTime   = 2 * time.Second        // for the last answers to be taken
	farewell      = 500 * time.Millisecond // in which what is sent after the last line is read and dropped
	ndjson        = "application/x-ndjson"
	confirmations = "/verifier/v1/confirmations"
)

// confirm answers a change confirmation (変更確認): questions and answers are
// JSON lines, in both directions at once. Where that is not possible, the
// answers come after the questions.
func (h *house) confirm(c echo.Context) error {
	control := http.NewResponseController(c.Response())
	if err := control.EnableFullDuplex(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	conf, leave, err := h.admit(c)
	if err != nil {
		h.refuseStream(c, control)
		return err
	}
	defer leave()
	s := &confirmationStream{
		conf: conf, control: control, to: c.Response(), spent: simclock.Stopwatch(),
		from: bufio.NewReaderSize(io.LimitReader(c.Request().Body, maxLines*(maxLine+1)+1), streamBuffer),
		out:  make([]byte, 0, streamBuffer+1024),
	}
	c.Response().Header().Set("Content-Type", ndjson)
	c.Response().WriteHeader(http.StatusOK)
	s.run(c)
	return nil
}

// refuseStream prepares a refusal, which does not wait for the questions. What is on its
// way is read and dropped for a while after it: left in the connection, it would reset
// that, and take the refusal away from who still sends.
func (h *house) refuseStream(c echo.Context, control *http.ResponseController) {
	c.Response().Header().Set("Connection", "close")
	c.Response().After(func() {
		_ = control.Flush()
		_ = control.SetReadDeadline(simclock.Deadline(farewell))
		_, _ = io.Copy(io.Discard, io.LimitReader(c.Request().Body, maxLines*(maxLine+1)))
	})
}

// admit begins the change confirmation that a request asks for, and gives it a
// place; leave gives that back.
func (h *house) admit(c echo.Context) (conf *authority.Confirmation, leave func(), err error) {
	purpose, err := accreditation.ParsePurpose(c.QueryParam("purpose"))
	if err != nil {
		return nil, nil, err
	}
	if conf, err = h.agency.Confirm(c.Request().Context(), verifierKey(c.Request(), ""), purpose); err != nil {
		return nil, nil, err
	}
	if t, _, err := mime.ParseMediaType(c.Request().Header.Get("Content-Type")); err != nil || t != ndjson {
		return nil, nil, door.Problem{Status: http.StatusUnsupportedMediaType, Code: "not_ndjson", Detail: "the body must be " + ndjson}
	}
	leave, ok := h.streams.enter(c.Request().Context(), conf.Verifier(), streamWait)
	if !ok {
		c.Response().Header().Set("Retry-After", "5")
		return nil, nil, door.Problem{Status: http.StatusServiceUnavailable, Code: "busy", Detail: "too many confirmations at a time"}
	}
	return conf, leave, nil
}

// streamPlaces holds a place for each change confirmation under way. The zero
// value is ready.
type streamPlaces struct {
	mu    sync.Mutex
	taken int
	of    map[string]int // by the verifier's ID
	freed chan struct{}  // closed by the next that leaves
}

// enter takes a place for a verifier as soon as the house and the verifier have
// one left, or gives up after patience, or when the one who asks or the house
// goes. leave gives the place back.
func (p *streamPlaces) enter(ctx context.Context, verifier string, patience time.Duration) (leave func(), ok bool) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for {
		freed := p.take(verifier)
		if freed == nil {
			return func() { p.leave(verifier) }, true
		}
		select {
		case <-freed:
		case <-timer.C:
			return nil, false
		case <-ctx.Done():
			return nil, false
		case <-door.Closing(ctx):
			return nil, false
		}
	}
}

// take takes a place; where there is none it gives what to wait for.
func (p *streamPlaces) take(verifier string) (freed <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of == nil {
		p.of, p.freed = map[string]int{}, make(chan struct{})
	}
	if p.taken >= maxStreams || p.of[verifier] >= maxOwnStreams {
		return p.freed
	}
	p.taken++
	p.of[verifier]++
	return nil
}

func (p *streamPlaces) leave(verifier string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken--
	if p.of[verifier]--; p.of[verifier] == 0 {
		delete(p.of, verifier)
	}
	close(p.freed)
	p.freed = make(chan struct{})
}

// confirmationStream is one change confirmation under way.
type confirmationStream struct {
	conf    *authority.Confirmation
	control *http.ResponseController
	from    *bufio.Reader
	to      io.Writer
	out     []byte
	spent   func() time.Duration
	line    int

	mu      sync.Mutex
	closing bool // the house closes: deadlines are no longer extended
}

// run answers until the questions end, or until a line says why it goes no
// further. Then every answer that was made has been handed on.
func (s *confirmationStream) run(c echo.Context) {
	s.patience()
	defer s.endWith(door.Closing(c.Request().Context()))()
	for {
		if !s.waiting() || len(s.out) >= streamBuffer {
			if s.send() != nil {
				return
			}
		}
		text, err := s.from.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			text, err = nil, discard(s.from, bufio.ErrBufferFull)
		} else if errors.Is(err, io.EOF) && len(text) == 0 {
			break
		}
		s.line++
		if code := s.stop(err); code != "" {
			s.out = appendError(s.out, s.line, code)
			break
		}
		if code := s.answer(c, bytes.TrimSuffix(text, []byte{'\n'})); code != "" {
			s.out = appendError(s.out, s.line, code)
			if code != "malformed" && code != accreditation.KindNotCovered {
				break
			}
		}
	}
	_ = s.send() // a client that has gone away cannot be told
	// What is still sent is read to its end here, while the request lasts: left
	// in the connection, it would cut off the last line. Of a house that closes
	// the server does so, when it has sent the end of the answer: it will not use
	// the connection again.
	_ = s.control.SetReadDeadline(simclock.Deadline(farewell))
	if !s.isClosing() {
		_, _ = io.Copy(io.Discard, c.Request().Body)
	}
}

// endWith ends the stream in an orderly way when the house closes: the answers
// that were made are handed on, and the last line says closing. Whoever is
// about to send a line still may, so that the end is told to one who listens.
// The caller calls what it gives when the stream has ended.
func (s *confirmationStream) endWith(closing <-chan struct{}) (ended func()) {
	over := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		select {
		case <-over:
		case <-closing:
			s.mu.Lock()
			defer s.mu.Unlock()
			s.closing = true
			_ = s.control.SetReadDeadline(simclock.Deadline(closingGrace))
			_ = s.control.SetWriteDeadline(simclock.Deadline(closingTime))
		}
	})
	return func() { close(over); watch.Wait() }
}

func (s *confirmationStream) isClosing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing
}

// waiting reports whether a whole line has arrived.
func (s *confirmationStream) waiting() bool {
	arrived, _ := s.from.Peek(s.from.Buffered())
	return bytes.IndexByte(arrived, '\n') >= 0
}

// stop says why the stream ends at this line, or nothing.
func (s *confirmationStream) stop(err error) string {
	switch {
	case s.isClosing():
		return "closing"
	case tooSlow(err):
		return "idle"
	case err != nil && !errors.Is(err, io.EOF):
		return "incomplete"
	case s.line > maxLines:
		return "too_many"
	case s.spent() > streamTime:
		return "too_long"
	}
	return ""
}

// tooSlow reports whether nothing arrived until the deadline: the door's problem
// says so of a request's body.
func tooSlow(err error) bool {
	p, ok := errors.AsType[door.Problem](err)
	return ok && p.Status == http.StatusRequestTimeout
}

// answer answers one line, or gives the code of its error.
func (s *confirmationStream) answer(c echo.Context, line []byte) string {
	if len(line) > maxLine {
		return "malformed"
	}
	q, ok := parseLine(line)
	if !ok {
		return "malformed"
	}
	answer, err := s.conf.Answer(c.Request().Context(), q)
	var refused *accreditation.NotAccreditedError
	switch {
	case errors.As(err, &refused):
		return refused.Reason
	case err != nil:
		return "unavailable"
	}
	s.out = appendAnswer(s.out, answer)
	return ""
}

// send enters the answers into the ledger and hands them on.
func (s *confirmationStream) send() error {
	if len(s.out) == 0 {
		return nil
	}
	if err := s.conf.Count(); err != nil {
		return err
	}
	s.patience()
	if _, err := s.to.Write(s.out); err != nil {
		return err
	}
	s.out = s.out[:0]
	return s.control.Flush()
}

// patience moves the deadlines of the connection on, unless the house closes.
func (s *confirmationStream) patience() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return
	}
	until := simclock.Deadline(streamStall)
	_ = s.control.SetReadDeadline(until) // a connection without deadlines has its own bounds
	_ = s.control.SetWriteDeadline(until)
}
