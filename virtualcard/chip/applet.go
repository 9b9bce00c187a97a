package chip

import (
	"context"
	"fmt"
	"io"
	"slices"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/internal/secret"
	"example.jp/jpkimock/virtualcard/jpkiap"
	"example.jp/jpkimock/virtualcard/record"
)

// Content is what a card's memory held when it got power.
type Content struct {
	Variant jpki.CardVariant
	// Record is the holder's; Blank says that no counter has written the card yet.
	Record     record.Record
	Blank      bool
	Slots      map[jpki.Kind]Slot // always both kinds
	References map[Ref]Reference  // those that have a value; the chip keeps its count in it
}

// Slot is what a card keeps for one kind of certificate.
type Slot struct {
	Key        secret.Value // PKCS#8 DER
	PendingKey secret.Value // becomes Key when its certificate is written
	// Certificate and CACertificate are DER, empty if there is none.
	Certificate, CACertificate []byte
}

// Memory is what survives power-off: the part of a store that commands reach.
// Each method has committed what it did when it returns.
type Memory interface {
	// SpendTry takes one try; without one left it returns false.
	SpendTry(ctx context.Context, r Ref) (left int, spent bool, err error)
	RestoreTries(ctx context.Context, r Ref, tries int) error
	ChangePIN(ctx context.Context, r Ref, pin []byte) error
	// DestroyKeys destroys the private keys for good; afterwards the card is dead.
	DestroyKeys(ctx context.Context) error
}

// Chip is a card with power: its files and what it forgets when power is gone. It does one
// thing at a time.
type Chip struct {
	card   Content
	files  fileSystem
	memory Memory
	cache  *Cache
	rand   io.Reader

	cold     bool // nothing has been selected since power-on
	df       *df
	ef       *ef
	verified map[Ref]bool
}

// PowerUp returns a chip in the state after a cold reset. The cache is of the same card
// alone; rand is the source of challenges.
func PowerUp(card Content, m Memory, cache *Cache, rand io.Reader) *Chip {
	c := &Chip{card: card, files: newFileSystem(card), memory: m, cache: cache, rand: rand}
	c.Reset()
	return c
}

// Reset forgets everything that power-off forgets.
func (c *Chip) Reset() {
	c.cold, c.df, c.ef = true, c.files[0], nil
	c.verified = map[Ref]bool{}
}

// instruction is one instruction of the card. Those with long data or answers take
// extended lengths; the others were never seen with them.
type instruction struct {
	do       func(*Chip, context.Context, apdu.Command) (apdu.Response, error)
	extended bool
}

// interindustry is the instructions of class 00 (ISO/IEC 7816-4).
func interindustry(ins byte) (instruction, bool) {
	i, ok := map[byte]instruction{
		0x20: {do: (*Chip).verify},
		0x24: {do: (*Chip).changeReferenceData},
		0x84: {do: (*Chip).getChallenge},
		0x88: {do: (*Chip).internalAuthenticate},
		0xA4: {do: (*Chip).selectFile},
		0xB0: {(*Chip).readBinary, true},
		0xB2: {do: (*Chip).readRecord},
		0xCA: {(*Chip).getData, true},
	}[ins]
	return i, ok
}

// proprietary is the instructions of class 80 (JICSAP, and the card's own).
func proprietary(ins byte) (instruction, bool) {
	i, ok := map[byte]instruction{
		0x06: {do: (*Chip).administer}, // ERASE ALL RECORDS
		0x2A: {(*Chip).computeDigitalSignature, true},
		0x32: {do: (*Chip).changeKey},
		0x50: {do: (*Chip).administer}, // LOCK DF
		0x52: {do: (*Chip).administer}, // UNLOCK DF
		0x54: {do: (*Chip).administer}, // UNLOCK KEY
		0x8A: {do: (*Chip).administer}, // MANAGE ATTRIBUTES
		0xA2: {(*Chip).loadTerminalCertificate, true},
		0xAE: {(*Chip).setSessionKey, true},
		0xFC: {do: (*Chip).lastCommand},
	}[ins]
	return i, ok
}

// Execute answers a command. An error means that the card's memory failed; the
// command then counts as unanswered.
func (c *Chip) Execute(ctx context.Context, command []byte) (apdu.Response, error) {
	cmd, err := apdu.ParseCommand(command)
	if err != nil {
		return refuse(apdu.WrongLength)
	}
	if sw := checkClass(cmd); sw != apdu.OK {
		return refuse(sw)
	}
	own, other := interindustry, proprietary
	if cmd.CLA == 0x80 {
		own, other = proprietary, interindustry
	}
	i, ok := own(cmd.INS)
	if _, elsewhere := other(cmd.INS); !ok && elsewhere {
		return refuse(apdu.UnknownClass)
	}
	switch {
	case !ok:
		return refuse(apdu.UnknownInstruction)
	case cmd.Extended && !i.extended:
		return refuse(apdu.WrongLength)
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
func (c *Chip) selectFile(_ context.Context, cmd apdu.Command) (apdu.Response, error) {
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

func (c *Chip) selectDF(cmd apdu.Command) (apdu.Response, error) {
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
	c.verified = map[Ref]bool{}
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

func (c *Chip) selectEF(cmd apdu.Command) (apdu.Response, error) {
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
func (c *Chip) reference(p2 byte, want fileType) (*ef, apdu.StatusWord) {
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
//
// A key is not read: whoever tries destroys it (see Memory.DestroyKeys), and 6981 is the last word of
// the card.
func (c *Chip) readBinary(ctx context.Context, cmd apdu.Command) (apdu.Response, error) {
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
	case sw == apdu.WrongFileType && c.ef.kind == keyFile:
		return c.tamper(ctx)
	case sw != apdu.OK:
		return refuse(sw)
	case !c.may(f):
		return refuse(apdu.NotVerified)
	}
	data := f.read(c.contentOf(f), offset, cmd.Ne)
	if len(data) == 0 {
		return refuse(apdu.OffsetOutside)
	}
	return answer(cmd, data)
}

// getChallenge is GET CHALLENGE, 00 84 00 00 Le: Le (1 to 256) random bytes.
func (c *Chip) getChallenge(_ context.Context, cmd apdu.Command) (apdu.Response, error) {
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

// tamper destroys the keys of the card, since somebody has tried to read one.
func (c *Chip) tamper(ctx context.Context) (apdu.Response, error) {
	if err := c.memory.DestroyKeys(context.WithoutCancel(ctx)); err != nil {
		return apdu.Response{}, err
	}
	return refuse(apdu.WrongFileType)
}

// may reports whether one of the references that an EF needs has been verified.
func (c *Chip) may(f *ef) bool {
	return len(f.needs) == 0 || slices.ContainsFunc(f.needs, func(r Ref) bool { return c.verified[r] })
}

// contentOf returns what is in an EF.
func (c *Chip) contentOf(f *ef) []byte {
	if f.write == nil || c.card.Blank {
		return f.content
	}
	return c.cache.file(c.card.Record, fmt.Sprintf("%X %X", c.df.aid, f.fid), f.write)
}

// ATR is the answer to reset: the one of its make.
func (c *Chip) ATR() []byte { return modelOf(c.card.Variant).atr }
