package portal

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/smtp"
	"slices"
	"strings"
	"time"
)

// from is the sender of all e-mails, of a domain that does not exist (RFC 2606).
const from = "portal@portal.example.jp"

// smtpTime bounds the dialogue with a server.
const smtpTime = 20 * time.Second

// SMTP sends e-mails by a server at HOST:PORT (RFC 5321), without a sign-in: for a server
// of a test or of the same house.
func SMTP(address string) Mailer {
	return func(ctx context.Context, m Mail) (err error) {
		ctx, cancel := context.WithTimeout(ctx, smtpTime)
		defer cancel()
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
		if err != nil {
			return fmt.Errorf("portal: reach the mail server: %w", err)
		}
		stop := context.AfterFunc(ctx, func() { conn.Close() })
		defer stop()
		host, _, _ := net.SplitHostPort(address) // it was dialled
		c, err := smtp.NewClient(conn, host)
		if err != nil {
			return errors.Join(err, conn.Close())
		}
		defer c.Close()
		if err := errors.Join(c.Mail(from), c.Rcpt(m.To)); err != nil {
			return fmt.Errorf("portal: the mail server: %w", err)
		}
		w, err := c.Data()
		if err != nil {
			return fmt.Errorf("portal: the mail server: %w", err)
		}
		if _, err := w.Write(message(m)); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return fmt.Errorf("portal: the mail server: %w", err)
		}
		return c.Quit()
	}
}

// message writes an e-mail (RFC 5322) in UTF-8.
func message(m Mail) []byte {
	var b strings.Builder
	for _, line := range [][2]string{
		{"From", mime.BEncoding.Encode("UTF-8", "みほん くらしの手続ポータル") + " <" + from + ">"},
		{"To", "<" + m.To + ">"},
		{"Subject", mime.BEncoding.Encode("UTF-8", m.Subject)},
		{"Date", m.At.Format(time.RFC1123Z)},
		{"Message-ID", fmt.Sprintf("<%d.%d@portal.example.jp>", m.ID, m.At.Unix())},
		{"MIME-Version", "1.0"}, {"Content-Type", "text/plain; charset=UTF-8"}, {"Content-Transfer-Encoding", "base64"},
	} {
		b.WriteString(line[0] + ": " + line[1] + "\r\n")
	}
	b.WriteString("\r\n")
	text := base64.StdEncoding.EncodeToString([]byte(m.Body))
	for line := range slices.Chunk([]byte(text), 76) {
		b.Write(append(line, "\r\n"...))
	}
	return []byte(b.String())
}
