package verifiers

import (
	"example.jp/jpkimock/seed"
	"example.jp/jpkimock/virtualcard/agent"
)

// Sites are the pages of somebody's own programs, for the card's window.
func Sites(w seed.World) (all []agent.Site) {
	for _, v := range w.Own() {
		if v.Origin != "" {
			all = append(all, agent.Site{Origin: v.Origin, Verifier: v.ID, NameEN: v.NameEN})
		}
	}
	return all
}
