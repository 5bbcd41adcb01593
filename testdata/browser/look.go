package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// An Ask is a set of pages to look at.
type Ask struct {
	Axe   string // the path of axe.min.js
	Tabs  int    // how many pages are looked at at once
	Pages []Page
	Shots string // a folder for pictures of the pages; none when empty
}

// A Page is one address, and the widths at which it is looked at.
type Page struct {
	Name, Address string
	Widths        []int64
	Axe           int64    // the width at which axe-core reads it; 0: it does not
	Foreign       []string // texts of another language that may stand only where `lang` says so
}

// Found is what is wrong with one page, in words; none: nothing.
type Found struct {
	Name   string
	Faults []string
	Again  bool // it was looked at twice, because a tab hung
}

// narrow are the widths at which nothing may scroll sideways: a small phone,
// and a desk at 400 % (WCAG 1.4.10).
var narrow = []int64{360, 320}

func look(ctx context.Context, ask Ask) ([]Found, error) {
	axe, err := os.ReadFile(ask.Axe)
	if err != nil {
		return nil, err
	}
	// The first tab starts the browser that the others share.
	browser, cancel := chromedp.NewContext(ctx)
	defer cancel()
	if err := chromedp.Do(browser); err != nil {
		return nil, err
	}
	found := make([]Found, len(ask.Pages))
	next := make(chan int)
	failed := make(chan error, ask.Tabs)
	var tabs sync.WaitGroup
	for range max(1, ask.Tabs) {
		tabs.Go(func() {
			tab, cancel := chromedp.NewContext(browser)
			defer func() { cancel() }()
			e, err := newEyes(tab, string(axe))
			for i := range next {
				if err != nil {
					continue
				}
				found[i].Name = ask.Pages[i].Name
				found[i].Faults, err = e.look(tab, ask.Pages[i], ask.Shots)
				if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil { // the tab hangs: another looks at the page anew
					cancel()
					found[i].Again = true
					tab, cancel = chromedp.NewContext(browser)
					if e, err = newEyes(tab, string(axe)); err == nil {
						found[i].Faults, err = e.look(tab, ask.Pages[i], ask.Shots)
					}
				}
				if err != nil {
					err = fmt.Errorf("%s: %w", ask.Pages[i].Name, err)
				}
			}
			if err != nil {
				failed <- err
			}
		})
	}
	for i := range ask.Pages {
		next <- i
	}
	close(next)
	tabs.Wait()
	select {
	case err := <-failed:
		return nil, err
	default:
		return found, nil
	}
}

// Eyes look at one page after the other in one tab.
type eyes struct {
	axe   string
	mu    sync.Mutex
	heard []string // what the console, the network and the policy said
}

func newEyes(tab context.Context, axe string) (*eyes, error) {
	e := &eyes{axe: axe}
	if err := chromedp.Do(tab); err != nil {
		return nil, err
	}
	return e, chromedp.Listen(tab, e.hear)
}

func (e *eyes) hear(ev any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch ev := ev.(type) {
	case *runtime.EventConsoleAPICalled:
		text := ""
		for _, a := range ev.Args {
			text += " " + string(a.Value) + a.Description
		}
		e.heard = append(e.heard, "the console says:"+text)
	case *runtime.EventExceptionThrown:
		e.heard = append(e.heard, "a script failed: "+thrown(ev.ExceptionDetails))
	case *log.EventEntryAdded:
		e.heard = append(e.heard, "the browser reports: "+ev.Entry.Text+" "+ev.Entry.URL)
	case *network.EventResponseReceived:
		if ev.Response.Status >= 400 {
			e.heard = append(e.heard, fmt.Sprintf("%d for %s", ev.Response.Status, ev.Response.URL))
		}
	}
}

// look gives what is wrong with a page.
func (e *eyes) look(tab context.Context, p Page, shots string) ([]string, error) {
	tab, cancel := context.WithTimeout(tab, 60*time.Second)
	defer cancel()
	e.mu.Lock()
	e.heard = nil
	e.mu.Unlock()
	var faults []string
	for i, width := range p.Widths {
		if err := resize(tab, width); err != nil {
			return nil, err
		}
		if i == 0 {
			if err := chromedp.Do(tab, chromedp.Navigate(p.Address)); err != nil {
				return nil, err
			}
			said, err := chromedp.Run(tab, chromedp.Evaluate[[]string](shape(p.Foreign)))
			if err != nil {
				return nil, err
			}
			faults = append(faults, said...)
		}
		if shots != "" {
			if err := shot(tab, filepath.Join(shots, fmt.Sprintf("%s-%d.png", p.Name, width))); err != nil {
				return nil, err
			}
		}
		var said []string
		if p.Axe == width {
			var err error
			if err = chromedp.Do(tab, chromedp.Evaluate[chromedp.Void](e.axe)); err != nil {
				return nil, err
			}
			if said, err = chromedp.Run(tab, chromedp.Evaluate[[]string](axeRun, chromedp.EvalAwaitPromise)); err != nil {
				return nil, err
			}
		}
		small, err := chromedp.Run(tab, chromedp.Evaluate[[]string](fmt.Sprintf(targets, width)))
		if err != nil {
			return nil, err
		}
		for _, s := range append(said, small...) {
			faults = append(faults, fmt.Sprintf("at %d px: %s", width, s))
		}
	}
	for _, width := range narrow {
		if err := resize(tab, width); err != nil {
			return nil, err
		}
		wide, err := chromedp.Run(tab, chromedp.Evaluate[[]string](sideways))
		if err != nil {
			return nil, err
		}
		for _, s := range wide {
			faults = append(faults, fmt.Sprintf("at %d px: %s", width, s))
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return append(faults, e.heard...), nil
}

func resize(tab context.Context, width int64) error {
	return chromedp.Do(tab, chromedp.EmulateViewport(width, 900))
}

func shot(tab context.Context, path string) error {
	picture, err := chromedp.Run(tab, chromedp.FullScreenshot(100))
	if err != nil {
		return err
	}
	return os.WriteFile(path, picture, 0o600)
}

// shape is what a page must have whatever its width. It opens what is folded
// away, which axe-core would not see.
func shape(foreign []string) string {
	texts, _ := json.Marshal(foreign)
	return `(() => {
	const out = [], h1 = document.querySelectorAll('h1')
	document.querySelectorAll('details').forEach(d => { d.open = true })
	if (h1.length !== 1) out.push(h1.length + ' headings of the first rank')
	if (h1.length && !document.title.includes(h1[0].textContent.trim().slice(0, 12)) && document.title.indexOf('·') < 2) out.push('the title names nothing: ' + document.title)
	const ids = {}
	document.querySelectorAll('[id]').forEach(e => { ids[e.id] = (ids[e.id] || 0) + 1 })
	for (const id in ids) if (ids[id] > 1) out.push(ids[id] + ' elements are called ' + id)
	document.querySelectorAll('label[for]').forEach(l => { if (!document.getElementById(l.htmlFor)) out.push('a label of nothing: ' + l.htmlFor) })
	document.querySelectorAll('a[href^="#"]').forEach(a => { if (a.hash.length > 1 && !document.getElementById(decodeURIComponent(a.hash.slice(1)))) out.push('a link to nothing on the page: ' + a.hash) })
	const foreign = new Set(` + string(texts) + `), mine = document.documentElement.lang
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
	for (let n; (n = walk.nextNode());) {
		const text = n.data.trim()
		if (foreign.has(text) && (n.parentElement.closest('[lang]') || document.documentElement).lang === mine && !n.parentElement.closest('[dir=auto],bdi')) out.push('not in its language: ' + text)
	}
	return out })()`
}

// axeRun is every rule of WCAG 2.2 AA and of good practice. It fetches no style
// sheets or films again: no rule among these needs them.
const axeRun = `axe.run(document, {preload: false, resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}).then(r => {
	if (r.passes.length === 0) throw new Error('axe-core found nothing to check')
	return r.violations.map(v => v.id + ' (' + v.impact + '): ' + v.help + ': ' + v.nodes.slice(0, 4).map(n => n.html.slice(0, 160) + ' [' + n.any.concat(n.all, n.none).map(c => c.message).join('; ').slice(0, 200) + ']').join(' | '))
})`

// targets are controls too small to hit: 24 px anywhere, 44 on a phone for what
// is a button, a field or the label of a choice. A link in a sentence is as
// high as its line (WCAG 2.5.8).
const targets = `(() => {
	const width = %d, out = []
	const box = e => { const r = e.getBoundingClientRect(); return [Math.round(r.width), Math.round(r.height)] }
	document.querySelectorAll('button,select,textarea,input:not([type=hidden]),summary,label.usa-radio__label,label.usa-checkbox__label').forEach(e => {
		if (e.matches('.usa-radio__input,.usa-checkbox__input')) return
		const [w, h] = box(e), least = width < 640 ? 44 : 24
		if (w && h && h < least) out.push('a target of ' + w + ' by ' + h + ': ' + e.outerHTML.slice(0, 120))
	})
	return out })()`

// sideways is what makes a page scroll sideways.
const sideways = `(() => {
	const room = document.documentElement.clientWidth, out = []
	if (document.documentElement.scrollWidth <= room) return out
	document.querySelectorAll('main *, header *, nav *, footer *').forEach(e => {
		const r = e.getBoundingClientRect()
		if (r.right > room + 1 && out.length < 4 && !e.closest('.usa-sr-only') && getComputedStyle(e).position !== 'absolute') out.push('reaches to ' + Math.round(r.right) + ' px: ' + e.outerHTML.slice(0, 140))
	})
	out.push('the page is ' + document.documentElement.scrollWidth + ' px wide')
	return out })()`

func thrown(d *runtime.ExceptionDetails) string {
	if d.Exception != nil {
		return d.Text + " " + d.Exception.Description
	}
	return d.Text
}
