package ocsp_test

import (
	"bytes"
	"crypto"
	"encoding/hex"
	"errors"
	"math/big"
	"os"
	"strings"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"
	xocsp "golang.org/x/crypto/ocsp"

	"example.jp/jpkimock/authority/ocsp"
)

// TestRequests reads the requests of testdata/requests.txt.
func TestRequests(t *testing.T) {
	text, err := os.ReadFile("testdata/requests.txt")
	if err != nil {
		t.Fatal(err)
	}
	for block := range strings.SplitSeq(string(text), "\n\n") {
		var name, want string
		var der []byte
		for line := range strings.Lines(block) {
			line = strings.TrimSpace(line)
			switch key, value, _ := strings.Cut(line, ": "); {
			case strings.HasPrefix(line, "#") || line == "":
			case key == "name":
				name = value
			case key == "want":
				want = value
			default:
				b, err := hex.DecodeString(strings.ReplaceAll(line, " ", ""))
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				der = append(der, b...)
			}
		}
		if name == "" {
			continue
		}
		if got := outcome(der); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func outcome(der []byte) string {
	r, err := ocsp.ParseRequest(der)
	if err != nil {
		if !errors.Is(err, ocsp.ErrMalformed) {
			return "another error: " + err.Error()
		}
		return "malformed"
	}
	parts := []string{}
	for _, id := range r.CertIDs {
		parts = append(parts, hex.EncodeToString(id.Serial))
	}
	if r.Nonce != nil {
		parts = append(parts, "nonce", hex.EncodeToString(r.Nonce))
	}
	if r.Signed {
		parts = append(parts, "signed")
	}
	return strings.Join(parts, " ")
}

// many is a request about n certificates.
func many(t testing.TB, n int) []byte {
	t.Helper()
	var b cryptobyte.Builder
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
				for i := range n {
					b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
							b.AddBytes([]byte{0x30, 0x09, 0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A, 0x05, 0x00})
							b.AddASN1OctetString(make([]byte, 20))
							b.AddASN1OctetString(make([]byte, 20))
							b.AddASN1Int64(int64(i + 1))
						})
					})
				}
			})
		})
	})
	der, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestBounds(t *testing.T) {
	if r, err := ocsp.ParseRequest(many(t, ocsp.MaxCertIDs)); err != nil || len(r.CertIDs) != ocsp.MaxCertIDs {
		t.Errorf("%d certificates: %v", ocsp.MaxCertIDs, err)
	}
	if _, err := ocsp.ParseRequest(many(t, ocsp.MaxCertIDs+1)); !errors.Is(err, ocsp.ErrMalformed) {
		t.Errorf("%d certificates: %v", ocsp.MaxCertIDs+1, err)
	}
	if _, err := ocsp.ParseRequest(many(t, 1000)); !errors.Is(err, ocsp.ErrMalformed) {
		t.Errorf("more than %d octets: %v", ocsp.MaxRequest, err)
	}
}

// FuzzParseRequest: nothing panics, what is read is within the bounds, its
// parts lie in the request, and golang.org/x/crypto/ocsp reads the same.
func FuzzParseRequest(f *testing.F) {
	f.Add(many(f, 1))
	f.Add(many(f, 3))
	request := xocsp.Request{HashAlgorithm: crypto.SHA256, IssuerNameHash: make([]byte, 32), IssuerKeyHash: make([]byte, 32), SerialNumber: big.NewInt(0x0705D990)}
	der, err := request.Marshal()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(der)
	nonced, err := hex.DecodeString("307530733051304f304d300906052b0e03021a05000414" + strings.Repeat("aa", 20) + "0414" + strings.Repeat("bb", 20) + "0204" + "0705d990")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(nonced)
	f.Fuzz(func(t *testing.T, der []byte) {
		r, err := ocsp.ParseRequest(der)
		if err != nil {
			if !errors.Is(err, ocsp.ErrMalformed) {
				t.Errorf("another error: %v", err)
			}
			return
		}
		if n := len(r.CertIDs); n == 0 || n > ocsp.MaxCertIDs || len(r.Nonce) > ocsp.MaxNonce || r.Nonce != nil && len(r.Nonce) == 0 {
			t.Errorf("out of bounds: %d certificates, nonce of %d", n, len(r.Nonce))
		}
		for _, id := range r.CertIDs {
			if !bytes.Contains(der, id.Raw) || len(id.Serial) == 0 || len(id.Serial) > 21 {
				t.Errorf("certificate %x", id.Raw)
			}
		}
		other, err := xocsp.ParseRequest(der)
		if err == nil && other.SerialNumber.Cmp(new(big.Int).SetBytes(r.CertIDs[0].Serial)) != 0 {
			t.Errorf("serial %x, x/crypto says %v", r.CertIDs[0].Serial, other.SerialNumber)
		}
	})
}

// BenchmarkParseRequest reads a request about one certificate.
func BenchmarkParseRequest(b *testing.B) {
	der := many(b, 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ocsp.ParseRequest(der); err != nil {
			b.Fatal(err)
		}
	}
}
