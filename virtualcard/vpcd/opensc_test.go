//go:build unix

package vpcd_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/pcsctest"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/cardtest"
	"example.jp/jpkimock/virtualcard/chip"
	"example.jp/jpkimock/virtualcard/vpcd"
)

// bench is OpenSC at two readers of a pcscd, and the cabinet whose cards lie there.
type bench struct {
	*pcsctest.Daemon
	t       *testing.T
	cabinet *virtualcard.Cabinet
	readers [pcsctest.Slots]*vpcd.Reader
	dir     string // of files that programs read and write
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{Daemon: pcsctest.Start(t, "pkcs15-tool", "pkcs11-tool", "openssl"), t: t, dir: t.TempDir()}
	b.cabinet = cardtest.Open(t, virtualcard.NewMemoryStore())
	for _, id := range []virtualcard.CardID{"hanako", "taro", "minoru"} {
		cardtest.Hand(t, b.cabinet, id)
	}
	b.must(b.cabinet.Kill(t.Context(), "minoru"))
	for slot := range b.readers {
		b.readers[slot] = vpcd.NewReader(vpcd.Config{Address: b.Address(slot), Cabinet: b.cabinet, Log: slog.New(slog.DiscardHandler)})
		ctx, end := context.WithCancel(context.WithoutCancel(t.Context()))
		done := make(chan struct{})
		go func() { b.readers[slot].Run(ctx); close(done) }()
		t.Cleanup(func() { end(); <-done })
	}
	for _, k := range jpki.Kinds() {
		b.writesPEM(b.ca(k), "CERTIFICATE", cardtest.CA(t, k).Raw)
		key, err := cardtest.Keys{}.Key(t.Context(), "", k)
		b.must(err)
		der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
		b.must(err)
		b.writesPEM(b.public(k), "PUBLIC KEY", der)
	}
	return b
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) file(name string) string       { return filepath.Join(b.dir, name) }
func (b *bench) ca(k jpki.Kind) string         { return b.file(k.String() + ".ca.pem") }
func (b *bench) public(k jpki.Kind) string     { return b.file(k.String() + ".key.pem") }
func (b *bench) writes(name string, to []byte) { b.must(os.WriteFile(name, to, 0o600)) }
func (b *bench) writesPEM(name, kind string, der []byte) {
	b.writes(name, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// lays puts a card into a reader and waits until programs see it.
func (b *bench) lays(slot int, card virtualcard.CardID) {
	b.t.Helper()
	b.must(b.readers[slot].Place(b.t.Context(), card))
	b.SeesCard(slot)
}

// takes empties a reader and waits until programs see that.
func (b *bench) takes(slot int) {
	b.t.Helper()
	b.must(b.readers[slot].Place(b.t.Context(), ""))
	b.SeesNoCard(slot)
}

// refused fails the test unless a program fails and says a text.
func (b *bench) refused(text, program string, args ...string) {
	b.t.Helper()
	out, err := b.Runs(program, args...)
	if err == nil || !strings.Contains(out, text) {
		b.t.Errorf("%s %v: %v, want a failure that says %q:\n%s", program, args, err, text, out)
	}
}

// pkcs11 are the arguments of pkcs11-tool.
func pkcs11(args ...string) []string { return append([]string{"--module", pcsctest.Module}, args...) }

// OpenSC does with the card what it does with a real one.
func TestOpenSC(t *testing.T) {
	b := newBench(t)
	b.lays(0, "hanako")
	for _, step := range []struct {
		name string
		run  func(*bench)
	}{
		{"names the card", (*bench).namesTheCard},
		{"dumps and lists", (*bench).dumpsAndLists},
		{"reads and verifies the four certificates", (*bench).readsCertificates},
		{"reads the card face as docs/card-protocol.md does", (*bench).readsTheCardFace},
		{"signs with both keys", (*bench).signs},
		{"tests the module", (*bench).testsTheModule},
		{"reports a wrong and a blocked PIN", (*bench).reportsPINs},
		{"sees a dead and a foreign card", (*bench).seesOtherCards},
		{"shares the card with a window", (*bench).sharesTheCard},
		{"sees the card pulled and put back", (*bench).pullsTheCard},
		{"uses two readers at once", (*bench).usesTwoReaders},
		{"finds the card after pcscd has restarted", (*bench).restarts},
	} {
		if !t.Run(step.name, func(t *testing.T) { at := *b; at.t, at.Daemon = t, b.At(t); step.run(&at) }) {
			return
		}
	}
}

func (b *bench) namesTheCard() {
	b.Says([]string{"Virtual PCD 00 00", "Virtual PCD 00 01"}, "opensc-tool", "--list-readers")
	b.Says([]string{"jpki"}, "opensc-tool", "--reader", "0", "--name")
	b.Says([]string{"3b:e0:00:ff:81:31:fe:45:14"}, "opensc-tool", "--reader", "0", "--atr")
	b.Says([]string{"(SW1=0x90, SW2=0x00)", "JPKIAPICCTOKEN2", "(SW1=0x63, SW2=0xC3)", "(SW1=0x6A, SW2=0x82)"}, "opensc-tool", "--reader", "0",
		"-s", "00A4040C0AD392F000260100000001", "-s", "00A4020C020006", "-s", "00B0000020", "-s", "00A4020C020018", "-s", "00200080", "-s", "00A4020C02FFFF")
}

// readsTheCardFace runs the page's example in Python, with pyscard.
func (b *bench) readsTheCardFace() {
	page, err := os.ReadFile("../../docs/card-protocol.md")
	if err != nil {
		b.t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(page), "```python\n")
	example, _, found := strings.Cut(after, "```")
	if !found {
		b.t.Fatal("the page has no example in Python")
	}
	const python = "/usr/bin/python3" // Debian's, which has its packages
	if exec.Command(python, "-c", "import smartcard").Run() != nil {
		b.Lacks("pyscard is not installed; see e2e/setup.sh programs")
	}
	b.Says([]string{"花子"}, python, "-c", example)
}

func (b *bench) dumpsAndLists() {
	b.Says([]string{
		"User Authentication PIN", "Digital Signature PIN", "User Authentication Certificate", "Digital Signature Certificate",
		"User Authentication Key", "Digital Signature Key", "Tries left     : 3", "Tries left     : 5",
	}, "pkcs15-tool", "--reader", "0", "--dump")
	b.Says([]string{"JPKI (User Authentication PIN)", "JPKI (Digital Signature PIN)"}, "pkcs11-tool", pkcs11("--list-slots")...)
	b.Says([]string{"Certificate Object; type = X.509 cert", "label:      User Authentication Certificate"}, "pkcs11-tool", pkcs11("--list-objects")...)
	b.Says([]string{"SHA256-RSA-PKCS"}, "pkcs11-tool", pkcs11("--list-mechanisms")...)
}

// readsCertificates reads the four certificates and has openssl verify the two of the
// holder against the two of the CAs.
func (b *bench) readsCertificates() {
	read := func(id string, pin ...string) string {
		name := b.file("read-" + id + ".pem")
		b.Says(nil, "pkcs15-tool", append([]string{"--reader", "0", "--read-certificate", id, "--output", name}, pin...)...)
		return name
	}
	b.refused("", "pkcs15-tool", "--reader", "0", "--read-certificate", "2") // without the password
	at := fmt.Sprint(cardtest.Now().AddDate(0, 1, 0).Unix())
	for _, c := range []struct {
		kind     jpki.Kind
		leaf, ca string
	}{
		{jpki.UserAuthentication, read("1"), read("3")},
		{jpki.DigitalSignature, read("2", "--auth-id", "2", "--pin", cardtest.SignaturePIN, "--verify-pin"), read("4")},
	} {
		b.Says([]string{": OK"}, "openssl", "verify", "-attime", at, "-CAfile", c.ca, c.leaf)
		b.Says([]string{": OK"}, "openssl", "verify", "-attime", at, "-CAfile", b.ca(c.kind), c.leaf)
	}
}

// signatures are what both keys sign by PKCS#11, and their slots in OpenSC's module.
var signatures = []struct {
	kind          jpki.Kind
	slot, id, pin string
}{
	{jpki.UserAuthentication, "0", "01", cardtest.AuthenticationPIN},
	{jpki.DigitalSignature, "1", "02", cardtest.SignaturePIN},
}

func (b *bench) signs() {
	b.writes(b.file("document"), []byte("口座開設申込書\n"))
	for _, s := range signatures {
		for mechanism, digest := range map[string]string{"SHA256-RSA-PKCS": "-sha256", "SHA512-RSA-PKCS": "-sha512"} {
			b.Says(nil, "pkcs11-tool", pkcs11("--slot-index", s.slot, "--login", "--pin", s.pin, "--sign", "--id", s.id, "--mechanism", mechanism,
				"--input-file", b.file("document"), "--output-file", b.file("signature"))...)
			b.Says([]string{"Verified OK"}, "openssl", "dgst", digest, "-verify", b.public(s.kind), "-signature", b.file("signature"), b.file("document"))
		}
	}
}

// testsTheModule runs OpenSC's own test of what the card's mechanisms are. It says "No
// errors" at the end; decryption is no mechanism of this card.
func (b *bench) testsTheModule() {
	for _, s := range signatures {
		out := b.Says([]string{"No errors"}, "pkcs11-tool", pkcs11("--slot-index", s.slot, "--login", "--pin", s.pin, "--test")...)
		if strings.Contains(out, "ERR:") {
			b.t.Errorf("the key of %s: %s", s.kind, out)
		}
	}
}

func (b *bench) reportsPINs() {
	wrong := func(want string) {
		b.t.Helper()
		b.refused(want, "pkcs11-tool", pkcs11("--slot-index", "0", "--login", "--pin", "9999", "--list-objects")...)
	}
	wrong("CKR_PIN_INCORRECT")
	b.Says([]string{"Tries left     : 2"}, "pkcs15-tool", "--reader", "0", "--list-pins")
	b.Says([]string{"user PIN count low"}, "pkcs11-tool", pkcs11("--list-slots")...)
	b.Says(nil, "pkcs11-tool", pkcs11("--slot-index", "0", "--login", "--pin", cardtest.AuthenticationPIN, "--list-objects")...)
	b.Says([]string{"Tries left     : 3"}, "pkcs15-tool", "--reader", "0", "--list-pins")
	for range 3 {
		wrong("CKR_PIN_INCORRECT")
	}
	b.Says([]string{"Tries left     : 0"}, "pkcs15-tool", "--reader", "0", "--list-pins")
	b.Says([]string{"user PIN locked"}, "pkcs11-tool", pkcs11("--list-slots")...)
	b.refused("", "pkcs11-tool", pkcs11("--slot-index", "0", "--login", "--pin", cardtest.AuthenticationPIN, "--list-objects")...)
	b.takes(0)
	b.must(b.cabinet.Unblock(b.t.Context(), "hanako", chip.AuthenticationPIN, cardtest.AuthenticationPIN))
	b.lays(0, "hanako")
}

func (b *bench) seesOtherCards() {
	b.must(b.readers[0].Place(b.t.Context(), virtualcard.TransitCard))
	b.SeesATR(0, "3b:8f:80:01:80:4f:0c")
	out, err := b.Runs("opensc-tool", "--reader", "0", "--name")
	if err == nil && strings.Contains(out, "jpki") {
		b.t.Errorf("a transit card is taken for a JPKI card: %s", out)
	}
	b.must(b.readers[0].Place(b.t.Context(), "minoru"))
	b.SeesNoCard(0)
	b.lays(0, "hanako")
}

// sharesTheCard has a window of this process use the card after OpenSC, and then while
// OpenSC's explorer is connected to it.
func (b *bench) sharesTheCard() {
	window := func() {
		conn, err := b.cabinet.Connect(b.t.Context(), "hanako")
		b.must(err)
		b.must(conn.Close())
	}
	b.signs()
	window()
	b.SeesCard(0) // pcscd may have kept its power until the window took it
	b.signs()
	explorer := b.explores()
	explorer.says("apdu 00A4040C0AD392F000260100000001", "SW1=0x90, SW2=0x00")
	window()
	explorer.says("apdu 00A4020C020018", "Card removed", "Transmit failed", "transmit failed") // by what pcscd does first
	b.SeesCard(0)
	b.signs()
}

// pullsTheCard takes the card away while OpenSC's explorer is connected to it.
func (b *bench) pullsTheCard() {
	explorer := b.explores()
	explorer.says("apdu 00A4040C0AD392F000260100000001", "SW1=0x90, SW2=0x00")
	b.must(b.readers[0].Place(b.t.Context(), ""))
	b.SeesNoCard(0)
	explorer.says("apdu 00A4020C020018", "Card removed")
	b.lays(0, "hanako")
	b.signs()
}

// explorer is a running opensc-explorer.
type explorer struct {
	b   *bench
	in  io.Writer
	out *bufio.Scanner
}

func (b *bench) explores() *explorer {
	b.t.Helper()
	cmd := exec.Command("opensc-explorer", "--reader", "0")
	cmd.Env = append(os.Environ(), b.Environ()...)
	in, err := cmd.StdinPipe()
	b.must(err)
	out, err := cmd.StdoutPipe()
	b.must(err)
	cmd.Stderr = cmd.Stdout
	b.must(cmd.Start())
	b.t.Cleanup(func() { _ = in.Close(); _ = cmd.Wait() })
	return &explorer{b: b, in: in, out: bufio.NewScanner(out)}
}

// says types a line and another, which the explorer repeats when it has done the first, and fails the test unless the answer has one of the texts.
func (e *explorer) says(line string, texts ...string) {
	e.b.t.Helper()
	const end = "that was all"
	_, err := io.WriteString(e.in, line+"\necho "+end+"\n")
	e.b.must(err)
	var said strings.Builder
	for e.out.Scan() && !strings.HasSuffix(e.out.Text(), end) {
		fmt.Fprintln(&said, e.out.Text())
	}
	if !slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(said.String(), text) }) {
		e.b.t.Fatalf("%s: the explorer says none of %q:\n%s", line, texts, &said)
	}
}

// usesTwoReaders signs with two cards in two readers at the same time.
func (b *bench) usesTwoReaders() {
	b.lays(1, "taro")
	b.writes(b.file("digest"), bytes.Repeat([]byte{0x5A}, 32))
	done := make(chan error, pcsctest.Slots)
	signature := func(slot int) string { return b.file(fmt.Sprintf("signature-%d", slot)) }
	for slot := range b.readers {
		go func() {
			out, err := b.Runs("pkcs15-crypt", "--reader", fmt.Sprint(slot), "--sign", "--pkcs1", "--sha-256", "--key", "1", "--pin", cardtest.AuthenticationPIN,
				"--input", b.file("digest"), "--output", signature(slot), "--raw")
			if err != nil {
				err = fmt.Errorf("reader %d: %w: %s", slot, err, out)
			}
			done <- err
		}()
	}
	for range b.readers {
		b.must(<-done)
	}
	for slot := range b.readers {
		b.Says([]string{"Signature Verified Successfully"}, "openssl", "pkeyutl", "-verify", "-pubin", "-inkey", b.public(jpki.UserAuthentication),
			"-pkeyopt", "digest:sha256", "-in", b.file("digest"), "-sigfile", signature(slot))
	}
	b.takes(1)
}

func (b *bench) restarts() {
	b.Restart()
	b.SeesCard(0)
	b.signs()
}
