package web

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/words"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/reception"
)

// templates are the pages. They call by name for words, for why nothing was confirmed, and
// for the picture of the steps.
var templates = ui.EmbeddedWith(map[string]any{
	"word": word, "reason": reasonFor, "picture": pictureOf, "gender": words.Gender, "day": ui.Day, "tone": func(s reception.State) string { return tones[s] },
}, files, "templates")

// site is what the layout says of the house.
func site(lobby string, now func() time.Time) ui.Site {
	return ui.Site{House: "medical", Lobby: lobby, Now: now, Name: word("name.house"), Tagline: word("name.tagline")}
}

//go:embed words.txt
var wordsText string

// wordList are the words of words.txt by key.
var wordList = sync.OnceValue(func() map[string]ui.Text { return ui.ReadWords(wordsText) })

// word gives the words of a key, which may come in parts.
func word(key ...any) ui.Text { return wordList()[fmt.Sprint(key...)] }

// saying gives the words of a refusal.
func saying(name string) rpweb.Saying {
	return rpweb.Say(word("say."+name+".title"), word("say."+name+".body"), word("say."+name+".next"))
}

// roomName names a room of a party: its desk, or its doctor's room.
func roomName(ja, en, room string) ui.Text {
	return ui.Text{JA: ja + word("room."+room).JA, EN: en + ", " + word("room."+room).EN}
}

// outcome says what came of an inquiry.
func outcome(v medical.Validity, code string) ui.Text {
	if code != "" {
		return reasonFor(code).Short
	}
	return word("validity.", int(v))
}

// tones are the tones of the badges of a visit's states.
var tones = map[reception.State]string{
	reception.Asking: "wait", reception.Confirmed: "good", reception.Attention: "bad", reception.OnPaper: "wait", reception.Settled: "good", reception.Gone: "neutral",
}

// reasonWords say why nothing was confirmed: in a word, to the patient, and to the staff,
// with the way by paper to try first.
type reasonWords struct {
	Short, Title, Patient, Staff ui.Text
	Way                          reception.Way
	Again                        bool // trying again may help
}

// reasonFor gives the words of a code; what is not listed is the card's affair.
func reasonFor(code string) reasonWords {
	if code == "" {
		return reasonWords{}
	}
	switch code {
	case "status_responder", "status_missing", "status_stale", "status_nonce", "not_accredited":
		code = "status_unavailable"
	case "challenge_used", "challenge_expired", "no_challenge", medical.NoInquiry:
		code = "late"
	}
	if said, ok := reasons()[code]; ok {
		return said
	}
	return reasons()["card_error"]
}

//go:embed reasons.txt
var reasonsText string

// reasons are the words by code, as reasons.txt has them.
var reasons = sync.OnceValue(func() map[string]reasonWords {
	all := map[string]reasonWords{}
	for part := range strings.SplitSeq(reasonsText, "\n\n") {
		lines := strings.Split(strings.TrimSpace(part), "\n")
		lines = slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, "#") })
		if len(lines) != 5 {
			continue
		}
		said := make([]ui.Text, 4)
		for i, l := range lines[1:] {
			said[i].JA, said[i].EN, _ = strings.Cut(l, " | ")
		}
		head := strings.Fields(lines[0])
		all[head[0]] = reasonWords{said[0], said[1], said[2], said[3], reception.Way(head[1]), slices.Contains(head[2:], "again")}
	}
	return all
})
