package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A Walk is a counter to walk through, and the ways in that it printed.
type Walk struct {
	Site  string
	Setup string // of the first administrator, as `jurat init` printed it
}

// A Walked is what the walk came to.
type Walked struct {
	Faults    []string
	Questions int     // of the quick report
	Screens   int     // of it
	Taps      int     // made while it was filled in, signed and handed in
	Words     int     // typed
	Seconds   float64 // at 40 words a minute, 1.5 s a tap, 7 s to read a question, 3 s a screen, 20 s to read back, 12 s to sign
	Incident  string
}

// A walker is one person in a browser of their own, with an authenticator.
type walker struct {
	context.Context
	name   string
	site   string
	taps   int
	words  int
	mu     sync.Mutex
	faults []string
}

// walk is an office's first day: its administrator comes in by the printed link
// and makes ways in for others; an officer reports and signs; a supervisor
// finds it in the queue; the incident is found by keyboard, in Spanish, and without a script.
func walk(ctx context.Context, w Walk) (out Walked, err error) {
	browser, cancel := chromedp.NewContext(ctx)
	defer cancel()
	if err := chromedp.Do(browser); err != nil {
		return out, err
	}
	var people []*walker
	defer func() {
		for _, p := range people {
			p.mu.Lock()
			out.Faults = append(out.Faults, p.faults...)
			p.mu.Unlock()
		}
	}()
	come := func(name string, wide int64) (*walker, error) {
		p, err := newWalker(browser, name, w.Site, wide)
		if err == nil {
			people = append(people, p)
		}
		return p, err
	}
	admin, err := come("the administrator", 1280)
	if err != nil {
		return out, err
	}
	if err := admin.firstDay(w.Setup); err != nil {
		return out, fmt.Errorf("the first day: %w", err)
	}
	links := map[string]string{}
	for _, who := range []string{"officer", "supervisor"} {
		if links[who], err = admin.add(who); err != nil {
			return out, fmt.Errorf("adding the %s: %w", who, err)
		}
	}
	officer, err := come("the officer", 360)
	if err != nil {
		return out, err
	}
	if err := officer.settle(links["officer"]); err != nil {
		return out, err
	}
	if err := officer.report(&out); err != nil {
		return out, fmt.Errorf("the quick report: %w", err)
	}
	supervisor, err := come("the supervisor", 1280)
	if err != nil {
		return out, err
	}
	if err := supervisor.settle(links["supervisor"]); err != nil {
		return out, err
	}
	if err := supervisor.approve(); err != nil {
		return out, fmt.Errorf("the approval: %w", err)
	}
	if err := officer.byKeyboard(out.Incident); err != nil {
		return out, fmt.Errorf("by keyboard: %w", err)
	}
	if err := officer.inSpanish(out.Incident); err != nil {
		return out, fmt.Errorf("in Spanish: %w", err)
	}
	if err := supervisor.withoutScript(); err != nil {
		return out, fmt.Errorf("without a script: %w", err)
	}
	return out, nil
}

func newWalker(browser context.Context, name, site string, wide int64) (*walker, error) {
	tab, _ := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	p := &walker{Context: tab, name: name, site: site}
	if err := chromedp.Do(tab, chromedp.EmulateViewport(wide, 780)); err != nil {
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

func (p *walker) hear(ev any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch ev := ev.(type) {
	case *network.EventResponseReceived:
		if ev.Response.Status >= 400 {
			p.faults = append(p.faults, fmt.Sprintf("%s was answered %d for %s", p.name, ev.Response.Status, ev.Response.URL))
		}
	case *runtime.EventExceptionThrown:
		p.faults = append(p.faults, p.name+": a script failed: "+thrown(ev.ExceptionDetails))
	}
}

// lands does something that leads to another page, and waits for it.
func (p *walker) lands(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(p.Context, 30*time.Second)
	defer cancel()
	answer, err := chromedp.RunResponse(ctx, steps...)
	if err != nil {
		at, _ := chromedp.Run(p.Context, chromedp.Location())
		text, _ := p.text("main")
		return fmt.Errorf("%s at %s: %w\n%.400s", p.name, at, err, text)
	}
	if answer != nil && answer.Status >= 400 {
		return fmt.Errorf("%s was answered %d for %s", p.name, answer.Status, answer.URL)
	}
	return nil
}

func (p *walker) goes(path string) error { return p.lands(chromedp.Navigate(p.site + path)) }

// tap taps what a selector finds, and waits for no page.
func (p *walker) tap(css string) error {
	ctx, cancel := context.WithTimeout(p.Context, 15*time.Second)
	defer cancel()
	p.taps++
	if err := chromedp.Do(ctx, chromedp.ScrollIntoView(chromedp.CSS(css)), chromedp.Click(chromedp.CSS(css), chromedp.NodeVisible)); err != nil {
		return fmt.Errorf("%s taps %s: %w", p.name, css, err)
	}
	return nil
}

// press taps what leads to another page.
func (p *walker) press(css string) error {
	p.taps++
	if err := p.lands(chromedp.ScrollIntoView(chromedp.CSS(css)), chromedp.Click(chromedp.CSS(css), chromedp.NodeVisible)); err != nil {
		return fmt.Errorf("%s presses %s: %w", p.name, css, err)
	}
	return nil
}

// types types into a field, as a person does: a tap, then the keys.
func (p *walker) types(css, words string) error {
	if err := p.tap(css); err != nil {
		return err
	}
	p.words += len(strings.Fields(words))
	return chromedp.Do(p.Context, chromedp.KeyEvent(words))
}

func (p *walker) text(css string) (string, error) {
	ctx, cancel := context.WithTimeout(p.Context, 10*time.Second)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Text(chromedp.CSS(css)))
}

// settle comes in by a link, makes a passkey, and goes to work.
func (p *walker) settle(link string) error {
	if err := p.comes(link); err != nil {
		return err
	}
	return p.press("form[action='/setup/done'] button")
}

// firstDay goes through the five steps of a new record: a passkey, recovery codes
// that are put away, an office that charges, the people, the order; and reads on
// the first page what is left.
func (p *walker) firstDay(link string) error {
	if err := p.comes(link); err != nil {
		return err
	}
	says := func(css, want string) error {
		said, err := p.text(css)
		if err == nil && !strings.Contains(said, want) {
			err = fmt.Errorf("%s reads %.300q, not %q", p.name, said, want)
		}
		return err
	}
	for _, do := range []func() error{
		func() error { return says("h1", "Step 2 of 5") },
		func() error { return p.press("form[action='/me/recovery'] button") },
		func() error { return says(".sheet", "-") },
		func() error { return p.tap("label[for=put_away]") },
		func() error { return p.press("form[action='/setup/done'] button") },
		func() error { return says("h1", "Step 3 of 5") },
		func() error { return p.types("#name", "County prosecutor") },
		func() error { return p.types("#office_id", "county-prosecutor") },
		func() error { return p.tap("label[for=function-prosecutor]") },
		func() error { return p.press("form[action='/setup/office'] button") },
		func() error { return says("main", "County prosecutor") },
		func() error { return p.press("a[href='/setup/people'].usa-button") },
		func() error { return says("main", "Nothing can be approved yet. You can go on.") },
		func() error { return p.press("a[href='/setup/order'].usa-button") },
		func() error { return says("main", "adopted") },
		func() error { return p.press("a[href='/admin'].usa-button") },
		func() error { return says("section[aria-labelledby=first-day]", "Two sworn people") },
	} {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

// comes comes in by a link and makes a passkey.
func (p *walker) comes(link string) error {
	// Two pages: the one that hands the secret in, and the one it leads to.
	if err := chromedp.Do(p.Context, chromedp.Navigate(p.site+link)); err != nil {
		return err
	}
	wait, cancel := context.WithTimeout(p.Context, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(wait, chromedp.WaitVisible(chromedp.CSS("[data-passkey=make] button"))); err != nil {
		return fmt.Errorf("%s comes by the link: %w", p.name, err)
	}
	return p.press("[data-passkey=make] button")
}

// add makes a person and gives the path of their link.
func (p *walker) add(role string) (string, error) {
	if err := p.goes("/admin"); err != nil {
		return "", err
	}
	if err := chromedp.Do(p.Context, chromedp.Evaluate[chromedp.Void](`document.querySelector("form[action='/admin/people']").closest('details').open = true`)); err != nil {
		return "", err
	}
	if err := p.types("#id", role+"-1"); err != nil {
		return "", err
	}
	if err := p.types("#label", strings.ToUpper(role[:1])+role[1:]+" 1"); err != nil {
		return "", err
	}
	if err := chromedp.Do(p.Context, chromedp.Evaluate[chromedp.Void](`{ const s = document.getElementById('office'); s.value = [...s.options].map(o => o.value).find(v => v) }`)); err != nil {
		return "", err
	}
	for _, css := range []string{"label[for=role-" + role + "]", "label[for=sworn]"} {
		if err := p.tap(css); err != nil {
			return "", err
		}
	}
	if err := p.press("form[action='/admin/people'] button"); err != nil {
		return "", err
	}
	if err := chromedp.Do(p.Context, chromedp.Evaluate[chromedp.Void](`document.querySelector("form[action='/admin/links'] input[value='`+role+`-1']").form.id = 'give'`)); err != nil {
		return "", err
	}
	if err := p.press("#give button"); err != nil {
		return "", err
	}
	said, err := p.text(".usa-alert .digest")
	if err != nil {
		return "", err
	}
	_, secret, found := strings.Cut(said, "#")
	if !found {
		return "", fmt.Errorf("the page shows no link: %q", said)
	}
	return "/setup#" + strings.TrimSpace(secret), nil
}

// report writes and signs a tour's report on a telephone.
func (p *walker) report(out *Walked) error {
	night := plainNight("26-327-0144")
	night[0] = append([]answer{{"incident.event_number", "26-327-0144"}, {"incident.place", "2300 block of a street"}}, night[0][2:]...)
	q, incident, err := p.tour(night, 20, "2300 block of a street")
	out.Questions, out.Screens, out.Taps, out.Words, out.Seconds, out.Incident = q.Questions, q.Screens, q.Taps, q.Words, q.Seconds, incident
	return err
}

// approve opens the report that waits in the queue, and reads it.
func (p *walker) approve() error {
	if err := p.goes("/approvals"); err != nil {
		return err
	}
	if err := p.press("main a[href*='/records/']"); err != nil {
		return err
	}
	said, err := p.text("main")
	if err != nil || !strings.Contains(said, "nobody answered") {
		return fmt.Errorf("the record the queue leads to says %.300s (%v)", said, err)
	}
	return nil
}

// byKeyboard signs out, and comes from the first page to the incident with Tab,
// Enter and nothing else.
func (p *walker) byKeyboard(incident string) error {
	if err := p.press("form[action='/leave'] button"); err != nil {
		return err
	}
	if err := p.goes("/"); err != nil {
		return err
	}
	const menu = "nav.roles summary" // which opens, and leads nowhere
	for _, stop := range []string{"a[href='/login']", "[data-passkey=get] button", menu, "a[href='/incidents?mine']", "a[href='/incidents/" + incident + "']"} {
		if err := p.tabTo(stop); err != nil {
			return err
		}
		enter := chromedp.KeyEvent(kb.Enter)
		if stop == menu {
			if err := chromedp.Do(p.Context, enter); err != nil {
				return err
			}
			continue
		}
		if err := p.lands(enter); err != nil {
			return err
		}
	}
	said, err := p.text("h1")
	if err != nil || !strings.Contains(said, incident) {
		return fmt.Errorf("the keyboard came to %q (%v)", said, err)
	}
	return nil
}

// tabTo presses Tab until what a selector finds has the focus, visibly.
func (p *walker) tabTo(css string) error {
	for range 80 {
		if err := chromedp.Do(p.Context, chromedp.KeyEvent(kb.Tab)); err != nil {
			return err
		}
		at, err := chromedp.Run(p.Context, chromedp.Evaluate[string](fmt.Sprintf(`(() => { const e = document.activeElement; if (!e || e === document.body) return ''; const s = getComputedStyle(e); return (s.outlineStyle === 'none' ? 'unseen ' : '') + (e.matches(%q) ? 'there' : '') })()`, css)))
		switch {
		case err != nil:
			return err
		case strings.HasPrefix(at, "unseen"):
			return fmt.Errorf("on the way to %s the focus is somewhere without being seen", css)
		case at == "there":
			return nil
		}
	}
	return fmt.Errorf("Tab never comes to %s", css)
}

// inSpanish changes the language and stays on the page.
func (p *walker) inSpanish(incident string) error {
	if err := p.press("button[name=language]"); err != nil {
		return err
	}
	said, err := chromedp.Run(p.Context, chromedp.Evaluate[string](`document.documentElement.lang + ' ' + location.pathname`))
	if err != nil || said != "es /incidents/"+incident {
		return fmt.Errorf("after the change of language: %q (%v)", said, err)
	}
	return nil
}

// withoutScript opens an incident, adds a record to it and finds it again with
// every script off.
func (p *walker) withoutScript() error {
	if _, err := chromedp.Call(p.Context, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		return err
	}
	if err := p.goes("/incidents/new"); err != nil {
		return err
	}
	if err := p.types("[name=title]", "Checkpoint without a script"); err != nil {
		return err
	}
	if err := p.press("main form[action='/incidents'] button[type=submit]"); err != nil {
		return err
	}
	at, err := chromedp.Run(p.Context, chromedp.Location())
	if err != nil {
		return err
	}
	path := strings.TrimPrefix(at, p.site)
	if err := p.goes(path + "/records/new?type=report"); err != nil {
		return err
	}
	if err := p.types("[name=narrative]", "I saw a checkpoint."); err != nil {
		return err
	}
	if err := p.press("main form[action$='/records'] button[type=submit]"); err != nil {
		return err
	}
	if err := p.goes("/search"); err != nil {
		return err
	}
	if err := p.types("[name=words]", "checkpoint"); err != nil {
		return err
	}
	if err := p.press("main form[action='/search'] button[type=submit]"); err != nil {
		return err
	}
	said, err := p.text("main")
	if err != nil || !strings.Contains(said, strings.TrimPrefix(path, "/incidents/")) {
		return fmt.Errorf("the search does not find %s: %.300s (%v)", path, said, err)
	}
	return nil
}
