package rp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/internal/outgoing"
)

// maxLinked bounds the answer to a question for a linked serial number.
const maxLinked = 4 << 10

// LinkageConfig says where a Linkage asks, and as whom. AuthorityURL must be
// given.
type LinkageConfig struct {
	// AuthorityURL is the address of the authority as this server reaches it.
	AuthorityURL string
	// Key is the accreditation key.
	Key string
	// Client makes the requests; what Config.Client says holds.
	Client *http.Client
}

// Linkage asks the authority which certificates are of one holder: the other
// one on the same card (対応証明書の発行の番号), the one that followed (新しい発行の
// 番号), and those that went before (従前の発行の番号). It verifies nothing.
// Ask it only about a serial number that was verified and never seen before: each
// question tells the authority whom the relying party serves.
//
// The answers are not signed: they are as trustworthy as the connection to
// AuthorityURL. A Linkage may be used from any goroutine.
type Linkage struct {
	url, key string
	client   *http.Client
}

// NewLinkage checks the config and returns a Linkage.
func NewLinkage(cfg LinkageConfig) (*Linkage, error) {
	if err := outgoing.CheckAddress(cfg.AuthorityURL); err != nil {
		return nil, fmt.Errorf("rp: LinkageConfig.AuthorityURL: %w", err)
	}
	return &Linkage{url: strings.TrimRight(cfg.AuthorityURL, "/"), key: cfg.Key, client: outgoing.Client(cfg.Client, DefaultTimeout)}, nil
}

// Linkage gives the Linkage that asks with the verifier's key at its AuthorityURL; nil for a
// verifier without one.
func (v *Verifier) Linkage() *Linkage { return v.linkage }

// Pair gives the serial number of the other certificate on the same card as
// the certificate of this kind and serial number. It is "" for a holder who
// has no other, as children have none for signing. An error is a *CheckError
// of PairedCheck.
func (l *Linkage) Pair(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (jpki.SerialNumber, error) {
	var answer struct {
		Kind         jpki.Kind         `json:"kind"`
		Serial       jpki.SerialNumber `json:"serial"`
		PairedKind   jpki.Kind         `json:"pairedKind"`
		PairedSerial jpki.SerialNumber `json:"pairedSerial"`
	}
	q := linkQuestion{PairedCheck, "pair", "the serial number of the paired certificate", kind, serial}
	if err := l.ask(ctx, q, &answer); err != nil {
		return "", unlessNone(err)
	}
	if answer.Kind != kind || answer.Serial != serial || answer.PairedKind != kind.Other() || answer.PairedSerial.IsZero() {
		return "", q.refused(ErrStatusUnavailable, fact("about_another"))
	}
	return answer.PairedSerial, nil
}

// Successor gives the serial number of the newest certificate of the same kind
// and holder that is valid now, after a renewal or a re-issue (更新, 再発行). It is
// "" if no valid one followed. An error is a *CheckError of SuccessorCheck.
func (l *Linkage) Successor(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (jpki.SerialNumber, error) {
	var answer struct {
		Kind      jpki.Kind         `json:"kind"`
		Serial    jpki.SerialNumber `json:"serial"`
		Successor jpki.SerialNumber `json:"successor"`
	}
	q := linkQuestion{SuccessorCheck, "successor", "the serial number of the certificate that followed", kind, serial}
	if err := l.ask(ctx, q, &answer); err != nil {
		return "", unlessNone(err)
	}
	if answer.Kind != kind || answer.Serial != serial || answer.Successor.IsZero() {
		return "", q.refused(ErrStatusUnavailable, fact("about_another"))
	}
	return answer.Successor, nil
}

// Predecessors gives the serial numbers of the earlier certificates of the same
// kind and holder, the latest first, at most 32. A
// relying party that has never seen a certificate finds here the one by which it
// knows the holder. There is none before a holder's first certificate. An error is a *CheckError of PredecessorsCheck.
func (l *Linkage) Predecessors(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) ([]jpki.SerialNumber, error) {
	var answer struct {
		Kind         jpki.Kind           `json:"kind"`
		Serial       jpki.SerialNumber   `json:"serial"`
		Predecessors []jpki.SerialNumber `json:"predecessors"`
	}
	q := linkQuestion{PredecessorsCheck, "predecessors", "the serial numbers of the certificates before", kind, serial}
	if err := l.ask(ctx, q, &answer); err != nil {
		return nil, unlessNone(err)
	}
	if answer.Kind != kind || answer.Serial != serial || answer.Predecessors == nil ||
		slices.ContainsFunc(answer.Predecessors, func(s jpki.SerialNumber) bool { return s.IsZero() || s == serial }) {
		return nil, q.refused(ErrStatusUnavailable, fact("about_another"))
	}
	return answer.Predecessors, nil
}

// linkQuestion is a GET of
// /verifier/v1/certificates/<kind>/<serial>/<relation>.
type linkQuestion struct {
	check              Check
	relation, expected string
	kind               jpki.Kind
	serial             jpki.SerialNumber
}

func (q linkQuestion) refused(rule error, found Fact) error {
	return &CheckError{Check: q.check, Kind: q.kind, Expected: fact("link", q.expected, kindName(q.kind), q.serial), Found: found, Err: rule}
}

func (q linkQuestion) unavailable(cause error, found Fact) error {
	return q.refused(fmt.Errorf("%w: %w", ErrStatusUnavailable, cause), found)
}

// errNoLink is the authority's word that there is no such link, which no caller sees.
var errNoLink = errors.New("rp: no such link")

func unlessNone(err error) error {
	if err == errNoLink {
		return nil
	}
	return err
}

// ask puts a question. The error is errNoLink where the authority knows of no such link.
func (l *Linkage) ask(ctx context.Context, q linkQuestion, into any) error {
	if _, err := jpki.ParseSerialNumber(q.serial.String()); err != nil || !q.kind.Valid() {
		return q.refused(ErrMalformed, fact("not_askable"))
	}
	url := fmt.Sprintf("%s/verifier/v1/certificates/%s/%s/%s", l.url, q.kind, q.serial, q.relation)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return q.unavailable(err, fact("no_address"))
	}
	req.Header.Set("Authorization", "Bearer "+l.key)
	resp, err := l.client.Do(req)
	if err != nil {
		return q.unavailable(err, fact("no_answer"))
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return errNoLink
	case http.StatusUnauthorized, http.StatusForbidden:
		return q.refused(ErrNotAccredited, fact("http_status", resp.Status))
	default:
		return q.refused(ErrStatusUnavailable, fact("http_status", resp.Status))
	}
	body, err := outgoing.Read(resp.Body, maxLinked)
	if err != nil {
		return q.unavailable(err, fact("unreadable_body"))
	}
	if err := json.Unmarshal(body, into); err != nil {
		return q.unavailable(ErrMalformed, fact("other_json"))
	}
	return nil
}

// askPaired asks for the serial number of the holder's other certificate, as part
// of a verification.
func (r *run) askPaired(ctx context.Context) (jpki.SerialNumber, error) {
	serial, err := r.v.linkage.Pair(ctx, r.record.Kind, r.record.Serial)
	if c, failed := errors.AsType[*CheckError](err); failed {
		return "", r.require(ctx, false, c.Check, c.Err, c.Expected, c.Found)
	}
	found := fact("none")
	if !serial.IsZero() {
		found = fact("serial", serial)
	}
	return serial, r.require(ctx, true, PairedCheck, nil, fact("paired_serial"), found)
}
