package jurat

import (
	"strings"
	"time"
)

// Acts of preservation.
const (
	FlagAdded    Act = "flag.added"
	HoldPlaced   Act = "hold.placed"
	HoldReleased Act = "hold.released"
)

// A Flag keeps an exhibit past its retention by naming at least one ground. A
// flag without a ground is refused: it may be challenged, and the ground
// decides disclosure (EVD-2, LAW-4).
type Flag struct {
	ID      ItemID    `json:"id"`
	Exhibit ItemID    `json:"exhibit"`
	Grounds []string  `json:"grounds"` // from the order's table
	By      PersonID  `json:"by"`
	At      time.Time `json:"at"`
}

// AddFlag flags an exhibit. A person's act.
func AddFlag(id, exhibit ItemID, grounds []string, by Hand, at time.Time) (Flag, Event, error) {
	if err := by.needPerson("flagging an exhibit"); err != nil {
		return Flag{}, Event{}, err
	}
	if len(grounds) == 0 {
		return Flag{}, Event{}, Errorf(Invalid, "a flag on %s needs a ground: a flag without one may be challenged (EVD-2)", exhibit)
	}
	for _, g := range grounds {
		if strings.TrimSpace(g) == "" {
			return Flag{}, Event{}, Errorf(Invalid, "a flag on %s names an empty ground", exhibit)
		}
	}
	f := Flag{ID: id, Exhibit: exhibit, Grounds: grounds, By: by.Person, At: at}
	return f, Event{Act: FlagAdded, Incident: id.Incident(), Item: Item{Noun: NounFlag, ID: id}, Value: f}, nil
}

// A Hold forbids disposal. A hold with an empty scope holds everything in its
// incident (LAW-3).
type Hold struct {
	ID         ItemID    `json:"id"`
	Matter     string    `json:"matter"`
	Scope      []ItemID  `json:"scope,omitempty"` // empty: everything
	PlacedBy   PersonID  `json:"placed_by"`
	PlacedAt   time.Time `json:"placed_at"`
	ReleasedBy PersonID  `json:"released_by,omitempty"`
	ReleasedAt time.Time `json:"released_at,omitzero"`
}

// PlaceHold places a hold.
func PlaceHold(id ItemID, matter string, scope []ItemID, by Hand, at time.Time) (Hold, Event, error) {
	if err := by.needPerson("placing a hold"); err != nil {
		return Hold{}, Event{}, err
	}
	if strings.TrimSpace(matter) == "" {
		return Hold{}, Event{}, Errorf(Invalid, "name the matter the hold is for")
	}
	for _, s := range scope {
		if s.Incident() != id.Incident() {
			return Hold{}, Event{}, Errorf(Invalid, "%s is not in incident %s", s, id.Incident())
		}
	}
	h := Hold{ID: id, Matter: matter, Scope: scope, PlacedBy: by.Person, PlacedAt: at}
	return h, h.event(HoldPlaced, ""), nil
}

// Release lifts the hold, with a reason. Releasing twice is Conflict.
func (h Hold) Release(reason string, by Hand, at time.Time) (Hold, Event, error) {
	if err := by.needPerson("releasing a hold"); err != nil {
		return h, Event{}, err
	}
	switch {
	case !h.ReleasedAt.IsZero():
		return h, Event{}, Errorf(Conflict, "hold %s was released on %s", h.ID, h.ReleasedAt.Format(time.DateOnly))
	case strings.TrimSpace(reason) == "":
		return h, Event{}, Errorf(Invalid, "say why hold %s is released", h.ID)
	}
	next := h
	next.ReleasedBy, next.ReleasedAt = by.Person, at
	return next, next.event(HoldReleased, reason), nil
}

func (h Hold) event(act Act, note string) Event {
	return Event{Act: act, Incident: h.ID.Incident(), Item: Item{Noun: NounHold, ID: h.ID}, Value: h, Note: note}
}

// Holds reports whether h, unreleased, covers the item.
func (h Hold) Holds(id ItemID) bool {
	if !h.ReleasedAt.IsZero() || id.Incident() != h.ID.Incident() {
		return false
	}
	for _, s := range h.Scope {
		if s == id {
			return true
		}
	}
	return len(h.Scope) == 0
}
