package verifiers

import (
	"context"
	"encoding/json"
	"time"

	"example.jp/jpkimock/internal/peer"
	"example.jp/jpkimock/rp/platform/attributes"
)

// Attributes reads what the client software at an address for this server vouches for, to the
// common platform of an origin.
func Attributes(origin, agent string, now func() time.Time) *attributes.Reader {
	software := peer.New(agent, "")
	return &attributes.Reader{Origin: origin, Now: now, Keys: func(ctx context.Context) (keys json.RawMessage, err error) {
		return keys, software.Get(ctx, "/attest/jwks.json", &keys)
	}}
}
