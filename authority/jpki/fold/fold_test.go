package fold_test

import (
	"testing"

	"example.jp/jpkimock/authority/jpki/fold"
)

// However people write an address, it is one address.
func TestAddress(t *testing.T) {
	for _, same := range [][]string{
		{"青葉県みほん市桜町１丁目２番６号", "青葉県みほん市桜町1丁目-2-6", "青葉県みほん市桜町1⁻2⁻6", "青葉県みほん市桜町1﹣2－6", "青葉県みほん市桜町一丁目二番六号",
			"青葉県 みほん市 桜町 1-2-6", "青葉県みほん市桜町１ー２ー６", "青葉県みほん市桜町1−2−6", "青葉県みほん市桜町1‑2‒6", "青葉県みほん市桜町1─2━6", "青葉県みほん市桜町一-二-六",
			"青葉県みほん市桜町1丁目2番地6", "青葉県みほん市桜町1丁目2番地の6号", "青葉県みほん市桜町１の２の６"},
		{"みほん市本町十二丁目３番４号", "みほん市本町12丁目3番4号", "みほん市本町12-3-4", "みほん市本町一二丁目三番四号"},
		{"みほん市本町二十丁目百一番千二百三号", "みほん市本町20-101-1203"},
		{"みほん市三番町3-3", "みほん市三番町三番三号", "みほん市３番町３－３"},
		{"みほん市桜町1-2-6-101号室", "みほん市桜町１丁目２番６号－１０１号室"},
		{"葛󠄀城市一番町1", "葛城市一番町1"},
	} {
		for _, s := range same[1:] {
			if got, want := fold.Address(s), fold.Address(same[0]); got != want {
				t.Errorf("%q is %q, not %q", s, got, want)
			}
		}
	}
	seen := map[string]string{}
	for _, s := range []string{"桜町1-2-6", "桜町12-6", "桜町1-26", "桜町1-2-6-1", "桜町10-2-6", "桜町1-2", "桜町三丁目", "桜町十三丁目", "四日市市桜町", "八千代市桜町"} {
		if other, twice := seen[fold.Address(s)]; twice {
			t.Errorf("%q and %q are one", s, other)
		}
		seen[fold.Address(s)] = s
	}
}

func TestName(t *testing.T) {
	for _, same := range [][]string{
		{"ガンダ　ジロウ", "ｶﾞﾝﾀﾞ　ｼﾞﾛｳ", "カ\u3099ンタ\u3099　シ\u3099ロウ", "ガンダ ジロウ", "ガンダジロウ"},
		{"葛城　光", "葛󠄀城　光", "葛󠄁城光"},
		{"SMITH John", "ＳＭＩＴＨ　ＪＯＨＮ", "smith john"},
		{"Smith-Jones", "Smith‐Jones", "Smith−Jones"},
	} {
		for _, s := range same[1:] {
			if got, want := fold.Name(s), fold.Name(same[0]); got != want {
				t.Errorf("%q is %q, not %q", s, got, want)
			}
		}
	}
	if fold.Name("高橋") == fold.Name("髙橋") || fold.Name("カンダ") == fold.Name("ガンダ") {
		t.Error("two names are one")
	}
}

// FuzzFold: a fold is its own fold, for names; folding an address never fails.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "十", "千千千千千千千千千千千", "1丁目", "ｶﾞ", "\xff", "一ー", "番地の"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		fold.Address(s)
		if once := fold.Name(s); fold.Name(once) != once {
			t.Errorf("%q: %q, then %q", s, once, fold.Name(once))
		}
	})
}
