package portal

import (
	"context"
	"fmt"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/portal/postbox"
)

// Mail is an e-mail. It says that something is in the box, and nothing of what.
type Mail struct {
	ID                int64
	To, Subject, Body string
	At                time.Time
	SentAt            time.Time // zero while it has not left
}

// ofOwn is a notice of the portal's own.
func (p *Portal) ofOwn(citizen int64, id, title, body, about string) partner.Notice {
	return partner.Notice{ID: id, Sender: Sender, Box: fmt.Sprint(citizen), At: p.now().Unix(), Title: title, Body: body, About: about}
}

// letter seals a notice of the portal's own and puts it into a letter.
func (p *Portal) letter(citizen int64, n partner.Notice) (postbox.Letter, error) {
	sealed, err := p.sealer.Seal(n)
	if err != nil {
		return postbox.Letter{}, err
	}
	return p.cfg.Vault.Close(citizen, postbox.Content{Sealed: sealed, Keys: p.sealer.KeySet(), Notice: n}, p.now())
}

// invitation is what is sent to somebody who has moved (住所変更申請案内).
func (p *Portal) invitation(c Citizen) (Sent, error) {
	form, title, id := "invitation", "住所・氏名の変更手続のご案内", "invitation-"
	if c.Standing == NeedsCertificate {
		form, title, id = "certificate", "はじめに新しい署名用電子証明書の発行を受けてください", "certificate-"
	}
	var body strings.Builder
	if err := p.forms.ExecuteTemplate(&body, form+".txt", map[string]any{
		"Name": c.Four.CommonName, "MovedAt": jpki.JapaneseDay(c.MovedAt), "URL": p.cfg.URL, "Date": jpki.JapaneseDay(p.now()),
	}); err != nil {
		return Sent{}, err
	}
	l, err := p.letter(c.ID, p.ofOwn(c.ID, id+c.Signature.String(), title, body.String(), ""))
	return Sent{Letters: []postbox.Letter{l}, Mails: []Mail{p.mailTo(c)}}, err
}

// mailTo is the e-mail that something has come.
func (p *Portal) mailTo(c Citizen) Mail {
	return Mail{
		To: c.Mail, Subject: "電子私書箱にお知らせが届きました", At: p.now(),
		Body: "みほん くらしの手続ポータルの電子私書箱に、お知らせが届きました。\n内容は、カードでサインインしてご覧ください。\n\n" + p.cfg.URL +
			"\n\nこのメールは模擬環境（jpkimock）から送信されました。実在の事業者とは関係がありません。\n",
	}
}

// summary is the notice that every partner has decided (手続き完了のお知らせ).
func (p *Portal) summary(a Application, all []Delivery) (postbox.Letter, error) {
	var rows []map[string]string
	for _, d := range all {
		result := "完了"
		if d.State == partner.Rejected {
			result = "不受理　" + d.Reason
		}
		rows = append(rows, map[string]string{"Name": p.partners[d.Partner].Name, "Result": result})
	}
	var body strings.Builder
	if err := p.forms.ExecuteTemplate(&body, "summary.txt", map[string]any{
		"Number": a.ID, "Name": a.After.CommonName, "Before": a.Before, "After": a.After, "NewName": a.NewName(), "NewAddress": a.NewAddress(),
		"Rows": rows, "Date": jpki.JapaneseDay(p.now()),
	}); err != nil {
		return postbox.Letter{}, err
	}
	return p.letter(a.Citizen, p.ofOwn(a.Citizen, "summary-"+a.ID, "手続き完了のお知らせ", body.String(), a.ID))
}

// Opened is a letter with what is in it.
type Opened struct {
	postbox.Letter
	postbox.Content
}

// Letters gives a part of a citizen's box, the newest first.
func (p *Portal) Letters(ctx context.Context, citizen int64, skip, limit int) ([]Opened, error) {
	all, err := p.cfg.Store.Letters(ctx, citizen, skip, limit)
	if err != nil {
		return nil, err
	}
	var opened []Opened
	for _, l := range all {
		c, err := p.cfg.Vault.Read(citizen, l)
		if err != nil {
			return nil, err
		}
		opened = append(opened, Opened{l, c})
	}
	return opened, nil
}

// Bounds of a search, for which each letter is decrypted: the newest letters, until there
// are so many or so many octets of them. The page says the first.
const (
	Searched     = 1000
	searchedSize = 64 << 20
	searchedPart = 50 // read at once
)

// Search finds letters in a citizen's box that have words in their title or text, the
// newest first. What it gives of them is sender and title.
func (p *Portal) Search(ctx context.Context, citizen int64, words string) (found []Opened, err error) {
	size := 0
	for at := 0; at < Searched && size < searchedSize; at += searchedPart {
		part, err := p.Letters(ctx, citizen, at, searchedPart)
		if err != nil {
			return nil, err
		}
		for _, l := range part {
			size += len(l.Letter.Content)
			n := l.Content.Notice
			if strings.Contains(n.Title+"\n"+n.Body, words) {
				l.Letter.Content, l.Content = nil, postbox.Content{Notice: partner.Notice{Sender: n.Sender, Title: n.Title}}
				found = append(found, l)
			}
		}
		if len(part) < searchedPart {
			break
		}
	}
	return found, nil
}

// Letter opens a letter for its owner, and writes down when it was opened first.
func (p *Portal) Letter(ctx context.Context, citizen, id int64) (Opened, error) {
	l, err := p.cfg.Store.Letter(ctx, citizen, id)
	if err != nil {
		return Opened{}, err
	}
	c, err := p.cfg.Vault.Read(citizen, l)
	if err != nil {
		return Opened{}, err
	}
	if l.OpenedAt.IsZero() {
		l.OpenedAt = p.now()
		err = p.cfg.Store.OpenLetter(ctx, citizen, id, l.OpenedAt)
	}
	return Opened{l, c}, err
}

// SendMails sends what waits in the outbox, if there is somebody to send it. An e-mail
// may be sent twice if the process ends in between.
func (p *Portal) SendMails(ctx context.Context) error {
	if p.cfg.Mailer == nil || !p.mailing.TryLock() {
		return nil
	}
	defer p.mailing.Unlock()
	all, err := p.cfg.Store.UnsentMails(ctx, 100)
	if err != nil {
		return err
	}
	for _, m := range all {
		if err := p.cfg.Mailer(ctx, m); err != nil {
			return err // the server is down for all
		}
		if err := p.cfg.Store.MailSent(ctx, m.ID, p.now()); err != nil {
			return err
		}
	}
	return nil
}

// KeySet gives the JWK Set by which the portal's own notices are verified.
func (p *Portal) KeySet() []byte { return p.sealer.KeySet() }

// Figures are the operator's.
type Figures struct {
	Citizens, Invited, NeedCertificate int64
	Applications                       int64
	ByState                            map[partner.State]int64 // deliveries
}

// What one change of address costs on paper, in yen: a letter out and back, and the
// labour for it at the partner, as at the bank.
const (
	postage = 220
	labour  = 150
)

// Done counts the deliveries that are done.
func (f Figures) Done() int64 { return f.ByState[partner.Done] }

// Rejected counts the deliveries that partners have rejected.
func (f Figures) Rejected() int64 { return f.ByState[partner.Rejected] }

// Postage is what was saved of it by what is done.
func (f Figures) Postage() int64 { return postage * f.Done() }

// Labour is what was saved of it by what is done.
func (f Figures) Labour() int64 { return labour * f.Done() }
