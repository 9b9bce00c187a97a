package db_test

import (
	"path/filepath"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/record"
)

// The rows of a version whose cards had the JPKI application alone.
type (
	earlierCard struct {
		ID                                               string `gorm:"primaryKey"`
		Name, Kana, NameEN, Address, DateOfBirth, Gender string
		Expires, Made                                    time.Time
		Dead                                             bool
	}
	earlierSlot struct {
		CardID                                      string `gorm:"primaryKey"`
		Kind                                        string `gorm:"primaryKey"`
		Key, PendingKey, Certificate, CACertificate []byte
		PIN                                         []byte `gorm:"column:pin"`
		TriesLeft                                   int
	}
)

func (earlierCard) TableName() string { return "cards" }
func (earlierSlot) TableName() string { return "card_slots" }

// TestACardOfAnEarlierVersion gets what the applications beside JPKI compare with, once, and
// keeps what it had. A blank card gets nothing.
func TestACardOfAnEarlierVersion(t *testing.T) {
	path := filepath.Join(t.TempDir(), "card.db")
	before, err := dbopen.Open(path, &earlierCard{}, &earlierSlot{})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []any{
		&earlierCard{ID: "card-hanako", Name: "見本　花子", Address: "青葉県みほん市", DateOfBirth: "平成2年5月15日", Gender: "女", Expires: cardtest.Now().AddDate(10, 0, 0), Made: cardtest.Now()},
		&earlierSlot{CardID: "card-hanako", Kind: "user-authentication", PIN: []byte("4321"), TriesLeft: 1},
		&earlierSlot{CardID: "card-hanako", Kind: "digital-signature"},
		&earlierCard{ID: "card-blank", Made: cardtest.Now()}, &earlierSlot{CardID: "card-blank", Kind: "user-authentication"},
	} {
		if err := before.Write.Create(row).Error; err != nil {
			t.Fatal(err)
		}
	}
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}
	number := string(jpki.InventIndividualNumber("card-hanako"))
	for round, steps := range [][]struct {
		p2   byte
		data string
		want apdu.StatusWord
	}{
		{{0x91, "", 0x63C3}, {0x94, "", 0x63CA}, {0x91, "0000", 0x63C2}, {0x94, number, apdu.OK}, {0x94, "000000000000", 0x63C9}},
		{{0x91, "", 0x63C2}, {0x94, "", 0x63C9}, {0x91, "4321", apdu.OK}}, // opened again, nothing is given back
	} {
		store := open(t, path)
		cabinet := cardtest.Open(t, store)
		if card, err := cabinet.Card(t.Context(), "card-hanako"); err != nil || card.TriesLeft[jpki.UserAuthentication] != 1 || card.Face.Name != "見本　花子" {
			t.Fatalf("%+v, %v", card, err)
		}
		reader, err := cabinet.Connect(t.Context(), "card-hanako")
		if err != nil {
			t.Fatal(err)
		}
		send := func(cmd apdu.Command) apdu.StatusWord {
			b, err := reader.Transmit(t.Context(), cmd.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			return apdu.StatusWord(b[len(b)-2])<<8 | apdu.StatusWord(b[len(b)-1])
		}
		send(apdu.Command{INS: 0xA4, P1: 4, P2: 0x0C, Data: record.TextAID()})
		for _, s := range steps {
			if got := send(apdu.Command{INS: 0x20, P2: s.p2, Data: []byte(s.data)}); got != s.want {
				t.Errorf("round %d, %02X %q: %v, want %v", round, s.p2, s.data, got, s.want)
			}
		}
		blank, err := store.Card(t.Context(), virtualcard.CardID("card-blank"))
		if err != nil || len(blank.References) != 1 {
			t.Errorf("the blank card has %v, %v", blank.References, err)
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
