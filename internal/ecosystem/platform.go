package ecosystem

import (
	"context"
	"net/http"

	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/platform"
	platformdb "example.jp/jpkimock/rp/platform/db"
	platformweb "example.jp/jpkimock/rp/platform/web"
)

func openPlatform(ctx context.Context, e *Ecosystem) (http.Handler, error) {
	store, err := platformdb.Open(e.database("platform"))
	if err != nil {
		return nil, err
	}
	e.closers = append(e.closers, store)
	verifier, err := e.verifier(ctx, "platform", e.cfg.PlatformKey)
	if err != nil {
		return nil, err
	}
	linkage, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: e.Peer("authority"), Key: e.cfg.PlatformKey})
	if err != nil {
		return nil, err
	}
	p, err := platform.New(ctx, platform.Config{
		Verifier: verifier, Linkage: linkage, Store: store, Now: e.clock.Now, PublicURL: e.URL("platform"),
	})
	if err != nil {
		return nil, err
	}
	e.sweeps = append(e.sweeps, p.Sweep)
	return platformweb.New(platformweb.Config{
		Platform: p, Now: e.clock.Now, AgentURL: e.URL("card"), AgentPeer: e.Peer("card"), PublicURL: e.URL("platform"),
		StaffKey: e.cfg.PlatformStaffKey, Lobby: e.URL("lobby"), Hosts: e.hosts(), Log: e.cfg.Log,
	})
}
