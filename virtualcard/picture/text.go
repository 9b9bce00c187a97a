package picture

import (
	"bytes"
	"compress/zlib"
	_ "embed"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"io"
	"slices"
	"sync"
	"unicode"
)

// cell is the height of a character in pixels, and the width of a wide one.
const cell = 24

// glyphBytes is the size of a bitmap.
const glyphBytes = cell * cell / 8

//go:embed glyphs.bin
var compressed []byte

// typeface is the bitmaps of characters in the order of their code points.
type typeface struct {
	characters []rune
	bitmaps    []byte
}

// theTypeface reads glyphs.bin when the first text is drawn.
var theTypeface = sync.OnceValue(func() typeface {
	z, err := zlib.NewReader(bytes.NewReader(compressed))
	if err != nil {
		panic(err) // it is part of the program
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		panic(err)
	}
	n := int(binary.BigEndian.Uint32(raw))
	t := typeface{make([]rune, n), raw[4+4*n:]}
	for i := range t.characters {
		t.characters[i] = rune(binary.BigEndian.Uint32(raw[4+4*i:]))
	}
	return t
})

// missing stands for a character that the typeface lacks.
const missing = '〓'

// glyph returns a character's bitmap and its width.
func (t typeface) glyph(r rune) (bitmap []byte, width int) {
	i, found := slices.BinarySearch(t.characters, r)
	if !found {
		r = missing
		i, _ = slices.BinarySearch(t.characters, r)
	}
	width = cell
	if r < 0x80 || r >= 0xFF61 && r <= 0xFF9F {
		width = cell / 2
	}
	return t.bitmaps[i*glyphBytes : (i+1)*glyphBytes], width
}

// wrap breaks a text into lines of at most width pixels. Variation selectors are not drawn:
// they choose a form of a character that the typeface has once.
func (t typeface) wrap(text string, width int) [][]rune {
	lines, x := [][]rune{nil}, 0
	for _, r := range text {
		if unicode.Is(unicode.Variation_Selector, r) {
			continue
		}
		_, w := t.glyph(r)
		if x+w > width {
			lines, x = append(lines, nil), 0
		}
		lines[len(lines)-1], x = append(lines[len(lines)-1], r), x+w
	}
	return lines
}

// Text draws a text, black on white, as a PNG of one bit a pixel whose width is given in
// wide characters. It is as high as its lines.
func Text(text string, wide int) []byte {
	t := theTypeface()
	lines := t.wrap(text, wide*cell)
	picture := image.NewPaletted(image.Rect(0, 0, wide*cell, len(lines)*cell), color.Palette{color.White, color.Black})
	for row, line := range lines {
		x := 0
		for _, r := range line {
			bitmap, width := t.glyph(r)
			for i := range cell * width {
				dx, dy := i%width, i/width
				if bitmap[dy*cell/8+dx/8]&(0x80>>(dx%8)) != 0 {
					picture.SetColorIndex(x+dx, row*cell+dy, 1)
				}
			}
			x += width
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		panic(err) // a buffer takes whatever is written
	}
	return out.Bytes()
}
