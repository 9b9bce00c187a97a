// Package picture has the pictures in the chip of a card: text as a PNG of one bit a
// pixel, in a Japanese typeface, and a drawn portrait in JPEG 2000.
//
// The characters are bitmaps of 24 by 24 pixels of Noto Sans CJK JP (SIL Open Font
// License 1.1, see OFL.txt), and the portraits show nobody; the programs in the folder made make both.
// A character that is not among them is drawn as 〓, as an office prints it.
package picture
