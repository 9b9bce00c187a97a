package play

import "example.jp/jpkimock/internal/ui"

// What was seen of a step that no touch shows.
var (
	sayLaid   = ui.Text{JA: "カードがリーダーに置かれています", EN: "the card lies in the reader"}
	sayTaken  = ui.Text{JA: "カードが取られました", EN: "the card was taken away"}
	sayMoved  = ui.Text{JA: "住所が変わり、署名用電子証明書が失効しました", EN: "the address is another, and the signature certificate was revoked"}
	sayIssued = ui.Text{JA: "新しい署名用電子証明書が発行されました", EN: "a new signature certificate was issued"}
)
