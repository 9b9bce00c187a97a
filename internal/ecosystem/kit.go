package ecosystem

import (
	"context"
	"crypto/x509"
	"net/http"
	"time"

	"example.jp/jpkimock/internal/ecosystem/oneclock"
	"example.jp/jpkimock/internal/ecosystem/recording"
	"example.jp/jpkimock/rp"
)

// kit is what a relying party verifies with.
type kit struct {
	verifier *rp.Verifier
	linkage  *rp.Linkage
}

// kit builds a relying party's kit: its own origin, its own key at the
// authority, and the authority's CA certificates as anchors. What a party wants
// otherwise it sets in the config.
func (e *Ecosystem) kit(ctx context.Context, house, key string, with ...func(*rp.Config)) (kit, error) {
	anchors, err := e.anchors(ctx)
	if err != nil {
		return kit{}, err
	}
	cfg := rp.Config{
		Anchors: anchors, Origin: e.URL(house), Key: e.key(key), AuthorityURL: e.Peer("authority"),
		Now: e.clock.Now, WantPaired: true, Client: recording.Client(), Trace: recording.Check,
	}
	for _, set := range with {
		set(&cfg)
	}
	verifier, err := rp.NewVerifier(cfg)
	if err != nil {
		return kit{}, err
	}
	linkage, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: e.Peer("authority"), Key: e.key(key), Client: recording.Client()})
	return kit{verifier, linkage}, err
}

// anchors fetches the CA certificates. It waits for an authority that is still
// starting.
func (e *Ecosystem) anchors(ctx context.Context) (anchors []*x509.Certificate, err error) {
	client := &http.Client{Timeout: 5 * time.Second}
	err = oneclock.WaitFor(ctx, func() (err error) {
		anchors, err = rp.FetchAnchors(ctx, client, e.Peer("authority"))
		return err
	})
	return anchors, err
}
