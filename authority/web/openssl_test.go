package web_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
)

// openssl runs the judge that nobody here wrote. Without it the test is
// skipped, except in continuous integration.
func openssl(t *testing.T, args ...string) (string, bool) {
	t.Helper()
	path, err := exec.LookPath("openssl")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("openssl is missing")
		}
		t.Skip("openssl is missing")
	}
	out, err := exec.CommandContext(context.Background(), path, args...).CombinedOutput()
	return string(out), err == nil
}

// opensslTown has hanako's certificates and the CAs' in files.
type opensslTown struct {
	*town
	issued authority.Issued
	ca     map[jpki.Kind]string
	holder map[jpki.Kind]string
}

func forOpenSSL(t *testing.T) opensslTown {
	tn := opensslTown{town: open(t), ca: map[jpki.Kind]string{}, holder: map[jpki.Kind]string{}}
	tn.issued = tn.Settle(authoritytest.Hanako())
	for _, kind := range jpki.Kinds() {
		tn.ca[kind] = tn.file("ca-"+kind.String()+".pem", tn.do("GET", "/ca/"+kind.String()+".pem", nil).body)
		tn.holder[kind] = tn.file(kind.String()+".pem", certPEM(tn.issued.Certificates[kind].DER))
	}
	return tn
}

func (tn opensslTown) revoke(kind jpki.Kind, reason jpki.Reason) {
	tn.t.Helper()
	if _, err := tn.Revoke(context.Background(), kind, tn.issued.Certificates[kind].Serial, reason, desk.By{Why: "試験"}); err != nil {
		tn.t.Fatal(err)
	}
}

func TestOpenSSLVerifiesWithTheCRL(t *testing.T) {
	for _, kind := range jpki.Kinds() {
		tn := forOpenSSL(t)
		verify := func() (string, bool) {
			der := tn.do("GET", "/crl/"+kind.String()+".crl", nil, "Authorization", "Bearer "+authoritytest.Key)
			tn.want(der, 200, "")
			crl := tn.file("list.crl", der.body)
			if out, ok := openssl(t, "crl", "-inform", "DER", "-in", crl, "-CAfile", tn.ca[kind], "-noout"); !ok || !strings.Contains(out, "verify OK") {
				t.Errorf("%v: openssl crl: %s", kind, out)
			}
			if out, ok := openssl(t, "crl", "-inform", "DER", "-in", crl, "-out", crl+".pem"); !ok {
				t.Fatal(out)
			}
			return openssl(t, "verify", "-x509_strict", "-CAfile", tn.ca[kind], "-crl_check", "-CRLfile", crl+".pem", tn.holder[kind])
		}
		if out, ok := verify(); !ok {
			t.Errorf("%v: good: %s", kind, out)
		}
		tn.revoke(kind, jpki.AffiliationChanged)
		if out, ok := verify(); ok || !strings.Contains(out, "certificate revoked") {
			t.Errorf("%v: revoked: %s", kind, out)
		}
	}
}

func TestOpenSSLVerifiesTheResponder(t *testing.T) {
	tn := forOpenSSL(t)
	for _, kind := range jpki.Kinds() {
		responder := tn.file("responder.pem", certPEM(tn.ResponderCertificate(kind).Raw))
		if out, ok := openssl(t, "verify", "-x509_strict", "-purpose", "ocsphelper", "-CAfile", tn.ca[kind], responder); !ok {
			t.Errorf("%v: %s", kind, out)
		}
	}
	if out, ok := openssl(t, "verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", tn.ca[auth], tn.holder[auth]); !ok {
		t.Errorf("the authentication certificate is none for clientAuth: %s", out)
	}
}

// TestOpenSSLAsks asks in every way a standard client has.
func TestOpenSSLAsks(t *testing.T) {
	tn := forOpenSSL(t)
	url := tn.url + "/ocsp/" + sign.String()
	header := []string{"-url", url, "-header", "Authorization=Bearer " + authoritytest.Key}
	base := []string{"ocsp", "-issuer", tn.ca[sign], "-CAfile", tn.ca[sign]}
	ask := func(more ...string) (string, bool) {
		return openssl(t, append(append([]string{}, base...), more...)...)
	}
	with := func(a []string, b ...string) []string { return append(append([]string{}, a...), b...) }

	for name, args := range map[string][]string{
		"nonce":            with(header, "-cert", tn.holder[sign]),
		"no nonce":         with(header, "-no_nonce", "-cert", tn.holder[sign]),
		"SHA-256 CertID":   with(header, "-sha256", "-cert", tn.holder[sign]),
		"key in the path":  {"-url", url + "/key/" + authoritytest.Key, "-cert", tn.holder[sign]},
		"two certificates": with(header, "-cert", tn.holder[sign], "-serial", "0x7FFFFFFF"),
	} {
		out, ok := ask(args...)
		if !ok {
			t.Errorf("%s: %s", name, out)
		}
		contains(t, name, out, "Response verify OK", tn.holder[sign]+": good")
		if strings.Contains(out, "WARNING: no nonce") != (name == "no nonce") && name == "nonce" {
			t.Errorf("%s: %s", name, out)
		}
	}
	out, _ := ask(with(header, "-serial", "0x7FFFFFFF")...)
	contains(t, "unknown", out, "Response verify OK", "0x7FFFFFFF: unknown")

	if _, err := tn.Suspend(context.Background(), sign, tn.issued.Certificates[sign].Serial, desk.By{}); err != nil {
		t.Fatal(err)
	}
	out, _ = ask(with(header, "-cert", tn.holder[sign])...)
	contains(t, "suspended", out, "Response verify OK", ": revoked", "Reason: certificateHold")
	tn.revoke(sign, jpki.AffiliationChanged)
	out, _ = ask(with(header, "-cert", tn.holder[sign])...)
	contains(t, "revoked", out, "Response verify OK", ": revoked", "Reason: affiliationChanged", "Revocation Time:")

	for name, args := range map[string][]string{
		"no key":    {"-url", url, "-cert", tn.holder[sign]},
		"wrong key": {"-url", url, "-header", "Authorization=Bearer nobody-has-this-key", "-cert", tn.holder[sign]},
	} {
		out, ok := ask(args...)
		contains(t, name, out, "unauthorized (6)")
		if ok {
			t.Errorf("%s: openssl is content: %s", name, out)
		}
	}
}
