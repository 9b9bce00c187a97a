package rp

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/internal/wire"
)

// MaxCRL is the most octets of a CRL that are read, enough for some three
// million entries.
const MaxCRL = 128 << 20

// CRL is a certificate revocation list (失効リスト) that was read and verified.
// An entry takes 16 octets of memory. It may be used from any goroutine.
type CRL struct {
	Kind       jpki.Kind
	ThisUpdate time.Time
	NextUpdate time.Time
	entries    []wire.ListEntry // sorted by serial
	long       map[jpki.SerialNumber]wire.ListEntry
	issuer     []byte // key identifier of the CA
	now        func() time.Time
	skew       time.Duration
}

// Len gives the number of revoked and suspended certificates.
func (c *CRL) Len() int { return len(c.entries) + len(c.long) }

// Status tells what the list says of a serial number. A list names only what
// is revoked, so it cannot tell an unchanged certificate from one that was
// never issued: both are Unchanged. After NextUpdate the list is out of date:
// ErrStatusStale.
func (c *CRL) Status(serial jpki.SerialNumber) (Status, error) {
	if now := c.now(); now.After(c.NextUpdate.Add(c.skew)) {
		return Status{}, &CheckError{Check: StatusCheck, Kind: c.Kind, Expected: fact("current_list", now), Found: fact("list_times", c.ThisUpdate, c.NextUpdate), Err: ErrStatusStale}
	}
	s := Status{Kind: c.Kind, Serial: serial, State: Unchanged, ProducedAt: c.ThisUpdate}
	e, found := c.long[serial]
	if n := serial.Big(); n.IsUint64() {
		var i int
		i, found = slices.BinarySearchFunc(c.entries, n.Uint64(), func(e wire.ListEntry, n uint64) int {
			switch {
			case e.Serial < n:
				return -1
			case e.Serial > n:
				return 1
			}
			return 0
		})
		if found {
			e = c.entries[i]
		}
	}
	if found {
		s.Reason, s.At = e.Reason(), e.At()
		s.State = stateOf(s.Reason)
	}
	return s, nil
}

type listKey struct{}

// WithCRL has what is verified under the context looked up in a list, in place of OCSP, which list,
// such as [Verifier.FetchCRL], gives. One of another CA is ErrStatusUnavailable.
func WithCRL(ctx context.Context, list func(context.Context, jpki.Kind) (*CRL, error)) context.Context {
	return context.WithValue(ctx, listKey{}, list)
}

// FetchCRL downloads and reads the list of a kind, from
// Config.AuthorityURL/crl/<kind>.crl. The time limit of Config.Client counts
// for the whole download.
func (v *Verifier) FetchCRL(ctx context.Context, kind jpki.Kind) (*CRL, error) {
	r := v.begin(VerbCheckStatus, kind)
	url := v.cfg.AuthorityURL + "/crl/" + kind.String() + ".crl"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil || v.cfg.AuthorityURL == "" {
		return nil, r.unavailable(ctx, fact("authority_address"), fact("none"), err)
	}
	req.Header.Set("Authorization", "Bearer "+v.cfg.Key)
	resp, err := v.cfg.Client.Do(req)
	if err != nil {
		return nil, r.unavailable(ctx, fact("crl", url), fact("no_answer"), err)
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
		return v.ReadCRL(ctx, resp.Body, kind)
	case http.StatusUnauthorized, http.StatusForbidden:
		return nil, r.require(ctx, false, StatusCheck, ErrNotAccredited, fact("crl", url), fact("http_status", resp.Status))
	}
	return nil, r.unavailable(ctx, fact("crl", url), fact("http_status", resp.Status), nil)
}

// ReadCRL reads the DER of a full CRL in one pass, without holding it in
// memory, and verifies that an anchor of the kind signed it and that it is of
// this time. Anything less gives no list.
func (v *Verifier) ReadCRL(ctx context.Context, from io.Reader, kind jpki.Kind) (*CRL, error) {
	r := v.begin(VerbCheckStatus, kind)
	read, err := wire.ReadList(from, MaxCRL)
	if refused, ok := errors.AsType[*wire.Refusal](err); ok {
		return nil, r.unavailable(ctx, detail(refused.Expected), detail(refused.Found), refused.Err)
	}
	if err := r.crlIssuer(ctx, read); err != nil {
		return nil, err
	}
	list := &CRL{
		Kind: kind, ThisUpdate: read.ThisUpdate, NextUpdate: read.NextUpdate, entries: read.Entries, long: read.Long,
		now: v.cfg.Now, skew: v.cfg.ClockSkew, issuer: read.KeyID,
	}
	now := r.record.At
	ok := !list.ThisUpdate.After(now.Add(v.cfg.ClockSkew)) && !list.NextUpdate.Before(now.Add(-v.cfg.ClockSkew))
	if err := r.require(ctx, ok, StatusCheck, ErrStatusStale, fact("current_list", now),
		fact("list_times", list.ThisUpdate, list.NextUpdate)); err != nil {
		return nil, err
	}
	bySerial := func(a, b wire.ListEntry) int { return cmp.Compare(a.Serial, b.Serial) }
	if !slices.IsSortedFunc(list.entries, bySerial) {
		slices.SortFunc(list.entries, bySerial)
	}
	return list, nil
}

// crlIssuer checks that an anchor signed the list.
func (r *run) crlIssuer(ctx context.Context, list *wire.RevocationList) error {
	for _, a := range r.v.generations(r.record.Kind) {
		if !bytes.Equal(a.cert.RawSubject, list.Issuer) || !bytes.Equal(a.cert.SubjectKeyId, list.KeyID) {
			continue
		}
		ok := wire.Signed(a.cert, list.Digest, list.Signature)
		return r.require(ctx, ok, StatusCheck, ErrStatusResponder, fact("list_signature"), same(ok, fact("no_signature")))
	}
	return r.require(ctx, false, StatusCheck, ErrStatusResponder, fact("list_of_trusted_ca"), fact("authority_key", hex.EncodeToString(list.KeyID)))
}
