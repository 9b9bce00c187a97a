package ecosystem

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/peer"
	"example.jp/jpkimock/internal/stage/play"
	"example.jp/jpkimock/internal/webtest"
)

// confirmed are the numbers of the steps that are seen to have happened.
func confirmed(of play.View) (all []int) {
	for _, step := range of.Steps {
		if !step.Confirmed.IsZero() {
			all = append(all, step.No)
		}
	}
	return all
}

// Of every story what has a button is done by the management interface alone, and each such
// step is seen to have happened; what is done by hand is not, since nobody does it.
func TestEveryStoryByTheManagementInterface(t *testing.T) {
	t.Parallel()
	_, town := onStage(t)
	stories, err := town.Stories(t.Context())
	webtest.Must(t, err)
	if len(stories) != 6 {
		t.Errorf("%d stories", len(stories))
	}
	for _, story := range stories {
		_, err := town.BeginStory(t.Context(), story.ID)
		webtest.Must(t, err)
		for _, step := range story.Steps {
			if !step.Button {
				continue
			}
			now, err := town.DoStep(t.Context(), story.ID, step.No)
			webtest.Must(t, err)
			if now.Steps[step.No-1].Confirmed.IsZero() || now.Steps[step.No-1].Seen.JA == "" {
				t.Errorf("%s: step %d was done, and is not confirmed", story.ID, step.No)
			}
		}
		now, err := town.Story(t.Context(), story.ID)
		webtest.Must(t, err)
		for _, step := range now.Steps {
			if step.Button == step.Confirmed.IsZero() {
				t.Errorf("%s: step %d: by a button %v, confirmed %v", story.ID, step.No, step.Button, step.Confirmed)
			}
		}
	}
	_, err = town.Story(t.Context(), "none")
	refusedWith(t, err, "no_story")
	_, err = town.DoStep(t.Context(), "bank-open", 9)
	refusedWith(t, err, "no_step")
	_, err = town.DoStep(t.Context(), "bank-open", 2)
	refusedWith(t, err, "no_button")
}

func refusedWith(t *testing.T, err error, code string) {
	t.Helper()
	if refused, ok := errors.AsType[*peer.Refused](err); !ok || refused.Code != code {
		t.Errorf("%v: want %s", err, code)
	}
}

// A step by hand is confirmed by what the person of the story really did, since the story
// began, and by nothing else.
func TestAStepIsConfirmedByWhatReallyHappened(t *testing.T) {
	t.Parallel()
	e, town := onStage(t)
	sees := func(want ...int) {
		t.Helper()
		now, err := town.Story(t.Context(), "bank-open")
		webtest.Must(t, err)
		if got := confirmed(now); len(got) != len(want) || len(got) > 0 && got[len(got)-1] != want[len(want)-1] {
			t.Errorf("confirmed are %v: want %v", got, want)
		}
	}
	signedIn(t, e, "bank", "card-taro", "2345") // before the story
	begins := func(again bool) {
		t.Helper()
		now, err := town.BeginStory(t.Context(), "bank-open")
		webtest.Must(t, err)
		if now.Again != again {
			t.Errorf("it begins again: %v: want %v", now.Again, again)
		}
	}
	begins(false)
	begins(false) // nothing has happened
	lobby := webtest.NewBrowser(t, e.Peer("lobby"))
	lobby.Visits("/stories/bank-open?lang=en").Says(200).Lacks("It was played in this town before")
	_, err := town.DoStep(t.Context(), "bank-open", 1)
	webtest.Must(t, err)
	lobby.Visits("/stories/bank-open").Says(200, "It was played in this town before")
	sees(1)
	opensAccount(t, e)
	sees(1, 2, 3)
	signedIn(t, e, "bank", "card-taro", "2345")
	sees(1, 2, 3) // it is not he who is meant
	authority := webtest.NewBrowser(t, e.Peer("authority"))
	var challenge struct{ Nonce string }
	b := webtest.NewBrowser(t, e.Peer("bank"))
	send(t, b, "/signin/challenge", "", struct{}{}, &challenge)
	given := token(t, e, "bank", challenge.Nonce, "card-hanako", "1234")
	authority.Calls(http.MethodPut, "/faults", map[string]bool{"silent": true}, nil).Says(200)
	b.Calls(http.MethodPost, "/signin", map[string]any{"token": given}, nil).Refuses(http.StatusServiceUnavailable, "status_unavailable")
	sees(1, 2, 3) // she tried, and was not let in
	authority.Calls(http.MethodPut, "/faults", map[string]bool{"silent": false}, nil).Says(200)
	signedIn(t, e, "bank", "card-hanako", "1234")
	sees(1, 2, 3, 4)
	begins(true)
	sees(1) // her card lies there; the rest is of the story before
	signedIn(t, e, "bank", "card-hanako", "1234")
	sees(1)      // to sign in comes after the account
	begins(true) // also after one that was broken off
	_, err = town.Restore(t.Context(), "beginning")
	webtest.Must(t, err)
	begins(false) // the town was put back
}

// What can be done again counts after the step before it: whoever opens the box before the
// application opens it once more. Steps that nobody did hold up none that was done.
func TestAStepThatCameTooEarlyIsDoneAgain(t *testing.T) {
	t.Parallel()
	e, town := onStage(t)
	_, err := town.BeginStory(t.Context(), "portal")
	webtest.Must(t, err)
	for _, button := range []int{1, 2, 4} {
		_, err := town.DoStep(t.Context(), "portal", button)
		webtest.Must(t, err)
	}
	sees := func(what string, want ...int) {
		t.Helper()
		now, err := town.Story(t.Context(), "portal")
		webtest.Must(t, err)
		if got := confirmed(now); !slices.Equal(got, want) {
			t.Errorf("%s: confirmed are %v: want %v", what, got, want)
		}
	}
	hanako := signedIn(t, e, "portal", "card-hanako", "1234")
	opens := func() { hanako.Visits("/box").Says(http.StatusOK) }
	opens()
	sees("the box was opened early", 1, 2, 4)
	signs(t, e, hanako, "portal", persona(t, e, "hanako"), "/apply/draft", "/apply", map[string]any{
		"changedOn": e.Clock().Now().In(jpki.JST).Format(time.DateOnly), "partners": []string{"denryoku"},
	})
	sees("she applied, and the operator has confirmed nobody", 1, 2, 4, 5)
	opens()
	sees("the box was opened again", 1, 2, 4, 5, 6)
}
