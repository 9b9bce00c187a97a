package lobby

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/words"
)

// eventCard is an event as the page of a person offers it.
type eventCard struct {
	ID                string
	Title, What, Then ui.Text
}

// people lists everybody as they are now.
func (l *lobby) people(c echo.Context) error {
	v := l.view()
	var err error
	if v.People, err = l.cfg.Stage.People(c.Request().Context()); err != nil {
		return err
	}
	return l.pages.Render(c, http.StatusOK, "people", titlePeople, v)
}

// person shows somebody as they are now, and what can happen to them.
func (l *lobby) person(c echo.Context) error {
	one, err := l.cfg.Stage.Person(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	var out *happened
	if held, err := l.outcomes.Look(c.QueryParam("after")); err == nil && held.Person == one.ID {
		out = &held
	}
	return l.showPerson(c, one, out)
}

// happened is what came of an event, and from when on houses tell what they did.
type happened struct {
	stage.Outcome
	marks stage.Marks
}

// portrait shows a drawn face, as it is on a card.
func (l *lobby) portrait(c echo.Context) error {
	octets, err := l.cfg.Stage.Portrait(c.Request().Context(), c.Param("name"))
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "max-age=3600")
	return c.Blob(http.StatusOK, "image/png", octets)
}

func (l *lobby) showPerson(c echo.Context, one stage.Person, out *happened) error {
	v := l.view()
	v.Person = one
	if out != nil {
		v.Outcome = &out.Outcome
		_, v.Deeds, _ = l.sweeping(c.Request().Context(), out.marks)
	}
	for _, e := range stage.Events() {
		if !l.cfg.Stage.KnowsPeople() {
			break
		}
		v.Events = append(v.Events, eventCard{e.ID, e.Title, e.What, e.Then})
		if out != nil && out.Event == e.ID {
			v.Happened, v.Then = e.Title, e.Then
		}
	}
	return l.pages.Render(c, http.StatusOK, "person", ui.Text{JA: one.Name, EN: one.Romaji}, v)
}

// happens lets an event happen to somebody, and says what came of it.
func (l *lobby) happens(c echo.Context) error {
	ctx, id := c.Request().Context(), c.Param("id")
	details := stage.Details{Address: c.FormValue("address"), Name: c.FormValue("name")}
	before, err := l.cfg.Stage.Clock(ctx)
	if err != nil {
		return err
	}
	out, err := l.cfg.Stage.Happens(ctx, id, c.Param("event"), details)
	if err != nil {
		return err
	}
	name := held.Name()
	if err := l.outcomes.Put(name, happened{out, before.Marks()}); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/people/"+url.PathEscape(id)+"?after="+name)
}

// lay lays somebody's card in a reader, or takes it away.
func (l *lobby) lay(c echo.Context) error {
	if err := l.cfg.Stage.Lay(c.Request().Context(), c.Param("id"), c.FormValue("reader")); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/people/"+url.PathEscape(c.Param("id")))
}

// readers are where a card can be laid, in words.
var readers = []struct {
	Name string
	ui.Text
}{
	{"home", ui.Text{JA: "自宅のリーダー", EN: "Reader at home"}}, {"tv", ui.Text{JA: "テレビのリーダー", EN: "Set-top box"}},
	{"reception", ui.Text{JA: "病院の受付", EN: "Hospital reception"}}, {"pharmacy", ui.Text{JA: "薬局", EN: "Pharmacy"}},
}

// Readers lists where the person's card can be laid, except for where it lies.
func (v view) Readers() (all []struct {
	Name string
	ui.Text
}) {
	return slices.DeleteFunc(slices.Clone(readers), func(r struct {
		Name string
		ui.Text
	}) bool {
		return r.Name == v.Person.Card.Reader
	})
}

// badge is a state in a few words; Class is good, wait, bad or neutral.
type badge struct {
	Class string
	ui.Text
}

// CardBadges say how somebody's card is, and where it lies.
func (v view) CardBadges(p stage.Person) (all []badge) {
	switch {
	case p.Standing == "dead":
		all = append(all, badge{"neutral", ui.Text{JA: "死亡", EN: "has died"}})
	case p.Standing != "":
		all = append(all, badge{"neutral", ui.Text{JA: "転出等", EN: "has left"}})
	}
	switch {
	case p.Card.Tampered:
		return append(all, badge{"bad", ui.Text{JA: "鍵が消去されたカード", EN: "its keys are destroyed"}})
	case p.Card.Dead:
		return append(all, badge{"bad", ui.Text{JA: "ICチップの故障", EN: "broken chip"}})
	}
	left, has := p.Card.TriesLeft[jpki.UserAuthentication]
	switch {
	case has && left == 0:
		all = append(all, badge{"bad", ui.Text{JA: "暗証番号ロック中", EN: "PIN blocked"}})
	case has && left == 1:
		all = append(all, badge{"wait", ui.Text{JA: "暗証番号はあと1回", EN: "one try left"}})
	}
	if left, has := p.Card.TriesLeft[jpki.DigitalSignature]; has && left == 0 && p.Password != "" {
		all = append(all, badge{"bad", ui.Text{JA: "署名用パスワードロック中", EN: "signature password blocked"}})
	}
	for _, r := range readers {
		if r.Name == p.Card.Reader {
			all = append(all, badge{"neutral", ui.Text{JA: r.JA + "に置いてあります", EN: "lies here: " + r.EN}})
		}
	}
	return all
}

// CertificateBadge says how a certificate is.
func (v view) CertificateBadge(c stage.Certificate) badge {
	switch {
	case c.State == "suspended":
		return badge{"wait", ui.Text{JA: "一時停止中", EN: "suspended"}}
	case c.State == "revoked":
		return badge{"bad", ui.Text{JA: "失効", EN: "revoked"}}
	case c.Expired:
		return badge{"bad", ui.Text{JA: "有効期間満了", EN: "expired"}}
	}
	return badge{"good", ui.Text{JA: "有効", EN: "good"}}
}

// KindWords names a kind of certificate.
func (v view) KindWords(k jpki.Kind) ui.Text { return words.Kind(k) }

// ReasonWords says why a certificate was revoked or suspended; nothing without a reason.
func (v view) ReasonWords(reason string) ui.Text {
	var r jpki.Reason
	if reason == "" || r.UnmarshalText([]byte(reason)) != nil {
		return ui.Text{}
	}
	return words.Reason(r)
}

// FollowedCounts counts what a move of the clock changed for people's certificates.
func (v view) FollowedCounts() (all []ui.Text) {
	counts, order := map[string]int{}, []string{}
	for _, c := range v.Followed {
		if counts[c.What]++; counts[c.What] == 1 {
			order = append(order, c.What)
		}
	}
	for _, what := range order {
		n, words := strconv.Itoa(counts[what]), v.ActWords(what)
		all = append(all, ui.Text{JA: "電子証明書" + n + "枚" + words.JA, EN: n + " " + plural(counts[what], words.EN)})
	}
	return all
}

// plural says of a number of certificates what words say of one.
func plural(n int, words string) string {
	if n == 1 {
		return "certificate " + words
	}
	for _, verb := range [][2]string{{"has ", "have "}, {"was ", "were "}, {"works ", "work "}} {
		if rest, ok := strings.CutPrefix(words, verb[0]); ok {
			return "certificates " + verb[1] + rest
		}
	}
	return "certificates: " + words
}

// ActWords says what an act did to a certificate, after its name.
func (v view) ActWords(act string) ui.Text {
	switch act {
	case "expired":
		return ui.Text{JA: "の有効期間が満了しました", EN: "has expired"}
	case "issued":
		return ui.Text{JA: "が新しく発行されました", EN: "was issued"}
	case "revoked":
		return ui.Text{JA: "が失効しました", EN: "was revoked"}
	case "suspended":
		return ui.Text{JA: "が一時停止されました", EN: "was suspended"}
	case "resumed", "valid-again", "good":
		return ui.Text{JA: "が再び使えるようになりました", EN: "works again"}
	}
	return ui.Text{JA: "：" + act, EN: act}
}
