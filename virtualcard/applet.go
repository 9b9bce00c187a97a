package virtualcard

import (
	"context"
	"io"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

// chip is a card with power: its files and what it forgets when power is gone.
type chip struct {
	card   Card
	files  fileSystem
	memory memory
	keys   *keyRing
	rand   io.Reader

	cold     bool // nothing has been selected since power-on
	df       *df
	ef       *ef
	verified map[jpki.Kind]bool
}

// memory is what survives power-off: the part of a Store that commands reach.
// Each method has committed what it did when it returns.
type memory interface {
	spendTry(ctx context.Context, k jpki.Kind) (left int, spent bool, err error)
	restoreTries(ctx context.Context, k jpki.Kind, tries int) error
	changePIN(ctx context.Context, k jpki.Kind, pin []byte) error
}

// powerUp returns a chip in the state after a cold reset.
func powerUp(card Card, m memory, keys *keyRing, rand io.Reader) *chip {
	c := &chip{card: card, files: newFileSystem(card), memory: m, keys: keys, rand: rand}
	c.reset()
	return c
}

// reset forgets everything that power-off forgets.
func (c *chip) reset() {
	c.cold, c.df, c.ef = true, c.files[0], nil
	c.verified = map[jpki.Kind]bool{}
}

// instruction is one instruction of the card.
type instruction struct {
	class byte
	do    func(*chip, context.Context, apdu.Command) (apdu.Response, error)
}

// instructions is the card's table: INS to its class and function.
func instructions(ins byte) (instruction, bool) {
	switch ins {
	case 0x20:
		return instruction{0x00, (*chip).verify}, true
	case 0x24:
		return instruction{0x00, (*chip).changeReferenceData}, true
	case 0x2A:
		return instruction{0x80, (*chip).computeDigitalSignature}, true
	case 0x84:
		return instruction{0x00, (*chip).getChallenge}, true
	case 0xA4:
		return instruction{0x00, (*chip).selectFile}, true
	case 0xB0:
		return instruction{0x00, (*chip).readBinary}, true
	case 0xCA:
		return instruction{0x00, (*chip).getData}, true
	}
	return instruction{}, false
}

// execute answers a command. An error means that the card's memory failed; the
// command then counts as unanswered.
func (c *chip) execute(ctx context.Context, command []byte) (apdu.Response, error) {
	cmd, err := apdu.ParseCommand(command)
	if err != nil {
		return refuse(apdu.WrongLength)
	}
	if sw := checkClass(cmd); sw != apdu.OK {
		return refuse(sw)
	}
	i, ok := instructions(cmd.INS)
	if !ok {
		return refuse(apdu.UnknownInstruction)
	}
	if i.class != cmd.CLA {
		return refuse(apdu.UnknownClass)
	}
	return i.do(c, ctx, cmd)
}

// checkClass reads CLA (ISO/IEC 7816-4 §5.4.1): 00 interindustry, 80 the card's
// own. Other logical channels (bits 1-2) are refused with 6881, secure
// messaging (bits 3-4) with 6882 on SELECT and 69FC elsewhere, anything else
// (chaining, further channels, other owners) with 6E00.
func checkClass(cmd apdu.Command) apdu.StatusWord {
	switch {
	case cmd.CLA&0x70 != 0:
		return apdu.UnknownClass
	case cmd.CLA&0x03 != 0:
		return apdu.ChannelNotSupported
	case cmd.CLA&0x0C != 0 && cmd.INS == 0xA4:
		return apdu.SecureMessagingUnknown
	case cmd.CLA&0x0C != 0:
		return apdu.SecureMessagingNoKey
	}
	return apdu.OK
}

// refuse answers with a status word and nothing else.
func refuse(sw apdu.StatusWord) (apdu.Response, error) { return apdu.Response{SW: sw}, nil }

// answer answers 9000 with data, cut to the Ne the command asked for.
func answer(cmd apdu.Command, data []byte) (apdu.Response, error) {
	return apdu.Response{Data: data[:min(len(data), cmd.Ne)], SW: apdu.OK}, nil
}

// selectFile is SELECT, 00 A4 P1 P2 [Lc data] [Le].
//
//	P1 04  DF by name; data is the AID, which may be truncated to 5 bytes or more.
//	       P2 0C no answer data, 00 file control information (this card's is
//	       empty), 02 the next one whose name starts so. 9000, or 6A82 with nothing
//	       changed. Success forgets the current EF and every verified PIN.
//	P1 02  EF below the current DF; data is two bytes. P2 0C or 00. 9000 or 6A82.
//	       Verified PINs stay.
//	P1 00  without data, MF: 6A86 after a cold reset, else 9000 and no effect;
//	       with data, 3F00 included, 6A82.
func (c *chip) selectFile(_ context.Context, cmd apdu.Command) (apdu.Response, error) {
	switch cmd.P1 {
	case 0x04:
		return c.selectDF(cmd)
	case 0x02:
		return c.selectEF(cmd)
	case 0x00:
		switch {
		case len(cmd.Data) > 0:
			return refuse(apdu.NotFound)
		case c.cold:
			return refuse(apdu.WrongP1P2)
		}
		return refuse(apdu.OK)
	}
	return refuse(apdu.WrongP1P2)
}

func (c *chip) selectDF(cmd apdu.Command) (apdu.Response, error) {
	if cmd.P2 != 0x0C && cmd.P2 != 0x00 && cmd.P2 != 0x02 {
		return refuse(apdu.WrongP1P2)
	}
	if len(cmd.Data) == 0 || len(cmd.Data) > 16 {
		return refuse(apdu.WrongLength)
	}
	found := c.files.byAID(cmd.Data)
	if cmd.P2 == 0x02 {
		found = after(found, c.df)
	}
	if len(found) == 0 {
		return refuse(apdu.NotFound)
	}
	c.cold, c.df, c.ef = false, found[0], nil
	c.verified = map[jpki.Kind]bool{}
	return refuse(apdu.OK)
}

// after returns what follows current in found, or all of found without current.
func after(found []*df, current *df) []*df {
	for i, d := range found {
		if d == current {
			return found[i+1:]
		}
	}
	return found
}

func (c *chip) selectEF(cmd apdu.Command) (apdu.Response, error) {
	if cmd.P2 != 0x0C && cmd.P2 != 0x00 {
		return refuse(apdu.WrongP1P2)
	}
	if len(cmd.Data) != 2 {
		return refuse(apdu.WrongLength)
	}
	f := c.df.find(jpkiap.FID(cmd.Data[0])<<8 | jpkiap.FID(cmd.Data[1]))
	if f == nil {
		return refuse(apdu.NotFound)
	}
	c.ef = f
	return refuse(apdu.OK)
}

// reference returns the EF that P2 names and makes it the current one: 80 is the
// current EF, 80|sfi the file of that short identifier, 01 to 1E. The status
// word is 9000, 6986 without a current EF, 6A82 without such a file, 6A86 for
// another P2, 6981 for a file of another type.
func (c *chip) reference(p2 byte, want fileType) (*ef, apdu.StatusWord) {
	if p2&0xE0 != 0x80 || p2 == 0x9F {
		return nil, apdu.WrongP1P2
	}
	if p2 != 0x80 {
		f := c.df.find(jpkiap.FID(p2 & 0x1F))
		if f == nil {
			return nil, apdu.NotFound
		}
		c.ef = f
	}
	switch {
	case c.ef == nil:
		return nil, apdu.NoCurrentFile
	case c.ef.kind != want:
		return nil, apdu.WrongFileType
	}
	return c.ef, apdu.OK
}

// readBinary is READ BINARY, 00 B0 P1 P2 Le.
//
//	P1 00-7F     offset P1 P2 in the current EF
//	P1 80|sfi    offset P2 in that EF, which becomes the current one
//
// A read that reaches the end answers 9000 with what there is, never 6282, as
// clients take any other status word for a failure. 6B00 for an offset at or
// past the end, 6986 without a current EF, 6981 on a PIN or key, 6982 while
// the PIN is missing, 6700 without Le.
func (c *chip) readBinary(_ context.Context, cmd apdu.Command) (apdu.Response, error) {
	if len(cmd.Data) > 0 || !cmd.HasLe() {
		return refuse(apdu.WrongLength)
	}
	reference, offset := byte(0x80), int(cmd.P1)<<8|int(cmd.P2)
	if cmd.P1&0x80 != 0 {
		if cmd.P1 == 0x80 {
			return refuse(apdu.WrongP1P2)
		}
		reference, offset = cmd.P1, int(cmd.P2)
	}
	f, sw := c.reference(reference, transparent)
	switch {
	case sw != apdu.OK:
		return refuse(sw)
	case f.needs != 0 && !c.verified[f.needs]:
		return refuse(apdu.NotVerified)
	}
	data := f.read(offset, cmd.Ne)
	if len(data) == 0 {
		return refuse(apdu.OffsetOutside)
	}
	return answer(cmd, data)
}

// getChallenge is GET CHALLENGE, 00 84 00 00 Le: Le (1 to 256) random bytes.
func (c *chip) getChallenge(_ context.Context, cmd apdu.Command) (apdu.Response, error) {
	switch {
	case cmd.P1 != 0 || cmd.P2 != 0:
		return refuse(apdu.WrongP1P2)
	case len(cmd.Data) > 0 || !cmd.HasLe() || cmd.Ne > 256:
		return refuse(apdu.WrongLength)
	}
	challenge := make([]byte, cmd.Ne)
	if _, err := io.ReadFull(c.rand, challenge); err != nil {
		return apdu.Response{}, err
	}
	return answer(cmd, challenge)
}

// getData is GET DATA, 00 CA tag tag Le. In the issuer's security domain 5F51
// is the ATR of the contact interface without its first byte; the other
// objects of a real card (0042, 0045, 0066, 00F0...) are not on this one: 6A88.
func (c *chip) getData(_ context.Context, cmd apdu.Command) (apdu.Response, error) {
	switch {
	case len(cmd.Data) > 0 || !cmd.HasLe():
		return refuse(apdu.WrongLength)
	case c.df != c.files[0] || cmd.P1 != 0x5F || cmd.P2 != 0x51:
		return refuse(apdu.DataNotFound)
	}
	return answer(cmd, c.atr()[1:])
}

// atr is the answer to reset of the contact interface: T=1, no historical bytes.
// It is the one that OpenSC's card-jpki.c lists.
func (c *chip) atr() []byte { return []byte{0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14} }
