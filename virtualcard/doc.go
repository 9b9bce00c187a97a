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
//	jpkiap    the driver over any Transmitter, and the application's words
//	client    the JPKI user client software without its window
//	agent     its window
//	vpcd      shows a card to pcscd as a virtual reader
//	db        cards that survive a restart
//	cardtest  cards for tests, and the tests of a Store
//
// # What is on the card
//
// The issuer's security domain, selected at power-on and nearly empty, and the
// JPKI application (公的個人認証AP) with its elementary files, see filesystem.go.
// The instructions are SELECT, READ BINARY, VERIFY, CHANGE REFERENCE DATA,
// COMPUTE DIGITAL SIGNATURE, GET CHALLENGE and GET DATA; one function each, with
// its bytes beside it, in applet.go, pin.go and signature.go. The card's own
// specification is not public: the bytes are those that OpenSC, myna and others
// are known to exchange with real cards.
//
// # Secrets
//
// No command, method or printed form reveals a private key or a PIN. A try of a
// PIN is taken from the store before the PIN is compared, so that pulling the card
// out, killing the process or filling the disk gains nobody a comparison.
//
// # Where it departs from a real card
//
// The chip's memory is a Store: its database has private keys as PKCS#8 and PINs in
// the clear, protected only by the file's permissions. A real key
// never exists outside its chip. The card-face, register and common
// applications are absent (6A82), secure messaging is refused, and where public
// sources are silent on a status word the one of ISO/IEC 7816-4 is used.
package virtualcard
