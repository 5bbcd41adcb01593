package order

import (
	"slices"
	"time"
)

// A Form is an ordered list of questions. The one whose id is quick-report is
// what an officer answers at the end of a tour.
type Form struct {
	ID        string     `json:"id"`
	Title     Label      `json:"title"`
	Questions []Question `json:"questions"`
	Footing
}

// QuickForm is the id of the form an officer answers first.
const QuickForm = "quick-report"

// MaxQuestions is how many numbered questions the quick report may have over
// all adopted orders together.
const MaxQuestions = 12

// Form gives a form of the order by its id.
func (o *Order) Form(id string) (Form, bool) {
	i := slices.IndexFunc(o.Forms, func(f Form) bool { return f.ID == id })
	if i < 0 {
		return Form{}, false
	}
	return o.Forms[i], true
}

// A Card is a rights card, or what a department does when it is visited or
// asked, by language (RES-1).
type Card struct {
	ID         string   `json:"id"`
	Title      Label    `json:"title"`
	Text       Label    `json:"text"`
	Department string   `json:"department,omitempty"`
	ApprovedBy string   `json:"approved_by,omitempty"`
	Law        []string `json:"law,omitempty"`
	ValidFrom  Day      `json:"valid_from,omitzero"`
	ValidTo    Day      `json:"valid_to,omitzero"`
	Footing
}

func (p *parsing) cards(g group) {
	read := func(key, what string, into *[]Card) {
		taken := map[string]bool{}
		for _, n := range g.each(key) {
			e := p.group(n, what, footed("id", "title", "text", "department", "approved_by", "law", "valid_from", "valid_to")...)
			*into = append(*into, Card{
				ID: e.ident(idPattern, taken), Title: p.label(e.need("title"), "title"), Text: p.label(e.need("text"), "text"), Department: e.text("department"),
				ApprovedBy: e.text("approved_by"), Law: e.texts("law"), ValidFrom: p.day(e.get("valid_from"), "valid_from", p.order.Zone),
				ValidTo: p.day(e.get("valid_to"), "valid_to", p.order.Zone), Footing: p.footing(e, nil),
			})
		}
	}
	read("rights", "a rights card", &p.order.Rights)
	read("instructions", "an instruction", &p.order.Instructions)
}

// Shown gives the cards that may be shown on a day: a card past its last day is
// withdrawn, never shown stale, and one nobody approved is not shown.
func Shown(cards []Card, at time.Time) []Card {
	var out []Card
	for _, c := range cards {
		if c.ApprovedBy == "" || c.ValidFrom.Stated() && at.Before(c.ValidFrom.At) || c.ValidTo.Stated() && !at.Before(c.ValidTo.end()) {
			continue
		}
		out = append(out, c)
	}
	return out
}

// A Series is one series of published numbers (PUB-1). Activity, allegations
// and findings are never mixed in one.
type Series struct {
	ID         string   `json:"id"`
	Title      Label    `json:"title"`
	Counts     string   `json:"counts"` // activity, allegations, findings
	By         []string `json:"by"`     // what it is counted by
	DelayDays  int      `json:"delay_days"`
	Suppress   int      `json:"suppress_below"`
	Complement bool     `json:"complementary"`
	Every      string   `json:"every"`
	Footing
}

// The closed lists of a series. Nothing finer than a month and an area exists:
// no person, badge, address, plate, hour or exact place.
var (
	SeriesCounts     = [...]string{"activity", "allegations", "findings", "gaps"}
	SeriesDimensions = [...]string{"month", "area", "agency", "activity_kind", "allegation_class", "status", "gap"}
	SeriesPeriods    = [...]string{"month", "quarter", "year"}
)

// MinDelayDays is the least delay of publication. It is a floor, not a default:
// no order sets it to zero (§13.1).
const MinDelayDays = 7

func (p *parsing) series(g group) {
	taken := map[string]bool{}
	for _, n := range g.each("publication") {
		e := p.group(n, "a series", footed("id", "title", "counts", "by", "delay_days", "suppress_below", "complementary", "every")...)
		s := Series{
			ID: e.ident(idPattern, taken), Title: p.label(e.need("title"), "title"), Counts: e.needChoice("counts", SeriesCounts[:]),
			DelayDays: p.whole(e.need("delay_days"), "delay_days", MinDelayDays, 3660), Suppress: p.whole(e.need("suppress_below"), "suppress_below", 3, 1000),
			Complement: e.truth("complementary"), Every: e.needChoice("every", SeriesPeriods[:]), Footing: p.footing(e, nil),
		}
		for _, m := range p.items(e.need("by"), "by") {
			s.By = append(s.By, p.choice(m, "by", SeriesDimensions[:]))
		}
		p.order.Publication = append(p.order.Publication, s)
	}
}
