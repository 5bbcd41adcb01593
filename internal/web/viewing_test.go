package web

import (
	"net/url"
	"strings"
	"testing"

	"jurat"
	"jurat/internal/desk/desktest"
)

// reportFirst is an order that has an officer's report come before the footage.
const reportFirst = `jurat: order-1
id: a-directive
jurisdiction: My City
kind: directive
number: "1"
title: Reports and footage
time_zone: America/Chicago
languages: [{id: en, reviewed: true}, {id: es, reviewed: false}]
sources: [{id: text, title: A directive, kind: primary, seen: 2026-11-22}]
effective: {basis: stated, sources: [text]}
status: [{state: in_force, authority: Police, basis: stated, sources: [text]}]
gates: [{id: approve, basis: stated, sources: [text]}]
viewing:
  - id: report-first
    title: {en: The report first, es: Primero el informe}
    kinds: [bwc]
    roles: [officer]
    when: "true"
    basis: choice
    author: the law department
    reason: Memory and film are two things.
    say:
      en: Finish your report first. Footage of this incident opens when it is submitted; a supervisor can release it earlier, with a reason.
      es: Termine primero su informe. Las grabaciones de este incidente se abren cuando lo entregue; un supervisor puede abrirlas antes, con un motivo.
tests:
  - id: no-report
    title: Nobody wrote
    at: 2026-03-06T09:00:00-06:00
    facts:
      incident: {trigger: observed, first_knowledge: 2026-03-02T09:00:00-06:00}
      exhibits: [{kind: bwc}]
    expect:
      viewing: [{item: E1, person: officer-7, role: officer, open: false, because: [report-first]}]
`

// LAW-2: the page says why, what to do and who can; it offers no way round; and
// the bytes are refused whoever asks for them by hand.
func TestFootageThatWaits(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	recorded(t, rec, in, desktest.Files(t, "one", "two"), lasting(0), lasting(0))
	_, _, err := rec.AdoptOrder(t.Context(), rec.As("administrator-1"), noon(), "viewing.yaml", []byte(reportFirst))
	must(t, err)
	c := counterAt(t, rec, noon)
	path := "/incidents/" + string(in) + "/exhibits/1"
	for _, page := range []string{path, path + "/play?with=2"} {
		code, text, _ := ask(t, c, "GET", page, "officer-4471", nil)
		if code != 200 || !strings.Contains(text, "Finish your report first. Footage of this incident opens when it is submitted") || !strings.Contains(text, `href="/reports/new"`) {
			t.Errorf("%s: %d, %s", page, code, alertOf(text))
		}
		if strings.Contains(text, "/bytes") || strings.Contains(text, "<video") || strings.Contains(text, `name="member"`) {
			t.Errorf("%s offers a way round", page)
		}
		if _, text, _ = ask(t, c, "GET", page, "officer-4471", nil, "Accept-Language", "es"); !strings.Contains(text, "Termine primero su informe") {
			t.Errorf("%s says it in no Spanish", page)
		}
		if _, text, _ = ask(t, c, "GET", page, "evidence-7", nil); strings.Contains(text, "Finish your report first") {
			t.Errorf("%s stops whose work it is", page)
		}
	}
	if code, text, _ := ask(t, c, "GET", path+"/bytes", "officer-4471", nil, "Range", "bytes=0-1"); code != 409 || strings.Contains(text, "one") && !strings.Contains(text, "Finish your report first.") {
		t.Errorf("the bytes: %d", code)
	}
	release := func(who string, form url.Values) (int, string) {
		code, text, _ := ask(t, c, "POST", "/incidents/"+string(in)+"/viewings", jurat.PersonID(who), form)
		return code, text
	}
	form := url.Values{"exhibit": {"1"}, "member": {"officer-4471"}, "reason": {"the hospital must be told"}}
	if code, _ := release("officer-4472", form); code != 403 {
		t.Errorf("released by an officer: %d", code)
	}
	if code, text := release("supervisor-1102", url.Values{"exhibit": {"1"}, "member": {"officer-4471"}}); code != 422 || !strings.Contains(text, "Say why") || !strings.Contains(text, `value="officer-4471"`) {
		t.Errorf("without a reason: %d %s", code, alertOf(text))
	}
	if code, _ := release("supervisor-1102", url.Values{"exhibit": {"x"}, "member": {"officer-4471"}, "reason": {"x"}}); code != 404 {
		t.Errorf("from no exhibit's page: %d", code)
	}
	if code, _ := release("supervisor-1102", form); code != 303 {
		t.Errorf("released: %d", code)
	}
	if code, _, _ := ask(t, c, "GET", path+"/bytes", "officer-4471", nil); code != 200 {
		t.Errorf("the bytes, released: %d", code)
	}
	if code, text, _ := ask(t, c, "GET", path, "supervisor-1102", nil); code != 200 || !strings.Contains(text, "the hospital must be told") {
		t.Errorf("who was let see, and why, is not shown: %d", code)
	}
	if code, text, _ := ask(t, c, "GET", path+"/play", "officer-4472", nil); code != 200 || !strings.Contains(text, "Finish your report first") {
		t.Errorf("another officer: %d", code)
	}
}
