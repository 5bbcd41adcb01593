package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// A traveller is one person on a journey, in a browser of their own with an
// authenticator. What fails stops the journey; what the console, the network
// or a policy says is a fault, unless it was expected.
type traveller struct {
	context.Context
	journey *journey
	name    string
	site    string
	leave   context.CancelFunc
	refused []string // links that led to a refusal
	spanish bool     // every page is read for what is left of another language

	mu      sync.Mutex
	heard   []heard
	expects int             // the status that pages may now be answered with
	excused map[string]bool // the addresses that were
}

// Something heard, and of which address.
type heard struct{ say, address string }

// patience is how long a person waits for a page on a busy machine.
const patience = time.Minute

func newTraveller(j *journey, name, site string) (*traveller, error) {
	tab, leave := chromedp.NewContext(j.Context, chromedp.WithNewBrowserContext())
	p := &traveller{Context: tab, leave: leave, journey: j, name: name, site: site, excused: map[string]bool{}}
	if err := chromedp.Do(tab, chromedp.EmulateViewport(1280, 900)); err != nil {
		return nil, err
	}
	if err := chromedp.Listen(tab, p.hear); err != nil {
		return nil, err
	}
	if _, err := chromedp.Call(tab, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		return nil, err
	}
	_, err := chromedp.Call(tab, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: "ctap2", Transport: "internal", HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
	}})
	return p, err
}

func (p *traveller) hear(ev any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch ev := ev.(type) {
	case *network.EventResponseReceived:
		status := int(ev.Response.Status)
		switch {
		case status < 400:
		case status == p.expects && status < 500:
			p.excused[ev.Response.URL] = true
		default:
			p.heard = append(p.heard, heard{fmt.Sprintf("%d for %s", status, ev.Response.URL), ""})
		}
	case *runtime.EventConsoleAPICalled:
		text := ""
		for _, a := range ev.Args {
			text += " " + string(a.Value) + a.Description
		}
		p.heard = append(p.heard, heard{"the console says:" + text, ""})
	case *runtime.EventExceptionThrown:
		p.heard = append(p.heard, heard{"a script failed: " + thrown(ev.ExceptionDetails), ""})
	case *log.EventEntryAdded:
		if !strings.HasPrefix(ev.Entry.Text, fewAlgorithms) && !strings.HasPrefix(ev.Entry.Text, storageCleared) {
			p.heard = append(p.heard, heard{"the browser reports: " + ev.Entry.Text + " " + ev.Entry.URL, ev.Entry.URL})
		}
	}
}

// storageCleared begins what Chromium says when somebody who signed out had what
// their browser kept of a draft erased, as was asked.
const storageCleared = "Clear-Site-Data header on"

// fewAlgorithms begins what Chromium says of a page that asks for a passkey and
// takes no RSA: a signature must be one that a dossier's reader can check.
const fewAlgorithms = "publicKey.pubKeyCredParams is missing at least one of the default algorithm identifiers"

// faults are what was heard and not expected.
func (p *traveller) faults() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []string
	for _, h := range p.heard {
		if !p.excused[h.address] {
			out = append(out, p.name+": "+h.say)
		}
	}
	return out
}

// fault is something wrong that does not stop the journey.
func (p *traveller) fault(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard = append(p.heard, heard{fmt.Sprintf(format, args...), ""})
}

// stop ends the journey, with where this person is and what they read.
func (p *traveller) stop(format string, args ...any) {
	at, text := "", ""
	ctx, cancel := context.WithTimeout(p.Context, 5*time.Second)
	defer cancel()
	at, _ = chromedp.Run(ctx, chromedp.Location())
	text, _ = chromedp.Run(ctx, chromedp.Evaluate[string](`(document.querySelector('main') || document.body).innerText`))
	p.journey.stop(fmt.Errorf("%s at %s: %s\n%.900s", p.name, at, fmt.Sprintf(format, args...), text))
}

// do does steps that lead to no other page.
func (p *traveller) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	ctx, cancel := context.WithTimeout(p.Context, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.stop("%s: %v", what, err)
	}
}

// lands does steps that lead to another page, and waits for it.
func (p *traveller) lands(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.landsOn(0, what, steps...)
}

// landsOn is lands on a page that is answered with a status; 0: any below 400.
func (p *traveller) landsOn(status int, what string, steps ...chromedp.Action[chromedp.Void]) {
	p.expecting(status)
	defer p.expecting(0)
	ctx, cancel := context.WithTimeout(p.Context, patience)
	defer cancel()
	answer, err := chromedp.RunResponse(ctx, steps...)
	switch {
	case err != nil:
		p.stop("%s: %v", what, err)
	case answer == nil: // a place on the same page
	case status == 0 && answer.Status >= 400, status != 0 && int(answer.Status) != status:
		p.stop("%s: answered %d", what, answer.Status)
	}
	if p.spanish {
		p.looksSpanish()
	}
}

func (p *traveller) expecting(status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expects = status
}

// goes opens an address.
func (p *traveller) goes(path string) { p.lands("open "+path, chromedp.Navigate(p.site+path)) }

// tries opens an address that may be refused, and reports whether it was not.
func (p *traveller) tries(path string) bool {
	p.expecting(403)
	defer p.expecting(0)
	ctx, cancel := context.WithTimeout(p.Context, patience)
	defer cancel()
	answer, err := chromedp.RunResponse(ctx, chromedp.Navigate(p.site+path))
	if err != nil || answer != nil && answer.Status >= 400 && answer.Status != 403 {
		p.stop("open %s: %v %+v", path, err, answer)
	}
	return answer == nil || answer.Status != 403
}

// meets opens an address that is answered with a status.
func (p *traveller) meets(status int, path string) {
	p.landsOn(status, "open "+path, chromedp.Navigate(p.site+path))
}

// press clicks what leads to another page.
func (p *traveller) press(css string) { p.pressFor(0, css) }

// pressFor clicks what leads to a page that is answered with a status.
func (p *traveller) pressFor(status int, css string) {
	p.unfolds(css)
	p.landsOn(status, "press "+css, chromedp.ScrollIntoView(chromedp.CSS(css)), chromedp.Click(chromedp.CSS(css), chromedp.NodeVisible))
}

// tap clicks what leads to no other page.
func (p *traveller) tap(css string) {
	p.unfolds(css)
	p.do("tap "+css, chromedp.ScrollIntoView(chromedp.CSS(css)), chromedp.Click(chromedp.CSS(css), chromedp.NodeVisible))
}

// unfolds opens what hides something, as a person opens it to come there.
func (p *traveller) unfolds(css string) {
	if !eval[bool](p, fmt.Sprintf(`(() => { const e = document.querySelector(%q); for (let d = e; d && (d = d.closest('details')); d = d.parentElement) d.open = true; return !!e })()`, css)) {
		p.stop("there is no %s", css)
	}
}

// has reports whether there is such a thing on the page.
func (p *traveller) has(css string) bool {
	return eval[bool](p, fmt.Sprintf(`!!document.querySelector(%q)`, css))
}

// fill answers a form's questions: pairs of a name and an answer. The form is
// found by a selector; what it does not ask stops the journey.
func (p *traveller) fill(form string, pairs ...string) {
	p.unfolds(form)
	for i := 0; i+1 < len(pairs); i += 2 {
		name, answer := pairs[i], pairs[i+1]
		kind := eval[string](p, fmt.Sprintf(fillIn, form, name, answer))
		switch kind {
		case "done":
		case "type":
			if _, err := chromedp.Call(p.Context, input.InsertText, input.InsertTextParams{Text: answer}); err != nil {
				p.stop("type into %s: %v", name, err)
			}
		default:
			p.stop("%s has no %s with the answer %q: %s", form, name, answer, kind)
		}
	}
}

// fillIn answers one question. A choice is clicked by its label, as a person
// does; text is typed afterwards, into the field that has the focus.
const fillIn = `((css, name, answer) => {
	const form = document.querySelector(css)
	const fields = [...form.querySelectorAll('input,select,textarea')].filter(f => f.name === name && f.type !== 'hidden')
	if (!fields.length) return 'only ' + [...new Set([...form.querySelectorAll('[name]')].map(f => f.name))].join(', ')
	for (let d = fields[0].closest('details'); d; d = d.parentElement.closest('details')) d.open = true
	const choice = fields.find(f => (f.type === 'radio' || f.type === 'checkbox') && f.value === answer)
	if (choice) {
		const label = form.querySelector('label[for="' + CSS.escape(choice.id) + '"]') || choice
		label.scrollIntoView({block: 'center'})
		label.click()
		return choice.checked ? 'done' : 'it cannot be chosen'
	}
	const f = fields[0]
	if (f.type === 'radio' || f.type === 'checkbox') return 'only ' + fields.map(f => f.value).join(', ')
	f.scrollIntoView({block: 'center'})
	f.focus()
	if (f.tagName === 'SELECT') {
		if (![...f.options].some(o => o.value === answer)) return 'only ' + [...f.options].map(o => o.value).join(', ')
		f.value = answer
		f.dispatchEvent(new Event('change', {bubbles: true}))
		return 'done'
	}
	if (/date|time|number/.test(f.type)) {
		f.value = answer
		f.dispatchEvent(new Event('input', {bubbles: true}))
		return f.value ? 'done' : 'it takes no such value'
	}
	f.select()
	return document.activeElement === f ? 'type' : 'it takes no focus'
})(%q, %q, %q)`

// send fills a form and hands it in.
func (p *traveller) send(form string, pairs ...string) { p.sendFor(0, form, pairs...) }

// sendFor is send with an answer of a status.
func (p *traveller) sendFor(status int, form string, pairs ...string) {
	p.fill(form, pairs...)
	p.pressFor(status, form+" button:not([type=button])")
}

// hands chooses a file in a form.
func (p *traveller) hands(css string, paths ...string) {
	p.unfolds(css)
	p.do("choose a file", chromedp.SetUploadFiles(chromedp.CSS(css), paths))
}

// signs signs what the page shows, with the passkey, as many times as it asks.
func (p *traveller) signs() {
	if !p.has("[data-passkey-sign]") {
		p.stop("the page asks for no signature")
	}
	for count := 0; p.has("[data-passkey-sign]"); count++ {
		if count > 3 {
			p.stop("it asks for signatures without end")
		}
		p.press("[data-passkey-sign] button")
	}
}

// text is what a part of the page says, as it is seen.
func (p *traveller) text(css string) string {
	return eval[string](p, fmt.Sprintf(`(document.querySelector(%q) || {innerText: ''}).innerText`, css))
}

// reads expects the page to say things, in whatever case.
func (p *traveller) reads(texts ...string) {
	said := strings.ToLower(p.text("main"))
	for _, t := range texts {
		if !strings.Contains(said, strings.ToLower(t)) {
			p.stop("the page does not say %q", t)
		}
	}
}

// waits waits until a condition holds in the page.
func (p *traveller) waits(what, condition string) {
	ctx, cancel := context.WithTimeout(p.Context, patience)
	defer cancel()
	for {
		_, err := chromedp.Run(ctx, chromedp.Poll[bool](condition))
		switch {
		case err == nil:
			return
		case ctx.Err() != nil:
			p.stop("wait until %s: %v", what, err)
		}
		// The page it was asked of went away: it is asked of the next.
	}
}

// path is where the person is.
func (p *traveller) path() string { return eval[string](p, `location.pathname`) }

// gets downloads what a link leads to, and gives the path of the file.
func (p *traveller) gets(css, name string) string {
	dir := filepath.Join(p.journey.dir, p.name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		p.stop("%v", err)
	}
	events := true
	if _, err := chromedp.Call(p.Context, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllowAndName, DownloadPath: dir, EventsEnabled: &events, BrowserContextID: chromedp.FromContext(p.Context).BrowserContextID,
	}); err != nil {
		p.stop("%v", err)
	}
	ctx, cancel := context.WithTimeout(p.Context, patience)
	defer cancel()
	progress := chromedp.Events(ctx, browser.DownloadProgress)
	p.tap(css)
	for ev, err := range progress {
		if err != nil {
			p.stop("download %s: %v", css, err)
		}
		switch ev.State {
		case browser.DownloadProgressStateCompleted:
			path := filepath.Join(dir, name)
			if err := os.Rename(filepath.Join(dir, ev.GUID), path); err != nil {
				p.stop("%v", err)
			}
			return path
		case browser.DownloadProgressStateCanceled:
			p.stop("download %s: it was cut off", css)
		}
	}
	p.stop("download %s: nothing came", css)
	return ""
}

// picture keeps what a person sees.
func (p *traveller) picture(name string) {
	ctx, cancel := context.WithTimeout(p.Context, 10*time.Second)
	defer cancel()
	if b, err := chromedp.Run(ctx, chromedp.FullScreenshot(80)); err == nil {
		_ = os.WriteFile(filepath.Join(p.journey.dir, p.name+"-"+name+".png"), b, 0o600)
	}
}

// eval asks the page.
func eval[T any](p *traveller, script string) T {
	ctx, cancel := context.WithTimeout(p.Context, patience)
	defer cancel()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		p.stop("ask the page: %v", err)
	}
	return got
}

// quoted is a text as a script writes it.
func quoted(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// comes comes in by a link, makes a passkey, and goes to work.
func (p *traveller) comes(link string) {
	if link == "" {
		p.stop("%v for %s", errLink, p.name)
	}
	// Two pages: the one that hands the secret in, and the one it leads to.
	p.do("open the link", chromedp.Navigate(p.site+link))
	p.do("the link lets them in", chromedp.WaitVisible(chromedp.CSS("[data-passkey=make] button")))
	p.press("[data-passkey=make] button")
	p.press("form[action='/setup/done'] button")
}
