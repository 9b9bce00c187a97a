package openapi_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/ui"
)

type letterBody struct {
	ID     int       `json:"id"`
	At     time.Time `json:"at"`
	Sealed []byte    `json:"sealed,omitempty"`
	Reply  *string   `json:"reply"`
}

func api() openapi.API {
	return openapi.API{
		Title: "box", Keys: map[string]string{"staff": "of the house"},
		Codes: []openapi.Code{{Code: "no_letter", Status: 404, Means: "there is none", Say: ui.Text{JA: "ありません", EN: "None"}}},
		Routes: []openapi.Route{
			{At: "GET /letters/:id", Does: "Gives a letter", Out: letterBody{}, Codes: "no_letter"},
			{At: "POST /letters", Does: "Takes a letter", Who: "staff", In: struct {
				Title string
				To    openapi.OneOf `json:"to,omitempty"`
			}{}, Status: 201, Out: openapi.Members{"id": 0, "more?": openapi.List{Of: ""}}},
		},
		Pages:    []string{"GET /"},
		Examples: []byte(`{"GET /letters/:id":{"out":{"id":7}}}`),
	}
}

func house(t *testing.T, more ...string) (*echo.Echo, error) {
	t.Helper()
	e := echo.New()
	none := func(c echo.Context) error { return c.NoContent(http.StatusNoContent) }
	for _, at := range append([]string{"GET /", "GET /letters/:id", "POST /letters", "GET /healthz"}, more...) {
		method, path, _ := strings.Cut(at, " ")
		e.Add(method, path, none)
	}
	return e, openapi.Mount(e, api())
}

// A document has every row, with what is sent and answered.
func TestTheDocumentSaysWhatTheTableSays(t *testing.T) {
	e, err := house(t)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	e.ServeHTTP(w, httptest.NewRequest(http.MethodGet, openapi.Path, nil))
	if w.Code != 200 || !json.Valid(w.Body.Bytes()) {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	text := strings.Join(strings.Fields(w.Body.String()), " ")
	for _, want := range []string{
		`"openapi": "3.1.0"`, `"/letters/{id}"`, `"operationId": "getLettersId"`, `"example": { "id": 7 }`, "`no_letter`: there is none", `"$ref": "#/components/schemas/Letter"`,
		`"at": { "format": "date-time", "type": "string" }`, `"sealed": { "contentEncoding": "base64", "type": "string" }`, `"anyOf": [ { "type": "string" }, { "type": "null" } ]`,
		`"required": [ "title" ]`, `"additionalProperties": false`, `"security": [ { "staff": [] } ]`, "`wrong_key`", `"say": { "en": "None", "ja": "ありません" }`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %s", want)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

// A house does not open with an address that its table does not name, or without one that it
// names.
func TestEveryAddressIsInTheTable(t *testing.T) {
	if _, err := house(t, "GET /more"); err == nil || !strings.Contains(err.Error(), "GET /more") {
		t.Errorf("an address that is nowhere: %v", err)
	}
	for name, spoil := range map[string]func(*openapi.API){
		"which nothing answers": func(a *openapi.API) { a.Pages = append(a.Pages, "GET /gone") },
		"twice":                 func(a *openapi.API) { a.Routes = append(a.Routes, a.Routes[0]) },
	} {
		spoiled := api()
		spoil(&spoiled)
		if err := spoiled.Check([]string{"GET /", "GET /letters/:id", "POST /letters"}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, spoil := range map[string]func(*openapi.API){
		"no code gone":   func(a *openapi.API) { a.Routes[0].Codes = "gone" },
		"group @gone":    func(a *openapi.API) { a.Routes[0].Codes = "@gone" },
		"which nobody":   func(a *openapi.API) { a.Routes[0].Who = "session" },
		"examples: json": func(a *openapi.API) { a.Examples = []byte(`[]`) },
	} {
		spoiled := api()
		spoil(&spoiled)
		if _, err := spoiled.Document(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
