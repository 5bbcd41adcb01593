package order

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A TestResult is how one example of an order came out.
type TestResult struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Failed  bool     `json:"failed"`
	Reasons []string `json:"reasons,omitempty"` // what was expected, and what followed
}

// A TestReport is how all the examples of an order came out.
type TestReport struct {
	File    string       `json:"file"`
	Tests   int          `json:"tests"`
	Failed  int          `json:"failed"`
	Results []TestResult `json:"results"`
}

// Test runs every example of the order.
func (o *Order) Test() TestReport {
	out := TestReport{File: o.File, Tests: len(o.Examples), Results: make([]TestResult, len(o.Examples))}
	for i, x := range o.Examples {
		reasons := x.compare(o.Evaluate(x.Facts, x.At))
		for _, f := range x.Fees {
			if say := f.wrong(o); say != "" {
				reasons = append(reasons, say)
			}
		}
		reasons = append(reasons, x.viewed(o)...)
		out.Results[i] = TestResult{ID: x.ID, Title: x.Title, Failed: len(reasons) > 0, Reasons: reasons}
		if len(reasons) > 0 {
			out.Failed++
		}
	}
	return out
}

func (x Example) compare(e Evaluation) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for _, want := range x.Duties {
		i := slices.IndexFunc(e.Duties, func(d Duty) bool { return d.ID == want.ID && (want.Item == "" || d.Item == want.Item) })
		if i < 0 {
			say("duty %s %s: expected %s, and there is no such duty here", want.ID, want.Item, want.State)
			continue
		}
		got := e.Duties[i]
		name := strings.TrimSpace("duty " + got.ID + " " + got.Item)
		if got.State != want.State {
			say("%s: expected %s, got %s (%s)", name, want.State, got.State, strings.Join(got.Why, "; "))
		}
		for _, check := range want.Checks {
			switch {
			case check == "warned" && got.Warned != want.Warned:
				say("%s: expected the warning at %d, got %d", name, want.Warned, got.Warned)
			case check == "warned_before" && got.WarnedBefore != want.WarnedBefore:
				say("%s: expected the warning %d before the end, got %d", name, want.WarnedBefore, got.WarnedBefore)
			case check == "owner" && got.Owner != want.Owner:
				say("%s: expected the owner %s, got %s", name, want.Owner, got.Owner)
			case check == "due" && !got.Due.Equal(want.Due):
				say("%s: expected due %s, got %s", name, want.Due.Format(time.RFC3339), got.Due.Format(time.RFC3339))
			case check == "excused" && (got.Excuse != "") != want.Excused:
				say("%s: expected excused %t, got %q", name, want.Excused, got.Excuse)
			case check == "met_late" && got.MetLate != want.MetLate:
				say("%s: expected met_late %t, got %t", name, want.MetLate, got.MetLate)
			case check == "seconds" && (got.Seconds == nil || *got.Seconds != *want.Seconds):
				say("%s: expected %d seconds, got %s", name, *want.Seconds, secondsText(got.Seconds))
			}
		}
	}
	for _, want := range x.Gates {
		got := e.Gate(want.ID)
		because, warned := ids(got.Reasons), ids(got.Warnings)
		if got.Open != want.Open {
			say("gate %s: expected open %t, got %t (%s)", want.ID, want.Open, got.Open, strings.Join(because, ", "))
		}
		if want.Because != nil && !sameSet(want.Because, because) {
			say("gate %s: expected to be closed by %s, and it is closed by %s", want.ID, strings.Join(want.Because, ", "), strings.Join(because, ", "))
		}
		if want.Warned != nil && !sameSet(want.Warned, warned) {
			say("gate %s: expected warnings of %s, got %s", want.ID, strings.Join(want.Warned, ", "), strings.Join(warned, ", "))
		}
	}
	return out
}

func secondsText(n *int64) string {
	if n == nil {
		return "none"
	}
	return fmt.Sprint(*n)
}

func ids(rs []Reason) []string {
	var out []string
	for _, r := range rs {
		if !slices.Contains(out, r.ID) {
			out = append(out, r.ID)
		}
	}
	return out
}

func sameSet(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}
