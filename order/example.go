package order

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"jurat"
)

// An Example is a test an order file carries: facts, a moment, and what must
// follow from them. An order without one is refused.
type Example struct {
	ID      string    `json:"id"`
	Title   string    `json:"title"`
	At      time.Time `json:"at"`
	Cites   []string  `json:"cites,omitempty"`
	Facts   Facts     `json:"-"`
	Duties  []ExpectedDuty
	Gates   []ExpectedGate
	Fees    []ExpectedFee
	Viewing []ExpectedViewing
}

// An ExpectedDuty is what an example expects of one duty.
type ExpectedDuty struct {
	ID, Item     string
	State        State
	Warned       int
	WarnedBefore int
	Owner        string
	Seconds      *int64
	Due          time.Time
	Excused      bool
	MetLate      bool
	Checks       []string // which of the above the file states
}

// An ExpectedGate is what an example expects of one gate. Because is the whole
// set of duties and needs that close it, and Warned the whole set of unverified
// ones, where the file states them.
type ExpectedGate struct {
	ID      GateID
	Open    bool
	Because []string
	Warned  []string
}

// exampleIncident is the number of every example's incident.
const exampleIncident jurat.IncidentNumber = "2026-000001"

func (p *parsing) examples(g group) {
	n := g.get("tests")
	if n == nil || n.form == isList && len(n.items) == 0 {
		p.problem(g.at.line, g.at.col, "the order has no tests", "tests: example incidents with the duties and gates that must follow", "an order without tests is not adopted")
		return
	}
	taken := map[string]bool{}
	for _, m := range p.items(n, "tests") {
		e := p.group(m, "a test", "id", "title", "at", "cites", "facts", "expect")
		x := Example{ID: e.ident(idPattern, taken), Title: e.needText("title"), At: p.moment(e.need("at"), "at"), Cites: e.texts("cites")}
		if f := e.need("facts"); f != nil {
			x.Facts = p.facts(f)
		}
		if f := e.need("expect"); f != nil {
			p.expect(&x, f)
		}
		p.order.Examples = append(p.order.Examples, x)
	}
}

var shortNumber = regexp.MustCompile(`^[A-Z][0-9]+$`)

// itemID turns the short number of an example (E1) into a whole one.
func itemID(short string) jurat.ItemID {
	if short == "" {
		return ""
	}
	return jurat.ItemID(string(exampleIncident) + "-" + short)
}

// numbered gives the id of the n-th item (from 0) of an example, its own or
// the next.
func numbered(g group, noun jurat.Noun, n int) jurat.ItemID {
	next := jurat.NumberItem(exampleIncident, noun, n+1)
	t := g.text("id")
	if t == "" {
		return next
	}
	id := itemID(t)
	if _, err := jurat.ParseItemID(noun, string(id)); err != nil {
		at := g.get("id")
		g.s.problem(at.line, at.col, fmt.Sprintf("id %q", t), fmt.Sprintf("a short number such as %s", strings.TrimPrefix(string(next), string(exampleIncident)+"-")), "")
	}
	return id
}

func (p *parsing) facts(n *node) Facts {
	g := p.group(n, "the facts of a test", "incident", "records", "exhibits", "holds", "accounts", "allegations", "referrals", "contacts", "parties", "viewings")
	var f Facts
	if m := g.get("incident"); m != nil {
		f.Incident = p.exampleIncident(m)
	}
	for i, m := range g.each("records") {
		f.Records = append(f.Records, p.exampleRecord(m, i))
	}
	for i, m := range g.each("exhibits") {
		p.exampleExhibit(m, i, &f)
	}
	for i, m := range g.each("holds") {
		h := p.group(m, "a hold of a test", "id", "matter", "scope", "placed_at", "released_at")
		hold := jurat.Hold{ID: numbered(h, jurat.NounHold, i), Matter: h.needText("matter"), PlacedAt: p.moment(h.get("placed_at"), "placed_at"), ReleasedAt: p.moment(h.get("released_at"), "released_at")}
		for _, s := range h.texts("scope") {
			hold.Scope = append(hold.Scope, itemID(s))
		}
		f.Holds = append(f.Holds, hold)
	}
	for i, m := range g.each("accounts") {
		a := p.group(m, "an account of a test", "id", "side", "state", "asked_at", "given_at", "compelled", "screened")
		f.Accounts = append(f.Accounts, jurat.Account{
			ID: numbered(a, jurat.NounAccount, i), Side: a.needChoice("side", jurat.Sides[:]), State: jurat.AccountState(a.needChoice("state", jurat.Lists()["account_state"])),
			Asked: p.moment(a.get("asked_at"), "asked_at"), Given: p.moment(a.get("given_at"), "given_at"), Compelled: a.truth("compelled"),
			Screened: a.choice("screened", []string{"released", "withheld"}),
		})
	}
	for i, m := range g.each("allegations") {
		f.Allegations = append(f.Allegations, p.exampleAllegation(m, i))
	}
	for i, m := range g.each("contacts") {
		c := p.group(m, "a contact of a test", "id", "when", "recorded_at", "office")
		f.Contacts = append(f.Contacts, jurat.Contact{ID: numbered(c, jurat.NounContact, i), When: p.moment(c.need("when"), "when"), At: p.moment(c.get("recorded_at"), "recorded_at"), Office: c.text("office")})
	}
	for i, m := range g.each("referrals") {
		f.Referrals = append(f.Referrals, p.exampleReferral(m, i, &f))
	}
	for i, m := range g.each("viewings") {
		x := p.group(m, "a leave to view of a test", "id", "member")
		f.Viewings = append(f.Viewings, jurat.Viewing{ID: numbered(x, jurat.NounViewing, i), Incident: exampleIncident, Member: jurat.PersonID(x.needText("member"))})
	}
	for i, m := range g.each("parties") {
		x := p.group(m, "a party of a test", "id", "slot", "capacity", "agency", "agency_basis", "masked", "visible_id")
		f.Parties = append(f.Parties, jurat.Party{
			ID: numbered(x, jurat.NounParty, i), Slot: x.needText("slot"), Capacity: x.needText("capacity"), Agency: x.text("agency"),
			AgencyBasis: jurat.Knowledge(x.choice("agency_basis", jurat.Lists()["knowledge"])),
			Masked:      jurat.Answer(x.choice("masked", jurat.Lists()["answer"])), VisibleID: jurat.Answer(x.choice("visible_id", jurat.Lists()["answer"])),
		})
	}
	return f
}

func (p *parsing) exampleIncident(n *node) jurat.Incident {
	g := p.group(n, "the incident of a test", "trigger", "event_number", "rd_number", "first_knowledge", "occurred_from", "occurred_to", "opened_at", "inside_city", "retroactive")
	in := jurat.Incident{
		Number: exampleIncident, Trigger: jurat.Trigger(g.choice("trigger", names(jurat.Triggers[:]))), EventNumber: g.text("event_number"), RDNumber: g.text("rd_number"),
		FirstKnowledge: p.moment(g.get("first_knowledge"), "first_knowledge"), OpenedAt: p.moment(g.get("opened_at"), "opened_at"), Retroactive: g.truth("retroactive"),
	}
	in.Occurred.From, in.Occurred.To = p.moment(g.get("occurred_from"), "occurred_from"), p.moment(g.get("occurred_to"), "occurred_to")
	in.Place.InsideCity = jurat.Answer(g.choice("inside_city", jurat.Lists()["answer"]))
	return in
}

func (p *parsing) exampleRecord(n *node, i int) jurat.Record {
	g := p.group(n, "a record of a test", "id", "type", "state", "author", "approved_by", "written_at", "submitted_at", "approved_at", "amends", "fields")
	var known []string
	for _, r := range p.order.Records {
		known = append(known, r.ID)
	}
	r := jurat.Record{
		ID: numbered(g, jurat.NounRecord, i), Incident: exampleIncident, Type: jurat.RecordType(g.needChoice("type", known)), State: jurat.RecordDraft, Version: 1,
		Author: jurat.PersonID(g.text("author")), ApprovedBy: jurat.PersonID(g.text("approved_by")), WrittenAt: p.moment(g.get("written_at"), "written_at"),
		SubmittedAt: p.moment(g.get("submitted_at"), "submitted_at"), ApprovedAt: p.moment(g.get("approved_at"), "approved_at"),
		Amends: itemID(g.text("amends")), Fields: json.RawMessage("{}"),
	}
	if s := g.choice("state", []string{"draft", "submitted", "returned", "approved"}); s != "" {
		r.State = jurat.RecordState(s)
	}
	m := g.get("fields")
	typ := p.order.Record(string(r.Type))
	if m == nil || typ == nil {
		return r
	}
	value := p.value(m, typ.Fields, "the fields of a "+typ.ID)
	r.Fields, _ = json.Marshal(value)
	p.then(func() { p.checkFields(m, typ, r) })
	return r
}

// checkFields refuses values in an example that the record type refuses.
func (p *parsing) checkFields(m *node, typ *RecordType, r jurat.Record) {
	if typ.schema == nil || m.form != isMap {
		return // the schema's own problems come first
	}
	found, err := Validate([]*Order{p.order}, r.Type, r.Fields)
	if err == nil {
		err = Refusal(found)
	}
	if err != nil {
		p.problem(m.line, m.col, err.Error(), "", "")
	}
}

// value turns a node into a JSON value, marking the fields it names as used
// and complaining about keys its type does not have.
func (p *parsing) value(n *node, fields []Field, what string) any {
	switch n.form {
	case isMap:
		var known []string
		for _, f := range fields {
			known = append(known, f.Name)
		}
		g := p.group(n, what, known...)
		out := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(g.has)) {
			i := slices.Index(known, name)
			fields[i].used = true
			inner := fields[i].Fields
			if fields[i].Items != nil {
				inner = fields[i].Items.Fields
			}
			out[name] = p.value(g.get(name), inner, fmt.Sprintf("the field %q", name))
		}
		return out
	case isList:
		out := []any{}
		for _, m := range n.items {
			out = append(out, p.value(m, fields, what))
		}
		return out
	case isWhole, isDecimal:
		return jsonNumber(n.text)
	case isTruth:
		return n.text == "true"
	case isText:
		return n.text
	}
	return nil
}

func (p *parsing) exampleExhibit(n *node, i int, f *Facts) {
	g := p.group(n, "an exhibit of a test", "id", "kind", "held", "system", "received_at", "recorded_from", "recorded_to", "flag_grounds", "flagged_at", "confirmed_at")
	x := jurat.Exhibit{
		ID: numbered(g, jurat.NounExhibit, i), Incident: exampleIncident, Held: jurat.HeldHere, System: g.text("system"),
		ReceivedAt: p.moment(g.get("received_at"), "received_at"), Confirmed: p.moment(g.get("confirmed_at"), "confirmed_at"),
	}
	if k := g.need("kind"); k != nil {
		x.Kind = p.exhibitKind(k)
	}
	if h := g.choice("held", []string{"here", "elsewhere"}); h != "" {
		x.Held = jurat.Held(h)
	}
	x.Recorded.From, x.Recorded.To = p.moment(g.get("recorded_from"), "recorded_from"), p.moment(g.get("recorded_to"), "recorded_to")
	f.Exhibits = append(f.Exhibits, x)
	grounds := g.each("flag_grounds")
	if len(grounds) == 0 {
		return
	}
	flag := jurat.Flag{ID: jurat.NumberItem(exampleIncident, jurat.NounFlag, i+1), Exhibit: x.ID, At: p.moment(g.need("flagged_at"), "flagged_at")}
	var known []string
	for _, gr := range p.order.Grounds {
		known = append(known, gr.ID)
	}
	for _, m := range grounds {
		flag.Grounds = append(flag.Grounds, p.choice(m, "flag_grounds", known))
	}
	f.Flags = append(f.Flags, flag)
}

func (p *parsing) exampleAllegation(n *node, i int) jurat.Allegation {
	g := p.group(n, "an allegation of a test", "id", "offence", "level", "actor", "status", "status_at", "proposed_at", "elements")
	a := jurat.Allegation{
		ID: numbered(g, jurat.NounAllegation, i), Incident: exampleIncident, Offence: g.needText("offence"), Level: g.choice("level", Levels[:]),
		Actor: jurat.ActorKind(g.needChoice("actor", jurat.Lists()["actor_kind"])), Status: "alleged",
		StatusAt: p.moment(g.get("status_at"), "status_at"), ProposedAt: p.moment(g.get("proposed_at"), "proposed_at"),
	}
	if s := g.choice("status", jurat.Lists()["allegation_status"]); s != "" {
		a.Status = jurat.AllegationStatus(s)
	}
	offence, known := p.order.Offence(a.Offence)
	for _, m := range g.each("elements") {
		e := p.group(m, "an element of a test", "id", "supporting", "against", "none_known")
		x := jurat.Element{ID: e.needText("id"), NoneKnown: e.truth("none_known")}
		if known && !slices.ContainsFunc(offence.Elements, func(y Element) bool { return y.ID == x.ID }) && x.ID != "" {
			at := e.get("id")
			p.problem(at.line, at.col, fmt.Sprintf("the offence %q has no element %q", a.Offence, x.ID), "one of its elements", "")
		}
		x.For = make([]jurat.Evidence, p.whole(e.get("supporting"), "supporting", 0, 1000))
		x.Against = make([]jurat.Evidence, p.whole(e.get("against"), "against", 0, 1000))
		a.Elements = append(a.Elements, x)
	}
	return a
}

func (p *parsing) exampleReferral(n *node, i int, f *Facts) jurat.Referral {
	g := p.group(n, "a referral of a test", "id", "state", "to", "scope", "initiated_by", "initiated_at", "approved_by", "approved_at", "attested", "sealed_at", "notices")
	r := jurat.Referral{
		ID: numbered(g, jurat.NounReferral, i), Incident: exampleIncident, State: jurat.ReferralState(g.needChoice("state", jurat.Lists()["referral_state"])),
		To: jurat.OfficeID(g.text("to")), Scope: g.choice("scope", jurat.Scopes[:]), InitiatedBy: jurat.PersonID(g.text("initiated_by")),
		InitiatedAt: p.moment(g.get("initiated_at"), "initiated_at"), ApprovedBy: jurat.PersonID(g.text("approved_by")), ApprovedAt: p.moment(g.get("approved_at"), "approved_at"),
		Notices: make([]jurat.Notice, p.whole(g.get("notices"), "notices", 0, 100)),
	}
	switch g.choice("attested", []string{"none", "all"}) {
	case "none":
		r.Attested = &jurat.Attestation{None: true}
	case "all":
		r.Attested = &jurat.Attestation{}
		for _, c := range f.Contacts {
			r.Attested.Contacts = append(r.Attested.Contacts, c.ID)
		}
	}
	for n, m := range g.each("sealed_at") {
		d := jurat.Dossier{ID: jurat.NumberItem(exampleIncident, jurat.NounDossier, len(f.Dossiers)+1), Referral: string(r.ID), Number: n, At: p.moment(m, "sealed_at")}
		f.Dossiers = append(f.Dossiers, d)
		r.Dossiers = append(r.Dossiers, d.ID)
	}
	return r
}

func (p *parsing) expect(x *Example, n *node) {
	g := p.group(n, "what a test expects", "duties", "gates", "fees", "viewing")
	for _, m := range g.each("duties") {
		e := p.group(m, "an expected duty", "id", "item", "state", "owner", "warned", "warned_before", "seconds", "due", "excused", "met_late")
		d := ExpectedDuty{
			ID: e.needText("id"), State: State(e.needChoice("state", names(States[:]))), Warned: p.whole(e.get("warned"), "warned", 0, 100_000),
			WarnedBefore: p.whole(e.get("warned_before"), "warned_before", 0, 100_000), Owner: e.text("owner"),
			Due: p.moment(e.get("due"), "due"), Excused: e.truth("excused"), MetLate: e.truth("met_late"), Checks: slices.Sorted(maps.Keys(e.has)),
		}
		if item := e.text("item"); item != "" {
			if d.Item = item; shortNumber.MatchString(item) {
				d.Item = string(itemID(item))
			}
		}
		if s := e.get("seconds"); s != nil {
			v := int64(p.whole(s, "seconds", -1_000_000, 100_000_000))
			d.Seconds = &v
		}
		if id := e.get("id"); id != nil {
			p.later(id, "duty")
		}
		x.Duties = append(x.Duties, d)
	}
	for _, m := range g.each("gates") {
		e := p.group(m, "an expected gate", "id", "open", "because", "warned")
		e.need("open")
		x.Gates = append(x.Gates, ExpectedGate{ID: GateID(e.needChoice("id", names(GateIDs[:]))), Open: e.truth("open"), Because: p.idsOf(e, "because"), Warned: p.idsOf(e, "warned")})
		if last := x.Gates[len(x.Gates)-1]; last.Open && last.Because != nil {
			p.problem(m.line, m.col, "an open gate with reasons", "open: false, or no because", "")
		}
	}
	p.expectFees(x, g)
	p.expectViewing(x, g)
	if len(x.Duties)+len(x.Gates)+len(x.Fees)+len(x.Viewing) == 0 && n.form == isMap {
		p.problem(n.line, n.col, "the test expects nothing", "duties, gates, viewing or fees", "")
	}
}

func (p *parsing) idsOf(e group, key string) []string {
	n := e.get(key)
	if n != nil && n.form == isList && len(n.items) == 0 {
		return []string{} // the whole set, which is none
	}
	var out []string
	for _, m := range p.items(n, key) {
		p.later(m, "duty or need")
		out = append(out, p.text(m, key))
	}
	return out
}
