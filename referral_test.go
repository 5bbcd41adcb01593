package jurat_test

import (
	"strings"
	"testing"
	"time"

	"jurat"
)

type referralDeed = deed[jurat.Referral]

func withdrawn(t testing.TB) jurat.Referral {
	t.Helper()
	r, ev, err := prepared(t).Withdraw("more to find out", supervisor, night)
	return must(t, r, ev, err)
}

func noticed(t testing.TB) jurat.Referral {
	t.Helper()
	r, ev, err := prepared(t).Notify("telephone", detective, night)
	return must(t, r, ev, err)
}

func TestPreparingAReferral(t *testing.T) {
	prepare := func(to jurat.OfficeID, as []jurat.Allegation, scope, why string, by jurat.Hand) func(jurat.Referral) (jurat.Referral, jurat.Event, error) {
		return func(jurat.Referral) (jurat.Referral, jurat.Event, error) {
			return jurat.PrepareReferral(id(jurat.NounReferral, 1), to, as, scope, why, by, night)
		}
	}
	a := weighed(t)
	elsewhere := a
	elsewhere.ID, elsewhere.Incident = jurat.NumberItem(other, jurat.NounAllegation, 1), other
	one := []jurat.Allegation{a}
	var none jurat.Referral
	deeds := []referralDeed{
		{"a detective prepares", none, prepare("county-prosecutor", one, "force", "supported", detective), "", nil},
		{"before everything is weighed: saving is never blocked", none, prepare("county-prosecutor", []jurat.Allegation{anAllegation(t)}, "force", "supported", detective), "", nil},
		{"somebody not sworn", none, prepare("county-prosecutor", one, "force", "supported", unsworn(detective)), jurat.Forbidden, nil},
		{"a prosecutor refers to themselves", none, prepare("county-prosecutor", one, "force", "supported", prosecutor), jurat.Forbidden, nil},
		{"counsel", none, prepare("county-prosecutor", one, "force", "supported", counsel), jurat.Forbidden, nil},
		{"to nobody", none, prepare("", one, "force", "supported", detective), jurat.Invalid, nil},
		{"to an office with no name of the record", none, prepare("The Prosecutor", one, "force", "supported", detective), jurat.Invalid, nil},
		{"of no allegation", none, prepare("county-prosecutor", nil, "force", "supported", detective), jurat.Invalid, nil},
		{"of one allegation twice", none, prepare("county-prosecutor", []jurat.Allegation{a, a}, "force", "supported", detective), jurat.Invalid, nil},
		{"of another incident's allegation", none, prepare("county-prosecutor", []jurat.Allegation{elsewhere}, "force", "supported", detective), jurat.Invalid, nil},
		{"of an allegation nobody made", none, prepare("county-prosecutor", []jurat.Allegation{{}}, "force", "supported", detective), jurat.Invalid, nil},
		{"in a scope nobody lists", none, prepare("county-prosecutor", one, "politics", "supported", detective), jurat.Invalid, nil},
		{"for no reason", none, prepare("county-prosecutor", one, "force", "", detective), jurat.Invalid, nil},
		{"under an allegation's number", none, func(jurat.Referral) (jurat.Referral, jurat.Event, error) {
			return jurat.PrepareReferral(id(jurat.NounAllegation, 1), "county-prosecutor", one, "force", "supported", detective, night)
		}, jurat.Invalid, nil},
	}
	for _, s := range jurat.Scopes {
		deeds = append(deeds, referralDeed{"scope " + s, none, prepare("county-prosecutor", one, s, "supported", detective), "", nil})
	}
	book(t, deeds)
}

func TestAReferralNeedsTwoSwornPeopleAndAnAttestation(t *testing.T) {
	approve := func(by jurat.Hand, open ...jurat.Reason) func(jurat.Referral) (jurat.Referral, jurat.Event, error) {
		return func(r jurat.Referral) (jurat.Referral, jurat.Event, error) { return r.Approve(by, open, morning) }
	}
	own, ev, err := jurat.PrepareReferral(id(jurat.NounReferral, 1), "county-prosecutor", []jurat.Allegation{weighed(t)}, "force", "supported", supervisor, night)
	own, ev, err = must(t, own, ev, err).Attest(true, nil, supervisor, night)
	own = must(t, own, ev, err)
	book(t, []referralDeed{
		{"a second sworn person approves", attested(t), approve(supervisor), "", nil},
		{"who attested may approve, being the second", attested(t), approve(second), "", nil},
		{"who initiated never approves", own, approve(supervisor), jurat.Forbidden, nil},
		{"a detective approves", attested(t), approve(hand("detective-9", jurat.RoleDetective, jurat.FunctionPolice, true)), jurat.Forbidden, nil},
		{"a supervisor who is not sworn", attested(t), approve(unsworn(supervisor)), jurat.Forbidden, nil},
		{"a supervisor of the prosecutor's office", attested(t), approve(hand("p", jurat.RoleSupervisor, jurat.FunctionProsecutor, true)), jurat.Forbidden, nil},
		{"without an attestation (REF-1)", prepared(t), approve(supervisor), jurat.Conflict, nil},
		{"with a closed gate", attested(t), approve(supervisor, jurat.Reason{Say: "the footage is not flagged"}), jurat.Conflict, nil},
		{"approved twice", approved(t), approve(second), jurat.Conflict, nil},
		{"after sending", sent(t), approve(second), jurat.Conflict, nil},
		{"after withdrawing", withdrawn(t), approve(second), jurat.Conflict, nil},
	})
}

func TestContactsAndTheAttestation(t *testing.T) {
	attest := func(none bool, cs ...jurat.Contact) func(jurat.Referral) (jurat.Referral, jurat.Event, error) {
		return func(r jurat.Referral) (jurat.Referral, jurat.Event, error) {
			return r.Attest(none, cs, detective, morning)
		}
	}
	c := aContact(t)
	c2 := c
	c2.ID = id(jurat.NounContact, 2)
	elsewhere := c
	elsewhere.ID = jurat.NumberItem(other, jurat.NounContact, 1)
	book(t, []referralDeed{
		{"none", prepared(t), attest(true), "", nil},
		{"those on the record", prepared(t), attest(false, c, c2, c), "", func(t *testing.T, r jurat.Referral, _ jurat.Event) {
			if len(r.Attested.Contacts) != 2 || r.Attested.None {
				t.Errorf("%+v", r.Attested)
			}
		}},
		{"none, against the record", prepared(t), attest(true, c), jurat.Conflict, nil},
		{"some, and none on the record", prepared(t), attest(false), jurat.Invalid, nil},
		{"one of another incident", prepared(t), attest(false, elsewhere), jurat.Invalid, nil},
		{"one that was never recorded", prepared(t), attest(false, jurat.Contact{}), jurat.Invalid, nil},
		{"of what is withdrawn", withdrawn(t), attest(true), jurat.Conflict, nil},
		{"anew after approval, which is undone", approved(t), attest(false, c), "", func(t *testing.T, r jurat.Referral, _ jurat.Event) {
			if r.State != jurat.ReferralIsPrepared || r.ApprovedBy != "" || !r.ApprovedAt.IsZero() {
				t.Errorf("it is %s by %s", r.State, r.ApprovedBy)
			}
		}},
		{"anew after sending: the receiver is told by a supplement", sent(t), attest(false, c), "", func(t *testing.T, r jurat.Referral, _ jurat.Event) {
			if r.State != jurat.ReferralIsSent || r.ApprovedBy == "" {
				t.Errorf("it is %s by %s", r.State, r.ApprovedBy)
			}
		}},
	})

	named, ev, err := prepared(t).Attest(false, []jurat.Contact{c}, detective, night)
	named = must(t, named, ev, err)
	for name, tc := range map[string]struct {
		r    jurat.Referral
		cs   []jurat.Contact
		want int
	}{
		"not attested":                          {prepared(t), nil, 1},
		"none attested, none on the record":     {attested(t), nil, 0},
		"none attested, one recorded since":     {attested(t), []jurat.Contact{c}, 1},
		"one attested, that one on the record":  {named, []jurat.Contact{c}, 0},
		"one attested, another recorded since":  {named, []jurat.Contact{c, c2}, 1},
		"none attested, two recorded since it ": {attested(t), []jurat.Contact{c, c2}, 2},
	} {
		if open := tc.r.Unattested(tc.cs); len(open) != tc.want {
			t.Errorf("%s: %v", name, open)
		}
	}

	record := func(office, what string, when time.Time, doc jurat.ItemID) func(jurat.Contact) (jurat.Contact, jurat.Event, error) {
		return func(jurat.Contact) (jurat.Contact, jurat.Event, error) {
			return jurat.RecordContact(id(jurat.NounContact, 1), office, what, when, doc, officer, night)
		}
	}
	var none jurat.Contact
	book(t, []deed[jurat.Contact]{
		{"a contact", none, record("mayor's office", "asked", night, ""), "", nil},
		{"with its document", none, record("mayor's office", "wrote", night, id(jurat.NounExhibit, 1)), "", nil},
		{"with another incident's document", none, record("mayor's office", "wrote", night, jurat.NumberItem(other, jurat.NounExhibit, 1)), jurat.Invalid, nil},
		{"with a document that is nowhere", none, record("mayor's office", "wrote", night, "an e-mail"), jurat.Invalid, nil},
		{"of no office", none, record("", "asked", night, ""), jurat.Invalid, nil},
		{"about nothing", none, record("mayor's office", " ", night, ""), jurat.Invalid, nil},
		{"at no time", none, record("mayor's office", "asked", time.Time{}, ""), jurat.Invalid, nil},
		{"that is still to come", none, record("mayor's office", "will ask", morning, ""), jurat.Invalid, nil},
		{"under a referral's number", none, func(jurat.Contact) (jurat.Contact, jurat.Event, error) {
			return jurat.RecordContact(id(jurat.NounReferral, 1), "x", "y", night, "", officer, night)
		}, jurat.Invalid, nil},
	})
}

func TestSendingWithdrawingAndNotice(t *testing.T) {
	send := func(d jurat.Dossier, open ...jurat.Reason) func(jurat.Referral) (jurat.Referral, jurat.Event, error) {
		return func(r jurat.Referral) (jurat.Referral, jurat.Event, error) {
			return r.Send(d, detective, morning, open...)
		}
	}
	follow := func(d jurat.Dossier) func(jurat.Referral) (jurat.Referral, jurat.Event, error) {
		return func(r jurat.Referral) (jurat.Referral, jurat.Event, error) {
			return r.Supplement(d, detective, morning)
		}
	}
	withdraw := func(why string) func(jurat.Referral) (jurat.Referral, jurat.Event, error) {
		return func(r jurat.Referral) (jurat.Referral, jurat.Event, error) {
			return r.Withdraw(why, supervisor, morning)
		}
	}
	notify := func(how string) func(jurat.Referral) (jurat.Referral, jurat.Event, error) {
		return func(r jurat.Referral) (jurat.Referral, jurat.Event, error) { return r.Notify(how, detective, morning) }
	}
	d := aDossier(t, 0)
	changed := func(change func(*jurat.Dossier)) jurat.Dossier { c := d; change(&c); return c }
	book(t, []referralDeed{
		{"sent once approved", approved(t), send(d), "", nil},
		{"sent before approval", attested(t), send(d), jurat.Conflict, nil},
		{"sent twice", sent(t), send(d), jurat.Conflict, nil},
		{"sent after withdrawing", withdrawn(t), send(d), jurat.Conflict, nil},
		{"sent while something came to stand in the way", approved(t), send(d, jurat.Reason{Say: "a contact was recorded"}), jurat.Conflict, nil},
		{"with another referral's dossier", approved(t), send(changed(func(d *jurat.Dossier) { d.Referral = "2026-000001-K2" })), jurat.Invalid, nil},
		{"with another incident's dossier", approved(t), send(changed(func(d *jurat.Dossier) { d.ID = jurat.NumberItem(other, jurat.NounDossier, 1) })), jurat.Invalid, nil},
		{"with a dossier that was not sealed", approved(t), send(changed(func(d *jurat.Dossier) { d.Seal = nil })), jurat.Invalid, nil},
		{"with no dossier", approved(t), send(jurat.Dossier{}), jurat.Invalid, nil},
		{"with a supplement for a first", approved(t), send(aDossier(t, 1)), jurat.Invalid, nil},

		{"supplemented", sent(t), follow(aDossier(t, 1)), "", nil},
		{"supplemented past a number", sent(t), follow(aDossier(t, 2)), jurat.Invalid, nil},
		{"supplemented by the first again", sent(t), follow(d), jurat.Invalid, nil},
		{"supplemented before it was sent", approved(t), follow(aDossier(t, 1)), jurat.Conflict, nil},

		{"withdrawn while prepared", prepared(t), withdraw("more to find out"), "", nil},
		{"withdrawn while approved", approved(t), withdraw("more to find out"), "", nil},
		{"withdrawn for no reason", prepared(t), withdraw(" "), jurat.Invalid, nil},
		{"withdrawn once sent", sent(t), withdraw("x"), jurat.Conflict, nil},
		{"withdrawn twice", withdrawn(t), withdraw("x"), jurat.Conflict, nil},

		{"early notice", prepared(t), notify("telephone, felony review"), "", nil},
		{"a second one, approved by now", approved(t), notify("e-mail"), "", nil},
		{"notice by no means", prepared(t), notify(""), jurat.Invalid, nil},
		{"notice of what was sent", sent(t), notify("telephone"), jurat.Conflict, nil},
		{"notice of what is withdrawn", withdrawn(t), notify("telephone"), jurat.Conflict, nil},
	})
}

func TestTheReceivingOfficesWords(t *testing.T) {
	answer := func(change func(*jurat.ReceivedWord)) func(jurat.Referral) (jurat.Referral, jurat.Event, error) {
		return func(r jurat.Referral) (jurat.Referral, jurat.Event, error) {
			w := word(jurat.ReferralReview)
			change(&w)
			return r.Answer(w, detective)
		}
	}
	same := func(*jurat.ReceivedWord) {}
	deeds := []referralDeed{
		{"reported by us", sent(t), answer(func(w *jurat.ReceivedWord) { w.Basis = "reported_by_sender" }), "", nil},
		{"heard by somebody", sent(t), answer(func(w *jurat.ReceivedWord) { w.Basis = "hearsay" }), jurat.Invalid, nil},
		{"from another office", sent(t), answer(func(w *jurat.ReceivedWord) { w.By = "mayor" }), jurat.Invalid, nil},
		{"returned unprocessed without their reason", sent(t), answer(func(w *jurat.ReceivedWord) { w.State, w.Reason = jurat.ReferralUnprocessed, " " }), jurat.Invalid, nil},
		{"a sender's word for a receiver's", sent(t), answer(func(w *jurat.ReceivedWord) { w.State = jurat.ReferralIsApproved }), jurat.Invalid, nil},
		{"a word nobody lists", sent(t), answer(func(w *jurat.ReceivedWord) { w.State = "lost" }), jurat.Invalid, nil},
		{"to what they never heard of", approved(t), answer(same), jurat.Conflict, nil},
		{"to an early notice: kept, and no state moves", noticed(t), answer(func(w *jurat.ReceivedWord) { w.State = jurat.ReferralUnprocessed }), "", func(t *testing.T, r jurat.Referral, _ jurat.Event) {
			if r.State != jurat.ReferralIsPrepared || len(r.Answers) != 1 || r.Answers[0].Reason == "" {
				t.Errorf("it is %s with %+v", r.State, r.Answers)
			}
			r, ev, err := r.Attest(true, nil, detective, night)
			r, ev, err = must(t, r, ev, err).Approve(supervisor, nil, night) // the two sworn people still decide
			r, ev, err = must(t, r, ev, err).Send(aDossier(t, 0), detective, night)
			older := word(jurat.ReferralReceived)
			older.At = night
			r, ev, err = must(t, r, ev, err).Answer(older, detective)
			if must(t, r, ev, err).State != jurat.ReferralReceived {
				t.Errorf("a word to the notice outweighs one to what was sent: it is %s", r.State)
			}
		}},
	}
	for _, s := range jurat.Answers() {
		deeds = append(deeds, referralDeed{"the word " + string(s), sent(t), answer(func(w *jurat.ReceivedWord) { w.State = s }), "", func(t *testing.T, r jurat.Referral, _ jurat.Event) {
			if r.State != s || len(r.Answers) != 1 {
				t.Errorf("it is %s with %d answers", r.State, len(r.Answers))
			}
		}})
	}
	book(t, deeds)
	if len(jurat.Answers()) != len(jurat.ReferralStates)-4 {
		t.Errorf("the receiver has %d words", len(jurat.Answers()))
	}
	jurat.Answers()[0] = "changed"
	if jurat.Answers()[0] != jurat.ReferralReceived {
		t.Error("a caller changed the receiver's words")
	}

	late := word(jurat.ReferralReceived)
	late.At = night
	r, ev, err := sent(t).Answer(word(jurat.ReferralCharged), detective)
	r, ev, err = must(t, r, ev, err).Answer(late, detective)
	r = must(t, r, ev, err)
	if r.State != jurat.ReferralCharged || len(r.Answers) != 2 {
		t.Errorf("a letter entered late moved the state back to %s", r.State)
	}
	undated := word(jurat.ReferralDisposed)
	undated.At = time.Time{}
	r, ev, err = r.Answer(undated, detective)
	if must(t, r, ev, err).State != jurat.ReferralDisposed {
		t.Errorf("a word without a date left it %s", r.State)
	}
	var states []string
	for _, a := range r.Answers {
		states = append(states, string(a.State))
	}
	if strings.Join(states, " ") != "charged received disposed" {
		t.Errorf("the words on record are %v", states)
	}
}
