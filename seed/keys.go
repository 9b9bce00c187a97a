package seed

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"embed"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"

	"example.jp/jpkimock/authority/jpki"
)

//go:embed keys/*.pem
var keyFiles embed.FS

// Test keys of the houses' own interfaces. They are published and protect nothing:
// a deployment that others can reach must set its own.
const (
	OfficerKey = "test-officer-key-not-secret"
	WriterKey  = "test-writer-key-not-secret"
	TracesKey  = "test-traces-key-not-secret"
	// WhereaboutsKey opens, at every house, what it holds about a person.
	WhereaboutsKey = "test-whereabouts-key-not-secret"
	BankKey        = "test-bank-verifier-key-not-secret"

	BankStaffKey = "test-bank-staff-key-not-secret"

	PlatformKey      = "test-platform-verifier-key-not-secret"
	PlatformStaffKey = "test-platform-staff-key-not-secret"
	CATVKey          = "test-catv-verifier-key-not-secret"
	CATVStaffKey     = "test-catv-staff-key-not-secret"

	GatewayKey               = "test-gateway-verifier-key-not-secret"
	GatewayStaffKey          = "test-gateway-staff-key-not-secret"
	GatewayHospitalKey       = "test-gateway-hospital-key-not-secret"
	GatewayHospitalNoticeKey = "test-gateway-hospital-notice-key-not-secret"
	GatewayClinicKey         = "test-gateway-clinic-key-not-secret"
	GatewayClinicNoticeKey   = "test-gateway-clinic-notice-key-not-secret"

	MedicalKey              = "test-medical-platform-verifier-key-not-secret"
	MedicalKenpoKey         = "test-kenpo-verifier-key-not-secret"
	MedicalKokuhoKey        = "test-kokuho-verifier-key-not-secret"
	MedicalHospitalKey      = "test-hospital-key-not-secret"
	MedicalClinicKey        = "test-clinic-key-not-secret"
	MedicalRelayKey         = "test-medical-relay-key-not-secret"
	MedicalHospitalStaffKey = "test-hospital-staff-key-not-secret"
	MedicalClinicStaffKey   = "test-clinic-staff-key-not-secret"
	MedicalPlatformStaffKey = "test-medical-platform-staff-key-not-secret"
	MedicalKenpoStaffKey    = "test-kenpo-staff-key-not-secret"
	MedicalKokuhoStaffKey   = "test-kokuho-staff-key-not-secret"

	MedicalRxKey           = "test-prescriptions-verifier-key-not-secret"
	MedicalHoldersKey      = "test-medical-holders-key-not-secret"
	MedicalRxHospitalKey   = "test-hospital-prescriptions-key-not-secret"
	MedicalRxMihonKey      = "test-mihon-pharmacy-key-not-secret"
	MedicalRxAobaKey       = "test-aoba-pharmacy-key-not-secret"
	MedicalRxStaffKey      = "test-prescriptions-staff-key-not-secret"
	MedicalDoctorStaffKey  = "test-doctor-staff-key-not-secret"
	MedicalMihonRxStaffKey = "test-mihon-pharmacy-staff-key-not-secret"
	MedicalAobaRxStaffKey  = "test-aoba-pharmacy-staff-key-not-secret"

	PortalKey      = "test-portal-verifier-key-not-secret"
	PortalStaffKey = "test-portal-staff-key-not-secret"
	DeliveryKey    = "test-portal-delivery-key-not-secret"
	// The portal's keys at the bank, the cable operator, a municipality and the insurers.
	BankPortalKey    = "test-portal-bank-key-not-secret"
	CATVPortalKey    = "test-portal-catv-key-not-secret"
	CityPortalKey    = "test-portal-city-key-not-secret"
	InsurerPortalKey = "test-portal-insurer-key-not-secret"
)

// UtilityKey is the published test key of a small business as a verifier, by its ID.
func UtilityKey(id string) string { return "test-" + id + "-verifier-key-not-secret" }

// UtilityStaffKey is the published test key of a small business's staff.
func UtilityStaffKey(id string) string { return "test-" + id + "-staff-key-not-secret" }

// Key returns the published test key of an owner ("ca", "responder" or a card's
// identifier) for a kind of certificate, or nil for an owner without one, whose
// key is then generated at random. A test key must never be trusted outside the
// mock: everyone has it.
func Key(owner string, kind jpki.Kind) (*rsa.PrivateKey, error) {
	return key[*rsa.PrivateKey](owner, kind)
}

// KeyP256 returns the published test key of an owner of a P-256 key:
// "responder-p256".
func KeyP256(owner string, kind jpki.Kind) (*ecdsa.PrivateKey, error) {
	return key[*ecdsa.PrivateKey](owner, kind)
}

func key[K any](owner string, kind jpki.Kind) (none K, _ error) {
	raw, err := keyFiles.ReadFile("keys/" + owner + "." + kind.String() + ".pem")
	if _, unknown := errors.AsType[*fs.PathError](err); unknown {
		return none, nil
	}
	if err != nil {
		return none, err
	}
	block, _ := pem.Decode(raw)
	if block == nil {
		return none, fmt.Errorf("seed: key %s.%s is not PEM", owner, kind)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return none, fmt.Errorf("seed: key %s.%s: %w", owner, kind, err)
	}
	k, ok := parsed.(K)
	if !ok {
		return none, fmt.Errorf("seed: key %s.%s is of type %T", owner, kind, parsed)
	}
	return k, nil
}
