package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/staffroom"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/platform"
	"example.jp/jpkimock/rp/platform/attributes"
)

// newStaff opens the sign-in of the staff who keep the register. They share the session
// of the house, and its way out.
func newStaff(cfg Config, pages *ui.Pages, visits *session.Store[visit]) *staffroom.Room[visit] {
	people := &staffroom.Choice{
		Field: "staff", Label: ui.Text{JA: "担当者", EN: "Who you are"},
		Hint: ui.Text{JA: "登録簿を変更すると、担当者の名前が記録に残ります。", EN: "Changes of the register are logged under this name."},
	}
	for _, k := range clerks() {
		people.All = append(people.All, staffroom.Person(k))
	}
	return staffroom.New(staffroom.Config[visit]{
		At: "/register/signin", Out: "/signout", Front: "/register", Pages: pages, Key: cfg.StaffKey, Now: cfg.Now, Posts: visits, Staff: people,
		Name: func(v visit) ui.Text { return staffName(v.Staff) },
		Post: func(staff string) visit { return visit{Staff: staff} },
		Words: staffroom.Words{
			Called: ui.Text{JA: "登録担当", EN: "Register staff"}, Key: ui.Text{JA: "登録担当の鍵", EN: "Staff key"},
			Wrong: ui.Text{JA: "鍵が違うか、担当者が選ばれていません。", EN: "The key is wrong, or nobody was chosen."},
		},
		Marks: staffroom.Marks{Who: "staff-name", Enter: "staff-signin"},
	})
}

// register lists the service providers, and offers the next step of a rotation of keys.
func (w *entrance) register(c echo.Context) error {
	page, err := w.registerPage(c.Request().Context())
	if err != nil {
		return err
	}
	return w.pages.Render(c, http.StatusOK, "register", titles.register, page)
}

// providerForm is a register entry as its form has it.
type providerForm struct {
	New          bool               `json:"new"`
	Suspended    bool               `json:"suspended"`
	ID           string             `json:"clientId"`
	Name         string             `json:"name"`
	NameEN       string             `json:"nameEn"`
	RedirectURIs string             `json:"redirectUris"`
	Sector       string             `json:"sector"`
	Keys         string             `json:"jwks"`
	IDTokenAlg   platform.Algorithm `json:"idTokenSignedResponseAlg"`
	Faces        []platform.Face    `json:"face"`
	Attributes   []string           `json:"scope"` // scopes of the four basic data
	Why          string             `json:"why"`

	Wrong *platform.FieldError `json:"-"`
	Log   []logLine            `json:"-"` // of an entry that is there
}

// logLine is a line of the register's log in words.
type logLine struct {
	At     time.Time
	Staff  ui.Text
	Why    string
	Acts   []ui.Text
	Fields []fieldLine
}

type fieldLine struct{ Name, Before, After ui.Text }

// Has reports whether a face is chosen.
func (f providerForm) Has(face string) bool { return slices.Contains(f.Faces, platform.Face(face)) }

// Choices are the scopes beside openid, and whether each is chosen.
func (f providerForm) Choices() (all []scopeChoice) {
	for _, name := range attributes.Names() {
		all = append(all, scopeChoice{name, scopeNames[name], slices.Contains(f.Attributes, name)})
	}
	return append(all, scopeChoice{platform.ScopeSign, scopeNames[platform.ScopeSign], slices.Contains(f.Attributes, platform.ScopeSign)})
}

// withoutOpenID are the scopes that can be chosen.
func withoutOpenID(scopes []string) []string {
	return slices.DeleteFunc(slices.Clone(scopes), func(s string) bool { return s == platform.ScopeOpenID })
}

// scopeChoice is a scope that can be chosen.
type scopeChoice struct {
	Name   string
	Label  ui.Text
	Chosen bool
}

// Algorithms are those that can be chosen.
func (providerForm) Algorithms() []platform.Algorithm { return platform.Algorithms() }

// IsWrong reports whether a field is the one that was refused.
func (f providerForm) IsWrong(field string) bool { return f.Wrong != nil && f.Wrong.Field == field }

func formOf(sp platform.ServiceProvider) providerForm {
	keys, _ := json.MarshalIndent(sp.Keys, "", "  ") // they were read from JSON
	return providerForm{
		ID: string(sp.ID), Name: sp.Name, NameEN: sp.NameEN, RedirectURIs: strings.Join(sp.RedirectURIs, "\n"), Sector: sp.Sector,
		Keys: string(keys), IDTokenAlg: sp.IDTokenAlg, Faces: sp.Faces, Attributes: withoutOpenID(sp.Scopes), Suspended: sp.Suspended,
	}
}

func (w *entrance) newProvider(c echo.Context) error {
	return w.showForm(c, http.StatusOK, providerForm{New: true, Faces: []platform.Face{platform.WindowFace}})
}

func (w *entrance) editProvider(c echo.Context) error {
	sp, err := w.platform.ServiceProvider(c.Request().Context(), platform.ClientID(c.Param("client")))
	if err != nil {
		return err
	}
	return w.showForm(c, http.StatusOK, formOf(sp))
}

// showForm shows an entry with its log.
func (w *entrance) showForm(c echo.Context, status int, f providerForm) error {
	if !f.New {
		all, err := w.platform.RegisterLog(c.Request().Context(), platform.ClientID(f.ID))
		if err != nil {
			return err
		}
		for _, change := range all {
			f.Log = append(f.Log, newLogLine(change))
		}
	}
	return w.pages.Render(c, status, "provider", titles.provider, f)
}

func newLogLine(c platform.RegisterChange) logLine {
	l := logLine{At: c.At, Staff: staffName(c.By.Staff), Why: c.By.Why}
	for _, act := range c.Acts {
		l.Acts = append(l.Acts, actNames[act])
	}
	for _, f := range c.Fields {
		l.Fields = append(l.Fields, fieldLine{fieldNames[f.Field], valueName(f.Field, f.Before), valueName(f.Field, f.After)})
	}
	return l
}

// saveProvider writes an entry. A new one must not be there already.
func (w *entrance) saveProvider(c echo.Context) error {
	f, err := door.Read[providerForm](c)
	if err != nil {
		return err
	}
	for _, text := range []*string{&f.ID, &f.Name, &f.NameEN, &f.RedirectURIs, &f.Sector, &f.Keys, &f.Why} {
		*text = strings.TrimSpace(*text)
	}
	err = w.save(c, f)
	if errors.As(err, &f.Wrong) {
		return w.showForm(c, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/register/"+f.ID)
}

func (w *entrance) save(c echo.Context, f providerForm) error {
	ctx := c.Request().Context()
	_, err := w.platform.ServiceProvider(ctx, platform.ClientID(f.ID))
	switch {
	case f.New && err == nil:
		return &platform.FieldError{Field: "clientId", Why: "is in the register already"}
	case f.New && !errors.Is(err, platform.ErrNoServiceProvider), !f.New && err != nil:
		return err
	}
	keys, err := platform.ParseKeys([]byte(f.Keys))
	if err != nil {
		return err
	}
	v, _ := w.visits.Load(c)
	_, err = w.platform.Register(ctx, platform.ServiceProvider{
		ID: platform.ClientID(f.ID), Name: f.Name, NameEN: f.NameEN, RedirectURIs: strings.Fields(f.RedirectURIs), Sector: f.Sector,
		Keys: keys, IDTokenAlg: f.IDTokenAlg, Scopes: append([]string{platform.ScopeOpenID}, f.Attributes...), Faces: f.Faces, Suspended: f.Suspended,
	}, platform.By{Staff: v.Staff, Why: f.Why})
	return err
}

// providerFace is a register entry in JSON.
type providerFace struct {
	ID           platform.ClientID  `json:"clientId"`
	Name         string             `json:"name"`
	NameEN       string             `json:"nameEn"`
	RedirectURIs []string           `json:"redirectUris"`
	Sector       string             `json:"sector"`
	Keys         json.RawMessage    `json:"jwks"`
	IDTokenAlg   platform.Algorithm `json:"idTokenSignedResponseAlg"`
	Scopes       []string           `json:"scopes"`
	Faces        []platform.Face    `json:"faces"`
	Suspended    bool               `json:"suspended"`
	Since        *time.Time         `json:"since,omitempty"`
}

func faceOf(sp platform.ServiceProvider) (providerFace, error) {
	keys, err := json.Marshal(sp.Keys)
	return providerFace{sp.ID, sp.Name, sp.NameEN, sp.RedirectURIs, sp.Sector, keys, sp.IDTokenAlg, sp.Scopes, sp.Faces, sp.Suspended, &sp.Since}, err
}

// listProviders gives the register to scripts.
func (w *entrance) listProviders(c echo.Context) error {
	all, err := w.platform.ServiceProviders(c.Request().Context())
	if err != nil {
		return err
	}
	faces := make([]providerFace, len(all))
	for i, sp := range all {
		if faces[i], err = faceOf(sp); err != nil {
			return err
		}
	}
	return c.JSON(http.StatusOK, map[string]any{"providers": faces})
}

// putProvider writes an entry for a script, which says who it is and why. It
// says nothing of when: that is the platform's.
func (w *entrance) putProvider(c echo.Context) error {
	in, err := door.Read[struct {
		providerFace
		Staff string `json:"staff"`
		Why   string `json:"why"`
	}](c)
	if err != nil {
		return err
	}
	if id := platform.ClientID(c.Param("client")); in.ID == "" {
		in.ID = id
	} else if in.ID != id {
		return &platform.FieldError{Field: "clientId", Why: "is another one in the address"}
	}
	keys, err := platform.ParseKeys(in.Keys)
	if err != nil {
		return err
	}
	sp, err := w.platform.Register(c.Request().Context(), platform.ServiceProvider{
		ID: in.ID, Name: in.Name, NameEN: in.NameEN, RedirectURIs: in.RedirectURIs, Sector: in.Sector, Keys: keys,
		IDTokenAlg: in.IDTokenAlg, Scopes: in.Scopes, Faces: in.Faces, Suspended: in.Suspended,
	}, platform.By{Staff: in.Staff, Why: in.Why})
	if err != nil {
		return err
	}
	out, err := faceOf(sp)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, out)
}

// changeFace is a line of the register's log in JSON.
type changeFace struct {
	At     time.Time              `json:"at"`
	Staff  string                 `json:"staff"`
	Why    string                 `json:"why"`
	Acts   []platform.Act         `json:"acts"`
	Fields []platform.FieldChange `json:"fields"`
}

// providerLog gives a script what was done to an entry.
func (w *entrance) providerLog(c echo.Context) error {
	id, ctx := platform.ClientID(c.Param("client")), c.Request().Context()
	if _, err := w.platform.ServiceProvider(ctx, id); err != nil {
		return err
	}
	all, err := w.platform.RegisterLog(ctx, id)
	if err != nil {
		return err
	}
	faces := make([]changeFace, len(all))
	for i, change := range all {
		faces[i] = changeFace{change.At, change.By.Staff, change.By.Why, change.Acts, change.Fields}
	}
	return c.JSON(http.StatusOK, map[string]any{"log": faces})
}
