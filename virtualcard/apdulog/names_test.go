package apdulog_test

import (
	"context"
	"encoding/hex"
	"strings"
	"testing"

	"example.jp/jpkimock/virtualcard/apdulog"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/jpkiap"
	"example.jp/jpkimock/virtualcard/record"
)

// aids are the applications of the chip that have files.
func aids() [][]byte {
	return [][]byte{jpkiap.AID(), record.TextAID(), record.FaceAID(), record.RegisterAID(), record.CommonAID()}
}

// Every identifier is tried at the chip itself, so that a file that it gets is named here, too.
func TestTheLogNamesEveryFile(t *testing.T) {
	card, err := cardtest.New(cardtest.Card{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = card.Close() }()
	ask := func(command ...byte) (answer []byte) {
		t.Helper()
		if answer, err = card.Transmit(context.Background(), command); err != nil {
			t.Fatal(err)
		}
		return answer
	}
	files := 0
	for _, aid := range aids() {
		commands := [][]byte{append([]byte{0x00, 0xA4, 0x04, 0x0C, byte(len(aid))}, aid...)}
		answers := [][]byte{ask(commands[0]...)}
		for fid := range 0x10000 {
			selects := []byte{0x00, 0xA4, 0x02, 0x0C, 0x02, byte(fid >> 8), byte(fid)}
			if answer := ask(selects...); hex.EncodeToString(answer) == "9000" {
				commands, answers = append(commands, selects), append(answers, answer)
			}
		}
		for i, line := range apdulog.Lines(commands, answers) {
			if said := strings.Split(line.Says, " ")[1]; said == "file" && !strings.Contains(line.Says, "not public") || said == "application" {
				t.Errorf("application %X: %s", aid, line.Says)
			}
			if line.SaysJA == "" || strings.Contains(line.SaysJA, "ファイル00") || strings.Contains(line.SaysJA, "AP D3") {
				t.Errorf("application %X: %s", aid, line.SaysJA)
			}
			if i > 0 {
				files++
			}
		}
	}
	if files != 13+13+11+2+5 {
		t.Errorf("%d files", files)
	}
}

func TestALogFollowsShortIdentifiersAndIsInJapaneseToo(t *testing.T) {
	commands := []string{
		"00A4040C0AD3921000310001010408", "002000910431323334", "00B0820010", "00B0000010", "00200094",
		"00A4040C0AD3921000310001010100", "00B2010C00", "0088009908010203040506070800", "00CA5F5100", "80FC0000",
	}
	answers := []string{"9000", "9000", "AABB9000", "9000", "63CA", "9000", "011C9000", "00" + "9000", "6A88", "6700"}
	want := []struct{ en, ja string }{
		{"SELECT card-face text application: done", "SELECT 券面事項入力補助AP：　正常終了"},
		{"VERIFY card-face text PIN (0011): done", "VERIFY 券面事項入力補助用暗証番号（0011）：　正常終了"},
		{"READ BINARY of four basic data (0002) from 0: done, 2 bytes", "READ BINARY 基本4情報（0002） 0バイト目から：　正常終了（2バイト）"},
		{"READ BINARY of four basic data (0002) from 0: done", "READ BINARY 基本4情報（0002） 0バイト目から：　正常終了"},
		{"VERIFY, tries left of number A (0014): 10 tries left", "VERIFY（残り回数の照会） 照合番号A（0014）：　残り10回"},
		{"SELECT common application: done", "SELECT 共通カードAP：　正常終了"},
		{"READ RECORD 1 of serial number of the card (0001): done, 2 bytes", "READ RECORD カードの製造番号（0001） 1番：　正常終了（2バイト）"},
		{"INTERNAL AUTHENTICATE with authentication key of the card (0019): done, 1 bytes", "INTERNAL AUTHENTICATE カード認証用の鍵（0019）：　正常終了（1バイト）"},
		{"GET DATA 5F51: no such data", "GET DATA 5F51：　データがありません"},
		{"instruction 80 FC: wrong length", "命令80 FC：　長さの誤り"},
	}
	var c, a [][]byte
	for i := range commands {
		for list, text := range map[*[][]byte]string{&c: commands[i], &a: answers[i]} {
			b, err := hex.DecodeString(text)
			if err != nil {
				t.Fatal(err)
			}
			*list = append(*list, b)
		}
	}
	for i, line := range apdulog.Lines(c, a) {
		if line.Says != want[i].en || line.SaysJA != want[i].ja {
			t.Errorf("%s\n%s\nwant\n%s\n%s", line.Says, line.SaysJA, want[i].en, want[i].ja)
		}
	}
}
