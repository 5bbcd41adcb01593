// A real browser for the tests of the counter, driven over its own debugging
// protocol. A module of its own, so that nothing of it is ever linked into the
// product.
module jurat.invalid/browser

go 1.26

require (
	github.com/chromedp/cdproto v0.159.0
	github.com/chromedp/chromedp v0.23.0
)

require github.com/go-json-experiment/json v0.0.0-20260213210345-44df1a37e875 // indirect
