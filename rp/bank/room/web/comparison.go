package web

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/bank/cost"
)

// barWidth is the width of the longest bar, and leastWidth that of the smallest
// part that is still seen from the back of a room, in the units of the drawing.
const (
	barWidth   = 1000
	leastWidth = 3
)

// comparisonPage is the two methods side by side.
type comparisonPage struct {
	Prices  cost.Prices
	Methods []methodPicture
	Fields  []priceInput
	Wrong   bool
	Today   bool   // by the fees of today, not of the material of 2014
	Unknown bool   // the authority's fees could not be read
	Of2014  string // the same with the fees of the material of 2014
	Now     string // and with those of today
	Saved   int64  // by the certificate; negative if it costs more
	Times   int64  // how many times the certificate's cost the post is, rounded down; 0 to say nothing
	Letters int64  // confirmations in a year
	Changed int64  // of those, asked
}

// methodPicture is a method as a bar.
type methodPicture struct {
	Name, How ui.Text
	Sum       int64
	Parts     []partPicture
}

// partPicture is a part of a bar, from X, of Width.
type partPicture struct {
	cost.Part
	Label         ui.Text
	Colour        string
	X, Width      int64
	Sum, EachCost int64
	Times         ui.Text // how often
}

// priceInput is a field of the form.
type priceInput struct {
	Name, Value string
	Label, Unit ui.Text
	Wrong       bool
	Bounds      ui.Text // what can be entered
}

// Comparison shows the cost of the two methods, on the pages of a room. Every price
// can be given in the query; the fee is the authority's, of today or of the material
// of 2014. Without fees to ask for it is an example's.
func Comparison(on *ui.Pages, fees Fees) echo.HandlerFunc {
	return func(c echo.Context) error { return compare(c, on, fees) }
}

// feesQuery says which fees: "now", or else those of the material of 2014.
const feesQuery = "fees"

// withFees gives the address of the same comparison with other fees.
func withFees(c echo.Context, which string) string {
	q := maps.Clone(c.QueryParams())
	q.Del("fee")
	q.Set(feesQuery, which)
	return c.Request().URL.Path + "?" + q.Encode()
}

func compare(c echo.Context, on *ui.Pages, fees Fees) error {
	page := comparisonPage{Prices: cost.Example(), Today: c.QueryParam(feesQuery) == "now", Of2014: withFees(c, "2014"), Now: withFees(c, "now")}
	var known cost.Fees
	known, page.Unknown = fees.Known(c.Request().Context())
	if page.Prices.Fee = known.Of2014; page.Today {
		page.Prices.Fee = known.Today
	}
	for _, f := range cost.Fields() {
		typed := strings.TrimSpace(c.QueryParam(f.Name))
		wrong := typed != "" && !f.Set(&page.Prices, typed)
		in := priceInput{Name: f.Name, Value: typed, Label: priceWords[f.Name].label, Unit: priceWords[f.Name].unit, Wrong: wrong, Bounds: boundsOf(f)}
		if !wrong {
			in.Value = ui.Thousands(f.Value(page.Prices))
		}
		page.Wrong = page.Wrong || wrong
		page.Fields = append(page.Fields, in)
	}
	page.draw()
	status := http.StatusOK
	if page.Wrong {
		status = http.StatusUnprocessableEntity
	}
	return on.Render(c, status, "comparison", comparisonTitle, page)
}

// draw calculates the costs and draws the bars.
func (p *comparisonPage) draw() {
	post, certificate := p.Prices.ByPost(), p.Prices.ByCertificate()
	most := max(post.Yen(), certificate.Yen(), 1)
	p.Methods = []methodPicture{picture(byPost, post, most), picture(byCertificate, certificate, most)}
	p.Saved = (post.Yen() - certificate.Yen()).Int64()
	if certificate.Yen() > 0 && post.Yen() >= 2*certificate.Yen() {
		p.Times = (post.Yen() / certificate.Yen()).Int64()
	}
	p.Letters, p.Changed = post.Parts[0].N, certificate.Parts[1].N
}

func picture(words methodWords, c cost.Cost, most bank.Yen) methodPicture {
	method := methodPicture{Name: words.name, How: words.how, Sum: c.Yen().Int64()}
	at := int64(0)
	for i, width := range widths(c, most) {
		part := c.Parts[i]
		drawn := partWords[part.Name]
		method.Parts = append(method.Parts, partPicture{
			Part: part, Label: drawn.label, Colour: drawn.colour, X: at, Width: width,
			Sum: part.Yen().Int64(), EachCost: part.Each.Int64(), Times: timesText(part.N),
		})
		at += width
	}
	return method
}

// widths gives how wide each part is drawn: whatever costs anything is seen, and
// what that takes is taken from the widest, so that the parts together are as
// long as the bar.
func widths(c cost.Cost, most bank.Yen) []int64 {
	all := make([]int64, len(c.Parts))
	var sum bank.Yen
	lacking := int64(0)
	for i, part := range c.Parts {
		from := barAt(sum, most)
		sum += part.Yen()
		all[i] = barAt(sum, most) - from
		if part.Yen() > 0 && all[i] < leastWidth {
			lacking += leastWidth - all[i]
			all[i] = leastWidth
		}
	}
	widest := slices.Index(all, slices.Max(all))
	all[widest] = max(all[widest]-lacking, min(all[widest], leastWidth))
	return all
}

// barAt gives where an amount ends on the bar, without multiplying large
// amounts.
func barAt(n, most bank.Yen) int64 { return int64(float64(n) / float64(most) * barWidth) }
