package touch

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"example.jp/jpkimock/internal/tracing"
	"example.jp/jpkimock/internal/tracing/carry"
)

// A browser sends no traceparent from page to page and from house to house, so that a
// touch comes as several traces. What they share are values that are used once: the
// challenge goes from the page to the card's window, the signature from there to the
// relying party, the state and the code of OpenID Connect with the redirects. joins finds
// them in a request and its answer.
//
// They are secrets while they are fresh: of each, a digest is kept.

// joining are the members, fields and parameters whose values are used once.
var joining = []string{"nonce", "challenge", "state", "code", "request", "signature", "cms", "jws", "content", "location", "return"}

// shortestJoin is the fewest characters of a value that nobody else can have: 128 bits
// in base64.
const shortestJoin = 22

// mostJoins bounds what is kept of one request.
const mostJoins = 32

// asked are attributes of a page that hands over to the card's window.
var handedOver = regexp.MustCompile(`data-jpki-(?:nonce|document)="([^"]+)"`)

// refreshed is where a page goes on to by itself.
var refreshed = regexp.MustCompile(`(?i)url=([^">]+)`)

// joinsOf lists the digests of what joins an exchange to others.
func joinsOf(x tracing.Exchange) []string {
	j := &joins{}
	j.address(x.Request.URL)
	j.body(x.Request.Header, x.Asked)
	for _, name := range []string{"Location", "Refresh"} {
		to := x.Header.Get(name)
		if m := refreshed.FindStringSubmatch(to); m != nil {
			to = m[1]
		}
		j.value("location", to)
	}
	if strings.HasPrefix(x.Header.Get("Content-Type"), "text/html") {
		for _, m := range handedOver.FindAllSubmatch(x.Answered, -1) {
			j.add(html.UnescapeString(string(m[1])))
		}
		if m := refreshed.FindSubmatch(x.Answered); m != nil {
			j.value("location", html.UnescapeString(string(m[1])))
		}
	} else {
		j.body(x.Header, x.Answered)
	}
	return j.digests
}

// joins collects digests.
type joins struct{ digests []string }

func (j *joins) add(value string) {
	if len(value) < shortestJoin || len(j.digests) >= mostJoins {
		return
	}
	sum := sha256.Sum256([]byte(value))
	if digest := hex.EncodeToString(sum[:8]); !slices.Contains(j.digests, digest) {
		j.digests = append(j.digests, digest)
	}
}

// address takes the one-time names in a path, and the parameters.
func (j *joins) address(u *url.URL) {
	for segment := range strings.SplitSeq(u.Path, "/") {
		if carry.Path(segment) != segment {
			j.add(segment)
		}
	}
	for name, values := range u.Query() {
		for _, v := range values {
			j.value(name, v)
		}
	}
}

func (j *joins) body(header http.Header, body []byte) {
	switch kind, _, _ := strings.Cut(header.Get("Content-Type"), ";"); {
	case kind == "application/x-www-form-urlencoded":
		form, _ := url.ParseQuery(string(body))
		for name, values := range form {
			for _, v := range values {
				j.value(name, v)
			}
		}
	case strings.HasSuffix(kind, "json"):
		j.json(body)
	}
}

// json takes the members of a JSON value, at any depth.
func (j *joins) json(text []byte) {
	d := json.NewDecoder(bytes.NewReader(text))
	var value any
	if d.Decode(&value) == nil {
		j.walk("", value)
	}
}

func (j *joins) walk(name string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			j.walk(name, member)
		}
	case []any:
		for _, member := range v {
			j.walk(name, member)
		}
	case string:
		j.value(name, v)
	}
}

// value takes a value if its name is one of those that join. A token is JSON in a field.
func (j *joins) value(name, value string) {
	switch {
	case name == "token" && strings.HasPrefix(value, "{"):
		j.json([]byte(value))
	case name == "location" || name == "return":
		if u, err := url.Parse(value); err == nil {
			j.address(u)
		}
	case slices.Contains(joining, name):
		j.add(value)
	}
}
