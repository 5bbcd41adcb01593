package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// spanish: people of every role work and read in Spanish, and no text of the
// English catalogue or of the order's English labels is left on any page they
// come to, but where `lang` says that it is English.
func spanish(j *journey) {
	officer := j.speaks("officer-51")
	in := officer.opens("Parada de un vehículo")
	officer.files(in, "activity", "activity_kinds", "vehicle_stop", "warrant_shown", "not_asked", "force_seen", "none_observed")
	officer.files(in, "identification_attempt", "outcome", "not_attempted", "not_attempted", "no hubo contacto", "recording", "no")
	officer.files(in, "report", "narrative", "Al llegar vi una parada de vehículo. No hablé con nadie.", "violation_alleged", "no", "anyone_injured", "no", "viewed_footage", "no")
	// What a form does not take, and what stops an act.
	officer.goes("/incidents/" + in)
	officer.sendFor(422, "form[action$='/parties']", "capacity_words", "presente")
	officer.goes("/incidents/new")
	officer.sendFor(422, "form[action='/incidents']", "title", "")
	visited := officer.wanders(16)
	visited += officer.drafts()

	supervisor := j.speaks("supervisor-51")
	supervisor.approves(in)
	visited += supervisor.wanders(10)
	for _, who := range []string{"detective-51", "evidence-51", "records-51", "counsel-51", "auditor-51", "administrator-51", "county-51"} {
		visited += j.speaks(who).wanders(10)
	}
	j.notes("%d pages read in Spanish", visited)
}

// speaks has somebody come in who chose Spanish before anything else.
func (j *journey) speaks(who string) *traveller {
	p := j.arrive(who)
	p.goes("/")
	p.press("button[name=language][value=es]")
	p.spanish = true
	p.comes(j.Links[who])
	return p
}

// looksSpanish says what is left on a page of another language.
func (p *traveller) looksSpanish() {
	for _, text := range eval[[]string](p, fmt.Sprintf(leftovers, quoted(p.journey.Foreign))) {
		p.fault("%s: not in Spanish on %s: %s", p.name, pattern(p.path()), text)
	}
}

// leftovers are the texts of a page, and of what is read aloud of it, that
// match an expression, outside what is marked as of another language or as
// somebody's own words.
const leftovers = `(list => {
	if (document.documentElement.lang !== 'es') return ['the page says it is ' + document.documentElement.lang]
	window.foreignTexts ||= new RegExp('^(?:' + list.join('|') + ')$')
	const out = new Set(), own = e => !e.closest('[lang=en],[dir=auto],bdi,script,style,code,pre')
	const look = (text, e) => { text = text.replace(/\s+/g, ' ').trim(); if (text.length > 1 && own(e) && window.foreignTexts.test(text)) out.add(text) }
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
	for (let n; (n = walk.nextNode());) look(n.data, n.parentElement)
	look(document.title.split(' · ')[0], document.documentElement)
	document.querySelectorAll('*').forEach(e => { for (const a of e.attributes) if (/^(alt|title|placeholder|aria-label|aria-description|data-.*)$/.test(a.name) && !/^data-(cell|when|of|not|is|unless)$/.test(a.name)) look(a.value, e) })
	return [...out] })(%s)`

// wanders goes to every page that a link of a page leads to, one or two of each
// kind, and gives how many it came to.
func (p *traveller) wanders(most int) int {
	return len(p.roams(most))
}

// roams is wanders, and gives the addresses.
func (p *traveller) roams(most int) (came []string) {
	next, seen, kinds := []string{"/"}, map[string]bool{"/": true}, map[string]int{}
	for len(next) > 0 && len(came) < most {
		to := next[0]
		next = next[1:]
		if !p.tries(to) {
			p.refused = append(p.refused, pattern(to))
			continue
		}
		if came = append(came, to); p.spanish {
			p.looksSpanish()
		}
		for _, link := range eval[[]string](p, `[...document.querySelectorAll('a[href^="/"]')].map(a => a.getAttribute('href').split('#')[0])`) {
			kind := pattern(link)
			if link == "" || seen[link] || kinds[kind] >= 2 || files.MatchString(link) {
				continue
			}
			seen[link] = true
			kinds[kind]++
			next = append(next, link)
		}
	}
	return came
}

// files are addresses that lead to no page, or to an act that a page asks for.
var files = regexp.MustCompile(`^/static/|/(bytes|parcel|download|openapi\.json|letters/\w+|events\.csv|disclosure|proof)(\?|$)|^/sign\?`)

var digits = regexp.MustCompile(`[0-9]{4}-[0-9]{6}|[0-9a-f-]{36}|\b[0-9]+\b`)

// pattern is the kind of page an address is of.
func pattern(path string) string { return digits.ReplaceAllString(path, "N") }

// drafts looks at the pages of a quick report.
func (p *traveller) drafts() (count int) {
	p.goes("/reports/new")
	p.press("main form[action='/reports'] button")
	at, _, _ := strings.Cut(p.path(), "?")
	for _, page := range []string{"?step=1", "?step=2", "?step=3", "/read"} {
		p.goes(at + page)
		count++
	}
	return count
}

// noScript: with every script off, somebody sets a password and codes, comes in
// by them, writes the quick report on three pages, hands a file in by a plain
// form, and signs with a key file; and a supervisor approves in the same way.
func noScript(j *journey) {
	officer := j.plain("officer-61")
	officer.goes("/reports/new")
	officer.press("main form[action='/reports'] button")
	draft := officer.path()
	// Each page is given what it asks of these, whatever the order makes a page.
	for officer.has("form[data-draft] button[value=next]") {
		officer.fillWhat("form[data-draft]",
			"incident.event_number", "26-330-0661", "incident.trigger", "observed", "incident.from", "2026-11-20T22:41", "incident.place", "4700 block of a street", "incident.inside_city", "yes",
			"activity.agencies", "unknown", "activity.activity_kinds", "vehicle_stop", "activity.warrant_shown", "not_asked", "activity.force_seen", "none_observed", "activity.member_actions", "asked_witnesses", "activity.member_actions", "asked_private_video",
			"identification_attempt.outcome", "no_answer", "identification_attempt.recording", "no", "report.anyone_injured", "no", "report.alleged_by", "nobody", "report.viewed_footage", "no",
			"report.narrative", "On arrival I saw a vehicle stop. I asked who was in charge and nobody answered.")
		officer.press("form[data-draft] button[value=next]")
	}
	officer.reads("26-330-0661", "nobody answered")
	officer.press("form[action='" + draft + "/file'] button")
	in := eval[string](officer, `document.querySelector("main a[href^='/incidents/']").getAttribute('href').split('/')[2]`)
	officer.goes("/incidents/" + in + "/receive")
	officer.fill("form[data-endpoint]", "kind", "photo")
	officer.hands("form[data-endpoint] input[type=file]", j.Photo)
	officer.press("form[data-endpoint] button[type=submit]")
	officer.reads("Exhibit 1")
	for _, at := range officer.waitingIn(in) {
		officer.goes(at)
		officer.press("main a[href^='/sign?act=record.submitted']")
		officer.signsByFile()
	}
	supervisor := j.plain("supervisor-61")
	count := 0
	for ; ; count++ {
		supervisor.goes("/approvals")
		waiting := fmt.Sprintf("main a[href^='/incidents/%s/records/']", in)
		if !supervisor.has(waiting) {
			break
		}
		supervisor.press(waiting)
		supervisor.press("main a[href^='/sign?act=record.approved']")
		supervisor.signsByFile()
	}
	if count == 0 {
		supervisor.stop("nothing waited for a second person")
	}
	j.notes("%d records signed twice with key files", count)
}

// plain has somebody come in for the first time with scripts off: a password
// and codes, then out, and in by them.
func (j *journey) plain(who string) *traveller {
	p := j.arrive(who)
	if _, err := chromedp.Call(p.Context, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		p.stop("%v", err)
	}
	_, secret, _ := strings.Cut(j.Links[who], "#")
	p.goes("/setup")
	p.send("form[action='/setup']", "secret", secret)
	const password = "a long sentence nobody else has, 1"
	p.send("form[action='/me/password']", "password", password, "repeat", password)
	p.press("form[action='/me/generator'] button")
	seed := strings.TrimSpace(p.text("#generator .digest"))
	p.send("form[action='/me/generator/confirm']", "code", code(p, seed, -1))
	p.press("form[action='/setup/done'] button")
	p.press("form[action='/leave'] button")
	p.goes("/login")
	p.send("form[action='/login']", "name", who, "password", password, "code", code(p, seed, 0))
	return p
}

// waitingIn are the records of an incident that their author has not handed in.
func (p *traveller) waitingIn(in string) []string {
	p.goes("/incidents/" + in)
	all := eval[[]string](p, fmt.Sprintf(`[...document.querySelectorAll("main a[href^='/incidents/%s/records/']")].map(a => a.getAttribute('href')).filter(h => /\/records\/\d+$/.test(h))`, in))
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.DeleteFunc(all, func(at string) bool {
		p.goes(at)
		return !p.has("main a[href^='/sign?act=record.submitted']")
	})
}
