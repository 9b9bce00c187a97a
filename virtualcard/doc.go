// Package virtualcard is the Individual Number Card (個人番号カード, マイナンバー
// カード) at APDU level: it takes the bytes that a reader sends and answers with
// the bytes that real cards were seen to answer with.
//
// A [Cabinet] holds everybody's cards. A counter makes a card (Blank: the keys
// are made inside), writes it (Personalize) and helps its holder (NewKey,
// Unblock, Kill); a reader powers one up (Connect) and talks to it (Transmit).
// The packages below it:
//
//	apdu      command, response, status word
//	apdulog   what was said to a card, in words and as transcripts
//	jpkiap    the driver over any Transmitter, and the application's words
//	textap    the driver of the card-face text application
//	client    the JPKI user client software without its window
//	agent     its window
//	web       the card desk, and the readers as scripts see them
//	vpcd      shows a card to pcscd as a virtual reader
//	chip      what answers commands: instructions, files, security state
//	record    the files of the applications beside JPKI
//	picture   the pictures in them
//	db        cards that survive a restart
//	cardtest  cards for tests, and the tests of a Store
//
// # What is on the card
//
// The issuer's security domain, selected at power-on; the JPKI application
// (公的個人認証AP); and, on a card of plastic, card-face text (券面事項入力補助AP), card
// face (券面事項確認AP), Basic Resident Register (住基AP) and common card (共通カードAP).
// docs/card-protocol.md lists every file and instruction with its source. The card's own
// specification is not public: the bytes are those that OpenSC, myna and others are known
// to exchange with real cards.
//
// # Secrets
//
// No command, method or printed form reveals a private key or a PIN. A try of a
// PIN is taken from the store before the PIN is compared, so that pulling the card
// out, killing the process or filling the disk gains nobody a comparison. Whoever reads a
// private key by force destroys it (Tamper).
//
// # Where it departs from a real card
//
// The chip's memory is a Store: its database has private keys as PKCS#8 and PINs in
// the clear, protected only by the file's permissions. A real key
// never exists outside its chip. Individual Numbers have a wrong check digit, the issuer
// that signs the card's content does not exist, secure messaging is refused, and where public
// sources are silent on a status word the one of ISO/IEC 7816-4 is used.
package virtualcard
