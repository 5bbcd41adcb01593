package desk

import (
	"fmt"

	"jurat"
	"jurat/internal/register"
	"jurat/order"
)

// A Lost is a range of events of an incident that cannot be found: their
// numbers, the first and the last, as people count them from 1.
type Lost struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// ReasonLost is the id of the reason of a gate that is closed because events
// are lost. It is of no order.
const ReasonLost = "lost-events"

// lost finds the events of an incident that cannot be found.
func lost(tx *register.Tx, in jurat.IncidentNumber) ([]Lost, error) {
	found, err := tx.Lost(in)
	out := make([]Lost, len(found))
	for i, r := range found {
		out[i] = Lost{r.From + 1, r.To + 1}
	}
	return out, err
}

// closeFor closes the gates through which what is incomplete would pass: until
// the events are explained nothing is approved and nothing referred (EVD-5).
func closeFor(all []Lost, gates []Gate) {
	for i := range gates {
		if gates[i].ID != gateApprove && gates[i].ID != gateRefer {
			continue
		}
		for _, l := range all {
			gates[i].Open = false
			gates[i].Reasons = append(gates[i].Reasons, GateReason{ID: ReasonLost, Say: l.String(), Basis: order.Stated})
		}
	}
}

func (l Lost) String() string {
	return fmt.Sprintf("Events %d to %d of this incident cannot be found. The operator recovers them from a mirror.", l.From, l.To)
}

// complete refuses what may only be done of an incident all of whose events are
// there. Conflict: some are not.
func complete(tx *register.Tx, in jurat.IncidentNumber) error {
	all, err := lost(tx, in)
	if err != nil || len(all) == 0 {
		return err
	}
	return jurat.Errorf(jurat.Conflict, "%s Until then nothing of it is sent", all[0])
}
