package openapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Path is where a house gives its document.
const Path = "/openapi.json"

const (
	jsonMedia    = "application/json"
	problemMedia = "application/problem+json"
)

// Document writes the API as OpenAPI 3.1.
func (a API) Document() ([]byte, error) {
	examples := map[string]Example{}
	if len(a.Examples) > 0 {
		if err := json.Unmarshal(a.Examples, &examples); err != nil {
			return nil, fmt.Errorf("openapi: %s: examples: %w", a.Title, err)
		}
	}
	s := &schemas{components: object{"Problem": problemSchema()}, names: map[reflect.Type]string{}}
	paths := object{}
	for _, r := range a.Routes {
		operation, err := a.operation(s, r, examples[r.At])
		if err != nil {
			return nil, err
		}
		method, path := r.at()
		at := braced(path)
		if paths[at] == nil {
			paths[at] = object{}
		}
		paths[at].(object)[strings.ToLower(method)] = operation
	}
	return json.MarshalIndent(object{
		"openapi": "3.1.0",
		"info":    object{"title": a.Title, "version": "1", "description": a.About},
		"servers": []any{object{"url": "/"}},
		"paths":   paths,
		"components": object{
			"schemas": s.components, "securitySchemes": a.schemes(),
			"responses": object{"Problem": object{
				"description": "A refusal, with its `code`: one of this operation, or one that every door has (docs/errors.md).",
				"content":     object{problemMedia: object{"schema": object{"$ref": "#/components/schemas/Problem"}}},
			}},
		},
		"x-codes": a.told(),
	}, "", " ")
}

// told lists the codes with what they mean.
func (a API) told() []any {
	all := []any{}
	for _, c := range a.Codes {
		one := object{"code": c.Code, "status": c.Status, "means": c.Means}
		if c.Common {
			one["common"] = true
		}
		if c.Say.JA != "" {
			one["say"] = object{"ja": c.Say.JA, "en": c.Say.EN}
		}
		all = append(all, one)
	}
	return all
}

func (a API) schemes() object {
	all := object{}
	for name, cookie := range a.Sessions {
		all[name] = object{"type": "apiKey", "in": "cookie", "name": cookie, "description": "A program keeps cookies as a browser does."}
	}
	for name, about := range a.Keys {
		all[name] = object{"type": "http", "scheme": "bearer", "description": about}
	}
	return all
}

func (a API) operation(s *schemas, r Route, e Example) (object, error) {
	method, path := r.at()
	o := object{"operationId": operationID(method, path), "summary": r.Does}
	if r.More != "" {
		o["description"] = r.More
	}
	if r.Who != "" {
		if a.Keys[r.Who] == "" && a.Sessions[r.Who] == "" {
			return nil, fmt.Errorf("openapi: %s: %s is for %q, which nobody is", a.Title, r.At, r.Who)
		}
		o["security"] = []any{object{r.Who: []string{}}}
	}
	s.asked = true
	if p := a.parameters(s, r, path); len(p) > 0 {
		o["parameters"] = p
	}
	if r.In != nil || r.InType != "" {
		o["requestBody"] = object{"required": true, "content": content(s, r.In, r.InType, e.In)}
	}
	s.asked = false
	codes, err := a.codes(r.Codes)
	if err != nil {
		return nil, fmt.Errorf("%w (%s)", err, r.At)
	}
	o["responses"] = responses(s, r, e, codes)
	return o, nil
}

func content(s *schemas, sample any, media string, example any) object {
	if media == "" {
		media = jsonMedia
	}
	body := object{}
	if sample != nil {
		body["schema"] = s.of(sample)
	}
	if example != nil {
		body["example"] = example
	}
	return object{media: body}
}

func responses(s *schemas, r Route, e Example, codes []Code) object {
	good := object{"description": "Done."}
	if r.Out != nil || r.OutType != "" {
		good = object{"description": "The answer.", "content": content(s, r.Out, r.OutType, e.Out)}
	}
	all := object{strconv.Itoa(r.status()): good, "default": object{"$ref": "#/components/responses/Problem"}}
	by := map[int][]Code{}
	for _, c := range codes {
		by[c.Status] = append(by[c.Status], c)
	}
	for status, of := range by {
		var said strings.Builder
		var names []string
		for _, c := range of {
			fmt.Fprintf(&said, "- `%s`: %s\n", c.Code, c.Means)
			names = append(names, c.Code)
		}
		all[strconv.Itoa(status)] = object{"description": said.String(), "content": object{problemMedia: object{"schema": object{
			"allOf":      []any{object{"$ref": "#/components/schemas/Problem"}},
			"properties": object{"code": object{"examples": names}},
		}}}}
	}
	return all
}

func problemSchema() object {
	return object{
		"type": "object", "required": []string{"code", "detail", "status", "title", "type"}, "description": "RFC 9457. Some codes have members of their own, as triesLeft.",
		"properties": object{
			"type": object{"type": "string"}, "title": object{"type": "string"}, "status": object{"type": "integer"},
			"code":      object{"type": "string", "description": "stable, for programs"},
			"detail":    object{"type": "string", "description": "for people who integrate; may change"},
			"reference": object{"type": "string", "description": "finds the cause in the log, with 5xx"},
			"fields": object{"type": "array", "description": "with malformed and invalid", "items": object{
				"type": "object", "properties": object{"field": object{"type": "string"}, "problem": object{"type": "string"}},
			}},
		},
	}
}

// part is a part of an address that the router fills in.
var part = regexp.MustCompile(`:(\w+)|\*`)

// braced writes a path of the router as OpenAPI does.
func braced(path string) string {
	return part.ReplaceAllStringFunc(path, func(p string) string {
		if p == "*" {
			return "{rest}"
		}
		return "{" + p[1:] + "}"
	})
}

func (a API) parameters(s *schemas, r Route, path string) (all []any) {
	for _, p := range part.FindAllString(path, -1) {
		name := strings.TrimPrefix(p, ":")
		if p == "*" {
			name = "rest"
		}
		one := object{"name": name, "in": "path", "required": true, "schema": object{"type": "string"}}
		if about := a.Params[name]; about != "" {
			one["description"] = about
		}
		all = append(all, one)
	}
	for in, members := range map[string]Members{"query": r.Query, "header": r.Header} {
		for _, name := range slices.Sorted(maps.Keys(members)) {
			bare, optional := strings.CutSuffix(name, "?")
			all = append(all, object{"name": bare, "in": in, "required": !optional, "schema": s.of(members[name])})
		}
	}
	return all
}

// operationID names an operation for generators of clients: "postAccountsDraft".
func operationID(method, path string) string {
	id := strings.ToLower(method)
	for _, word := range regexp.MustCompile(`[A-Za-z0-9]+`).FindAllString(path, -1) {
		id += title(word)
	}
	return id
}

// Handler gives the document to whoever asks, a page of another origin too.
func (a API) Handler() (http.Handler, error) {
	document, err := a.Document()
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", jsonMedia)
		w.Header().Set("Access-Control-Allow-Origin", "*")
		_, _ = w.Write(document) // who does not listen asks again
	}), nil
}
