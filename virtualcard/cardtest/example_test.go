package cardtest_test

import (
	"context"
	"fmt"
	"log"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/cardtest"
)

// A driver's test: select card-face text, mistype the PIN, type it, read the name.
func Example() {
	card, err := cardtest.New(cardtest.Card{Name: "試験　太郎", Gender: jpki.Male, AuthenticationPIN: "4321"})
	if err != nil {
		log.Fatal(err)
	}
	defer card.Close()
	send := func(command string) []byte {
		answer, err := card.Transmit(context.Background(), []byte(command))
		if err != nil {
			log.Fatal(err)
		}
		return answer
	}
	fmt.Printf("select: %X\n", send("\x00\xA4\x04\x0C\x0A\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x08"))
	fmt.Printf("wrong PIN: %X\n", send("\x00\x20\x00\x91\x041234"))
	fmt.Printf("right PIN: %X\n", send("\x00\x20\x00\x91\x044321"))
	attributes := send("\x00\xB0\x82\x00\x00")
	at := attributes[7] // the offset of the name, of which one byte is enough here
	length := attributes[at+2]
	fmt.Printf("name: %s\n", attributes[at+3:at+3+length])
	// Output:
	// select: 9000
	// wrong PIN: 63C2
	// right PIN: 9000
	// name: 試験　太郎
}
