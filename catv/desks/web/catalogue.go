package web

import (
	"time"

	"example.jp/jpkimock/internal/ui"
)

// deskSite says whose desk a page of staff is at: the nurse and the facilities are
// the municipality's, in the operator's house.
func deskSite(d deskName, lobby string, now func() time.Time) ui.Site {
	s := ui.Site{House: "catv", Lobby: lobby, Now: now}
	switch d {
	case nurseDesk:
		s.Name = ui.Text{JA: "みほん市 健康づくり課（模擬）", EN: "Mihon City, Health Promotion (mock)"}
		s.Tagline = ui.Text{JA: "健康情報サービスの業務端末", EN: "Desk of the health service"}
		s.Nav = []ui.Link{{Text: titles.nurse, Href: "/nurse"}}
	case townDesk:
		s.Name = ui.Text{JA: "みほん市 施設担当（模擬）", EN: "Mihon City, Facilities (mock)"}
		s.Tagline = ui.Text{JA: "施設予約の業務端末", EN: "Desk of the bookings"}
		s.Nav = []ui.Link{{Text: titles.municipality, Href: "/municipality"}}
	default:
		s.Name = ui.Text{JA: "みほんケーブルテレビ 業務", EN: "Mihon Cable TV, operations"}
		s.Tagline = ui.Text{JA: "契約と視聴者の管理", EN: "Contracts and viewers"}
		s.Nav = []ui.Link{{Text: titles.operator, Href: "/operator"}}
	}
	return s
}

// titles are the titles of the pages.
var titles = struct{ operator, contract, nurse, participant, municipality ui.Text }{
	operator:     ui.Text{JA: "契約と視聴者", EN: "Contracts and viewers"},
	contract:     ui.Text{JA: "契約", EN: "Contract"},
	nurse:        ui.Text{JA: "健康づくり事業の参加者", EN: "Participants of the health programme"},
	participant:  ui.Text{JA: "参加者の記録", EN: "A participant's record"},
	municipality: ui.Text{JA: "施設の利用予定", EN: "Bookings of the day"},
}

// ways are the words on the ways out of a refusal.
var ways = struct{ participant ui.Text }{
	participant: ui.Text{JA: "参加者の記録に戻る", EN: "Back to the participant"},
}

// deskNames name the desks.
var deskNames = map[deskName]ui.Text{
	operatorDesk: {JA: "運営者（みほんケーブルテレビ）", EN: "Operator (Mihon Cable TV)"},
	nurseDesk:    {JA: "保健師（みほん市 健康づくり課）", EN: "Public-health nurse (Mihon City)"},
	townDesk:     {JA: "みほん市 施設担当", EN: "Mihon City, facilities"},
}
