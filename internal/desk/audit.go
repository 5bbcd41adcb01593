package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"jurat"
	"jurat/internal/numbers"
	"jurat/internal/register"
)

// An AuditAsk narrows what an audit lists. The zero AuditAsk lists everything.
type AuditAsk struct {
	Act         jurat.Act
	Office      jurat.OfficeID
	Incident    jurat.IncidentNumber
	From        time.Time // to the millisecond, like Until
	Until       time.Time // not itself
	OneOperator bool      // only acts of a second person that one operator may have entered as both
	Before      jurat.EventID
	Limit       int // 0: fifty
}

// An Audited is an event with its place in the ledger. Its note is there where
// its incident was opened to list it; of the others, that of an opening of a
// sealed part alone, because that is its reason, and those of the house.
type Audited struct {
	Said
	Leaf        *int64 `json:"leaf,omitempty"`         // from 0; absent: it awaits its place
	OneOperator bool   `json:"one_operator,omitempty"` // one operator may have entered both people's acts
}

// An Audit is a page of what was done, the newest first as the events say it.
type Audit struct {
	Events   []Audited
	Next     jurat.EventID // ask before it for the page after this one; "": there is none
	Lost     []Lost        // events of the incident asked for that cannot be found
	Torn     []Torn        // of the whole record, where its first page was asked for
	TornMore bool          // there are more of those
}

// A Torn is a chain some events of which cannot be found: an incident's or, with
// the zero number, the house's.
type Torn struct {
	Incident jurat.IncidentNumber `json:"incident,omitempty"`
	Lost     []Lost               `json:"lost"`
}

// mostTorn is how many torn chains an audit names.
const mostTorn = 20

// The size of a page of an audit, and how many events are looked through for
// one: a rare act is looked for in parts, and nobody waits for a million rows.
const (
	auditPage   = 50
	auditLooked = 20_000
	auditRead   = 500
)

// twoPeople are the acts of a second person, whose item says whether one
// operator may have entered the first one's too.
var twoPeople = []jurat.Act{jurat.ReferralApproved, jurat.RedactionReviewed, jurat.DisposalApproved, jurat.WritApproved}

// Audit lists what was done in this record, of the incidents the caller may see
// and of the house, but for a prosecutor's own work. For whoever may read the security journal, where it is noted
// that they asked; an administrator is listed the house alone. Asked for an
// incident, it opens it. A page may be short, or empty, while there is a next
// one: so many events were looked through. Invalid: Before is no event's id.
func (d *Desk) Audit(ctx context.Context, c Caller, at time.Time, ask AuditAsk) (Audit, error) {
	at = jurat.At(at)
	var a Audit
	if ask.Limit <= 0 {
		ask.Limit = auditPage
	}
	if ask.Before != "" && !isEventID(ask.Before) {
		return a, jurat.Errorf(jurat.Invalid, "the page begins before an event, by its id; %q is none", ask.Before)
	}
	var asked entry
	err := d.read(ctx, c, at, actionJournal, "", func(tx *register.Tx, h hand) (err error) {
		asked = question{who: h, action: actionJournal}.entry(kindList)
		if ask.Incident == "" {
			if a, err = d.audit(tx, h, ask); err == nil && ask.Before == "" {
				err = d.torn(tx, h, &a)
			}
		}
		return err
	})
	if err != nil {
		return Audit{}, err
	}
	if ask.Incident == "" {
		return a, d.note(ctx, at, asked)
	}
	err = d.open(ctx, c, at, jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(ask.Incident)}, func(tx *register.Tx, h hand) (err error) {
		if a, err = d.audit(tx, h, ask); err != nil {
			return err
		}
		a.Lost, err = lost(tx, ask.Incident)
		return err
	})
	if err != nil {
		return Audit{}, err
	}
	return a, nil
}

// torn names the chains some events of which cannot be found, of those that may
// be told of.
func (d *Desk) torn(tx *register.Tx, h hand, a *Audit) error {
	return tx.EachTorn(func(in jurat.IncidentNumber) (bool, error) {
		if in != register.House {
			if may, err := d.mayView(tx, h, in); err != nil || !may {
				return true, err
			}
		}
		all, err := lost(tx, in)
		if err != nil || len(all) == 0 {
			return true, err
		}
		if a.TornMore = len(a.Torn) == mostTorn; a.TornMore {
			return false, nil
		}
		a.Torn = append(a.Torn, Torn{in, all})
		return true, nil
	})
}

// audit gathers a page from the newest event down.
func (d *Desk) audit(tx *register.Tx, h hand, ask AuditAsk) (Audit, error) {
	visible := map[jurat.IncidentNumber]bool{register.House: true}
	b := register.Backward{Before: ask.Before, Incident: ask.Incident, Limit: auditRead}
	if !ask.Until.IsZero() && (b.Before == "" || lowestID(ask.Until) < b.Before) {
		b.Before = lowestID(ask.Until)
	}
	if !ask.From.IsZero() {
		b.From = lowestID(ask.From)
	}
	if ask.Incident == "" {
		sees, err := d.mayView(tx, h, "9999-999999") // of those that nothing is known about
		if err != nil {
			return Audit{}, err
		}
		b.House = !sees // whoever sees none is not made to wait for all of them
	}
	if ask.OneOperator {
		b.Acts = twoPeople
	}
	if ask.Act != "" {
		b.Acts = []jurat.Act{ask.Act}
	}
	var a Audit
	last := jurat.EventID("") // of what they may see
	for looked := 0; looked < auditLooked; looked += auditRead {
		rows, err := tx.EventsBack(b)
		if err != nil {
			return Audit{}, err
		}
		for _, row := range rows {
			b.Before = row.ID
			if _, known := visible[row.Incident]; !known {
				if visible[row.Incident], err = d.mayView(tx, h, row.Incident); err != nil {
					return Audit{}, err
				}
			}
			if !visible[row.Incident] {
				continue
			}
			if unseen, err := d.unseen(tx, h, row); err != nil {
				return Audit{}, err
			} else if unseen {
				continue
			}
			last = row.ID
			one, err := d.audited(tx, h, row, ask.Incident != "")
			if err != nil {
				return Audit{}, err
			}
			if ask.Office != "" && one.Actor.Office != ask.Office || ask.OneOperator && !one.OneOperator {
				continue
			}
			if len(a.Events) == ask.Limit { // there is one more
				a.Next = a.Events[ask.Limit-1].ID
				return a, d.placed(tx, a.Events)
			}
			a.Events = append(a.Events, one)
		}
		if len(rows) < auditRead {
			return a, d.placed(tx, a.Events)
		}
	}
	a.Next = cmp.Or(last, b.Before)
	return a, d.placed(tx, a.Events)
}

// audited is an event as an audit shows it; opened: so was its incident.
func (d *Desk) audited(tx *register.Tx, h hand, row register.EventRow, opened bool) (Audited, error) {
	said, err := said(row)
	if err != nil {
		return Audited{}, err
	}
	one := Audited{Said: said}
	if row.Incident != "" && !opened && row.Act != jurat.IdentityOpened {
		one.Note = ""
	}
	if row.Incident == register.House && one.Note != "" {
		withheld, err := d.withholds(tx, h, row.Item)
		if err != nil {
			return Audited{}, err
		}
		if withheld {
			one.Note = ""
		}
	}
	one.OneOperator, err = byOneOperator(row)
	return one, err
}

// byOneOperator reports whether an act of a second person says that one operator
// may have entered the first one's too.
func byOneOperator(row register.EventRow) (bool, error) {
	for _, act := range twoPeople {
		if row.Act != act {
			continue
		}
		open, err := row.State()
		if err != nil || open == nil {
			return false, err
		}
		var part struct {
			Value struct {
				OneOperator bool `json:"one_operator"`
			} `json:"value"`
		}
		if err := json.Unmarshal(open, &part); err != nil {
			return false, fmt.Errorf("read event %s: %w", row.ID, err)
		}
		return part.Value.OneOperator, nil
	}
	return false, nil
}

// placed gives events their places in the ledger.
func (d *Desk) placed(tx *register.Tx, events []Audited) error {
	ids := make([]jurat.EventID, len(events))
	for i, e := range events {
		ids[i] = e.ID
	}
	found, err := tx.LeafIndexes(ids)
	if err != nil {
		return err
	}
	for i := range events {
		if index, ok := found[events[i].ID]; ok {
			events[i].Leaf = &index
		}
	}
	return nil
}

// AuditColumns are the columns of [AuditSheet], in their order.
var AuditColumns = [...]string{"event", "leaf", "recorded_at", "act", "incident", "incident_seq", "noun", "item", "person", "office", "role", "via", "signed", "one_operator", "answer", "sealed_parts", "erased", "note"}

// AuditSheet is events as CSV (RFC 4180), one to a line, under a line of
// [AuditColumns]. A text that a spreadsheet would take for a formula gets an
// apostrophe before it.
func AuditSheet(events []Audited) ([]byte, error) {
	yes := func(b bool) string {
		if b {
			return "yes"
		}
		return "no"
	}
	count := func(n *int64) string {
		if n == nil {
			return ""
		}
		return strconv.FormatInt(*n, 10)
	}
	rows := make([][]string, 0, len(events)+1)
	rows = append(rows, AuditColumns[:])
	for _, e := range events {
		var sealed []string
		for _, class := range e.Sealed {
			sealed = append(sealed, string(class))
		}
		rows = append(rows, []string{
			string(e.ID), count(e.Leaf), e.At.UTC().Format(time.RFC3339Nano), string(e.Act), string(e.Incident), count(e.Seq), string(e.Item.Noun), string(e.Item.ID),
			string(e.Actor.Person), string(e.Actor.Office), string(e.Actor.Role), string(e.Actor.Via), yes(e.Signed), yes(e.OneOperator), e.Answer, strings.Join(sealed, " "), yes(e.Disposed), e.Note,
		})
	}
	return numbers.WriteCSV(rows)
}
