package easy

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"
)

// ruby writes text with brackets for the markup: [漢字|かんじ].
func ruby(texts ...string) string {
	var out bytes.Buffer
	var w Writer
	for _, text := range texts {
		w.write(&out, []byte(text), "[", "|", "]")
	}
	return out.String()
}

func TestKanjiHaveTheirReadings(t *testing.T) {
	for text, want := range map[string]string{
		"令和8年4月1日から":    "[令和|れいわ]8[年|ねん]4[月1日|がつついたち]から",
		"令和8年4月11日":     "[令和|れいわ]8[年|ねん]4[月|がつ]11[日|にち]",
		"20歳、15歳":       "[20歳|はたち]、15[歳|さい]",
		"1人、2人、3人、11人":  "[1人|ひとり]、[2人|ふたり]、3[人|にん]、11[人|にん]",
		"３０分と5分と、人":     "３０[分|ぷん]と5[分|ふん]と、[人|ひと]",
		"1,315件 12.5 円": "1,315[件|けん] 12.5 [円|えん]",
		"取り消しを":         "[取|と]り[消|け]しを",
		"林　一 さま":        "[林|はやし]　[一|はじめ] さま",
		"生年月日の日":        "[生年月日|せいねんがっぴ]の[日|ひ]",
		"a &lt;b&gt; 名": "a &lt;b&gt; [名|な]",
		"鑫":             "鑫", // nobody knows how it is read
	} {
		if got := ruby(text); got != want {
			t.Errorf("%s: %s: want %s", text, got, want)
		}
	}
	if got := ruby("残り3", "回", "、", "人"); got != "[残|のこ]り3[回|かい]、[人|ひと]" {
		t.Errorf("over the tags: %s", got)
	}
}

func TestRubyIsOnePieceOfMarkup(t *testing.T) {
	var out bytes.Buffer
	var w Writer
	w.Ruby(&out, []byte(" 住所 "))
	w.Ruby(&out, []byte("かな"))
	w.Plain(&out, []byte("住所"))
	if want := "<bdi> <ruby>住所<rp>（</rp><rt>じゅうしょ</rt><rp>）</rp></ruby> </bdi>かな住所（じゅうしょ）"; out.String() != want {
		t.Errorf("%s: want %s", out.String(), want)
	}
}

func TestSentencesAreSaidEasily(t *testing.T) {
	c, err := read(fstest.MapFS{
		"readings/x.txt": {Data: []byte("# a comment\n失効 しっこう\n~分 ふん 1ぷん\n")},
		"sentences/x.txt": {Data: []byte("失効しています。\n\t使えません。\n{at}までに{kind}をお持ちください。\n\t{at}までに {kind}を もって きてください。\n" +
			"%sは%dです。\n\t{2}は{1}。\n署名用電子証明書\n\t大きな しょうめいしょ\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for ordinary, want := range map[string]string{
		"失効しています。": "使えません。",
		"9時までに署名用電子証明書をお持ちください。": "9時までに 大きな しょうめいしょを もって きてください。",
		"9時までにお持ちください。":          "9時までにお持ちください。",
		"":                       "",
		"別":                      "別",
	} {
		if got := c.say(ordinary); got != want {
			t.Errorf("%s: %s: want %s", ordinary, got, want)
		}
	}
	if got, want := c.sentence("\n  失効しています。 "), "\n  使えません。 "; got != want {
		t.Errorf("%q: want %q", got, want)
	}
	c.sentences.whole["<b>"] = "<&>"
	if got := c.sentence("&lt;b&gt;"); got != "&lt;&amp;&gt;" {
		t.Errorf("not escaped: %s", got)
	}
}

func TestAFileThatIsNotRightIsRefused(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"a reading without the kana": {"readings/x.txt": "取消し とりけす"},
		"a word twice":               {"readings/x.txt": "町 まち\n町 ちょう"},
		"a word alone":               {"readings/x.txt": "町"},
		"a counter alone":            {"readings/x.txt": "~分"},
		"a counter twice":            {"readings/x.txt": "~分 ふん\n~分 ぷん"},
		"a sentence twice":           {"sentences/x.txt": "あ\n\tい\nあ\n\tう"},
		"no easy sentence":           {"sentences/x.txt": "あ\nい\n\tう"},
		"none at the end":            {"sentences/x.txt": "あ"},
		"an easy sentence alone":     {"sentences/x.txt": "\tあ"},
	} {
		from := fstest.MapFS{}
		for file, text := range files {
			from[file] = &fstest.MapFile{Data: []byte(text)}
		}
		if _, err := read(from); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// hard are the manners of speech that the guideline advises against: honorifics, double
// negation, the passive of offices.
var hard = regexp.MustCompile(`いただ|ございま|いたしま|おります|くださいませ|お[^ 、。]{1,6}になり|につきまして|ないわけ|なければならな|ざるを|及び|又は|当該`)

// A sentence of the guideline is short: 24 characters or so, of which kana take more.
const longest = 60

func TestTheEasySentencesAreEasy(t *testing.T) {
	for ordinary, said := range known().whole {
		if found := hard.FindString(said); found != "" {
			t.Errorf("%q: say %q otherwise", said, found)
		}
		for sentence := range strings.SplitSeq(said, "。") {
			if n := utf8.RuneCountInString(sentence); n > longest {
				t.Errorf("a sentence of %d characters: %s", n, sentence)
			}
		}
		if strings.Contains(said, "  ") || strings.ContainsAny(said, "<>") || said == ordinary {
			t.Errorf("%q for %q", said, ordinary)
		}
		if again := Say(said); again != said {
			t.Errorf("%q is said again: %q", said, again)
		}
		if i := strings.IndexFunc(brackets.ReplaceAllString(ruby(said), ""), IsKanji); i >= 0 {
			t.Errorf("a kanji without its reading: %s", ruby(said))
		}
		for _, name := range blank.FindAllString(said, -1) {
			if !strings.Contains(ordinary, name) && !strings.Contains(ordinary, "%") {
				t.Errorf("%s has no blank %s", ordinary, name)
			}
		}
	}
}

var brackets = regexp.MustCompile(`\[[^\]]*\]`)

func BenchmarkRuby(b *testing.B) {
	text := []byte(strings.Repeat("令和8年4月1日に住民票の住所を変更しました。", 100))
	var w Writer
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		var out bytes.Buffer
		w.Ruby(&out, text)
	}
}
