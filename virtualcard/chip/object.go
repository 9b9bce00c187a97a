package chip

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"

	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/record"
)

// readRecord is READ RECORD, 00 B2 rec P2 Le. P2 is sfi<<3|4 for the file of a short
// identifier, 04 for the current EF. These files have one record: 6A83 for another
// number, 6981 on a file without records, 6982 while its PIN is missing, 6A81 for every other
// way to name records (05, all of them).
func (c *Chip) readRecord(ctx context.Context, cmd apdu.Command) (apdu.Response, error) {
	switch {
	case len(cmd.Data) > 0 || !cmd.HasLe():
		return refuse(apdu.WrongLength)
	case cmd.P2&0x07 != 0x04 || cmd.P2>>3 == 0x1F:
		return refuse(apdu.FunctionNotSupported)
	}
	f, sw := c.reference(0x80|cmd.P2>>3, recordFile)
	switch {
	case sw == apdu.WrongFileType && c.ef.kind == keyFile:
		return c.tamper(ctx)
	case sw != apdu.OK:
		return refuse(sw)
	case !c.may(f):
		return refuse(apdu.NotVerified)
	case cmd.P1 != 1 || c.card.Blank:
		return refuse(apdu.RecordNotFound)
	}
	return answer(cmd, c.contentOf(f))
}

// getData is GET DATA, 00 CA tag tag Le, in the issuer's security domain: 5F51 is the
// ATR of the contact interface without its first byte, for the others see
// record.IssuerObject. An object of more than 256 bytes needs an extended Le, else 6700. 6A88
// for every other object, and in an application.
func (c *Chip) getData(_ context.Context, cmd apdu.Command) (apdu.Response, error) {
	if len(cmd.Data) > 0 || !cmd.HasLe() {
		return refuse(apdu.WrongLength)
	}
	var object []byte
	switch tag := uint16(cmd.P1)<<8 | uint16(cmd.P2); {
	case c.df != c.files[0]:
	case tag == 0x5F51:
		object = c.ATR()[1:]
	case !c.card.Blank:
		object = c.card.Record.IssuerObject(tag)
	}
	switch {
	case object == nil:
		return refuse(apdu.DataNotFound)
	case len(object) > 256 && !cmd.Extended:
		return refuse(apdu.WrongLength)
	}
	return answer(cmd, object)
}

// internalAuthenticate is INTERNAL AUTHENTICATE, 00 88 00 P2 Lc challenge Le. The key of the
// common application (0019) signs the challenge, PKCS#1 v1.5 with SHA-256, without a PIN.
// Every other key refuses: 6982 while its PIN is missing, else 6985.
func (c *Chip) internalAuthenticate(_ context.Context, cmd apdu.Command) (apdu.Response, error) {
	if cmd.P1 != 0 {
		return refuse(apdu.WrongP1P2)
	}
	f, sw := c.reference(cmd.P2, keyFile)
	switch {
	case sw != apdu.OK:
		return refuse(sw)
	case !c.may(f):
		return refuse(apdu.NotVerified)
	case f.of != 0 || f.fid != authenticationKey:
		return refuse(apdu.ConditionsNotMet)
	case len(cmd.Data) == 0 || cmd.Ne < KeyBits/8:
		return refuse(apdu.WrongLength)
	}
	hash := sha256.Sum256(cmd.Data)
	signature, err := rsa.SignPKCS1v15(nil, record.ChipKey(), crypto.SHA256, hash[:])
	if err != nil {
		return apdu.Response{}, err
	}
	return answer(cmd, signature)
}

// loadTerminalCertificate is 80 A2 00 P2 Lc data: a terminal that needs no PIN shows its
// CV certificate to the key 0016. Its form is not public; no certificate of a terminal is
// accepted here, so that the data is wrong, 6A80.
func (c *Chip) loadTerminalCertificate(_ context.Context, cmd apdu.Command) (apdu.Response, error) {
	f, sw := c.reference(cmd.P2, sealedFile)
	switch {
	case sw != apdu.OK:
		return refuse(sw)
	case f.fid != terminalKey:
		return refuse(apdu.ConditionsNotMet)
	case len(cmd.Data) == 0:
		return refuse(apdu.WrongLength)
	}
	return refuse(apdu.WrongData)
}

// setSessionKey is SET SESSION KEY, 80 AE 00 00, by which a client would begin secure
// messaging. This card has none: in the text application 6982 without its PIN and 6985 with
// it, elsewhere 66F1.
func (c *Chip) setSessionKey(_ context.Context, _ apdu.Command) (apdu.Response, error) {
	switch {
	case string(c.df.aid) != string(record.TextAID()):
		return refuse(apdu.NoSessionHere)
	case !c.verified[TextPIN]:
		return refuse(apdu.NotVerified)
	}
	return refuse(apdu.ConditionsNotMet)
}

// administer answers the instructions of JICSAP that only the issuer's keys open (unlock a
// key, lock and unlock an application, change attributes, erase records): 6982. The
// municipal counter uses Cabinet.Unblock.
func (c *Chip) administer(context.Context, apdu.Command) (apdu.Response, error) {
	return refuse(apdu.NotVerified)
}

// lastCommand is 80 FC 00 00, which only the token of an iPhone knows: 6700.
func (c *Chip) lastCommand(context.Context, apdu.Command) (apdu.Response, error) {
	return refuse(apdu.WrongLength)
}
