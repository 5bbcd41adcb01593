package jurat

import "slices"

// Referable gives the reasons the law has against referring the allegations,
// given the party slots and the records of their incident: an allegation that
// is not complete ([Allegation.Incomplete]); an alleged actor whose agency is
// only assumed, or known nobody says how (INC-3); and an allegation for which
// nothing speaks but attempts to identify, because a refusal is a fact and not
// an offence (IDN-2). Somebody of no known agency may be referred as just that.
func Referable(as []Allegation, ps []Party, rs []Record) []Reason {
	var out []Reason
	for _, a := range as {
		say := func(s string) { out = append(out, Reason{Item: a.Item(), Say: s}) }
		out = append(out, a.Incomplete()...)
		if a.Party != "" {
			i := slices.IndexFunc(ps, func(p Party) bool { return p.ID == a.Party })
			switch {
			case i < 0:
				say("the alleged actor of " + string(a.ID) + " is " + string(a.Party) + ", which is no party of the incident")
			case ps[i].Agency != "" && ps[i].Agency != string(Unknown) && ps[i].EstablishedAgency() == "":
				say("the agency of " + ps[i].Slot + " is not established: say how \"" + ps[i].Agency + "\" is known, or amend it to unknown (INC-3)")
			}
		}
		if a.restsOnIdentification(rs) {
			say("nothing speaks for " + string(a.ID) + " but an attempt to identify: a refusal is a fact, not an offence (IDN-2)")
		}
	}
	return reasons(out)
}

// restsOnIdentification reports whether there is evidence for a, and all of it
// is identification attempts.
func (a Allegation) restsOnIdentification(rs []Record) bool {
	some := false
	for _, e := range a.Elements {
		for _, ev := range e.For {
			some = true
			if !slices.ContainsFunc(rs, func(r Record) bool { return r.Item() == ev.Item && r.Type == TypeIdentification }) {
				return false
			}
		}
	}
	return some
}
