//go:build unix

package deployment

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"example.jp/jpkimock/internal/ecosystem"
	"example.jp/jpkimock/internal/openapi"
)

var update = flag.Bool("update", false, "write what is taken from a run anew: examples of the interfaces, docs/errors.md")

type object = map[string]any

// What every house answers to programs is what its document says: each row is called in one
// town, with requests and answers that its schemas allow and codes that it names. Examples in the
// documents are from here: with -update.
func TestInterfacesAnswerAsTheirDocumentsSay(t *testing.T) {
	town := startTown(t)
	for _, house := range []struct {
		name string
		call func(*testing.T, *ecosystem.Ecosystem)
	}{
		{"portal", portalContract}, {"utility", utilityContract}, {"catv", catvContract}, {"medical", medicalContract}, {"management", managementContract}, {"lobby", lobbyContract},
		{"bank", bankContract}, {"card", cardContract}, {"authority", authorityContract},
		{"platform", platformContract}, {"gateway", gatewayContract},
		{"errors", errorsAreWritten},
	} {
		t.Run(house.name, func(t *testing.T) { house.call(t, town) })
	}
}

// documented are the houses that say what they answer.
var documented = []string{"authority", "card", "bank", "platform", "gateway", "catv", "portal", "utility", "medical", "lobby", "management"}

// doorOf gives the URL at which a documented interface answers.
func doorOf(town *ecosystem.Ecosystem, house string) string {
	if house == "management" {
		return town.Managed()
	}
	return town.URL(house)
}

// contract is the OpenAPI document of a house, held against what the house answers.
type contract struct {
	t     *testing.T
	house string
	url   string
	// document is as it was given; strict allows an answer no member that it does not name.
	document object
	schemas  *jsonschema.Compiler
	seen     map[string]openapi.Example
}

// contractOf reads a house's document.
func contractOf(t *testing.T, house, url string) *contract {
	t.Helper()
	c := &contract{t: t, house: house, url: url, schemas: jsonschema.NewCompiler(), seen: map[string]openapi.Example{}}
	answer, err := http.Get(url + openapi.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %v %d", house, err, answer.StatusCode)
	}
	if err := json.Unmarshal(text, &c.document); err != nil {
		t.Fatal(err)
	}
	strict, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	close(strict, false)
	if err := c.schemas.AddResource("https://town.test/"+house, strict); err != nil {
		t.Fatal(err)
	}
	c.schemas.AssertFormat()
	return c
}

// close refuses members that no schema names, but in problems.
func close(v any, problem bool) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			close(one, problem)
		}
	case object:
		_, ref := v["allOf"]
		_, object := v["properties"].(object)
		if _, said := v["additionalProperties"]; object && v["type"] == "object" && !said && !problem {
			v["additionalProperties"] = false
		}
		for name, one := range v {
			close(one, problem || ref || name == "Problem")
		}
	}
}

// caller is somebody who asks a house: with cookies, and headers that each request has.
type caller struct {
	*contract
	client  *http.Client
	headers []string
	leads   string // where the last answer led to
}

// as gives somebody new, who sends these names and values of headers.
func (c *contract) as(headers ...string) *caller {
	jar, err := cookiejar.New(nil)
	if err != nil {
		c.t.Fatal(err)
	}
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &caller{contract: c, client: client, headers: headers}
}

// key gives somebody who has a key.
func (c *contract) key(key string) *caller { return c.as("Authorization", "Bearer "+key) }

// with is the same caller with further headers.
func (k *caller) with(headers ...string) *caller {
	return &caller{contract: k.contract, client: k.client, headers: slices.Concat(k.headers, headers)}
}

var (
	routed = regexp.MustCompile(`:(\w+)|\*`)
	braces = regexp.MustCompile(`\{\w+\}`)
)

// operation finds a row of the document, with the path that parts fill in.
func (c *contract) operation(at string, parts []string) (operation object, method, path string) {
	c.t.Helper()
	method, path, _ = strings.Cut(at, " ")
	template, query, asked := strings.Cut(path, "?")
	template = routed.ReplaceAllString(template, "{$1}")
	template = strings.ReplaceAll(template, "{}", "{rest}")
	found, _ := c.document["paths"].(object)[template].(object)
	operation, ok := found[strings.ToLower(method)].(object)
	if !ok {
		c.t.Fatalf("%s: the document has no %s %s", c.house, method, template)
	}
	path = braces.ReplaceAllStringFunc(template, func(string) string {
		if len(parts) == 0 {
			c.t.Fatalf("%s: %s: a part of the address is missing", c.house, at)
		}
		one := parts[0]
		parts = parts[1:]
		return one
	})
	if asked {
		path += "?" + query
	}
	return operation, method, path
}

// asks calls an address as Route.At names it, with the parts of its path: the request has to be one
// that the document allows, and the answer a good one that it describes. It gives the body.
func (k *caller) asks(at string, in any, parts ...string) object {
	k.t.Helper()
	operation, method, path := k.operation(at, parts)
	row, _, _ := strings.Cut(at, "?")
	body := k.request(operation, row, in)
	if in != nil && k.isJSON(operation) {
		k.knows(operation, row, method, path)
	}
	status, media, answer := k.send(method, path, body)
	responses := operation["responses"].(object)
	good, ok := responses[fmt.Sprint(status)].(object)
	if !ok || status >= 400 {
		k.t.Fatalf("%s: %s: %d %s", k.house, at, status, answer)
	}
	content, _ := good["content"].(object)
	kind, _, _ := strings.Cut(media, ";")
	example := openapi.Example{In: shortened(in)}
	var out any
	switch {
	case len(content) == 0 && (len(answer) == 0 || status >= 300):
	case content[kind] == nil:
		k.t.Errorf("%s: %s answers %s", k.house, at, media)
	case kind == "application/json":
		out = k.holds(answer, operation, row, pointer("responses", fmt.Sprint(status), "content", kind, "schema"))
		example.Out = shortened(out)
	}
	if _, before := k.seen[row]; !before {
		k.seen[row] = example
	}
	members, _ := out.(object)
	return members
}

// refused calls an address that answers with a refusal, which the document names.
func (k *caller) refused(at string, in any, status int, code string, parts ...string) {
	k.t.Helper()
	operation, method, path := k.operation(at, parts)
	body, err := json.Marshal(in)
	if err != nil {
		k.t.Fatal(err)
	}
	if in == nil {
		body = nil
	}
	got, media, answer := k.send(method, path, body)
	said := object{}
	if err := json.Unmarshal(answer, &said); err != nil || got != status || said["code"] != code || media != "application/problem+json" {
		k.t.Errorf("%s: %s: %d %s %s", k.house, at, got, media, answer)
		return
	}
	response, _ := operation["responses"].(object)[fmt.Sprint(got)].(object)
	if about, _ := response["description"].(string); !strings.Contains(about, "`"+code+"`") {
		k.t.Errorf("%s: %s: the document does not say %d %s", k.house, at, got, code)
	}
}

func (k *caller) isJSON(operation object) bool {
	body, _ := operation["requestBody"].(object)
	content, _ := body["content"].(object)
	return content["application/json"] != nil
}

// request writes a body, which the document has to allow. Text is sent as it stands.
func (k *caller) request(operation object, row string, in any) []byte {
	k.t.Helper()
	if text, ok := in.(string); ok {
		return []byte(text)
	}
	if in == nil {
		if operation["requestBody"] != nil {
			k.t.Fatalf("%s: %s has a body", k.house, row)
		}
		return nil
	}
	body, err := json.Marshal(in)
	if err != nil {
		k.t.Fatal(err)
	}
	if !k.isJSON(operation) {
		k.t.Fatalf("%s: %s has no JSON body", k.house, row)
	}
	k.holds(body, operation, row, pointer("requestBody", "content", "application/json", "schema"))
	return body
}

// knownFields is what a refusal says of the fields that there are.
var knownFields = regexp.MustCompile(`known fields are ([^"]*)$`)

// knows sends a field that nobody knows: the refusal lists those that there are, and they are
// those of the document.
func (k *caller) knows(operation object, row, method, path string) {
	k.t.Helper()
	status, _, answer := k.send(method, path, []byte(`{"no-such-field":1}`))
	var said struct{ Code, Detail string }
	if err := json.Unmarshal(answer, &said); err != nil || status != http.StatusBadRequest || said.Code != "malformed" {
		k.t.Errorf("%s: %s takes a field that nobody knows: %d %s", k.house, row, status, answer)
		return
	}
	listed := knownFields.FindStringSubmatch(said.Detail)
	schema := operation["requestBody"].(object)["content"].(object)["application/json"].(object)["schema"].(object)
	properties, _ := schema["properties"].(object)
	if listed == nil {
		if len(properties) > 0 && strings.Contains(said.Detail, "known fields") {
			k.t.Errorf("%s: %s: %s", k.house, row, said.Detail)
		}
		return
	}
	var named []string
	for name := range properties {
		named = append(named, name)
	}
	slices.Sort(named)
	if got := strings.Join(named, ", "); got != listed[1] {
		k.t.Errorf("%s: %s reads %s; the document says %s", k.house, row, listed[1], got)
	}
}

// holds checks JSON against the schema at a pointer below an operation.
func (k *caller) holds(text []byte, _ object, row, below string) any {
	k.t.Helper()
	method, path, _ := strings.Cut(row, " ")
	template := strings.ReplaceAll(routed.ReplaceAllString(path, "{$1}"), "{}", "{rest}")
	at := "https://town.test/" + k.house + "#" + pointer("paths", template, strings.ToLower(method)) + below
	schema, err := k.schemas.Compile(at)
	if err != nil {
		k.t.Fatalf("%s: %s: %v", k.house, row, err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		k.t.Fatalf("%s: %s: %v in %s", k.house, row, err, text)
	}
	if err := schema.Validate(v); err != nil {
		k.t.Errorf("%s: %s%s: %v\n%s", k.house, row, below, err, text)
	}
	var plain any
	if err := json.Unmarshal(text, &plain); err != nil {
		k.t.Fatal(err)
	}
	return plain
}

func pointer(parts ...string) (at string) {
	for _, p := range parts {
		at += "/" + strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(p)
	}
	return at
}

func (k *caller) send(method, path string, body []byte) (status int, media string, answer []byte) {
	k.t.Helper()
	r, err := http.NewRequestWithContext(k.t.Context(), method, k.url+path, bytes.NewReader(body))
	if err != nil {
		k.t.Fatal(err)
	}
	r.Header.Set("Accept", "application/json")
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(k.headers); i += 2 {
		r.Header.Set(k.headers[i], k.headers[i+1])
	}
	response, err := k.client.Do(r)
	if err != nil {
		k.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	k.leads = response.Header.Get("Location")
	answer, err = io.ReadAll(response.Body)
	if err != nil {
		k.t.Fatal(err)
	}
	return response.StatusCode, response.Header.Get("Content-Type"), answer
}

// complete ends a test: every row was called, but for those that are excused. With -update
// the calls become the examples of the document.
func (c *contract) complete(examples string, excused ...string) {
	c.t.Helper()
	for path, methods := range c.document["paths"].(object) {
		for method, operation := range methods.(object) {
			row := strings.ToUpper(method) + " " + strings.ReplaceAll(braces.ReplaceAllStringFunc(path, func(p string) string { return ":" + p[1:len(p)-1] }), ":rest", "*")
			_, called := c.seen[row]
			switch {
			case row == "GET /healthz":
			case !called && !slices.Contains(excused, row):
				c.t.Errorf("%s: %s was not called", c.house, row)
			case called && slices.Contains(excused, row):
				c.t.Errorf("%s: %s was called", c.house, row)
			case called && !*update:
				c.exemplified(row, operation.(object))
			}
		}
	}
	if !*update || c.t.Failed() {
		return
	}
	text, err := json.MarshalIndent(c.seen, "", " ")
	if err == nil {
		err = os.WriteFile("../../"+examples, append(text, '\n'), 0o644)
	}
	if err != nil {
		c.t.Fatal(err)
	}
}

// exemplified wants an example of an operation's answer.
func (c *contract) exemplified(row string, operation object) {
	c.t.Helper()
	for _, response := range operation["responses"].(object) {
		content, _ := response.(object)["content"].(object)
		if body, ok := content["application/json"].(object); ok && body["example"] == nil {
			c.t.Errorf("%s: %s has no example: go test ./internal/deployment -run Interfaces -update", c.house, row)
		}
	}
}

// shortened cuts what is long, for an example.
func shortened(v any) any {
	switch v := v.(type) {
	case string:
		if utf8.RuneCountInString(v) > 120 {
			return string([]rune(v)[:80]) + "…"
		}
	case []any:
		var few []any
		for i, one := range v {
			if i < 2 {
				few = append(few, shortened(one))
			}
		}
		return few
	case object:
		short := object{}
		for name, one := range v {
			short[name] = shortened(one)
		}
		return short
	}
	return v
}
