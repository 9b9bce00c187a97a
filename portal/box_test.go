package portal_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/portal"
	"example.jp/jpkimock/portal/db"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/portal/postbox"
	"example.jp/jpkimock/rp"
)

// filled is a box with n letters, of which the oldest is the first and each has a text of
// about as many octets.
func filled(t testing.TB, n, octets int) *portal.Portal {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	store, err := db.Open(filepath.Join(t.TempDir(), "box.db"))
	must(err)
	vault, err := postbox.NewVault(make([]byte, postbox.KeySize))
	must(err)
	p, err := portal.New(context.Background(), portal.Config{Verifier: noKit{}, Linkage: noKit{}, Store: store, Vault: vault, Now: time.Now})
	must(err)
	t.Cleanup(func() { must(p.Close()); must(store.Close()) })
	key, err := partner.NewKey()
	must(err)
	sealer, err := partner.NewSealer("city", key)
	must(err)
	for i := range n {
		notice := partner.Notice{ID: fmt.Sprint(i), Sender: "city", Box: "x", At: 1, Title: fmt.Sprintf("第%d号", i), Body: strings.Repeat("あ", octets/3)}
		sealed, err := sealer.Seal(notice)
		must(err)
		l, err := vault.Close(1, postbox.Content{Sealed: sealed, Keys: sealer.KeySet(), Notice: notice}, time.Unix(int64(i), 0))
		must(err)
		_, err = store.TakeLetter(context.Background(), l, portal.Mail{})
		must(err)
	}
	return p
}

// noKit is a verifier that nobody asks.
type noKit struct {
	portal.Verifier
	rp.Links
}

// However many letters a box has, each can be reached; a search reads the newest of them.
func TestABoxOfManyLetters(t *testing.T) {
	n := portal.Searched + 5
	p := filled(t, n, 30)
	all, unread, err := p.CountLetters(t.Context(), 1)
	if err != nil || all != n || unread != all {
		t.Fatalf("%d letters, %d unread, %v", all, unread, err)
	}
	last, err := p.Letters(t.Context(), 1, n-1, 50)
	if err != nil || len(last) != 1 || last[0].Content.Notice.Title != "第0号" {
		t.Fatalf("the oldest: %+v %v", last, err)
	}
	for title, want := range map[string]int{"第5号": 1, "第4号": 0, "第": portal.Searched, "あああ": portal.Searched, "いいえ": 0} {
		found, err := p.Search(t.Context(), 1, title)
		if err != nil || len(found) != want {
			t.Errorf("%s: %d found, want %d, %v", title, len(found), want, err)
		}
	}
	if found, err := p.Search(t.Context(), 2, "第"); err != nil || len(found) != 0 {
		t.Errorf("another's box: %d found, %v", len(found), err)
	}
}

// A letter that cannot be opened is an error, and no letter that is missing.
func TestALetterThatCannotBeOpened(t *testing.T) {
	store, err := db.Open(filepath.Join(t.TempDir(), "box.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	vaults := make([]*postbox.Vault, 2)
	for i := range vaults {
		key := make([]byte, postbox.KeySize)
		key[0] = byte(i)
		if vaults[i], err = postbox.NewVault(key); err != nil {
			t.Fatal(err)
		}
	}
	p, err := portal.New(t.Context(), portal.Config{Verifier: noKit{}, Linkage: noKit{}, Store: store, Vault: vaults[0], Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	l, err := vaults[1].Close(1, postbox.Content{Notice: partner.Notice{ID: "1", Title: "お知らせ"}}, time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.TakeLetter(t.Context(), l, portal.Mail{}); err != nil {
		t.Fatal(err)
	}
	if all, err := p.Letters(t.Context(), 1, 0, 10); err == nil {
		t.Errorf("a letter under another key: %+v", all)
	}
	if found, err := p.Search(t.Context(), 1, ""); err == nil {
		t.Errorf("a search over it: %+v", found)
	}
}

// BenchmarkSearch is a search that reads as many letters as one may, of an ordinary length.
func BenchmarkSearch(b *testing.B) {
	p := filled(b, portal.Searched, 1500)
	for b.Loop() {
		if found, err := p.Search(b.Context(), 1, "第7号"); err != nil || len(found) != 1 {
			b.Fatal(len(found), err)
		}
	}
}
