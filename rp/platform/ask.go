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
}

var (
	challengeForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`) // base64url of a SHA-256
	secondsForm   = regexp.MustCompile(`^[0-9]{1,10}$`)
	verifierForm  = regexp.MustCompile(`^[A-Za-z0-9._~-]{43,128}$`)
)

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
	if no := ask.read(q, p.cfg.Attributes != nil); no != nil {
		no.ReturnTo = ask.RedirectURI
		if isVSCHAR(ask.State) && len(q["state"]) == 1 {
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
	case a.State == "" || !isVSCHAR(a.State):
		return refused(InvalidRequest, "state: want 1 to 255 printable ASCII characters")
	case a.Nonce == "" || !isVSCHAR(a.Nonce):
		return refused(InvalidRequest, "nonce: want 1 to 255 printable ASCII characters")
	}
	if no := a.readPKCE(q); no != nil {
		return no
	}
	if no := a.readScopes(q, offered); no != nil {
		return no
	}
	return a.readManner(q)
}

// readPKCE wants a S256 challenge (RFC 7636 4.4.1).
func (a *Ask) readPKCE(q url.Values) *OAuthError {
	switch {
	case a.Challenge == "":
		return refused(InvalidRequest, "code challenge required")
	case q.Get("code_challenge_method") != "S256":
		return refused(InvalidRequest, "transform algorithm not supported: code_challenge_method must be S256")
	case !challengeForm.MatchString(a.Challenge):
		return refused(InvalidRequest, "code_challenge: want the base64url of a SHA-256, 43 characters")
	}
	return nil
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
	for _, l := range strings.Fields(q.Get("ui_locales")) {
		l = strings.ToLower(l)
		if l != "ja-simple" { // easy Japanese; any other variant and region is the language's
			l, _, _ = strings.Cut(l, "-")
		}
		if l == "ja" || l == "ja-simple" || l == "en" {
			a.Lang = l
			break
		}
	}
	return nil
}

// isVSCHAR accepts what デジタル認証アプリ accepts as state and nonce.
func isVSCHAR(s string) bool {
	return len(s) <= MaxParameter && !strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r > 0x7e })
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
