package jurat

import "encoding/json"

// A Force is the open part of a use of force that the law reads: whose it was.
// The city's own people are recorded in the same words as everybody else, and
// unknown is an answer (INC-2, INC-3).
type Force struct {
	By ActorKind `json:"by"`
}

func readForce(fields map[string]json.RawMessage) (Force, error) {
	var f Force
	if raw, ok := fields["by"]; ok {
		if err := json.Unmarshal(raw, &f.By); err != nil {
			return Force{}, Because(Invalid, err, "\"by\" of the use of force must be text")
		}
	}
	return f, nil
}

func checkForce(fields map[string]json.RawMessage) error {
	f, err := readForce(fields)
	if err != nil || f.By == "" {
		return err
	}
	return oneOf("by whom the force was used", f.By, ActorKinds[:])
}

func (f Force) incomplete(item Item) []Reason {
	if f.By != "" {
		return nil
	}
	return []Reason{{Item: item, Say: "the use of force does not say by whom: federal, local, other or unknown"}}
}
