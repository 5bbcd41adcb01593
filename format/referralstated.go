package format

import (
	"encoding/json"

	"jurat"
)

// Stated is a value of the law with the event that stated it. The JSON of the
// value is kept as the event's open part has it, so that a document made or
// read by a later version of the law still says, byte for byte, what the ledger
// says; a verifier calls any difference altered (D44).
type Stated[T any] struct {
	Event jurat.EventID
	Value T

	raw json.RawMessage // Value as it was read; nil: Value was given
}

// State takes a value out of an event's open part. Unavailable: it is no T.
func State[T any](event jurat.EventID, open jurat.OpenPart) (Stated[T], error) {
	s := Stated[T]{Event: event, raw: open.Value}
	if err := json.Unmarshal(open.Value, &s.Value); err != nil {
		return s, jurat.Because(jurat.Unavailable, err, "the value of event %s", event)
	}
	return s, nil
}

// JSON is the value as the document has it.
func (s Stated[T]) JSON() (json.RawMessage, error) {
	if s.raw != nil {
		return s.raw, nil
	}
	return appendJSON(nil, s.Value)
}

type statedText struct {
	Event jurat.EventID   `json:"event,omitempty"`
	Value json.RawMessage `json:"value"`
}

// MarshalJSON writes {"event","value"}.
func (s Stated[T]) MarshalJSON() ([]byte, error) {
	raw, err := s.JSON()
	if err != nil {
		return nil, err
	}
	return appendJSON(nil, statedText{s.Event, raw})
}

// UnmarshalJSON reads what MarshalJSON writes. Members of the value that this
// version of the law does not know are kept.
func (s *Stated[T]) UnmarshalJSON(b []byte) error {
	var t statedText
	if err := strictJSON(b, &t); err != nil {
		return err
	}
	s.Event, s.raw = t.Event, t.Value
	return json.Unmarshal(t.Value, &s.Value)
}
