package web

import "example.jp/jpkimock/internal/ui"

// titles are the words of the pages that are not in their templates.
var titles = struct {
	list    ui.Text
	numbers [4]ui.Text
}{
	list: ui.Text{JA: "やり取りの図", EN: "What crosses"},
	numbers: [4]ui.Text{
		{JA: "証明書有効性確認依頼", EN: "Ask to check the certificate"},
		{JA: "証明書の有効性確認", EN: "Check the certificate"},
		{JA: "結果返却", EN: "Return the result"},
		{JA: "サービス提供", EN: "Give the service"},
	},
}
