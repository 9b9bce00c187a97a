package care

import (
	"net/http"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/seed"
)

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

// GatewayFaults silence the card company in front of merchants, or lose what it says.
func GatewayFaults() []fault.Fault {
	begin, end := ui.Text{JA: "止める", EN: "Stop it"}, ui.Text{JA: "再開する", EN: "Start it again"}
	return append(fault.Usual(&fault.Words{
		Title: ui.Text{JA: "カード会社が応答しないとき", EN: "When the card company does not answer"},
		What:  ui.Text{JA: "加盟店からの照会を止めます。会計は現金になります。", EN: "Stops what merchants ask. Bills are paid in cash."},
		Begin: begin, End: end,
	}, "/v1"), fault.Fault{
		Name: "answer-lost", Effect: fault.Unheard(), Routes: []string{"/v1/captures"}, Shown: &fault.Words{
			Title: ui.Text{JA: "請求のあと、回答が届かないとき", EN: "When the answer to a charge is lost"},
			What:  ui.Text{JA: "請求は行われ、その回答だけが失われます。会計は「確認中」になり、照会で決着します。", EN: "The charge is made and its answer lost. The bill is in doubt until the card company is asked."},
			Begin: ui.Text{JA: "失わせる", EN: "Lose it"}, End: ui.Text{JA: "元に戻す", EN: "Mend it"},
		},
	})
}

// MerchantNames names the institutions that ask the gateway, and their house.
func MerchantNames() (names []string) {
	for _, m := range Merchants() {
		names = append(names, m.ID)
	}
	return append(names, "medical")
}

// Parties are those who ask the gateway. keys gives the value of a key.
func Parties(keys func(name string) string) fault.Parties {
	return fault.Parties{Callers: MerchantNames, Of: func(r *http.Request) []string {
		given, _ := door.Bearer(r)
		for _, m := range Merchants() {
			if given != "" && given == keys(m.Key.Name) {
				return []string{m.ID, "medical"}
			}
		}
		return nil
	}}
}
