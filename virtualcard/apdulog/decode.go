package apdulog

import (
	"bytes"
	"fmt"

	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

// decoder says what commands mean. What was selected before gives files their names.
type decoder struct {
	application string // the name of the selected one
	file        string // of the current elementary file
}

// applications are the card's, by their identifiers (AID).
var applications = []struct {
	aid  []byte
	name string
}{
	{jpkiap.AID(), "JPKI application"},
	{[]byte{0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08}, "card-face text application"},
	{[]byte{0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02}, "card-face image application"},
	{[]byte{0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x01}, "Basic Resident Register application"},
	{[]byte{0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00}, "common application"},
}

// files are the elementary files of the JPKI application.
var files = map[jpkiap.FID]string{
	jpkiap.SignatureCertificate:        "digital signature certificate",
	jpkiap.SignatureCACertificate:      "CA certificate of digital signature",
	jpkiap.TokenInfoFile:               "token information",
	jpkiap.CertificatePresence:         "presence of certificates",
	jpkiap.AuthenticationCertificate:   "user authentication certificate",
	jpkiap.AuthenticationCACertificate: "CA certificate of user authentication",
	jpkiap.AuthenticationKey:           "user authentication key",
	jpkiap.AuthenticationPIN:           "user authentication PIN",
	jpkiap.SignatureKey:                "digital signature key",
	jpkiap.SignaturePIN:                "digital signature PIN",
}

// meanings are the status words (ISO/IEC 7816-4 §5.6).
var meanings = map[apdu.StatusWord]string{
	apdu.OK: "done", apdu.MemoryFailure: "memory failure", apdu.WrongLength: "wrong length", apdu.ChannelNotSupported: "logical channels not supported",
	apdu.SecureMessagingUnknown: "secure messaging not supported", apdu.WrongFileType: "not possible with this file", apdu.NotVerified: "PIN not verified",
	apdu.MethodBlocked: "blocked", apdu.ReferenceBlocked: "blocked", apdu.ConditionsNotMet: "conditions not met", apdu.NoCurrentFile: "no file selected",
	apdu.WrongData: "wrong data", apdu.NotFound: "not found", apdu.WrongP1P2: "wrong P1 P2", apdu.DataNotFound: "no such data", apdu.OffsetOutside: "offset beyond the end",
	apdu.UnknownInstruction: "unknown instruction", apdu.UnknownClass: "unknown class", apdu.UnknownError: "error",
}

// line reads a command with its answer, nil for none.
func (d *decoder) line(command, answer []byte) Line {
	line := Line{Command: masked(command, HasPIN(command)), Says: "not a command"}
	cmd, err := apdu.ParseCommand(command)
	if err == nil {
		line.Says = d.command(cmd)
	}
	if answer == nil {
		line.Says += ": no answer"
		return line
	}
	line.Answer = fmt.Sprintf("% X", answer)
	response, err := apdu.ParseResponse(answer)
	if err != nil {
		line.Says += ": not an answer"
		return line
	}
	if err == nil && response.SW == apdu.OK && cmd.INS == 0xA4 {
		d.selects(cmd)
	}
	line.Says += ": " + meaning(response)
	return line
}

func meaning(r apdu.Response) string {
	if left, ok := r.SW.TriesLeft(); ok {
		return fmt.Sprintf("%d tries left", left)
	}
	text := meanings[r.SW]
	if text == "" {
		text = "status " + r.SW.String()
	}
	if n := len(r.Data); n > 0 {
		text = fmt.Sprintf("%s, %d bytes", text, n)
	}
	return text
}

// command names a command by its instruction.
func (d *decoder) command(c apdu.Command) string {
	switch c.INS {
	case 0xA4:
		return "SELECT " + d.selected(c)
	case 0x20:
		if len(c.Data) == 0 {
			return "VERIFY, tries left of " + d.named(c)
		}
		return "VERIFY " + d.named(c)
	case 0x24, 0x32:
		return "CHANGE " + d.named(c)
	case 0x2C:
		return "RESET RETRY COUNTER"
	case 0x2A:
		return "COMPUTE DIGITAL SIGNATURE with " + d.named(c)
	case 0xB0:
		if c.P1&0x80 != 0 {
			return fmt.Sprintf("READ BINARY of short file %02X from %d", c.P1&0x1F, c.P2)
		}
		return fmt.Sprintf("READ BINARY of %s from %d", d.current(), int(c.P1)<<8|int(c.P2))
	case 0xB2:
		return fmt.Sprintf("READ RECORD %d", c.P1)
	case 0xCA:
		return fmt.Sprintf("GET DATA %02X%02X", c.P1, c.P2)
	case 0x84:
		return "GET CHALLENGE"
	case 0x88:
		return "INTERNAL AUTHENTICATE"
	}
	return fmt.Sprintf("instruction %02X %02X", c.CLA, c.INS)
}

func (d *decoder) current() string {
	if d.file == "" {
		return "no file"
	}
	return d.file
}

// named is the key or PIN of a command: the current file, or a short identifier in P2.
func (d *decoder) named(c apdu.Command) string {
	if sfi := c.P2 & 0x1F; sfi != 0 && d.application == applications[0].name {
		return fileName(d.application, []byte{0, sfi})
	}
	return d.current()
}

// selected names what SELECT asks for.
func (d *decoder) selected(c apdu.Command) string {
	switch {
	case c.P1 == 0x04:
		return applicationName(c.Data)
	case len(c.Data) == 2:
		return fileName(d.application, c.Data)
	}
	return fmt.Sprintf("% X", c.Data)
}

// selects notes what a SELECT that was obeyed has selected.
func (d *decoder) selects(c apdu.Command) {
	if c.P1 == 0x04 {
		*d = decoder{application: applicationName(c.Data)}
	} else if len(c.Data) == 2 {
		d.file = fileName(d.application, c.Data)
	}
}

func applicationName(aid []byte) string {
	for _, a := range applications {
		if len(aid) > 4 && bytes.HasPrefix(a.aid, aid) {
			return a.name
		}
	}
	return fmt.Sprintf("application %X", aid)
}

func fileName(application string, fid []byte) string {
	name := files[jpkiap.FID(fid[0])<<8|jpkiap.FID(fid[1])]
	if application != applications[0].name || name == "" {
		return fmt.Sprintf("file %X", fid)
	}
	return fmt.Sprintf("%s (%X)", name, fid)
}
