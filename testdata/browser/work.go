package main

import (
	"fmt"
	"strings"
)

// opens opens an incident, and gives its number.
func (p *traveller) opens(title string) string {
	p.goes("/incidents/new")
	p.send("form[action='/incidents']", "title", title, "trigger", "observed", "event_number", "26-330-0201", "inside", "yes")
	return strings.TrimPrefix(p.path(), "/incidents/")
}

// files adds a record to an incident and signs it, and gives its address.
func (p *traveller) files(in, kind string, pairs ...string) string {
	p.goes("/incidents/" + in + "/records/new?type=" + kind)
	p.send("main form[action$='/records']", pairs...)
	at := p.path()
	p.press("main a[href^='/sign?act=record.submitted']")
	p.signs()
	return at
}

// approves approves every record of an incident that waits in the queue.
func (p *traveller) approves(in string) (count int) {
	for {
		p.goes("/approvals")
		waiting := fmt.Sprintf("main a[href^='/incidents/%s/records/']", in)
		if !p.has(waiting) {
			return count
		}
		p.press(waiting)
		p.press("main a[href^='/sign?act=record.approved']")
		p.signs()
		if count++; count > 20 {
			p.stop("the queue does not become shorter")
		}
	}
}

// brings hands a file in, as the script of the page sends it, and gives the
// address of the exhibit.
func (p *traveller) brings(in, kind, path string) string {
	p.goes("/incidents/" + in + "/receive")
	p.fill("form[data-endpoint]", "kind", kind)
	p.hands("form[data-endpoint] input[type=file]", path)
	p.tap("form[data-endpoint] button[type=submit]")
	p.waits("the file is on the record", `!!document.querySelector("[data-files] tbody a")`)
	return eval[string](p, `document.querySelector("[data-files] tbody a").getAttribute("href")`)
}

// marks flags an exhibit to be kept.
func (p *traveller) marks(exhibit, ground string) {
	p.goes(exhibit)
	p.send("form[action$='/flag']", "ground", ground)
}

// alleges enters an allegation of battery, and says of each element that
// nothing is known against it.
func (p *traveller) alleges(in string) {
	p.goes("/incidents/" + in)
	p.send("form[action$='/allegations']", "offence", "battery", "actor", "federal")
}

// weighs says of every element of an allegation that nothing is known against
// it.
func (p *traveller) weighs(in string) {
	p.goes("/incidents/" + in + "/elements")
	elements := eval[[]string](p, fmt.Sprintf(`[...document.querySelectorAll("%s input[name=element]")].map(i => i.value)`, weighing))
	if len(elements) == 0 {
		p.stop("the offence has no elements")
	}
	for _, e := range elements {
		p.goes("/incidents/" + in + "/elements")
		p.send(weighing, "element", e, "side", "none_known")
	}
}

// weighing is the form by which evidence is put to an element.
const weighing = "main details[id^=evidence-] form"

// refers prepares a referral of an incident's first allegation and attests that
// there was no contact with a political office; it gives its address.
func (p *traveller) refers(in string) string {
	p.goes("/incidents/" + in + "/refer")
	p.send("main form[action='/sign']", "allegation", in+"-A1", "to", "county-prosecutor", "scope", "force", "reason", "as the order directs; a prosecutor decides")
	p.signs()
	at := p.path()
	p.send(act("referral.attested"), "contacts", "none")
	p.signs()
	return at
}

// act is the form on a page by which an act is signed.
func act(name string) string { return "main form:has(input[name=act][value='" + name + "'])" }
