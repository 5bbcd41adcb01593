package desk

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"jurat"
	"jurat/internal/register"
	"jurat/order"
)

// The record types of the orders that the footage lists read. An order may
// define more fields of them; these are the ones read here.
const (
	typeHolder jurat.RecordType = "footage_holder"
	typeNotice jurat.RecordType = "preservation_notice"
	typeGap    jurat.RecordType = "footage_gap"
)

// The states of a notice, beside the answers themselves. That no answer came by
// the date asked for is a state and nobody's failure (EVD-3).
const (
	NoticeAwaited  = "awaited"
	NoticeNoAnswer = "no_answer_by_due_date"
)

// A NoticeLine is one notice to another holder to preserve something, with the
// answer as far as there is one.
type NoticeLine struct {
	Incident jurat.IncidentNumber `json:"incident"`
	Record   jurat.ItemID         `json:"record"`
	Notice
	State string `json:"state"` // awaited, no_answer_by_due_date, or the answer
	Days  int    `json:"days"`  // since it was sent
}

// Notice is what the record of a notice says.
type Notice struct {
	To       string       `json:"to"`
	Kind     string       `json:"holder_kind,omitempty"`
	System   string       `json:"system,omitempty"`
	Exhibit  jurat.ItemID `json:"exhibit,omitempty"`
	Basis    string       `json:"basis,omitempty"`
	Items    string       `json:"items_described,omitempty"`
	Sent     time.Time    `json:"sent_at,omitzero"`
	Method   string       `json:"method,omitempty"`
	Due      time.Time    `json:"due_at,omitzero"`
	Answer   string       `json:"answer,omitempty"`
	Answered time.Time    `json:"answered_at,omitzero"`
	Words    string       `json:"answer_words,omitempty"`
}

// Open reports whether nobody has recorded the holder's answer.
func (n NoticeLine) Open() bool { return n.State == NoticeAwaited || n.State == NoticeNoAnswer }

// Notices lists the notices to other holders that have no answer, the longest
// past its date first; with all, the answered ones after them. It lists what
// the person may see, is journalled and opens no incident.
func (d *Desk) Notices(ctx context.Context, c Caller, at time.Time, all bool) ([]NoticeLine, error) {
	at = jurat.At(at)
	var lines []NoticeLine
	err := d.survey(ctx, c, at, func(tx *register.Tx, h hand) error {
		found, err := seen(d, tx, h, func(f order.Facts) []NoticeLine { return noticesOf(f, at) })
		lines = slices.DeleteFunc(found, func(n NoticeLine) bool { return !all && !n.Open() })
		return err
	})
	if err != nil {
		return nil, err
	}
	rank := map[bool]int{true: 0, false: 1}
	slices.SortStableFunc(lines, func(a, b NoticeLine) int {
		return cmp.Or(cmp.Compare(rank[a.Open()], rank[b.Open()]), a.Due.Compare(b.Due), cmp.Compare(a.Incident, b.Incident), cmp.Compare(a.Record, b.Record))
	})
	return lines, nil
}

// noticesOf are the notices of an incident, oldest first.
func noticesOf(f order.Facts, at time.Time) []NoticeLine {
	var lines []NoticeLine
	for _, r := range asAmended[Notice](f.Records, typeNotice) {
		n := NoticeLine{Incident: f.Incident.Number, Record: r.ID, Notice: r.Says, State: NoticeAwaited}
		switch {
		case n.Answer != "":
			n.State = n.Answer
		case !n.Due.IsZero() && at.After(n.Due):
			n.State = NoticeNoAnswer
		}
		if !n.Sent.IsZero() && n.Sent.Before(at) {
			n.Days = int(at.Sub(n.Sent) / (24 * time.Hour))
		}
		lines = append(lines, n)
	}
	return lines
}

// An amended record is what a record says with everything that amends it.
type amended[T any] struct {
	ID    jurat.ItemID    // of the first
	Last  jurat.ItemID    // of what says it now
	Whole json.RawMessage // its fields as they stand
	Says  T
}

// asAmended reads the records of a type, each with what was added to amend it: a
// field given anew stands, and one left out stays as it was. A record that
// cannot be read as T is left out; what it holds was checked when it came in.
func asAmended[T any](records []jurat.Record, typ jurat.RecordType) []amended[T] {
	var out []amended[T]
	var fields []map[string]json.RawMessage
	first := map[jurat.ItemID]int{}
	for _, r := range records {
		if r.Type != typ {
			continue
		}
		given := map[string]json.RawMessage{}
		if json.Unmarshal(r.Fields, &given) != nil {
			continue
		}
		i, known := first[r.Amends]
		if !known {
			i = len(out)
			out, fields = append(out, amended[T]{ID: r.ID}), append(fields, map[string]json.RawMessage{})
		}
		first[r.ID], out[i].Last = i, r.ID
		for name, value := range given {
			if !bytes.Equal(value, []byte("null")) {
				fields[i][name] = value
			}
		}
	}
	read := out[:0]
	for i, r := range out {
		var err error
		if r.Whole, err = json.Marshal(fields[i]); err == nil && json.Unmarshal(r.Whole, &r.Says) == nil {
			read = append(read, r)
		}
	}
	return read
}
