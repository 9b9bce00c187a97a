package web

import (
	"time"

	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
)

// The shapes of the JSON face. Octets are base64, times RFC 3339, money whole
// yen.

type documentFace struct {
	Name      string `json:"name"`
	MediaType string `json:"mediaType"`
	Content   []byte `json:"content"`
}

func documentJSON(d rp.Document) documentFace {
	return documentFace{d.Name, d.MediaType, []byte(d.Content)}
}

type accountFace struct {
	Number   bank.AccountNumber `json:"number"`
	Branch   bank.Branch        `json:"branch"`
	Holder   string             `json:"holder"`
	Balance  bank.Yen           `json:"balance"`
	OpenedAt time.Time          `json:"openedAt"`
}

func accountJSON(a bank.Account) accountFace {
	return accountFace{a.Number, a.Branch, a.Holder, a.Balance, a.OpenedAt}
}

type entryFace struct {
	At        time.Time          `json:"at"`
	Kind      bank.EntryKind     `json:"kind"`
	Amount    bank.Yen           `json:"amount"`
	Balance   bank.Yen           `json:"balance"`
	Other     bank.AccountNumber `json:"other,omitempty"`
	OtherName string             `json:"otherName,omitempty"`
	Memo      string             `json:"memo,omitempty"`
	Transfer  string             `json:"transfer,omitempty"`
}

func entriesJSON(entries []bank.Entry) []entryFace {
	faces := make([]entryFace, len(entries))
	for i, e := range entries {
		faces[i] = entryFace{e.At, e.Kind, e.Amount, e.Balance, e.Other, e.OtherName, e.Memo, e.Transfer}
	}
	return faces
}

func transferJSON(t bank.Transfer) map[string]any {
	return map[string]any{
		"reference": t.Reference, "from": t.From, "to": t.To, "toName": t.ToName,
		"amount": t.Amount, "memo": t.Memo, "balance": t.Balance, "at": t.At,
	}
}

func applicationJSON(a bank.Application) map[string]any {
	return map[string]any{
		"number": a.Document.Number, "document": documentJSON(a.Document), "cms": a.CMS, "certificate": a.Certificate,
		"serial": a.Serial, "pairedSerial": a.Paired, "signedAt": a.SignedAt, "receivedAt": a.ReceivedAt,
		"verifiedAt": a.Record.At, "record": a.Record,
	}
}

func consentJSON(c bank.Consent) map[string]any {
	face := map[string]any{"document": c.Document, "givenAt": c.GivenAt, "stands": c.WithdrawnAt.IsZero()}
	if !c.WithdrawnAt.IsZero() {
		face["withdrawnAt"] = c.WithdrawnAt
	}
	return face
}
