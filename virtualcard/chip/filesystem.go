package chip

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/jpkiap"
	"example.jp/jpkimock/virtualcard/record"
)

// CertificateFile is the size of an EF that holds a certificate. DER is
// shorter, and what follows it is filler, as on a real card.
const CertificateFile = 4096

// filler is the byte after the end of a certificate, and of a file that was
// never written.
const filler = 0xFF

// fileType says what an EF is made for.
type fileType int

const (
	transparent fileType = iota // bytes, for READ BINARY
	recordFile                  // one record, for READ RECORD
	pinFile                     // a PIN or printed number, for VERIFY
	keyFile                     // a private key, for COMPUTE DIGITAL SIGNATURE
	sealedFile                  // exists, its use is not public
)

// ef is an elementary file (EF, 基礎ファイル).
type ef struct {
	fid  jpkiap.FID
	kind fileType
	// content is what is read, followed by filler up to size.
	content []byte
	size    int // 0 for the size of content
	// write writes the content of a file that comes from the holder's record, when it is first
	// read.
	write func(record.Record) []byte
	ref   Ref       // of a pinFile
	of    jpki.Kind // of a keyFile; none for the chip's own key
	// needs are the references of which one must have been verified; none is free.
	needs []Ref
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
// elementary file.
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

// newFileSystem lays out a card's files.
func newFileSystem(card Content) fileSystem {
	s := fileSystem{{aid: record.IssuerDomainAID()}, jpkiApplication(card)}
	if !modelOf(card.Variant).applications {
		return s
	}
	return append(s, textApplication(), faceApplication(), registerApplication(), commonApplication())
}

// jpkiApplication is 公的個人認証AP.
func jpkiApplication(card Content) *df {
	sign, auth := card.Slots[jpki.DigitalSignature], card.Slots[jpki.UserAuthentication]
	needsSign, needsAuth := []Ref{SignaturePIN}, []Ref{AuthenticationPIN}
	model := modelOf(card.Variant)
	var readAuth []Ref
	if model.certificatePIN {
		readAuth = needsAuth
	}
	return &df{aid: jpkiap.AID(), files: []*ef{
		{fid: jpkiap.SignatureCertificate, content: sign.Certificate, size: CertificateFile, needs: needsSign},
		{fid: jpkiap.SignatureCACertificate, content: sign.CACertificate, size: CertificateFile},
		{fid: jpkiap.TokenInfoFile, content: tokenInfo(model.label, card.Record.Card)},
		{fid: jpkiap.CertificatePresence, content: []byte{presence(sign), presence(auth), 0x00}},
		{fid: 0x0009, needs: []Ref{nobody}},
		{fid: jpkiap.AuthenticationCertificate, content: auth.Certificate, size: CertificateFile, needs: readAuth},
		{fid: jpkiap.AuthenticationCACertificate, content: auth.CACertificate, size: CertificateFile},
		{fid: 0x0010, kind: sealedFile},
		{fid: terminalKey, kind: sealedFile},
		{fid: jpkiap.AuthenticationKey, kind: keyFile, of: jpki.UserAuthentication, needs: needsAuth},
		{fid: jpkiap.AuthenticationPIN, kind: pinFile, ref: AuthenticationPIN},
		{fid: jpkiap.SignatureKey, kind: keyFile, of: jpki.DigitalSignature, needs: needsSign},
		{fid: jpkiap.SignaturePIN, kind: pinFile, ref: SignaturePIN},
	}}
}

// terminalKey is the key of terminal authentication (PINレス, 顔認証), for 80 A2.
const terminalKey jpkiap.FID = 0x0016

// internalKey is the chip's own key in the text application, authenticationKey the one
// in the common application.
const (
	internalKey       jpkiap.FID = 0x0013
	authenticationKey jpkiap.FID = 0x0019
)

// textFile is a file of the record in the text application; faceFile in the face
// application.
func textFile(fid jpkiap.FID, needs ...Ref) *ef {
	return &ef{fid: fid, needs: needs, write: func(r record.Record) []byte { return r.TextFile(fid) }}
}

func faceFile(fid jpkiap.FID, needs ...Ref) *ef {
	return &ef{fid: fid, needs: needs, write: func(r record.Record) []byte { return r.FaceFile(fid) }}
}

// textApplication is 券面事項入力補助AP. 照合番号A opens the number and not the attributes, B
// the attributes and not the number.
func textApplication() *df {
	const pin, a, b = TextPIN, TextNumberA, TextNumberB
	return &df{aid: record.TextAID(), files: []*ef{
		textFile(record.TextNumber, pin, a), textFile(record.TextAttributes, pin, b), textFile(record.TextSignature, pin, a, b),
		textFile(record.TextIssuer), textFile(record.TextBasicInfo), textFile(record.TextSessionKey, pin, a, b),
		textFile(record.TextPublicKey, pin, a, b), textFile(record.TextSpare),
		{fid: 0x0011, kind: pinFile, ref: pin}, {fid: 0x0012, kind: pinFile, ref: blocked},
		{fid: internalKey, kind: keyFile},
		{fid: 0x0014, kind: pinFile, ref: a}, {fid: 0x0015, kind: pinFile, ref: b},
	}}
}

// faceApplication is 券面事項確認AP.
func faceApplication() *df {
	const birth, a, b = FaceBirth, FaceNumberA, FaceNumberB
	return &df{aid: record.FaceAID(), files: []*ef{
		faceFile(record.FaceAge, birth), faceFile(record.FaceFront, a, b), faceFile(record.FaceBasicInfo),
		faceFile(record.FaceIssuer), faceFile(record.FaceNumber, a), faceFile(record.FaceSpare),
		{fid: 0x0011, kind: pinFile, ref: birth}, {fid: 0x0012, kind: pinFile, ref: b}, {fid: 0x0013, kind: pinFile, ref: a},
		{fid: 0x0014, kind: sealedFile}, {fid: 0x0015, kind: sealedFile},
	}}
}

// registerApplication is 住基AP.
func registerApplication() *df {
	return &df{aid: record.RegisterAID(), files: []*ef{
		{fid: 0x0002, kind: recordFile, needs: []Ref{RegisterPIN}, write: record.Record.RegisterRecord},
		{fid: 0x001C, kind: pinFile, ref: RegisterPIN},
	}}
}

// commonApplication is 共通カードAP.
func commonApplication() *df {
	return &df{aid: record.CommonAID(), files: []*ef{
		{fid: 0x0001, kind: recordFile, write: record.Record.CommonRecord},
		{fid: 0x0002, write: record.Record.CommonKeyReference},
		{fid: authenticationKey, kind: keyFile},
		{fid: 0x001C, kind: pinFile, ref: CommonPIN},
		{fid: 0x001E, needs: []Ref{nobody}},
	}}
}

// read returns up to n bytes of a file's content from offset on; none at or past its end.
func (f *ef) read(content []byte, offset, n int) []byte {
	size := max(f.size, len(content))
	if offset >= size {
		return nil
	}
	n = min(n, size-offset)
	from := content[min(offset, len(content)):]
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
// with 32-bit big-endian numbers. The label tells the make of card; the model says
// that this one is a mock.
func tokenInfo(label, id string) []byte {
	const flags = 0x0000040D // random numbers, login required, PIN and token initialized
	hash := sha256.Sum256([]byte(id))
	serial := binary.BigEndian.Uint64(hash[:]) % 1e16
	b := fmt.Appendf(make([]byte, 0, 160), "%-32s%032d%-16s%016d", label, 1, "JPKIMOCK", serial)
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
