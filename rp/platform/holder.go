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
	cert := Certificate{Serial: who.Serial, SeenAt: p.cfg.Now()}
	if who.Certificate != nil {
		cert.NotAfter = who.Certificate.NotAfter
	}
	by, err := rp.Recognise(ctx, p.cfg.Linkage, jpki.UserAuthentication, who.Serial,
		func(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (bool, error) {
			find := p.cfg.Store.HolderByCertificate
			if kind == jpki.DigitalSignature {
				find = p.cfg.Store.HolderByPaired
			}
			var err error
			if cert.Holder, err = find(ctx, serial); errors.Is(err, ErrUnknownHolder) {
				return false, nil
			}
			return err == nil, err
		})
	if err != nil {
		return "", err
	}
	cert.Paired = by.Paired
	return p.cfg.Store.AddCertificate(ctx, cert)
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
