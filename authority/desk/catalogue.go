package desk

// Names and offices of the officers of the demonstration.
var (
	officerNames   = [...]string{"窓口　一郎", "窓口　二子", "窓口　三太", "電話　三郎", "認定　四郎"}
	officerOffices = [...]string{"みほん市 市民課", "いろは市 市民課", "ひなた町 住民課", "個人番号カードコールセンター", "総務省 住民制度課"}
)

// Municipalities are the municipalities of the demonstration, in the order of
// their officers.
func Municipalities() []Municipality {
	return []Municipality{
		{Code: "99201", Prefecture: "青葉県", City: "みほん市", PrefectureRomaji: "Aoba-ken", CityRomaji: "Mihon-shi"},
		{Code: "98201", Prefecture: "若葉県", City: "いろは市", PrefectureRomaji: "Wakaba-ken", CityRomaji: "Iroha-shi"},
		{Code: "99321", Prefecture: "青葉県", City: "ひなた町", PrefectureRomaji: "Aoba-ken", CityRomaji: "Hinata-machi"},
	}
}
