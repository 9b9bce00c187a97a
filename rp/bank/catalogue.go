package bank

import "slices"

// Name is a name in both languages.
type Name struct {
	JA string `json:"ja"`
	EN string `json:"en"`
}

// Purpose is a purpose of transactions (取引の目的), which a bank must ask for
// before it opens an account (犯罪収益移転防止法 第4条).
type Purpose struct {
	ID   string `json:"id"`
	Name Name   `json:"name"`
}

// Branch is a branch (店舗) with its number of three digits (店番).
type Branch struct {
	Code string `json:"code"`
	Name Name   `json:"name"`
}

// Purposes lists the purposes, the usual one first.
func Purposes() []Purpose {
	return []Purpose{
		{"living", Name{"生計費の決済", "Paying living expenses"}},
		{"salary", Name{"給与・年金の受取り", "Receiving salary or pension"}},
		{"savings", Name{"貯蓄・資産運用", "Saving and investing"}},
		{"tuition", Name{"学費・仕送り", "School fees and allowances"}},
		{"business", Name{"事業費の決済", "Paying business expenses"}},
	}
}

// InternetBranch is the branch of customers who choose none.
const InternetBranch = "901"

// Branches lists the bank's branches, the internet branch first.
func Branches() []Branch {
	return []Branch{
		{InternetBranch, Name{"インターネット支店", "Internet branch"}},
		{"101", Name{"みほん中央支店", "Mihon Central branch"}},
		{"121", Name{"ひなた支店", "Hinata branch"}},
		{"201", Name{"いろは支店", "Iroha branch"}},
	}
}

// What the statement says about the opening gift.
const (
	giftName = "みほん銀行"
	giftMemo = "開設記念"
)

// PurposeByID returns a purpose of the list, or one without a name and false.
func PurposeByID(id string) (Purpose, bool) {
	all := Purposes()
	if i := slices.IndexFunc(all, func(p Purpose) bool { return p.ID == id }); i >= 0 {
		return all[i], true
	}
	return Purpose{ID: id}, false
}

// BranchByCode returns a branch of the list, or one without a name and false.
func BranchByCode(code string) (Branch, bool) {
	all := Branches()
	if i := slices.IndexFunc(all, func(b Branch) bool { return b.Code == code }); i >= 0 {
		return all[i], true
	}
	return Branch{Code: code}, false
}
