package catv

// Town is the municipality whose facilities and health programme these are
// (みほん市).
var Town = Name{"みほん市", "Mihon City"}

// Nicknames are what a viewer with a remote control can choose from.
func Nicknames() []Name {
	return []Name{
		{"おとうさん", "Dad"}, {"おかあさん", "Mum"}, {"おじいちゃん", "Grandpa"}, {"おばあちゃん", "Grandma"},
		{"おにいちゃん", "Big bro"}, {"おねえちゃん", "Big sis"}, {"さくら", "Sakura"}, {"はな", "Hana"}, {"たろう", "Taro"}, {"ひなた", "Hinata"},
		{"みどり", "Midori"}, {"あおば", "Aoba"}, {"そら", "Sora"}, {"うみ", "Umi"}, {"ほし", "Hoshi"}, {"つき", "Tsuki"},
	}
}

// honorifics are what a name may end in, the usual one first.
func honorifics() []string { return []string{"さん", "ちゃん", "くん", "君", "さま", "様"} }
