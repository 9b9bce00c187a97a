package lobby

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/internal/peer"
	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/stage/play"
	"example.jp/jpkimock/internal/ui"
)

// steps are the moves that the clock's buttons offer.
func steps() map[string]stage.Move {
	seconds := func(s float64) stage.Move { return stage.Move{AdvanceSeconds: &s} }
	on := func(c stage.Calendar) stage.Move { return stage.Move{Advance: &c} }
	zero, yes, no := 0.0, true, false
	return map[string]stage.Move{
		"10m": seconds(600), "1h": seconds(3600), "1d": on(stage.Calendar{Days: 1}), "1mo": on(stage.Calendar{Months: 1}),
		"1y": on(stage.Calendar{Years: 1}), "5y": on(stage.Calendar{Years: 5}),
		"back": {OffsetSeconds: &zero, Frozen: &no}, "freeze": {Frozen: &yes}, "run": {Frozen: &no},
	}
}

// moveClock moves the one clock by asking the authority, which owns it.
func (l *lobby) moveClock(c echo.Context) error {
	step := c.FormValue("step")
	move, ok := steps()[step]
	if step == "set" {
		to, err := time.ParseInLocation("2006-01-02T15:04", c.FormValue("to"), jpki.JST)
		if err != nil {
			return door.Problem{Status: http.StatusBadRequest, Code: "bad_time", Detail: "to is a day and a time of Japan, such as 2031-04-01T09:00"}
		}
		move, ok = stage.Move{Now: &to}, true
	}
	if !ok {
		return door.Problem{Status: http.StatusBadRequest, Code: "bad_step", Detail: "step is set, or one of 10m, 1h, 1d, 1mo, 1y, 5y, back, freeze, run"}
	}
	clock, err := l.cfg.Stage.MoveClock(c.Request().Context(), move)
	if err != nil {
		return err
	}
	name := held.Name()
	if err := l.followed.Put(name, moved{clock.Followed, clock.Marks()}); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/clock-room?after="+name)
}

// keep saves the town, puts it back, or forgets a snapshot.
func (l *lobby) keep(c echo.Context) error {
	ctx, name, s := c.Request().Context(), c.FormValue("name"), l.cfg.Stage
	var err error
	switch act := c.FormValue("act"); act {
	case "save":
		err = s.Save(ctx, name)
	case "restore":
		err = s.Restore(ctx, cmp.Or(name, stage.Beginning))
	case "drop":
		err = s.Drop(name)
	default:
		return door.Problem{Status: http.StatusBadRequest, Code: "bad_act", Detail: "act is one of save, restore, drop"}
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/clock-room?done="+c.FormValue("act"))
}

// refusals are what the stage refuses, in words.
var refusals = []struct {
	err    error
	status int
	code   string
	title  ui.Text
}{
	{stage.ErrNoPerson, http.StatusNotFound, "no_person", ui.Text{JA: "この人は登場人物にいません", EN: "There is nobody of this name"}},
	{stage.ErrNoEvent, http.StatusNotFound, "no_event", ui.Text{JA: "このできごとはありません", EN: "There is no such event"}},
	{stage.ErrNoSnapshot, http.StatusNotFound, "no_snapshot", ui.Text{JA: "この名前の記録はありません", EN: "Nothing is kept under this name"}},
	{stage.ErrName, http.StatusBadRequest, "snapshot_name", ui.Text{JA: "名前は、半角の英小文字・数字・ハイフンで40字までにしてください", EN: "Use up to 40 small letters, digits and hyphens for the name"}},
	{stage.ErrTooMany, http.StatusConflict, "too_many_snapshots", ui.Text{JA: "記録がいっぱいです。いらない記録を消してください", EN: "Too many states are kept: forget one first"}},
	{stage.ErrNoKeeper, http.StatusConflict, "no_snapshots_here", ui.Text{JA: "この案内所からは、町を元に戻せません", EN: "The town cannot be put back from this lobby"}},
	{stage.ErrNoKey, http.StatusConflict, "no_key", ui.Text{JA: "窓口に別の鍵が設定されているため、ここからは起こせません", EN: "The counter has a key of its own: nothing can happen from here"}},
	{stage.ErrNoTownKey, http.StatusConflict, "no_key", ui.Text{JA: "別の鍵が設定されているため、この案内所からは見られません", EN: "Other keys are set: this lobby cannot see it"}},
	{stage.ErrElsewhere, http.StatusConflict, "no_snapshots_here", ui.Text{JA: "データベースが別の場所にあるため、元に戻せません", EN: "A database is elsewhere, so the town cannot be put back"}},
	{play.ErrNoStory, http.StatusNotFound, "no_story", ui.Text{JA: "この台本はありません", EN: "There is no such story"}},
	{play.ErrNoStep, http.StatusNotFound, "no_step", ui.Text{JA: "この場面はありません", EN: "The story has no such step"}},
	{play.ErrNoButton, http.StatusConflict, "no_button", ui.Text{JA: "この場面は、手で進めます", EN: "This step is done by hand"}},
	{stage.ErrBusy, http.StatusServiceUnavailable, "busy", ui.Text{JA: "処理中の手続があります。少し待って、もう一度お試しください", EN: "Something is still being done. Wait a moment and try again"}},
}

// explain says what the stage, or a house that it asked, refuses.
func explain(err error) (ui.Refusal, bool) {
	for _, r := range refusals {
		if errors.Is(err, r.err) {
			return ui.Refusal{Status: r.status, Code: r.code, Title: r.title}, true
		}
	}
	if said, ok := errors.AsType[fault.Unfit](err); ok {
		return ui.Refusal{
			Status: http.StatusBadRequest, Code: "unfit_fault", Title: ui.Text{JA: "この条件では起こせません", EN: "A fault does not take these conditions"}, Body: said.Says,
			Next: []ui.Link{{Text: ui.Text{JA: "障害の一覧へ", EN: "All faults"}, Href: "/faults", Primary: true}},
		}, true
	}
	if said, ok := errors.AsType[*peer.Refused](err); ok {
		return ui.Refusal{
			Status: http.StatusConflict, Code: cmp.Or(said.Code, "refused"), Detail: said.Error(),
			Title: ui.Text{JA: "窓口で受け付けられませんでした", EN: "The house refused it"},
			Body:  ui.Text{JA: "理由：" + cmp.Or(said.Detail, said.Code), EN: "Reason: " + cmp.Or(said.Detail, said.Code)},
		}, true
	}
	var own door.Problem
	if errors.As(err, &own) {
		return ui.Refusal{}, false
	}
	if _, ok := errors.AsType[*url.Error](err); ok || errors.Is(err, stage.ErrNoHouse) {
		return ui.Refusal{
			Status: http.StatusBadGateway, Code: "no_answer", Detail: err.Error(),
			Title: ui.Text{JA: "応答がありません", EN: "There is no answer"},
			Body:  ui.Text{JA: "相手が応答しません。障害を起こしていないか、確かめてください。", EN: "The house does not answer. See whether a fault is on."},
			Next:  []ui.Link{{Text: titleFaults, Href: "/faults", Primary: true}},
		}, true
	}
	return ui.Refusal{}, false
}
