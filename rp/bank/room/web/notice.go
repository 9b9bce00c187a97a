package web

import (
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/words"
	"example.jp/jpkimock/rp/bank"
)

// Notice is a message in words: what it is about, and what there is to do.
type Notice struct {
	bank.Notice
	Title, Body, Do ui.Text
}

// NoticeOf puts a message into words.
func NoticeOf(n bank.Notice) Notice {
	say := noticeWords[n.Kind]
	blanks := ui.Blanks{"{reason}": words.Reason(n.Reason), "{since}": ui.Minute(n.Since)}
	return Notice{Notice: n, Title: blanks.Fill(say.title), Body: blanks.Fill(say.body), Do: blanks.Fill(say.do)}
}

// NoticesOf puts messages into words.
func NoticesOf(all []bank.Notice) []Notice {
	notices := make([]Notice, len(all))
	for i, n := range all {
		notices[i] = NoticeOf(n)
	}
	return notices
}

// ShortName names a kind of message in a word.
func ShortName(k bank.NoticeKind) ui.Text { return noticeWords[k].short }

// NoticeJSON is a message as programs get it.
type NoticeJSON struct {
	ID         bank.NoticeID     `json:"id"`
	Kind       bank.NoticeKind   `json:"kind"`
	Serial     jpki.SerialNumber `json:"serial"`
	Reason     string            `json:"reason,omitempty"`
	Since      time.Time         `json:"since,omitzero"`
	At         time.Time         `json:"at"`
	ClosedAt   time.Time         `json:"closedAt,omitzero"`
	AsksChange bool              `json:"asksChange"`
}

// JSONOf gives a message to programs.
func JSONOf(n bank.Notice) NoticeJSON {
	out := NoticeJSON{ID: n.ID, Kind: n.Kind, Serial: n.Serial, Since: n.Since, At: n.At, ClosedAt: n.ClosedAt, AsksChange: n.Kind.AsksChange()}
	if !n.Since.IsZero() {
		out.Reason = n.Reason.String()
	}
	return out
}

// JSONOfAll gives messages to programs.
func JSONOfAll(all []bank.Notice) []NoticeJSON {
	out := make([]NoticeJSON, len(all))
	for i, n := range all {
		out[i] = JSONOf(n)
	}
	return out
}
