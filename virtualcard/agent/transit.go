package agent

import (
	"context"
	"io"

	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

// transitCard is the identifier of the one card beside the reader that is not an
// Individual Number Card. It lies in no cabinet.
const transitCard virtualcard.CardID = "card-transit"

// transit gives what is printed on it.
func transit() virtualcard.Summary {
	return virtualcard.Summary{ID: transitCard, Face: virtualcard.Face{Name: "交通系カード（模擬）", NameEN: "Transit card (mock)"}}
}

// powered is a card in the reader, with power.
type powered interface {
	jpkiap.Transmitter
	io.Closer
}

// otherChip is a chip without any application that is known here: whatever is
// selected is not found (ISO/IEC 7816-4, 6A82), and nothing else comes to pass.
type otherChip struct{}

// Transmit answers 6A82.
func (otherChip) Transmit(context.Context, []byte) ([]byte, error) { return []byte{0x6A, 0x82}, nil }

// Close does nothing.
func (otherChip) Close() error { return nil }
