package ecosystem

import (
	"context"
	"crypto/x509"
	"net/http"
	"time"

	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	bankdb "example.jp/jpkimock/rp/bank/db"
	bankweb "example.jp/jpkimock/rp/bank/web"
)

func openBank(ctx context.Context, e *Ecosystem) (http.Handler, error) {
	store, err := bankdb.Open(e.database("bank"))
	if err != nil {
		return nil, err
	}
	e.closers = append(e.closers, store)
	verifier, err := e.verifier(ctx, "bank", e.cfg.BankKey)
	if err != nil {
		return nil, err
	}
	linkage, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: e.Peer("authority"), Key: e.cfg.BankKey})
	if err != nil {
		return nil, err
	}
	b, err := bank.New(bank.Config{Verifier: verifier, Linkage: linkage, Store: store, Now: e.clock.Now})
	if err != nil {
		return nil, err
	}
	e.sweeps = append(e.sweeps, b.Sweep)
	return bankweb.New(bankweb.Config{
		Bank: b, Now: e.clock.Now, AgentURL: e.URL("card"), AuthorityURL: e.URL("authority"),
		PublicURL: e.URL("bank"), StaffKey: e.cfg.BankStaffKey, Lobby: e.URL("lobby"), Hosts: e.hosts(), Log: e.cfg.Log,
	})
}

// verifier builds a relying party's kit: its own origin, its own key, and the
// authority's CA certificates as anchors.
func (e *Ecosystem) verifier(ctx context.Context, house, key string) (*rp.Verifier, error) {
	anchors, err := e.anchors(ctx)
	if err != nil {
		return nil, err
	}
	return rp.NewVerifier(rp.Config{
		Anchors: anchors, Origin: e.URL(house), Key: key, AuthorityURL: e.Peer("authority"),
		Now: e.clock.Now, WantPaired: true,
	})
}

// anchors fetches the CA certificates, waiting for an authority that is still
// starting.
func (e *Ecosystem) anchors(ctx context.Context) ([]*x509.Certificate, error) {
	client := &http.Client{Timeout: 5 * time.Second}
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		anchors, err := rp.FetchAnchors(ctx, client, e.Peer("authority"))
		if err == nil {
			return anchors, nil
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-tick.C:
		}
	}
}
