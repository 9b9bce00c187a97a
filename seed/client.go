package seed

import (
	"net/http"
	"net/http/cookiejar"
	"time"

	"example.jp/jpkimock/internal/peer"
)

// Doors are the front doors that the world is planted through, by house: base
// URLs without a trailing slash. A house without one is left out of the story.
type Doors struct {
	Peer   map[string]string // at which the houses are called
	Public map[string]string // the origins of their pages
	// Keys open the houses' own interfaces: OFFICER the municipal counter, WRITER
	// the card workshop, PLATFORM_STAFF, CATV_STAFF, MEDICAL_…_STAFF and UTILITY_…_STAFF those of the staff.
	Keys map[string]string
}

// caller asks one house, as a browser with cookies.
type caller struct{ *peer.Peer }

// as returns a caller that acts as an officer, whom the counter's journal names.
func (c *caller) as(officer string) *caller {
	named := *c.Peer
	named.Header = http.Header{"Jpki-Officer": {officer}}
	return &caller{&named}
}

func newCaller(base, key string) (*caller, error) {
	jar, err := cookiejar.New(nil)
	return &caller{&peer.Peer{URL: base, Key: key, HTTP: &http.Client{Jar: jar, Timeout: 30 * time.Second}, MaxAnswer: 4 << 20}}, err
}
