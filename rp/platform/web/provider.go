package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/rp/platform"
	"example.jp/jpkimock/rp/platform/acr"
)

// keysAge is how long a service may keep discovery and keys.
const keysAge = "public, max-age=300"

// provider answers the endpoints that services call. zitadel/oidc reads the
// requests, finds the grant and writes the answers; what they say is the
// platform's, which goes by its own clock.
type provider struct {
	op.UnimplementedServer
	platform *platform.Platform
	log      *slog.Logger
}

// newProvider gives the handler of token, userinfo, certs and discovery.
func newProvider(p *platform.Platform, log *slog.Logger) echo.HandlerFunc {
	server := op.RegisterServer(&provider{platform: p, log: log}, op.Endpoints{
		Token: op.NewEndpoint(platform.TokenPath), Userinfo: op.NewEndpoint(platform.UserInfoPath), JwksURI: op.NewEndpoint(platform.CertsPath),
	}, op.WithServerCORSOptions(nil), op.WithFallbackLogger(slog.New(slog.DiscardHandler)))
	h := http.StripPrefix(platform.IssuerPath, server)
	return func(c echo.Context) error {
		r := c.Request()
		err := oneOfEach(r)
		if err == nil && r.URL.Path == platform.IssuerPath+platform.TokenPath {
			err = knownGrant(r)
		}
		var arriving door.Problem
		if errors.As(err, &arriving) {
			return arriving
		}
		if err != nil {
			op.WriteError(c.Response(), r, err, slog.New(slog.DiscardHandler))
			return nil
		}
		if token, ok := door.Bearer(r); ok {
			r.Header.Set("Authorization", oidc.PrefixBearer+token)
		}
		h.ServeHTTP(challenging{c.Response(), r}, r)
		return nil
	}
}

// grants are those of the token endpoint.
var grants = []oidc.GrantType{oidc.GrantTypeCode, oidc.GrantTypeRefreshToken, oidc.GrantTypeClientCredentials}

// knownGrant refuses every grant but those that discovery names (RFC 6749 5.2),
// also those that the library knows.
func knownGrant(r *http.Request) error {
	switch grant := r.PostForm.Get("grant_type"); oidc.GrantType(grant) {
	case oidc.GrantTypeCode, oidc.GrantTypeRefreshToken, oidc.GrantTypeClientCredentials:
		return nil
	case "":
		return oidc.ErrInvalidRequest().WithDescription("grant_type missing")
	}
	return op.NewStatusError(oidc.ErrUnsupportedGrantType().WithDescription("grant_type: want authorization_code, refresh_token or client_credentials"), http.StatusBadRequest)
}

// oneOfEach refuses parameters in the address, which land in logs, and such as
// are given twice (RFC 6749 3.2). A body that did not arrive is a door.Problem.
func oneOfEach(r *http.Request) error {
	var p door.Problem
	if err := door.ParseForm(r); errors.As(err, &p) && p.Code != "malformed" {
		return err
	} else if err != nil {
		return oidc.ErrInvalidRequest().WithDescription("the form cannot be read")
	}
	if r.URL.RawQuery != "" {
		return oidc.ErrInvalidRequest().WithDescription("no parameters in the address")
	}
	for _, values := range r.Form {
		if len(values) > 1 {
			return oidc.ErrInvalidRequest().WithDescription("a parameter is given more than once")
		}
	}
	return nil
}

// challenging names the scheme on a 401 of userinfo (RFC 6750 3).
type challenging struct {
	http.ResponseWriter
	r *http.Request
}

// WriteHeader adds WWW-Authenticate.
func (w challenging) WriteHeader(status int) {
	if status == http.StatusUnauthorized && w.r.URL.Path == platform.IssuerPath+platform.UserInfoPath {
		scheme := "Bearer"
		if w.r.Header.Get("Authorization") != "" || w.r.Form.Get("access_token") != "" {
			scheme = `Bearer error="` + platform.InvalidToken + `"`
		}
		w.Header().Set("WWW-Authenticate", scheme)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Discovery describes the provider (OpenID Connect Discovery 4).
func (s *provider) Discovery(context.Context, *op.Request[struct{}]) (*op.Response, error) {
	p := s.platform
	answer := op.NewResponse(struct {
		oidc.DiscoveryConfiguration
		IssInResponse bool     `json:"authorization_response_iss_parameter_supported"` // RFC 9207
		Faces         []string `json:"jpki_faces_supported"`
	}{
		DiscoveryConfiguration: oidc.DiscoveryConfiguration{
			Issuer: p.Issuer(), AuthorizationEndpoint: p.Endpoint(platform.AuthPath), TokenEndpoint: p.Endpoint(platform.TokenPath),
			UserinfoEndpoint: p.Endpoint(platform.UserInfoPath), JwksURI: p.Endpoint(platform.CertsPath),
			ScopesSupported: platform.Scopes(), ResponseTypesSupported: []string{string(oidc.ResponseTypeCode)}, ResponseModesSupported: []string{"query"},
			GrantTypesSupported: grants, SubjectTypesSupported: []string{"pairwise"}, ACRValuesSupported: acr.Supported(),
			IDTokenSigningAlgValuesSupported:           algorithms(),
			TokenEndpointAuthMethodsSupported:          []oidc.AuthMethod{oidc.AuthMethodPrivateKeyJWT},
			TokenEndpointAuthSigningAlgValuesSupported: algorithms(),
			CodeChallengeMethodsSupported:              []oidc.CodeChallengeMethod{oidc.CodeChallengeMethodS256},
			ClaimsSupported:                            []string{"iss", "sub", "aud", "exp", "iat", "jti", "auth_time", "nonce", "acr", "amr", "azp", "at_hash", "name", "address", "birthdate", "gender"},
		},
		IssInResponse: true, Faces: []string{string(platform.WindowFace), string(platform.TVFace), string(platform.KioskFace)},
	})
	answer.Header.Set("Cache-Control", keysAge)
	return answer, nil
}

// algorithms names the algorithms of ID tokens and client assertions.
func algorithms() []string {
	var all []string
	for _, alg := range platform.Algorithms() {
		all = append(all, string(alg))
	}
	return all
}

// Keys gives the JWK Set.
func (s *provider) Keys(context.Context, *op.Request[struct{}]) (*op.Response, error) {
	answer := op.NewResponse(s.platform.Keys())
	answer.Header.Set("Cache-Control", keysAge)
	return answer, nil
}

// VerifyClient lets a service in by private_key_jwt, and by nothing else.
func (s *provider) VerifyClient(ctx context.Context, r *op.Request[op.ClientCredentials]) (op.Client, error) {
	if r.Data.ClientAssertion == "" || r.Data.ClientSecret != "" {
		return nil, op.NewStatusError(oidc.ErrInvalidClient().WithDescription("services authenticate with private_key_jwt"), http.StatusUnauthorized)
	}
	sp, err := s.platform.Authenticate(ctx, r.Data.ClientAssertion, platform.ClientID(r.Data.ClientID))
	if err != nil {
		return nil, s.refusal(err)
	}
	return client{sp}, nil
}

// CodeExchange gives tokens for a code.
func (s *provider) CodeExchange(ctx context.Context, r *op.ClientRequest[oidc.AccessTokenRequest]) (*op.Response, error) {
	sp, ok := r.Client.(client)
	if !ok {
		return nil, oidc.ErrInvalidClient()
	}
	t, err := s.platform.Exchange(ctx, sp.ServiceProvider, r.Data.Code, r.Data.RedirectURI, r.Data.CodeVerifier)
	if err != nil {
		return nil, s.refusal(err)
	}
	return tokensOf(t), nil
}

// RefreshToken gives new tokens for a refresh token.
func (s *provider) RefreshToken(ctx context.Context, r *op.ClientRequest[oidc.RefreshTokenRequest]) (*op.Response, error) {
	sp, ok := r.Client.(client)
	if !ok {
		return nil, oidc.ErrInvalidClient()
	}
	if slices.ContainsFunc(r.Data.Scopes, func(s string) bool { return s != platform.ScopeOpenID }) {
		return nil, oidc.ErrInvalidScope().WithDescription("scope: a refresh token gives openid alone")
	}
	t, err := s.platform.Renew(ctx, sp.ServiceProvider, r.Data.RefreshToken)
	if err != nil {
		return nil, s.refusal(err)
	}
	return tokensOf(t), nil
}

// ClientCredentialsExchange gives a service a token of its own.
func (s *provider) ClientCredentialsExchange(ctx context.Context, r *op.ClientRequest[oidc.ClientCredentialsRequest]) (*op.Response, error) {
	sp, ok := r.Client.(client)
	if !ok {
		return nil, oidc.ErrInvalidClient()
	}
	t, err := s.platform.Credentials(ctx, sp.ServiceProvider, r.Data.Scope)
	if err != nil {
		return nil, s.refusal(err)
	}
	return op.NewResponse(oidc.AccessTokenResponse{AccessToken: t.AccessToken, TokenType: oidc.BearerToken, ExpiresIn: uint64(t.ExpiresIn / time.Second), Scope: t.Scopes}), nil
}

// tokensOf writes what an exchange gave. refresh_expires_in is Keycloak's.
func tokensOf(t platform.Tokens) *op.Response {
	return op.NewResponse(struct {
		oidc.AccessTokenResponse
		RefreshExpiresIn uint64 `json:"refresh_expires_in"`
	}{oidc.AccessTokenResponse{
		AccessToken: t.AccessToken, TokenType: oidc.BearerToken, ExpiresIn: uint64(t.ExpiresIn / time.Second), IDToken: t.IDToken, RefreshToken: t.RefreshToken, Scope: t.Scopes,
	}, uint64(t.RefreshExpiresIn / time.Second)})
}

// UserInfo gives what an access token stands for.
func (s *provider) UserInfo(ctx context.Context, r *op.Request[oidc.UserInfoRequest]) (*op.Response, error) {
	claims, err := s.platform.UserInfo(ctx, r.Data.AccessToken)
	if err != nil {
		return nil, s.refusal(err)
	}
	return op.NewResponse(claims), nil
}

// refusal gives an error the standard's word. What has none is logged, and the
// service is told the number that finds it.
func (s *provider) refusal(err error) error {
	var no *platform.OAuthError
	if !errors.As(err, &no) {
		reference := door.Reference()
		s.log.Error("request failed", "house", "platform", "reference", reference, "error", err)
		return op.NewStatusError(oidc.ErrServerError().WithDescription("reference %s", reference), http.StatusInternalServerError)
	}
	switch no.Code {
	case platform.InvalidClient:
		return op.NewStatusError(oidc.ErrInvalidClient().WithDescription("%s", no.Description), http.StatusUnauthorized)
	case platform.TemporarilyUnavailable:
		return op.NewStatusError(&oidc.Error{ErrorType: platform.TemporarilyUnavailable, Description: no.Description}, http.StatusServiceUnavailable)
	case platform.InvalidGrant:
		return oidc.ErrInvalidGrant().WithDescription("%s", no.Description)
	case platform.UnauthorizedClient:
		return oidc.ErrUnauthorizedClient().WithDescription("%s", no.Description)
	case platform.InvalidScope:
		return oidc.ErrInvalidScope().WithDescription("%s", no.Description)
	case platform.InvalidToken:
		return op.NewStatusError(&oidc.Error{ErrorType: platform.InvalidToken, Description: no.Description}, http.StatusUnauthorized)
	}
	return oidc.ErrInvalidRequest().WithDescription("%s", no.Description)
}

// client shows a service provider to the library. Only AuthMethod and GrantTypes
// matter: the authorization endpoint is not the library's.
type client struct{ platform.ServiceProvider }

func (c client) GetID() string                       { return string(c.ID) }
func (c client) RedirectURIs() []string              { return c.ServiceProvider.RedirectURIs }
func (c client) PostLogoutRedirectURIs() []string    { return nil }
func (c client) ApplicationType() op.ApplicationType { return op.ApplicationTypeWeb }
func (c client) AuthMethod() oidc.AuthMethod         { return oidc.AuthMethodPrivateKeyJWT }
func (c client) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}
func (c client) GrantTypes() []oidc.GrantType        { return grants }
func (c client) LoginURL(id string) string           { return "/login/" + id }
func (c client) AccessTokenType() op.AccessTokenType { return op.AccessTokenTypeBearer }
func (c client) IDTokenLifetime() time.Duration      { return platform.IDTokenLifetime }
func (c client) DevMode() bool                       { return false }
func (c client) RestrictAdditionalIdTokenScopes() func([]string) []string {
	return func(s []string) []string { return s }
}
func (c client) RestrictAdditionalAccessTokenScopes() func([]string) []string {
	return func(s []string) []string { return s }
}
func (c client) IsScopeAllowed(scope string) bool     { return slices.Contains(platform.Scopes(), scope) }
func (c client) IDTokenUserinfoClaimsAssertion() bool { return false }
func (c client) ClockSkew() time.Duration             { return 0 }
