package web

import (
	_ "embed"
	"net/http"
	"sync"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/medical/gateway"
	"example.jp/jpkimock/medical/gateway/merchant"
)

//go:embed words.txt
var wordsText string

var wordList = sync.OnceValue(func() map[string]ui.Text { return ui.ReadWords(wordsText) })

// word gives the words of a key.
func word(key string) ui.Text { return wordList()[key] }

// signInFirst is an act of a cardholder whose session is over.
var signInFirst = door.Problem{Status: http.StatusUnauthorized, Code: "signed_out", Detail: "sign in with your card first"}

// refusals is everything that the gateway refuses.
var refusals = rpweb.Table[ui.Link]{Own: []rpweb.Refusal[ui.Link]{
	refusal(gateway.ErrNumber, 422, "card_number"),
	refusal(gateway.ErrNotTest, 422, "not_a_test_number"),
	refusal(gateway.ErrDetails, 422, "card_details"),
	refusal(gateway.ErrNoCard, 422, "no_credit_card"),
	refusal(gateway.ErrNoOrder, 404, merchant.NoOrder),
	refusal(gateway.ErrState, 409, "state"),
	refusal(gateway.ErrOrder, 422, "order"),
	refusal(gateway.ErrAmount, 422, "amount"),
	refusal(gateway.ErrNoKey, 400, "no_idempotency_key"),
	refusal(gateway.ErrReused, 409, "idempotency_key_reused"),
}}

func refusal(is error, status int, code string) rpweb.Refusal[ui.Link] {
	return rpweb.Refusal[ui.Link]{
		Is: is, Status: status, Code: code, Say: rpweb.Say(word("say."+code+".title"), word("say."+code+".why"), word("say.next")),
	}
}

// words explain the refusals. Each leads back to the first page.
func words() rpweb.Words {
	return rpweb.Words{
		Match: func(err error) (rpweb.Refusal[ui.Link], bool) {
			r, ok := refusals.Match(err)
			r.Next = []ui.Link{{Text: word("name.front"), Href: "/", Primary: true}}
			return r, ok
		},
		Fill: func(err error) ui.Blanks { return rpweb.Blanks(err, jpki.UserAuthentication, word("name.house")) },
	}
}
