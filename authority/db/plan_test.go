package db

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"gorm.io/gorm"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/jpki"
)

// Whoever signs in with a card has its certificates looked up: by index, however many the
// authority has issued.
func TestACardsCertificatesAreFoundByIndex(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "authority.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for index, q := range map[string]authority.CertificateQuery{
		"certificates_of_card (card_id=? AND kind=?)":         {Kind: jpki.UserAuthentication, CardID: "x"},
		"certificates_of_resident (resident_id=? AND kind=?)": {Kind: jpki.DigitalSignature, ResidentID: "x"},
		"certificates_of_resident (resident_id=?)":            {ResidentID: "x"},
	} {
		asked := s.db.Read.ToSQL(func(tx *gorm.DB) *gorm.DB { return selected(tx, q).Find(&[]certificateRow{}) })
		var plan []struct{ Detail string }
		if err := s.db.Read.Raw("EXPLAIN QUERY PLAN " + asked).Scan(&plan).Error; err != nil || !strings.Contains(fmt.Sprint(plan), index) {
			t.Errorf("%s: %v %v", asked, plan, err)
		}
	}
}
