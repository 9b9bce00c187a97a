package latest

import (
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// Application is what a holder signs (利用者同意申請情報).
type Application struct {
	// Number is used once: 1 to 40 letters, digits and hyphens.
	Number    string
	WrittenAt time.Time // to the second
	// Provider is the verifier's ID at the authority, and Service the verifier's own name
	// for the service: 1 to 63 lower-case letters, digits, ".", "_" and "-".
	Provider, Service string
	// ServiceName and Purpose are what the holder reads, at most 100 and 200 characters.
	ServiceName, Purpose string
	Items                []Item // in the order of Items
}

// MaxApplication bounds the XML of an application, in octets.
const MaxApplication = 16 << 10

// Names of the elements.
const (
	rootTag    = "利用者同意申請情報"
	numberTag  = "申請番号"
	timeTag    = "申請日時"
	whoTag     = "検証者"
	serviceTag = "サービス識別子"
	nameTag    = "サービス名"
	purposeTag = "利用目的"
	itemsTag   = "提供項目"
	itemTag    = "項目"
)

var (
	numberForm = regexp.MustCompile(`^[A-Za-z0-9-]{1,40}$`)
	idForm     = regexp.MustCompile(`^[a-z0-9._-]{1,63}$`)
)

// Check reports the first thing that an application may not say. The error matches
// rp.ErrMalformed.
func (a Application) Check() error {
	switch {
	case !numberForm.MatchString(a.Number):
		return malformed(numberTag, "want 1 to 40 letters, digits and hyphens")
	case a.WrittenAt.IsZero() || a.WrittenAt.Nanosecond() != 0:
		return malformed(timeTag, "want a time in whole seconds")
	case !idForm.MatchString(a.Provider):
		return malformed(whoTag, "want the verifier's ID")
	case !idForm.MatchString(a.Service):
		return malformed(serviceTag, "want 1 to 63 lower-case letters, digits, dots, underscores and hyphens")
	case !readable(a.ServiceName, 100):
		return malformed(nameTag, "want 1 to 100 characters on a line")
	case !readable(a.Purpose, 200):
		return malformed(purposeTag, "want 1 to 200 characters on a line")
	case len(a.Items) == 0 || !slices.Equal(a.Items, inOrder(a.Items)):
		return malformed(itemsTag, "want one to four of 氏名, 住所, 生年月日 and 性別, in this order, each once")
	}
	return nil
}

// inOrder gives those of all items that are in some.
func inOrder(some []Item) []Item {
	return slices.DeleteFunc(Items(), func(i Item) bool { return !slices.Contains(some, i) })
}

func readable(s string, max int) bool {
	return s != "" && strings.TrimSpace(s) == s && utf8.ValidString(s) && utf8.RuneCountInString(s) <= max && !strings.ContainsFunc(s, unicode.IsControl)
}

func malformed(where, why string) error {
	return fmt.Errorf("rp/latest: %w: %s: %s", rp.ErrMalformed, where, why)
}

// Document writes the application with a number of its own, as a page has it signed. The
// media type is text/plain: the card client shows the XML as it is, and signs nothing that
// it cannot show.
func (a Application) Document(now time.Time) (rp.Document, error) {
	d, err := rp.WriteDocument("LK", now, func(d rp.Document) (string, error) {
		a.Number, a.WrittenAt = d.Number, d.WrittenAt
		return a.XML()
	})
	d.Name = d.Number + ".xml"
	return d, err
}

// XML writes the application: UTF-8, an element on a line.
func (a Application) XML() (string, error) {
	if err := a.Check(); err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<" + rootTag + ">\n")
	line := func(indent, tag, text string) {
		b.WriteString(indent + "<" + tag + ">")
		_ = xml.EscapeText(&b, []byte(text)) // a Builder takes everything
		b.WriteString("</" + tag + ">\n")
	}
	line("  ", numberTag, a.Number)
	line("  ", timeTag, a.WrittenAt.In(jpki.JST).Format(time.RFC3339))
	line("  ", whoTag, a.Provider)
	line("  ", serviceTag, a.Service)
	line("  ", nameTag, a.ServiceName)
	line("  ", purposeTag, a.Purpose)
	b.WriteString("  <" + itemsTag + ">\n")
	for _, i := range a.Items {
		line("    ", itemTag, i.Japanese())
	}
	b.WriteString("  </" + itemsTag + ">\n</" + rootTag + ">\n")
	return b.String(), nil
}

// Parse reads an application: the elements that XML writes, each once and in that order,
// with white space between them as one likes. No attributes, comments, instructions or
// document types, and nothing else. The error matches rp.ErrMalformed or rp.ErrTooLarge.
func Parse(text []byte) (Application, error) {
	if len(text) > MaxApplication {
		return Application{}, fmt.Errorf("rp/latest: %w: over %d octets", rp.ErrTooLarge, MaxApplication)
	}
	r := &reader{d: xml.NewDecoder(strings.NewReader(string(text)))}
	var a Application
	r.open(rootTag)
	a.Number = r.leaf(numberTag)
	written := r.leaf(timeTag)
	a.Provider, a.Service, a.ServiceName, a.Purpose = r.leaf(whoTag), r.leaf(serviceTag), r.leaf(nameTag), r.leaf(purposeTag)
	r.open(itemsTag)
	for len(a.Items) <= len(Items()) && r.more() {
		name := r.leaf(itemTag)
		at := slices.IndexFunc(Items(), func(i Item) bool { return i.Japanese() == name })
		if r.err == nil && at < 0 {
			r.err = malformed(itemTag, "want 氏名, 住所, 生年月日 or 性別")
		}
		if r.err == nil {
			a.Items = append(a.Items, Items()[at])
		}
	}
	r.close(itemsTag)
	r.close(rootTag)
	r.end()
	if r.err != nil {
		return Application{}, r.err
	}
	t, err := time.Parse(time.RFC3339, written)
	if err != nil {
		return Application{}, malformed(timeTag, "want a time such as 2026-12-01T10:00:00+09:00")
	}
	a.WrittenAt = t.UTC()
	return a, a.Check()
}

// reader reads elements in an order. After its first error it reads nothing more.
type reader struct {
	d      *xml.Decoder
	peeked xml.Token
	begun  bool
	err    error
}

// next gives the next element's start or end.
func (r *reader) next() xml.Token {
	if t := r.peeked; t != nil {
		r.peeked = nil
		return t
	}
	for r.err == nil {
		t, err := r.d.Token()
		switch t := t.(type) {
		case xml.StartElement:
			if len(t.Attr) > 0 || t.Name.Space != "" {
				r.err = malformed(t.Name.Local, "no attributes and no namespaces")
			}
			r.begun = true
			return t
		case xml.EndElement:
			return t
		case xml.CharData:
			if strings.TrimSpace(string(t)) != "" {
				r.err = malformed("text", "nothing stands between the elements")
			}
		case xml.ProcInst:
			if t.Target != "xml" || r.begun {
				r.err = malformed("instruction", "only the XML declaration at the beginning")
			}
		case nil:
			if err != io.EOF {
				r.err = malformed("XML", err.Error())
			}
			return nil
		default:
			r.err = malformed("XML", "no comments and no document type")
		}
	}
	return nil
}

func (r *reader) open(tag string) {
	if s, ok := r.next().(xml.StartElement); r.err == nil && (!ok || s.Name.Local != tag) {
		r.err = malformed(tag, "the element is missing")
	}
}

func (r *reader) close(tag string) {
	if e, ok := r.next().(xml.EndElement); r.err == nil && (!ok || e.Name.Local != tag) {
		r.err = malformed(tag, "the element does not end where it should")
	}
}

// more reports that another element begins.
func (r *reader) more() bool {
	r.peeked = r.next()
	_, ok := r.peeked.(xml.StartElement)
	return r.err == nil && ok
}

// leaf reads an element that holds text alone.
func (r *reader) leaf(tag string) string {
	r.open(tag)
	var text strings.Builder
	for r.err == nil {
		t, err := r.d.Token()
		switch t := t.(type) {
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			return text.String()
		default:
			if r.err = malformed(tag, "want text alone"); err != nil {
				r.err = malformed(tag, err.Error())
			}
		}
	}
	return ""
}

func (r *reader) end() {
	if r.next() != nil && r.err == nil {
		r.err = malformed("XML", "something follows the root element")
	}
}
