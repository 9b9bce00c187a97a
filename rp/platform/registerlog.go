package platform

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"example.jp/jpkimock/rp/platform/parameter"
	"example.jp/jpkimock/rp/platform/signing"
)

// Act is what was done to an entry of the register.
type Act string

// The acts. One change may be several of them.
const (
	ActRegistered Act = "registered"
	ActChanged    Act = "changed"
	ActKeys       Act = "keys" // the keys were replaced (鍵の更新)
	ActSuspended  Act = "suspended"
	ActResumed    Act = "resumed"
	// Of the platform's own keys, under no client.
	ActKeysAnnounced Act = "keys-announced"
	ActKeysUsed      Act = "keys-used"
	ActKeysRetired   Act = "keys-retired"
)

// MaxWhy is how long a reason may be, in characters.
const MaxWhy = 200

// By says who of the platform's staff changes the register, and why. Both are
// required, and go into the register's log.
type By struct{ Staff, Why string }

func (b By) check() error {
	switch {
	case !parameter.IsName(b.Staff):
		return &FieldError{"staff", "say who does this: one line of 1 to 60 characters"}
	case !isReason(b.Why):
		return &FieldError{"why", "say why: 1 to 200 characters"}
	}
	return nil
}

func isReason(s string) bool {
	return strings.TrimSpace(s) != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= MaxWhy &&
		!strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' })
}

// RegisterChange is a line of the register's log: who did what to an entry, when
// and why. It is never changed, nor removed.
type RegisterChange struct {
	Client ClientID
	At     time.Time
	By     By
	Acts   []Act
	Fields []FieldChange
}

// FieldChange is a field of an entry, by its name in the register's JSON, before
// and after a change. Lists have one item a line; a key is its kid and its
// thumbprint (RFC 7638). Before is empty for a new entry.
type FieldChange struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// RegisterLog gives what was done to an entry, the newest first.
func (p *Platform) RegisterLog(ctx context.Context, id ClientID) ([]RegisterChange, error) {
	return p.cfg.Store.RegisterLog(ctx, id, HistoryLines)
}

// change compares an entry with what stood there before, nil for nothing. It
// gives no acts if nothing is different.
func (sp ServiceProvider) change(before *ServiceProvider, by By) RegisterChange {
	c := RegisterChange{Client: sp.ID, By: by}
	old := map[string]string{}
	if before != nil {
		for _, f := range before.fields() {
			old[f.Field] = f.After
		}
	}
	for _, f := range sp.fields() {
		if f.Before = old[f.Field]; f.Before != f.After {
			c.Fields = append(c.Fields, f)
		}
	}
	if before == nil {
		c.Acts = []Act{ActRegistered}
		return c
	}
	for _, f := range c.Fields {
		if act := f.act(); !slices.Contains(c.Acts, act) {
			c.Acts = append(c.Acts, act)
		}
	}
	return c
}

// act is what a changed field means.
func (f FieldChange) act() Act {
	switch {
	case f.Field == "suspended" && f.After == "true":
		return ActSuspended
	case f.Field == "suspended":
		return ActResumed
	case f.Field == "jwks":
		return ActKeys
	}
	return ActChanged
}

// fields gives the entry in words, as After.
func (sp ServiceProvider) fields() []FieldChange {
	suspended := "false"
	if sp.Suspended {
		suspended = "true"
	}
	return []FieldChange{
		{Field: "name", After: sp.Name}, {Field: "nameEn", After: sp.NameEN}, {Field: "redirectUris", After: perLine(sp.RedirectURIs)},
		{Field: "sector", After: sp.Sector}, {Field: "jwks", After: perLine(signing.Names(sp.Keys))},
		{Field: "idTokenSignedResponseAlg", After: string(sp.IDTokenAlg)}, {Field: "scopes", After: perLine(sp.Scopes)},
		{Field: "faces", After: perLine(sp.Faces)}, {Field: "suspended", After: suspended},
	}
}

func perLine[S ~string](items []S) string {
	all := make([]string, len(items))
	for i, s := range items {
		all[i] = string(s)
	}
	return strings.Join(all, "\n")
}
