package record_test

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"image/png"
	"math/big"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/jpkiap"
	"example.jp/jpkimock/virtualcard/record"
)

func taro() record.Record {
	return record.Record{
		Number: jpki.InventIndividualNumber("taro"), Name: "試験　太郎", Address: "東京都千代田区霞が関１丁目２番３号",
		DateOfBirth: jpki.DateOfBirth{Era: jpki.Showa, Year: 1980, Month: 2, Day: 17}, Gender: jpki.Male, Municipality: "99201",
		Made: time.Date(2026, 4, 1, 0, 0, 0, 0, jpki.JST), Expires: time.Date(2036, 2, 17, 23, 59, 59, 0, jpki.JST), Card: "card-taro",
	}
}

// object is a data object as a reader of a card sees it.
type object struct {
	tag    uint16
	value  []byte
	whole  []byte
	offset int // from the start of the file
}

// parse reads the objects in b, which begins at an offset of the file; filler ends them. It
// shares nothing with the package's writer.
func parse(t *testing.T, b []byte, offset int) (all []object) {
	t.Helper()
	for i := 0; i < len(b) && (b[i] != 0xFF || i+1 < len(b) && b[i+1] != 0xFF); {
		start := i
		tag := uint16(b[i])
		if i++; tag&0x1F == 0x1F {
			tag = tag<<8 | uint16(b[i])
			i++
		}
		n := int(b[i])
		if i++; n == 0x82 {
			n = int(binary.BigEndian.Uint16(b[i:]))
			i += 2
		}
		if i+n > len(b) {
			t.Fatalf("object %X of %d bytes at %d ends outside", tag, n, start)
		}
		all = append(all, object{tag, b[i : i+n], b[start : i+n], offset + start})
		i += n
	}
	return all
}

// inside gives the objects inside the one object of a file, by tag.
func inside(t *testing.T, file []byte, outer uint16) map[uint16]object {
	t.Helper()
	all := parse(t, file, 0)
	if len(all) != 1 || all[0].tag != outer {
		t.Fatalf("%d objects, the first is %X", len(all), all[0].tag)
	}
	found := map[uint16]object{}
	for _, o := range parse(t, all[0].value, len(all[0].whole)-len(all[0].value)) {
		found[o.tag] = o
	}
	return found
}

// keyIn reads a public key: 90 exponent, 91 modulus.
func keyIn(t *testing.T, b []byte) *rsa.PublicKey {
	t.Helper()
	parts := parse(t, b, 0)
	if len(parts) != 2 || parts[0].tag != 0x90 || parts[1].tag != 0x91 || len(parts[1].value) != 256 {
		t.Fatalf("no public key in % X", b)
	}
	return &rsa.PublicKey{N: new(big.Int).SetBytes(parts[1].value), E: int(new(big.Int).SetBytes(parts[0].value).Int64())}
}

func verify(t *testing.T, what string, key *rsa.PublicKey, signature []byte, parts ...[]byte) {
	t.Helper()
	hash := sha256.Sum256(bytes.Join(parts, nil))
	if err := rsa.VerifyPKCS1v15(key, crypto.SHA256, hash[:], signature); err != nil {
		t.Errorf("%s: %v", what, err)
	}
}

// subject checks a CV certificate and gives the key in it.
func subject(t *testing.T, file []byte) *rsa.PublicKey {
	t.Helper()
	parts := inside(t, file, 0x7F21)
	body, signature := parts[0x5F4E], parts[0x5F37]
	if len(file) != 568 || len(body.value) != 0x129 || len(signature.value) != 256 {
		t.Fatalf("%d bytes, of them %d and %d", len(file), len(body.value), len(signature.value))
	}
	issuer, holder := body.value[:16], body.value[16:32]
	for _, id := range [][]byte{issuer, holder} {
		if id[0] != '9' || id[7] != 0x08 || id[8] != 0x05 || string(id[9:12]) != "001" {
			t.Errorf("key id % X", id)
		}
	}
	r := taro()
	root := inside(t, append([]byte{0xFF, 0x00, 0x82, 0x02, 0x33}, append(r.IssuerObject(0x00F8), r.IssuerObject(0x7F21)...)...), 0xFF00)
	key := keyIn(t, root[0x5F4E].value[32:])
	verify(t, "the root's own certificate", key, root[0x5F37].value, root[0x5F4E].value)
	verify(t, "the certificate", key, signature.value, body.value)
	return keyIn(t, body.value[32:])
}

// The four attributes are those of the published example, to the byte.
func TestAttributesOfTheExample(t *testing.T) {
	want := strings.ReplaceAll(`FF 20 62 DF 21 08 00 0E 00 20 00 56 00 61 DF 22 0F E8 A9 A6 E9 A8 93 E3 80 80 E5 A4 AA E9 83 8E DF 23 33 E6 9D B1 E4 BA AC E9 83 BD E5 8D 83 E4 BB A3 E7 94 B0 E5 8C BA E9 9C 9E E3 81 8C E9 96 A2 EF BC 91 E4 B8 81 E7 9B AE EF BC 92 E7 95 AA EF BC 93 E5 8F B7 DF 24 08 31 39 38 30 30 32 31 37 DF 25 01 31`, " ", "")
	r := taro()
	if got := hex.EncodeToString(r.TextFile(record.TextAttributes)); !strings.EqualFold(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	r.LongLengths = true
	long := r.TextFile(record.TextAttributes)
	if !bytes.HasPrefix(long, []byte{0xFF, 0x20, 0x82, 0x00, 0x62, 0xDF, 0x21, 0x08, 0x00, 0x10, 0x00, 0x22}) {
		t.Errorf("with long lengths % X", long[:12])
	}
}

// Each offset in a table leads to the object it is for.
func TestTablesLeadToTheirObjects(t *testing.T) {
	long := taro()
	long.LongLengths, long.Address = true, strings.Repeat("青葉県みほん市", 8)
	for name, file := range map[string][]byte{
		"text": taro().TextFile(record.TextAttributes), "long text": long.TextFile(record.TextAttributes), "face": taro().FaceFile(record.FaceFront),
	} {
		objects := inside(t, file, 0xFF20)
		table := objects[0xDF21].value
		if len(table) != 2*(len(objects)-1) {
			t.Fatalf("%s: %d bytes for %d objects", name, len(table), len(objects)-1)
		}
		for i := range len(table) / 2 {
			at, want := int(binary.BigEndian.Uint16(table[2*i:])), objects[uint16(0xDF22+i)]
			if at != want.offset || !bytes.HasPrefix(file[at:], want.whole) {
				t.Errorf("%s: entry %d leads to %d, %X is at %d", name, i, at, want.tag, want.offset)
			}
		}
	}
}

func TestSizesOfTheTextFiles(t *testing.T) {
	r := taro()
	for fid, want := range map[jpkiap.FID]int{1: 17, 3: 336, 4: 568, 5: 164, 6: 269, 7: 536, 8: 16} {
		if got := len(r.TextFile(fid)); got != want {
			t.Errorf("EF %04X has %d bytes, want %d", fid, got, want)
		}
	}
	number := r.TextFile(record.TextNumber)
	if !bytes.HasPrefix(number, []byte{0xFF, 0x10, 0x0C}) || !bytes.HasSuffix(number, []byte{0xFF, 0xFF}) {
		t.Errorf("number file % X", number)
	}
	if _, err := jpki.ParseIndividualNumber(string(number[3:15])); err != nil {
		t.Error(err)
	}
	if r.TextFile(0x0009) != nil || r.FaceFile(0x0007) != nil || r.IssuerObject(0x0043) != nil {
		t.Error("a file that is not there is written")
	}
}

// What the issuer signed is verified with the key that its CV certificate has.
func TestSignaturesVerify(t *testing.T) {
	r := taro()
	texter, facer := subject(t, r.TextFile(record.TextIssuer)), subject(t, r.FaceFile(record.FaceIssuer))

	s := inside(t, r.TextFile(record.TextSignature), 0xFF30)
	verify(t, "text", texter, s[0xDF33].value, s[0xDF31].whole, s[0xDF32].whole)
	number := sha256.Sum256(r.TextFile(record.TextNumber))
	attributes := r.TextFile(record.TextAttributes)
	four := sha256.Sum256(attributes[0x0E:])
	if !bytes.Equal(s[0xDF31].value, number[:]) || !bytes.Equal(s[0xDF32].value, four[:]) {
		t.Error("the hashes are of something else")
	}
	k := inside(t, r.TextFile(record.TextPublicKey), 0xFF50)
	verify(t, "text key", texter, k[0xDF52].value, k[0xDF51].whole)

	age := inside(t, r.FaceFile(record.FaceAge), 0xFF10)
	verify(t, "age", facer, age[0xDF13].value, age[0xDF11].whole, age[0xDF12].whole)
	if string(age[0xDF11].value) != "19800217" || len(r.FaceFile(record.FaceAge)) != 0x21E+5 {
		t.Errorf("age record of %d bytes about %s", len(r.FaceFile(record.FaceAge)), age[0xDF11].value)
	}
	n := inside(t, r.FaceFile(record.FaceNumber), 0xFF40)
	verify(t, "number", facer, n[0xDF43].value, n[0xDF41].whole, n[0xDF42].whole)
	info := inside(t, r.FaceFile(record.FaceBasicInfo), 0xFF30)
	if len(info[0xDF35].value) != 0x110 || string(info[0xDF34].value) != "99201" {
		t.Errorf("basic information %v", info)
	}

	front := inside(t, r.FaceFile(record.FaceFront), 0xFF20)
	var hashes []byte
	for _, group := range [][]uint16{{0xDF22, 0xDF23, 0xDF24}, {0xDF25, 0xDF26}, {0xDF27}} {
		h := sha256.New()
		for _, tag := range group {
			h.Write(front[tag].whole)
		}
		hashes = h.Sum(hashes)
	}
	prefix := []byte{0x30, 0x71, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x60}
	if err := rsa.VerifyPKCS1v15(facer, 0, append(prefix, hashes...), front[0xDF28].value); err != nil {
		t.Errorf("front: %v", err)
	}
}

func TestTheFrontHasPictures(t *testing.T) {
	front := inside(t, taro().FaceFile(record.FaceFront), 0xFF20)
	for tag, width := range map[uint16]int{0xDF25: 480, 0xDF26: 480, 0xDF2A: 48} {
		picture, err := png.Decode(bytes.NewReader(front[tag].value))
		if err != nil || picture.Bounds().Dx() != width {
			t.Errorf("%X: %v", tag, err)
		}
	}
	if !bytes.Contains(front[0xDF27].value[:32], []byte("ftypjp2 ")) || string(front[0xDF23].value) != "1" || string(front[0xDF29].value) != "20360217" {
		t.Errorf("portrait % X, gender %s, expiry %s", front[0xDF27].value[:16], front[0xDF23].value, front[0xDF29].value)
	}
}

// 照合番号B and the key of birth count years by the era.
func TestNumbersToCompare(t *testing.T) {
	r := taro()
	if want := "550217" + "2036" + r.SecurityCode(); r.NumberB() != want || len(want) != 14 || r.BirthKey() != "550217" || len(r.NumberA()) != 12 {
		t.Errorf("A %s, B %s, want B %s", r.NumberA(), r.NumberB(), want)
	}
	r.DateOfBirth = jpki.DateOfBirth{Era: jpki.Reiwa, Year: 2019}
	if r.BirthKey() != "010000" {
		t.Errorf("of 令和元年, month and day unknown: %s", r.BirthKey())
	}
	other := taro()
	other.Card = "card-jiro"
	if other.SerialNumber() == r.SerialNumber() || len(r.SerialNumber()) != 15 {
		t.Error("two cards have one serial number")
	}
}

func TestTheCommonRecord(t *testing.T) {
	r := taro()
	if want := "\x01\x1C" + r.SerialNumber() + "99201" + "20360217"; string(r.CommonRecord()) != want || len(want) != 30 {
		t.Errorf("record %q, want %q", r.CommonRecord(), want)
	}
	if len(r.CommonKeyReference()) != 16 || len(r.IssuerObject(0x0042)) != 16 || len(r.IssuerObject(0x0045)) != 8 || string(r.IssuerObject(0x00F2)) != "20360217" {
		t.Error("an object has another size")
	}
}

// BenchmarkFront is the dearest file: four pictures and a signature, when it is first read.
func BenchmarkFront(b *testing.B) {
	for b.Loop() {
		taro().FaceFile(record.FaceFront)
	}
}
