package cardtool

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/agent"
	"example.jp/jpkimock/virtualcard/cardtest"
)

func TestCommandsAndTranscripts(t *testing.T) {
	cabinet := cardtest.Open(t, virtualcard.NewMemoryStore())
	cardtest.Hand(t, cabinet, "hanako")
	house := webtest.Serve(t, func(string) http.Handler {
		handler, err := agent.New(agent.Config{Cabinet: cabinet, Now: cardtest.Now, CardWait: 10 * time.Millisecond})
		webtest.Must(t, err)
		return handler
	})
	wrong := filepath.Join(t.TempDir(), "wrong.apdu")
	webtest.Must(t, os.WriteFile(wrong, []byte("> 00A4040C0AD392F000260100000001\n< 6A82\n"), 0o600))
	const login = "> 00A4040C0AD392F000260100000001\n< 9000\n> 00 20 00 98 04 {PIN}\n< 9000\n"
	for _, c := range []struct {
		args   []string
		in     string
		want   string
		failed string
	}{
		{[]string{"apdu", "hanako", "00A4040C0AD392F000260100000001", "00A4020C020018", "00200080"}, "", "# VERIFY, tries left of user authentication PIN (0018): 3 tries left\n> 00 20 00 80\n< 63 C3\n", ""},
		{[]string{"apdu", "nobody", "00200080"}, "", "", "no_card"},
		{[]string{"apdu", "hanako", "00"}, "", "", "malformed"},
		{[]string{"apdu", "hanako"}, "", "jpkimock card apdu", "want a card"},
		{[]string{"apdu", "pcsc:Bench 00 00", "00200080"}, "", "", "--real"},
		{[]string{"apdu", "-real", "pcsc:Bench 00 00", "00200080"}, "", "", "no_reader"},
		{[]string{"replay", "-pin", cardtest.AuthenticationPIN, "hanako", "-"}, login, "2 commands, each answered as the transcript says", ""},
		{[]string{"replay", "hanako", "-"}, login, "", "needs a PIN"},
		{[]string{"replay", "-pin", "9999", "hanako", "-"}, login, "", "line 3: VERIFY user authentication PIN (0018): 2 tries left (> 00 20 00 98 04 {PIN}) was answered 63 C2"},
		{[]string{"replay", "hanako", wrong}, "", "", "line 1: SELECT JPKI application: done"},
		{[]string{"replay", "hanako", wrong + ".none"}, "", "", "no such file"},
	} {
		var out bytes.Buffer
		args := append([]string{c.args[0], "-house", house}, c.args[1:]...)
		err := Run(t.Context(), args, strings.NewReader(c.in), &out)
		if (err != nil) != (c.failed != "") || err != nil && !strings.Contains(err.Error(), c.failed) || !strings.Contains(out.String(), c.want) {
			t.Errorf("%v: %v\n%s", c.args, err, &out)
		}
	}
}
