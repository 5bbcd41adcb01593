package orders_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"jurat/order"
	"jurat/orders"
)

// A court's stay goes into the history of any order that ships, with the minute
// and the source, and nothing else of the file changes.
func TestAStatusIsAddedToAnOrderAndNothingElseChanges(t *testing.T) {
	noon := time.Date(2027, 3, 4, 18, 0, 0, 0, time.UTC)
	stay := order.Restatement{State: order.Stayed, At: noon, Authority: "Circuit court, \"Chancery\"", Basis: order.Stated, Source: "Order of 4 March: 26 CH 118", Kind: "court", Note: "until the hearing"}
	for _, file := range orders.Names() {
		text, err := orders.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		next, err := order.Restate(file, text, stay, noon)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		o, problems := order.Parse(file, next)
		if problems.Err() != nil {
			t.Fatalf("%s: %v", file, problems)
		}
		before, _ := o.StatusAt(noon.Add(-time.Minute))
		if before == order.Expired {
			continue // over before it was stayed
		}
		if state, entry := o.StatusAt(noon.Add(time.Minute)); state != order.Stayed || entry.Authority != stay.Authority || !entry.Date.At.Equal(noon) {
			t.Errorf("%s is %s by %q", file, state, entry.Authority)
		}
		as, problems := order.Parse(file, text)
		if problems.Err() != nil {
			t.Fatalf("%s: %v", file, problems)
		}
		if was, _ := as.StatusAt(noon.Add(-time.Minute)); before != was {
			t.Errorf("%s is %s before it was, and says %s of itself", file, before, was)
		}
		for line := range bytes.Lines(text) {
			if !bytes.Contains(next, line) {
				t.Errorf("%s lost %q", file, line)
				break
			}
		}
	}
	text, err := orders.Read(orders.Chicago)
	if err != nil {
		t.Fatal(err)
	}
	for name, wrong := range map[string]struct {
		change func(*order.Restatement)
		say    string
	}{
		"nobody":     {func(r *order.Restatement) { r.Authority = " " }, "who decided"},
		"no source":  {func(r *order.Restatement) { r.Source = "" }, "who decided"},
		"no time":    {func(r *order.Restatement) { r.At = time.Time{} }, "which minute"},
		"too late":   {func(r *order.Restatement) { r.At = noon.AddDate(-2, 0, 0) }, "is later"},
		"a standing": {func(r *order.Restatement) { r.State = "paused" }, "what became"},
		"a basis":    {func(r *order.Restatement) { r.Basis = order.Choice }, "states it, or reports it"},
		"a kind":     {func(r *order.Restatement) { r.Kind = "rumour" }, "rumour"},
		"a duty":     {func(r *order.Restatement) { r.State, r.Duties = order.EnjoinedInPart, []string{"nothing-such"} }, "nothing-such"},
		"yaml":       {func(r *order.Restatement) { r.Duties = []string{"a]}\nduties: []"} }, ""},
	} {
		r := stay
		wrong.change(&r)
		if _, err := order.Restate(orders.Chicago, text, r, noon); err == nil || !strings.Contains(err.Error(), wrong.say) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
