package agent

import (
	"context"
	"errors"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/client"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

// desk is the reader with the software behind it: what every face and the
// scripted interface do with a card. What it knows of a card beyond what is
// printed on it, it asks the chip.
type desk struct {
	cabinet *virtualcard.Cabinet
	now     func() time.Time
	wait    time.Duration // how long to wait for a card that another program holds
}

// answer is what a card did for an ask: one of the two is set.
type answer struct {
	Token *client.Token // of an authentication
	CMS   []byte        // of a signature: detached SignedData in DER
}

// face gives what is printed on the card on the reader, or nil for an empty reader
// or a card that has left the cabinet.
func (d *desk) face(ctx context.Context, id virtualcard.CardID) (*virtualcard.Summary, error) {
	switch id {
	case "":
		return nil, nil
	case transitCard:
		s := transit()
		return &s, nil
	}
	s, err := d.cabinet.Card(ctx, id)
	if errors.Is(err, virtualcard.ErrNoCard) || errors.Is(err, virtualcard.ErrCardID) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &s, nil
}

// connect powers the card up, alone. A card that stays busy is a *trouble.
func (d *desk) connect(ctx context.Context, id virtualcard.CardID) (powered, error) {
	switch id {
	case "":
		return nil, troubleOf(virtualcard.ErrNoCard, 0)
	case transitCard:
		return otherChip{}, nil
	}
	patience, cancel := context.WithTimeoutCause(ctx, d.wait, errCardWait)
	defer cancel()
	conn, err := d.cabinet.Connect(patience, id)
	if err != nil && errors.Is(context.Cause(patience), errCardWait) {
		return nil, troubleOf(errCardWait, 0)
	}
	if err != nil {
		return nil, troubleOf(err, 0)
	}
	return conn, nil
}

// inspect asks the chip whether it can do what is wanted of it, and how many
// tries the PIN has left. It spends none. What stands in the way (no card, a
// dead or busy one, no certificate of the kind, a blocked PIN) is a *trouble.
func (d *desk) inspect(ctx context.Context, id virtualcard.CardID, kind jpki.Kind) (tries int, err error) {
	conn, err := d.connect(ctx, id)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close() }()
	card := jpkiap.New(conn)
	if err := card.Select(ctx); err != nil {
		return 0, troubleOf(err, kind)
	}
	has, err := card.HasCertificate(ctx, kind)
	if err == nil && !has {
		err = jpkiap.ErrNoCertificate
	}
	if err == nil {
		tries, err = card.TriesLeft(ctx, kind)
	}
	if err == nil && tries == 0 {
		err = jpkiap.ErrBlocked
	}
	return tries, troubleOf(err, kind)
}

// perform has the card do what was asked. A PIN that cannot be one is refused
// before the card sees it, so that no try is spent. What the person can do
// something about comes back as a *trouble.
func (d *desk) perform(ctx context.Context, id virtualcard.CardID, a ask, pin string) (answer, error) {
	kind := a.Action.kind()
	if err := jpkiap.CheckPIN(kind, pin); err != nil {
		return answer{}, &trouble{Code: codeBadPINFormat, Kind: kind, Detail: err.Error()}
	}
	conn, err := d.connect(ctx, id)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = conn.Close() }()
	if a.Action == sign {
		cms, err := client.Sign(ctx, conn, client.SignRequest{PIN: pin, Document: a.Document.Content, At: d.now()})
		return answer{CMS: cms}, troubleOf(err, kind)
	}
	token, err := client.Authenticate(ctx, conn, client.AuthenticateRequest{PIN: pin, Origin: a.Origin, Nonce: a.Nonce})
	return answer{Token: &token}, troubleOf(err, kind)
}
