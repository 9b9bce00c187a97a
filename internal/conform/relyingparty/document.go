package relyingparty

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/citizen"
	"example.jp/jpkimock/internal/conform"
	"example.jp/jpkimock/internal/conform/forge"
)

// application is what the person signs.
const application = "適合試験の申請書\n"

// documents are the cases of signed documents.
func (p *Party) documents() []conform.Case {
	put := p.Town.Reset
	fails := func(id, name string) conform.Case {
		return p.after(p.signs(id, conform.Refuse, signed), func(ctx context.Context) error { return p.Town.Fails(ctx, name) }, p.Town.Mended)
	}
	return []conform.Case{
		p.signs("RP-70", conform.Accept, signed),
		p.signs("RP-71", conform.Refuse, func(ctx context.Context, p *Party) ([]byte, []byte, error) {
			document, cms, err := signed(ctx, p)
			return append(document, '.'), cms, err
		}),
		p.signs("RP-72", conform.Refuse, func(ctx context.Context, p *Party) ([]byte, []byte, error) {
			document, cms, err := signed(ctx, p)
			if err == nil {
				cms = slices.Clone(cms)
				cms[len(cms)-1] ^= 1 // the last octet of the signature
			}
			return document, cms, err
		}),
		p.after(p.signs("RP-73", conform.Refuse, func(ctx context.Context, p *Party) ([]byte, []byte, error) {
			document, cms, err := signed(ctx, p)
			if err == nil {
				err = p.Town.Happens(ctx, "move")
			}
			return document, cms, err
		}), p.events(), put),
		p.after(p.signs("RP-74", conform.Accept, signed), func(ctx context.Context) error {
			if err := p.Town.Happens(ctx, "move"); err != nil {
				return err
			}
			return p.Town.Renews(ctx)
		}, put),
		p.after(p.signs("RP-75", conform.Refuse, func(ctx context.Context, p *Party) ([]byte, []byte, error) {
			document, cms, err := signed(ctx, p)
			if err == nil {
				err = p.Town.Happens(ctx, "lose")
			}
			return document, cms, err
		}), p.events(), put),
		fails("RP-76", "ocsp-unknown"),
		fails("RP-77", "silent"),
	}
}

// documentCertificates are the cases of documents that were signed with a certificate with one fault.
// What was signed names that certificate; the key is the card's, and the serial number that of the
// honest certificate, whose status is good.
func (p *Party) documentCertificates() []conform.Case {
	const own = jpki.DigitalSignature
	return []conform.Case{
		p.signs("RP-80", conform.Refuse, signedByOtherKind),
		p.signs("RP-81", conform.Refuse, signedWith(issued(own, forge.Policy(jpki.UserAuthentication)))),
		p.signs("RP-82", conform.Refuse, signedWith(issued(own, forge.NoPolicies))),
		p.signs("RP-83", conform.Refuse, signedWith(issued(own, expired))),
		p.signs("RP-84", conform.Refuse, signedWith(issued(own, notYet))),
		p.signs("RP-85", conform.Refuse, signedWith(impostor(own))),
		p.signs("RP-86", conform.Refuse, signedWith(issued(jpki.UserAuthentication))),
		p.signs("RP-87", conform.Refuse, signedWith(altered)),
		p.signs("RP-88", conform.Refuse, signedWith(issued(own, forge.UnknownCritical))),
		p.signs("RP-89", conform.Refuse, signedWith(issued(own, forge.IsCA))),
		p.signs("RP-90", conform.Refuse, signedWith(issued(own, forge.NoSignatures))),
		p.signs("RP-91", conform.Refuse, func(ctx context.Context, p *Party) ([]byte, []byte, error) {
			return made(ctx, p, func(cms []byte, honest *x509.Certificate) ([]byte, error) {
				other, err := issued(own, forge.Valid(honest.NotBefore, honest.NotAfter.Add(-day)))(p.Town, honest)
				if err != nil {
					return nil, err
				}
				return forge.Swapped(cms, other)
			})
		}),
	}
}

// made is a document, and a signature that is made from the person's.
func made(ctx context.Context, p *Party, how func(cms []byte, honest *x509.Certificate) ([]byte, error)) (document, cms []byte, err error) {
	document, cms, err = signed(ctx, p)
	if err != nil {
		return nil, nil, err
	}
	honest, err := forge.Signature(cms)
	if err != nil {
		return nil, nil, err
	}
	cms, err = how(cms, honest)
	return document, cms, err
}

// signedWith is a document that a card with such a certificate has signed.
func signedWith(how forged) func(context.Context, *Party) ([]byte, []byte, error) {
	return func(ctx context.Context, p *Party) ([]byte, []byte, error) {
		return made(ctx, p, func(cms []byte, honest *x509.Certificate) ([]byte, error) {
			key, err := p.Town.HolderKey(jpki.DigitalSignature)
			if err != nil {
				return nil, err
			}
			certificate, err := how(p.Town, honest)
			if err != nil {
				return nil, err
			}
			return forge.SignedAgain(cms, certificate, key)
		})
	}
}

// signedByOtherKind is a document that the card has signed with its user authentication certificate.
func signedByOtherKind(ctx context.Context, p *Party) ([]byte, []byte, error) {
	return made(ctx, p, func(cms []byte, _ *x509.Certificate) ([]byte, error) {
		certificate, err := p.Town.Certificate(ctx, jpki.UserAuthentication)
		if err != nil {
			return nil, err
		}
		key, err := p.Town.HolderKey(jpki.UserAuthentication)
		if err != nil {
			return nil, err
		}
		return forge.SignedAgain(cms, certificate, key)
	})
}

// signed is a document, and the person's signature of it.
func signed(ctx context.Context, p *Party) (document, cms []byte, err error) {
	b, err := citizen.NewBrowser(p.HTTP)
	if err != nil {
		return nil, nil, err
	}
	at, err := url.Parse(p.Documents)
	if err != nil {
		return nil, nil, err
	}
	origin := (&url.URL{Scheme: at.Scheme, Host: at.Host}).String()
	document = []byte(application)
	cms, err = b.Sign(ctx, p.Town.Card(jpki.DigitalSignature), origin, "application.txt", "text/plain; charset=utf-8", document)
	return document, cms, err
}

// longestAnswer bounds what is read of an answer, in octets.
const longestAnswer = 1 << 10

// signs makes a case of one document that is posted.
func (p *Party) signs(id string, want conform.Expectation, what func(context.Context, *Party) ([]byte, []byte, error)) conform.Case {
	client := http.Client{Transport: p.HTTP, Timeout: time.Minute}
	return conform.Case{ID: id, Words: words(id), Expected: want, Try: func(ctx context.Context) (conform.Seen, error) {
		document, cms, err := what(ctx, p)
		if err != nil {
			return conform.Seen{}, err
		}
		body, err := json.Marshal(struct {
			Document []byte `json:"document"`
			CMS      []byte `json:"cms"`
		}{document, cms})
		if err != nil {
			return conform.Seen{}, err
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.Documents, bytes.NewReader(body))
		if err != nil {
			return conform.Seen{}, err
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json")
		answer, err := client.Do(r)
		if err != nil {
			return conform.Seen{Came: "no answer: " + err.Error()}, ctx.Err()
		}
		defer answer.Body.Close()
		said, err := io.ReadAll(io.LimitReader(answer.Body, longestAnswer))
		return conform.Seen{Accepted: answer.StatusCode/100 == 2, Came: fmt.Sprintf("HTTP %d: %s", answer.StatusCode, said)}, err
	}}
}
