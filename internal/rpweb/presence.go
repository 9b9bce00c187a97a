package rpweb

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"
)

// presenceTime is how long the card agent may take to say whether a card is
// there.
const presenceTime = 3 * time.Second

// Presence asks the card agent, from this server, whether a card that answered
// at a set still lies on its reader. The zero Presence asks nobody.
type Presence struct {
	// Agent is the card agent's address for this server, without a slash at the
	// end. Empty, only the page watches the card, and every card is taken to be
	// there.
	Agent string
	// HTTP makes the requests; nil for http.DefaultClient.
	HTTP *http.Client
}

// There reports whether the card of a presence token is still there. Without a
// token it is not, and neither is it if the card agent does not answer: where
// nothing is known of a card, nobody's page is shown. A page that has no reader
// to watch does not ask.
//
// The question outlives the request that asks it: a browser that leaves a page
// while it loads says nothing of the card, and must not end its viewer's session.
func (p Presence) There(ctx context.Context, token string) bool {
	switch {
	case token == "":
		return false
	case p.Agent == "":
		return true
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), presenceTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.Agent+"/presence?wait=0&token="+url.QueryEscape(token), nil)
	if err != nil {
		return false
	}
	client := p.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	resp, err := client.Do(r)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	var answer struct {
		Present bool `json:"present"`
	}
	return json.NewDecoder(io.LimitReader(resp.Body, 1024)).Decode(&answer) == nil && answer.Present
}
