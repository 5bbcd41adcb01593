package desk

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"jurat"
	"jurat/format"
)

// Of a hundred thousand incidents, most items are incidents, records and
// exhibits. What follows reads those member by member; what it does not know or
// does not expect, it leaves to encoding/json, so that it is never the reason
// why an item reads otherwise.

// A reader reads the members of one value into its parts, as encoding/json
// would.
type reader struct {
	failed bool // something is for encoding/json to read
}

// of calls each with every member of an object.
func (r *reader) of(object json.RawMessage, each func(name []byte, value json.RawMessage)) {
	if format.EachMember(object, each) != nil {
		r.failed = true
	}
}

func text[T ~string](r *reader, to *T, value json.RawMessage) {
	if len(value) < 2 || value[0] != '"' || bytes.IndexByte(value, '\\') >= 0 {
		r.other(to, value)
		return
	}
	*to = T(value[1 : len(value)-1])
}

func (r *reader) moment(to *time.Time, value json.RawMessage) {
	if to.UnmarshalJSON(value) != nil {
		r.failed = true
	}
}

func whole[T int | int64](r *reader, to *T, value json.RawMessage) {
	n, err := strconv.Atoi(string(value))
	if *to = T(n); err != nil {
		r.failed = true
	}
}

// other reads what few items have.
func (r *reader) other(to any, value json.RawMessage) {
	if json.Unmarshal(value, to) != nil {
		r.failed = true
	}
}

func (r *reader) span(to *jurat.Span, value json.RawMessage) {
	r.of(value, func(name []byte, v json.RawMessage) {
		switch string(name) {
		case "from":
			r.moment(&to.From, v)
		case "to":
			r.moment(&to.To, v)
		case "precision":
			text(r, &to.Precision, v)
		default:
			r.failed = true
		}
	})
}

func (r *reader) place(to *jurat.Place, value json.RawMessage) {
	r.of(value, func(name []byte, v json.RawMessage) {
		switch string(name) {
		case "description":
			text(r, &to.Description, v)
		case "beat":
			text(r, &to.Beat, v)
		case "district":
			text(r, &to.District, v)
		case "inside_city":
			text(r, &to.InsideCity, v)
		default:
			r.failed = true
		}
	})
}

func (r *reader) incident(to *jurat.Incident, value json.RawMessage) {
	r.of(value, func(name []byte, v json.RawMessage) {
		switch string(name) {
		case "number":
			text(r, &to.Number, v)
		case "title":
			text(r, &to.Title, v)
		case "trigger":
			text(r, &to.Trigger, v)
		case "event_number":
			text(r, &to.EventNumber, v)
		case "rd_number":
			text(r, &to.RDNumber, v)
		case "first_knowledge":
			r.moment(&to.FirstKnowledge, v)
		case "occurred":
			r.span(&to.Occurred, v)
		case "place":
			r.place(&to.Place, v)
		case "retroactive":
			r.other(&to.Retroactive, v)
		case "opened_at":
			r.moment(&to.OpenedAt, v)
		case "opened_by":
			text(r, &to.OpenedBy, v)
		case "office":
			text(r, &to.Office, v)
		case "closed_at":
			r.moment(&to.ClosedAt, v)
		case "closed_by":
			text(r, &to.ClosedBy, v)
		default:
			r.failed = true
		}
	})
}

func (r *reader) record(to *jurat.Record, value json.RawMessage) {
	r.of(value, func(name []byte, v json.RawMessage) {
		switch string(name) {
		case "id":
			text(r, &to.ID, v)
		case "incident":
			text(r, &to.Incident, v)
		case "type":
			text(r, &to.Type, v)
		case "state":
			text(r, &to.State, v)
		case "version":
			whole(r, &to.Version, v)
		case "author":
			text(r, &to.Author, v)
		case "office":
			text(r, &to.Office, v)
		case "written_at":
			r.moment(&to.WrittenAt, v)
		case "submitted_at":
			r.moment(&to.SubmittedAt, v)
		case "returned_by":
			text(r, &to.ReturnedBy, v)
		case "returned_at":
			r.moment(&to.ReturnedAt, v)
		case "returned":
			text(r, &to.Returned, v)
		case "approved_by":
			text(r, &to.ApprovedBy, v)
		case "approved_at":
			r.moment(&to.ApprovedAt, v)
		case "amends":
			text(r, &to.Amends, v)
		case "fields":
			to.Fields = bytes.Clone(v)
		case "parts":
			r.other(&to.Parts, v)
		case "entered":
			text(r, &to.Entered, v)
		case "wall":
			text(r, &to.Wall, v)
		default:
			r.failed = true
		}
	})
}

func (r *reader) exhibit(to *jurat.Exhibit, value json.RawMessage) {
	r.of(value, func(name []byte, v json.RawMessage) {
		switch string(name) {
		case "id":
			text(r, &to.ID, v)
		case "incident":
			text(r, &to.Incident, v)
		case "kind":
			text(r, &to.Kind, v)
		case "held":
			text(r, &to.Held, v)
		case "system":
			text(r, &to.System, v)
		case "key":
			text(r, &to.Key, v)
		case "digest":
			r.other(&to.Digest, v)
		case "size":
			whole(r, &to.Size, v)
		case "media":
			text(r, &to.Media, v)
		case "received_at":
			r.moment(&to.ReceivedAt, v)
		case "received_by":
			text(r, &to.ReceivedBy, v)
		case "received_from":
			text(r, &to.ReceivedFrom, v)
		case "recorded":
			r.span(&to.Recorded, v)
		case "clock_offset_s":
			r.other(&to.ClockOffset, v)
		case "clock_offsets":
			r.other(&to.Offsets, v)
		case "confirmed_at":
			r.moment(&to.Confirmed, v)
		case "confirmed_by":
			text(r, &to.ConfirmedBy, v)
		case "derived_from":
			text(r, &to.DerivedFrom, v)
		case "disposed":
			r.other(&to.Disposed, v)
		case "consent":
			r.other(&to.Consent, v)
		case "derivation":
			r.other(&to.Derivation, v)
		default:
			r.failed = true
		}
	})
}

// readValue reads a value into what is empty: member by member, where it is of the
// nouns that most items are of.
func readValue[T any](value json.RawMessage, into *T) error {
	var r reader
	switch v := any(into).(type) {
	case *jurat.Incident:
		r.incident(v, value)
	case *jurat.Record:
		r.record(v, value)
	case *jurat.Exhibit:
		r.exhibit(v, value)
	default:
		r.failed = true
	}
	if !r.failed {
		return nil
	}
	*into = *new(T)
	return json.Unmarshal(value, into)
}

// grow appends the value of an open part to a list.
func grow[T any](list *[]T, open []byte) error {
	value, err := valueOf(open)
	if err != nil {
		return err
	}
	var v T
	if err := readValue(value, &v); err != nil {
		return err
	}
	*list = append(*list, v)
	return nil
}

// valueOf gives the value of an open part, as it is written.
func valueOf(open []byte) (value json.RawMessage, err error) {
	err = format.EachMember(open, func(name []byte, v json.RawMessage) {
		if string(name) == "value" {
			value = v
		}
	})
	if err == nil && value == nil {
		err = errors.New("the open part has no value")
	}
	return value, err
}
