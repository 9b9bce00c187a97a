package verifiers

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"example.jp/jpkimock/rp/platform"
)

// MoveServices changes the redirect addresses of services at houses that have moved since the
// platform's register was last in use, as with another --base-port: from the house's URL before,
// by its name, to that of now.
func MoveServices(ctx context.Context, p *platform.Platform, before, now map[string]string) error {
	to := map[string]string{}
	for house, from := range before {
		if from != "" && now[house] != "" && from != now[house] {
			to[from] = now[house]
		}
	}
	if len(to) == 0 {
		return nil
	}
	services, err := p.ServiceProviders(ctx)
	if err != nil {
		return err
	}
	for _, sp := range services {
		changed := false
		for i, address := range sp.RedirectURIs {
			u, err := url.Parse(address)
			if err != nil {
				continue // registered before addresses were checked
			}
			if now := to[u.Scheme+"://"+u.Host]; now != "" {
				sp.RedirectURIs[i], changed = strings.Replace(address, u.Scheme+"://"+u.Host, now, 1), true
			}
		}
		if !changed {
			continue
		}
		if _, err := p.Register(ctx, sp, platform.By{Staff: "設定", Why: "事業者のアドレスの変更による"}); err != nil {
			return fmt.Errorf("verifiers: move %s: %w", sp.ID, err)
		}
	}
	return nil
}
