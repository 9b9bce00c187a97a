package care

import "example.jp/jpkimock/seed"

// Key is a secret, with its published test key.
type Key struct{ Name, Test string }

// Merchant is an institution as the card company's gateway knows it.
type Merchant struct {
	ID, Name, NameEN string
	Key              Key    // opens the gateway
	Secret           Key    // signs the gateway's notices
	Hook             string // the path at which the notices come in
}

// Merchants are the institutions with a cashier.
func Merchants() []Merchant {
	return []Merchant{
		{
			"hospital", "みほん総合病院", "Mihon General Hospital",
			Key{"GATEWAY_HOSPITAL", seed.GatewayHospitalKey}, Key{"GATEWAY_HOSPITAL_NOTICE", seed.GatewayHospitalNoticeKey}, "/hospital/notices",
		}, {
			"clinic", "ひなた診療所", "Hinata Clinic",
			Key{"GATEWAY_CLINIC", seed.GatewayClinicKey}, Key{"GATEWAY_CLINIC_NOTICE", seed.GatewayClinicNoticeKey}, "/clinic/notices",
		},
	}
}
