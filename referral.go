package jurat

import (
	"slices"
	"strings"
	"time"
)

// Acts on a referral.
const (
	ReferralPrepared     Act = "referral.prepared"
	ReferralNoticed      Act = "referral.noticed" // early notice to the receiving office
	ReferralAttested     Act = "referral.attested"
	ReferralApproved     Act = "referral.approved"
	ReferralSent         Act = "referral.sent"
	ReferralSupplemented Act = "referral.supplemented"
	ReferralAnswered     Act = "referral.answered"
	ReferralWithdrawn    Act = "referral.withdrawn"
	ContactRecorded      Act = "contact.recorded"
)

// A ReferralState says how a referral stands between the two offices (REF-4).
type ReferralState string

// The states. The first four are the sender's, the rest are the receiver's
// words about what was sent, recorded with the document or signature they rest
// on. What the receiver says before anything was sent (an early notice may be
// answered) stands among the answers and moves no state.
const (
	ReferralIsPrepared  ReferralState = "prepared"
	ReferralIsApproved  ReferralState = "approved"
	ReferralIsSent      ReferralState = "sent"
	ReferralIsWithdrawn ReferralState = "withdrawn"
	ReferralReceived    ReferralState = "received"
	ReferralReview      ReferralState = "under_review"
	ReferralMoreAsked   ReferralState = "more_asked"
	ReferralAccepted    ReferralState = "accepted_charges"
	ReferralDeclined    ReferralState = "declined"
	ReferralUnprocessed ReferralState = "returned_unprocessed"
	ReferralGrandJury   ReferralState = "grand_jury"
	ReferralCharged     ReferralState = "charged"
	ReferralRemoved     ReferralState = "removed_1442"
	ReferralRemanded    ReferralState = "remanded"
	ReferralImmunity    ReferralState = "dismissed_immunity"
	ReferralDisposed    ReferralState = "disposed"
)

// ReferralStates lists every state.
var ReferralStates = [...]ReferralState{
	ReferralIsPrepared, ReferralIsApproved, ReferralIsSent, ReferralIsWithdrawn, ReferralReceived, ReferralReview, ReferralMoreAsked, ReferralAccepted,
	ReferralDeclined, ReferralUnprocessed, ReferralGrandJury, ReferralCharged, ReferralRemoved, ReferralRemanded, ReferralImmunity, ReferralDisposed,
}

// Pending reports whether somebody may still ask for what was referred: it was
// neither withdrawn, declined nor disposed.
func (r Referral) Pending() bool {
	return r.State != ReferralIsWithdrawn && r.State != ReferralDeclined && r.State != ReferralDisposed
}

// Answers lists the states a receiving office may give as its answer.
func Answers() []ReferralState { return slices.Clone(ReferralStates[4:]) }

// Scopes lists how a matter stands to the receiver's published protocol
// (REF-2). outside_protocol is referable as an ordinary review.
var Scopes = [...]string{"death", "shooting", "violence", "force", "outside_protocol"}

// A Referral is the handing of an incident's allegations to a prosecutor:
// decided by two sworn people, with every contact with a political office
// stated or attested to be none (REF-1). Who is elected plays no part.
type Referral struct {
	ID          ItemID         `json:"id"`
	Incident    IncidentNumber `json:"incident"`
	To          OfficeID       `json:"to"`
	Allegations []ItemID       `json:"allegations"`
	Scope       string         `json:"scope"`
	Reason      string         `json:"reason"`
	InitiatedBy PersonID       `json:"initiated_by"`
	InitiatedAt time.Time      `json:"initiated_at"`
	ApprovedBy  PersonID       `json:"approved_by,omitempty"`
	ApprovedAt  time.Time      `json:"approved_at,omitzero"`
	OneOperator bool           `json:"one_operator,omitempty"` // one operator entered both people's acts
	State       ReferralState  `json:"state"`
	Attested    *Attestation   `json:"attested,omitempty"`
	Notices     []Notice       `json:"notices,omitempty"`
	Dossiers    []ItemID       `json:"dossiers,omitempty"` // the first, then its supplements
	Answers     []ReceivedWord `json:"answers,omitempty"`
}

// An Attestation states the contacts with political offices about an incident:
// the recorded ones, or none. It is sworn with a key when it is made.
type Attestation struct {
	By       PersonID  `json:"by"`
	At       time.Time `json:"at"`
	None     bool      `json:"none"`
	Contacts []ItemID  `json:"contacts,omitempty"`
}

// A Notice tells the receiving office early that a referral may come.
type Notice struct {
	At  time.Time `json:"at"`
	By  PersonID  `json:"by"`
	How string    `json:"how"`
}

// A ReceivedWord is an answer of the receiving office.
type ReceivedWord struct {
	State    ReferralState `json:"state"`
	At       time.Time     `json:"at"`       // the receiver's clock
	Recorded time.Time     `json:"recorded"` // ours
	By       OfficeID      `json:"by"`
	Reason   string        `json:"reason,omitempty"`
	Basis    string        `json:"basis"` // signed, or reported_by_sender
	Document Digest        `json:"document,omitzero"`
	Early    bool          `json:"early,omitempty"` // said to a notice, before anything was sent; the law sets it
}

// PrepareReferral begins a referral. Only a sworn member of a police office
// may: a referral made at anyone else's direction has no key here (REF-1).
func PrepareReferral(id ItemID, to OfficeID, allegations []Allegation, scope, reason string, by Hand, at time.Time) (Referral, Event, error) {
	if err := by.needSworn("preparing a referral"); err != nil {
		return Referral{}, Event{}, err
	}
	if err := oneOf("protocol scope", scope, Scopes[:]); err != nil {
		return Referral{}, Event{}, err
	}
	if err := named(NounReferral, id); err != nil {
		return Referral{}, Event{}, err
	}
	if _, err := ParseOfficeID(string(to)); err != nil {
		return Referral{}, Event{}, Because(Invalid, err, "name the office the referral goes to")
	}
	switch {
	case len(allegations) == 0:
		return Referral{}, Event{}, Errorf(Invalid, "a referral names at least one allegation")
	case strings.TrimSpace(reason) == "":
		return Referral{}, Event{}, Errorf(Invalid, "give the reason for the decision to refer")
	}
	r := Referral{ID: id, Incident: id.Incident(), To: to, Scope: scope, Reason: reason, InitiatedBy: by.Person, InitiatedAt: At(at), State: ReferralIsPrepared}
	for _, a := range allegations {
		switch {
		case a.ID == "" || a.Incident != r.Incident:
			return Referral{}, Event{}, Errorf(Invalid, "allegation %q is not in incident %s", a.ID, r.Incident)
		case slices.Contains(r.Allegations, a.ID):
			return Referral{}, Event{}, Errorf(Invalid, "allegation %s is named twice", a.ID)
		}
		r.Allegations = append(r.Allegations, a.ID)
	}
	return r, r.event(ReferralPrepared, ""), nil
}

// Notify records an early notice to the receiving office: that a referral may
// come. Once it was sent or withdrawn a notice is not early: Conflict.
func (r Referral) Notify(how string, by Hand, at time.Time) (Referral, Event, error) {
	if err := by.needSworn("giving early notice"); err != nil {
		return r, Event{}, err
	}
	switch {
	case r.State != ReferralIsPrepared && r.State != ReferralIsApproved:
		return r, Event{}, Errorf(Conflict, "referral %s is %s: it is too late for an early notice", r.ID, r.State)
	case strings.TrimSpace(how) == "":
		return r, Event{}, Errorf(Invalid, "say how %s was told, and whom you told", r.To)
	}
	next := r.clone()
	next.Notices = append(next.Notices, Notice{At: At(at), By: by.Person, How: how})
	return next, next.event(ReferralNoticed, ""), nil
}

// Attest states the contacts with political offices: contacts is every one on
// the incident's record. none with contacts on the record is Conflict: the
// record already says otherwise; no contacts without none is Invalid. It may be
// made anew whenever another contact comes to light, after sending too; made
// anew before sending, it undoes an approval, which rested on the one before.
func (r Referral) Attest(none bool, contacts []Contact, by Hand, at time.Time) (Referral, Event, error) {
	if err := by.needSworn("attesting contacts"); err != nil {
		return r, Event{}, err
	}
	if r.State == ReferralIsWithdrawn {
		return r, Event{}, Errorf(Conflict, "referral %s is withdrawn", r.ID)
	}
	if none && len(contacts) > 0 {
		return r, Event{}, Errorf(Conflict, "the record has %s with a political office: \"none\" cannot be attested", plural(len(contacts), "contact"))
	}
	if !none && len(contacts) == 0 {
		return r, Event{}, Errorf(Invalid, "record the contacts first, or attest that there were none")
	}
	next := r.clone()
	next.Attested = &Attestation{By: by.Person, At: At(at), None: none}
	for _, c := range contacts {
		if err := named(NounContact, c.ID); err != nil {
			return r, Event{}, err
		}
		if err := filed(r.Incident, NounContact, c.ID); err != nil {
			return r, Event{}, err
		}
		if !slices.Contains(next.Attested.Contacts, c.ID) {
			next.Attested.Contacts = append(next.Attested.Contacts, c.ID)
		}
	}
	if r.State == ReferralIsApproved {
		next.State, next.ApprovedBy, next.ApprovedAt, next.OneOperator = ReferralIsPrepared, "", time.Time{}, false
	}
	return next, next.event(ReferralAttested, ""), nil
}

// Unattested gives the reasons against approving or sending r that contacts
// give, every one on the incident's record: no attestation, or a contact it
// does not name, one recorded after it for instance (REF-1).
func (r Referral) Unattested(contacts []Contact) []Reason {
	if r.Attested == nil {
		return []Reason{{Item: r.Item(), Say: "nobody attested the contacts with political offices about " + string(r.ID)}}
	}
	var out []Reason
	for _, c := range contacts {
		if !slices.Contains(r.Attested.Contacts, c.ID) {
			out = append(out, Reason{Item: Item{Noun: NounContact, ID: c.ID}, Say: "the attestation does not name the contact " + string(c.ID) + ": attest the contacts anew"})
		}
	}
	return out
}

// Approve is the second sworn person's decision. open holds the reasons the
// gates, [Referable] and [Referral.Unattested] give; any of them refuses with
// kind Conflict.
func (r Referral) Approve(by Hand, open []Reason, at time.Time) (Referral, Event, error) {
	if err := by.needSworn("approving a referral"); err != nil {
		return r, Event{}, err
	}
	switch {
	case by.Role != RoleSupervisor:
		return r, Event{}, Errorf(Forbidden, "approving a referral needs a supervisor")
	case by.Person == r.InitiatedBy:
		return r, Event{}, Errorf(Forbidden, "%s initiated %s: a second sworn person must approve it", by.Person, r.ID)
	case r.State != ReferralIsPrepared:
		return r, Event{}, Errorf(Conflict, "referral %s is %s, not prepared", r.ID, r.State)
	case r.Attested == nil:
		return r, Event{}, Errorf(Conflict, "referral %s has no attestation of contacts with political offices (REF-1)", r.ID)
	}
	if open = reasons(open); len(open) > 0 {
		return r, Event{}, Errorf(Conflict, "referral %s cannot be approved yet: %s%s", r.ID, open[0].Say, andMore(open))
	}
	next := r.clone()
	next.State, next.ApprovedBy, next.ApprovedAt = ReferralIsApproved, by.Person, At(at)
	return next, next.event(ReferralApproved, ""), nil
}

// Send records that the first dossier went to the receiving office. open holds
// what came to stand in the way since the approval ([Referral.Unattested]); any
// of it refuses with kind Conflict. A dossier of another referral, one that is
// not sealed, or a supplement is Invalid.
func (r Referral) Send(d Dossier, by Hand, at time.Time, open ...Reason) (Referral, Event, error) {
	if err := by.needSworn("sending a referral"); err != nil {
		return r, Event{}, err
	}
	if r.State != ReferralIsApproved {
		return r, Event{}, Errorf(Conflict, "referral %s is %s: it is sent once it is approved", r.ID, r.State)
	}
	if err := r.carries(d); err != nil {
		return r, Event{}, err
	}
	if open = reasons(open); len(open) > 0 {
		return r, Event{}, Errorf(Conflict, "referral %s cannot be sent yet: %s%s", r.ID, open[0].Say, andMore(open))
	}
	next := r.clone()
	next.State, next.Dossiers = ReferralIsSent, append(next.Dossiers, d.ID)
	return next, next.event(ReferralSent, ""), nil
}

// carries refuses a dossier that is not the next one of r.
func (r Referral) carries(d Dossier) error {
	if err := named(NounDossier, d.ID); err != nil {
		return err
	}
	switch {
	case d.ID.Incident() != r.Incident || d.Referral != string(r.ID):
		return Errorf(Invalid, "dossier %s is of referral %q, not of %s", d.ID, d.Referral, r.ID)
	case len(d.Seal) == 0:
		return Errorf(Invalid, "dossier %s is not sealed", d.ID)
	case d.Number != len(r.Dossiers):
		return Errorf(Invalid, "dossier %s is number %d of referral %s; number %d is next", d.ID, d.Number, r.ID, len(r.Dossiers))
	}
	return nil
}

// Supplement records that a further dossier followed, the next by number. The
// state stays the receiver's word.
func (r Referral) Supplement(d Dossier, by Hand, at time.Time) (Referral, Event, error) {
	if err := by.needSworn("supplementing a referral"); err != nil {
		return r, Event{}, err
	}
	if len(r.Dossiers) == 0 {
		return r, Event{}, Errorf(Conflict, "referral %s was not sent yet: there is nothing to supplement", r.ID)
	}
	if err := r.carries(d); err != nil {
		return r, Event{}, err
	}
	next := r.clone()
	next.Dossiers = append(next.Dossiers, d.ID)
	return next, next.event(ReferralSupplemented, ""), nil
}

// Answer records the receiving office's word, signed by it or reported by us.
// Once the referral was sent the state is theirs: the word that is newest by
// their clock, so a letter that is entered late moves nothing back. Every word
// is kept, in the order of entry. Nothing sent and no notice given: Conflict.
func (r Referral) Answer(w ReceivedWord, by Hand) (Referral, Event, error) {
	if err := by.needPerson("recording an answer"); err != nil {
		return r, Event{}, err
	}
	if err := oneOf("answer", w.State, Answers()); err != nil {
		return r, Event{}, err
	}
	switch {
	case len(r.Dossiers) == 0 && len(r.Notices) == 0:
		return r, Event{}, Errorf(Conflict, "referral %s was neither sent nor noticed: there is nothing to answer", r.ID)
	case w.By != r.To:
		return r, Event{}, Errorf(Invalid, "referral %s went to %s, not to %s", r.ID, r.To, w.By)
	case w.Basis != "signed" && w.Basis != "reported_by_sender":
		return r, Event{}, Errorf(Invalid, "an answer is signed or reported_by_sender")
	case w.State == ReferralUnprocessed && strings.TrimSpace(w.Reason) == "":
		return r, Event{}, Errorf(Invalid, "record the reason the office gave for returning %s unprocessed", r.ID)
	}
	w.At, w.Recorded, w.Early = At(w.At), At(w.Recorded), len(r.Dossiers) == 0
	newer := func(before ReceivedWord) bool { return !before.Early && !w.At.IsZero() && before.At.After(w.At) }
	next := r.clone()
	next.Answers = append(next.Answers, w)
	if !w.Early && !slices.ContainsFunc(r.Answers, newer) {
		next.State = w.State
	}
	return next, next.event(ReferralAnswered, ""), nil
}

// Withdraw takes back a referral that was not sent.
func (r Referral) Withdraw(reason string, by Hand, at time.Time) (Referral, Event, error) {
	if err := by.needSworn("withdrawing a referral"); err != nil {
		return r, Event{}, err
	}
	switch {
	case r.State != ReferralIsPrepared && r.State != ReferralIsApproved:
		return r, Event{}, Errorf(Conflict, "referral %s is %s and cannot be withdrawn; tell the receiving office by a supplement", r.ID, r.State)
	case strings.TrimSpace(reason) == "":
		return r, Event{}, Errorf(Invalid, "say why %s is withdrawn", r.ID)
	}
	next := r.clone()
	next.State = ReferralIsWithdrawn
	return next, next.event(ReferralWithdrawn, reason), nil
}

func (r Referral) clone() Referral {
	r.Allegations, r.Notices, r.Dossiers, r.Answers = slices.Clone(r.Allegations), slices.Clone(r.Notices), slices.Clone(r.Dossiers), slices.Clone(r.Answers)
	if r.Attested = cloned(r.Attested); r.Attested != nil {
		r.Attested.Contacts = slices.Clone(r.Attested.Contacts)
	}
	return r
}

// Item names the referral.
func (r Referral) Item() Item { return Item{Noun: NounReferral, ID: r.ID} }

func (r Referral) event(act Act, note string) Event {
	return Event{Act: act, Incident: r.Incident, Item: r.Item(), Value: r.clone(), Note: note}
}

// A Contact is one contact with a political office about an incident. Every
// one goes to the prosecutor with the dossier (REF-1, LAW-9).
type Contact struct {
	ID       ItemID    `json:"id"`
	Office   string    `json:"office"` // which office, in words
	When     time.Time `json:"when"`
	What     string    `json:"what"`
	Document ItemID    `json:"document,omitempty"`
	By       PersonID  `json:"by"`
	At       time.Time `json:"at"`
}

// RecordContact puts a contact with a political office on the record.
func RecordContact(id ItemID, office, what string, when time.Time, document ItemID, by Hand, at time.Time) (Contact, Event, error) {
	if err := by.needPerson("recording a contact"); err != nil {
		return Contact{}, Event{}, err
	}
	if err := named(NounContact, id); err != nil {
		return Contact{}, Event{}, err
	}
	if document != "" {
		if item, err := ParseItem(string(document)); err != nil || item.ID.Incident() != id.Incident() {
			return Contact{}, Event{}, Errorf(Invalid, "the document %q of the contact is not in incident %s", document, id.Incident())
		}
	}
	if when.After(at) {
		return Contact{}, Event{}, Errorf(Invalid, "the contact (%s) is after now (%s)", when.Format(time.RFC3339), at.Format(time.RFC3339))
	}
	if strings.TrimSpace(office) == "" || strings.TrimSpace(what) == "" || when.IsZero() {
		return Contact{}, Event{}, Errorf(Invalid, "a contact needs the office, when it was, and what was said or sent")
	}
	c := Contact{ID: id, Office: office, When: At(when), What: what, Document: document, By: by.Person, At: At(at)}
	return c, Event{Act: ContactRecorded, Incident: id.Incident(), Item: c.Item(), Value: c}, nil
}

// Item names the contact.
func (c Contact) Item() Item { return Item{Noun: NounContact, ID: c.ID} }
