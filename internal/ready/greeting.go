package ready

import (
	"fmt"
	"io"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/seed"
)

// Greeting is what is printed when all houses of a process answer.
type Greeting struct {
	Doors       []Door
	Now         time.Time
	Moved       bool // the clock is not the real time's
	Lobby, Bank string
	Managed     string        // the URL of the management interface; empty for none
	First       *seed.Persona // whom to try first; nil for nobody
}

// Door is a house that is open.
type Door struct {
	URL   string
	Title ui.Text
}

// Print prints it.
func (g Greeting) Print(out io.Writer) {
	fmt.Fprintln(out, "\njpkimock — 公的個人認証サービスの模擬環境 / a mock of Japan's public personal authentication")
	fmt.Fprintln(out)
	for _, d := range g.Doors {
		fmt.Fprintf(out, "  %-28s %s (%s)\n", d.URL, d.Title.JA, d.Title.EN)
	}
	if g.Managed != "" {
		fmt.Fprintf(out, "  %-28s 進行用の操作口 (management interface)\n", g.Managed)
	}
	if g.Moved {
		fmt.Fprintf(out, "\n  いまは %[1]s です（動かした時計） / The clock was moved: it shows %[1]s\n", g.Now.In(jpki.JST).Format("2006-01-02 15:04"))
	}
	if p := g.First; p != nil {
		fmt.Fprintf(out, `
まず: %[1]s を開き、「口座を開設する」→ %[2]sさんのカードを選び、署名用パスワード %[3]s
      翌日からはカードでサインイン（利用者証明用暗証番号 %[4]s）。他の人と暗証番号は %[5]s
First: open %[1]s, open an account as %[6]s with the signature password %[3]s;
       then sign in with the card, PIN %[4]s. More people and PINs: %[5]s
`, g.Bank, p.Name, p.Card.SignaturePIN, p.Card.AuthenticationPIN, g.Lobby, p.Romaji)
	}
	fmt.Fprintln(out, "\nCtrl-C で終了 / Ctrl-C to stop")
}
