package apdu

import "fmt"

// StatusWord is SW1-SW2, the two bytes at the end of each response
// (ISO/IEC 7816-4 §5.6; those below are the ones a JPKI card was seen to use).
type StatusWord uint16

// The status words.
const (
	OK                     StatusWord = 0x9000
	NoTriesLeft            StatusWord = 0x63C0 // 63Cx with x = 0
	MemoryFailure          StatusWord = 0x6581
	NoSessionHere          StatusWord = 0x66F1 // an application without secure messaging
	WrongLength            StatusWord = 0x6700
	ChannelNotSupported    StatusWord = 0x6881
	SecureMessagingUnknown StatusWord = 0x6882
	SecureMessagingNoKey   StatusWord = 0x69FC // secure messaging without a session
	WrongFileType          StatusWord = 0x6981
	NotVerified            StatusWord = 0x6982
	MethodBlocked          StatusWord = 0x6983 // some cards' word for a blocked PIN
	ReferenceBlocked       StatusWord = 0x6984
	ConditionsNotMet       StatusWord = 0x6985
	NoCurrentFile          StatusWord = 0x6986
	WrongData              StatusWord = 0x6A80
	FunctionNotSupported   StatusWord = 0x6A81
	NotFound               StatusWord = 0x6A82
	RecordNotFound         StatusWord = 0x6A83
	WrongP1P2              StatusWord = 0x6A86
	DataNotFound           StatusWord = 0x6A88
	OffsetOutside          StatusWord = 0x6B00
	UnknownInstruction     StatusWord = 0x6D00
	UnknownClass           StatusWord = 0x6E00
	UnknownError           StatusWord = 0x6F00
)

// WrongPIN gives 63Cx: the comparison failed, x tries are left. x is at most
// 15.
func WrongPIN(triesLeft int) StatusWord {
	return NoTriesLeft | StatusWord(min(max(triesLeft, 0), 15))
}

// TriesLeft reads the x of 63Cx; the second result says whether sw is one.
func (sw StatusWord) TriesLeft() (int, bool) {
	return int(sw & 0xF), sw&0xFFF0 == NoTriesLeft
}

// String returns the four digits, e.g. "6A82".
func (sw StatusWord) String() string { return fmt.Sprintf("%04X", uint16(sw)) }
