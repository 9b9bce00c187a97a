package web

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"time"

	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/reception"
)

// site is what the layout says of the house.
func site(lobby string, now func() time.Time) ui.Site {
	return ui.Site{
		House: "medical", Lobby: lobby, Now: now, Name: word("name.house"),
		Tagline: ui.Text{JA: "カード1枚で、受付を。", EN: "One card at the reception."},
	}
}

//go:embed words.txt
var wordsText string

// wordList are the words of words.txt by key.
var wordList = sync.OnceValue(func() map[string]ui.Text {
	all := map[string]ui.Text{}
	for line := range strings.Lines(wordsText) {
		if f := strings.Split(strings.TrimSpace(line), " | "); len(f) == 3 {
			all[f[0]] = ui.Text{JA: f[1], EN: f[2]}
		}
	}
	return all
})

// word gives the words of a key.
func word(key string) ui.Text { return wordList()[key] }

// saying gives the words of a refusal.
func saying(name string) rpweb.Saying {
	return rpweb.Say(word("say."+name+".title"), word("say."+name+".body"), word("say."+name+".next"))
}

// deskName names the desk of an institution.
func deskName(i Institution) ui.Text {
	return ui.Text{JA: i.Name + "　受付", EN: i.NameEN + ", reception"}
}

// outcome says what came of an inquiry.
func outcome(v medical.Validity, code string) ui.Text {
	if code != "" {
		return reasonFor(code).Short
	}
	return word(fmt.Sprintf("validity.%d", v))
}

// lossReasons are the options of the form.
func lossReasons() (all []choice) {
	for _, why := range []medical.LossReason{medical.LostOtherwise, medical.LostToOther, medical.LostByAssistance, medical.LostByDeath} {
		all = append(all, choice{string(why), word("loss." + string(why))})
	}
	return all
}

// named is something with a name and what it means.
type named struct{ Name, What ui.Text }

// namedBy gives the words of an item of the consent screen, "item.", or of a way by paper,
// "way.".
func namedBy(key string) named { return named{word(key + ".name"), word(key + ".what")} }

// tones are the tones of the badges of a visit's states.
var tones = map[reception.State]string{
	reception.Asking: "wait", reception.Confirmed: "good", reception.Attention: "bad", reception.OnPaper: "wait", reception.Settled: "good", reception.Gone: "neutral",
}
