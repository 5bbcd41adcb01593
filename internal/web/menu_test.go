package web

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk/desktest"
)

var inMenu = regexp.MustCompile(`(?s)<nav class="(roles|also)".*?</nav>`)
var menuLink = regexp.MustCompile(`<a href="([^"]+)"`)

// menuLinks are the addresses the navigation of a page offers, and those its
// list of the role's other pages does.
func menuLinks(page string) (menu, also []string) {
	for _, m := range inMenu.FindAllStringSubmatch(page, -1) {
		for _, l := range menuLink.FindAllStringSubmatch(m[0], -1) {
			if m[1] == "roles" {
				menu = append(menu, l[1])
			} else {
				also = append(also, l[1])
			}
		}
	}
	return menu, also
}

// Each role begins where the plan of the pages says and is offered what it says,
// in that order; whatever is offered is there.
func TestEachRoleBeginsAtItsPageAndIsOfferedItsOwn(t *testing.T) {
	city := counterAt(t, desktest.City(t), noon)
	county := counterAt(t, desktest.County(t), noon)
	for _, tc := range []struct {
		at   *station
		who  jurat.PersonID
		menu string
	}{
		{city, "officer-4471", "/duties /reports/new /incidents?mine /receive /orders"},
		{city, "supervisor-1102", "/approvals /duties/team /incidents /footage /search /orders"},
		{city, "evidence-7", "/footage /receive /incidents /redactions /search"},
		{city, "detective-2208", "/incidents?mine /referrals /footage /search /orders"},
		{city, "counsel-3", "/holds /incidents /referrals /orders"},
		{city, "records-3", "/retention /holds /footage /orders"},
		{county, "prosecutor-12", "/inbox /incidents /trust /search"},
		{city, "auditor-1", "/audit /incidents /orders /numbers"},
		{city, "administrator-1", "/admin /admin#offices /admin/keys /admin/health /admin/journal"},
		{county, "administrator-1", "/admin /admin#offices /admin/keys /admin/health /admin/journal"},
		{city, "conduct-7", "/records /duties /orders"},
		{city, "aide-1", "/numbers"},
		{city, "prosecutor-12", "/orders /numbers"}, // a guest, to whom nothing is listed
	} {
		want := strings.Fields(tc.menu)
		code, _, h := ask(t, tc.at, "GET", "/", tc.who, nil)
		if code != 303 || h.Get("Location") != want[0] {
			t.Errorf("%s begins at %q (%d), want %s", tc.who, h.Get("Location"), code, want[0])
			continue
		}
		_, first, _ := ask(t, tc.at, "GET", want[0], tc.who, nil)
		got, also := menuLinks(first)
		if !slices.Equal(got, want) {
			t.Errorf("%s is offered %q, want %q", tc.who, got, want)
		}
		for _, address := range append(got, also...) {
			path, anchor, _ := strings.Cut(address, "#")
			code, page, _ := ask(t, tc.at, "GET", path, tc.who, nil)
			if code != 200 {
				t.Errorf("%s is offered %s, which answers %d", tc.who, address, code)
			}
			if anchor != "" && !strings.Contains(page, `id="`+anchor+`"`) {
				t.Errorf("%s is offered %s, and the page has no such place", tc.who, address)
			}
			menu, more := menuLinks(page)
			if !slices.Equal(menu, want) || path != want[0] && anchor == "" && address != "/incidents" && len(more) > 0 {
				t.Errorf("%s at %s is offered %q and %q", tc.who, address, menu, more)
			}
			if here := strings.Count(page, `aria-current="page"`); slices.Contains(want, address) && here != 1 {
				t.Errorf("%s at %s: %d lines of the menu are where they are", tc.who, address, here)
			}
		}
		if slices.ContainsFunc(also, func(a string) bool { return slices.Contains(want, a) }) {
			t.Errorf("%s is offered a page twice: %q and %q", tc.who, want, also)
		}
	}
	// A stranger begins at the front page, which has no navigation.
	code, page, _ := ask(t, city, "GET", "/", "", nil)
	if menu, also := menuLinks(page); code != 200 || len(menu)+len(also) > 0 {
		t.Errorf("a stranger is offered %q and %q (%d)", menu, also, code)
	}
}

// Of the pages without a number in their address a political office is shown the
// published numbers, what it signs in with, and nothing else.
func TestAPoliticalOfficeHasThePublishedNumbersAndNothingElse(t *testing.T) {
	s := counterAt(t, desktest.City(t), noon)
	open := []string{"/{$}", "/numbers", "/login", "/setup", "/again", "/me", "/api", "/api/openapi.json", "/healthz", "/static/", askSignOnPath, signOnPath}
	walked := 0
	for _, pattern := range s.patterns {
		path, ok := strings.CutPrefix(pattern, "GET ")
		path = strings.NewReplacer("{order}", "chicago-eo-2026-01", "{term}", "owed").Replace(path)
		if !ok || slices.Contains(open, path) || strings.Contains(path, "{") {
			continue
		}
		walked++
		for _, who := range []jurat.PersonID{"aide-1", "liaison-1"} {
			if code, _, _ := ask(t, s, "GET", path, who, nil); code != 404 {
				t.Errorf("%s at %s: %d", who, path, code)
			}
		}
	}
	if walked < 20 {
		t.Errorf("%d pages: is the plan read rightly?", walked)
	}
}

// A program of a political office is told what the office is: nothing of what is
// read is there but the published numbers.
func TestAProgramOfAPoliticalOfficeFindsNothingEither(t *testing.T) {
	s := counterAt(t, desktest.City(t), noon)
	_, doc := documentOf(t, s)
	token, walked := s.program(t, "aide-1", false), 0
	for path, item := range doc.Paths {
		if item["get"].OperationID == "" || strings.HasPrefix(path, apiPrefix+"numbers") {
			continue
		}
		walked++
		address := strings.Replace(addressesOf(path, "2026-000001")[0], "/nothing", "/chicago-eo-2026-01", 1)
		if code, text, _ := call(t, s, "GET", address, token, ""); code != 404 {
			t.Errorf("%s: %d %.200s", address, code, text)
		}
	}
	if walked < 30 {
		t.Errorf("%d operations", walked)
	}
}

// Who may receive nothing is not told that there is such a page; who may is led
// to the page of the incident they name, and one that is not there is said not
// to be.
func TestReceivingBeginsWithTheIncident(t *testing.T) {
	rec := desktest.City(t)
	in := string(rec.Opened(t))
	s := counterAt(t, rec, noon)
	_, absent, _ := ask(t, s, "GET", "/nowhere", "", nil)
	for _, who := range []jurat.PersonID{"counsel-3", "auditor-1", "records-3", "administrator-1", "aide-1", ""} {
		if code, text, _ := ask(t, s, "GET", "/receive", who, nil); code != 404 || text != absent {
			t.Errorf("%q at /receive: %d", who, code)
		}
	}
	code, text, _ := ask(t, s, "GET", "/receive", "officer-4471", nil)
	if code != 200 || !strings.Contains(text, `href="/incidents/`+in+`/receive"`) {
		t.Errorf("the officer who opened it is not offered it: %d", code)
	}
	if _, text, _ := ask(t, s, "GET", "/receive", "officer-4472", nil); strings.Contains(text, in) {
		t.Error("an officer who did nothing in it is offered it as theirs")
	}
	if code, _, h := ask(t, s, "GET", "/receive?incident=+"+in, "officer-4472", nil); code != 303 || h.Get("Location") != "/incidents/"+in+"/receive" {
		t.Errorf("typed: %d %q", code, h.Get("Location"))
	}
	for _, typed := range []string{"2026-999999", "the+stop"} {
		if code, text, _ := ask(t, s, "GET", "/receive?incident="+typed, "officer-4471", nil); code != 422 || !strings.Contains(text, `id="wrong"`) {
			t.Errorf("%s: %d", typed, code)
		}
	}
}

// Whoever owes something is led to where it is done.
func TestEachDutyLeadsToWhereItIsDone(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	rec.Received(t, desktest.Noon, in, "a film")
	rec.Complete(t, rec.Opened(t))
	s := counterAt(t, rec, func() time.Time { return noon().Add(80 * 24 * time.Hour) })
	do := regexp.MustCompile(`<a href="([^"]+)">Do it<`)
	led := map[string]bool{}
	for who, pages := range map[jurat.PersonID][]string{"officer-4471": {"/duties"}, "detective-2208": {"/duties"}, "supervisor-1102": {"/duties", "/duties/team"}, "evidence-7": {"/duties"}, "records-3": {"/duties"}, "counsel-3": {"/duties"}} {
		for _, page := range pages {
			_, text, _ := ask(t, s, "GET", page, who, nil, "Accept-Language", "en")
			rows := strings.Count(text, `href="/orders/`) - strings.Count(text, `href="/orders"`)
			all := do.FindAllStringSubmatch(text, -1)
			if strings.Contains(text, "duty") && len(all) == 0 && rows > 0 {
				t.Errorf("%s at %s: %d duties lead nowhere", who, page, rows)
			}
			for _, m := range all {
				led[m[1]] = true
				path, _, _ := strings.Cut(strings.ReplaceAll(m[1], "&amp;", "&"), "#")
				if code, _, _ := ask(t, s, "GET", path, who, nil); code != 200 {
					t.Errorf("%s is led to %s, which answers %d", who, m[1], code)
				}
			}
		}
	}
	for _, want := range []string{"/incidents/" + string(in) + "/exhibits/1", "/records/new?type=guidance"} {
		if !led[want] {
			t.Errorf("nobody is led to %s, but to %q", want, slices.Sorted(maps.Keys(led)))
		}
	}
}

// Nobody is led to where they receive files who may receive none.
func TestReceivingIsOfferedToWhoMay(t *testing.T) {
	rec := desktest.City(t)
	in := string(rec.Opened(t))
	s := counterAt(t, rec, noon)
	for who, may := range map[jurat.PersonID]bool{
		"officer-4471": true, "supervisor-1102": true, "detective-2208": true, "evidence-7": true,
		"auditor-1": false, "counsel-3": false, "records-3": false,
	} {
		code, text, _ := ask(t, s, "GET", "/incidents/"+in, who, nil)
		if offered := strings.Contains(text, `href="/incidents/`+in+`/receive"`); code != 200 || offered != may {
			t.Errorf("%s: %d, offered %t, want %t", who, code, offered, may)
		}
		if code, _, _ := ask(t, s, "GET", "/incidents/"+in+"/receive", who, nil); (code == 200) != may {
			t.Errorf("%s at the page itself: %d", who, code)
		}
	}
}
