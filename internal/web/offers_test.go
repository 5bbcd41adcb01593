package web

import (
	"net/url"
	"regexp"
	"slices"
	"testing"

	"jurat"
	"jurat/internal/desk/desktest"
)

// Whatever form the pages of an incident hold, its reader may send: sent empty, each
// is told what is missing and none that its sender may not. An auditor, who changes
// nothing, is shown none.
func TestAnIncidentOffersWhatItsReaderMay(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	rec.Complete(t, in)
	s := counterAt(t, rec, noon)
	at := "/incidents/" + string(in)
	form := regexp.MustCompile(`<form class="usa-form" method="post" action="(/incidents/[^"]+)"`)
	shown := map[jurat.PersonID]int{}
	for _, who := range []jurat.PersonID{"auditor-1", "officer-4471", "detective-2208", "supervisor-1102", "counsel-3", "records-3", "evidence-7"} {
		for _, page := range []string{at, at + "/elements", at + "/exhibits/1", at + "/exhibits/1/play"} {
			code, text, _ := ask(t, s, "GET", page, who, nil)
			if code != 200 {
				t.Fatalf("%s, %s: %d", who, page, code)
			}
			var all []string
			for _, m := range form.FindAllStringSubmatch(text, -1) {
				all = append(all, m[1])
			}
			slices.Sort(all)
			for _, address := range slices.Compact(all) {
				shown[who]++
				if code, _, _ := ask(t, s, "POST", address, who, url.Values{}); code == 403 || code == 404 {
					t.Errorf("%s is offered %s on %s, and refused: %d", who, address, page, code)
				}
			}
		}
	}
	if shown["auditor-1"] > 0 || shown["officer-4471"] < 5 || shown["detective-2208"] < 6 {
		t.Errorf("forms offered: %v", shown)
	}
}
