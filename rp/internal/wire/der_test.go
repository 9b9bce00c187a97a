package wire

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
)

// TestOneFaultInDER reads values that are right but for one octet, each beside
// its right neighbour: a fault that passed would be a second way to write the
// same certificate, token or answer.
func TestOneFaultInDER(t *testing.T) {
	oid := func(d *der) any { return d.oid("x") }
	integer := func(d *der) any { return d.integer(TagInteger, "x") }
	small := func(d *der) any { return d.small(TagEnumerated, "x") }
	bits := func(d *der) any { return d.bits("x") }
	octets := func(d *der) any { _, c := d.element(TagOctetString, "x"); return c }
	algorithm := func(d *der) any { return d.algorithm("x") }
	extensions := func(d *der) any { return d.extensions("x") }
	times := func(d *der) any { return d.time("x", true) }
	later := func(d *der) any { return d.time("x", false) }
	for _, c := range []struct {
		about        string
		read         func(*der) any
		right, wrong string
	}{
		{"another tag", octets, "\x04\x01a", "\x0c\x01a"},
		{"a constructed form", octets, "\x04\x01a", "\x24\x01a"},
		{"a length over the end", octets, "\x04\x01a", "\x04\x02a"},
		{"a length that is cut off", octets, "\x04\x00", "\x04"},
		{"an indefinite length", octets, "\x04\x00", "\x04\x80\x00\x00"},
		{"127 octets in two octets of length", octets, "\x04\x7f" + strings.Repeat("a", 127), "\x04\x81\x7f" + strings.Repeat("a", 127)},
		{"a leading zero in a length", octets, "\x04\x81\x80" + strings.Repeat("a", 128), "\x04\x82\x00\x80" + strings.Repeat("a", 128)},
		{"a length of five octets", octets, "\x04\x81\x80" + strings.Repeat("a", 128), "\x04\x85\x01\x00\x00\x00\x80" + strings.Repeat("a", 128)},
		{"a length whose octets are cut off", octets, "\x04\x81\x80" + strings.Repeat("a", 128), "\x04\x82\x01"},
		{"an identifier of no octets", oid, "\x06\x01\x2a", "\x06\x00"},
		{"an identifier that is cut off", oid, "\x06\x02\x81\x01", "\x06\x01\x81"},
		{"a negative number", integer, "\x02\x01\x7f", "\x02\x01\x80"},
		{"a number of no octets", integer, "\x02\x01\x00", "\x02\x00"},
		{"a superfluous zero", integer, "\x02\x02\x00\x80", "\x02\x02\x00\x7f"},
		{"21 octets of a number", integer, "\x02\x15\x00\x80" + strings.Repeat("a", 19), "\x02\x15\x01\x80" + strings.Repeat("a", 19)},
		{"22 octets of a number", integer, "\x02\x15\x00\x80" + strings.Repeat("a", 19), "\x02\x16\x00\x80" + strings.Repeat("a", 20)},
		{"a number of 256", small, "\x0a\x02\x00\xff", "\x0a\x02\x01\x00"},
		{"an INTEGER for an ENUMERATED", small, "\x0a\x01\x01", "\x02\x01\x01"},
		{"one unused bit", bits, "\x03\x02\x00\xfe", "\x03\x02\x01\xfe"},
		{"a BIT STRING without its first octet", bits, "\x03\x01\x00", "\x03\x00"},
		{"parameters that are no NULL", algorithm, "\x30\x05\x06\x01\x2a\x05\x00", "\x30\x05\x06\x01\x2a\x04\x00"},
		{"an octet in the NULL", algorithm, "\x30\x03\x06\x01\x2a", "\x30\x06\x06\x01\x2a\x05\x01\x00"},
		{"two parameters", algorithm, "\x30\x05\x06\x01\x2a\x05\x00", "\x30\x07\x06\x01\x2a\x05\x00\x05\x00"},
		{"critical FALSE, written", extensions, "\x30\x0a\x30\x08\x06\x01\x2a\x01\x01\xff\x04\x00", "\x30\x0a\x30\x08\x06\x01\x2a\x01\x01\x00\x04\x00"},
		{"critical TRUE as 01", extensions, "\x30\x0a\x30\x08\x06\x01\x2a\x01\x01\xff\x04\x00", "\x30\x0a\x30\x08\x06\x01\x2a\x01\x01\x01\x04\x00"},
		{"an extension twice", extensions, "\x30\x0e\x30\x05\x06\x01\x2a\x04\x00\x30\x05\x06\x01\x2b\x04\x00", "\x30\x0e\x30\x05\x06\x01\x2a\x04\x00\x30\x05\x06\x01\x2a\x04\x00"},
		{"something after an extension's value", extensions, "\x30\x07\x30\x05\x06\x01\x2a\x04\x00", "\x30\x09\x30\x07\x06\x01\x2a\x04\x00\x05\x00"},
		{"a time of day without Z", times, "\x17\x0d260401030000Z", "\x17\x0c260401030000"},
		{"a time with a zone", times, "\x17\x0d260401030000Z", "\x17\x11260401030000+0000"},
		{"a time without seconds", times, "\x17\x0d260401030000Z", "\x17\x0b2604010300Z"},
		{"a fraction of a second", times, "\x18\x0f20260401030000Z", "\x18\x1120260401030000.5Z"},
		{"a letter among the digits", times, "\x17\x0d260401030000Z", "\x17\x0d26040103000OZ"},
		{"a colon, the character after 9", times, "\x17\x0d260401030009Z", "\x17\x0d26040103000:Z"},
		{"a slash, the character before 0", times, "\x17\x0d260401030000Z", "\x17\x0d26040103000/Z"},
		{"another end than Z", times, "\x17\x0d260401030000Z", "\x17\x0d260401030000X"},
		{"29 February of a common year", times, "\x17\x0d280229030000Z", "\x17\x0d270229030000Z"},
		{"30 February", times, "\x17\x0d280229030000Z", "\x17\x0d280230030000Z"},
		{"31 April", times, "\x17\x0d260430030000Z", "\x17\x0d260431030000Z"},
		{"day 0", times, "\x17\x0d260401030000Z", "\x17\x0d260400030000Z"},
		{"month 0", times, "\x17\x0d260101030000Z", "\x17\x0d260001030000Z"},
		{"month 13", times, "\x17\x0d261201030000Z", "\x17\x0d261301030000Z"},
		{"24 o'clock", times, "\x17\x0d260401235959Z", "\x17\x0d260401240000Z"},
		{"minute 60", times, "\x17\x0d260401235959Z", "\x17\x0d260401236000Z"},
		{"second 60", times, "\x17\x0d260401235959Z", "\x17\x0d260401235960Z"},
		{"UTCTime where GeneralizedTime is asked for", later, "\x18\x0f20260401030000Z", "\x17\x0d260401030000Z"},
	} {
		right, wrong := newDER([]byte(c.right)), newDER([]byte(c.wrong))
		c.read(right)
		if right.end("x"); right.err() != nil {
			t.Errorf("%s: the right one: %v", c.about, right.err())
		}
		c.read(wrong)
		if wrong.end("x"); !errors.Is(wrong.err(), ErrMalformed) {
			t.Errorf("%s: %v; want ErrMalformed", c.about, wrong.err())
		}
	}
}

func TestValuesOfDER(t *testing.T) {
	for text, want := range map[string]string{"\x02\x01\x00": "", "\x02\x01\x7f": "\x7f", "\x02\x02\x00\x80": "\x80", "\x02\x02\x01\x00": "\x01\x00"} {
		if got := newDER([]byte(text)).integer(TagInteger, "x"); string(got) != want {
			t.Errorf("% x is % x; want % x", text, got, want)
		}
	}
	for text, want := range map[string]int{"\x0a\x01\x00": 0, "\x0a\x01\x06": 6, "\x0a\x02\x00\xff": 255} {
		if got := newDER([]byte(text)).small(TagEnumerated, "x"); got != want {
			t.Errorf("% x is %d; want %d", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"\x17\x0d491231235959Z": "2049-12-31T23:59:59Z", "\x17\x0d500101000000Z": "1950-01-01T00:00:00Z",
		"\x17\x0d000229000000Z": "2000-02-29T00:00:00Z", "\x18\x0f20501231235959Z": "2050-12-31T23:59:59Z",
	} {
		if got := newDER([]byte(text)).time("x", true); got.Format(time.RFC3339) != want {
			t.Errorf("% x is %s; want %s", text, got, want)
		}
	}
	in := newDER([]byte("\x30\x0c\x30\x0a\x06\x01\x2a\x01\x01\xff\x04\x02hi")).extensions("x")
	if len(in) != 1 || in[0].oid != "\x2a" || !in[0].critical || string(in[0].value) != "hi" {
		t.Errorf("%+v", in)
	}
}

// TestTheFirstFailureStays: what is read after a refusal is nothing, and the
// refusal is of what was wrong first.
func TestTheFirstFailureStays(t *testing.T) {
	d := newDER([]byte("\x04\x01a\x02\x01\x05"))
	d.inside(TagSequence, "the first", func(*der) { t.Error("read inside what is not there") })
	if got := d.integer(TagInteger, "the second"); got != nil || d.more() || d.at(TagInteger) {
		t.Errorf("after a failure % x is read", got)
	}
	refusal, ok := errors.AsType[*Refusal](d.err())
	if !ok || !strings.HasPrefix(refusal.Expected, "the first") {
		t.Errorf("%v", d.err())
	}
	d = newDER([]byte("\x30\x03\x02\x01\x05\x02\x01\x06")) // what fails inside ends what is outside
	d.inside(TagSequence, "a sequence", func(in *der) { in.element(TagOctetString, "the first") })
	if full, content := d.element(TagInteger, "the second"); full != nil || content != nil || d.more() || d.at(TagInteger) {
		t.Errorf("after a failure inside, % x is read", full)
	}
	d = newDER([]byte("\x30\x03\x02\x01\x05"))
	d.inside(TagSequence, "a sequence", func(*der) {})
	if d.err() == nil {
		t.Error("octets left over inside a sequence are passed over")
	}
}

func TestNamesOfIdentifiers(t *testing.T) {
	for oid, want := range map[string]string{
		OIDSHA256: "2.16.840.1.101.3.4.2.1", "": "no object identifier", "\x81": "no object identifier",
		strings.Repeat("\x01", 65): "a long object identifier", strings.Repeat("\x01", 64): "0.1" + strings.Repeat(".1", 63),
	} {
		if got := Dotted(oid); got != want {
			t.Errorf("% x is %q; want %q", oid, got, want)
		}
	}
}

// TestLengthsAtTheirBounds reads lengths of one to four octets.
func TestLengthsAtTheirBounds(t *testing.T) {
	for _, n := range []int{0, 1, 127, 128, 255, 256, 65535, 65536} {
		var length []byte
		for rest := n; rest > 0; rest >>= 8 {
			length = append([]byte{byte(rest)}, length...)
		}
		head := []byte{TagOctetString, byte(n)}
		if n >= 0x80 {
			head = append([]byte{TagOctetString, 0x80 | byte(len(length))}, length...)
		}
		value := bytes.Repeat([]byte{7}, n)
		d := newDER(append(head, value...))
		full, content := d.element(TagOctetString, "x")
		if d.err() != nil || len(full) != len(head)+n || !bytes.Equal(content, value) {
			t.Errorf("%d octets: %d read, %v", n, len(content), d.err())
		}
	}
	if _, _, ok := header([]byte{TagOctetString, 0x84, 0x80, 0, 0, 0}); ok {
		t.Error("2 GiB is a length")
	}
	if _, n, ok := header([]byte{TagOctetString, 0x84, 0x7f, 0xff, 0xff, 0xff}); !ok || n != 1<<31-1 {
		t.Errorf("%d, %t", n, ok)
	}
	if _, _, ok := header([]byte{0x1f, 0x01, 0x00}); ok {
		t.Error("a tag of several octets is read")
	}
}
