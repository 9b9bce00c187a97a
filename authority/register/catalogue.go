package register

// lifeEventNames are the counter's words for its acts.
var lifeEventNames = map[LifeEvent]string{
	CardIssue: "カードの交付", MoveHouse: "転居", MoveIn: "転入", MoveOut: "転出", NameChange: "婚姻等による氏名の変更",
	Correction: "記載事項の訂正", Death: "死亡", MoveAbroad: "国外転出", TakeOn: "カードの継続利用", Removal: "職権による消除", Loss: "紛失の届出",
	Found: "発見の届出（一時停止の解除）", LossFinal: "紛失による失効", CardReturn: "カードの返納",
	PINReset: "暗証番号の初期化・ロック解除", Renewal: "電子証明書の更新", Reissue: "電子証明書の再発行",
}
