package main

import (
	"fmt"
	"strings"
)

// returned: a supervisor returns a report with a reason; its author amends it
// and signs again; what was changed stands beside what was before; and the
// second version is approved.
func returned(j *journey) {
	in := j.Ready["returned"]
	officer := j.come("officer-4471")
	report := officer.files(in, "report", "narrative", "On arrival I saw a vehicle stop. A second camera was there.", "violation_alleged", "no", "anyone_injured", "no", "viewed_footage", "no")
	supervisor := j.come("supervisor-1102")
	supervisor.goes(report)
	supervisor.sendFor(422, "form[action$='/return']")
	supervisor.goes(report)
	supervisor.send("form[action$='/return']", "reason", "name the second camera")

	officer.goes(report)
	officer.reads("name the second camera")
	officer.press("main a[href$='/amend']")
	officer.send("main form[action$='/amend']", "narrative", "On arrival I saw a vehicle stop. The camera of the second unit recorded too.", "reason", "second camera named")
	officer.press("main a[href^='/sign?act=record.submitted']")
	officer.signs()

	supervisor.goes(report)
	was, is := supervisor.text("main del"), supervisor.text("main ins")
	if !strings.Contains(was, "A second camera was there") || !strings.Contains(is, "the second unit recorded") {
		supervisor.stop("the difference is shown as %q and %q", was, is)
	}
	supervisor.reads("name the second camera", "Version 2")
	supervisor.press("main a[href^='/sign?act=record.approved']")
	supervisor.signs()
	supervisor.goes(report)
	supervisor.reads("Approved", "Version 2")
}

// hold: footage whose time has come is listed for disposal; counsel places a
// hold; and the records officer sees that it stops.
func hold(j *journey) {
	in := j.Ready["hold"]
	records := j.come("records-91")
	line := fmt.Sprintf(`[...document.querySelectorAll('main tr')].filter(r => r.querySelector("a[href='/incidents/%s/exhibits/1']")).map(r => r.innerText).join()`, in)
	records.goes("/retention")
	before := eval[string](records, line)
	if !strings.Contains(before, "90") && !strings.Contains(before, "Body-camera footage, not flagged") {
		records.stop("the footage is not listed: %q", before)
	}
	if strings.Contains(before, "A hold") {
		records.stop("it is on hold already: %q", before)
	}
	counsel := j.come("counsel-91")
	counsel.goes("/incidents/" + in)
	counsel.send("form[action$='/holds']", "matter", "a petition on this stop")
	counsel.goes("/incidents/" + in)
	counsel.reads("a petition on this stop")

	records.goes("/retention")
	after := eval[string](records, line)
	if after == before || !strings.Contains(strings.ToLower(after), "hold") {
		records.stop("after the hold: %q, before: %q", after, before)
	}
	// Who disposes does not lift what stops them.
	records.goes("/incidents/" + in)
	if records.has("form[action$='/holds/1/release']") {
		records.sendFor(403, "form[action$='/holds/1/release']", "reason", "no longer needed")
	}
	counsel.goes("/incidents/" + in)
	counsel.send("form[action$='/holds/1/release']", "reason", "the petition was decided")
	records.goes("/retention")
	if again := eval[string](records, line); strings.Contains(again, "a petition") || again != before {
		records.stop("after the release: %q, before the hold: %q", again, before)
	}
}

// evidence: the morning list leads to what another system holds; its holder's
// word goes on the record and the list says so; and an exhibit held here is
// read to its last byte.
func evidence(j *journey) {
	in := j.Ready["evidence"]
	p := j.come("evidence-71")
	p.goes("/footage")
	row := fmt.Sprintf(`[...document.querySelectorAll('main tr')].filter(r => r.querySelector("a[href='/incidents/%s/exhibits/1']")).map(r => r.innerText).join()`, in)
	if said := eval[string](p, row); !strings.Contains(said, "Not confirmed") && !strings.Contains(said, "not confirmed") {
		p.stop("the list says %q", said)
	}
	p.press(fmt.Sprintf("main a[href='/incidents/%s/exhibits/1']", in))
	p.send("form[action$='/confirm']", "word", "video unit, by telephone")
	p.reads("video unit, by telephone")
	p.goes("/footage?all")
	if said := eval[string](p, row); strings.Contains(said, "ot confirmed") {
		p.stop("after the holder's word the list says %q", said)
	}
	p.goes("/incidents/" + in + "/exhibits/2")
	p.press("form[action$='/verify'] button")
	p.reads("Intact")
	p.goes("/incidents/" + in + "/exhibits/2")
	if !strings.Contains(p.text("main"), "evidence-71") {
		p.stop("the check is not in the custody")
	}
}
