package ui

import "testing"

func TestJapaneseInAnEnglishPageIsMarked(t *testing.T) {
	for page, want := range map[string]string{
		"": "", "<p>Hana</p>": "<p>Hana</p>", "no tag": "no tag",
		"<h1>Account of 青葉　花子</h1>":                   `<h1>Account of <span lang="ja">青葉　花子</span></h1>`,
		"<td>青＊　花＊ &amp; more</td>":                   `<td><span lang="ja">青＊　花＊</span> &amp; more</td>`,
		"<p>ジョン・スミス, Mihon</p>":                       `<p><span lang="ja">ジョン・スミス</span>, Mihon</p>`,
		`<pre lang="ja">申込書<b>申込</b></pre>花子`:         `<pre lang="ja">申込書<b>申込</b></pre><span lang="ja">花子</span>`,
		`<div lang="ja">花<div>子</div>花</div><i>子</i>`: `<div lang="ja">花<div>子</div>花</div><i><span lang="ja">子</span></i>`,
		"<title>花子</title><script>'花子'</script>":      "<title>花子</title><script>'花子'</script>",
		`<option value="1">花子</option>花`:              `<option value="1" lang="ja">花子</option><span lang="ja">花</span>`,
		`<option value="1">Hana</option>花`:            `<option value="1">Hana</option><span lang="ja">花</span>`,
		`<option lang="ja">花子</option>`:               `<option lang="ja">花子</option>`,
		`<input value="花子 > 太郎"><br>花子`:               `<input value="花子 > 太郎"><br><span lang="ja">花子</span>`,
		`<html lang="en"><body>花子`:                    `<html lang="en"><body><span lang="ja">花子</span>`,
		"<b>申込書.txt</b>":                              `<b><span lang="ja">申込書.txt</span></b>`,
		"<a>花":                                        `<a><span lang="ja">花</span>`,
	} {
		if got := string(markJapanese([]byte(page))); got != want {
			t.Errorf("%s becomes\n%s: want\n%s", page, got, want)
		}
	}
}
