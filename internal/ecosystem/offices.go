package ecosystem

import (
	"slices"
	"strings"

	"example.jp/jpkimock/authority/desk"
	authorityweb "example.jp/jpkimock/authority/web"
	"example.jp/jpkimock/internal/ui"
)

// officeLine is a place behind a counter, with what opens it.
type officeLine struct {
	Name, What ui.Text
	URL        string
	Officers   []officerLine // to sign in as
	Key        string
}

// officerLine is somebody to sign in as.
type officerLine struct {
	ID     string
	Office ui.Text
}

// officers gives who sits behind the authority's desks: those of the
// demonstration, and whoever serves at the counter of a further municipality of
// the world.
func (e *Ecosystem) officers() []desk.Officer {
	all := desk.Officers()
	for _, m := range e.world.Municipalities {
		town := desk.Municipality{
			Code: m.Code, Prefecture: m.Prefecture, City: m.City, PrefectureRomaji: m.PrefectureRomaji, CityRomaji: m.CityRomaji,
		}
		i := slices.IndexFunc(all, func(o desk.Officer) bool { return o.ID == m.Officer })
		switch {
		case m.Officer == "":
		case i < 0:
			all = append(all, desk.Officer{ID: m.Officer, Name: officerName, Office: m.City, Roles: []desk.Role{desk.RoleCounter}, Municipality: town})
		case all[i].Municipality.Code != m.Code:
			all[i].Municipality, all[i].Office = town, m.City
		}
	}
	return all
}

// officerName is the name of an officer of whom the world says no more than an
// identifier.
const officerName = "窓口　担当"

// serving gives the officers of a role.
func (e *Ecosystem) serving(role desk.Role) []officerLine {
	var all []officerLine
	for _, o := range e.officers() {
		if o.May(role) {
			all = append(all, officerLine{o.ID, authorityweb.OfficeName(o)})
		}
	}
	return all
}

// offices lists the places behind the counters of the houses that have a URL.
func (e *Ecosystem) offices() []officeLine {
	agency, bank, catv, platform := e.URL("authority"), e.URL("bank"), e.URL("catv"), e.URL("platform")
	officer, staff, set := e.cfg.OfficerKey, e.cfg.BankStaffKey, e.cfg.CATVStaffKey
	all := []officeLine{
		{ui.Text{JA: "市区町村窓口", EN: "Municipal counter"},
			ui.Text{JA: "カードの交付、転居・婚姻などの届出、再発行、紛失、暗証番号の初期化", EN: "Cards issued; moves, marriages and other events; re-issue; loss; PIN reset"},
			agency + "/office/counter", e.serving(desk.RoleCounter), officer},
		{ui.Text{JA: "一時停止受付（24時間365日）", EN: "Suspension desk (day and night)"},
			ui.Text{JA: "電話の申出による電子証明書の一時停止", EN: "Certificates suspended on a telephone call"},
			agency + "/office/suspension", e.serving(desk.RoleSuspension), officer},
		{ui.Text{JA: "認定・検証者台帳", EN: "Register of verifiers"},
			ui.Text{JA: "検証者の認定、停止、取消し", EN: "Verifiers approved, suspended and withdrawn"},
			agency + "/office/verifiers", e.serving(desk.RoleMinistry), officer},
		{ui.Text{JA: "失効情報提供手数料", EN: "Revocation information fees"},
			ui.Text{JA: "検証者ごとの件数と料金、料金表", EN: "Counts and fees by verifier, and the tariff"},
			agency + "/office/fees", e.serving(desk.RoleMinistry), officer},
		{ui.Text{JA: "みほん銀行の業務画面", EN: "Mihon Bank, staff"},
			ui.Text{JA: "変更確認、届出のお願い、費用の比較", EN: "Change confirmation, letters, comparison of costs"},
			bank + "/staff", nil, staff},
		{ui.Text{JA: "みほん銀行の支店窓口", EN: "Mihon Bank, branch counter"},
			ui.Text{JA: "カードをかざすと、お客さまカードなしで口座が見つかる", EN: "A touch of the card finds the customer, without a customer card"},
			bank + "/branch", nil, staff},
		{ui.Text{JA: "みほんケーブルテレビ 運営者", EN: "Mihon Cable TV, operator"},
			ui.Text{JA: "契約、セットトップボックス、視聴者の登録", EN: "Contracts, set-top boxes, viewers"},
			catv + "/operator", nil, set},
		{ui.Text{JA: "みほん市 保健師", EN: "Mihon City, public-health nurse"},
			ui.Text{JA: "測定値と健診結果の記入、メッセージ", EN: "Measurements, check-ups and messages"},
			catv + "/nurse", nil, set},
		{ui.Text{JA: "みほん市 施設担当", EN: "Mihon City, facilities"},
			ui.Text{JA: "その日の利用予定", EN: "The day's bookings"},
			catv + "/municipality", nil, set},
		{ui.Text{JA: "みらい共通認証基盤 登録担当", EN: "Mirai Common Platform, register"},
			ui.Text{JA: "サービスを提供する事業者の登録と停止", EN: "Service providers registered and suspended"},
			platform + "/register", []officerLine{{ID: "kiban-1"}, {ID: "kiban-2"}}, e.cfg.PlatformStaffKey},
	}
	return slices.DeleteFunc(all, func(o officeLine) bool { return strings.HasPrefix(o.URL, "/") }) // a house that is nowhere
}
