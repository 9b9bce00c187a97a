package virtualcard

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

// certificateFile is the size of an EF that holds a certificate. DER is
// shorter, and what follows it is filler, as on a real card.
const certificateFile = 4096

// filler is the byte after the end of a certificate, and of a file that was
// never written.
const filler = 0xFF

// fileType says what an EF is made for.
type fileType int

const (
	transparent fileType = iota // bytes, for READ BINARY
	pinFile                     // a PIN, for VERIFY and CHANGE REFERENCE DATA
	keyFile                     // a private key, for COMPUTE DIGITAL SIGNATURE
	sealedFile                  // exists, its use is not public
)

// never is an access condition that no PIN meets.
const never jpki.Kind = -1

// ef is an elementary file (EF, 基礎ファイル).
type ef struct {
	fid  jpkiap.FID
	kind fileType
	// content is what READ BINARY reads, followed by filler up to size.
	content []byte
	size    int // 0 for the size of content
	// of is the kind of certificate that a PIN, a key or an access condition
	// belongs to.
	of jpki.Kind
	// needs is the kind whose PIN must have been verified; zero is free.
	needs jpki.Kind
}

// df is a dedicated file (DF, 専用ファイル): an application.
type df struct {
	aid   []byte
	files []*ef
}

// find returns an EF of the application, or nil.
func (d *df) find(fid jpkiap.FID) *ef {
	for _, f := range d.files {
		if f.fid == fid {
			return f
		}
	}
	return nil
}

// fileSystem is the applications of a card. The first is the one that a card
// starts with: the issuer's security domain of GlobalPlatform, which has no
// elementary file. The card of this mock has the JPKI application beside it
// and none of the card-face, card-management and register applications.
type fileSystem []*df

// byAID returns the applications whose identifier is name or starts with it: a name
// may be truncated (ISO/IEC 7816-4 §12.2.3), but not below the five bytes of the
// registered provider.
func (s fileSystem) byAID(name []byte) []*df {
	var found []*df
	for _, d := range s {
		if bytes.Equal(d.aid, name) || len(name) >= 5 && bytes.HasPrefix(d.aid, name) {
			found = append(found, d)
		}
	}
	return found
}

// issuerDomain is the AID of the issuer's security domain.
func issuerDomain() []byte { return []byte{0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00} }

// newFileSystem lays out a card's files.
func newFileSystem(card Card) fileSystem {
	sign, auth := card.Slots[jpki.DigitalSignature], card.Slots[jpki.UserAuthentication]
	const s, a = jpki.DigitalSignature, jpki.UserAuthentication
	application := &df{aid: jpkiap.AID(), files: []*ef{
		{fid: jpkiap.SignatureCertificate, content: sign.Certificate, size: certificateFile, needs: s},
		{fid: jpkiap.SignatureCACertificate, content: sign.CACertificate, size: certificateFile},
		{fid: jpkiap.TokenInfoFile, content: tokenInfo(card.ID)},
		{fid: jpkiap.CertificatePresence, content: []byte{presence(sign), presence(auth), 0x00}},
		{fid: 0x0009, needs: never},
		{fid: jpkiap.AuthenticationCertificate, content: auth.Certificate, size: certificateFile},
		{fid: jpkiap.AuthenticationCACertificate, content: auth.CACertificate, size: certificateFile},
		{fid: 0x0010, kind: sealedFile},
		{fid: 0x0016, kind: sealedFile}, // key of terminal authentication (PINレス)
		{fid: jpkiap.AuthenticationKey, kind: keyFile, of: a, needs: a},
		{fid: jpkiap.AuthenticationPIN, kind: pinFile, of: a},
		{fid: jpkiap.SignatureKey, kind: keyFile, of: s, needs: s},
		{fid: jpkiap.SignaturePIN, kind: pinFile, of: s},
	}}
	return fileSystem{{aid: issuerDomain()}, application}
}

// read returns up to n bytes from offset on; none at or past the end of the file.
func (f *ef) read(offset, n int) []byte {
	size := max(f.size, len(f.content))
	if offset >= size {
		return nil
	}
	n = min(n, size-offset)
	from := f.content[min(offset, len(f.content)):]
	if n <= len(from) {
		return from[:n]
	}
	return append(bytes.Clone(from), bytes.Repeat([]byte{filler}, n-len(from))...)
}

// presence is a byte of EF 0008: 8F if there is a certificate, 00 if not.
func presence(s Slot) byte {
	if len(s.Certificate) > 0 {
		return 0x8F
	}
	return 0x00
}

// tokenInfo is EF 0006, 160 bytes laid out as the CK_TOKEN_INFO of PKCS#11
// with 32-bit big-endian numbers. The label is that of an Individual Number
// Card; the model says that this one is a mock.
func tokenInfo(id CardID) []byte {
	const flags = 0x0000040D // random numbers, login required, PIN and token initialized
	hash := sha256.Sum256([]byte(id))
	serial := binary.BigEndian.Uint64(hash[:]) % 1e16
	b := fmt.Appendf(make([]byte, 0, 160), "%-32s%032d%-16s%016d", "JPKIAPICCTOKEN2", 1, "JPKIMOCK", serial)
	for _, n := range []uint32{
		flags,
		1, 0, 0, 0, // sessions: most, open, most read-write, open read-write
		16, 6, // PIN: longest, shortest
		^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0), // memory: not stated
	} {
		b = binary.BigEndian.AppendUint32(b, n)
	}
	return append(b, "03019999999999999999"...) // hardware 03, software 01, no clock
}
