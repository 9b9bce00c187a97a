// Package record writes the files of the applications that an Individual Number Card
// has beside JPKI: card-face text (券面事項入力補助AP), card face (券面事項確認AP), Basic
// Resident Register (住基AP), common card (共通カードAP), and the objects of the
// issuer's security domain.
//
// The layouts are those that readers of real cards have published; where these say
// nothing, docs/card-protocol.md says what is here. Signatures and CV certificates are
// real ones, by published keys of an issuer that does not exist: nothing they sign proves
// anything. A Record makes a file when it is asked for it, always the same bytes.
package record
