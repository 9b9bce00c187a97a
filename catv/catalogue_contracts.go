package catv

// DemoContracts are the contracts of the world in the box: households of its
// people, with published registration codes. Whoever opens a station may install
// them.
func DemoContracts() []Contract {
	person := func(ja, en string, code RegistrationCode, p Profile) Place {
		return Place{Label: Name{ja, en}, Code: code, Profile: p}
	}
	return []Contract{
		{Number: "100101", Holder: Name{"青葉　家", "Aoba family"}, Box: "STB-0101", Places: []Place{
			person("花子 様", "Hanako", "110011", Profile{1990, "2", 158, 53.5, 7600, 112, 70}),
			person("陽翔 様", "Haruto", "110022", Profile{2016, "1", 131, 28.6, 11800, 98, 58}),
			person("健一 様", "Ken’ichi", "110033", Profile{1988, "1", 172, 74, 6900, 128, 82}),
		}},
		{Number: "100102", Holder: Name{"若葉　家", "Wakaba family"}, Box: "STB-0102", Places: []Place{
			person("太郎 様", "Taro", "120011", Profile{1980, "1", 170, 76.8, 6200, 134, 86}),
			person("由紀 様", "Yuki", "120022", Profile{1982, "2", 161, 55.2, 8100, 116, 72}),
		}},
		{Number: "100103", Holder: Name{"日向　家", "Hinata family"}, Box: "STB-0103", Places: []Place{
			person("美咲 様", "Misaki", "130011", Profile{1998, "2", 164, 54.1, 9300, 108, 66}),
			person("一 様", "Hajime", "130022", Profile{2000, "1", 175, 66.4, 8800, 118, 74}),
		}},
		{Number: "100104", Holder: Name{"山本　家", "Yamamoto family"}, Box: "STB-0104", Places: []Place{
			person("タツ 様", "Tatsu", "140011", Profile{1934, "2", 147, 44.8, 3400, 142, 78}),
			person("明 様", "Akira", "140022", Profile{1959, "1", 167, 69.5, 5600, 138, 84}),
		}},
		{Number: "100105", Holder: Name{"𠮷野　家", "Yoshino family"}, Box: "STB-0105", Places: []Place{
			person("桜子 様", "Sakurako", "150011", Profile{1975, "2", 156, 58.9, 7000, 124, 78}),
			person("直子 様", "Naoko", "150022", Profile{1971, "2", 159, 61.7, 6400, 130, 80}),
		}},
		{Number: "100106", Holder: Name{"国際会館５０２", "International House 502"}, Box: "STB-0106", Places: []Place{
			person("偉 様", "Wei", "160011", Profile{1991, "1", 178, 71.3, 9900, 120, 76}),
			person("マリア 様", "Maria", "160022", Profile{1993, "2", 165, 57.6, 8600, 110, 68}),
			person("薫 様", "Kaoru", "160033", Profile{1995, "9", 168, 62, 7300, 116, 74}),
		}},
		{Number: "100107", Holder: Name{"白川　家", "Shirakawa family"}, Box: "STB-0107", Places: []Place{
			person("健二 様", "Kenji", "170011", Profile{1968, "1", 169, 72.2, 5900, 136, 84}),
			person("由美 様", "Yumi", "170022", Profile{1985, "2", 160, 52.7, 8200, 114, 70}),
			person("誠 様", "Makoto", "170033", Profile{1988, "1", 173, 68.8, 7700, 122, 78}),
			person("実 様", "Minoru", "170044", Profile{1964, "1", 166, 70.1, 6100, 132, 82}),
		}},
	}
}
