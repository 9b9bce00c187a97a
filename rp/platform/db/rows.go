package db

import (
	"encoding/json"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/platform"
)

// secretsRow is the one row of what the platform keeps to itself.
type secretsRow struct {
	ID         int64 `gorm:"primaryKey"`
	SigningKey []byte
	RSAKey     []byte
	Pairwise   []byte
	NextEC     []byte // while keys are rotated, as the following
	NextRSA    []byte
	FormerEC   []byte
	FormerRSA  []byte
}

func secretsToRow(s platform.Secrets) secretsRow {
	return secretsRow{1, s.SigningKey, s.RSAKey, s.Pairwise, s.Next.EC, s.Next.RSA, s.Former.EC, s.Former.RSA}
}

func (r secretsRow) secrets() platform.Secrets {
	return platform.Secrets{
		SigningKey: r.SigningKey, RSAKey: r.RSAKey, Pairwise: r.Pairwise,
		Next: platform.KeyPair{EC: r.NextEC, RSA: r.NextRSA}, Former: platform.KeyPair{EC: r.FormerEC, RSA: r.FormerRSA},
	}
}

func (secretsRow) TableName() string { return "secrets" }

// providerRow is an entry of the register. Lists have one item a line.
type providerRow struct {
	ID           string `gorm:"primaryKey"`
	Name         string
	NameEN       string
	RedirectURIs string
	Sector       string
	Keys         []byte // JWK Set
	IDTokenAlg   string `gorm:"not null;default:'ES256'"`
	Scopes       string
	Faces        string
	Suspended    bool
	Since        time.Time
}

func (providerRow) TableName() string { return "service_providers" }

func providerToRow(sp platform.ServiceProvider) (providerRow, error) {
	keys, err := json.Marshal(sp.Keys)
	return providerRow{
		ID: string(sp.ID), Name: sp.Name, NameEN: sp.NameEN, RedirectURIs: lines(sp.RedirectURIs), Sector: sp.Sector, Keys: keys,
		IDTokenAlg: string(sp.IDTokenAlg), Scopes: lines(sp.Scopes), Faces: lines(sp.Faces), Suspended: sp.Suspended, Since: sp.Since.UTC(),
	}, err
}

func (r providerRow) provider() (platform.ServiceProvider, error) {
	sp := platform.ServiceProvider{
		ID: platform.ClientID(r.ID), Name: r.Name, NameEN: r.NameEN, RedirectURIs: list[string](r.RedirectURIs), Sector: r.Sector,
		IDTokenAlg: platform.Algorithm(r.IDTokenAlg), Scopes: list[string](r.Scopes), Faces: list[platform.Face](r.Faces), Suspended: r.Suspended, Since: r.Since.UTC(),
	}
	return sp, json.Unmarshal(r.Keys, &sp.Keys)
}

// certificateRow is a user authentication certificate of a holder.
type certificateRow struct {
	ID       int64  `gorm:"primaryKey"`
	Serial   string `gorm:"uniqueIndex;not null"`
	Holder   string `gorm:"index;not null"`
	Paired   string `gorm:"index"`
	NotAfter time.Time
	SeenAt   time.Time
}

func (certificateRow) TableName() string { return "certificates" }

func certificateToRow(c platform.Certificate) certificateRow {
	return certificateRow{Serial: c.Serial.String(), Holder: string(c.Holder), Paired: c.Paired.String(), NotAfter: c.NotAfter.UTC(), SeenAt: c.SeenAt.UTC()}
}

// consentRow is a holder's last word to a service.
type consentRow struct {
	Holder      string `gorm:"primaryKey"`
	Client      string `gorm:"primaryKey"`
	Scopes      string
	GivenAt     time.Time
	WithdrawnAt *time.Time
}

func (consentRow) TableName() string { return "consents" }

func consentToRow(c platform.Consent) consentRow {
	return consentRow{Holder: string(c.Holder), Client: string(c.Client), Scopes: lines(c.Scopes), GivenAt: c.GivenAt.UTC()}
}

func (r consentRow) consent() platform.Consent {
	c := platform.Consent{Holder: platform.HolderID(r.Holder), Client: platform.ClientID(r.Client), Scopes: list[string](r.Scopes), GivenAt: r.GivenAt.UTC()}
	if r.WithdrawnAt != nil {
		c.WithdrawnAt = r.WithdrawnAt.UTC()
	}
	return c
}

// visitRow is a line of a holder's log. Record is the kit's record as JSON.
type visitRow struct {
	ID     int64  `gorm:"primaryKey"`
	Holder string `gorm:"index;not null"`
	Client string
	Serial string
	Face   string
	At     time.Time `gorm:"index"`
	Result string    `gorm:"not null;default:'signed-in'"`
	Scopes string
	Reason int
	Record []byte
}

func (visitRow) TableName() string { return "visits" }

func visitToRow(v platform.Visit) (visitRow, error) {
	row := visitRow{
		Holder: string(v.Holder), Client: string(v.Client), Serial: v.Serial.String(), Face: string(v.Face), At: v.At.UTC(),
		Result: string(v.Result), Scopes: lines(v.Scopes), Reason: int(v.Reason),
	}
	if v.Record.Verb == "" {
		return row, nil
	}
	var err error
	row.Record, err = json.Marshal(v.Record)
	return row, err
}

func (r visitRow) visit() (platform.Visit, error) {
	v := platform.Visit{
		Holder: platform.HolderID(r.Holder), Client: platform.ClientID(r.Client), Serial: jpki.SerialNumber(r.Serial), Face: platform.Face(r.Face),
		At: r.At.UTC(), Result: platform.Result(r.Result), Scopes: list[string](r.Scopes), Reason: jpki.Reason(r.Reason),
	}
	if len(r.Record) == 0 {
		return v, nil
	}
	return v, json.Unmarshal(r.Record, &v.Record)
}

// codeRow is an authorization code. It stays until it expires, used or not.
type codeRow struct {
	Digest      string `gorm:"primaryKey"`
	Client      string `gorm:"index:code_of;not null"`
	Holder      string `gorm:"index:code_of;not null"`
	Serial      string
	RedirectURI string
	Nonce       string
	PKCE        string
	Scopes      string
	Presence    string
	AuthTime    time.Time
	IssuedAt    time.Time
	ExpiresAt   time.Time `gorm:"index"`
	UsedAt      *time.Time
}

func (codeRow) TableName() string { return "codes" }

func codeToRow(c platform.Code) codeRow {
	return codeRow{
		Digest: string(c.Digest), Client: string(c.Client), Holder: string(c.Holder), Serial: c.Serial.String(), RedirectURI: c.RedirectURI, Nonce: c.Nonce, PKCE: c.PKCE,
		Scopes: lines(c.Scopes), Presence: c.Presence, AuthTime: c.AuthTime.UTC(), IssuedAt: c.IssuedAt.UTC(), ExpiresAt: c.ExpiresAt.UTC(),
	}
}

func (r codeRow) code() platform.Code {
	return platform.Code{
		Digest: platform.Digest(r.Digest), Client: platform.ClientID(r.Client), Holder: platform.HolderID(r.Holder), Serial: jpki.SerialNumber(r.Serial), RedirectURI: r.RedirectURI,
		Nonce: r.Nonce, PKCE: r.PKCE, Scopes: list[string](r.Scopes), Presence: r.Presence,
		AuthTime: r.AuthTime.UTC(), IssuedAt: r.IssuedAt.UTC(), ExpiresAt: r.ExpiresAt.UTC(),
	}
}

// tokenRow is an access token, with the code it was given for.
type tokenRow struct {
	Digest    string `gorm:"primaryKey"`
	Code      string `gorm:"index;not null"`
	Client    string `gorm:"index:token_of;not null"`
	Holder    string `gorm:"index:token_of;not null"`
	Scopes    string
	ExpiresAt time.Time `gorm:"index"`
}

func (tokenRow) TableName() string { return "access_tokens" }

func tokenToRow(t platform.AccessToken, code string) tokenRow {
	return tokenRow{Digest: string(t.Digest), Code: code, Client: string(t.Client), Holder: string(t.Holder), Scopes: lines(t.Scopes), ExpiresAt: t.ExpiresAt.UTC()}
}

func (r tokenRow) token() platform.AccessToken {
	return platform.AccessToken{
		Digest: platform.Digest(r.Digest), Client: platform.ClientID(r.Client), Holder: platform.HolderID(r.Holder),
		Scopes: list[string](r.Scopes), ExpiresAt: r.ExpiresAt.UTC(),
	}
}

// refreshRow is a refresh token, with the code of its sign-in. It stays until it expires, used or not.
type refreshRow struct {
	Digest    string `gorm:"primaryKey"`
	Code      string `gorm:"index;not null"`
	Client    string `gorm:"index:refresh_of;not null"`
	Holder    string `gorm:"index:refresh_of;not null"`
	Serial    string
	AuthTime  time.Time
	ExpiresAt time.Time `gorm:"index"`
	UsedAt    *time.Time
}

func (refreshRow) TableName() string { return "refresh_tokens" }

func refreshToRow(t platform.RefreshToken, code string) refreshRow {
	return refreshRow{
		Digest: string(t.Digest), Code: code, Client: string(t.Client), Holder: string(t.Holder), Serial: t.Serial.String(),
		AuthTime: t.AuthTime.UTC(), ExpiresAt: t.ExpiresAt.UTC(),
	}
}

func (r refreshRow) token() platform.RefreshToken {
	return platform.RefreshToken{
		Digest: platform.Digest(r.Digest), Client: platform.ClientID(r.Client), Holder: platform.HolderID(r.Holder), Serial: jpki.SerialNumber(r.Serial),
		AuthTime: r.AuthTime.UTC(), ExpiresAt: r.ExpiresAt.UTC(),
	}
}

// assertionRow is a client assertion that was used.
type assertionRow struct {
	Client    string    `gorm:"primaryKey"`
	JTI       string    `gorm:"primaryKey"`
	ExpiresAt time.Time `gorm:"index"`
	// UsedAt is this machine's time, which is not moved as the town's clock is.
	UsedAt *time.Time `gorm:"autoCreateTime;index"`
}

func (assertionRow) TableName() string { return "assertions" }

func lines[S ~string](items []S) string {
	all := make([]string, len(items))
	for i, s := range items {
		all[i] = string(s)
	}
	return strings.Join(all, "\n")
}

func list[S ~string](text string) []S {
	if text == "" {
		return nil
	}
	var all []S
	for s := range strings.SplitSeq(text, "\n") {
		all = append(all, S(s))
	}
	return all
}
