package platform

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// HolderID is a person to the platform, and to nobody else: it says nothing.
type HolderID string

// Certificate is a user authentication certificate by which a holder is known.
type Certificate struct {
	Holder HolderID
	Serial jpki.SerialNumber
	// Paired is the signature certificate that was on the same card when this
	// one was first seen; empty for none.
	Paired   jpki.SerialNumber
	NotAfter time.Time
	SeenAt   time.Time
}

// holder finds whose certificate it is, or takes in a new holder. The platform
// itself knows it, as a rule. One that it has never seen may be the new one of a
// person who was here before (更新, 再発行), who must then get the same sub as
// before. The authority is asked about that; if it does not answer, nobody is
// let in, since a wrong guess here could not be undone.
func (p *Platform) holder(ctx context.Context, who *rp.Authentication) (HolderID, error) {
	known, err := p.cfg.Store.HolderByCertificate(ctx, who.Serial)
	if !errors.Is(err, ErrUnknownHolder) {
		return known, err
	}
	paired, err := p.cfg.Linkage.Pair(ctx, jpki.UserAuthentication, who.Serial)
	if err != nil {
		return "", &CardError{err}
	}
	cert := Certificate{Serial: who.Serial, Paired: paired, SeenAt: p.cfg.Now()}
	if who.Certificate != nil {
		cert.NotAfter = who.Certificate.NotAfter
	}
	if cert.Holder, err = p.before(ctx, cert); err != nil {
		return "", err
	}
	return p.cfg.Store.AddCertificate(ctx, cert)
}

// before finds whose certificate this was made for: who is known by the signature
// certificate beside it, or by a certificate that went before it (従前の発行の番号);
// "" for nobody that is known.
func (p *Platform) before(ctx context.Context, cert Certificate) (HolderID, error) {
	if !cert.Paired.IsZero() {
		known, err := p.cfg.Store.HolderByPaired(ctx, cert.Paired)
		if !errors.Is(err, ErrUnknownHolder) {
			return known, err
		}
	}
	earlier, err := p.cfg.Linkage.Predecessors(ctx, jpki.UserAuthentication, cert.Serial)
	if err != nil {
		return "", &CardError{err}
	}
	for _, serial := range earlier {
		known, err := p.cfg.Store.HolderByCertificate(ctx, serial)
		if !errors.Is(err, ErrUnknownHolder) {
			return known, err
		}
	}
	return "", nil
}

// subject is what a sector's services are told of a holder (sub, pairwise:
// OpenID Connect Core 8.1). Without the platform's key nobody can tell whether
// two of them are the same person's.
func (p *Platform) subject(sp ServiceProvider, h HolderID) string {
	mac := hmac.New(sha256.New, p.pair)
	mac.Write([]byte(sp.Sector))
	mac.Write([]byte{0})
	mac.Write([]byte(h))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
