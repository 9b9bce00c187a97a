package jpki_test

import (
	"crypto/x509"
	"encoding/asn1"
	"encoding/json"
	"testing"

	"example.jp/jpkimock/authority/jpki"
)

func TestKind(t *testing.T) {
	for _, c := range []struct {
		kind                 jpki.Kind
		name, japanese, unit string
		other                jpki.Kind
		policy               string
		valid                bool
	}{
		{jpki.DigitalSignature, "digital-signature", "署名用電子証明書", "JPKI for digital signature", jpki.UserAuthentication, "1.2.392.200149.8.5.1.1.20", true},
		{jpki.UserAuthentication, "user-authentication", "利用者証明用電子証明書", "JPKI for user authentication", jpki.DigitalSignature, "1.2.392.200149.8.5.1.3.30", true},
		{0, "unknown-kind", "不明な種別の電子証明書", "", 0, "", false},
		{3, "unknown-kind", "不明な種別の電子証明書", "", 0, "", false},
	} {
		if c.kind.String() != c.name || c.kind.Japanese() != c.japanese || c.kind.Other() != c.other ||
			c.kind.Policy().String() != c.policy || c.kind.OrganizationalUnit() != c.unit || c.kind.Valid() != c.valid {
			t.Errorf("%d: %v %v %v %v %v", int(c.kind), c.kind, c.kind.Japanese(), c.kind.Other(), c.kind.Policy(), c.kind.Valid())
		}
		got, err := jpki.ParseKind(c.kind.String())
		if c.valid != (err == nil) || c.valid && got != c.kind {
			t.Errorf("ParseKind(%s): %v, %v", c.kind, got, err)
		}
	}
}

func TestKindInJSON(t *testing.T) {
	var m map[jpki.Kind]jpki.Kind
	if err := json.Unmarshal([]byte(`{"digital-signature":"user-authentication"}`), &m); err != nil || m[jpki.DigitalSignature] != jpki.UserAuthentication {
		t.Errorf("%v, %v", m, err)
	}
	for _, bad := range []string{`"Digital-Signature"`, `""`, `"1"`} {
		var k jpki.Kind
		if err := json.Unmarshal([]byte(bad), &k); err == nil {
			t.Errorf("%s was read as %v", bad, k)
		}
	}
	if _, err := json.Marshal(jpki.Kind(0)); err == nil {
		t.Error("no kind was written")
	}
}

func TestKindOf(t *testing.T) {
	other := asn1.ObjectIdentifier{1, 2, 392, 200149, 8, 5, 1, 1, 21}
	for _, c := range []struct {
		name     string
		policies []asn1.ObjectIdentifier
		want     jpki.Kind
	}{
		{"signature", []asn1.ObjectIdentifier{jpki.DigitalSignature.Policy()}, jpki.DigitalSignature},
		{"authentication after another", []asn1.ObjectIdentifier{other, jpki.UserAuthentication.Policy()}, jpki.UserAuthentication},
		{"another", []asn1.ObjectIdentifier{other}, 0},
		{"none", nil, 0},
	} {
		got, err := jpki.KindOf(&x509.Certificate{PolicyIdentifiers: c.policies})
		if got != c.want || (err == nil) != (c.want != 0) {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
}

func TestReason(t *testing.T) {
	for r := jpki.Unspecified; r <= jpki.CertificateHold; r++ {
		text, err := r.MarshalText()
		if err != nil || !r.Valid() || r.Japanese() == "失効事由が不明です" {
			t.Errorf("%d: %s, %v", r, text, err)
		}
		var back jpki.Reason
		if err := back.UnmarshalText(text); err != nil || back != r {
			t.Errorf("%s came back as %v, %v", text, back, err)
		}
	}
	kept := jpki.Superseded
	if err := kept.UnmarshalText([]byte("reason(7)")); err == nil || kept != jpki.Superseded {
		t.Errorf("what is no reason became %v, %v", kept, err)
	}
	for _, r := range []jpki.Reason{-1, 7, 8, 9, 10} {
		if _, err := r.MarshalText(); err == nil || r.Valid() {
			t.Errorf("%d is a reason", r)
		}
	}
	for _, s := range []string{"", "keycompromise", "reason(7)", "removeFromCRL"} {
		if _, err := jpki.ParseReason(s); err == nil {
			t.Errorf("%q is a reason", s)
		}
	}
}
