package rp_test

import (
	"context"
	"errors"
	"fmt"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

// A bank accepts a signed application.
func ExampleVerifier_VerifySignature() {
	world, end := rptest.NewExample()
	defer end()
	ctx := context.Background()
	verifier, err := rp.NewVerifier(rp.Config{
		Anchors:      world.Anchors(),
		Key:          rptest.VerifierKey,
		AuthorityURL: world.URL(),
		Now:          world.Clock.Now,
	})
	if err != nil {
		panic(err)
	}

	application := []byte("口座開設申込書 受付番号 2026-0001")
	cms := world.Card("hanako").Sign(application) // in a browser: rp/browser and the card's window

	signature, err := verifier.VerifySignature(ctx, application, cms)
	if err != nil {
		panic(err)
	}
	fmt.Println(signature.BasicFour.CommonName, signature.BasicFour.DateOfBirth.Japanese())
	fmt.Println(len(signature.Record.Checks) > 0, signature.Record.Kind)

	_, err = verifier.VerifySignature(ctx, []byte("口座開設申込書 受付番号 2026-0002"), cms)
	fmt.Println(errors.Is(err, rp.ErrDigest))
	// Output:
	// 見本　花子 昭和55年2月17日
	// true digital-signature
	// true
}

// A customer signs in, and the answer is worth nothing a second time.
func ExampleVerifier_VerifyAuthentication() {
	world, end := rptest.NewExample()
	defer end()
	ctx := context.Background()
	verifier := world.Verifier("https://bank.example.jp")

	challenge, err := verifier.NewChallenge(ctx) // its Nonce goes to the page and into the session
	if err != nil {
		panic(err)
	}
	hanako := world.Card("hanako")
	token := hanako.Authenticate("https://bank.example.jp", challenge.Nonce)

	authentication, err := verifier.VerifyAuthentication(ctx, token, challenge.Nonce)
	if err != nil {
		panic(err)
	}
	fmt.Println(authentication.Serial == hanako.Serial(jpki.UserAuthentication))

	_, err = verifier.VerifyAuthentication(ctx, token, challenge.Nonce)
	fmt.Println(errors.Is(err, rp.ErrChallenge))
	// Output:
	// true
	// true
}

// A bank learns that a customer has moved.
func ExampleVerifier_CheckStatus() {
	world, end := rptest.NewExample()
	defer end()
	verifier := world.Verifier("https://bank.example.jp")
	hanako := world.Card("hanako").Serial(jpki.DigitalSignature)
	taro := world.Card("taro").Serial(jpki.DigitalSignature)

	world.Move("hanako", "青葉県みほん市三番町3-3")

	statuses, err := verifier.CheckStatus(context.Background(), jpki.DigitalSignature, hanako, taro)
	if err != nil {
		panic(err)
	}
	for _, s := range statuses {
		fmt.Println(s.State)
	}
	notice := []byte("住所変更届")
	signature, err := verifier.VerifySignature(context.Background(), notice, world.Card("hanako").Sign(notice))
	if err != nil {
		panic(err)
	}
	fmt.Println(signature.BasicFour.Address)
	// Output:
	// changed
	// unchanged
	// 青葉県みほん市三番町3-3
}

// A customer signs in with a new card.
func ExampleLinkage() {
	world, end := rptest.NewExample()
	defer end()
	ctx := context.Background()
	linkage, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: world.URL(), Key: rptest.VerifierKey})
	if err != nil {
		panic(err)
	}
	known := world.Card("hanako").Serial(jpki.UserAuthentication)
	world.Renew("hanako")

	newest, err := linkage.Successor(ctx, jpki.UserAuthentication, known)
	if err != nil {
		panic(err)
	}
	fmt.Println(newest == world.Card("hanako").Serial(jpki.UserAuthentication))

	before, err := linkage.Predecessors(ctx, jpki.UserAuthentication, newest)
	if err != nil {
		panic(err)
	}
	fmt.Println(len(before) == 1 && before[0] == known)

	signing, err := linkage.Pair(ctx, jpki.UserAuthentication, newest)
	if err != nil {
		panic(err)
	}
	fmt.Println(signing == world.Card("hanako").Serial(jpki.DigitalSignature))
	// Output:
	// true
	// true
	// true
}

// A bank knows a certificate that its holder has renewed, and moved since.
func ExampleFollow() {
	world, end := rptest.NewExample()
	defer end()
	ctx := context.Background()
	verifier := world.Verifier("https://bank.example.jp")
	linkage, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: world.URL(), Key: rptest.VerifierKey})
	if err != nil {
		panic(err)
	}
	known := world.Card("hanako").Serial(jpki.DigitalSignature)
	world.Renew("hanako")

	follow := func() rp.Succession {
		statuses, err := verifier.CheckStatus(ctx, jpki.DigitalSignature, known)
		if err != nil {
			panic(err)
		}
		successions, err := rp.Follow(ctx, verifier, linkage, statuses...)
		if err != nil {
			panic(err)
		}
		return successions[0]
	}
	renewed := follow()
	fmt.Println(renewed.From.Meaning(), renewed.Watch().Meaning(), renewed.Unbroken())
	world.Move("hanako", "青葉県みほん市三番町3-3")
	fmt.Println(follow().Watch().Meaning())
	// Output:
	// renewed unchanged true
	// moved
}

// A customer signs in with a card that the bank has never seen.
func ExampleRecognise() {
	world, end := rptest.NewExample()
	defer end()
	linkage, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: world.URL(), Key: rptest.VerifierKey})
	if err != nil {
		panic(err)
	}
	customers := map[jpki.SerialNumber]string{world.Card("hanako").Serial(jpki.UserAuthentication): "customer 7"}
	world.Renew("hanako")

	holder, err := rp.Recognise(context.Background(), linkage, jpki.UserAuthentication, world.Card("hanako").Serial(jpki.UserAuthentication),
		func(_ context.Context, _ jpki.Kind, serial jpki.SerialNumber) (bool, error) {
			_, known := customers[serial]
			return known, nil
		})
	if err != nil {
		panic(err)
	}
	fmt.Println(holder.Known(), customers[holder.Serial])
	// Output:
	// true customer 7
}

// A notice that serves once, with its signature as it is kept.
func ExampleDocument_Accept() {
	world, end := rptest.NewExample()
	defer end()
	notice, err := rp.WriteDocument("MC", world.Clock.Now(), func(d rp.Document) (string, error) {
		return "住所変更届\n届出番号 " + d.Number + "\n", nil
	})
	if err != nil {
		panic(err)
	}
	cms := world.Card("hanako").Sign([]byte(notice.Content)) // minutes later, from the card's window

	verifier := world.Verifier("https://bank.example.jp")
	signature, kept, err := notice.Accept(context.Background(), verifier, cms, world.Clock.Now())
	if err != nil {
		panic(err)
	}
	fmt.Println(signature.BasicFour.CommonName, kept.Serial == signature.Serial, len(kept.Record.Checks) > 0)

	world.Clock.Advance(rp.DocumentLifetime)
	_, _, err = notice.Accept(context.Background(), verifier, cms, world.Clock.Now())
	fmt.Println(rp.Code(err))
	// Output:
	// 見本　花子 true true
	// draft_expired
}

// What a page can tell somebody whose certificate was revoked.
func ExampleRevokedError() {
	world, end := rptest.NewExample()
	defer end()
	document := []byte("申込書")
	cms := world.Card("taro").Sign(document)
	world.Revoke("taro", jpki.DigitalSignature, jpki.Superseded)

	_, err := world.Verifier("https://bank.example.jp").VerifySignature(context.Background(), document, cms)
	if revoked, ok := errors.AsType[*rp.RevokedError](err); ok {
		fmt.Println(revoked.Reason.Japanese())
	}
	check, _ := errors.AsType[*rp.CheckError](err)
	fmt.Println(check.Check, check.Expected, "/", check.Found)
	// Output:
	// 新しい電子証明書に更新されました
	// status neither revoked nor suspended / revoked
}
