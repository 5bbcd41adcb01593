package order

import (
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// A scene is one order looking at one view: the variables its expressions see.
type scene struct {
	*view
	o           *Order
	retroactive bool
	suspended   string
	standing    Standing
	status      Status
	then        Standing // when the incident happened; empty where nobody says when, and for the house
	thenStatus  Status
	incident    ref.Val
	recordsOn   ref.Val
	termsOn     ref.Val
	timesOn     ref.Val
	orderOn     ref.Val
	tablesOn    ref.Val
	lists       map[string]ref.Val
	terms       []ref.Val
	moments     []ref.Val
}

func newScene(o *Order, v *view) *scene {
	s := &scene{view: v, o: o, terms: make([]ref.Val, len(o.Terms)), moments: make([]ref.Val, len(o.Moments)), lists: map[string]ref.Val{}}
	s.incident = &thing{shape: incidentShape, of: s}
	s.recordsOn = &thing{shape: o.recordsShape, of: s}
	s.termsOn = &thing{shape: o.lang.terms, of: s}
	s.timesOn = &thing{shape: o.lang.times, of: s}
	s.orderOn = &thing{shape: orderShape, of: o}
	s.tablesOn = &thing{shape: o.tablesShape, of: o}
	s.standing, s.status = o.StatusAt(v.at)
	s.turnsByStatus()
	happened := s.happened()
	begins := o.Effective.From
	if !begins.Stated() {
		begins = o.Signed.From
	}
	inc := &v.f.Incident
	s.retroactive = inc.Number != "" && (inc.Retroactive || begins.Stated() && !happened.IsZero() && happened.Before(begins.At))
	if inc.Number != "" && !happened.IsZero() {
		s.then, s.thenStatus = o.StatusAt(happened)
		s.retroactive = s.retroactive || s.then == notYet
	}
	switch s.standing {
	case Stayed:
		s.suspended = "the order is stayed since " + s.status.Date.String() + " (" + s.status.Authority + ")"
	case Expired, Repealed:
		if happened.IsZero() || !happened.Before(s.status.Date.end()) {
			s.suspended = "the order is " + string(s.standing) + " since " + s.status.Date.String() + " (" + s.status.Authority + ")"
		}
	case notYet:
		s.suspended = "the order is not in force yet"
	}
	return s
}

// happened is when the incident happened, as far as anybody stated it; zero
// for the house and where nothing is stated.
func (s *scene) happened() time.Time {
	in := &s.f.Incident
	switch {
	case !in.Occurred.From.IsZero():
		return in.Occurred.From
	case !in.Occurred.To.IsZero():
		return in.Occurred.To
	}
	return in.FirstKnowledge
}

func (s *scene) now() OrderNow {
	return OrderNow{ID: s.o.ID, Standing: s.standing, Authority: s.status.Authority, Then: s.then, Retroactive: s.retroactive, Suspended: s.suspended}
}

// ResolveName gives CEL the value of a variable.
func (s *scene) ResolveName(name string) (any, bool) {
	switch name {
	case "now":
		s.moves()
		return types.Timestamp{Time: s.at}, true
	case "records":
		return s.recordsOn, true
	case "term":
		return s.termsOn, true
	case "moment":
		return s.timesOn, true
	case "order":
		return s.orderOn, true
	case "tables":
		return s.tablesOn, true
	}
	for i := range variables {
		if variables[i].name == name {
			return variables[i].get(s), true
		}
	}
	return nil, false
}

// Parent gives CEL the activation around this one: there is none.
func (s *scene) Parent() cel.Activation { return nil }

// an itemScene is a scene with the variables of one item of a duty or a need:
// "it", where it is asked item by item, and "period", where it recurs.
type itemScene struct {
	*scene
	it     ref.Val
	window *window
	period ref.Val
}

func (s itemScene) ResolveName(name string) (any, bool) {
	switch {
	case name == "it" && s.it != nil:
		return s.it, true
	case name == "period" && s.period != nil:
		return s.period, true
	}
	return s.scene.ResolveName(name)
}

func (s *scene) recordsOf(typ string, sh *shape) ref.Val {
	if s.lists[typ] == nil {
		s.lists[typ] = things(sh, s.records[typ], func(r *record) string { return string(r.ID) })
	}
	return s.lists[typ]
}

func (s *scene) term(i int) ref.Val {
	if s.terms[i] == nil {
		s.terms[i] = s.run(s.o.Terms[i].is, s)
	}
	return s.terms[i]
}

func (s *scene) moment(i int) ref.Val {
	if s.moments[i] == nil {
		s.moments[i] = s.run(s.o.Moments[i].is, s)
	}
	return s.moments[i]
}

// run gives the value of an expression. A fault while it runs (a limit, an
// index beyond a list) is an unknown: nothing follows from it.
func (s *scene) run(x *expression, in cel.Activation) ref.Val {
	if x.fixed != nil {
		return x.fixed
	}
	v, _, err := x.run.Eval(in)
	if err != nil || v == nil || types.IsError(v) {
		return missing("an answer (" + faultOf(err) + ")")
	}
	return v
}

func faultOf(err error) string {
	if err == nil {
		return "it has none"
	}
	return err.Error()
}
