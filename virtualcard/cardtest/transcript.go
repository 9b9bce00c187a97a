package cardtest

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdulog"
	"example.jp/jpkimock/virtualcard/jpkiap"
	"example.jp/jpkimock/virtualcard/record"
)

// TranscriptCard is the number of the card of every transcript.
const TranscriptCard virtualcard.CardID = "hanako"

// Record is what the issuer knows of the card that Hand makes as TranscriptCard.
func Record() record.Record {
	return record.Record{
		Number: jpki.InventIndividualNumber("hanako"), Name: "見本　花子", Address: "青葉県みほん市中央１丁目１番１号",
		DateOfBirth: jpki.DateOfBirth{Era: jpki.Heisei, Year: 1990, Month: 5, Day: 15}, Gender: jpki.Female, Municipality: "99201",
		Made: Now(), Expires: time.Date(2036, 5, 15, 23, 59, 59, 0, jpki.JST), Card: string(TranscriptCard),
	}
}

// Values are what stands for the names of a transcript on that card.
func Values(t testing.TB) apdulog.Values {
	r := Record()
	return apdulog.Values{
		PIN:     AuthenticationPIN,
		Numbers: map[string]string{"A": r.NumberA(), "B": r.NumberB(), "birth": r.BirthKey()},
		File:    func(name string) []byte { return fileOf(t, name) },
	}
}

// fileOf is a file of the record ("text:0002"), or a certificate ("000A"); nil for another
// name.
func fileOf(t testing.TB, name string) []byte {
	t.Helper()
	application, rest, ok := strings.Cut(name, ":")
	if !ok {
		application, rest = "jpki", name
	}
	var fid jpkiap.FID
	if _, err := fmt.Sscanf(rest, "%X", &fid); err != nil {
		return nil
	}
	r := Record()
	r.LongLengths = application == "long"
	switch application {
	case "text", "long":
		return r.TextFile(fid)
	case "face":
		return r.FaceFile(fid)
	case "common":
		return r.CommonRecord()
	}
	for _, k := range jpki.Kinds() {
		switch files := jpkiap.FilesOf(k); fid {
		case files.Certificate:
			return Certificate(t, k, PublicKey(t, k))
		case files.CACertificate:
			return CA(t, k).Raw
		}
	}
	return nil
}

// PublicKey is the public key of a kind of every card that Hand makes.
func PublicKey(t testing.TB, k jpki.Kind) *rsa.PublicKey {
	t.Helper()
	key, err := Keys{}.Key(context.Background(), "", k)
	if err != nil {
		t.Fatal(err)
	}
	return &key.PublicKey
}

// Prepare makes the card of a transcript: what "! holds" and "! variant" say of it, or a usual
// one for no words. It returns false for other words.
func Prepare(t testing.TB, cabinet *virtualcard.Cabinet, words []string) bool {
	t.Helper()
	if len(words) == 0 {
		Hand(t, cabinet, TranscriptCard)
		return true
	}
	switch words[0] {
	case "holds":
		var kinds []jpki.Kind
		for _, w := range words[1:] {
			k, err := jpki.ParseKind(w)
			if err != nil {
				t.Fatal(err)
			}
			kinds = append(kinds, k)
		}
		Hand(t, cabinet, TranscriptCard, kinds...)
		return true
	case "variant":
		Hand(t, cabinet, TranscriptCard)
		if err := cabinet.Personalize(t.Context(), TranscriptCard, virtualcard.Personalization{Variant: jpki.CardVariant(words[1])}); err != nil {
			t.Fatal(err)
		}
		return true
	}
	return false
}

// Replay plays every transcript of a folder on a stage of its own, in which no card is made
// yet (Prepare). Every signature in an answer is verified with the card's public key.
func Replay(t *testing.T, folder string, stage func(t *testing.T) apdulog.Stage) {
	files, err := filepath.Glob(filepath.Join(folder, "*.apdu"))
	if err != nil || len(files) < 15 {
		t.Fatalf("%d transcripts, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".apdu"), func(t *testing.T) {
			text, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = text.Close() }()
			steps, err := apdulog.Read(text, Values(t))
			if err != nil {
				t.Fatal(err)
			}
			played, err := apdulog.Play(t.Context(), steps, stage(t))
			if err != nil {
				t.Fatal(err)
			}
			check(t, file, played)
		})
	}
}

// check compares the answers with the transcript, each of which has one.
func check(t *testing.T, file string, played []apdulog.Played) {
	t.Helper()
	if len(played) == 0 {
		t.Error("there is no command")
	}
	var keyFile byte
	for _, p := range played {
		if p.Answer == nil {
			t.Errorf("%s:%d: no answer is written", file, p.Line)
		}
		if p.Unlike() {
			t.Fatalf("%s:%d:\n  > % X\n  < % X\nwant %s", file, p.Line, p.Command, p.Got, p.Want)
		}
		if c := p.Command; len(c) == 7 && c[1] == 0xA4 && c[2] == 0x02 {
			keyFile = c[6]
		}
		if err := checkSignature(t, &keyFile, p); err != nil {
			t.Errorf("%s:%d: the signature: %v", file, p.Line, err)
		}
	}
}

// checkSignature verifies what COMPUTE DIGITAL SIGNATURE answered with the key of keyFile.
func checkSignature(t *testing.T, keyFile *byte, p apdulog.Played) error {
	t.Helper()
	c := p.Command
	if len(c) < 6 || c[0] != 0x80 || c[1] != 0x2A || len(p.Got) != 258 {
		return nil
	}
	if c[3] != 0x80 {
		*keyFile = c[3] & 0x1F
	}
	public := &record.ChipKey().PublicKey
	for _, k := range jpki.Kinds() {
		if jpkiap.FilesOf(k).Key == jpkiap.FID(*keyFile) {
			public = PublicKey(t, k)
		}
	}
	return VerifySignature(public, c[2], c[5:5+int(c[4])], p.Got[:256])
}

// VerifySignature verifies an answer of COMPUTE DIGITAL SIGNATURE with this P1 over data.
func VerifySignature(public *rsa.PublicKey, p1 byte, data, signature []byte) error {
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
