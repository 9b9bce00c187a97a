package authority_test

import (
	"context"
	"errors"
	"testing"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

var errLost = errors.New("connection lost")

// shaky is a store behind a connection that is lost at the end of the next
// commit.
type shaky struct {
	authority.Store
	lose  bool // at the next commit
	after bool // when all of it was written
	blind bool // nothing can be read afterwards
	lost  bool
}

func (s *shaky) Commit(ctx context.Context, c authority.Change) error {
	return s.through(func() error { return s.Store.Commit(ctx, c) })
}

func (s *shaky) CommitAccreditation(ctx context.Context, c accreditation.Change) error {
	return s.through(func() error { return s.Store.CommitAccreditation(ctx, c) })
}

func (s *shaky) through(commit func() error) error {
	if !s.lose {
		return commit()
	}
	s.lose, s.lost = false, true
	if s.after {
		if err := commit(); err != nil {
			return err
		}
	}
	return errLost
}

func (s *shaky) Certificate(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (register.Certificate, error) {
	if s.lost && s.blind {
		return register.Certificate{}, errLost
	}
	return s.Store.Certificate(ctx, kind, serial)
}

func (s *shaky) Verifiers(ctx context.Context) ([]accreditation.Verifier, error) {
	if s.lost && s.blind {
		return nil, errLost
	}
	return s.Store.Verifiers(ctx)
}

// TestAnAccreditationWhoseEndIsLost is the same of the verifiers' register.
func TestAnAccreditationWhoseEndIsLost(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct {
		after, blind bool
		reason       string // of the refusal, after the failure
	}{{after: true, reason: accreditation.Suspended}, {}, {blind: true, reason: accreditation.Suspended}, {after: true, blind: true, reason: accreditation.Suspended}} {
		var store *shaky
		w := authoritytest.Open(t, "testdata", func(cfg *authority.Config) {
			store = &shaky{Store: cfg.Store, after: c.after, blind: c.blind}
			cfg.Store = store
		})
		store.lose = true
		_, err := w.Ministry.SetState(ctx, "test-bank", accreditation.VerifierSuspended, ministry)
		wantErr(t, "the act", err, errLost)
		wantReason(t, w, authoritytest.Key, sign, c.reason)
		store.lost = false
		if _, err := w.Ministry.SetState(ctx, "test-bank", accreditation.VerifierSuspended, ministry); err != nil {
			t.Errorf("the act again: %v", err)
		}
		wantReason(t, w, authoritytest.Key, sign, accreditation.Suspended)
	}
}

// TestACommitThatIsLost: whether it was written or not, the answers say what the
// store says; where that cannot be read, a certificate that was to be revoked is
// not answered as good, and the act can be done again.
func TestACommitThatIsLost(t *testing.T) {
	ctx := context.Background()
	for name, c := range map[string]struct {
		after, blind bool
		status       int // of OCSP, after the failure
		again        error
	}{
		"after it was written":             {after: true, status: 1, again: register.ErrAlreadyRevoked},
		"before it was written":            {status: 0},
		"after it was written, and blind":  {after: true, blind: true, status: 1, again: register.ErrAlreadyRevoked},
		"before it was written, and blind": {blind: true, status: 1},
	} {
		t.Run(name, func(t *testing.T) {
			var store *shaky
			w := authoritytest.Open(t, "testdata", func(cfg *authority.Config) {
				store = &shaky{Store: cfg.Store, after: c.after, blind: c.blind}
				cfg.Store = store
			})
			cert := w.Settle(authoritytest.Hanako()).Certificates[sign]
			store.lose = true
			_, err := w.Revoke(ctx, sign, cert.Serial, jpki.KeyCompromise, atCounter)
			wantErr(t, "the act", err, errLost)
			if answer := ask(t, w, about(cert)); answer.Status != c.status {
				t.Errorf("OCSP says %d, want %d", answer.Status, c.status)
			}
			store.lost = false
			_, err = w.Revoke(ctx, sign, cert.Serial, jpki.KeyCompromise, atCounter)
			wantErr(t, "the act again", err, c.again)
			if answer := ask(t, w, about(cert)); answer.Status != 1 || status(t, w, cert).State != register.Revoked {
				t.Errorf("in the end OCSP says %d, the store %+v", answer.Status, status(t, w, cert))
			}
		})
	}
}
