package web

import (
	"testing"

	"example.jp/jpkimock/authority/desk"
)

func TestAnAddressWithinItsMunicipality(t *testing.T) {
	town := desk.Municipalities()[0]
	for in, want := range map[string]string{
		"": "", "桜町１番": "青葉県みほん市桜町１番", "みほん市桜町１番": "青葉県みほん市桜町１番", "青葉県みほん市桜町１番": "青葉県みほん市桜町１番",
	} {
		if got := within(town, in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestReasonsInEnglish(t *testing.T) {
	for in, want := range map[string]string{"出生届": "Notification of birth", "紛失の申出（電話）": "Lost, by telephone", "戸籍届出の通知による": "Notice from the family register", "なにか": "なにか", "": ""} {
		if got := whyText(in); got.JA != in || got.EN != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}
