package agent

import (
	"context"
	"errors"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/attest"
	"example.jp/jpkimock/virtualcard/client"
	"example.jp/jpkimock/virtualcard/jpkiap"
	"example.jp/jpkimock/virtualcard/pcsc"
)

// cardAccess is the software behind the reader: what every face and the scripted
// interface do with a card. What it knows of a card beyond what is printed on it,
// it asks the chip.
type cardAccess struct {
	cabinet *virtualcard.Cabinet
	now     func() time.Time
	wait    time.Duration // how long to wait for a card that another program holds
	real    pcsc.Allowed
	attest  *attest.Attester
}

// answer is what a card did for an operation: one of the two is set.
type answer struct {
	Token *client.Token // of an authentication, and of the signature of a digest
	CMS   []byte        // of a signature: detached SignedData in DER
}

// summary returns what is printed on a card, or nil for an empty id or a card that
// has left the cabinet.
func (a *cardAccess) summary(ctx context.Context, id virtualcard.CardID) (*virtualcard.Summary, error) {
	if id == "" {
		return nil, nil
	}
	if name, real := realReaderOf(id); real {
		return a.realSummary(name)
	}
	s, err := a.cabinet.Card(ctx, id)
	if errors.Is(err, virtualcard.ErrNoCard) || errors.Is(err, virtualcard.ErrCardID) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &s, nil
}

// connect powers the card up, for nobody else. A card that stays busy is a
// *failure.
func (a *cardAccess) connect(ctx context.Context, use cardUse) (pcsc.Session, error) {
	if use.Card == "" {
		return nil, failureOf(virtualcard.ErrNoCard, 0)
	}
	if name, real := realReaderOf(use.Card); real {
		return a.connectReal(ctx, name, use)
	}
	patience, cancel := context.WithTimeoutCause(ctx, a.wait, errCardWait)
	defer cancel()
	conn, err := a.cabinet.Connect(patience, use.Card)
	if err != nil && errors.Is(context.Cause(patience), errCardWait) {
		return nil, failureOf(errCardWait, 0)
	}
	if err != nil {
		return nil, failureOf(err, 0)
	}
	return conn, nil
}

// inspect asks the chip whether it can do what is wanted, and how many tries the
// PIN has left. It spends none. What stands in the way (no card, a dead or busy
// one, no certificate of the kind, a blocked PIN) is a *failure.
func (a *cardAccess) inspect(ctx context.Context, use cardUse, op operation) (tries int, err error) {
	kind := op.Action.kind()
	conn, err := a.connect(ctx, use)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close() }()
	card := jpkiap.New(conn)
	if err := card.Select(ctx); err != nil {
		return 0, failureOf(err, kind)
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
	if err == nil {
		err = a.readable(ctx, conn, use, op)
	}
	return tries, failureOf(err, kind)
}

// perform has the card do an operation. A PIN that cannot be one is refused before
// the card sees it, so that no try is spent. What the person can do something
// about is a *failure.
func (a *cardAccess) perform(ctx context.Context, use cardUse, op operation, pin string) (answer, error) {
	kind := op.Action.kind()
	if err := jpkiap.CheckPIN(kind, pin); err != nil {
		return answer{}, &failure{Code: codeBadPINFormat, Kind: kind, Detail: err.Error()}
	}
	conn, err := a.connect(ctx, use)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = conn.Close() }()
	if err := a.spares(ctx, conn, use, kind); err != nil {
		return answer{}, err
	}
	if op.Action == sign {
		cms, err := client.Sign(ctx, transcribe(conn), client.SignRequest{PIN: pin, Document: op.Document.Content, At: a.now()})
		return answer{CMS: cms}, failureOf(err, kind)
	}
	if op.Digest != nil {
		token, err := client.SignDigest(ctx, transcribe(conn), pin, op.Digest.SHA256)
		return answer{Token: &token}, failureOf(err, kind)
	}
	if err := a.readable(ctx, conn, use, op); err != nil {
		return answer{}, err
	}
	token, err := client.Authenticate(ctx, transcribe(conn), client.AuthenticateRequest{PIN: pin, Origin: op.Origin, Nonce: op.Nonce})
	if err == nil && len(op.Attributes) > 0 {
		token.Attributes, err = a.vouch(ctx, conn, op, pin, token.Signature)
	}
	return answer{Token: &token}, failureOf(err, kind)
}

// spares refuses the last try of a PIN of a card that may be real, unless its holder
// knows that it is the last.
func (a *cardAccess) spares(ctx context.Context, conn pcsc.Session, use cardUse, kind jpki.Kind) error {
	if _, real := realReaderOf(use.Card); !real || use.LastTry {
		return nil
	}
	left, err := jpkiap.New(conn).TriesLeft(ctx, kind)
	if err == nil && left == 1 {
		return &failure{Code: codeLastTry, Kind: kind, TriesLeft: 1, Detail: "one try is left: no PIN was sent; say lastTry to risk it"}
	}
	return failureOf(err, kind)
}
