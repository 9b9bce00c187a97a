package agent

import (
	"context"

	"example.jp/jpkimock/internal/tracing/carry"
	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/apdulog"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

// transcribed is a card whose commands are told to the trace of a request, if there is one.
type transcribed struct {
	to  jpkiap.Transmitter
	log *apdulog.Log
}

// transcribe returns a card that tells the trace what is said to it.
func transcribe(to jpkiap.Transmitter) jpkiap.Transmitter { return transcribed{to, apdulog.New(1)} }

// Transmit sends a command. A trace is told the command without a PIN, and of the answer
// the status word: what is read from a card names its holder.
func (t transcribed) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	answer, err := t.to.Transmit(ctx, command)
	if !carry.Recording(ctx) {
		return answer, err
	}
	t.log.Exchange(command, answer)
	lines, _ := t.log.After(0)
	said := ""
	if r, err := apdu.ParseResponse(answer); err == nil {
		said = r.SW.String()
	}
	for _, line := range lines {
		carry.Event(ctx, "apdu", "command", line.Command, "status", said, "says", line.Says)
	}
	return answer, err
}
