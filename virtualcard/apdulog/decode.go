package apdulog

import (
	"fmt"

	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

// decoder says what commands mean. What was selected before gives files their names.
type decoder struct {
	application *application // the selected one; nil for one that is unknown
	file        words        // the current elementary file, empty for none
}

// line reads a command with its answer, nil for none.
func (d *decoder) line(command, answer []byte) Line {
	line := Line{Command: Masked(command)}
	said := words{"not a command", "コマンドではありません"}
	cmd, err := apdu.ParseCommand(command)
	if err == nil {
		said = d.command(cmd)
	}
	meant := words{"no answer", "応答なし"}
	if answer != nil {
		line.Answer = fmt.Sprintf("% X", answer)
		meant = words{"not an answer", "応答として読めません"}
		if response, err := apdu.ParseResponse(answer); err == nil {
			meant = meaning(response)
			if _, compared := response.SW.TriesLeft(); compared || response.SW == apdu.OK {
				d.done(cmd)
			}
		}
	}
	line.Says, line.SaysJA = said.en+": "+meant.en, said.ja+"：　"+meant.ja
	return line
}

func meaning(r apdu.Response) words {
	if left, ok := r.SW.TriesLeft(); ok {
		return words{fmt.Sprintf("%d tries left", left), fmt.Sprintf("残り%d回", left)}
	}
	means, ok := meanings()[r.SW]
	if !ok {
		means = words{"status " + r.SW.String(), "状態" + r.SW.String()}
	}
	if n := len(r.Data); n > 0 {
		means = words{fmt.Sprintf("%s, %d bytes", means.en, n), fmt.Sprintf("%s（%dバイト）", means.ja, n)}
	}
	return means
}

// command names a command by its instruction.
func (d *decoder) command(c apdu.Command) words {
	of := func(name string, w words) words { return words{name + " " + w.en, name + " " + w.ja} }
	switch c.INS {
	case 0xA4:
		return of("SELECT", d.selected(c))
	case 0x20:
		file := d.named(c)
		if len(c.Data) == 0 {
			return words{"VERIFY, tries left of " + file.en, "VERIFY（残り回数の照会） " + file.ja}
		}
		return of("VERIFY", file)
	case 0x24, 0x32:
		return of("CHANGE", d.named(c))
	case 0x2A:
		file := d.named(c)
		return words{"COMPUTE DIGITAL SIGNATURE with " + file.en, "COMPUTE DIGITAL SIGNATURE " + file.ja}
	case 0xB0:
		file, offset := d.current(), int(c.P1)<<8|int(c.P2)
		if c.P1&0x80 != 0 {
			file, offset = d.application.fileNamed(jpkiap.FID(c.P1&0x1F)), int(c.P2)
		}
		return words{fmt.Sprintf("READ BINARY of %s from %d", file.en, offset), fmt.Sprintf("READ BINARY %s %dバイト目から", file.ja, offset)}
	case 0xB2:
		file := d.recordFile(c)
		return words{fmt.Sprintf("READ RECORD %d of %s", c.P1, file.en), fmt.Sprintf("READ RECORD %s %d番", file.ja, c.P1)}
	case 0xCA:
		name := fmt.Sprintf("GET DATA %02X%02X", c.P1, c.P2)
		return words{name, name}
	case 0x88:
		file := d.named(c)
		return words{"INTERNAL AUTHENTICATE with " + file.en, "INTERNAL AUTHENTICATE " + file.ja}
	}
	if name, ok := instructions()[uint16(c.CLA&0x80)<<8|uint16(c.INS)]; ok {
		return name
	}
	return words{fmt.Sprintf("instruction %02X %02X", c.CLA, c.INS), fmt.Sprintf("命令%02X %02X", c.CLA, c.INS)}
}

func (d *decoder) current() words {
	if d.file == (words{}) {
		return words{"no file", "（ファイルなし）"}
	}
	return d.file
}

// named is the key or PIN of a command: the current file, or a short identifier in P2.
func (d *decoder) named(c apdu.Command) words {
	if sfi := c.P2 & 0x1F; sfi != 0 {
		return d.application.fileNamed(jpkiap.FID(sfi))
	}
	return d.current()
}

// recordFile is the file of READ RECORD.
func (d *decoder) recordFile(c apdu.Command) words {
	if sfi := c.P2 >> 3; sfi != 0 {
		return d.application.fileNamed(jpkiap.FID(sfi))
	}
	return d.current()
}

// fileOf reads the identifier of a file.
func fileOf(data []byte) jpkiap.FID { return jpkiap.FID(data[0])<<8 | jpkiap.FID(data[1]) }

// selected names what SELECT asks for.
func (d *decoder) selected(c apdu.Command) words {
	switch {
	case c.P1 == 0x04:
		if a := applicationNamed(c.Data); a != nil {
			return a.name
		}
		return words{fmt.Sprintf("application %X", c.Data), fmt.Sprintf("AP %X", c.Data)}
	case len(c.Data) == 2:
		return d.application.fileNamed(fileOf(c.Data))
	case len(c.Data) == 0:
		return words{"the root", "ルート"}
	}
	return words{fmt.Sprintf("% X", c.Data), fmt.Sprintf("% X", c.Data)}
}

// done notes what a command that was obeyed has selected.
func (d *decoder) done(c apdu.Command) {
	switch {
	case c.INS == 0xA4 && c.P1 == 0x04:
		*d = decoder{application: applicationNamed(c.Data)}
	case c.INS == 0xA4 && len(c.Data) == 2:
		d.file = d.application.fileNamed(fileOf(c.Data))
	case c.INS == 0xB0 && c.P1&0x80 != 0:
		d.file = d.application.fileNamed(jpkiap.FID(c.P1 & 0x1F))
	case c.INS == 0xB2:
		d.file = d.recordFile(c)
	case c.P2&0x1F != 0 && (c.INS == 0x20 || c.INS == 0x24 || c.INS == 0x2A || c.INS == 0x32 || c.INS == 0x88):
		d.file = d.named(c)
	}
}
