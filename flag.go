package jurat

import (
	"slices"
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
	if err := named(NounFlag, id); err != nil {
		return Flag{}, Event{}, err
	}
	if exhibit == "" {
		return Flag{}, Event{}, Errorf(Invalid, "name the exhibit to flag")
	}
	if err := filed(id.Incident(), NounExhibit, exhibit); err != nil {
		return Flag{}, Event{}, err
	}
	if len(grounds) == 0 {
		return Flag{}, Event{}, Errorf(Invalid, "a flag on %s needs a ground: a flag without one may be challenged (EVD-2)", exhibit)
	}
	for i, g := range grounds {
		switch {
		case blank(g):
			return Flag{}, Event{}, Errorf(Invalid, "a flag on %s names an empty ground", exhibit)
		case slices.Contains(grounds[:i], g):
			return Flag{}, Event{}, Errorf(Invalid, "a flag on %s names the ground %q twice", exhibit, g)
		}
	}
	f := Flag{ID: id, Exhibit: exhibit, Grounds: slices.Clone(grounds), By: by.Person, At: At(at)}
	return f, Event{Act: FlagAdded, Incident: id.Incident(), Item: f.Item(), Value: f.clone()}, nil
}

// Item names the flag.
func (f Flag) Item() Item { return Item{Noun: NounFlag, ID: f.ID} }

func (f Flag) clone() Flag {
	f.Grounds = slices.Clone(f.Grounds)
	return f
}

// A Hold forbids disposal. A hold with an empty scope holds everything (LAW-3):
// one of an incident, everything in it; one of the house, such as hold-2,
// everything on the record. A scope that names an incident holds all of it.
type Hold struct {
	ID         ItemID    `json:"id"`
	Matter     string    `json:"matter"`
	Scope      []ItemID  `json:"scope,omitempty"` // empty: everything
	PlacedBy   PersonID  `json:"placed_by"`
	PlacedAt   time.Time `json:"placed_at"`
	ReleasedBy PersonID  `json:"released_by,omitempty"`
	ReleasedAt time.Time `json:"released_at,omitzero"`
}

// PlaceHold places a hold. Any person who works on the incident may: a hold
// destroys nothing. Its scope lies in the incident it is numbered in; that of a
// hold of the house names incidents, or items of any of them.
func PlaceHold(id ItemID, matter string, scope []ItemID, by Hand, at time.Time) (Hold, Event, error) {
	if err := by.needPerson("placing a hold"); err != nil {
		return Hold{}, Event{}, err
	}
	if err := named(NounHold, id); err != nil {
		return Hold{}, Event{}, err
	}
	if strings.TrimSpace(matter) == "" {
		return Hold{}, Event{}, Errorf(Invalid, "name the matter the hold is for")
	}
	for _, s := range scope {
		switch {
		case s.Incident() == "":
			return Hold{}, Event{}, Errorf(Invalid, "%q is no incident and nothing in one: a hold covers incidents and what is filed under them", s)
		case id.Incident() != "" && s.Incident() != id.Incident():
			return Hold{}, Event{}, Errorf(Invalid, "%q is not in incident %s", s, id.Incident())
		}
	}
	h := Hold{ID: id, Matter: matter, Scope: slices.Clone(scope), PlacedBy: by.Person, PlacedAt: At(at)}
	return h, h.event(HoldPlaced, ""), nil
}

// Release lifts the hold, with a reason. Counsel lifts holds, a prosecutor's
// office those of its own record; who disposes does not (LAW-3). Releasing
// twice is Conflict.
func (h Hold) Release(reason string, by Hand, at time.Time) (Hold, Event, error) {
	if err := by.needPerson("releasing a hold"); err != nil {
		return h, Event{}, err
	}
	switch {
	case by.Role != RoleCounsel && by.Function != FunctionCounsel && by.Function != FunctionProsecutor:
		return h, Event{}, Errorf(Forbidden, "hold %s is counsel's to release (LAW-3)", h.ID)
	case !h.ReleasedAt.IsZero():
		return h, Event{}, Errorf(Conflict, "hold %s was released on %s", h.ID, h.ReleasedAt.Format(time.DateOnly))
	case strings.TrimSpace(reason) == "":
		return h, Event{}, Errorf(Invalid, "say why hold %s is released", h.ID)
	}
	next := h.clone()
	next.ReleasedBy, next.ReleasedAt = by.Person, At(at)
	return next, next.event(HoldReleased, reason), nil
}

// Item names the hold.
func (h Hold) Item() Item { return Item{Noun: NounHold, ID: h.ID} }

func (h Hold) clone() Hold {
	h.Scope = slices.Clone(h.Scope)
	return h
}

func (h Hold) event(act Act, note string) Event {
	return Event{Act: act, Incident: h.ID.Incident(), Item: h.Item(), Value: h.clone(), Note: note}
}

// Holds reports whether h, unreleased, forbids the disposal of the item. An
// incident is held by a hold on anything in it.
func (h Hold) Holds(id ItemID) bool {
	in, own := id.Incident(), h.ID.Incident()
	if !h.ReleasedAt.IsZero() || in == "" || own != "" && in != own {
		return false
	}
	return len(h.Scope) == 0 || slices.ContainsFunc(h.Scope, func(s ItemID) bool {
		return s == id || s == ItemID(in) || id == ItemID(in) && s.Incident() == in
	})
}
