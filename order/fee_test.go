package order

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jurat"
)

func TestWhatAViolationCosts(t *testing.T) {
	o := town(t)
	day := func(text string) time.Time { return local(t, text+" 12:00:00") }
	ask := func(change func(*FeeAsk)) FeeAsk {
		a := FeeAsk{Table: "fine", Ordinal: 1, Grouping: "event", Act: day("2026-03-01"), Issued: day("2026-03-05"), Served: day("2026-03-06"), At: day("2026-04-20")}
		if change != nil {
			change(&a)
		}
		return a
	}
	for _, tc := range []struct {
		name   string
		change func(*FeeAsk)
		cents  int64
		how    string
	}{
		{"the first", nil, 500_000, "nobody decided so"},
		{"the second", func(a *FeeAsk) { a.Ordinal = 2 }, 1_000_000, "row 2, USD 10,000.00"},
		{"the third, from another source", func(a *FeeAsk) { a.Ordinal = 3 }, 1_500_000, "[news]"},
		{"the ninth", func(a *FeeAsk) { a.Ordinal = 9 }, 1_500_000, "6 beyond the table: USD 0.00 each"},
		{"doubled since it was decided", func(a *FeeAsk) { a.Decided = day("2026-04-01") }, 1_000_000, "2 times, since 2026-04-01"},
		{"decided before the time had run", func(a *FeeAsk) { a.Decided = day("2026-03-10") }, 500_000, "counts for nothing"},
		{"paid on the last day", func(a *FeeAsk) { a.Paid = day("2026-03-21"); a.Decided = day("2026-04-01") }, 500_000, "does not grow"},
		{"paid before it was decided", func(a *FeeAsk) { a.Paid = day("2026-03-25"); a.Decided = day("2026-04-01") }, 500_000, "does not grow"},
		{"not served", func(a *FeeAsk) { a.Served = time.Time{} }, 500_000, "no time to pay runs"},
		{"before the rule, signed off", func(a *FeeAsk) { a.Act = day("2026-01-24"); a.SignedOff = "a memorandum" }, 500_000, "counsel signed it off: a memorandum"},
		{"served at 11:59, asked while stayed", func(a *FeeAsk) {
			a.Issued, a.Served, a.At = time.Time{}, local(t, "2026-05-04 11:59:00"), day("2026-05-10")
		}, 500_000, "the order is stayed since"},
		{"its growth decided while stayed", func(a *FeeAsk) { a.Served, a.Decided, a.At = day("2026-04-20"), day("2026-05-20"), day("2026-07-01") }, 500_000, "does not grow: at 2026-05-20"},
		{"a charge with a cap", func(a *FeeAsk) { a.Table, a.Grouping, a.At = "late-charge", "", day("2026-07-01") }, 93_400, "does not grow: at 2026-05-06"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := o.Fee(ask(tc.change))
			if err != nil {
				t.Fatal(err)
			}
			if got.Cents != tc.cents || !strings.Contains(strings.Join(got.How, "\n"), tc.how) {
				t.Errorf("%d cents, want %d and %q:\n%s", got.Cents, tc.cents, tc.how, strings.Join(got.How, "\n"))
			}
		})
	}
	for _, tc := range []struct {
		name   string
		change func(*FeeAsk)
		kind   jurat.Kind
		say    string
	}{
		{"no such table", func(a *FeeAsk) { a.Table = "fin" }, jurat.NotFound, "no fee table"},
		{"the zeroth", func(a *FeeAsk) { a.Ordinal = 0 }, jurat.Invalid, "the ordinal 0"},
		{"an act of an unknown date", func(a *FeeAsk) { a.Act = time.Time{} }, jurat.Invalid, "can be documented"},
		{"a citation before the act", func(a *FeeAsk) { a.Issued = day("2026-02-28") }, jurat.Invalid, "before the act"},
		{"a payment before the service", func(a *FeeAsk) { a.Paid = day("2026-03-05") }, jurat.Invalid, "before the service"},
		{"a date that lies ahead", func(a *FeeAsk) { a.Paid = day("2027-03-05") }, jurat.Invalid, "after the moment asked about"},
		{"nobody says how they were counted", func(a *FeeAsk) { a.Grouping = "" }, jurat.Invalid, "by event or by day"},
		{"counted otherwise", func(a *FeeAsk) { a.Grouping = "month" }, jurat.Invalid, `may be counted by "month"`},
		{"an act before the rule", func(a *FeeAsk) { a.Act = day("2026-01-24") }, jurat.Conflict, "may be documented only: it holds from 2026-02-27T15:00:00-06:00"},
		{"the minute before the rule", func(a *FeeAsk) { a.Act = local(t, "2026-02-27 14:59:59") }, jurat.Conflict, "may be documented only"},
		{"drawn up at 12:01, while stayed", func(a *FeeAsk) { a.Issued, a.Served, a.At = time.Time{}, time.Time{}, local(t, "2026-05-04 12:01:00") }, jurat.Conflict, "the order was stayed since 2026-05-04T12:00:00-05:00 (A court)"},
		{"drawn up at 11:59 and served at 12:01", func(a *FeeAsk) {
			a.Issued, a.Served, a.At = local(t, "2026-05-04 11:59:00"), local(t, "2026-05-04 12:01:00"), day("2026-05-10")
		}, jurat.Conflict, "at the service of"},
		{"an act while it was stayed", func(a *FeeAsk) {
			a.Act, a.Issued, a.Served, a.At = day("2026-05-20"), day("2026-06-20"), day("2026-06-20"), day("2026-06-20")
		}, jurat.Conflict, "at the act of"},
		{"after the rule has run out", func(a *FeeAsk) {
			a.Act, a.Issued, a.Served, a.At = day("2026-08-27"), day("2026-09-01"), day("2026-09-01"), day("2026-09-01")
		}, jurat.Conflict, "the order was expired"},
		{"counsel signs off a citation under no rule", func(a *FeeAsk) {
			a.Issued, a.Served, a.At, a.SignedOff = day("2026-09-01"), day("2026-09-01"), day("2026-09-01"), "x"
		}, jurat.Conflict, "the order was expired"},
		{"the table that was not adopted", func(a *FeeAsk) { a.Table, a.Grouping = "fine-by-steps", "" }, jurat.Conflict, "is the one adopted"},
		{"a further one that is not stated", func(a *FeeAsk) { a.Table, a.Grouping, a.Ordinal = "late-charge", "", 2 }, jurat.Conflict, "is not stated"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := o.Fee(ask(tc.change)); !errors.Is(err, tc.kind) || !strings.Contains(err.Error(), tc.say) {
				t.Errorf("%v, want %s %q", err, tc.kind, tc.say)
			}
		})
	}
}

func TestTwoTablesThatDisagreeGiveNoAmountUntilOneIsAdopted(t *testing.T) {
	o := other(t, "    adopted: {basis: choice, author: the town, reason: The rule is nearer to its text than the report.}\n", "")
	at := local(t, "2026-04-01 12:00:00")
	for _, table := range []string{"fine", "fine-by-steps"} {
		ask := FeeAsk{Table: table, Ordinal: 1, Act: at, At: at}
		if table == "fine" {
			ask.Grouping = "day"
		}
		if _, err := o.Fee(ask); !errors.Is(err, jurat.Conflict) || !strings.Contains(err.Error(), "neither is adopted") {
			t.Errorf("%s: %v", table, err)
		}
	}
}

func TestAnUnpaidChargeGrowsToItsCapAndStepsGrowWithoutOne(t *testing.T) {
	o := other(t, `  - {state: stayed, date: "2026-05-04T12:00:00-05:00", authority: A court, basis: stated, sources: [text]}
`, "")
	served := local(t, "2026-03-06 12:00:00")
	got, err := o.Fee(FeeAsk{Table: "late-charge", Ordinal: 1, Act: served, Served: served, At: served.AddDate(0, 3, 0)})
	if err != nil || got.Cents != 200_000 || got.Grown.IsZero() {
		t.Errorf("three times 93,400 under a cap of 200,000: %+v, %v", got, err)
	}
	o.Fees[0].Adopted, o.Fees[0].Conflicts = nil, nil
	got, err = o.Fee(FeeAsk{Table: "fine-by-steps", Ordinal: 100_000, Act: served, At: served})
	if err != nil || got.Cents != 100_000*500_000 {
		t.Errorf("%+v, %v", got, err)
	}
	if Money(123_456_789_05, "USD") != "USD 123,456,789.05" || Money(5, "USD") != "USD 0.05" {
		t.Error(Money(123_456_789_05, "USD"), Money(5, "USD"))
	}
}

// TestAnAmountIsNeverGuessed: whatever is asked, the answer is the table's or a
// refusal that says why; asked twice it is the same; a later question never
// gives less, and no act outside the rule costs anything.
func TestAnAmountIsNeverGuessed(t *testing.T) {
	o := town(t)
	begins, ends := local(t, "2026-02-27 15:00:00"), local(t, "2026-08-26 00:00:00")
	rapid.Check(t, func(t *rapid.T) {
		when := func(name string) time.Time {
			if rapid.IntRange(0, 3).Draw(t, name+" stated") == 0 {
				return time.Time{}
			}
			return begins.Add(time.Duration(rapid.IntRange(-60*24, 250*24).Draw(t, name)) * time.Hour)
		}
		ask := FeeAsk{
			Table: rapid.SampledFrom([]string{"fine", "fine-by-steps", "late-charge", "none"}).Draw(t, "table"), Ordinal: rapid.IntRange(-1, 8).Draw(t, "ordinal"),
			Grouping: rapid.SampledFrom([]string{"", "event", "day"}).Draw(t, "grouping"), Act: when("act"), Issued: when("issued"), Served: when("served"), Paid: when("paid"),
			Decided: when("decided"), At: when("at"), SignedOff: rapid.SampledFrom([]string{"", "a memorandum"}).Draw(t, "signed off"),
		}
		got, err := o.Fee(ask)
		again, err2 := o.Fee(ask)
		if printed(t, got) != printed(t, again) || (err == nil) != (err2 == nil) {
			t.Fatal("two answers to one question")
		}
		if err != nil {
			if got.Cents != 0 || len(err.Error()) < 15 {
				t.Fatalf("refused with %d cents: %v", got.Cents, err)
			}
			return
		}
		table, _ := o.FeeTable(ask.Table)
		base := table.Tiers[min(ask.Ordinal, len(table.Tiers))-1].Cents
		if want := base; got.Grown.IsZero() && got.Cents != want || !got.Grown.IsZero() && got.Cents != min(want*int64(table.Multiply.Times), capOf(table)) {
			t.Fatalf("%d cents of %d: %v", got.Cents, want, got.How)
		}
		if (ask.Act.Before(begins) && ask.SignedOff == "") || !ask.Act.Before(ends) {
			t.Fatalf("an act of %s costs %d cents", ask.Act, got.Cents)
		}
		later := ask
		later.At = ask.At.AddDate(0, 0, rapid.IntRange(0, 400).Draw(t, "later"))
		if !ask.Issued.IsZero() || !ask.Served.IsZero() {
			if l, err := o.Fee(later); err != nil || l.Cents < got.Cents {
				t.Fatalf("asked later: %d cents, %v; before: %d", l.Cents, err, got.Cents)
			}
		}
	})
}

func capOf(t FeeTable) int64 {
	if t.Cap == nil {
		return maxCents * 10
	}
	return t.Cap.Cents
}

// TestNoAmountIsAFloat reads the source: money is whole cents everywhere.
func TestNoAmountIsAFloat(t *testing.T) {
	files, _ := filepath.Glob("*fee*.go")
	for _, name := range append(files, "charge.go") {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if m := regexp.MustCompile(`float(32|64)\b`).FindString(string(src)); m != "" && !strings.HasSuffix(name, "_test.go") {
			t.Errorf("%s has a %s", name, m)
		}
	}
}
