package authority_test

import (
	"context"
	"errors"
	"testing"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/jpki"
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
	if !s.lose {
		return s.Store.Commit(ctx, c)
	}
	s.lose, s.lost = false, true
	if s.after {
		if err := s.Store.Commit(ctx, c); err != nil {
			return err
		}
	}
	return errLost
}

func (s *shaky) Certificate(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (authority.Certificate, error) {
	if s.lost && s.blind {
		return authority.Certificate{}, errLost
	}
	return s.Store.Certificate(ctx, kind, serial)
}

func (s *shaky) Verifiers(ctx context.Context) ([]authority.Verifier, error) {
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
	}{{after: true, reason: authority.Suspended}, {}, {blind: true, reason: authority.Suspended}, {after: true, blind: true, reason: authority.Suspended}} {
		var store *shaky
		w := authoritytest.Open(t, "testdata", func(cfg *authority.Config) {
			store = &shaky{Store: cfg.Store, after: c.after, blind: c.blind}
			cfg.Store = store
		})
		store.lose = true
		_, err := w.ChangeVerifier(ctx, "test-bank", authority.VerifierSuspended, ministry)
		wantErr(t, "the act", err, errLost)
		wantReason(t, w, authoritytest.Key, sign, c.reason)
		store.lost = false
		if _, err := w.ChangeVerifier(ctx, "test-bank", authority.VerifierSuspended, ministry); err != nil {
			t.Errorf("the act again: %v", err)
		}
		wantReason(t, w, authoritytest.Key, sign, authority.Suspended)
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
		"after it was written":             {after: true, status: 1, again: authority.ErrAlreadyRevoked},
		"before it was written":            {status: 0},
		"after it was written, and blind":  {after: true, blind: true, status: 1, again: authority.ErrAlreadyRevoked},
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
			_, err := w.Revoke(ctx, sign, cert.Serial, jpki.KeyCompromise, clerk)
			wantErr(t, "the act", err, errLost)
			if answer := ask(t, w, about(cert)); answer.Status != c.status {
				t.Errorf("OCSP says %d, want %d", answer.Status, c.status)
			}
			store.lost = false
			_, err = w.Revoke(ctx, sign, cert.Serial, jpki.KeyCompromise, clerk)
			wantErr(t, "the act again", err, c.again)
			if answer := ask(t, w, about(cert)); answer.Status != 1 || standing(t, w, cert).State != authority.Revoked {
				t.Errorf("in the end OCSP says %d, the store %+v", answer.Status, standing(t, w, cert))
			}
		})
	}
}
