package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"
)

// A SignOn is a counter where somebody comes in by a single sign-on whose
// provider vouches for them at once.
type SignOn struct{ Site, Person string }

// A SignedOn is what came of it.
type SignedOn struct {
	Faults []string
	At     string // where the browser is in the end
}

// signOn comes in by the link on the page, as a person does, and signs out.
func signOn(ctx context.Context, s SignOn) (out SignedOn, err error) {
	browser, cancel := chromedp.NewContext(ctx)
	defer cancel()
	if err := chromedp.Do(browser); err != nil {
		return out, err
	}
	p, err := newWalker(browser, "somebody", s.Site, 360)
	if err != nil {
		return out, err
	}
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		out.Faults = append(out.Faults, p.faults...)
	}()
	if err := p.goes("/login"); err != nil {
		return out, err
	}
	if err := p.press(`a[href="/login/sso/ask"]`); err != nil {
		return out, err
	}
	if out.At, err = chromedp.Run(p.Context, chromedp.Location()); err != nil {
		return out, err
	}
	said, err := p.text("header")
	if err != nil || !strings.Contains(said, s.Person) {
		return out, fmt.Errorf("signed in as %q (%v), at %s", said, err, out.At)
	}
	return out, p.press(`form[action="/leave"] button`)
}
