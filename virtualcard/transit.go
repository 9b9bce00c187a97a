package virtualcard

import (
	"context"

	"example.jp/jpkimock/virtualcard/apdu"
)

// TransitCard is the number of a card that every cabinet has and that no counter
// made: a contactless card of a railway, which is no Individual Number Card. It is
// in no list and has no secrets.
const TransitCard CardID = "card-transit"

func transitSummary() Summary {
	return Summary{ID: TransitCard, Face: Face{Name: "交通系カード（模擬）", NameEN: "Transit card (mock)"}}
}

// transitChip is a chip without any application known here: whatever is selected
// is not found (ISO/IEC 7816-4, 6A82), and nothing else has an effect.
type transitChip struct{}

func (transitChip) Execute(context.Context, []byte) (apdu.Response, error) {
	return apdu.Response{SW: apdu.NotFound}, nil
}

func (transitChip) Reset() {}

// ATR is what a reader makes up for a FeliCa card (PC/SC part 3 §3.1.3.2.3:
// storage card of RID A000000306, standard 11, card name 003B).
func (transitChip) ATR() []byte {
	return []byte{
		0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00, 0x03, 0x06, 0x11, 0x00, 0x3B, 0x00, 0x00, 0x00, 0x00, 0x42,
	}
}
