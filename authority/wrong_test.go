package authority_test

import (
	"bytes"
	"crypto/x509"
	"errors"
	"slices"
	"testing"
	"time"

	xocsp "golang.org/x/crypto/ocsp"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// wrongly opens an authority that answers as as says, and notes what it was asked.
func wrongly(t *testing.T, as *ca.Wrong, asked *authority.Inquiry) (*authoritytest.World, register.Certificate) {
	w := authoritytest.Open(t, "testdata", func(c *authority.Config) {
		c.Wrong = func(q authority.Inquiry) ca.Wrong {
			*asked = q
			return *as
		}
	})
	return w, w.Settle(authoritytest.Hanako()).Certificates[sign]
}

// A wrong answer is wrong in one thing, and signed by the responder.
func TestAnAnswerIsWrongInOneThing(t *testing.T) {
	var as ca.Wrong
	var asked authority.Inquiry
	w, c := wrongly(t, &as, &asked)
	nonce := []byte("0123456789abcdef0123456789abcdef")
	right := func(q question) *xocsp.Response {
		as = ca.Right
		return ask(t, w, q)
	}
	for _, q := range []question{about(c), {kind: c.Kind, serials: []jpki.SerialNumber{c.Serial}, nonce: nonce}} {
		before := right(q)
		for _, wrong := range []ca.Wrong{ca.Unknown, ca.OtherNonce, ca.Stale, ca.ExpiredResponder} {
			as = wrong
			r := ask(t, w, q)
			if holders := asked.Holders(); asked.Kind != c.Kind || asked.List || asked.VerifierID == "" || !slices.Equal(holders, []string{c.ResidentID}) {
				t.Errorf("%d: asked %+v about %v", wrong, asked, holders)
			}
			now := w.Clock.Now()
			for what, is := range map[string]struct{ got, want bool }{
				"unknown":            {r.Status == xocsp.Unknown, wrong == ca.Unknown},
				"stale":              {r.NextUpdate.Add(23 * time.Hour).Before(now), wrong == ca.Stale},
				"by an expired key":  {now.Add(-23 * time.Hour).After(r.Certificate.NotAfter), wrong == ca.ExpiredResponder},
				"of the responder":   {r.Certificate.Equal(before.Certificate), wrong != ca.ExpiredResponder},
				"of another nonce":   {q.nonce != nil && !bytes.Contains(r.TBSResponseData, nonce), q.nonce != nil && wrong == ca.OtherNonce},
				"of the same serial": {r.SerialNumber.Cmp(before.SerialNumber) == 0, true},
			} {
				if is.got != is.want {
					t.Errorf("wrong %d: %s: %v", wrong, what, is.got)
				}
			}
		}
		if after := right(q); after.Status != xocsp.Good || after.NextUpdate.Before(w.Clock.Now()) {
			t.Errorf("a wrong answer was kept: %+v", after)
		}
	}
}

// A stale CRL is over, and the next right one goes on from the last right one.
func TestAStaleCRLIsForgotten(t *testing.T) {
	var as ca.Wrong
	var asked authority.Inquiry
	w, c := wrongly(t, &as, &asked)
	list := func() *x509.RevocationList {
		t.Helper()
		l, err := w.CRL(t.Context(), c.Kind)
		if err != nil {
			t.Fatal(err)
		}
		read, err := x509.ParseRevocationList(l.DER)
		if err = errors.Join(err, read.CheckSignatureFrom(w.CACertificate(c.Kind))); err != nil || !read.ThisUpdate.Equal(l.ThisUpdate) || !read.NextUpdate.Equal(l.NextUpdate) {
			t.Fatalf("%+v: %v", l, err)
		}
		return read
	}
	before := list()
	as = ca.Stale
	stale, now := list(), w.Clock.Now()
	if !asked.List || asked.VerifierID != "" || asked.Holders() != nil {
		t.Errorf("asked %+v", asked)
	}
	if !stale.NextUpdate.Before(now.Add(-23*time.Hour)) || !stale.ThisUpdate.Before(stale.NextUpdate) {
		t.Errorf("from %v to %v", stale.ThisUpdate, stale.NextUpdate)
	}
	as = ca.Right
	if after := list(); !bytes.Equal(after.Raw, before.Raw) {
		t.Error("the list after a stale one is another")
	}
}

// An answer that somebody else signs says the truth, in the name of the CA: only who looks for the
// CA's own signature in the responder's certificate finds out.
func TestAStrangerSignsAnAnswer(t *testing.T) {
	as := ca.OtherSigner
	var asked authority.Inquiry
	w, c := wrongly(t, &as, &asked)
	answer, err := w.AnswerOCSP(t.Context(), c.Kind, authoritytest.Key, about(c).der(t, w))
	if err != nil {
		t.Fatal(err)
	}
	root := w.CACertificate(c.Kind)
	if _, err := xocsp.ParseResponse(answer.DER, root); err == nil {
		t.Error("the CA has issued the stranger's certificate")
	}
	r, err := xocsp.ParseResponse(answer.DER, nil)
	if err != nil || r.Status != xocsp.Good || r.CheckSignatureFrom(r.Certificate) != nil {
		t.Fatalf("%+v: %v", r, err)
	}
	if !bytes.Equal(r.Certificate.RawIssuer, root.RawSubject) || !slices.Contains(r.Certificate.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning) {
		t.Errorf("the stranger's certificate does not look like the CA's: %v", r.Certificate.Subject)
	}
}
