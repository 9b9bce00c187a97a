package acr_test

import (
	"strings"
	"testing"

	"example.jp/jpkimock/rp/platform/acr"
)

func TestWhatAServiceAsksFor(t *testing.T) {
	for asked, crl := range map[string]bool{"": false, "aal3": false, "ocsp": false, "aal3 ocsp": false, "crl": true, "aal3 crl": true, "crl aal3": true, " aal3  crl ": true} {
		if v, err := acr.Parse(asked); err != nil || v.CRL != crl {
			t.Errorf("%q: %+v, %v", asked, v, err)
		}
	}
	for asked, why := range map[string]string{
		"aal2": `"aal2" is unknown`, "AAL3": "unknown", "aal3,crl": "unknown", "aal3 loa4": "unknown", "crl crl": "more than once", "crl ocsp": "not both", "aal3 ocsp crl": "not both",
		strings.Repeat("aal3 ", 20): "longer than 64", "\x00": "unknown",
	} {
		if v, err := acr.Parse(asked); err == nil || !strings.Contains(err.Error(), why) || v.CRL && why == "unknown" {
			t.Errorf("%q: %+v, %v", asked, v, err)
		}
	}
}
