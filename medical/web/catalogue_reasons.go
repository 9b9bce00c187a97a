package web

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/reception"
)

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
