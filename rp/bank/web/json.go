package web

import (
	"time"

	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
)

// The bodies of JSON answers. Octets are in base64, times in RFC 3339, money in whole
// yen.

type documentBody struct {
	Name      string `json:"name"`
	MediaType string `json:"mediaType"`
	Content   []byte `json:"content"`
}

func documentJSON(d rp.Document) documentBody {
	return documentBody{d.Name, d.MediaType, []byte(d.Content)}
}

type accountBody struct {
	Number   bank.AccountNumber `json:"number"`
	Branch   bank.Branch        `json:"branch"`
	Holder   string             `json:"holder"`
	Balance  bank.Yen           `json:"balance"`
	OpenedAt time.Time          `json:"openedAt"`
}

func accountJSON(a bank.Account) accountBody {
	return accountBody{a.Number, a.Branch, a.Holder, a.Balance, a.OpenedAt}
}

type entryBody struct {
	At        time.Time          `json:"at"`
	Kind      bank.EntryKind     `json:"kind"`
	Amount    bank.Yen           `json:"amount"`
	Balance   bank.Yen           `json:"balance"`
	Other     bank.AccountNumber `json:"other,omitempty"`
	OtherName string             `json:"otherName,omitempty"`
	Memo      string             `json:"memo,omitempty"`
	Transfer  string             `json:"transfer,omitempty"`
}

func entriesJSON(entries []bank.Entry) []entryBody {
	bodies := make([]entryBody, len(entries))
	for i, e := range entries {
		bodies[i] = entryBody{e.At, e.Kind, e.Amount, e.Balance, e.Other, e.OtherName, e.Memo, e.Transfer}
	}
	return bodies
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
	body := map[string]any{"document": c.Document, "givenAt": c.GivenAt, "stands": c.InForce()}
	if !c.InForce() {
		body["withdrawnAt"] = c.WithdrawnAt
	}
	return body
}
