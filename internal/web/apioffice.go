package web

import (
	"encoding/json"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// A broadHold is a hold from outside an incident: on one, on several, on items
// of any, or on everything.
type broadHold struct {
	Matter     string   `json:"matter"`
	Scope      []string `json:"scope,omitempty" maxItems:"1000" doc:"incidents and items; with none, everything must be true" example:"2026-000001"`
	Everything bool     `json:"everything,omitempty" doc:"the whole record"`
}

// A holdRelease names a hold, of an incident or of the house.
type holdRelease struct {
	Hold   string `json:"hold" example:"2026-000001-H1"`
	Reason string `json:"reason"`
}

// A tellBody is how a holder was told.
type tellBody struct {
	How string `json:"how"`
}

// office are the operations of counsel and of the records officer.
func (a *api) office() {
	const tag = "Retention"
	getList(a, "/holds", "listHolds", tag, "List the holds in force, with what each stops", func(v *visit, p paged) (list[desk.HoldLine], error) {
		all, err := a.Desk.Holds(v.ctx(), v.caller(), v.at, false)
		return paging(all, err, p, func(l desk.HoldLine) string { return string(l.ID) })
	})
	post(a, "/holds", "placeBroadHold", tag, "Place a hold on incidents, on items, or on the whole record", func(v *visit, in broadHold) (filed[jurat.Hold], error) {
		number, scope, err := a.covered(v, in.Everything, in.Scope)
		if err != nil {
			return filed[jurat.Hold]{}, err
		}
		return did(a.Desk.PlaceHold(v.ctx(), v.caller(), v.at, number, in.Matter, scope))
	})
	post(a, "/holds/release", "releaseAnyHold", tag, "Release a hold, of an incident or of the house, with a reason", func(v *visit, in holdRelease) (filed[jurat.Hold], error) {
		return did(a.Desk.ReleaseHold(v.ctx(), v.caller(), v.at, jurat.ItemID(in.Hold), in.Reason))
	})
	getList(a, "/retention", "planDisposal", tag, "Say of every exhibit which schedule reaches it and what protects it; nothing is erased", func(v *visit, p paged) (list[desk.Disposable], error) {
		all, err := a.Desk.PlanDisposal(v.ctx(), v.caller(), v.at, desk.Planning{})
		if err != nil {
			return list[desk.Disposable]{}, err
		}
		return pageOf(all, p, func(l desk.Disposable) string { return string(l.Exhibit) })
	})
	getList(a, "/disposals", "listDisposals", tag, "List the disposals, those that wait for their second approval first; both approvals are signed acts", func(v *visit, p paged) (list[jurat.Disposal], error) {
		all, err := a.Desk.AllDisposals(v.ctx(), v.caller(), v.at)
		return paging(all, err, p, func(l jurat.Disposal) string { return string(l.ID) })
	})
	post(a, "/incidents/{incident}/disposals/{disposal}/withdraw", "withdrawDisposal", tag, "Take back a disposal that waits for its second approval, with a reason", func(v *visit, in reasonBody) (filed[jurat.Disposal], error) {
		return onItem(v, jurat.NounDisposal, func(id jurat.ItemID) (filed[jurat.Disposal], error) {
			return did(a.Desk.WithdrawDisposal(v.ctx(), v.caller(), v.at, id, in.Reason))
		})
	})
	post(a, "/incidents/{incident}/exhibits/{exhibit}/told", "tellHolder", tag, "Record that the holder of an exhibit held elsewhere was told that it was disposed of here", func(v *visit, in tellBody) (filed[jurat.Disposal], error) {
		return onItem(v, jurat.NounExhibit, func(id jurat.ItemID) (filed[jurat.Disposal], error) {
			return did(a.Desk.TellHolder(v.ctx(), v.caller(), v.at, id, in.How))
		})
	})
	a.published()
}

// A periodBody names what is counted.
type periodBody struct {
	Period string `json:"period" doc:"a year, a quarter or a month" example:"2026-Q1"`
}

// A reportBody names a report and what it is of.
type reportBody struct {
	Report  string   `json:"report" example:"quarterly"`
	Period  string   `json:"period" example:"2026-Q1"`
	Cleared []string `json:"cleared,omitempty" maxItems:"1000" doc:"words a person read and found to be no personal data"`
}

// A shelvedLine is a publication without its figures.
type shelvedLine struct {
	ID     jurat.ItemID `json:"id"`
	Period string       `json:"period"`
	Size   int64        `json:"size" doc:"of the ledger it is counted at"`
	Digest jurat.Digest `json:"digest" doc:"of the file of the figures"`
	At     time.Time    `json:"at"`
}

// published are the operations on what everybody may read, and on reports.
func (a *api) published() {
	const tag = "Numbers"
	getList(a, "/numbers", "listNumbers", tag, "List what was published, the latest period first; its figures are at /numbers, for anybody", func(v *visit, p paged) (list[shelvedLine], error) {
		all, err := a.Desk.Shelf(v.ctx())
		out := make([]shelvedLine, 0, len(all))
		for _, s := range all {
			out = append(out, shelvedLine{s.ID, s.Period, s.Size, s.Digest, s.At})
		}
		return paging(out, err, p, func(l shelvedLine) string { return string(l.ID) })
	})
	get(a, "/numbers/{publication}", "showNumbers", tag, "Show the figures of a publication", func(v *visit) (json.RawMessage, error) {
		all, err := a.Desk.Shelf(v.ctx())
		if err != nil {
			return nil, err
		}
		for _, s := range all {
			if string(s.ID) == v.PathValue("publication") {
				return s.Figures.JSON()
			}
		}
		return nil, nothingHere
	})
	post(a, "/numbers", "publishNumbers", tag, "Count a period and show it to everybody from then on", func(v *visit, in periodBody) (filed[shelvedLine], error) {
		period, err := desk.ParsePeriod(in.Period)
		if err != nil {
			return filed[shelvedLine]{}, err
		}
		p, done, err := a.Desk.PublishNumbers(v.ctx(), v.caller(), v.at, period)
		return did(shelvedLine{p.ID, p.Period, p.Size, p.Digest, p.At}, done, err)
	})
	post(a, "/numbers/reports", "makeReport", tag, "Make a report that an order or a statute asks for", func(v *visit, in reportBody) (json.RawMessage, error) {
		period, err := desk.ParsePeriod(in.Period)
		if err != nil {
			return nil, err
		}
		r, _, err := a.Desk.Report(v.ctx(), v.caller(), v.at, in.Report, desk.Counting{Period: period, Cleared: in.Cleared})
		if err != nil {
			return nil, err
		}
		return r.JSON()
	})
}
