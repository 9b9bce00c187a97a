// Package papers has the contract papers of invented households, for the tests
// of the station and of its pages.
package papers

import "example.jp/jpkimock/catv"

// Contracts are households with a set-top box each.
func Contracts() []catv.Contract {
	person := func(ja, en string, code catv.RegistrationCode, p catv.Profile) catv.Place {
		return catv.Place{Label: catv.Name{JA: ja, EN: en}, Code: code, Profile: p}
	}
	return []catv.Contract{
		{Number: "100101", Holder: catv.Name{JA: "青葉　家", EN: "Aoba family"}, Box: "STB-0101", Places: []catv.Place{
			person("花子 様", "Hanako", "110011", catv.Profile{Born: 1990, Sex: "2", HeightCM: 158, WeightKG: 53.5, Steps: 7600, Systolic: 112, Diastolic: 70}),
			person("陽翔 様", "Haruto", "110022", catv.Profile{Born: 2016, Sex: "1", HeightCM: 131, WeightKG: 28.6, Steps: 11800, Systolic: 98, Diastolic: 58}),
			person("健一 様", "Ken’ichi", "110033", catv.Profile{Born: 1988, Sex: "1", HeightCM: 172, WeightKG: 74, Steps: 6900, Systolic: 128, Diastolic: 82}),
		}},
		{Number: "100102", Holder: catv.Name{JA: "若葉　家", EN: "Wakaba family"}, Box: "STB-0102", Places: []catv.Place{
			person("太郎 様", "Taro", "120011", catv.Profile{Born: 1980, Sex: "1", HeightCM: 170, WeightKG: 76.8, Steps: 6200, Systolic: 134, Diastolic: 86}),
			person("由紀 様", "Yuki", "120022", catv.Profile{Born: 1982, Sex: "2", HeightCM: 161, WeightKG: 55.2, Steps: 8100, Systolic: 116, Diastolic: 72}),
		}},
		{Number: "100103", Holder: catv.Name{JA: "日向　家", EN: "Hinata family"}, Box: "STB-0103", Places: []catv.Place{
			person("美咲 様", "Misaki", "130011", catv.Profile{Born: 1998, Sex: "2", HeightCM: 164, WeightKG: 54.1, Steps: 9300, Systolic: 108, Diastolic: 66}),
			person("一 様", "Hajime", "130022", catv.Profile{Born: 2000, Sex: "1", HeightCM: 175, WeightKG: 66.4, Steps: 8800, Systolic: 118, Diastolic: 74}),
		}},
		{Number: "100104", Holder: catv.Name{JA: "山本　家", EN: "Yamamoto family"}, Box: "STB-0104", Places: []catv.Place{
			person("タツ 様", "Tatsu", "140011", catv.Profile{Born: 1934, Sex: "2", HeightCM: 147, WeightKG: 44.8, Steps: 3400, Systolic: 142, Diastolic: 78}),
			person("明 様", "Akira", "140022", catv.Profile{Born: 1959, Sex: "1", HeightCM: 167, WeightKG: 69.5, Steps: 5600, Systolic: 138, Diastolic: 84}),
		}},
		{Number: "100105", Holder: catv.Name{JA: "𠮷野　家", EN: "Yoshino family"}, Box: "STB-0105", Places: []catv.Place{
			person("桜子 様", "Sakurako", "150011", catv.Profile{Born: 1975, Sex: "2", HeightCM: 156, WeightKG: 58.9, Steps: 7000, Systolic: 124, Diastolic: 78}),
			person("直子 様", "Naoko", "150022", catv.Profile{Born: 1971, Sex: "2", HeightCM: 159, WeightKG: 61.7, Steps: 6400, Systolic: 130, Diastolic: 80}),
		}},
		{Number: "100106", Holder: catv.Name{JA: "国際会館５０２", EN: "International House 502"}, Box: "STB-0106", Places: []catv.Place{
			person("偉 様", "Wei", "160011", catv.Profile{Born: 1991, Sex: "1", HeightCM: 178, WeightKG: 71.3, Steps: 9900, Systolic: 120, Diastolic: 76}),
			person("マリア 様", "Maria", "160022", catv.Profile{Born: 1993, Sex: "2", HeightCM: 165, WeightKG: 57.6, Steps: 8600, Systolic: 110, Diastolic: 68}),
			person("薫 様", "Kaoru", "160033", catv.Profile{Born: 1995, Sex: "9", HeightCM: 168, WeightKG: 62, Steps: 7300, Systolic: 116, Diastolic: 74}),
		}},
		{Number: "100107", Holder: catv.Name{JA: "白川　家", EN: "Shirakawa family"}, Box: "STB-0107", Places: []catv.Place{
			person("健二 様", "Kenji", "170011", catv.Profile{Born: 1968, Sex: "1", HeightCM: 169, WeightKG: 72.2, Steps: 5900, Systolic: 136, Diastolic: 84}),
			person("由美 様", "Yumi", "170022", catv.Profile{Born: 1985, Sex: "2", HeightCM: 160, WeightKG: 52.7, Steps: 8200, Systolic: 114, Diastolic: 70}),
			person("誠 様", "Makoto", "170033", catv.Profile{Born: 1988, Sex: "1", HeightCM: 173, WeightKG: 68.8, Steps: 7700, Systolic: 122, Diastolic: 78}),
			person("実 様", "Minoru", "170044", catv.Profile{Born: 1964, Sex: "1", HeightCM: 166, WeightKG: 70.1, Steps: 6100, Systolic: 132, Diastolic: 82}),
		}},
	}
}
