package picture_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/picture"
)

func draw(t *testing.T, text string, wide int) *image.Paletted {
	t.Helper()
	b := picture.Text(text, wide)
	if b[24] != 1 { // IHDR: bit depth
		t.Fatalf("%s: %d bits a pixel", text, b[24])
	}
	decoded, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return decoded.(*image.Paletted)
}

// ink counts the black pixels of the character in a column.
func ink(m *image.Paletted, column int) (n int) {
	for x := column * 24; x < (column+1)*24; x++ {
		for y := range 24 {
			if m.At(x, y) == (color.RGBA{A: 255}) {
				n++
			}
		}
	}
	return n
}

func TestTextIsDrawnInBlackAndWhite(t *testing.T) {
	m := draw(t, "見本　花子", 20)
	if m.Bounds() != image.Rect(0, 0, 480, 24) {
		t.Fatalf("drawn as %v", m.Bounds())
	}
	for column, empty := range []bool{false, false, true, false, false, true} {
		if (ink(m, column) == 0) != empty {
			t.Errorf("column %d has %d black pixels", column, ink(m, column))
		}
	}
	if same := bytes.Equal(m.Pix, draw(t, "見本　太郎", 20).Pix); same {
		t.Error("two names are drawn alike")
	}
}

func TestALongTextGoesOnBelow(t *testing.T) {
	if m := draw(t, "青葉県みほん市桜町１丁目２番９号みほんマンション５０１", 20); m.Bounds().Dy() != 48 {
		t.Errorf("%v", m.Bounds())
	}
	if m := draw(t, "", 20); m.Bounds().Dy() != 24 {
		t.Errorf("nothing is %v", m.Bounds())
	}
	if m := draw(t, "0123456789", 5); m.Bounds().Dy() != 24 {
		t.Errorf("ten narrow digits in five wide columns: %v", m.Bounds())
	}
}

// What names need is there; the rest is 〓, and a selector is nothing.
func TestCharactersOfNames(t *testing.T) {
	geta := draw(t, "〓", 20).Pix
	for _, name := range []string{"髙", "﨑", "𠮷", "鷗", "齋", "邊", "ヶ", "々"} {
		if bytes.Equal(draw(t, name, 20).Pix, geta) {
			t.Errorf("%s is missing", name)
		}
	}
	if !bytes.Equal(draw(t, "\U0002000B", 20).Pix, geta) {
		t.Error("a missing character is not drawn as 〓")
	}
	if !bytes.Equal(draw(t, "葛\U000E0100城", 20).Pix, draw(t, "葛城", 20).Pix) {
		t.Error("a variation selector is drawn")
	}
}

func TestAPortraitIsAJPEG2000(t *testing.T) {
	seen := map[string]bool{}
	for _, gender := range []jpki.Gender{jpki.Male, jpki.Female, jpki.NotApplicable, ""} {
		for _, age := range []int{-1, 0, 35, 36, 62, 63, 120} {
			b := picture.Portrait(gender, age)
			if !bytes.HasPrefix(b, []byte("\x00\x00\x00\x0CjP  \r\n\x87\n")) || !bytes.HasSuffix(b, []byte{0xFF, 0xD9}) {
				t.Errorf("gender %s, age %d: no JPEG 2000 file", gender, age)
			}
			seen[string(b)] = true
		}
	}
	if len(seen) != 7 {
		t.Errorf("%d portraits", len(seen))
	}
}

// BenchmarkText keeps the typeface unpacked: unpacking it takes longer than a name does.
func BenchmarkText(b *testing.B) {
	for b.Loop() {
		picture.Text("青葉県みほん市中央１丁目１番１号", 20)
	}
}
