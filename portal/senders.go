package portal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/portal/postbox"
)

// Registered is a sender of notices that is no partner (登録送信者), such as an insurer or
// a municipality: it writes to the boxes of those who let it.
type Registered struct {
	ID, Name, NameEN string
	Keys             json.RawMessage // JWK Set, by which its seals are verified
	At               time.Time
}

// Bounds in time of notices.
const (
	// fresh is how old a seal may be when it comes: a sender that repeats a notice seals
	// it anew, and whoever has copied one cannot bring it later.
	fresh = time.Hour
	early = 5 * time.Minute
	// keysKept is how long the keys of a partner are good that it was asked for.
	keysKept = 10 * time.Minute
	// Kept is the retention period of the post-office box (保存期間): a letter is erased so
	// many years after it was delivered.
	Kept = 5
)

// Register registers a sender, or replaces its keys.
func (p *Portal) Register(ctx context.Context, s Registered) error {
	_, taken := p.partners[s.ID]
	bad := s.ID == "" || len(s.ID) > 32 || strings.Trim(s.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || s.ID == Sender
	if taken || bad || jpki.CheckLine(s.Name, jpki.MaxAddress) != nil || jpki.CheckLine(s.NameEN, jpki.MaxAddress) != nil || postbox.CheckKeys(s.Keys) != nil {
		return ErrSender
	}
	s.At = p.now()
	return p.cfg.Store.AddSender(ctx, s)
}

// asked is the JWK Set that a partner gave when it was asked.
type asked struct {
	keys json.RawMessage
	at   time.Time
}

// unseal verifies a sender's seal. A partner is asked for its keys once in keysKept, and
// again if none of those has made the seal.
func (p *Portal) unseal(ctx context.Context, sender, sealed string) (postbox.Content, error) {
	one, ok := p.partners[sender]
	if !ok {
		all, err := p.cfg.Store.Senders(ctx)
		if i := slices.IndexFunc(all, func(s Registered) bool { return s.ID == sender }); i >= 0 {
			return postbox.Open(sealed, sender, all[i].Keys)
		}
		return postbox.Content{}, errors.Join(err, ErrNoSender)
	}
	now := p.now()
	if kept, ok := p.keys.Load(sender); ok && now.Sub(kept.(asked).at).Abs() < keysKept {
		if c, err := postbox.Open(sealed, sender, kept.(asked).keys); !errors.Is(err, postbox.ErrSeal) {
			return c, err
		}
	}
	keys, err := one.Line.Keys(ctx)
	if err != nil {
		return postbox.Content{}, refusedOr(err, ErrPartnerSilent)
	}
	p.keys.Store(sender, asked{keys, now})
	return postbox.Open(sealed, sender, keys)
}

// Take takes a notice from any sender that its owner lets write (電子私書箱への投函), and
// gives the letter: when it was delivered, and when it was opened first. A notice that
// is sealed anew with the same ID and content is not delivered again.
func (p *Portal) Take(ctx context.Context, sealed string) (postbox.Letter, error) {
	sender, err := postbox.SenderOf(sealed)
	if err != nil {
		return postbox.Letter{}, err
	}
	c, err := p.unseal(ctx, sender, sealed)
	if err != nil {
		return postbox.Letter{}, err
	}
	if age := p.now().Sub(time.Unix(c.Notice.At, 0)); age > fresh || age < -early {
		return postbox.Letter{}, postbox.ErrStale
	}
	owner, err := p.cfg.Store.BoxOwner(ctx, sender, c.Notice.Box)
	if err != nil {
		return postbox.Letter{}, err
	}
	l, err := p.cfg.Vault.Close(owner.ID, c, p.now())
	if err != nil {
		return l, err
	}
	kept, err := p.cfg.Store.TakeLetter(ctx, l, p.mailTo(owner))
	if err != nil {
		return kept, err
	}
	before, err := p.cfg.Vault.Read(owner.ID, kept)
	if err != nil || !before.Notice.Same(c.Notice) {
		return postbox.Letter{}, postbox.ErrRepeated
	}
	return kept, nil
}

// Proof certifies to a letter's owner when it was delivered and opened first (到達・開封の
// 証明): a notice of the portal's own, sealed, about the digest of what the sender sealed.
func (p *Portal) Proof(ctx context.Context, citizen, id int64) (string, error) {
	l, err := p.Letter(ctx, citizen, id)
	if err != nil {
		return "", err
	}
	when := func(t time.Time) string { return jpki.JapaneseDay(t) + "　" + jpki.JapaneseTime(t) }
	body := fmt.Sprintf("送り主　　　　%s\n通知番号　　　%s\n件名　　　　　%s\n到達の日時　　%s\n開封の日時　　%s\nSHA-256　　　 %s\n",
		l.Content.Notice.Sender, l.Letter.Notice, l.Content.Notice.Title, when(l.ReceivedAt), when(l.OpenedAt), postbox.DigestOf(l.Sealed))
	return p.sealer.Seal(p.ofOwn(citizen, fmt.Sprintf("proof-%d", id), "到達・開封の証明", body, l.Letter.Notice))
}

// forget erases the letters whose retention period is over.
func (p *Portal) forget(ctx context.Context) error {
	return p.cfg.Store.ForgetLetters(ctx, p.now().In(jpki.JST).AddDate(-Kept, 0, 0))
}
