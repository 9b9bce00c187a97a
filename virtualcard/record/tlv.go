package record

import (
	"bytes"
	"encoding/binary"
)

// tag is the tag of an object: one byte, or two of which the first ends in five ones
// (ISO/IEC 7816-4 §5.2.2.1).
type tag uint16

func (t tag) bytes() []byte {
	if t > 0xFF {
		return []byte{byte(t >> 8), byte(t)}
	}
	return []byte{byte(t)}
}

// tlv writes an object. A length above 7F takes three bytes, 82 first, on these cards:
// they were never seen to write 81.
func tlv(t tag, parts ...[]byte) []byte {
	value := bytes.Join(parts, nil)
	if len(value) > 0x7F {
		return longTLV(t, value)
	}
	return append(append(t.bytes(), byte(len(value))), value...)
}

// longTLV writes an object whose length has three bytes whatever it is.
func longTLV(t tag, parts ...[]byte) []byte {
	value := bytes.Join(parts, nil)
	return append(binary.BigEndian.AppendUint16(append(t.bytes(), 0x82), uint16(len(value))), value...)
}

// indexed writes an object that begins with a table: for each part its offset from the
// start of the file, two bytes. The table's tag ends in 21.
func indexed(outer, table tag, long bool, parts ...[]byte) []byte {
	write := func(offset int) []byte {
		var offsets []byte
		for _, p := range parts {
			offsets = binary.BigEndian.AppendUint16(offsets, uint16(offset))
			offset += len(p)
		}
		body := append(tlv(table, offsets), bytes.Join(parts, nil)...)
		if long {
			return longTLV(outer, body)
		}
		return tlv(outer, body)
	}
	whole := write(0)
	return write(len(whole) - len(bytes.Join(parts, nil)))
}

// filler returns n bytes FF.
func filler(n int) []byte { return bytes.Repeat([]byte{0xFF}, n) }
