package numbers

import (
	"slices"
	"strconv"
	"time"

	"jurat"
	"jurat/order"
)

const (
	typeCameraYear  = "bwc_annual_report"
	typeUsed        = "prosecution_recording"
	typeGap         = "footage_gap"
	tableGapReasons = "footage_gaps"
)

// CameraYear is the annual body-camera report (OWN-2): each recording used in a
// prosecution, why recordings are missing, and the totals the office states. A
// total that does not match the items listed, an item that lacks a field the
// report must have, and a year without the office's own statement are Conflict:
// the report is not made, and the sentence names the numbers. Refusals as of
// [Certificate].
func CameraYear(in Input, screen *Screen) (*Report, error) {
	r, o, err := begins(in, "bwc", "Annual body-camera report", typeCameraYear)
	if err != nil {
		return nil, err
	}
	if len(in.Period.Months()) != 12 {
		return nil, jurat.Errorf(jurat.Conflict, "the annual body-camera report is of a calendar year, such as 2026; %s is none", in.Period)
	}
	var stated fields
	for _, rec := range standing(in.House.Records, typeCameraYear) {
		if v := read(rec); v.text("year") == in.Period.String() {
			stated = v
		}
	}
	if stated == nil {
		return nil, jurat.Errorf(jurat.Conflict, "what the office states for %s (a record of the type %s) is not on file: the report needs its totals, its overview and its review process", in.Period, typeCameraYear)
	}
	used := Sheet{ID: "recordings", Title: "Recordings used in a prosecution", Columns: []Column{
		{"date", "Date", coded}, {"time", "Time", coded}, {"location", "Location", words}, {"precinct", "Precinct", words}, {"offence", "Offence charged", words}, {"filed", "Date filed", coded},
	}}
	t, _ := o.Table(tableGapReasons)
	gaps, reviewed := make([]int, len(t.Items)+1), 0
	var missing error
	item := func(f *order.Facts, rec *jurat.Record, v fields) {
		filed, err := time.Parse(time.DateOnly, v.text("filed_on"))
		recorded := v.when("recorded_at")
		switch {
		case err != nil && missing == nil:
			missing = jurat.Errorf(jurat.Conflict, "the recording %s has no date filed, so its year is not known: complete it", rec.ID)
			return
		case err != nil || strconv.Itoa(filed.Year()) != in.Period.String():
			return
		}
		for _, name := range []string{"location", "precinct", "offence_charged"} {
			if v.text(name) == "" && missing == nil {
				missing = jurat.Errorf(jurat.Conflict, "the recording %s has no %s: complete it", rec.ID, name)
			}
		}
		if recorded.IsZero() && missing == nil {
			missing = jurat.Errorf(jurat.Conflict, "the recording %s has no recorded_at: complete it", rec.ID)
		}
		local := recorded.In(o.Zone)
		used.Rows = append(used.Rows, []string{local.Format(time.DateOnly), local.Format("15:04"), v.text("location"), v.text("precinct"), v.text("offence_charged"), filed.Format(time.DateOnly)})
	}
	count := func(f *order.Facts) {
		for _, rec := range standing(f.Records, typeUsed) {
			item(f, rec, read(rec))
		}
		if !in.Period.Has(happened(f.Incident), o.Zone) {
			return
		}
		for _, rec := range standing(f.Records, typeGap) {
			v := read(rec)
			k := slices.IndexFunc(t.Items, func(it order.Item) bool { return it.ID == v.text("why_missing") })
			if k < 0 {
				k = len(t.Items)
			}
			gaps[k]++
			if v.has("supervisor_reviewed_at") {
				reviewed++
			}
		}
	}
	for f, err := range in.Facts {
		if err != nil {
			return nil, err
		}
		count(&f)
	}
	if missing != nil {
		return nil, missing
	}
	used.sort()
	for _, name := range []string{"recordings_used", "recordings_listed"} {
		if n, ok := stated.whole(name); !ok || n != int64(len(used.Rows)) {
			return nil, jurat.Errorf(jurat.Conflict, "the office states %s as %s, and %d recordings are listed for %s: one of the two is wrong, and the report is not made (OWN-2)", name, wholeOr(stated, name), len(used.Rows), in.Period)
		}
	}
	for _, name := range []string{"officers", "cameras"} {
		n, ok := stated.whole(name)
		if !ok || n < 0 {
			return nil, jurat.Errorf(jurat.Conflict, "the office does not state the number of %s for %s", name, in.Period)
		}
		r.figure(name, map[string]string{"officers": "Officers", "cameras": "Cameras"}[name], int(n))
	}
	r.figure("recordings_used", "Recordings used in a prosecution", len(used.Rows))
	why := Sheet{ID: "gaps", Title: "Recordings that do not exist, by reason", Columns: []Column{{"reason", "Reason", coded}, {"n", "Number", coded}}, Rows: [][]string{}}
	for k, n := range gaps {
		label := "No reason on record"
		if k < len(t.Items) {
			label = t.Items[k].Label.String()
		}
		why.Rows = append(why.Rows, []string{label, strconv.Itoa(n)})
	}
	r.figure("gaps", "Recordings that do not exist", sum(gaps))
	r.figure("gaps_reviewed", "Of these, reviewed by a supervisor", reviewed)
	told := Sheet{ID: "statements", Title: "What the office states", Columns: []Column{{"what", "About", coded}, {"words", "In its words", words}}, Rows: [][]string{}}
	for _, name := range [...]string{"overview", "technical_issues", "remedy", "review_process"} {
		told.Rows = append(told.Rows, []string{name, stated.text(name)})
	}
	r.Tables = []Sheet{used, why, told}
	r.Statement = "Each total matches the items listed."
	return r, screen.check(r, o)
}

func wholeOr(v fields, name string) string {
	n, ok := v.whole(name)
	if !ok {
		return "not stated"
	}
	return strconv.FormatInt(n, 10)
}
