package e2e

import (
	"testing"

	"example.jp/jpkimock/internal/ecosystem"
	"example.jp/jpkimock/internal/ui"
)

// A presenter lets somebody move from the lobby, keeps that state, and starts over; a page
// that was open meanwhile says that it is out of date.
func TestAPresenterStartsOver(t *testing.T) {
	t.Parallel()
	w := NewWorld(t, func(c *ecosystem.Config) { c.Manage = "127.0.0.1:0" })
	for _, lang := range []ui.Lang{ui.Japanese, ui.English} {
		p := w.stranger(t, "presenter", lang)
		p.Goes("lobby", "/stories")
		p.Pictures("lobby-stories")
		p.Clicks("story-bank-move")
		p.Pictures("lobby-opening")
		p.Clicks("begin")
		p.Clicks("do")
		p.must(p.page.WaitForURL("**/stories/bank-move/2"), "come to the next step")
		p.Sees("not-yet")
		p.Pictures("lobby-step")
		p.Goes("bank", "/staff")
		p.Clicks("test-key")
		p.must(p.page.WaitForURL("**/staff"), "sign in with the test key")
		p.Goes("lobby", "/people/misaki")
		p.Clicks("event-move")
		p.Reads("outcome", "記載事項（氏名・住所等）の異動", "what it states (name, address, …) has changed")
		p.Pictures("lobby-outcome")
		p.Goes("lobby", "/clock-room")
		p.Types("snapshot-name", "moved-"+string(lang))
		p.Presses("いまの状態を記録", "Keep as it is now")
		p.Reads("kept", "記録しました", "kept as it is now")
		p.Pictures("lobby-kept")
		citizen := w.stranger(t, "citizen", lang)
		citizen.Goes("bank", "/")
		p.Clicks("start-over")
		p.Reads("kept", "町を元に戻しました", "The town was put back")
		citizen.Sees("town-changed")
		citizen.Pictures("bank-out-of-date")
		p.Goes("lobby", "/people/misaki")
		p.must(p.expect(p.page.Locator(".badge.bad")).ToHaveCount(0), "see misaki as she was")
	}
}
