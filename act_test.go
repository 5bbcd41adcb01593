package jurat_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"jurat"
)

// The things the tests act on, each as the acts before it left it.

func anIncident(t testing.TB) jurat.Incident {
	t.Helper()
	in, ev, err := jurat.OpenIncident(number, jurat.Opening{Title: "Encounter reported near a school", Trigger: "911", FirstKnowledge: night.Add(-time.Hour)}, operator, night)
	return must(t, in, ev, err)
}

func aReport(t testing.TB) jurat.Record {
	t.Helper()
	r, ev, err := jurat.AddRecord(id(jurat.NounRecord, 1), jurat.TypeReport, "", jurat.Writing{
		Fields: json.RawMessage(`{"narrative":"What was seen."}`), Sealed: map[jurat.Class]any{jurat.ClassIdentity: map[string]string{"name_given": "not stated"}},
	}, officer, night)
	return must(t, r, ev, err)
}

func submitted(t testing.TB) jurat.Record {
	t.Helper()
	r, ev, err := aReport(t).Submit(officer, night)
	return must(t, r, ev, err)
}

func aPhoto(t testing.TB) jurat.Exhibit {
	t.Helper()
	offset := 4
	x, ev, err := jurat.ReceiveExhibit(id(jurat.NounExhibit, 1), jurat.Arrival{Kind: "photo", Digest: jurat.DigestOf([]byte("photo")), Size: 5, Name: "photo.jpg", ClockOffset: &offset}, evidence, night)
	return must(t, x, ev, err)
}

func footage(t testing.TB) jurat.Exhibit {
	t.Helper()
	x, ev, err := jurat.LocateExhibit(id(jurat.NounExhibit, 2), jurat.Arrival{Kind: "bwc", System: "camera-store", Key: "4471/0017"}, evidence, night)
	return must(t, x, ev, err)
}

func aParty(t testing.TB) jurat.Party {
	t.Helper()
	p, ev, err := jurat.AddParty(id(jurat.NounParty, 1), jurat.Particulars{Slot: "Supervisor 1", Capacity: "supervisor_on_scene", Agency: "cbp", AgencyBasis: jurat.KnownInsignia, Badge: "covered"}, officer)
	return must(t, p, ev, err)
}

func askedAccount(t testing.TB) jurat.Account {
	t.Helper()
	a, ev, err := jurat.OpenAccount(id(jurat.NounAccount, 1), "agency", "", "letter", detective, night)
	return must(t, a, ev, err)
}

func compelled(t testing.TB) jurat.Account {
	t.Helper()
	a, ev, err := jurat.OpenAccount(id(jurat.NounAccount, 2), "city_officer", "", "", supervisor, night)
	a, ev, err = must(t, a, ev, err).Give(jurat.Statement{Text: "What was ordered to be said.", Compelled: true}, supervisor, night)
	return must(t, a, ev, err)
}

var battery = jurat.Charge{Offence: "battery", Cite: "720 ILCS 5/12-3", Level: "misdemeanor", Elements: []jurat.Element{{ID: "contact", Text: "bodily harm or contact"}, {ID: "knowing", Text: "knowingly"}}}

func anAllegation(t testing.TB) jurat.Allegation {
	t.Helper()
	a, ev, err := jurat.AddAllegation(id(jurat.NounAllegation, 1), battery, "federal", id(jurat.NounParty, 1), officer, night)
	return must(t, a, ev, err)
}

// inTable is battery as an order's table has it, and inWords an allegation that
// was kept as it was typed.
var inTable = jurat.Charge{Offence: "battery", Cite: "5/12-3", Level: "misdemeanor", Order: &jurat.OrderVersion{ID: "an-order"}, Elements: battery.Elements}

func inWords(t testing.TB) jurat.Allegation {
	t.Helper()
	a, ev, err := jurat.AddAllegation(id(jurat.NounAllegation, 2), jurat.Charge{Offence: "as described", Level: "unclear"}, "unknown", id(jurat.NounParty, 1), officer, night)
	return must(t, a, ev, err)
}

// weighed is an allegation that may be referred.
func weighed(t testing.TB) jurat.Allegation {
	t.Helper()
	from, to := 12, 19
	photo := jurat.Evidence{Item: jurat.Item{Noun: jurat.NounExhibit, ID: id(jurat.NounExhibit, 1)}, From: &from, To: &to}
	a, ev, err := anAllegation(t).Weigh(jurat.Weight{Element: "contact", For: []jurat.Evidence{photo}, Against: []jurat.Evidence{photo}}, detective, night)
	a, ev, err = must(t, a, ev, err).Weigh(jurat.Weight{Element: "knowing", NoneKnown: true}, detective, night)
	return must(t, a, ev, err)
}

func aHold(t testing.TB) jurat.Hold {
	t.Helper()
	h, ev, err := jurat.PlaceHold(id(jurat.NounHold, 1), "civil suit 1", []jurat.ItemID{id(jurat.NounExhibit, 1)}, counsel, night)
	return must(t, h, ev, err)
}

func aContact(t testing.TB) jurat.Contact {
	t.Helper()
	c, ev, err := jurat.RecordContact(id(jurat.NounContact, 1), "mayor's office", "asked when the report is due", night.Add(-time.Minute), "", officer, night)
	return must(t, c, ev, err)
}

func prepared(t testing.TB) jurat.Referral {
	t.Helper()
	r, ev, err := jurat.PrepareReferral(id(jurat.NounReferral, 1), "county-prosecutor", []jurat.Allegation{weighed(t)}, "force", "the elements are supported", detective, night)
	return must(t, r, ev, err)
}

func attested(t testing.TB) jurat.Referral {
	t.Helper()
	r, ev, err := prepared(t).Attest(true, nil, detective, night)
	return must(t, r, ev, err)
}

func approved(t testing.TB) jurat.Referral {
	t.Helper()
	r, ev, err := attested(t).Approve(supervisor, nil, night)
	return must(t, r, ev, err)
}

func aDossier(t testing.TB, n int) jurat.Dossier {
	t.Helper()
	d := jurat.Dossier{ID: id(jurat.NounDossier, n+1), Referral: string(id(jurat.NounReferral, 1)), Origin: "city.example/log", Number: n, Seal: json.RawMessage(`{"manifest":"x"}`)}
	if n > 0 {
		d.Predecessor = jurat.DigestOf([]byte("before"))
	}
	d, ev, err := jurat.SealDossier(d, detective, night)
	return must(t, d, ev, err)
}

func sent(t testing.TB) jurat.Referral {
	t.Helper()
	r, ev, err := approved(t).Send(aDossier(t, 0), detective, night)
	return must(t, r, ev, err)
}

func takenIn(t testing.TB) jurat.Dossier {
	t.Helper()
	d, ev, err := jurat.ReceiveDossier(jurat.Dossier{
		ID: id(jurat.NounDossier, 1), Referral: "2026-000009-K1", Origin: "city.example/log", TagManifest: jurat.DigestOf([]byte("tags")),
		Exhibit: id(jurat.NounExhibit, 1), Answer: "intact", NotChecked: []string{"split view"},
	}, prosecutor, night)
	return must(t, d, ev, err)
}

func word(s jurat.ReferralState) jurat.ReceivedWord {
	return jurat.ReceivedWord{State: s, At: morning, Recorded: morning, By: "county-prosecutor", Reason: "as stated in the letter", Basis: "signed"}
}

// An anyAct is an act on something in the right state for it, by any hand: it
// gives the event or the refusal.
type anyAct struct {
	act      jurat.Act
	by       jurat.Hand // somebody who may
	nameless bool       // the local operator may do it on nobody's behalf
	do       func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Event, error)
}

// on turns an act of one type into an act of any.
func on[T any](do func(t testing.TB, by jurat.Hand, at time.Time) (T, jurat.Event, error)) func(testing.TB, jurat.Hand, time.Time) (jurat.Event, error) {
	return func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Event, error) {
		_, ev, err := do(t, by, at)
		return ev, err
	}
}

// everyAct is every act that takes a hand.
var everyAct = []anyAct{
	{jurat.IncidentOpened, officer, true, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Incident, jurat.Event, error) {
		return jurat.OpenIncident(number, jurat.Opening{Title: "Stop"}, by, at)
	})},
	{jurat.IncidentAmended, officer, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Incident, jurat.Event, error) {
		return anIncident(t).Amend(jurat.Opening{Title: "Stop"}, by, "a better title", at)
	})},
	{jurat.IncidentClosed, supervisor, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Incident, jurat.Event, error) {
		return anIncident(t).Close("nothing awaits anybody", by, at)
	})},
	{jurat.IncidentReopened, supervisor, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Incident, jurat.Event, error) {
		return closed(t).Reopen("a recording came in", by)
	})},
	{jurat.DisposalApproved, records, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Disposal, jurat.Event, error) {
		return jurat.ApproveDisposal(id(jurat.NounDisposal, 1), "12-345", at.AddDate(0, 1, 0), []jurat.Disposing{disposingPhoto()}, nil, by, at)
	})},
	{jurat.DisposalWithdrawn, records, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Disposal, jurat.Event, error) {
		return aDisposal(t).Withdraw("a suit was announced", by, at)
	})},
	{jurat.DisposalTold, records, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Disposal, jurat.Event, error) {
		return done(t).Tell(id(jurat.NounExhibit, 2), "by letter", by, at)
	})},
	{jurat.WritApproved, records, false, func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Event, error) {
		_, ev, err := jurat.ApproveWrit(aSealing(), by, at)
		return ev, err
	}},
	{jurat.WritWithdrawn, records, false, func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Event, error) {
		_, ev, err := aWrit(t, aSealing()).Withdraw("another order was meant", by, at)
		return ev, err
	}},
	{jurat.IdentityOpened, detective, false, func(t testing.TB, by jurat.Hand, _ time.Time) (jurat.Event, error) {
		return jurat.LookAtSealed(number, aParty(t).Item(), jurat.ClassIdentity, "to ask the agency", by)
	}},
	{jurat.RecordAdded, officer, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Record, jurat.Event, error) {
		return jurat.AddRecord(id(jurat.NounRecord, 1), jurat.TypeReport, "", jurat.Writing{}, by, at)
	})},
	{jurat.RecordAmended, officer, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Record, jurat.Event, error) {
		return aReport(t).Amend(jurat.Writing{}, by, "", at)
	})},
	{jurat.RecordSubmitted, officer, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Record, jurat.Event, error) {
		return aReport(t).Submit(by, at)
	})},
	{jurat.RecordReturned, supervisor, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Record, jurat.Event, error) {
		return submitted(t).Return(by, "say when", at)
	})},
	{jurat.RecordApproved, supervisor, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Record, jurat.Event, error) {
		return submitted(t).Approve(by, nil, at)
	})},
	{jurat.ExhibitReceived, evidence, true, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Exhibit, jurat.Event, error) {
		return jurat.ReceiveExhibit(id(jurat.NounExhibit, 1), jurat.Arrival{Kind: "photo", Digest: jurat.DigestOf(nil)}, by, at)
	})},
	{jurat.ExhibitLocated, evidence, true, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Exhibit, jurat.Event, error) {
		return jurat.LocateExhibit(id(jurat.NounExhibit, 1), jurat.Arrival{Kind: "bwc", System: "camera-store", Key: "1"}, by, at)
	})},
	{jurat.ExhibitProbed, evidence, true, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Probe, jurat.Event, error) {
		return aPhoto(t).Probed(jurat.Probe{Digest: aPhoto(t).Digest, Answer: jurat.ProbeRead, Media: "image/jpeg"}, nil, by, at)
	})},
	{jurat.ExhibitDerived, evidence, true, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Exhibit, jurat.Event, error) {
		return aPhoto(t).Derive(id(jurat.NounExhibit, 3), madeOf(aPhoto(t), jurat.PurposePreview), jurat.DigestOf([]byte("small")), 5, "image/jpeg", by, at)
	})},
	{jurat.RedactionMade, evidence, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Redaction, jurat.Event, error) {
		return jurat.MakeRedaction(id(jurat.NounRedaction, 1), aPhoto(t), redacted(t), someEdits(), jurat.Inspection{Frames: 1, Filled: 1}, by, at)
	})},
	{jurat.RedactionReviewed, counsel, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Redaction, jurat.Event, error) {
		return aRedaction(t).Review(by, at)
	})},
	{jurat.RedactionReturned, counsel, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Redaction, jurat.Event, error) {
		return aRedaction(t).Return("a face is to be seen in the mirror", by, at)
	})},
	{jurat.RedactionReleased, records, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Redaction, jurat.Event, error) {
		return reviewed(t).Release("request 17", by, at)
	})},
	{jurat.ExhibitConfirmed, evidence, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Exhibit, jurat.Event, error) {
		return footage(t).Confirm("custodian, by telephone", by, at)
	})},
	{jurat.ExhibitTimed, officer, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Exhibit, jurat.Event, error) {
		return aPhoto(t).Time(jurat.Timing{Offset: ahead(time.Second), Source: jurat.OffsetByHand, Reason: "compared"}, by, at)
	})},
	{jurat.MarkAdded, officer, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Mark, jurat.Event, error) {
		return jurat.AddMark(id(jurat.NounMark, 1), aPhoto(t), jurat.Marking{From: 1, Note: "a door"}, by, at)
	})},
	{jurat.ViewingReleased, supervisor, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Viewing, jurat.Event, error) {
		return jurat.ReleaseViewing(id(jurat.NounViewing, 1), "officer-4471", "needed", by, at)
	})},
	{jurat.ConsentGiven, officer, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Exhibit, jurat.Event, error) {
		return aPhoto(t).Consented("Witness 1", []jurat.Use{jurat.UseProsecute, jurat.UseInvestigate}, by, at)
	})},
	{jurat.ConsentWithdrawn, officer, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Exhibit, jurat.Event, error) {
		x, _, err := aPhoto(t).Consented("Witness 1", jurat.Uses[:], officer, night)
		if err != nil {
			t.Fatal(err)
		}
		return x.WithdrawConsent([]jurat.Use{jurat.UsePublicReport}, "letter", true, by, at)
	})},
	{jurat.FlagAdded, officer, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Flag, jurat.Event, error) {
		return jurat.AddFlag(id(jurat.NounFlag, 1), id(jurat.NounExhibit, 1), []string{"evidentiary_value"}, by, at)
	})},
	{jurat.HoldPlaced, counsel, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Hold, jurat.Event, error) {
		return jurat.PlaceHold(id(jurat.NounHold, 1), "civil suit 1", nil, by, at)
	})},
	{jurat.HoldReleased, counsel, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Hold, jurat.Event, error) {
		return aHold(t).Release("settled", by, at)
	})},
	{jurat.AllegationAdded, officer, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Allegation, jurat.Event, error) {
		return jurat.AddAllegation(id(jurat.NounAllegation, 1), battery, "unknown", "", by, at)
	})},
	{jurat.AllegationWeighed, detective, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Allegation, jurat.Event, error) {
		return anAllegation(t).Weigh(jurat.Weight{Element: "knowing", NoneKnown: true}, by, at)
	})},
	{jurat.AllegationMapped, counsel, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Allegation, jurat.Event, error) {
		return inWords(t).Map(inTable, by, at)
	})},
	{jurat.AllegationRuled, supervisor, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Allegation, jurat.Event, error) {
		return anAllegation(t).SetStatus("supported", "", by, at)
	})},
	{jurat.AccountOpened, officer, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Account, jurat.Event, error) {
		return jurat.OpenAccount(id(jurat.NounAccount, 1), "witness", "", "", by, at)
	})},
	{jurat.AccountAsked, officer, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Account, jurat.Event, error) {
		return askedAccount(t).Ask("telephone", by, at)
	})},
	{jurat.AccountGiven, officer, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Account, jurat.Event, error) {
		return askedAccount(t).Give(jurat.Statement{Text: "As stated by the agency."}, by, at)
	})},
	{jurat.AccountNoAnswer, officer, false, on(func(t testing.TB, by jurat.Hand, _ time.Time) (jurat.Account, jurat.Event, error) {
		return askedAccount(t).NoAnswer(by, morning)
	})},
	{jurat.AccountDeclined, officer, false, on(func(t testing.TB, by jurat.Hand, _ time.Time) (jurat.Account, jurat.Event, error) {
		return askedAccount(t).Decline("we give no statement", by, morning)
	})},
	{jurat.AccountScreened, counsel, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Account, jurat.Event, error) {
		return compelled(t).Screen(true, "no use against the speaker", by, at)
	})},
	{jurat.PartyAdded, officer, false, on(func(t testing.TB, by jurat.Hand, _ time.Time) (jurat.Party, jurat.Event, error) {
		return jurat.AddParty(id(jurat.NounParty, 1), jurat.Particulars{Slot: "Injured 1", Capacity: "injured"}, by)
	})},
	{jurat.PartyAmended, officer, false, on(func(t testing.TB, by jurat.Hand, _ time.Time) (jurat.Party, jurat.Event, error) {
		return aParty(t).Amend(jurat.Particulars{Masked: jurat.Yes}, by, "seen on the footage")
	})},
	{jurat.ContactRecorded, officer, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Contact, jurat.Event, error) {
		return jurat.RecordContact(id(jurat.NounContact, 1), "mayor's office", "asked for the number", night.Add(-time.Hour), "", by, at)
	})},
	{jurat.ReferralPrepared, detective, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Referral, jurat.Event, error) {
		return jurat.PrepareReferral(id(jurat.NounReferral, 1), "county-prosecutor", []jurat.Allegation{weighed(t)}, "force", "the elements are supported", by, at)
	})},
	{jurat.ReferralNoticed, detective, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Referral, jurat.Event, error) {
		return prepared(t).Notify("telephone, felony review desk", by, at)
	})},
	{jurat.ReferralAttested, detective, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Referral, jurat.Event, error) {
		return prepared(t).Attest(true, nil, by, at)
	})},
	{jurat.ReferralApproved, supervisor, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Referral, jurat.Event, error) {
		return attested(t).Approve(by, nil, at)
	})},
	{jurat.ReferralSent, detective, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Referral, jurat.Event, error) {
		return approved(t).Send(aDossier(t, 0), by, at)
	})},
	{jurat.ReferralSupplemented, detective, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Referral, jurat.Event, error) {
		return sent(t).Supplement(aDossier(t, 1), by, at)
	})},
	{jurat.ReferralAnswered, detective, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Referral, jurat.Event, error) {
		w := word(jurat.ReferralReceived)
		w.Recorded = at
		return sent(t).Answer(w, by)
	})},
	{jurat.ReferralWithdrawn, supervisor, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Referral, jurat.Event, error) {
		return prepared(t).Withdraw("more to find out first", by, at)
	})},
	{jurat.DossierSealed, detective, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Dossier, jurat.Event, error) {
		return jurat.SealDossier(aDossier(t, 0), by, at)
	})},
	{jurat.DossierSent, detective, false, on(func(t testing.TB, by jurat.Hand, _ time.Time) (jurat.Dossier, jurat.Event, error) {
		return aDossier(t, 0).Send(jurat.DigestOf([]byte("tags")), "age", "", by)
	})},
	{jurat.DossierReceived, prosecutor, false, on(func(t testing.TB, by jurat.Hand, at time.Time) (jurat.Dossier, jurat.Event, error) {
		return jurat.ReceiveDossier(takenIn(t), by, at)
	})},
	{jurat.DossierReceipt, prosecutor, false, on(func(t testing.TB, by jurat.Hand, _ time.Time) (jurat.Dossier, jurat.Event, error) {
		return takenIn(t).Receipted("eyJ.e30.x", "signed", by)
	})},
	{jurat.DossierDecided, prosecutor, false, on(func(t testing.TB, by jurat.Hand, _ time.Time) (jurat.Dossier, jurat.Event, error) {
		return takenIn(t).Decide("eyJ.e30.x", by)
	})},
}

// handless are the acts the law knows that are not a hand's on an incident:
// acts of the house, of the program, and looking, which changes nothing.
var handless = []jurat.Act{
	jurat.PersonAdded, jurat.PersonKey, jurat.PersonRetired, jurat.OfficeAdded, jurat.OfficeTrusted, jurat.OrderAdopted,
	jurat.KeyRotated, jurat.LedgerContinued, jurat.JournalDigested, jurat.ImportAdded, jurat.NumbersPublished, jurat.ItemOpened, jurat.ExhibitVerified, jurat.ExhibitDisposed, jurat.RestoreDisposed, jurat.RestoreExpunged,
}

func TestEveryActOfTheLawIsInTheBook(t *testing.T) {
	for _, a := range constants(t)["Act"] {
		in := slices.ContainsFunc(everyAct, func(e anyAct) bool { return string(e.act) == a })
		if in == slices.Contains(handless, jurat.Act(a)) {
			t.Errorf("act %s: want it in everyAct or in handless, and not in both", a)
		}
	}
}

func TestEveryActIsDoneBySomebodyWhoMay(t *testing.T) {
	for _, a := range everyAct {
		t.Run(string(a.act), func(t *testing.T) {
			ev, err := a.do(t, a.by, morning)
			if err != nil {
				t.Fatal(err)
			}
			if ev.Act != a.act {
				t.Errorf("the event is %s", ev.Act)
			}
			if ev.ID != "" || !ev.At.IsZero() || ev.Actor != (jurat.Actor{}) || ev.Orders != nil {
				t.Error("the law filled in what is the desk's to fill in")
			}
			again, err := a.do(t, a.by, morning)
			if err != nil || spelt(t, again) != spelt(t, ev) {
				t.Errorf("the same values gave another answer: %v", err)
			}
		})
	}
}

// REF-1: no act is a political office's, in whatever state a thing is and
// whoever is at its head.
func TestAPoliticalOfficeCanDoNothing(t *testing.T) {
	for _, a := range everyAct {
		walled := map[string]jurat.Hand{"political office": mayor, "a political role in an office that works the case": a.by, "the right role in a political office": a.by}
		h := a.by
		h.Role = jurat.RolePolitical
		walled["a political role in an office that works the case"] = h
		h = a.by
		h.Function = jurat.FunctionPolitical
		walled["the right role in a political office"] = h
		for who, h := range walled {
			if ev, err := a.do(t, h, morning); !errors.Is(err, jurat.Forbidden) || ev.Act != "" {
				t.Errorf("%s by %s: %v, want Forbidden", a.act, who, err)
			}
		}
	}
	if err := compelled(t).OpenTo(mayor); !errors.Is(err, jurat.Forbidden) {
		t.Errorf("a statement was open to a political office: %v", err)
	}
}

func TestAnAuditorReadsAndChangesNothing(t *testing.T) {
	for _, a := range everyAct {
		_, err := a.do(t, auditor, morning)
		if reads := a.act == jurat.IdentityOpened; reads != (err == nil) || !reads && !errors.Is(err, jurat.Forbidden) {
			t.Errorf("%s by an auditor: %v", a.act, err)
		}
	}
}

func TestAnActThatMustBeSomebodysIsNotTheOperators(t *testing.T) {
	for _, a := range everyAct {
		if _, err := a.do(t, operator, morning); a.nameless != (err == nil) || !a.nameless && !errors.Is(err, jurat.Forbidden) {
			t.Errorf("%s by the operator on nobody's behalf: %v", a.act, err)
		}
	}
}

// The wall is by function: the law has nowhere to say that somebody is elected.
func TestTheLawDoesNotKnowWhoIsElected(t *testing.T) {
	for name, f := range lawFiles(t) {
		for ident := range f.Scope.Objects { //nolint:staticcheck // SA1019: names are enough here
			if strings.Contains(strings.ToLower(ident), "elect") {
				t.Errorf("%s declares %s", name, ident)
			}
		}
	}
	if _, err := jurat.LookAtSealed(number, aParty(t).Item(), jurat.ClassIdentity, "to charge", prosecutor); err != nil {
		t.Errorf("a prosecutor, elected or not: %v", err)
	}
	if _, _, err := takenIn(t).Decide("eyJ.e30.x", prosecutor); err != nil {
		t.Errorf("a prosecutor, elected or not: %v", err)
	}
}
