package door

import "example.jp/jpkimock/internal/ui"

// saying is what a refusal page says when no house has better words.
type saying struct{ title, body ui.Text }

var (
	notFound = saying{
		ui.Text{JA: "ページが見つかりません", EN: "Page not found"},
		ui.Text{JA: "アドレスが変わったか、入力に誤りがあります。", EN: "The address has changed or was mistyped."},
	}
	notNow = saying{
		ui.Text{JA: "ただいま手続を続けられません", EN: "We cannot go on at the moment"},
		ui.Text{JA: "お手数ですが、しばらくしてからもう一度お試しください。続く場合は、お問い合わせ番号をお知らせください。", EN: "Please try again in a while. If it goes on, tell us the reference below."},
	}
	notAccepted = saying{
		ui.Text{JA: "この操作は受け付けられません", EN: "This cannot be accepted"},
		ui.Text{JA: "入力の内容か、操作の順序をお確かめください。", EN: "Please check what was entered, and the order of the steps."},
	}
)
