package ecosystem

import (
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// TestWhoMovedAndRenewedIsRecognisedAndAsked: a customer registers a move at the
// counter and has both certificates re-issued. The bank, which has seen neither,
// finds out whose card it is and asks for a change notice.
func TestWhoMovedAndRenewedIsRecognisedAndAsked(t *testing.T) {
	e := town(t, Config{At: time.Date(2026, 4, 1, 9, 0, 0, 0, jpki.JST), SweepEvery: -1})
	events := e.Peer("authority") + "/counter/v1/residents/taro/events"
	for _, act := range []map[string]any{
		{"event": "move-house", "address": "青葉県みほん市みなみ町１番", "why": "転居届"},
		{"event": "reissue", "kinds": jpki.Kinds(), "why": "転居に伴う再発行"},
	} {
		send(t, http.DefaultClient, events, e.key(officerKey), act, nil)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	taro := &http.Client{Jar: jar}
	var challenge struct{ Nonce string }
	send(t, taro, e.Peer("bank")+"/signin/challenge", "", map[string]any{}, &challenge)
	var token json.RawMessage
	send(t, taro, e.Peer("card")+"/v1/authenticate", "", map[string]any{"card": "card-taro", "pin": "2345", "origin": e.URL("bank"), "nonce": challenge.Nonce}, &token)
	send(t, taro, e.Peer("bank")+"/signin", "", map[string]any{"token": token}, nil)

	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, e.Peer("bank")+"/inbox", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "application/json")
	resp, err := taro.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var inbox struct {
		Notices []struct {
			Kind, Reason string
			AsksChange   bool
		} `json:"notices"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&inbox); err != nil {
		t.Fatal(err)
	}
	if len(inbox.Notices) != 1 || inbox.Notices[0].Kind != "changed" || inbox.Notices[0].Reason != "affiliationChanged" || !inbox.Notices[0].AsksChange {
		t.Errorf("the inbox has %+v", inbox.Notices)
	}
}
