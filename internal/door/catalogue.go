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
	otherHost = saying{
		ui.Text{JA: "この名前のアドレスでは開けません", EN: "Not under this name"},
		ui.Text{JA: "この模擬環境は、localhostか数字のアドレス、または登録された名前で開いてください。名前は、環境変数JPKIMOCK_HOSTSに登録できます。", EN: "Open this mock as localhost, by a numeric address, or by a registered name. Names are registered in the environment variable JPKIMOCK_HOSTS."},
	}
	// tooManyKeys leaves open how many, and for how many seconds.
	tooManyKeys = saying{
		ui.Text{JA: "鍵のまちがいが続いたため、しばらく受け付けません", EN: "No key is taken for a while after too many wrong ones"},
		ui.Text{JA: "まちがった鍵が、同じところから1分のうちに%d回入力されました。ほかの人による試し入力を防ぐため、正しい鍵もいまは受け付けません。\n%d秒たってから、もう一度サインインしてください。", EN: "%d wrong keys came from one address within a minute. To stop others from trying keys, the right one is not taken now either.\nPlease sign in again in %d seconds."},
	}
	signInAgain = ui.Text{JA: "サインインの画面に戻る", EN: "Back to the sign-in"}
)
