package jurat

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// An Outcome is what came of asking the supervising officer to identify (IDN-1).
// Silence is not refusal; a mask is not refusal.
type Outcome string

// The nine outcomes.
const (
	OutcomeVerified     Outcome = "identified_verified"
	OutcomeUnverified   Outcome = "identified_unverified"
	OutcomePartial      Outcome = "partial"
	OutcomeRefused      Outcome = "refused"
	OutcomeNoAnswer     Outcome = "no_answer"
	OutcomeNotFeasible  Outcome = "not_feasible"
	OutcomeNoSupervisor Outcome = "no_supervisor_present"
	OutcomeLeft         Outcome = "left_scene"
	OutcomeNotAttempted Outcome = "not_attempted"
)

// Outcomes lists all nine.
var Outcomes = [...]Outcome{OutcomeVerified, OutcomeUnverified, OutcomePartial, OutcomeRefused, OutcomeNoAnswer, OutcomeNotFeasible, OutcomeNoSupervisor, OutcomeLeft, OutcomeNotAttempted}

// A Recording says whether a camera recorded an attempt.
type Recording string

// The answers. "Not yet uploaded" is a yes.
const (
	RecordedHere    Recording = "yes"
	RecordedPending Recording = "yes_not_yet_uploaded"
	RecordedNot     Recording = "no"
	RecordedUnknown Recording = "unknown"
)

// Recordings lists the answers.
var Recordings = [...]Recording{RecordedHere, RecordedPending, RecordedNot, RecordedUnknown}

// An Identification is the open part of an identification attempt that the law
// reads. A refusal is a fact, never an offence: nothing is derived from it
// (IDN-2). Names and badges are sealed parts of the same record (IDN-3).
type Identification struct {
	Outcome     Outcome   `json:"outcome"`
	Recording   Recording `json:"recording"`
	Exhibit     ItemID    `json:"exhibit,omitempty"`       // the recording, once here or known elsewhere
	NoRecording string    `json:"no_recording,omitempty"`  // "no recording because …"
	Reason      string    `json:"not_attempted,omitempty"` // why nobody was asked
}

// readIdentification reads the fields by their exact names: encoding/json
// folds case, and a record says one thing to every reader.
func readIdentification(fields map[string]json.RawMessage) (Identification, error) {
	var id Identification
	for name, into := range map[string]any{
		"outcome": &id.Outcome, "recording": &id.Recording, "exhibit": &id.Exhibit, "no_recording": &id.NoRecording, "not_attempted": &id.Reason,
	} {
		if raw, ok := fields[name]; ok {
			if err := json.Unmarshal(raw, into); err != nil {
				return Identification{}, Because(Invalid, err, "%q of the identification attempt must be text", name)
			}
		}
	}
	return id, nil
}

func checkIdentification(fields map[string]json.RawMessage) error {
	id, err := readIdentification(fields)
	if err != nil {
		return err
	}
	if id.Outcome != "" {
		if err := oneOf("outcome of the identification attempt", id.Outcome, Outcomes[:]); err != nil {
			return err
		}
	}
	if id.Recording != "" {
		return oneOf("recording of the identification attempt", id.Recording, Recordings[:])
	}
	return nil
}

func (id Identification) incomplete(item Item) []Reason {
	var out []Reason
	say := func(s string) { out = append(out, Reason{Item: item, Say: s}) }
	switch {
	case id.Outcome == "":
		say("the outcome of the identification attempt is not stated; choose one of the nine, \"not attempted\" included")
	case id.Outcome == OutcomeNotAttempted && blank(id.Reason):
		say("nobody was asked to identify: say why (safety, no contact, incident ended)")
	case id.Outcome == OutcomeRefused && !id.recorded():
		say("a refusal needs its recording, \"yes, not yet uploaded\", or the sentence \"no recording because …\" (IDN-1)")
	}
	if id.Exhibit != "" && filed(item.ID.Incident(), NounExhibit, id.Exhibit) != nil {
		say("the recording of the identification attempt names \"" + string(id.Exhibit) + "\", which is no exhibit of incident " + string(item.ID.Incident()))
	}
	if id.Exhibit != "" && id.Recording == RecordedNot {
		say("the identification attempt names its recording and says there is none: correct one of the two")
	}
	return out
}

func (id Identification) recorded() bool {
	return id.Exhibit != "" || id.Recording == RecordedPending || !blank(id.NoRecording)
}

// RefusalIsNoOffence refuses, with kind Invalid, an offence that is nothing but
// not having identified oneself: a refusal is a fact and is never alleged as an
// offence, by a template or by hand (IDN-2). Giving a false identity is another
// matter and is not refused.
func RefusalIsNoOffence(offence string) error {
	ws := words(offence)
	begins := func(prefixes ...string) bool {
		return slices.ContainsFunc(ws, func(w string) bool {
			return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(w, p) })
		})
	}
	alone := slices.Contains([]string{"refused", "refusal", "no answer", "mask", "masked"}, strings.Join(ws, " "))
	if alone || begins("identif", "badge", "credential") && begins("refus", "fail", "declin") {
		return Errorf(Invalid, "offence %q: a refusal to identify is a fact, not an offence; record it as an identification attempt (IDN-2)", offence)
	}
	return nil
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return strconv.Itoa(n) + " " + word + "s"
}
