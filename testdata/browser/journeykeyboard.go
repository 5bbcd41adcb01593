package main

import (
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// keyboard: an officer writes a report into an incident and hands it in, and a
// supervisor approves it, from the link by which they first come to the last
// signature, with Tab, Enter, Space and the arrows. Wherever the focus stops it
// is seen.
func keyboard(j *journey) {
	in := j.Ready["keyboard"]
	officer := &typist{traveller: j.arrive("officer-41")}
	officer.comesIn(j.Links["officer-41"])
	officer.enter("nav a[href='/incidents?mine']")
	officer.enter("main a[href='/incidents']")
	officer.enter("main a[href='/incidents/" + in + "']")
	officer.skips()
	officer.enter("main a[href$='/records/new']")
	officer.enter("main a[href$='?type=report']")
	officer.writes("main textarea[name=narrative]", "On arrival I saw a vehicle stop. I asked who was in charge.")
	for name, answer := range map[string]string{"violation_alleged": "no", "anyone_injured": "no", "viewed_footage": "no"} {
		officer.chooses(name, answer)
	}
	officer.enter("main form[action$='/records'] button[type=submit]")
	officer.enter("main a[href^='/sign?act=record.submitted']")
	officer.enter("[data-passkey-sign] button")
	officer.reads("Submitted")

	supervisor := &typist{traveller: j.arrive("supervisor-41")}
	supervisor.comesIn(j.Links["supervisor-41"])
	supervisor.enter(fmt.Sprintf("main a[href^='/incidents/%s/records/']", in))
	supervisor.enter("main a[href^='/sign?act=record.approved']")
	supervisor.enter("[data-passkey-sign] button")
	supervisor.goes("/incidents/" + in)
	if strings.Contains(supervisor.text("section[aria-labelledby=records]"), "submitted") {
		supervisor.stop("the report still waits")
	}
	j.notes("%d stops of Tab, %d of the arrows, each seen", officer.tabs+supervisor.tabs, officer.arrows+supervisor.arrows)
}

// A typist has a keyboard and nothing else.
type typist struct {
	*traveller
	tabs, arrows int
}

// comesIn comes in by a link, makes a passkey, and goes to work.
func (p *typist) comesIn(link string) {
	p.do("open the link", chromedp.Navigate(p.site+link))
	p.do("the link lets them in", chromedp.WaitVisible(chromedp.CSS("[data-passkey=make] button")))
	p.enter("[data-passkey=make] button")
	p.enter("form[action='/setup/done'] button")
}

// strike presses a key.
func (p *typist) strike(key string) { p.do("press a key", chromedp.KeyEvent(key)) }

// enter goes to a place and presses Enter, which leads to another page.
func (p *typist) enter(css string) {
	p.goesTo(css)
	p.lands("press Enter on "+css, chromedp.KeyEvent(kb.Enter))
}

// goesTo presses Tab until a place has the focus. A fold on the way that hides
// it is opened.
func (p *typist) goesTo(css string) {
	if !p.has(css) {
		p.stop("there is no %s", css)
	}
	for range 250 {
		p.strike(kb.Tab)
		p.tabs++
		switch at := p.focused(css); at {
		case "there":
			return
		case "fold":
			p.strike(kb.Enter)
		}
	}
	p.stop("Tab never comes to %s", css)
}

// focused says whether a place has the focus, and that whatever has it is seen.
func (p *typist) focused(css string) string {
	at := eval[string](p.traveller, fmt.Sprintf(focus, css))
	if unseen, ok := strings.CutPrefix(at, "unseen "); ok {
		p.fault("%s: the focus is not seen at %s on %s", p.name, unseen, p.path())
		return eval[string](p.traveller, fmt.Sprintf(`document.activeElement.matches(%q) ? 'there' : ''`, css))
	}
	return at
}

// focus looks at what has the focus: a line round it or its label, where it can
// be seen, and nothing lying over it.
const focus = `(css => {
	document.getAnimations().forEach(a => { if (a.effect.getComputedTiming().endTime < 5000) a.finish() })
	const e = document.activeElement
	if (!e || e === document.body) return ''
	const line = s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1 || s.boxShadow !== 'none'
	const label = e.labels && e.labels[0], choice = e.type === 'radio' || e.type === 'checkbox'
	let seen = line(getComputedStyle(e))
	if (choice && label) seen = line(getComputedStyle(label, '::before')) || line(getComputedStyle(label)) || seen && e.offsetWidth > 8
	const box = (choice && label ? label : e).getBoundingClientRect()
	const x = Math.min(Math.max(box.left + 4, 0), innerWidth - 1), y = box.top + Math.min(box.height / 2, 20)
	if (box.width < 2 || box.height < 2 || box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) seen = false
	else {
		const over = document.elementFromPoint(x, y)
		if (over && over !== e && !e.contains(over) && !over.contains(e) && over !== label && !(label && label.contains(over))) seen = false
	}
	if (!seen) return 'unseen ' + e.outerHTML.slice(0, 160)
	if (e.matches(css)) return 'there'
	const there = document.querySelector(css), fold = there.closest('details:not([open])')
	return fold && fold.querySelector(':scope > summary') === e ? 'fold' : ''
})(%q)`

// skips goes past the head of the page by its first link.
func (p *typist) skips() {
	p.goesTo("a.usa-skipnav")
	p.strike(kb.Enter)
	p.waits("the main part is where the reader is", `location.hash === '#main'`)
}

// writes types into a field.
func (p *typist) writes(css, words string) {
	p.goesTo(css)
	p.strike(words)
	if got := eval[string](p.traveller, `document.activeElement.value`); got != words {
		p.stop("typed %q, and there stands %q", words, got)
	}
}

// chooses gives an answer among several: Tab to the first, arrows to the one.
func (p *typist) chooses(name, answer string) {
	if eval[string](p.traveller, `document.activeElement.name || ''`) != name {
		p.goesTo("main input[name='" + name + "']")
	}
	for range 20 {
		at := eval[string](p.traveller, `document.activeElement.value`)
		if at == answer {
			if !eval[bool](p.traveller, `document.activeElement.checked`) {
				p.strike(" ")
			}
			return
		}
		p.strike(kb.ArrowDown)
		p.arrows++
		p.focused("main")
	}
	p.stop("the arrows never come to %s of %s", answer, name)
}
