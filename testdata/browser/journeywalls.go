package main

import (
	"fmt"
	"slices"
	"strings"
)

// audit: an auditor reads every page there is of an incident, is offered
// nothing that would change it and can change nothing, and sees who opened it.
// To an aide of a political office and to a stranger every one of those
// addresses is the same page, byte for byte, as one that never was.
func audit(j *journey) {
	in := j.Ready["demo"]
	auditor := j.come("auditor-81")
	came := auditor.roams(60)
	addresses := slices.DeleteFunc(slices.Clone(came), func(at string) bool { return !strings.HasPrefix(at, "/incidents") })
	for _, at := range []string{"/opened", "/elements", "/accounts", "/receive", "/refer", "/records/new", "/exhibits/1/bytes", "/exhibits/1/play", "/dossiers/1/parcel", "/dossiers/1/letters/receipt", "/sealed/P1/identity", "/records/1/amend", "/files"} {
		addresses = append(addresses, "/incidents/"+in+at)
	}
	addresses = append(addresses, "/incidents/2026-999999", "/incidents/nonsense")
	slices.Sort(addresses)
	addresses = slices.Compact(addresses)

	auditor.goes("/incidents/" + in)
	auditor.goes("/incidents/" + in + "/opened")
	auditor.reads("auditor")
	before := auditor.events(in)
	for _, form := range []string{"/contacts|office=mayors-office&what=x", "/holds|matter=x", "/records|type=report&narrative=x", "/parties|slot=Witness 9", "/allegations|offence=battery&actor=federal", "/located|system=a&key=b&kind=bwc", "/records/1/return|reason=x", "/exhibits/1/flag|ground=evidentiary_value"} {
		to, body, _ := strings.Cut(form, "|")
		if status := auditor.posts("/incidents/"+in+to, body); status != 403 {
			auditor.stop("an auditor posts %s and is answered %d", to, status)
		}
	}
	if after := auditor.events(in); after != before {
		auditor.stop("the auditor's attempts changed the incident: %d events, then %d", before, after)
	}

	for _, who := range []string{"aide-1", ""} {
		p := j.arrive(who)
		if who != "" {
			p.comes(j.Links[who])
		} else {
			p.goes("/")
		}
		p.expecting(404)
		differing := eval[[]string](p, fmt.Sprintf(`(async list => {
			const get = async at => { const r = await fetch(at, {redirect: 'manual'}); return r.status + ' ' + [...r.headers].filter(h => !/^(date)$/.test(h[0])).map(h => h.join(': ')).join('; ') + await r.text() }
			const absent = await get('/nowhere'), out = []
			if (!absent.startsWith('404 ')) out.push('/nowhere: ' + absent.slice(0, 80))
			for (const at of list) { const got = await get(at); if (got !== absent) out.push(at + ': ' + got.slice(0, 200)) }
			return out })(%s)`, quoted(addresses)))
		p.expecting(0)
		for _, d := range differing {
			p.fault("%q is told something by %s", who, d)
		}
		p.meets(404, "/incidents/"+in)
	}
	if len(auditor.refused) > 0 {
		j.notes("offered to the auditor and refused: %s", strings.Join(auditor.refused, ", "))
	}
	j.notes("%d pages read by the auditor, %d addresses alike to an aide and a stranger", len(came), len(addresses))
}

// events are how many acts the sheet of an incident's audit has, looks not
// counted: to read is on the record too.
func (p *traveller) events(in string) int {
	p.goes("/audit?incident=" + in)
	return eval[int](p, fmt.Sprintf(`fetch('/audit/events.csv?incident=%s').then(r => r.text()).then(t => t.split('\r\n').slice(1).filter(l => l && l.split(',')[3] !== 'item.opened').length)`, in))
}

// posts posts a form's text to an address and gives the status of the answer.
func (p *traveller) posts(to, body string) int {
	p.expecting(403)
	defer p.expecting(0)
	return eval[int](p, fmt.Sprintf(`fetch(%q, {method: 'POST', headers: {'Content-Type': 'application/x-www-form-urlencoded'}, body: %q, redirect: 'manual'}).then(r => r.status)`, to, body))
}

// detective: an allegation, its elements and what speaks for and against each;
// a referral that is stopped, with what stops it and who can mend it; and
// mended, it goes on.
func detective(j *journey) {
	in := j.Ready["detective"]
	p := j.come("detective-71")
	p.alleges(in)
	p.goes("/incidents/" + in + "/refer")
	p.reads("for each element add the evidence against it or state that none is known")
	referral := p.refers(in)
	supervisor := j.come("supervisor-71")
	supervisor.goes(referral)
	supervisor.pressFor(409, act("referral.approved")+" button")
	supervisor.reads("element")

	p.weighs(in)
	p.goes("/incidents/" + in + "/elements")
	p.send(weighing, "element", eval[string](p, `document.querySelector("`+weighing+` input[name=element]").value`), "side", "for", "item", in+"-E1", "from", "2", "to", "4", "note", "as seen on the film")
	p.goes("/incidents/" + in + "/refer")
	if strings.Contains(p.text("main"), "for each element add the evidence against it") {
		p.stop("what was mended still stops the referral")
	}
	supervisor.goes(referral)
	supervisor.press(act("referral.approved") + " button")
	supervisor.signs()
	supervisor.goes(referral)
	supervisor.reads("Approved")
}

// sealed: who somebody is opens one at a time, with a reason, and that it was
// opened stands where everybody on the incident can read it.
func sealed(j *journey) {
	in := j.Ready["demo"]
	p := j.come("detective-2208")
	p.goes("/incidents/" + in)
	p.send("form[action$='/parties']", "slot", "Witness 1", "capacity", "witness", "name", "a name under seal", "contact", "through a relative")
	p.goes("/incidents/" + in)
	if strings.Contains(p.text("body"), "a name under seal") {
		p.stop("the name stands open on the page")
	}
	link := eval[string](p, `[...document.querySelectorAll("main a[href*='/sealed/'][href$='/identity']")].pop().getAttribute('href')`)
	p.goes(link)
	p.sendFor(422, "main form.usa-form")
	p.goes(link)
	p.send("main form.usa-form", "reason", "to ask for the account")
	p.reads("a name under seal")
	p.goes("/incidents/" + in + "/opened")
	p.reads("to ask for the account")
	if strings.Contains(p.text("body"), "a name under seal") {
		p.stop("what was opened stands on the page of who opened")
	}
	other := j.come("officer-71")
	other.goes("/incidents/" + in + "/opened")
	other.reads("to ask for the account")
	other.goes(link)
	other.sendFor(403, "main form.usa-form", "reason", "to know")
}
