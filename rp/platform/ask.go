package platform

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"example.jp/jpkimock/rp/platform/acr"
	"example.jp/jpkimock/rp/platform/parameter"
	"example.jp/jpkimock/rp/platform/transactions"
)

// Ask is an authorization request (OpenID Connect Core 3.1.2.1) that was found
// in order.
type Ask struct {
	Client                    ServiceProvider
	RedirectURI, State, Nonce string
	Challenge                 string // PKCE, S256
	Scopes                    []string
	Face                      Face
	Lang                      string // "ja", "ja-simple", "en", or empty for the browser's own choice
	// From is the address of the network that the request came from.
	From string
	// ACR is how the certificate's status is to be learned.
	ACR acr.Values
	// AskAgain: the service wants the person's consent asked for anew.
	AskAgain bool
	// Transaction is what the person is to sign; nil without the scope sign.
	Transaction *transactions.Transaction
}

var secondsForm = regexp.MustCompile(`^[0-9]{1,10}$`)

// ReadAsk checks an authorization request. An *OAuthError with a ReturnTo is
// told to the service, one without to the person: there is nobody to trust then.
// A parameter without a value counts as omitted (RFC 6749 3.1).
func (p *Platform) ReadAsk(ctx context.Context, q url.Values) (Ask, error) {
	q = maps.Clone(q)
	maps.DeleteFunc(q, func(_ string, values []string) bool { return len(values) == 1 && values[0] == "" })
	for _, name := range []string{"client_id", "redirect_uri"} {
		if len(q[name]) != 1 {
			return Ask{}, refused(InvalidRequest, "%s: want it once", name)
		}
	}
	sp, err := p.cfg.Store.ServiceProvider(ctx, ClientID(q.Get("client_id")))
	if errors.Is(err, ErrNoServiceProvider) {
		return Ask{}, &OAuthError{Code: UnauthorizedClient, Description: "client_id: not in the register", Err: err}
	}
	if err != nil {
		return Ask{}, err
	}
	ask := Ask{Client: sp, RedirectURI: q.Get("redirect_uri"), State: q.Get("state"), Nonce: q.Get("nonce"), Challenge: q.Get("code_challenge")}
	if !slices.Contains(sp.RedirectURIs, ask.RedirectURI) {
		return Ask{}, refused(InvalidRequest, "redirect_uri: not one of those registered, character by character")
	}
	no := ask.read(q, p.cfg.Attributes != nil)
	if no == nil {
		ask.Transaction, err = p.signs.Asked(ctx, string(sp.ID), slices.Contains(ask.Scopes, ScopeSign), q.Get("sign_transaction_id"))
		if err != nil && !transactions.Refused(err) {
			return Ask{}, err
		}
		if err != nil {
			no = refused(InvalidRequest, "sign_transaction_id: %v", err)
		}
	}
	if no != nil {
		no.ReturnTo = ask.RedirectURI
		if parameter.IsVSCHAR(ask.State) && len(q["state"]) == 1 {
			no.State = ask.State
		}
		return Ask{}, no
	}
	return ask, nil
}

// read checks what a trusted redirect URI is told of.
func (a *Ask) read(q url.Values, offered bool) *OAuthError {
	for name, values := range q {
		if len(values) > 1 {
			return refused(InvalidRequest, "%.40q: given more than once", name)
		}
	}
	switch {
	case a.Client.Suspended:
		return refused(UnauthorizedClient, "the service is suspended")
	case q.Has("request"):
		return refused(RequestNotSupported, "request objects are not supported")
	case q.Has("request_uri"):
		return refused(RequestURINotSupported, "request objects are not supported")
	case q.Has("registration"):
		return refused(RegistrationNotSupported, "services are registered by the platform's staff")
	case q.Get("response_type") == "":
		return refused(InvalidRequest, `response_type: want "code"`)
	case q.Get("response_type") != "code":
		return refused(UnsupportedResponseType, `response_type: only "code"`)
	case q.Has("response_mode") && q.Get("response_mode") != "query":
		return refused(InvalidRequest, `response_mode: only "query"`)
	case a.State == "" || !parameter.IsVSCHAR(a.State):
		return refused(InvalidRequest, "state: want 1 to 255 printable ASCII characters")
	case a.Nonce == "" || !parameter.IsVSCHAR(a.Nonce):
		return refused(InvalidRequest, "nonce: want 1 to 255 printable ASCII characters")
	}
	if err := parameter.Challenge(a.Challenge, q.Get("code_challenge_method")); err != nil {
		return refused(InvalidRequest, "%v", err)
	}
	if no := a.readScopes(q, offered); no != nil {
		return no
	}
	return a.readManner(q)
}

// readScopes reads what the service wants to know. offered: the platform can tell the four
// basic data.
func (a *Ask) readScopes(q url.Values, offered bool) *OAuthError {
	a.Scopes = strings.Fields(q.Get("scope"))
	if !slices.Contains(a.Scopes, ScopeOpenID) {
		return refused(InvalidScope, `scope: must have "openid"`)
	}
	for _, s := range a.Scopes {
		if !slices.Contains(a.Client.Scopes, s) {
			return refused(InvalidScope, "scope: %.40q is not offered to this service", s)
		}
	}
	if len(Attributes(a.Scopes)) > 0 && !offered {
		return refused(InvalidScope, "scope: this platform does not offer the four basic data")
	}
	slices.Sort(a.Scopes)
	a.Scopes = slices.Compact(a.Scopes)
	return nil
}

// readManner reads how the person is met.
func (a *Ask) readManner(q url.Values) *OAuthError {
	prompts := strings.Fields(q.Get("prompt"))
	for _, prompt := range prompts {
		switch {
		case prompt == "none" && len(prompts) > 1:
			return refused(InvalidRequest, `prompt: "none" stands alone`)
		case prompt == "none":
			return refused(LoginRequired, "the card is needed each time")
		case prompt == "consent":
			a.AskAgain = true
		case prompt != "login" && prompt != "select_account":
			return refused(InvalidRequest, "prompt: %.40q is unknown", prompt)
		}
	}
	// The card signs in each time, so whatever age is given is met. A number beyond
	// what fits is not one that somebody meant.
	if age := q.Get("max_age"); q.Has("max_age") && !secondsForm.MatchString(age) {
		return refused(InvalidRequest, "max_age: %.40q is not a number of seconds, 0 or more", age)
	}
	var err error
	if a.ACR, err = acr.Parse(q.Get("acr_values")); err != nil {
		return refused(InvalidRequest, "acr_values: %v", err)
	}
	if a.Face = Face(q.Get("jpki_face")); a.Face == "" {
		a.Face = a.Client.Faces[0]
	}
	if !slices.Contains(a.Client.Faces, a.Face) {
		return refused(InvalidRequest, "jpki_face: %.40q is not registered for this service", string(a.Face))
	}
	a.Lang = parameter.Language(q.Get("ui_locales"))
	return nil
}

// answerURL adds an answer to a redirect URI. The issuer is in it (RFC 9207), so
// that a service with two providers cannot be made to mix them up.
func (p *Platform) answerURL(redirectURI string, state string, pairs ...string) string {
	u, err := url.Parse(redirectURI)
	if err != nil {
		return redirectURI // it was registered: it can be parsed
	}
	q := u.Query()
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	if state != "" {
		q.Set("state", state)
	}
	q.Set("iss", p.issuer)
	u.RawQuery = q.Encode()
	return u.String()
}

// ErrorURL gives the address at which the service is told of a refusal.
func (p *Platform) ErrorURL(e *OAuthError) string {
	return p.answerURL(e.ReturnTo, e.State, "error", e.Code, "error_description", e.Description)
}
