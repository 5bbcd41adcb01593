package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A Quick is a counter where an officer writes quick reports. Its record has a
// dispatch table with the event, and an order with the questions.
type Quick struct {
	Site, Setup string
	Event       string // an event number dispatch has
}

// A Quickly is what a report took a person, as far as a browser can count it.
type Quickly struct {
	Questions int // numbered, on the page
	Asked     int // of them, those that applied
	Details   int // that the answers called for
	Screens   int
	Taps      int
	Words     int      // typed
	Chars     int      // typed
	Twice     []string // typed more than once
	Seconds   float64
}

// The constants of the page guide: how long a person takes, on the average.
const (
	perQuestion, perDetail, perTap, perWord, perScreen, signing = 7, 2, 1.5, 1.5, 3, 12
)

// seconds is how long a report takes whoever taps and types what was counted.
func (q *Quickly) seconds(reading float64) {
	q.Seconds = perQuestion*float64(q.Asked) + perDetail*float64(q.Details) + perTap*float64(q.Taps) + perWord*float64(q.Words) + perScreen*float64(q.Screens) + reading + signing
}

// QuickWalked is what became of the reports.
type QuickWalked struct {
	Faults         []string
	Plain, Longest Quickly
}

// An answer is one thing an officer does on a screen.
type answer struct{ name, value string }

// unlisted stands for a value that is typed and not chosen.
const (
	narrative80  = "On arrival I saw a vehicle stop. Two persons in vests stood at the driver's door. I asked who was in charge and nobody answered. I stood by and recorded it until they left. I saw nobody hurt. A neighbor told me that the same vehicle had passed the corner twice before, and that the driver had stopped when the lights came on. The driver kept both hands on the wheel. I wrote down the time, stayed on the corner, and left after twenty minutes."
	narrativeAdd = " One of them held the driver by the arm for a short time and let go when the driver stood beside the car. The driver said that the arm hurt and sat down on the curb. I called for an ambulance at once, gave water and a blanket, and waited until it came. A second person, on the far side of the street, said that spray had come into their eyes; I rinsed them. Both were looked at and both stayed. I asked four people for video and two said they would send it."
)

// plainNight is a night on which dispatch has the event, and little happened.
func plainNight(event string) [3][]answer {
	return [3][]answer{
		{{"incident.event_number", event}, {"incident.confirmed", "yes"}, {"activity.agencies", "ice_ero"}, {"activity.agency_basis", "insignia"}, {"activity.activity_kinds", "vehicle_stop"}, {"activity.warrant_shown", "not_asked"}},
		{{"activity.force_seen", "none_observed"}, {"report.anyone_injured", "no"}, {"identification_attempt.outcome", "no_answer"}, {"identification_attempt.recording", "yes_not_yet_uploaded"}, {"report.alleged_by", "nobody"}},
		{{"report.own_camera", "recorded_all"}, {"report.keep_footage", "yes"}, {"report.viewed_footage", "no"}, {"activity.member_actions", "observed_only"}, {"activity.member_actions", "recorded"}, {"report.narrative", narrative80}},
	}
}

// longestPath is a night without a number, on which every answer calls for its
// details.
func longestPath() [3][]answer {
	return [3][]answer{
		{{"incident.trigger", "observed"}, {"incident.from", "2026-01-05T22:40"}, {"incident.place", "2300 block of a street near a school"}, {"activity.agencies", "ice_ero"}, {"activity.agencies", "cbp_usbp"}, {"activity.agency_basis", "vehicle_marking"},
			{"activity.activity_kinds", "arrest"}, {"activity.activity_kinds", "vehicle_stop"}, {"activity.warrant_shown", "not_asked"}},
		{{"activity.force_seen", "hands"}, {"activity.force_seen", "oc_spray"}, {"use_of_force.by", "federal"}, {"report.anyone_injured", "yes"}, {"ems_call.injured_party", "2"}, {"ems_call.called_at", "2026-01-05T22:44"},
			{"identification_attempt.outcome", "partial"}, {"identification_attempt.verified_how", "credential_seen"}, {"identification_attempt.recording", "yes"}, {"identification_attempt.name_given", "a name as given"}, {"identification_attempt.badge_given", "4410"},
			{"report.alleged_by", "i_was_told"}, {"allegation.actor", "federal"}},
		{{"report.own_camera", "recorded_part"}, {"footage_gap.why_missing", "late_activation"}, {"report.keep_footage", "yes"}, {"report.viewed_footage", "no"},
			{"activity.member_actions", "rendered_aid"}, {"activity.member_actions", "took_report"}, {"activity.member_actions", "asked_witnesses"}, {"activity.member_actions", "asked_private_video"}, {"report.narrative", narrative80 + narrativeAdd}},
	}
}

// quick is an officer's tour of the quick report.
func quick(ctx context.Context, w Quick) (out QuickWalked, err error) {
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
	admin, err := newWalker(browser, "the administrator", w.Site, 1280)
	if err != nil {
		return out, err
	}
	if err := admin.settle(w.Setup); err != nil {
		return out, err
	}
	link, err := admin.add("officer")
	if err != nil {
		return out, fmt.Errorf("adding the officer: %w", err)
	}
	officer, err := newWalker(browser, "the officer", w.Site, 360)
	if err != nil {
		return out, err
	}
	people = append(people, admin, officer)
	if err := officer.settle(link); err != nil {
		return out, err
	}
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"a plain night", func() (err error) {
			out.Plain, _, err = officer.tour(plainNight(w.Event), 20, "2300 block of a street")
			return err
		}},
		{"the longest path", func() (err error) {
			out.Longest, _, err = officer.tour(longestPath(), 40, "a name as given")
			return err
		}},
		{"without the network", officer.offline},
		{"by keyboard", officer.controlEnter},
		{"signing out", officer.leaves},
		{"in Spanish", officer.reportInSpanish},
		{"without a script", officer.reportWithoutScript},
	} {
		if err := step.do(); err != nil {
			return out, fmt.Errorf("%s: %w", step.what, err)
		}
	}
	return out, nil
}

// tour writes, reads back, signs and keeps the receipt of one report. It gives
// what it took, and the incident.
func (p *walker) tour(screens [3][]answer, reading float64, said string) (q Quickly, incident string, err error) {
	if err := p.goes("/reports/new"); err != nil {
		return q, "", err
	}
	p.taps, p.words = 0, 0
	if err := p.press("form[action='/reports'] button"); err != nil {
		return q, "", err
	}
	var typed []string
	for i, answers := range screens {
		for _, a := range answers {
			was := p.words
			if err := p.answers(a); err != nil {
				return q, "", fmt.Errorf("screen %d: %w", i+1, err)
			}
			if p.words > was {
				typed = append(typed, a.value)
				q.Chars += len(a.value)
			}
			if a.name == "incident.event_number" { // the table is looked in meanwhile; the next tap waits for nothing
				if err := p.until(`!!document.querySelector("[name='incident.confirmed']") || !!document.querySelector('[data-dispatch] .usa-alert')`); err != nil {
					return q, "", fmt.Errorf("dispatch did not answer: %w", err)
				}
			}
		}
		seen, err := chromedp.Run(p.Context, chromedp.Evaluate[[]int](`(() => { const s = document.querySelector('[data-screen]:not([hidden])'); return [
			s.querySelectorAll('section.numbered').length,
			[...s.querySelectorAll('section.numbered')].filter(x => !x.querySelector('[data-asked]').hidden).length,
			[...s.querySelectorAll('[data-detail]')].filter(x => x.offsetParent !== null).length,
			document.querySelectorAll('[data-screen]:not([hidden])').length] })()`))
		if err != nil {
			return q, "", err
		}
		if seen[3] != 1 || seen[0] > 4 {
			return q, "", fmt.Errorf("%d screens at once, with %d questions", seen[3], seen[0])
		}
		q.Questions, q.Asked, q.Details, q.Screens = q.Questions+seen[0], q.Asked+seen[1], q.Details+seen[2], q.Screens+1
		if i < 2 {
			err = p.tap("button[value=next]")
		} else {
			err = p.press("button[value=next]")
		}
		if err != nil {
			return q, "", err
		}
	}
	read, err := p.text("main")
	if err != nil || !strings.Contains(read, "nobody answered") || !strings.Contains(read, said) {
		return q, "", fmt.Errorf("the read-back is %v %.400s", err, read)
	}
	if err := p.press("form[action$='/file'] button"); err != nil {
		return q, "", err
	}
	if err := p.press("[data-passkey-sign] button"); err != nil {
		return q, "", err
	}
	got, err := p.text("main")
	if err != nil || !strings.Contains(got, "Your report is handed in") || !strings.Contains(got, "Keep the acknowledgement") || strings.Contains(got, "not signed yet") {
		return q, "", fmt.Errorf("the receipt is %v %.400s", err, got)
	}
	incident, err = chromedp.Run(p.Context, chromedp.Evaluate[string](`document.querySelector("main a[href^='/incidents/']").getAttribute('href').split('/')[2]`))
	q.Taps, q.Words = p.taps, p.words
	for i, t := range typed {
		if slices.Contains(typed[:i], t) {
			q.Twice = append(q.Twice, t)
		}
	}
	q.seconds(reading)
	return q, incident, err
}

// answers gives one answer: a tap where it is to be chosen, a tap and the keys
// where it is to be typed. A date and a time are set, and counted as typed.
func (p *walker) answers(a answer) error {
	kind, err := chromedp.Run(p.Context, chromedp.Evaluate[string](fmt.Sprintf(`document.getElementById(%q) ? 'choice' : (document.getElementById(%q) || {}).type || 'none'`, a.name+"-"+a.value, a.name)))
	if err != nil {
		return err
	}
	switch kind {
	case "none":
		return fmt.Errorf("%s is not asked", a.name)
	case "choice":
		return p.tap(fmt.Sprintf("label[for=%q]", a.name+"-"+a.value))
	case "datetime-local":
		if err := p.tap(fmt.Sprintf("[id=%q]", a.name)); err != nil {
			return err
		}
		p.words += 2
		return chromedp.Do(p.Context, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`{ const e = document.getElementById(%q); e.value = %q; e.dispatchEvent(new Event('input', {bubbles: true})) }`, a.name, a.value)))
	}
	if err := p.types(fmt.Sprintf("[id=%q]", a.name), a.value); err != nil {
		return err
	}
	if a.name == "incident.event_number" { // going on to the next question is what looks it up
		return chromedp.Do(p.Context, chromedp.Evaluate[chromedp.Void](`document.activeElement.blur()`))
	}
	return nil
}

// until waits until an expression is true.
func (p *walker) until(expression string) error {
	for range 300 {
		yes, err := chromedp.Run(p.Context, chromedp.Evaluate[bool](expression))
		if err != nil || yes {
			return err
		}
		select {
		case <-p.Context.Done():
			return p.Context.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return fmt.Errorf("never true: %s", expression)
}

// reach takes the network away from some addresses, or gives it back.
func (p *walker) reach(lost bool, pattern string) error {
	conditions := []*network.Conditions{}
	if lost {
		conditions = append(conditions, &network.Conditions{URLPattern: pattern, DownloadThroughput: -1, UploadThroughput: -1, Offline: true})
	}
	_, err := chromedp.Call(p.Context, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: conditions})
	return err
}

// kept counts the drafts the browser keeps, and looks for a text in them.
const kept = `(async text => {
	const db = await new Promise((give, fail) => { const r = indexedDB.open('jurat-drafts', 1); r.onupgradeneeded = () => r.result.createObjectStore('drafts', { keyPath: 'id' }); r.onsuccess = () => give(r.result); r.onerror = () => fail(r.error) })
	const rows = await new Promise((give, fail) => { const r = db.transaction('drafts').objectStore('drafts').getAll(); r.onsuccess = () => give(r.result); r.onerror = () => fail(r.error) })
	db.close()
	let open = 0
	for (const row of rows) {
		if (new TextDecoder('latin1').decode(row.body).includes(text)) open++
		try { await crypto.subtle.exportKey('raw', row.key); open++ } catch { /* the key stays in */ }
	}
	if (JSON.stringify(localStorage).includes(text)) open++
	return [rows.length, open]
})`

func (p *walker) keeps(text string) ([]int, error) {
	return chromedp.Run(p.Context, chromedp.Evaluate[[]int](fmt.Sprintf("%s(%q)", kept, text), chromedp.EvalAwaitPromise))
}

// offline loses the network in the middle of a report, goes on, and gets it
// back: nothing is lost, and nothing stays on the device.
func (p *walker) offline() error {
	if err := p.goes("/reports/new"); err != nil {
		return err
	}
	if err := p.press("form[action='/reports'] button"); err != nil {
		return err
	}
	if err := p.answers(answer{"activity.agencies", "fbi"}); err != nil {
		return err
	}
	if err := p.until(`document.querySelector('[data-saved]').textContent.startsWith('Saved') && document.forms[document.forms.length - 1].elements.version.value > '1'`); err != nil {
		return fmt.Errorf("before: %w", err)
	}
	if err := p.reach(true, ""); err != nil {
		return err
	}
	for _, step := range []func() error{
		func() error { return p.tap("button[value=next]") },
		func() error { return p.answers(answer{"report.anyone_injured", "no"}) },
		func() error { return p.tap("button[value=next]") },
		func() error { return p.answers(answer{"report.narrative", "Written where no network was."}) },
		func() error {
			return p.until(`document.querySelector('[data-saved]').textContent.startsWith('No network. Saved on this phone at ')`)
		},
	} {
		if err := step(); err != nil {
			return err
		}
	}
	time.Sleep(2500 * time.Millisecond) // a pause in typing is what saves
	rows, err := p.keeps("Written where")
	if err != nil || len(rows) != 2 || rows[0] != 1 || rows[1] != 0 {
		return fmt.Errorf("without the network the browser keeps %v (drafts, readable): %v", rows, err)
	}
	if err := p.reach(false, ""); err != nil {
		return err
	}
	if err := chromedp.Do(p.Context, chromedp.Evaluate[chromedp.Void](`dispatchEvent(new Event('online'))`)); err != nil {
		return err
	}
	if err := p.until(`document.querySelector('[data-saved]').textContent.startsWith('Saved')`); err != nil {
		return fmt.Errorf("after: %w", err)
	}
	if rows, err = p.keeps("Written where"); err != nil || rows[0] != 0 {
		return fmt.Errorf("after it was sent the browser keeps %v: %v", rows, err)
	}
	p.forget()
	if err := p.press("button[value=next]"); err != nil {
		return err
	}
	read, err := p.text("main")
	if err != nil || !strings.Contains(read, "Written where no network was.") || !strings.Contains(read, "FBI") {
		return fmt.Errorf("the read-back is %v %.300s", err, read)
	}
	return nil
}

// forget drops the faults of requests that were meant to fail.
func (p *walker) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = nil
}

// controlEnter goes on by keyboard.
func (p *walker) controlEnter() error {
	if err := p.goes("/reports/new"); err != nil {
		return err
	}
	if err := p.press("form[action='/reports'] button"); err != nil {
		return err
	}
	if err := p.tap("[id='incident.event_number']"); err != nil {
		return err
	}
	if err := chromedp.Do(p.Context, chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(2))); err != nil {
		return err
	}
	return p.until(`document.querySelector("[data-screen='2']").hidden === false && document.querySelector("[data-screen='1']").hidden`)
}

// leaves signs out while a draft waits on the device: it is erased.
func (p *walker) leaves() error {
	if err := p.reach(true, "*://*:*/reports/*"); err != nil {
		return err
	}
	if err := p.answers(answer{"report.anyone_injured", "yes"}); err != nil {
		return err
	}
	if err := p.until(`document.querySelector('[data-saved]').textContent.startsWith('No network.')`); err != nil {
		return err
	}
	if rows, err := p.keeps("anyone_injured"); err != nil || rows[0] != 1 || rows[1] != 0 {
		return fmt.Errorf("before signing out the browser keeps %v: %v", rows, err)
	}
	if err := p.press("form[action='/leave'] button"); err != nil {
		return err
	}
	if err := p.reach(false, ""); err != nil {
		return err
	}
	p.forget()
	if rows, err := p.keeps("anyone_injured"); err != nil || rows[0] != 0 {
		return fmt.Errorf("after signing out the browser keeps %v: %v", rows, err)
	}
	if err := p.goes("/login"); err != nil {
		return err
	}
	return p.press("[data-passkey=get] button")
}

// reportInSpanish begins a report in Spanish.
func (p *walker) reportInSpanish() error {
	if err := p.goes("/reports/new"); err != nil {
		return err
	}
	if err := p.press("button[name=language]"); err != nil {
		return err
	}
	if err := p.press("form[action='/reports'] button"); err != nil {
		return err
	}
	for _, a := range []answer{{"activity.agencies", "none"}} {
		if err := p.answers(a); err != nil {
			return err
		}
	}
	if err := p.tap("button[value=next]"); err != nil {
		return err
	}
	said, err := p.text("main")
	if err != nil {
		return err
	}
	for _, want := range []string{"Paso 2 de 3: Qué pasó", "¿Hubo personas heridas?", "No lo sé", "No aplica", "Guardado"} {
		if !strings.Contains(said, want) {
			return fmt.Errorf("the second screen does not say %q: %.600s", want, said)
		}
	}
	if err := p.goes("/reports/new"); err != nil {
		return err
	}
	return p.press("button[name=language]")
}

// reportWithoutScript writes a report with every script off: three pages, each
// with its details open.
func (p *walker) reportWithoutScript() error {
	if _, err := chromedp.Call(p.Context, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		return err
	}
	if err := p.goes("/reports/new"); err != nil {
		return err
	}
	if err := p.press("form[action='/reports'] button"); err != nil {
		return err
	}
	for i, answers := range [3][]answer{
		{{"incident.event_number", "26-327-9999"}, {"activity.agencies", "fbi"}},
		{{"report.anyone_injured", "yes"}, {"ems_call.no_call_reason", "already_on_scene"}},
		{{"report.narrative", "Written without a script."}},
	} {
		for _, a := range answers {
			if err := p.answersPlainly(a); err != nil {
				return fmt.Errorf("page %d: %w", i+1, err)
			}
		}
		if err := p.press("button[value=next]"); err != nil {
			return err
		}
	}
	read, err := p.text("main")
	if err != nil {
		return err
	}
	for _, want := range []string{"26-327-9999", "FBI", "already on the scene", "Written without a script."} {
		if !strings.Contains(read, want) {
			return fmt.Errorf("the read-back lacks %q: %.600s", want, read)
		}
	}
	return p.press("form[action$='/file'] button")
}

// answersPlainly is answers where nothing on the page runs.
func (p *walker) answersPlainly(a answer) error {
	listed := fmt.Sprintf("label[for=%q]", a.name+"-"+a.value)
	if slices.Contains([]string{"incident.event_number", "report.narrative"}, a.name) {
		return p.types(fmt.Sprintf("[id=%q]", a.name), a.value)
	}
	return p.tap(listed)
}
