package order

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"cel.dev/cel-go/common/types/ref"

	"jurat"
)

// Facts are what the record knows of one incident, as the law's own nouns, in
// any order. Without an incident number they are the house's: records that
// belong to no incident, such as guidance.
//
// An expression reads them under the names that [FactNames] lists. A field that
// is empty, or an answer "unknown", is unknown to the expression. A list is
// what is on record: when it is empty nothing is on record, which is known.
// Within a record's own fields an empty list is unknown: an empty list of
// force seen is not "no force".
type Facts struct {
	Incident    jurat.Incident
	Records     []jurat.Record
	Exhibits    []jurat.Exhibit
	Flags       []jurat.Flag
	Holds       []jurat.Hold
	Accounts    []jurat.Account
	Allegations []jurat.Allegation
	Referrals   []jurat.Referral
	Contacts    []jurat.Contact
	Parties     []jurat.Party
	Dossiers    []jurat.Dossier // sealed here, for the age of a referral's newest
	Viewings    []jurat.Viewing // leave to view footage before a report
}

// A view is one call's reading of the facts: what several orders share.
type view struct {
	f        *Facts
	orders   []*Order
	at       time.Time
	records  map[string][]*record
	flags    map[jurat.ItemID][]*jurat.Flag
	exhibits ref.Val
	accounts ref.Val
	alleged  ref.Val
	referred ref.Val
	contacts ref.Val
	holds    ref.Val
	parties  ref.Val
	until    time.Time // see [Evaluation.Until]
	explain  bool      // the facts used are told, too
	bare     bool      // nor is why a duty stands as it does, and no gate is asked
}

// A record is a record with its fields, decoded when first asked for.
type record struct {
	*jurat.Record
	fields  map[string]any
	decoded bool
}

func (r *record) field(name string) any {
	if !r.decoded {
		r.decoded = true
		d := json.NewDecoder(bytes.NewReader(r.Fields))
		d.UseNumber()
		if d.Decode(&r.fields) != nil {
			r.fields = nil
		}
	}
	return r.fields[name]
}

type exhibit struct {
	*jurat.Exhibit
	v *view
}

type allegation struct {
	*jurat.Allegation
	v *view
}

type referral struct {
	*jurat.Referral
	v *view
}

func newView(orders []*Order, f *Facts, at time.Time) *view {
	v := &view{f: f, orders: orders, at: at, records: map[string][]*record{}}
	all := make([]record, len(f.Records))
	for i := range f.Records {
		all[i].Record = &f.Records[i]
		v.records[string(f.Records[i].Type)] = append(v.records[string(f.Records[i].Type)], &all[i])
	}
	return v
}

func (v *view) flagsOf(x jurat.ItemID) []*jurat.Flag {
	if v.flags == nil {
		v.flags = make(map[jurat.ItemID][]*jurat.Flag, len(v.f.Flags))
		for i := range v.f.Flags {
			v.flags[v.f.Flags[i].Exhibit] = append(v.flags[v.f.Flags[i].Exhibit], &v.f.Flags[i])
		}
	}
	return v.flags[x]
}

func (v *view) held(x jurat.ItemID) bool {
	return slices.ContainsFunc(v.f.Holds, func(h jurat.Hold) bool { return h.Holds(x) })
}

func (v *view) offence(id string) (Offence, bool) {
	for _, o := range v.orders {
		if i, ok := o.offenceAt[id]; ok {
			return o.Offences[i], true
		}
	}
	return Offence{}, false
}

func pointers[T any](all []T) []*T {
	out := make([]*T, len(all))
	for i := range all {
		out[i] = &all[i]
	}
	return out
}

// The shapes every order reads: the same for all orders, never changed.
var (
	exhibitShape = newShape("one exhibit", "exhibit",
		textSlot("id", "its number", func(x exhibit) jurat.ItemID { return x.ID }),
		textSlot("kind", "bwc, photo, …", func(x exhibit) string { return x.Kind }),
		textSlot("held", "here or elsewhere", func(x exhibit) jurat.Held { return x.Held }, "here", "elsewhere"),
		textSlot("system", "elsewhere: the other system", func(x exhibit) string { return x.System }),
		textSlot("derived_from", "the exhibit it was made from", func(x exhibit) jurat.ItemID { return x.DerivedFrom }),
		timeSlot("received_at", "when it was received or located", func(x exhibit) time.Time { return x.ReceivedAt }),
		timeSlot("recorded_from", "when the recording begins, by the device's clock", func(x exhibit) time.Time { return x.Recorded.From }),
		timeSlot("recorded_to", "when the recording ends, by the device's clock", func(x exhibit) time.Time { return x.Recorded.To }),
		truthSlot("flagged", "a flag with a ground is on record", func(x exhibit) bool { return len(x.v.flagsOf(x.ID)) > 0 }),
		timeSlot("flagged_at", "when it was first flagged", func(x exhibit) time.Time {
			var first time.Time
			for _, f := range x.v.flagsOf(x.ID) {
				if first.IsZero() || f.At.Before(first) {
					first = f.At
				}
			}
			return first
		}),
		textsSlot("grounds", "the grounds of its flags", func(x exhibit) []string {
			var out []string
			for _, f := range x.v.flagsOf(x.ID) {
				out = append(out, f.Grounds...)
			}
			return out
		}),
		truthSlot("confirmed", "the other holder confirmed the flag there", func(x exhibit) bool { return !x.Confirmed.IsZero() }),
		timeSlot("confirmed_at", "when the other holder confirmed", func(x exhibit) time.Time { return x.Confirmed }),
		truthSlot("preserved", "flagged, and here, or confirmed by its holder", func(x exhibit) bool {
			return len(x.v.flagsOf(x.ID)) > 0 && (x.Held == jurat.HeldHere || !x.Confirmed.IsZero())
		}),
		timeSlot("preserved_at", "when it became preserved", func(x exhibit) time.Time {
			fs := x.v.flagsOf(x.ID)
			if len(fs) == 0 || x.Held != jurat.HeldHere && x.Confirmed.IsZero() {
				return time.Time{}
			}
			at := fs[0].At
			for _, f := range fs {
				if f.At.Before(at) {
					at = f.At
				}
			}
			if x.Held != jurat.HeldHere && x.Confirmed.After(at) {
				at = x.Confirmed
			}
			return at
		}),
		truthSlot("on_hold", "a hold covers it", func(x exhibit) bool { return x.v.held(x.ID) }),
	)
	accountShape = newShape("one account", "account",
		textSlot("id", "its number", func(a *jurat.Account) jurat.ItemID { return a.ID }),
		textSlot("side", "whose account", func(a *jurat.Account) string { return a.Side }, jurat.Sides[:]...),
		textSlot("state", "asked, given, declined, …", func(a *jurat.Account) jurat.AccountState { return a.State }, jurat.Lists()["account_state"]...),
		timeSlot("asked_at", "when the side was asked", func(a *jurat.Account) time.Time { return a.Asked }),
		timeSlot("given_at", "when the account was given", func(a *jurat.Account) time.Time { return a.Given }),
		truthSlot("compelled", "the statement was compelled", func(a *jurat.Account) bool { return a.Compelled }),
		textSlot("screened", "counsel's decision on a compelled statement", func(a *jurat.Account) string { return a.Screened }, "released", "withheld"),
	)
	elementShape = newShape("one element", "element",
		textSlot("id", "its id in the offence table", func(e *jurat.Element) string { return e.ID }),
		wholeSlot("supporting", "pieces of evidence for it", func(e *jurat.Element) int { return len(e.For) }),
		wholeSlot("against", "pieces of evidence against it", func(e *jurat.Element) int { return len(e.Against) }),
		truthSlot("none_known", "the author states that none against it is known", func(e *jurat.Element) bool { return e.NoneKnown }),
		truthSlot("unverified", "to be confirmed by counsel", func(e *jurat.Element) bool { return e.Unverified }),
	)
	allegationShape = newShape("one allegation", "allegation",
		textSlot("id", "its number", func(a allegation) jurat.ItemID { return a.ID }),
		textSlot("offence", "its code in the offence table", func(a allegation) string { return a.Offence }),
		truthSlot("known_offence", "the code is in the table of an adopted order", func(a allegation) bool { _, ok := a.v.offence(a.Offence); return ok }),
		textSlot("level", "felony, misdemeanor, ordinance, unclear", func(a allegation) string {
			if a.Level != "" {
				return a.Level
			}
			o, _ := a.v.offence(a.Offence)
			return o.Level
		}, Levels[:]...),
		textSlot("actor", "whose act is alleged", func(a allegation) jurat.ActorKind { return a.Actor }, jurat.Lists()["actor_kind"]...),
		textSlot("status", "what the body with that power said", func(a allegation) jurat.AllegationStatus { return a.Status }, jurat.Lists()["allegation_status"]...),
		timeSlot("status_at", "when it said so", func(a allegation) time.Time { return a.StatusAt }),
		timeSlot("proposed_at", "when it was proposed", func(a allegation) time.Time { return a.ProposedAt }),
		listSlot("elements", "its elements", elementShape, func(of any) ref.Val {
			a := of.(allegation)
			return things(elementShape, pointers(a.Elements), func(e *jurat.Element) string { return "element " + e.ID + " of " + string(a.ID) })
		}),
	)
	referralShape = newShape("one referral", "referral",
		textSlot("id", "its number", func(r referral) jurat.ItemID { return r.ID }),
		textSlot("state", "prepared, sent, received, …", func(r referral) jurat.ReferralState { return r.State }, jurat.Lists()["referral_state"]...),
		textSlot("to", "the office it goes to", func(r referral) jurat.OfficeID { return r.To }),
		textSlot("scope", "how it stands to the receiver's protocol", func(r referral) string { return r.Scope }, jurat.Scopes[:]...),
		textSlot("initiated_by", "the sworn person who initiated it", func(r referral) jurat.PersonID { return r.InitiatedBy }),
		timeSlot("initiated_at", "when", func(r referral) time.Time { return r.InitiatedAt }),
		textSlot("approved_by", "the second sworn person", func(r referral) jurat.PersonID { return r.ApprovedBy }),
		timeSlot("approved_at", "when", func(r referral) time.Time { return r.ApprovedAt }),
		wholeSlot("sworn", "how many different sworn people decided it", func(r referral) int {
			n := 0
			if r.InitiatedBy != "" {
				n++
			}
			if r.ApprovedBy != "" && r.ApprovedBy != r.InitiatedBy {
				n++
			}
			return n
		}),
		truthSlot("attested", "the contacts with political offices, or none, are attested", func(r referral) bool { return r.Attested != nil }),
		truthSlot("attestation_complete", "the attestation names every contact on record", func(r referral) bool { return r.attestsAll() }),
		truthSlot("sent", "a dossier was handed over", func(r referral) bool { return len(r.Dossiers) > 0 }),
		wholeSlot("dossiers", "how many dossiers were handed over", func(r referral) int { return len(r.Dossiers) }),
		timeSlot("last_sealed", "when its newest dossier was sealed", func(r referral) time.Time {
			var last time.Time
			for i := range r.v.f.Dossiers {
				if d := &r.v.f.Dossiers[i]; d.Referral == string(r.ID) && d.At.After(last) {
					last = d.At
				}
			}
			return last
		}),
		wholeSlot("notices", "how many early notices were given", func(r referral) int { return len(r.Notices) }),
	)
	contactShape = newShape("one contact", "contact",
		textSlot("id", "its number", func(c *jurat.Contact) jurat.ItemID { return c.ID }),
		timeSlot("when", "when the contact was", func(c *jurat.Contact) time.Time { return c.When }),
		timeSlot("at", "when it was recorded", func(c *jurat.Contact) time.Time { return c.At }),
	)
	holdShape = newShape("one hold", "hold",
		textSlot("id", "its number", func(h *jurat.Hold) jurat.ItemID { return h.ID }),
		truthSlot("released", "it was released", func(h *jurat.Hold) bool { return !h.ReleasedAt.IsZero() }),
		timeSlot("placed_at", "when it was placed", func(h *jurat.Hold) time.Time { return h.PlacedAt }),
	)
	partyShape = newShape("one party", "party",
		textSlot("id", "its number", func(p *jurat.Party) jurat.ItemID { return p.ID }),
		textSlot("slot", "such as Supervisor 1", func(p *jurat.Party) string { return p.Slot }),
		textSlot("capacity", "such as supervisor_on_scene", func(p *jurat.Party) string { return p.Capacity }),
		textSlot("agency", "of the order's table", func(p *jurat.Party) string { return p.Agency }),
		textSlot("agency_basis", "how the agency is known", func(p *jurat.Party) jurat.Knowledge { return p.AgencyBasis }, jurat.Lists()["knowledge"]...),
		answerSlot("masked", "the face was covered", func(p *jurat.Party) jurat.Answer { return p.Masked }),
		answerSlot("visible_id", "an identification was visible", func(p *jurat.Party) jurat.Answer { return p.VisibleID }),
	)
	incidentShape = newShape("one incident", "incident",
		textSlot("number", "its number", func(s *scene) jurat.IncidentNumber { return s.f.Incident.Number }),
		textSlot("trigger", "how it came to the office's knowledge", func(s *scene) jurat.Trigger { return s.f.Incident.Trigger }, names(jurat.Triggers[:])...),
		textSlot("event_number", "of the dispatch event", func(s *scene) string { return s.f.Incident.EventNumber }),
		textSlot("rd_number", "of the records division", func(s *scene) string { return s.f.Incident.RDNumber }),
		timeSlot("first_knowledge", "when the office first knew", func(s *scene) time.Time { return s.f.Incident.FirstKnowledge }),
		timeSlot("occurred_from", "the earliest it may have happened", func(s *scene) time.Time { return s.f.Incident.Occurred.From }),
		timeSlot("occurred_to", "the latest it may have happened", func(s *scene) time.Time { return s.f.Incident.Occurred.To }),
		timeSlot("opened_at", "when it was opened here", func(s *scene) time.Time { return s.f.Incident.OpenedAt }),
		answerSlot("inside_city", "inside the city", func(s *scene) jurat.Answer { return s.f.Incident.Place.InsideCity }),
		truthSlot("retroactive", "it happened before this order; the order is not cited for it", func(s *scene) bool { return s.retroactive }),
	)
	orderShape = newShape("one order", "order",
		timeSlot("signed", "the day it was signed", func(o *Order) time.Time { return o.Signed.From.At }),
		timeSlot("effective_from", "from when it holds", func(o *Order) time.Time { return o.Effective.From.At }),
		timeSlot("effective_to", "until when it holds", func(o *Order) time.Time { return o.Effective.To.At }),
	)
)

func (r referral) attestsAll() bool {
	if r.Attested == nil {
		return false
	}
	for i := range r.v.f.Contacts {
		found := false
		for _, c := range r.Attested.Contacts {
			found = found || c == r.v.f.Contacts[i].ID
		}
		if !found {
			return false
		}
	}
	return true
}
