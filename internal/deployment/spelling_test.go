package deployment

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// otherSpellings are spellings that no page has, and the one that all have.
var otherSpellings = map[string]string{
	"支店窓口": "店頭窓口", "もどる": "戻る", "まちがえ": "間違え", "１５歳": "15歳", "十五歳": "15歳", "利用者番号（openid）": "利用者番号",
	"別の窓で": "別のウィンドウで", "その窓で": "そのウィンドウで", "別の窓（": "別のウィンドウ（", "お問合せ": "お問い合わせ", "下さい": "ください", "ログアウト": "サインアウト",
	"さんさん": "さん",
}

// TestEachWordHasOneSpelling reads the catalogues, templates and scripts of every
// house, and the documents that quote them.
func TestEachWordHasOneSpelling(t *testing.T) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == "out" || name != root && strings.HasPrefix(d.Name(), ".")):
			return filepath.SkipDir
		case d.IsDir() || strings.HasSuffix(name, "_test.go") || !slices.Contains([]string{".go", ".html", ".js", ".yaml", ".md"}, filepath.Ext(name)):
			return nil
		}
		text, err := os.ReadFile(name)
		text = bytes.ReplaceAll(text, []byte("ブラウザー"), nil)
		for other, one := range otherSpellings {
			if strings.Contains(string(text), other) {
				t.Errorf("%s has %s: everywhere else it is %s", name, other, one)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
