package web

import (
	"crypto/rand"
	"net/url"
	"strings"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// A draftOut is a draft as programs see it.
type draftOut struct {
	Draft   string              `json:"draft"`
	Saved   time.Time           `json:"saved_at"`
	Version int                 `json:"version"`
	Beside  string              `json:"beside,omitempty" doc:"the draft this one is another version of: two devices went on with it"`
	Values  map[string][]string `json:"values,omitempty"`
	Filed   *desk.Filed         `json:"filed,omitempty"`
}

// A draftIn is what a draft says from now on, the whole of it.
type draftIn struct {
	Version int                 `json:"version" doc:"the version it was made from"`
	Values  map[string][]string `json:"values" doc:"by field, as the questions name them"`
}

func draftOf(d desk.Draft) draftOut {
	return draftOut{Draft: d.ID, Saved: d.Saved, Version: d.Version, Beside: d.Beside, Values: d.Values, Filed: d.Filed}
}

// quickReports are the operations on quick reports.
func (a *api) quickReports() {
	const tag, device = "Quick reports", "a program"
	get(a, "/report-questions", "showReportQuestions", tag, "Show the numbered questions of the quick report over the orders in force", func(v *visit) (list[desk.Numbered], error) {
		all, err := a.Desk.QuickReport(v.ctx())
		return listOf(all, len(all), nil), err
	})
	get(a, "/dispatch-events/{event}", "showDispatchEvent", tag, "Show what the dispatch tables on record have of an event", func(v *visit) (list[desk.Dispatched], error) {
		all, err := a.Desk.Dispatch(v.ctx(), v.caller(), v.at, v.PathValue("event"))
		return listOf(all, len(all), nil), err
	})
	getList(a, "/reports", "listReportDrafts", tag, "List the drafts of yours that were not handed in", func(v *visit, p paged) (list[draftOut], error) {
		all, err := a.Desk.Drafts(v.ctx(), v.caller(), v.at)
		out := make([]draftOut, len(all))
		for i, d := range all {
			out[i] = draftOf(d)
		}
		return paging(out, err, p, func(d draftOut) string { return d.Draft })
	})
	postBare(a, "/reports", "beginReport", tag, "Begin a quick report", func(v *visit) (draftOut, error) {
		d, err := a.Desk.SaveDraft(v.ctx(), v.caller(), v.at, desk.Draft{ID: strings.ToLower(rand.Text()[:12]), Device: device})
		return draftOf(d), err
	})
	get(a, "/reports/{draft}", "showReportDraft", tag, "Show a draft of yours", func(v *visit) (draftOut, error) {
		d, err := a.openDraft(v)
		return draftOf(d), err
	})
	post(a, "/reports/{draft}", "saveReport", tag, "Save a draft of yours; where another device went on with it, both are kept", func(v *visit, in draftIn) (draftOut, error) {
		was, err := a.openDraft(v)
		if err != nil {
			return draftOut{}, err
		}
		values := url.Values{}
		for name, given := range in.Values {
			if !strings.HasPrefix(name, "dispatch.") { // what dispatch said is never the program's to say
				values[name] = given
			}
		}
		for name, given := range was.Values {
			if strings.HasPrefix(name, "dispatch.") {
				values[name] = given
			}
		}
		if err := a.askDispatch(v, values); err != nil {
			return draftOut{}, err
		}
		d, err := a.Desk.SaveDraft(v.ctx(), v.caller(), v.at, desk.Draft{ID: was.ID, Version: in.Version, Values: values, Device: device})
		return draftOf(d), err
	})
	getList(a, "/reports/{draft}/stops", "listReportStops", tag, "List what would stop the approval of a draft of yours if it were handed in and signed as it is; none of it stops the handing in", func(v *visit, p paged) (list[desk.GateReason], error) {
		d, err := a.openDraft(v)
		if err != nil {
			return list[desk.GateReason]{}, err
		}
		filing, bad, err := a.filing(v, d)
		if err == nil && len(bad) > 0 {
			err = jurat.Errorf(jurat.Invalid, "%s", bad[0].Say)
		}
		if err != nil {
			return list[desk.GateReason]{}, err
		}
		all, err := a.Desk.StopsApproval(v.ctx(), v.caller(), v.at, filing)
		return paging(all, err, p, func(r desk.GateReason) string { return r.Order + " " + r.ID + " " + r.Item })
	})
	postBare(a, "/reports/{draft}/file", "fileReport", tag, "Hand a draft of yours in, once: again gives what the first time gave. Sign the report by /unsigned and /signed", func(v *visit) (desk.Filed, error) {
		d, err := a.openDraft(v)
		if err != nil {
			return desk.Filed{}, err
		}
		if d.Filed != nil {
			return *d.Filed, nil
		}
		filing, bad, err := a.filing(v, d)
		if err == nil && len(bad) > 0 {
			err = jurat.Errorf(jurat.Invalid, "%s", bad[0].Say)
		}
		if err != nil {
			return desk.Filed{}, err
		}
		return a.Desk.FileReport(v.ctx(), v.caller(), v.at, filing)
	})
	get(a, "/reports/{draft}/acknowledgement", "acknowledgeReport", tag, "Give the acknowledgement of a report handed in: leaf, disclosures, and the office's signed promise", func(v *visit) (desk.Acknowledgement, error) {
		return a.Desk.Acknowledge(v.ctx(), v.caller(), v.at, v.PathValue("draft"))
	})
	postBare(a, "/reports/{draft}/discard", "dropReport", tag, "Discard a draft of yours", func(v *visit) (draftOut, error) {
		return draftOut{Draft: v.PathValue("draft")}, a.Desk.DropDraft(v.ctx(), v.caller(), v.at, v.PathValue("draft"))
	})
}
