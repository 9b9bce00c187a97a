package staffroom

import (
	"cmp"
	"strings"

	"example.jp/jpkimock/internal/ui"
)

// orUsual fills in what a house does not say otherwise.
func (w Words) orUsual() Words {
	w.Called = or(w.Called, ui.Text{JA: "職員", EN: "Staff"})
	w.Title = or(w.Title, ui.Text{JA: w.Called.JA + "のサインイン", EN: w.Called.EN + " sign-in"})
	w.Key = or(w.Key, ui.Text{JA: w.Called.JA + "の鍵", EN: w.Called.EN + " key"})
	w.Wrong = or(w.Wrong, ui.Text{JA: w.Key.JA + "が違います。", EN: "The key is wrong."})
	return w
}

func or(said, usual ui.Text) ui.Text {
	if said == (ui.Text{}) {
		return usual
	}
	return said
}

func (m Marks) orUsual() Marks {
	return Marks{
		Form: cmp.Or(m.Form, "staff-form"), Who: cmp.Or(m.Who, "staff-who"), Key: cmp.Or(m.Key, "staff-key"),
		Wrong: cmp.Or(m.Wrong, "wrong"), Enter: cmp.Or(m.Enter, "staff-enter"),
	}
}

// key is the name of the key inside an English sentence.
func (w Words) key() string { return strings.ToLower(w.Key.EN) }

// First asks whoever was led here to sign in first.
func (w Words) First() ui.Text {
	return ui.Text{
		JA: "この画面を使うには、" + w.Called.JA + "としてサインインしてください。サインインしていないか、時間がたったため終了しました。",
		EN: "Please sign in to see this page. You have not signed in, or your session has ended.",
	}
}

// NoKey says why nobody can sign in.
func (w Words) NoKey() ui.Text {
	return ui.Text{
		JA: w.Key.JA + "が設定されていないため、サインインできません。環境を用意した方にお問い合わせください。",
		EN: "No " + w.key() + " is configured. Ask whoever set this mock up.",
	}
}

// saying is a refusal in words, with the address that it leads to.
type saying struct {
	title, body ui.Text
	link        ui.Text
	to          string
}

func (w Words) signedOut(at string) saying {
	return saying{
		ui.Text{JA: w.Called.JA + "のサインインが必要です", EN: w.Called.EN + " sign-in required"},
		ui.Text{
			JA: "この画面は、" + w.Called.JA + "だけが使えます。サインインしていないか、時間がたったため終了しました。確認前の操作は行われていません。\n" + w.Key.JA + "でサインインしてください。",
			EN: "Nobody is signed in, or the session has ended. Unconfirmed actions were not saved.\nSign in with the " + w.key() + ".",
		},
		w.again(), at,
	}
}

func (w Words) wrongKey(at string) saying {
	return saying{ui.Text{JA: w.Key.JA + "が違います", EN: "Wrong " + w.key()}, w.Wrong, w.again(), at}
}

func (w Words) closed() saying {
	return saying{shut, w.NoKey(), ui.Text{}, ""}
}

func (w Words) again() ui.Text {
	return ui.Text{JA: w.Called.JA + "としてサインインする", EN: "Sign in"}
}

// shut says that nobody can sign in.
var shut = ui.Text{JA: "この環境では、業務端末を開いていません", EN: "The desks are closed here"}

// Closed says that nobody can sign in.
func (Words) Closed() ui.Text { return shut }

// refused is what staff are refused, as a page and for programs.
type refused struct {
	status int
	code   string
	say    saying
}

// Error gives code and title.
func (e *refused) Error() string { return "staffroom: " + e.code + ": " + e.say.title.EN }

// Refusal is the page.
func (e *refused) Refusal() ui.Refusal {
	r := ui.Refusal{Status: e.status, Code: e.code, Title: e.say.title, Body: e.say.body}
	if e.say.to != "" {
		r.Next = []ui.Link{{Text: e.say.link, Href: e.say.to, Primary: true}}
	}
	return r
}
