package e2e

import (
	"testing"

	"example.jp/jpkimock/internal/ui"
)

// A presenter has the list of touches open: a sign-in appears there by itself. Its picture
// has ① to ④ lit, and says what did not cross.
func TestASignInIsDrawnAsItHappens(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	presenter := w.stranger(t, "presenter", ui.Japanese)
	presenter.Goes("lobby", "/picture")
	presenter.Sees("touches")
	taro := w.As(t, "taro")
	taro.Goes("bank", "/signin")
	taro.SignsIn()
	presenter.Sees("touch")
	presenter.Clicks("touch")
	for _, no := range []string{"no-1", "no-2", "no-3", "no-4"} {
		presenter.must(presenter.expect(presenter.found(no)).ToHaveClass("lit"), "see %s lit", no)
	}
	presenter.Reads("kept", "氏名", "Name")
	presenter.Pictures("lobby-touch")
}
