package touch

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"example.jp/jpkimock/internal/tracing"
	"example.jp/jpkimock/internal/tracing/carry"
)

// mask stands for what is not kept.
const mask = "•••"

// plain are the members, fields and parameters whose values are kept: what says nothing
// about anybody. Of every other the name is kept, and a mark.
var plain = []string{
	"algorithm", "format", "appVersion", "origin", "status", "check", "kind", "pairedKind", "serial", "pairedSerial", "action", "mediaType",
	"reason", "outcome", "present", "holds", "expires", "until", "token_type", "expires_in", "scope", "grant_type", "response_type", "client_id",
	"redirect_uri", "client_assertion_type", "code_challenge_method", "house", "type", "turn", "lang", "purpose", "error",
}

// begun are values of which the beginning is kept, so that people see that it is the same
// one that comes back. They have been used when somebody reads them.
var begun = []string{"nonce", "signature", "challenge"}

// Read keeps of an exchange what the picture shows. It is the one place that sees what was
// said: what it leaves out is nowhere.
func Read(x tracing.Exchange) tracing.Content {
	kept := tracing.Content{Joins: joinsOf(x)}
	if _, known := callOf(x.House, x.Request.Method, carry.Path(x.Request.URL.Path)); !known {
		return kept
	}
	kept.Asked, _ = text(x.Request.Header, x.Asked)
	if x.Status == 0 {
		return kept
	}
	said, code := text(x.Header, x.Answered)
	kept.Code, kept.Answered = code, fmt.Sprintf("HTTP %d %s", x.Status, http.StatusText(x.Status))
	if to, err := url.Parse(x.Header.Get("Location")); err == nil && to.Path != "" {
		kept.Answered += "\nLocation: " + carry.Path(to.Path)
	}
	if said != "" {
		kept.Answered += "\n\n" + said
	}
	return kept
}

// text writes a body for people, masked, with the code that it holds, if any.
func text(header http.Header, body []byte) (written, code string) {
	kind, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	switch {
	case len(body) == 0:
		return "", ""
	case kind == "application/ocsp-request":
		return ocspRequest(body), ""
	case kind == "application/ocsp-response":
		return ocspResponse(body)
	case kind == "application/x-www-form-urlencoded":
		return form(body), ""
	case strings.HasSuffix(kind, "json"):
		return object(body)
	}
	return fmt.Sprintf("%s, %d octets", kind, len(body)), ""
}

// form writes the fields of a form.
func form(body []byte) string {
	fields, err := url.ParseQuery(string(body))
	if err != nil {
		return "not a form"
	}
	m := masking{}
	var lines []string
	for name, values := range fields {
		for _, v := range values {
			lines = append(lines, fmt.Sprintf("%s = %v", name, m.value(name, v)))
		}
	}
	slices.Sort(lines)
	return strings.Join(append(lines, m.trees...), "\n")
}

// object writes a JSON value with its members in order of their names.
func object(body []byte) (written, code string) {
	var value any
	if json.Unmarshal(body, &value) != nil {
		return fmt.Sprintf("JSON, %d octets", len(body)), ""
	}
	m := masking{}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(m.any("", value)); err != nil {
		return "", ""
	}
	if members, ok := value.(map[string]any); ok {
		if code, _ = members["code"].(string); !isWord(code) {
			code = ""
		}
	}
	return strings.Join(append([]string{strings.TrimRight(b.String(), "\n")}, m.trees...), "\n"), code
}

// masking masks one message. What is DER is written below it as a tree.
type masking struct{ trees []string }

func (m *masking) any(name string, value any) any {
	switch v := value.(type) {
	case map[string]any:
		masked := map[string]any{}
		for name, member := range v {
			masked[name] = m.any(name, member)
		}
		return masked
	case []any:
		masked := make([]any, len(v))
		for i, member := range v {
			masked[i] = m.any(name, member)
		}
		return masked
	case string:
		return m.value(name, v)
	case float64:
		if !slices.Contains(plain, name) {
			return mask
		}
	}
	return value // a number that is plain, a truth value, or null
}

// value masks a text by the name of its member.
func (m *masking) value(name, value string) any {
	switch {
	case slices.Contains(plain, name), name == "code" && isWord(value):
		return value
	case slices.Contains(begun, name) && len(value) > 12:
		return value[:8] + "…"
	case name == "token" && strings.HasPrefix(value, "{"):
		var token any
		if json.Unmarshal([]byte(value), &token) == nil {
			return m.any(name, token)
		}
	case name == "unverifiedCertificate" || name == "cms":
		if der, err := base64.StdEncoding.DecodeString(value); err == nil {
			m.trees = append(m.trees, "\n"+name+":\n"+tree(der))
			return fmt.Sprintf("%s %d octets, below", mask, len(der))
		}
	}
	return mask
}

// isWord reports an error code, as "revoked": neither one of OpenID Connect nor a number.
func isWord(s string) bool {
	return len(s) <= 40 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_") == ""
}
