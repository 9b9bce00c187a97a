package apdulog

import (
	"encoding/hex"
	"strings"
	"testing"
)

func octetsOf(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const conversation = `# SELECT JPKI application: done
> 00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01
< 90 00
# SELECT user authentication PIN (0018): done
> 00 A4 02 0C 02 00 18
< 90 00
# VERIFY, tries left of user authentication PIN (0018): 3 tries left
> 00 20 00 80
< 63 C3
# VERIFY user authentication PIN (0018): 2 tries left
> 00 20 00 80 04 {PIN}
< 63 C2
# VERIFY digital signature PIN (001B): blocked
> 00 20 00 9B 06 {PIN}
< 69 84
# SELECT file FFFF: not found
> 00 A4 02 0C 02 FF FF
< 6A 82
# READ BINARY of user authentication PIN (0018) from 258: no answer
> 00 B0 01 02 00
! reset
# READ BINARY of no file from 0: no file selected
> 00 B0 00 00 00
< 69 86
# instruction 80 FC: no session here
> 80 FC 00 00
< 66 F1
# not a command: wrong length
> 00 20 00 80 09 {PIN}
< 67 00
`

func TestALogIsReadByPeopleAndHasNoPIN(t *testing.T) {
	log := New(100)
	for _, c := range [][2]string{
		{"00A4040C0AD392F000260100000001", "9000"}, {"00A4020C020018", "9000"}, {"00200080", "63C3"}, {"002000800431323334", "63C2"},
		{"0020009B06414243313233", "6984"}, {"00A4020C02FFFF", "6A82"}, {"00B0010200", ""}, {"reset", ""}, {"reset", ""}, {"00B0000000", "6986"}, {"80FC0000", "66F1"},
		{"002000800931323334", "6700"},
	} {
		if c[0] == "reset" {
			log.Event(Reset)
			continue
		}
		var answer []byte
		if c[1] != "" {
			answer = octetsOf(t, c[1])
		}
		log.Exchange(octetsOf(t, c[0]), answer)
	}
	if got := log.Text(); got != conversation {
		t.Errorf("the log is\n%s", got)
	}
	if text := log.Text(); strings.Contains(text, "31 32 33 34") || strings.Contains(text, "41 42 43") {
		t.Error("the log has a PIN")
	}
}

func TestALogKeepsItsLatestLinesAndTellsOfNewOnes(t *testing.T) {
	log := New(2)
	_, next := log.After(0)
	for range 3 {
		log.Exchange(octetsOf(t, "00200080"), octetsOf(t, "63C3"))
	}
	<-next
	if lines, _ := log.After(0); len(lines) != 2 || lines[0].No != 2 {
		t.Errorf("%+v", lines)
	}
	if lines, next := log.After(2); len(lines) != 1 || lines[0].No != 3 || next == nil {
		t.Errorf("%+v", lines)
	}
}

func TestATranscriptIsReadAgain(t *testing.T) {
	steps, err := Read(strings.NewReader(conversation), Values{PIN: "56789"})
	if err != nil || len(steps) != 11 {
		t.Fatalf("%d steps, %v", len(steps), err)
	}
	if got := hex.EncodeToString(steps[3].Command); got != "00200080053536373839" {
		t.Errorf("VERIFY is %s", got)
	}
	if !steps[2].Fits(octetsOf(t, "63C3")) || steps[2].Fits(octetsOf(t, "63C2")) || steps[2].Fits(octetsOf(t, "0063C3")) || !steps[6].Fits(nil) {
		t.Error("answers are compared wrongly")
	}
	any, err := Read(strings.NewReader("> 00B0000004\n< {4} 9000\n"), Values{})
	if err != nil || !any[0].Fits(octetsOf(t, "010203049000")) || any[0].Fits(octetsOf(t, "0102039000")) {
		t.Errorf("%v, %v", any, err)
	}
	for _, bad := range []string{"> 00", "> 0020008004 {PIN}", "< 9000", "> 00200080\n< 9000\n< 9000", "> 00200080\n< 9", "say something", "!", "> 00 {A}", "> 0020008004 {PIN", "> 00200080\n< {0}", "> 00200080\n< {000A+1}", "! reset\n< 9000", strings.Repeat("> 00200080\n", mostCommands+1)} {
		if _, err := Read(strings.NewReader(bad), Values{}); err == nil {
			t.Errorf("%.30q is read", bad)
		}
	}
}

func TestNamesInATranscript(t *testing.T) {
	const text = "! variant plastic-2023\n> 00200094 0C {A}\n< 9000\n> 802A0080 03 {zeros 3}\n< {000A+1,2} {A} 9000\n"
	file := func(name string) []byte {
		if name != "000A" {
			return nil
		}
		return []byte{1, 2, 3}
	}
	steps, err := Read(strings.NewReader(text), Values{Numbers: map[string]string{"A": "12"}, File: file})
	if err != nil || len(steps) != 3 || strings.Join(steps[0].Direct, " ") != "variant plastic-2023" {
		t.Fatalf("%+v, %v", steps, err)
	}
	if got := hex.EncodeToString(steps[1].Command); got != "002000940c3132" {
		t.Errorf("VERIFY is %s", got)
	}
	if got := hex.EncodeToString(steps[2].Command); got != "802a008003000000" || !steps[2].Fits(octetsOf(t, "020331329000")) || steps[2].Fits(octetsOf(t, "020231329000")) {
		t.Errorf("%+v", steps[2])
	}
	unknown := Values{Numbers: map[string]string{"A": "12"}}
	if steps, err := Read(strings.NewReader(text), unknown); err != nil || !steps[2].Fits(octetsOf(t, "FFFF31329000")) {
		t.Errorf("without files: %v", err)
	}
	if _, err := Read(strings.NewReader("> 00200080\n< {000B+0,1}"), Values{File: file}); err == nil {
		t.Error("a part of a file that is not there is read")
	}
}

func FuzzRead(f *testing.F) {
	f.Add(conversation)
	f.Add("> 00B0000004\n< {4} 9000\n")
	f.Fuzz(func(t *testing.T, text string) {
		steps, err := Read(strings.NewReader(text), Values{PIN: "1234", Numbers: map[string]string{"A": "123456789018"}})
		if err != nil {
			return
		}
		for _, s := range steps {
			if s.Direct != nil {
				continue
			}
			if len(s.Command) < 2 {
				t.Fatalf("%+v", s)
			}
			Lines([][]byte{s.Command}, [][]byte{s.Command})
		}
	})
}
