package virtualcard_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/jpkiap"
	"example.jp/jpkimock/virtualcard/record"
)

// TestTranscripts replays testdata/*.apdu, each on a fresh card. A line is
//
//	# a remark
//	! power | reset | holds <kind>...     before the next command
//	! variant <make>                      the card is one of this make
//	! dead                                the card answers nothing any more
//	> command                             hexadecimal, {zeros n} for n zeros
//	< answer                              data and status word; {n} for any n bytes,
//	                                      {FID+offset,n} for n bytes of a certificate,
//	                                      {text:FID+offset,n}, {face:FID+offset,n} for n
//	                                      bytes of a file of the holder's record
//
// {A}, {B} and {birth} are 照合番号A, 照合番号B and the date of birth in either.
// Every signature in an answer is verified with the card's public key.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.apdu")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d transcripts, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".apdu"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := stage{t: t, cabinet: cardtest.Open(t, virtualcard.NewMemoryStore())}
			for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
				s.at = fmt.Sprintf("%s:%d", file, i+1)
				s.play(line)
			}
			if s.commands == 0 || s.asked != nil {
				t.Errorf("%d commands, the last without its answer: %t", s.commands, s.asked != nil)
			}
		})
	}
}

// stage is a transcript being played.
type stage struct {
	t        *testing.T
	at       string
	cabinet  *virtualcard.Cabinet
	card     *virtualcard.Connection
	asked    []byte // the command that waits for its answer
	commands int
	keyFile  byte // of the key selected last
}

func (s *stage) play(line string) {
	s.t.Helper()
	what, rest, _ := strings.Cut(line, " ")
	switch what {
	case "#":
	case "!":
		s.direct(strings.Fields(rest))
	case ">":
		s.asked = s.bytes(strings.NewReplacer("{zeros 245}", strings.Repeat("00", 245), "{zeros 246}", strings.Repeat("00", 246)).Replace(numbers().Replace(rest)))
		s.commands++
	case "<":
		s.answer(rest)
	default:
		s.t.Fatalf("%s: %q", s.at, line)
	}
}

func (s *stage) direct(words []string) {
	s.t.Helper()
	switch words[0] {
	case "holds":
		var kinds []jpki.Kind
		for _, w := range words[1:] {
			k, err := jpki.ParseKind(w)
			if err != nil {
				s.t.Fatal(err)
			}
			kinds = append(kinds, k)
		}
		cardtest.Hand(s.t, s.cabinet, "hanako", kinds...)
		s.power()
	case "variant":
		cardtest.Hand(s.t, s.cabinet, "hanako")
		if err := s.cabinet.Personalize(s.t.Context(), "hanako", virtualcard.Personalization{Variant: jpki.CardVariant(words[1])}); err != nil {
			s.t.Fatal(err)
		}
		s.power()
	case "dead":
		answer, err := s.card.Transmit(s.t.Context(), []byte{0, 0x84, 0, 0, 8})
		if !errors.Is(err, virtualcard.ErrDeadCard) || s.card.ATR() != nil {
			s.t.Errorf("%s: answered % X, %v", s.at, answer, err)
		}
	case "power":
		if err := s.card.Close(); err != nil {
			s.t.Fatal(err)
		}
		s.power()
	case "reset":
		s.card.Reset()
	}
}

func (s *stage) power() {
	s.t.Helper()
	card, err := s.cabinet.Connect(s.t.Context(), "hanako")
	if err != nil {
		s.t.Fatal(err)
	}
	s.card = card
}

// answer sends the command that waits and compares its answer.
func (s *stage) answer(want string) {
	s.t.Helper()
	if s.card == nil {
		cardtest.Hand(s.t, s.cabinet, "hanako")
		s.power()
	}
	got, err := s.card.Transmit(s.t.Context(), s.asked)
	if err != nil {
		s.t.Fatalf("%s: %v", s.at, err)
	}
	pattern := s.pattern(want)
	ok := len(got) == len(pattern)
	for i := range min(len(got), len(pattern)) {
		ok = ok && (pattern[i] < 0 || int(got[i]) == pattern[i])
	}
	if !ok {
		s.t.Fatalf("%s:\n  > % X\n  < % X\nwant %s", s.at, s.asked, got, want)
	}
	s.checkSignature(got)
	s.asked = nil
}

// pattern reads an answer; -1 stands for any byte.
func (s *stage) pattern(want string) []int {
	s.t.Helper()
	var p []int
	for _, word := range strings.Fields(numbers().Replace(want)) {
		var n, offset int
		var fid string
		switch {
		case !strings.HasPrefix(word, "{"):
			for _, b := range s.bytes(word) {
				p = append(p, int(b))
			}
			continue
		case strings.Contains(word, "+"):
			fid, word, _ = strings.Cut(word[1:], "+")
			if _, err := fmt.Sscanf(word, "%d,%d}", &offset, &n); err != nil {
				s.t.Fatalf("%s: %v", s.at, err)
			}
			for _, b := range s.file(fid)[offset : offset+n] {
				p = append(p, int(b))
			}
			continue
		}
		if _, err := fmt.Sscanf(word, "{%d}", &n); err != nil {
			s.t.Fatalf("%s: %v", s.at, err)
		}
		for range n {
			p = append(p, -1)
		}
	}
	return p
}

// hanakoRecord is what the issuer knows of the card of every transcript.
func hanakoRecord() record.Record {
	return record.Record{
		Number: jpki.InventIndividualNumber("hanako"), Name: "見本　花子", Address: "青葉県みほん市中央１丁目１番１号",
		DateOfBirth: jpki.DateOfBirth{Era: jpki.Heisei, Year: 1990, Month: 5, Day: 15}, Gender: jpki.Female, Municipality: "99201",
		Made: cardtest.Now(), Expires: time.Date(2036, 5, 15, 23, 59, 59, 0, jpki.JST), Card: "hanako",
	}
}

// numbers writes the numbers to compare in hexadecimal.
func numbers() *strings.Replacer {
	r := hanakoRecord()
	digits := func(s string) string { return hex.EncodeToString([]byte(s)) }
	return strings.NewReplacer("{A}", digits(r.NumberA()), "{B}", digits(r.NumberB()), "{birth}", digits(r.BirthKey()))
}

// file is a file of the record, or a certificate.
func (s *stage) file(name string) []byte {
	s.t.Helper()
	application, fid, ok := strings.Cut(name, ":")
	if !ok {
		return s.certificate(name)
	}
	var n jpkiap.FID
	if _, err := fmt.Sscanf(fid, "%X", &n); err != nil {
		s.t.Fatalf("%s: %v", s.at, err)
	}
	r := hanakoRecord()
	r.LongLengths = application == "long"
	switch application {
	case "text", "long":
		return r.TextFile(n)
	case "face":
		return r.FaceFile(n)
	}
	return r.CommonRecord()
}

func (s *stage) certificate(fid string) []byte {
	s.t.Helper()
	switch fid {
	case "0001":
		return cardtest.Certificate(s.t, jpki.DigitalSignature, publicKey(s.t, jpki.DigitalSignature))
	case "0002":
		return cardtest.CA(s.t, jpki.DigitalSignature).Raw
	case "000A":
		return cardtest.Certificate(s.t, jpki.UserAuthentication, publicKey(s.t, jpki.UserAuthentication))
	case "000B":
		return cardtest.CA(s.t, jpki.UserAuthentication).Raw
	}
	s.t.Fatalf("%s: no certificate in EF %s", s.at, fid)
	return nil
}

// checkSignature verifies what COMPUTE DIGITAL SIGNATURE answered.
func (s *stage) checkSignature(got []byte) {
	s.t.Helper()
	cmd := s.asked
	if len(cmd) == 7 && cmd[1] == 0xA4 && cmd[2] == 0x02 {
		s.keyFile = cmd[6]
	}
	if len(cmd) < 6 || cmd[0] != 0x80 || cmd[1] != 0x2A || len(got) != 258 {
		return
	}
	if cmd[3] != 0x80 {
		s.keyFile = cmd[3] & 0x1F
	}
	public := &record.ChipKey().PublicKey
	if k := (map[byte]jpki.Kind{0x17: jpki.UserAuthentication, 0x1A: jpki.DigitalSignature})[s.keyFile]; k != 0 {
		public = publicKey(s.t, k)
	}
	if err := verifySignature(public, cmd[2], cmd[5:5+int(cmd[4])], got[:256]); err != nil {
		s.t.Errorf("%s: the signature: %v", s.at, err)
	}
}

func verifySignature(public *rsa.PublicKey, p1 byte, data, signature []byte) error {
	if p1 == 1 || p1 == 3 || p1 == 5 {
		hash := sha256.Sum256(data)
		data = hash[:]
	}
	switch p1 {
	case 0, 1:
		return rsa.VerifyPKCS1v15(public, 0, data, signature)
	case 2, 3:
		return rsa.VerifyPKCS1v15(public, crypto.SHA256, data, signature)
	}
	return rsa.VerifyPSS(public, crypto.SHA256, data, signature, nil)
}

func publicKey(t testing.TB, k jpki.Kind) *rsa.PublicKey {
	t.Helper()
	key, err := cardtest.Keys{}.Key(context.Background(), "", k)
	if err != nil {
		t.Fatal(err)
	}
	return &key.PublicKey
}

func (s *stage) bytes(text string) []byte {
	s.t.Helper()
	b, err := hex.DecodeString(string(bytes.ReplaceAll([]byte(text), []byte(" "), nil)))
	if err != nil {
		s.t.Fatalf("%s: %v", s.at, err)
	}
	return b
}
