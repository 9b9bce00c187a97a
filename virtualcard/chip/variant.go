package chip

import "example.jp/jpkimock/authority/jpki"

// model is what tells the variants apart.
type model struct {
	label          string // of EF 0006
	atr            []byte
	applications   bool // those beside JPKI
	certificatePIN bool // the user authentication certificate needs its PIN
}

// modelOf returns a variant's properties; an unknown one is plastic. Which generation has
// which ATR is not public: each is one that was registered for JPKI (OpenSC,
// win32/customactions.cpp).
func modelOf(v jpki.CardVariant) model {
	switch v {
	case jpki.Plastic2023:
		return model{
			label: "JPKIAPICCTOKEN2", applications: true,
			atr: []byte{0x3B, 0xDA, 0x13, 0xFF, 0x81, 0x31, 0xFB, 0x46, 0x80, 0x12, 0x39, 0x2F, 0x31, 0xC1, 0x73, 0xC6, 0x01, 0xC0, 0x3B},
		}
	case jpki.AndroidToken:
		return model{
			label: "JPKIAPGPSETOKEN", certificatePIN: true,
			atr: []byte{0x3B, 0x88, 0x80, 0x01, 0x00, 0x00, 0x05, 0xE0, 0xB3, 0x81, 0xA1, 0x00, 0x7F},
		}
	}
	return model{
		label: "JPKIAPICCTOKEN2", applications: true,
		atr: []byte{0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14},
	}
}
