package order

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// A State says how a duty stands.
type State string

// The states of a duty.
const (
	NotApplicable State = "not_applicable"
	Owed          State = "owed"
	Met           State = "met"
	Late          State = "late"
	CannotTell    State = "cannot_tell" // a fact it depends on is not known
	Immediately   State = "immediately" // done; its seconds are shown and never judged
)

// States lists every state of a duty.
var States = [...]State{NotApplicable, Owed, Met, Late, CannotTell, Immediately}

// A Duty is one duty of one order, for one item where it is asked item by
// item, as it stands at a moment. It is derived and never stored as truth.
type Duty struct {
	Order   string    `json:"order"`
	ID      string    `json:"id"`
	Item    string    `json:"item,omitempty"`
	Title   Label     `json:"title"`
	Say     Label     `json:"say"`
	Owner   string    `json:"owner"`
	State   State     `json:"state"`
	Since   time.Time `json:"since,omitzero"`  // where its clock starts
	Due     time.Time `json:"due,omitzero"`    // zero: no time is stated
	MetAt   time.Time `json:"met_at,omitzero"` // where the order says when it was met
	MetLate bool      `json:"met_late,omitempty"`
	Seconds *int64    `json:"seconds,omitempty"` // of an immediate duty: from since to done, or to now while owed
	Clock   ClockKind `json:"clock"`
	Local   bool      `json:"local,omitempty"`  // the target is the city's own
	Warned  int       `json:"warned,omitempty"` // the last warning passed, in the clock's unit
	Urgent  bool      `json:"urgent,omitempty"`
	Excuse  string    `json:"excuse,omitempty"` // the reason stated for not doing it
	Paused  string    `json:"paused,omitempty"` // the reason its clock stands still
	Guards  []GateID  `json:"guards,omitempty"`
	Why     []string  `json:"why"` // the facts used, and what is missing
	Footing
}

// Open reports whether the duty still asks somebody to do something.
func (d Duty) Open() bool { return d.State == Owed || d.State == Late || d.State == CannotTell }

// A Reason closes a gate, and says what a person can do about it.
type Reason struct {
	Order string   `json:"order"`
	ID    string   `json:"id"` // of the duty or the need
	Item  string   `json:"item,omitempty"`
	Say   string   `json:"say"` // in English; Label has the other languages
	Label Label    `json:"label,omitempty"`
	Why   []string `json:"why,omitempty"`
	Basis Basis    `json:"basis"`
}

// A Gate is open, or closed with reasons. Warnings come from entries nobody
// verified: they are shown and close nothing.
type Gate struct {
	ID       GateID   `json:"id"`
	Open     bool     `json:"open"`
	Reasons  []Reason `json:"reasons,omitempty"`
	Warnings []Reason `json:"warnings,omitempty"`
}

// For gives the gate's reasons as far as they concern one item: those about
// that item, and those about none.
func (g Gate) For(item string) []Reason {
	return slices.DeleteFunc(slices.Clone(g.Reasons), func(r Reason) bool { return r.Item != "" && r.Item != item })
}

// An OrderNow is how one order stands at the moment asked about.
type OrderNow struct {
	ID          string   `json:"id"`
	Standing    Standing `json:"standing"`
	Authority   string   `json:"authority,omitempty"`
	Retroactive bool     `json:"retroactive,omitempty"` // the incident happened before it: it is not cited as authority
	Suspended   string   `json:"suspended,omitempty"`   // why its duties are not owed
}

// An Evaluation is what follows from orders, facts and a moment.
type Evaluation struct {
	At     time.Time  `json:"at"`
	Orders []OrderNow `json:"orders"`
	Duties []Duty     `json:"duties"`
	Gates  []Gate     `json:"gates"` // always the four, in the order of GateIDs
}

// Gate gives one gate of the evaluation.
func (e Evaluation) Gate(id GateID) Gate {
	for _, g := range e.Gates {
		if g.ID == id {
			return g
		}
	}
	return Gate{ID: id}
}

// Evaluate is [Evaluate] for one order alone.
func (o *Order) Evaluate(f Facts, at time.Time) Evaluation { return Evaluate([]*Order{o}, f, at) }

// Evaluate says what the adopted orders together make whom owe at a moment,
// and which gates are open. It is total: facts of any shape give an answer. It
// is deterministic, changes nothing, and may be called by many at once.
//
// A gate that no order speaks of is closed: nobody said what opens it.
func Evaluate(orders []*Order, f Facts, at time.Time) Evaluation {
	at = at.UTC()
	v := newView(orders, &f, at)
	out := Evaluation{At: at}
	gates := [len(GateIDs)]Gate{}
	spoken := [len(GateIDs)]bool{}
	for i, id := range GateIDs {
		gates[i].ID = id
	}
	for _, o := range orders {
		s := newScene(o, v)
		out.Orders = append(out.Orders, s.now())
		for i := range o.Duties {
			rule := &o.Duties[i]
			if (rule.Scope == OfHouse) != (f.Incident.Number == "") {
				continue
			}
			for _, d := range s.duty(rule) {
				out.Duties = append(out.Duties, d)
				for _, g := range d.Guards {
					if d.Open() && d.Excuse == "" {
						gates[gateIndex(g)].close(Reason{Order: o.ID, ID: d.ID, Item: d.Item, Say: d.Say.String(), Label: d.Say, Why: d.Why, Basis: d.Basis})
					}
				}
			}
		}
		for i := range o.Gates {
			spoken[gateIndex(o.Gates[i].ID)] = true
			s.needs(&o.Gates[i], &gates[gateIndex(o.Gates[i].ID)])
		}
	}
	for i := range gates {
		if !spoken[i] {
			gates[i].close(Reason{ID: "no-rule", Say: "No adopted order says what opens this gate.", Basis: Choice})
		}
		gates[i].Open = len(gates[i].Reasons) == 0
	}
	out.Gates = gates[:]
	return out
}

func gateIndex(id GateID) int { return max(slices.Index(GateIDs[:], id), 0) }

// close adds a reason; one nobody verified is only a warning.
func (g *Gate) close(r Reason) {
	if r.Basis == Unverified {
		g.Warnings = append(g.Warnings, r)
		return
	}
	g.Reasons = append(g.Reasons, r)
}

// A scene is one order looking at one view: the variables its expressions see.
type scene struct {
	*view
	o           *Order
	retroactive bool
	suspended   string
	standing    Standing
	status      Status
	incident    ref.Val
	recordsOn   ref.Val
	termsOn     ref.Val
	timesOn     ref.Val
	orderOn     ref.Val
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
	s.standing, s.status = o.StatusAt(v.at)
	happened := s.happened()
	begins := o.Effective.From
	if !begins.Stated() {
		begins = o.Signed.From
	}
	inc := &v.f.Incident
	s.retroactive = inc.Number != "" && (inc.Retroactive || begins.Stated() && !happened.IsZero() && happened.Before(begins.At))
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
	return OrderNow{ID: s.o.ID, Standing: s.standing, Authority: s.status.Authority, Retroactive: s.retroactive, Suspended: s.suspended}
}

// ResolveName gives CEL the value of a variable.
func (s *scene) ResolveName(name string) (any, bool) {
	switch name {
	case "now":
		return types.Timestamp{Time: s.at}, true
	case "records":
		return s.recordsOn, true
	case "term":
		return s.termsOn, true
	case "moment":
		return s.timesOn, true
	case "order":
		return s.orderOn, true
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

// an itemScene is a scene with the variable "it".
type itemScene struct {
	*scene
	it ref.Val
}

func (s itemScene) ResolveName(name string) (any, bool) {
	if name == "it" {
		return s.it, true
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

// duty gives the duties a rule makes: one, or one for each item.
func (s *scene) duty(rule *DutyRule) []Duty {
	base := Duty{
		Order: s.o.ID, ID: rule.ID, Title: rule.Title, Say: rule.Say, Owner: rule.Owner, Clock: rule.Clock.Kind, Local: rule.Clock.Local,
		Urgent: rule.Urgent, Guards: rule.Guards, Footing: rule.Footing,
	}
	if why := s.notOwed(rule); why != "" {
		base.State, base.Why = NotApplicable, []string{why}
		return []Duty{base}
	}
	if rule.each == nil {
		s.judge(rule, &base, s, nil)
		return []Duty{base}
	}
	items, unknown := s.items(rule.each)
	if unknown != nil {
		base.State, base.Why = CannotTell, unknown
		return []Duty{base}
	}
	if len(items) == 0 {
		base.State, base.Why = NotApplicable, []string{"nothing on record that it is asked about"}
		return []Duty{base}
	}
	out := make([]Duty, len(items))
	for i, it := range items {
		out[i] = base
		out[i].Item = itemName(it, i)
		s.judge(rule, &out[i], itemScene{s, it}, it)
	}
	return out
}

// notOwed says why a rule's duties are not owed at all, or nothing.
func (s *scene) notOwed(rule *DutyRule) string {
	switch {
	case s.suspended != "":
		return s.suspended
	case s.standing == EnjoinedInPart && slices.Contains(s.status.Duties, rule.ID):
		return "enjoined since " + s.status.Date.String() + " (" + s.status.Authority + ")"
	case s.retroactive && !rule.Retroactive:
		return "the incident happened before the order; it is documented and the order is not cited for it"
	}
	return ""
}

// items gives the items of an "each", or why they cannot be told.
func (s *scene) items(x *expression) ([]ref.Val, []string) {
	v := s.run(x, s)
	list, ok := v.(traits.Lister)
	if !ok {
		return nil, unknownLines(v)
	}
	var out []ref.Val
	for it := list.Iterator(); it.HasNext() == types.True; {
		out = append(out, it.Next())
	}
	return out, nil
}

func itemName(v ref.Val, i int) string {
	switch v := v.(type) {
	case *thing:
		if v.id != "" {
			return v.id
		}
	case types.String:
		return string(v)
	}
	return fmt.Sprintf("#%d", i+1)
}

// judge settles the state of one duty.
func (s *scene) judge(rule *DutyRule, d *Duty, in cel.Activation, it ref.Val) {
	trigger := s.run(rule.trigger, in)
	d.Why = s.lines(rule.trigger, it)
	if trigger != types.True {
		d.State = NotApplicable
		if trigger != types.False {
			d.State, d.Why = CannotTell, append(d.Why, unknownLines(trigger)...)
		}
		return
	}
	s.excuse(d)
	s.start(rule, d, in)
	met := s.run(rule.metWhen, in)
	d.Why = merge(d.Why, s.lines(rule.metWhen, it))
	switch {
	case met == types.True:
		s.met(rule, d, in)
	case met != types.False:
		d.State, d.Why = CannotTell, append(d.Why, unknownLines(met)...)
	case !d.Due.IsZero() && d.Paused == "" && s.at.After(d.Due):
		d.State = Late
	default:
		d.State = Owed
	}
	if d.Open() && d.Clock == ClockImmediately && !d.Since.IsZero() {
		d.Seconds = seconds(d.Since, s.at)
	}
}

// start sets where the clock of a duty starts, when it has run, and the last
// warning passed.
func (s *scene) start(rule *DutyRule, d *Duty, in cel.Activation) {
	if rule.Clock.from == nil {
		return
	}
	v := s.run(rule.Clock.from, in)
	from, ok := v.(types.Timestamp)
	if !ok {
		d.Why = append(d.Why, unknownLines(v)...)
		return
	}
	d.Since = from.Time.UTC()
	if rule.Clock.Kind != ClockWithin || !printable(d.Since) {
		return
	}
	paused := s.paused(d)
	d.Due = s.o.after(rule.Clock.Within, d.Since).Add(paused)
	for _, n := range rule.Clock.Warn {
		if !s.at.Before(s.o.after(Period{N: n, Unit: rule.Clock.Within.Unit}, d.Since).Add(paused)) {
			d.Warned = n
		}
	}
}

// printable keeps clear of years no calendar prints.
func printable(t time.Time) bool { return t.Year() > 0 && t.Year() < 9000 }

func (s *scene) met(rule *DutyRule, d *Duty, in cel.Activation) {
	d.State = Met
	if rule.metAt != nil {
		v := s.run(rule.metAt, in)
		if at, ok := v.(types.Timestamp); ok {
			d.MetAt = at.Time.UTC()
			d.MetLate = !d.Due.IsZero() && d.MetAt.After(d.Due)
		} else {
			d.Why = append(d.Why, unknownLines(v)...)
		}
	}
	if d.Clock == ClockImmediately {
		d.State = Immediately
		if !d.MetAt.IsZero() && !d.Since.IsZero() {
			d.Seconds = seconds(d.Since, d.MetAt)
		}
	}
}

func seconds(from, to time.Time) *int64 {
	n := int64(to.Sub(from) / time.Second)
	return &n
}

// needs adds the reasons of a gate's own conditions.
func (s *scene) needs(rule *GateRule, gate *Gate) {
	for i := range rule.Needs {
		n := &rule.Needs[i]
		reason := Reason{Order: s.o.ID, ID: n.ID, Say: n.Say.String(), Label: n.Say, Basis: n.Basis}
		if n.each == nil {
			if v := s.run(n.when, s); v != types.True {
				reason.Why = append(s.lines(n.when, nil), unknownLines(v)...)
				gate.close(reason)
			}
			continue
		}
		items, unknown := s.items(n.each)
		if unknown != nil {
			reason.Why = unknown
			gate.close(reason)
		}
		for j, it := range items {
			if v := s.run(n.when, itemScene{s, it}); v != types.True {
				r := reason
				r.Item = itemName(it, j)
				r.Why = append(s.lines(n.when, it), unknownLines(v)...)
				gate.close(r)
			}
		}
	}
}

// unknownLines names the facts that are missing; of a known value there are
// none.
func unknownLines(v ref.Val) []string {
	u, ok := v.(*types.Unknown)
	if !ok {
		return nil
	}
	var out []string
	for _, id := range u.IDs() {
		trails, _ := u.GetAttributeTrails(id)
		for _, t := range trails {
			if line := "not known: " + t.Variable(); !slices.Contains(out, line) {
				out = append(out, line)
			}
		}
	}
	slices.SortFunc(out, cmp.Compare)
	if len(out) > 8 {
		out = append(out[:8], fmt.Sprintf("and %d more that are not known", len(out)-8))
	}
	return out
}

func merge(a, b []string) []string {
	for _, x := range b {
		if !slices.Contains(a, x) {
			a = append(a, x)
		}
	}
	return a
}

// lines says which facts an expression read and what they were.
func (s *scene) lines(x *expression, it ref.Val) []string {
	var out []string
	for _, path := range x.paths {
		if line := s.line(path, it); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func (s *scene) line(path []string, it ref.Val) string {
	v := it
	if path[0] != "it" {
		root, _ := s.ResolveName(path[0])
		v, _ = root.(ref.Val)
	}
	name := strings.Join(path, ".")
	for _, field := range path[1:] {
		t, ok := v.(traits.Indexer)
		if !ok {
			return ""
		}
		v = t.Get(types.String(field))
	}
	switch v := v.(type) {
	case types.Bool:
		if v {
			return name + ": yes"
		}
		return name + ": no"
	case types.String:
		return name + ": " + string(v)
	case types.Int:
		return fmt.Sprintf("%s: %d", name, int64(v))
	case types.Double:
		return fmt.Sprintf("%s: %g", name, float64(v))
	case types.Timestamp:
		return name + ": " + v.Time.In(s.o.Zone).Format(time.RFC3339)
	case traits.Lister:
		n, _ := v.Size().(types.Int)
		if n == 0 {
			return name + ": none on record"
		}
		return fmt.Sprintf("%s: %d on record", name, int64(n))
	case *types.Unknown:
		return name + ": not known"
	}
	return ""
}
