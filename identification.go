package jurat

import (
	"encoding/json"
	"strconv"
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

func checkIdentification(fields json.RawMessage) error {
	var id Identification
	if err := json.Unmarshal(fields, &id); err != nil {
		return Errorf(Invalid, "identification attempt: %v", err)
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
	case id.Outcome == OutcomeNotAttempted && id.Reason == "":
		say("nobody was asked to identify: say why (safety, no contact, incident ended)")
	case id.Outcome == OutcomeRefused && !id.recorded():
		say("a refusal needs its recording, \"yes, not yet uploaded\", or the sentence \"no recording because …\" (IDN-1)")
	}
	return out
}

func (id Identification) recorded() bool {
	return id.Exhibit != "" || id.Recording == RecordedPending || id.NoRecording != ""
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return strconv.Itoa(n) + " " + word + "s"
}
