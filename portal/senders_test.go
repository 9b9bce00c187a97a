package portal_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/portal"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/portal/postbox"
)

// insurer is a sender that is no partner.
type insurer struct {
	*town
	*partner.Sealer
}

func (w *town) insurer(id string) insurer {
	w.t.Helper()
	key, err := partner.NewKey()
	w.must(err)
	s, err := partner.NewSealer(id, key)
	w.must(err)
	return insurer{w, s}
}

// notice is the insurer's medical-fee notice with its statement.
func (i insurer) notice(box string) partner.Notice {
	return partner.Notice{
		ID: "iryohi-2026-03", Sender: i.Sender, Box: box, At: i.Clock.Now().Unix(), Title: "医療費のお知らせ", Body: "令和8年3月の医療費　ひみつの12,340円",
		Attachments: []partner.Attachment{{Name: "明細.csv", MediaType: "text/csv", Content: []byte("ひみつの明細")}},
	}
}

func (i insurer) seals(n partner.Notice) string {
	i.t.Helper()
	sealed, err := i.Seal(n)
	i.must(err)
	return sealed
}

// A registered sender writes to who lets it, once for each notice, and learns when it was
// delivered and opened. The owner has a proof of both. After five years it is erased.
func TestARegisteredSenderWritesToABox(t *testing.T) {
	w := newTown(t)
	hanako, taro := w.enrols("hanako"), w.enrols("taro")
	kenpo := w.insurer("kenpo")
	w.is(w.Connect(t.Context(), hanako.ID, "kenpo", ""), portal.ErrNoPartner)
	w.must(w.Register(t.Context(), portal.Registered{ID: "kenpo", Name: "みほん健康保険組合", NameEN: "Mihon Health Insurance", Keys: kenpo.KeySet()}))
	w.must(w.Connect(t.Context(), hanako.ID, "kenpo", ""))
	given, err := w.Connections(t.Context(), hanako.ID)
	w.must(err)
	n := kenpo.notice(given[0].Box)
	l, err := w.Take(t.Context(), kenpo.seals(n))
	w.must(err)
	if !l.OpenedAt.IsZero() || w.Clock.Now().Sub(l.ReceivedAt) > time.Minute {
		t.Fatalf("delivered %v, opened %v", l.ReceivedAt, l.OpenedAt)
	}
	w.must(w.Sweep(t.Context()))
	if len(w.mails) != 1 || w.mails[0].To != "hanako@example.jp" || strings.Contains(w.mails[0].Body, "医療費") {
		t.Errorf("e-mails: %+v", w.mails)
	}

	w.Clock.Advance(2 * time.Hour)
	_, err = w.Letter(t.Context(), taro.ID, l.ID)
	w.is(err, postbox.ErrLetter)
	opened, err := w.Letter(t.Context(), hanako.ID, l.ID)
	w.must(err)
	if len(opened.Content.Notice.Attachments) != 1 || string(opened.Content.Notice.Attachments[0].Content) != "ひみつの明細" {
		t.Errorf("attachments: %+v", opened.Content.Notice.Attachments)
	}
	again := n
	again.At = w.Clock.Now().Unix() // sealed anew: the receipt
	if r, err := w.Take(t.Context(), kenpo.seals(again)); err != nil || r.ID != l.ID || !r.OpenedAt.Equal(opened.OpenedAt) {
		t.Errorf("the receipt: %d opened %v %v", r.ID, r.OpenedAt, err)
	}
	if all, err := w.Letters(t.Context(), hanako.ID, 0, 1000); err != nil || len(all) != 1 {
		t.Errorf("%d letters, %v", len(all), err)
	}
	proof, err := w.Proof(t.Context(), hanako.ID, l.ID)
	w.must(err)
	said, err := postbox.Open(proof, portal.Sender, w.KeySet())
	if err != nil || !strings.Contains(said.Notice.Body, postbox.DigestOf(opened.Sealed)) || said.Notice.About != n.ID {
		t.Errorf("the proof: %+v %v", said, err)
	}
	_, err = w.Proof(t.Context(), taro.ID, l.ID)
	w.is(err, postbox.ErrLetter)
	for _, name := range []string{w.file, w.file + "-wal"} {
		if text, err := os.ReadFile(name); err == nil && (bytes.Contains(text, []byte("ひみつ")) || bytes.Contains(text, []byte("44Gy44G/44Gk"))) {
			t.Errorf("%s has a notice in the clear", name)
		}
	}
	w.Clock.Set(l.ReceivedAt.AddDate(portal.Kept, 0, 0).Add(-time.Minute))
	w.must(w.Sweep(t.Context()))
	_, err = w.Letter(t.Context(), hanako.ID, l.ID)
	w.must(err)
	w.Clock.Advance(2 * time.Minute)
	w.must(w.Sweep(t.Context()))
	_, err = w.Letter(t.Context(), hanako.ID, l.ID)
	w.is(err, postbox.ErrLetter)
}

// What is not the sender's, or not for that box, or old, is not taken.
func TestABoxTakesWhatIsSealedForIt(t *testing.T) {
	w := newTown(t)
	hanako := w.enrols("hanako", "gas")
	kenpo, other := w.insurer("kenpo"), w.insurer("city")
	for _, s := range []insurer{kenpo, other} {
		w.must(w.Register(t.Context(), portal.Registered{ID: s.Sender, Name: "送信者", NameEN: "Sender", Keys: s.KeySet()}))
		w.must(w.Connect(t.Context(), hanako.ID, s.Sender, ""))
	}
	boxes := map[string]string{}
	given, err := w.Connections(t.Context(), hanako.ID)
	w.must(err)
	for _, k := range given {
		boxes[k.Partner] = k.Box
	}
	good := kenpo.seals(kenpo.notice(boxes["kenpo"]))
	_, err = w.Take(t.Context(), good)
	w.must(err)
	with := func(change func(*partner.Notice)) string {
		n := kenpo.notice(boxes["kenpo"])
		n.ID = "another"
		change(&n)
		return kenpo.seals(n)
	}
	pretending := w.insurer("kenpo") // with a key of its own
	parts, others := strings.Split(good, "."), strings.Split(with(func(*partner.Notice) {}), ".")
	for name, c := range map[string]struct {
		sealed string
		want   error
	}{
		"another's key":      {pretending.seals(kenpo.notice(boxes["kenpo"])), postbox.ErrSeal},
		"altered":            {parts[0] + "." + others[1] + "." + parts[2], postbox.ErrSeal},
		"another's box":      {with(func(n *partner.Notice) { n.Box = boxes["city"] }), portal.ErrNoBox},
		"a partner's box":    {with(func(n *partner.Notice) { n.Box = boxes["gas"] }), portal.ErrNoBox},
		"old":                {with(func(n *partner.Notice) { n.At -= 2 * 3600 }), postbox.ErrStale},
		"of tomorrow":        {with(func(n *partner.Notice) { n.At += 24 * 3600 }), postbox.ErrStale},
		"of nobody":          {w.insurer("nobody").seals(partner.Notice{ID: "x", Box: "x", Title: "x", Body: "x", At: w.Clock.Now().Unix()}), portal.ErrNoSender},
		"its ID again":       {with(func(n *partner.Notice) { n.ID, n.Body = "iryohi-2026-03", "別の内容" }), postbox.ErrRepeated},
		"a program":          {with(func(n *partner.Notice) { n.Attachments[0].MediaType = "text/html" }), postbox.ErrNotice},
		"a path":             {with(func(n *partner.Notice) { n.Attachments[0].Name = "../x" }), postbox.ErrNotice},
		"too many":           {with(func(n *partner.Notice) { n.Attachments = make([]partner.Attachment, 5) }), postbox.ErrNotice},
		"too large":          {with(func(n *partner.Notice) { n.Attachments[0].Content = make([]byte, 200<<10) }), postbox.ErrNotice},
		"not a seal":         {"x", postbox.ErrSeal},
		"larger than a seal": {strings.Repeat("x", 400_000), postbox.ErrNotice},
	} {
		if _, err := w.Take(t.Context(), c.sealed); err == nil || !strings.Contains(err.Error(), c.want.Error()) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	w.must(w.Withdraw(t.Context(), hanako.ID, "kenpo"))
	_, err = w.Take(t.Context(), with(func(*partner.Notice) {}))
	w.is(err, portal.ErrNoBox)
	for name, keys := range map[string]string{"no keys": `{"keys":[]}`, "no JSON": `x`} {
		w.is(w.Register(t.Context(), portal.Registered{ID: "new", Name: name, NameEN: name, Keys: json.RawMessage(keys)}), portal.ErrSender)
	}
	w.is(w.Register(t.Context(), portal.Registered{ID: "gas", Name: "x", NameEN: "x", Keys: kenpo.KeySet()}), portal.ErrSender)
}

// A partner is asked for its keys once in a while, however much it writes; with a new key
// it writes at once, and the former one is soon over.
func TestAPartnersKeysAreAskedForOnce(t *testing.T) {
	w := newTown(t)
	gas := w.shops[1]
	w.enrols("hanako", gas.id)
	take := func(id, sealed string) error {
		if sealed == "" {
			sealed = gas.sealed(partner.Notice{ID: id, Sender: gas.id, Box: gas.boxes["100"], At: w.Clock.Now().Unix(), Title: "お知らせ", Body: "本文"})
		}
		_, err := w.Take(t.Context(), sealed)
		return err
	}
	asked := func(want int64) {
		t.Helper()
		if got := gas.askedKeys.Load(); got != want {
			t.Errorf("the keys were asked for %d times, want %d", got, want)
		}
	}
	for _, id := range []string{"1", "2", "3"} {
		w.must(take(id, ""))
	}
	asked(1)
	former := gas.sealed(partner.Notice{ID: "former", Sender: gas.id, Box: gas.boxes["100"], At: w.Clock.Now().Unix(), Title: "お知らせ", Body: "本文"})
	var err error
	gas.keys, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	w.must(err)
	w.must(take("4", ""))
	asked(2)
	w.is(take("", former), postbox.ErrSeal)
	asked(3)
	w.must(take("5", ""))
	asked(3)
	w.Clock.Advance(11 * time.Minute)
	w.must(take("6", ""))
	asked(4)
}
