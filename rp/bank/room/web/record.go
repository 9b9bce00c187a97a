package web

import (
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/words"
)

// Field is a field of a customer's record, by its name and in words.
type Field struct{ Name, Value ui.Text }

// Record returns what a record says about a customer: the four basic data (基本４
// 情報) and the serial number of the certificate that certifies them.
func Record(f jpki.BasicFour, serial jpki.SerialNumber) []Field {
	return append(BasicFour(f), Field{serialName, ui.Text{JA: serial.String()}})
}

// BasicFour returns the four basic data in words.
func BasicFour(f jpki.BasicFour) []Field {
	return []Field{
		{nameName, ui.Text{JA: f.CommonName}},
		{addressName, ui.Text{JA: f.Address}},
		{birthName, ui.Text{JA: f.DateOfBirth.Japanese(), EN: f.DateOfBirth.Gregorian()}},
		{genderName, words.Gender(f.Gender)},
	}
}
