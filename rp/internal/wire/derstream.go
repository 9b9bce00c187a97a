package wire

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
)

// derStream reads strict DER from a reader, part by part, so that a long list
// need not be held in memory. Like der, it keeps its first failure.
type derStream struct {
	r      *bufio.Reader
	offset int64
	max    int64
	hash   hash.Hash // of what is read, while not nil
	buf    []byte    // the last part
	one    der
	fault  failure
	fail   *Refusal
}

func newDERStream(r io.Reader, max int64) *derStream {
	return &derStream{r: bufio.NewReaderSize(r, 64<<10), max: max}
}

func (s *derStream) refuseAs(rule error, expected, found string) {
	if s.fail == nil {
		s.fail = &Refusal{Expected: expected, Found: found, Err: rule}
	}
}

func (s *derStream) must(ok bool, expected, found string) {
	if !ok {
		s.refuseAs(ErrMalformed, expected, found)
	}
}

// took carries a part's failure over to the stream.
func (s *derStream) took(d *der) {
	if s.fail == nil {
		s.fail = d.fail.err
	}
}

// at reports whether the next value has this tag.
func (s *derStream) at(tag byte) bool {
	b, err := s.r.Peek(1)
	return s.fail == nil && err == nil && b[0] == tag
}

// lengths peeks at the next value's header. After a failure there is none.
func (s *derStream) lengths(tag byte, what string) (head, content int) {
	if s.fail != nil {
		return 0, 0
	}
	b, err := s.r.Peek(6)
	if err != nil && err != io.EOF {
		s.refuseAs(fmt.Errorf("%w: %w", ErrMalformed, err), what, "a broken stream")
		return 0, 0
	}
	head, content, ok := header(b)
	switch {
	case !ok:
		s.must(false, what+" in DER", "the end, or a header that is not DER")
	case tag != 0 && b[0] != tag:
		s.must(false, fmt.Sprintf("%s (tag %02X)", what, tag), fmt.Sprintf("tag %02X", b[0]))
	case s.offset+int64(head+content) > s.max:
		s.refuseAs(ErrTooLarge, fmt.Sprintf("at most %d octets", s.max), what+" over it")
	}
	if s.fail != nil {
		return 0, 0
	}
	return head, content
}

// take reads n octets into the buffer.
func (s *derStream) take(n int) {
	if cap(s.buf) < n {
		s.buf = make([]byte, n)
	}
	s.buf = s.buf[:n]
	if _, err := io.ReadFull(s.r, s.buf); err != nil {
		s.refuseAs(fmt.Errorf("%w: %w", ErrMalformed, err), fmt.Sprintf("%d more octets", n), "the end")
		return
	}
	s.offset += int64(n)
	if s.hash != nil {
		s.hash.Write(s.buf)
	}
}

// enter reads the header of a constructed value and gives the offset at which
// it ends.
func (s *derStream) enter(tag byte, what string) (end int64) {
	head, content := s.lengths(tag, what)
	s.take(head)
	return s.offset + int64(content)
}

// enterHashed is enter, and hashes from the header on.
func (s *derStream) enterHashed(tag byte, what string) (end int64) {
	s.hash = sha256.New()
	return s.enter(tag, what)
}

// digest ends hashing.
func (s *derStream) digest() (sum [sha256.Size]byte) {
	s.hash.Sum(sum[:0])
	s.hash = nil
	return sum
}

// part reads the next value whole. It, and what was read
// from it, is valid until the next part.
func (s *derStream) part(tag byte, max int, what string) *der {
	head, content := s.lengths(tag, what)
	if head+content > max {
		s.refuseAs(ErrTooLarge, fmt.Sprintf("%s of at most %d octets", what, max), fmt.Sprintf("%d octets", head+content))
	}
	if s.fail == nil {
		s.take(head + content)
	}
	s.fault.err = s.fail
	s.one = der{rest: s.buf, fail: &s.fault}
	return &s.one
}

// finish refuses anything after the outermost value.
func (s *derStream) finish() {
	if s.fail != nil {
		return
	}
	if _, err := s.r.Peek(1); err != io.EOF {
		s.must(false, "nothing after the list", "more octets")
	}
}
