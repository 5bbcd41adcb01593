package web

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/numbers"
)

// mornings is a record whose footage is at every warning, ninety days after most
// of it was made, with a holder asked in vain and a tour without a film.
func mornings(t testing.TB) (*station, jurat.IncidentNumber) {
	t.Helper()
	rec := desktest.City(t)
	in := rec.Opened(t)
	now := noon()
	for n, days := range []int{95, 86, 76, 61, 31} {
		_, _, err := rec.LocateExhibit(t.Context(), rec.As("evidence-7"), now, in, jurat.Arrival{Kind: "bwc", System: "evidence-desk", Key: fmt.Sprint("k-", n), Recorded: jurat.Span{From: now.AddDate(0, 0, -days)}})
		must(t, err)
	}
	write := func(fields map[string]any) {
		text, err := json.Marshal(fields)
		must(t, err)
		_, _, err = rec.AddRecord(t.Context(), rec.As("detective-2208"), now, in, desk.Words{Type: "preservation_notice", Fields: text})
		must(t, err)
	}
	write(map[string]any{"to": "the evidence desk", "exhibit": string(in) + "-E2", "basis": "courtesy", "items_described": "a camera", "sent_at": now.AddDate(0, 0, -10), "due_at": now.AddDate(0, 0, -3)})
	write(map[string]any{"to": "the evidence desk", "exhibit": string(in) + "-E3", "basis": "courtesy", "items_described": "a camera", "sent_at": now.AddDate(0, 0, -9), "due_at": now.AddDate(0, 0, -3), "answer": "preserved", "answer_words": "kept under 77"})
	_, _, err := rec.Import(t.Context(), rec.As("evidence-7"), now, desk.TableFile{Kind: numbers.Dispatch, Zone: "UTC", Text: strings.NewReader(
		"event_number,unit,member,sent_at,place,district\n26-327-0144,14,Officer 4471,2026-11-22T10:20:07Z,2300 block of a street,9\n26-327-0777,15,Officer 4472,2026-11-22T11:20:07Z,2300 block of a street,9\n")})
	must(t, err)
	return counterAt(t, rec, noon), in
}

// The morning list says of each recording when its last day is or was, what its
// holder answered, and what was to be expected and is not there (EVD-2, EVD-3,
// EVD-7).
func TestTheMorningListSaysWhatToDo(t *testing.T) {
	s, in := mornings(t)
	code, text, _ := ask(t, s, "GET", "/footage", "evidence-7", nil)
	if code != 200 {
		t.Fatalf("%d %s", code, text)
	}
	var at int
	for _, want := range []string{
		"Past its last day: ask whether it still exists, and record the answer (1)", "Its last day there was", "Ask whether it still exists; record the answer.",
		"Past day 85 (1)", "No answer since", "A copy here does not preserve it there.", "/incidents/" + string(in) + "/records/1/amend",
		"Past day 75 (1)", "Preserved", "kept under 77", "Past day 60 (1)", "Past day 30 (1)",
		"No footage where some was expected (2)", string(in), "26-327-0144", "26-327-0777", "nothing is filed under the event",
	} {
		i := strings.Index(text[at:], want)
		if i < 0 {
			t.Errorf("no %q after %q", want, text[max(0, at-60):at])
			continue
		}
		at += i
	}
	if n := strings.Count(text, "A copy here does not preserve it there."); n != 2 { // the silent holder's, and the foot's
		t.Errorf("silence is said %d times", n)
	}
	// An auditor reads the same and is offered nothing to do.
	_, text, _ = ask(t, s, "GET", "/footage", "auditor-1", nil)
	if strings.Contains(text, "/amend") || strings.Contains(text, "records/new") || !strings.Contains(text, "Past day 85 (1)") {
		t.Error("an auditor is offered an act, or not the list")
	}
	// No address names anybody.
	for _, m := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(text, -1) {
		if strings.Contains(m[1], "447") {
			t.Errorf("an address says whose: %s", m[1])
		}
	}
}

// A long list comes in pages, whose groups count everything; paper has it whole.
func TestTheMorningListHasPages(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	const many = 120
	for n := range many {
		_, _, err := rec.LocateExhibit(t.Context(), rec.As("evidence-7"), noon(), in, jurat.Arrival{Kind: "bwc", System: "desk", Key: fmt.Sprint("k-", n), Recorded: jurat.Span{From: noon().AddDate(0, 0, -86).Add(time.Duration(n) * time.Second)}})
		must(t, err)
	}
	s := counterAt(t, rec, noon)
	item := regexp.MustCompile(`<a href="/incidents/2026-000001/exhibits/(\d+)">`)
	seen, pages := map[string]int{}, 0
	for address := "/footage"; address != ""; pages++ {
		_, text, _ := ask(t, s, "GET", address, "evidence-7", nil)
		if !strings.Contains(text, fmt.Sprintf("Past day 85 (%d)", many)) {
			t.Errorf("%s does not count the whole group", address)
		}
		for _, m := range item.FindAllStringSubmatch(text, -1) {
			seen[m[1]]++
		}
		next := regexp.MustCompile(`href="(/footage\?after=[^"]+)"`).FindStringSubmatch(text)
		if address = ""; next != nil {
			address = next[1]
		}
		if pages > 3 {
			t.Fatal("the pages do not end")
		}
	}
	if len(seen) != many || pages != 3 {
		t.Errorf("%d recordings on %d pages", len(seen), pages)
	}
	for n, times := range seen {
		if times != 1 {
			t.Errorf("exhibit %s is on %d pages", n, times)
		}
	}
	_, text, _ := ask(t, s, "GET", "/footage?print", "evidence-7", nil)
	if n := len(item.FindAllString(text, -1)); n != many {
		t.Errorf("%d of %d are on paper", n, many)
	}
	token := s.program(t, "evidence-7", false)
	var page struct {
		Items []desk.FootageLine
		Next  string
	}
	_, text, _ = call(t, s, "GET", apiPrefix+"footage?limit=100", token, "")
	must(t, json.Unmarshal([]byte(text), &page))
	if len(page.Items) != 100 || page.Next == "" {
		t.Errorf("a program is given %d, and %q", len(page.Items), page.Next)
	}
	_, text, _ = call(t, s, "GET", apiPrefix+"footage?limit=100&after="+url.QueryEscape(page.Next), token, "")
	must(t, json.Unmarshal([]byte(text), &page))
	if len(page.Items) != many-100 {
		t.Errorf("and then %d", len(page.Items))
	}
}

// With nothing near its last day the list says so, until when, and as of when.
func TestAnEmptyMorningListSaysHowFarItLooked(t *testing.T) {
	s := counterAt(t, desktest.City(t), noon)
	_, text, _ := ask(t, s, "GET", "/footage", "evidence-7", nil)
	if !strings.Contains(text, "No footage reaches its last day in the next 60 days. Counted") || !strings.Contains(text, "No roster and no dispatch table") {
		t.Errorf("%s", text)
	}
}
