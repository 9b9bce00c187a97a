package portal_test

import (
	"bufio"
	"encoding/base64"
	"net"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/portal"
)

// mailServer is a server of one dialogue, which gives what it was sent. What begins with
// refuses it refuses.
func mailServer(t *testing.T, refuses string) (address string, got <-chan []string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	lines := make(chan []string, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		say := func(s string) { _, _ = conn.Write([]byte(s + "\r\n")) }
		say("220 test")
		var all []string
		data := false
		for in := bufio.NewScanner(conn); in.Scan(); {
			line := in.Text()
			all = append(all, line)
			switch {
			case refuses != "" && strings.HasPrefix(line, refuses):
				data = false
				say("550 no")
			case data && line == ".":
				data = false
				say("250 taken")
			case data:
			case line == "DATA":
				data = true
				say("354 go on")
			case line == "QUIT":
				say("221 bye")
				lines <- all
				return
			default:
				say("250 ok")
			}
		}
	}()
	return l.Addr().String(), lines
}

func TestAnEMailLeavesByAServer(t *testing.T) {
	address, got := mailServer(t, "")
	body := strings.Repeat("お知らせが届きました。", 10)
	err := portal.SMTP(address)(t.Context(), portal.Mail{ID: 1, To: "hanako@example.jp", Subject: "お知らせ", Body: body, At: time.Unix(0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	all := <-got
	text := strings.Join(all, "\n")
	for _, want := range []string{"RCPT TO:<hanako@example.jp>", "To: <hanako@example.jp>", "Subject: =?UTF-8?b?", "Content-Transfer-Encoding: base64"} {
		if !strings.Contains(text, want) {
			t.Errorf("without %s:\n%s", want, text)
		}
	}
	_, after, _ := strings.Cut(text, "base64\n\n")
	sent, _, _ := strings.Cut(after, "\n.")
	if b, err := base64.StdEncoding.DecodeString(sent); err != nil || string(b) != body {
		t.Errorf("%s %v", b, err)
	}
	if err := portal.SMTP("127.0.0.1:1")(t.Context(), portal.Mail{}); err == nil {
		t.Error("a server that is not there took an e-mail")
	}
	for _, refuses := range []string{"MAIL", "RCPT", "DATA", "."} {
		address, _ := mailServer(t, refuses)
		err := portal.SMTP(address)(t.Context(), portal.Mail{ID: 1, To: "hanako@example.jp", At: time.Unix(0, 0)})
		if err == nil || !strings.Contains(err.Error(), "the mail server: 550") {
			t.Errorf("a server that refuses %s: %v", refuses, err)
		}
	}
}
