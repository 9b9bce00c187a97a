package web

import "example.jp/jpkimock/internal/ui"

// titles are the titles of the pages.
var titles = struct{ application, standing ui.Text }{
	application: ui.Text{JA: "市民料金の利用申請", EN: "Apply for the resident price"},
	standing:    ui.Text{JA: "市民料金の状態", EN: "Your resident price"},
}

// ways are the words on the ways out of a refusal.
var ways = struct{ application, standing, enrolment ui.Text }{
	application: ui.Text{JA: "申請の画面へ", EN: "To the application"},
	standing:    ui.Text{JA: "市民料金の状態を見る", EN: "Your resident price"},
	enrolment:   ui.Text{JA: "登録する", EN: "Enrol"},
}
