package ecosystem

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
)

// TestWhoMovedAndRenewedIsRecognisedAndAsked: a customer registers a move at the
// counter and has both certificates re-issued. The bank, which has seen neither,
// finds out whose card it is and asks for a change notice.
func TestWhoMovedAndRenewedIsRecognisedAndAsked(t *testing.T) {
	t.Parallel()
	e := town(t, Config{At: time.Date(2026, 4, 1, 9, 0, 0, 0, jpki.JST), SweepEvery: -1})
	events := e.Peer("authority") + "/counter/v1/residents/taro/events"
	for _, act := range []map[string]any{
		{"event": "move-house", "address": "青葉県みほん市みなみ町１番", "why": "転居届"},
		{"event": "reissue", "kinds": jpki.Kinds(), "why": "転居に伴う再発行"},
	} {
		send(t, webtest.NewBrowser(t, ""), events, e.key(officerKey), act, nil)
	}
	taro := webtest.NewBrowser(t, "")
	var challenge struct{ Nonce string }
	send(t, taro, e.Peer("bank")+"/signin/challenge", "", map[string]any{}, &challenge)
	var token json.RawMessage
	send(t, taro, e.Peer("card")+"/v1/authenticate", "", map[string]any{"card": "card-taro", "pin": "2345", "origin": e.URL("bank"), "nonce": challenge.Nonce}, &token)
	send(t, taro, e.Peer("bank")+"/signin", "", map[string]any{"token": token}, nil)

	var inbox struct {
		Notices []struct {
			Kind, Reason string
			AsksChange   bool
		} `json:"notices"`
	}
	taro.Calls(http.MethodGet, e.Peer("bank")+"/inbox", nil, &inbox).Says(http.StatusOK)
	if len(inbox.Notices) != 1 || inbox.Notices[0].Kind != "changed" || inbox.Notices[0].Reason != "affiliationChanged" || !inbox.Notices[0].AsksChange {
		t.Errorf("the inbox has %+v", inbox.Notices)
	}
}
