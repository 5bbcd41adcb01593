package jurat

import (
	"slices"
	"strings"
	"time"
)

// Acts of disposal.
const (
	DisposalApproved  Act = "disposal.approved"  // by the first of two people, and by the second
	DisposalWithdrawn Act = "disposal.withdrawn" // before the second
	DisposalTold      Act = "disposal.told"      // the holder of something held elsewhere was told
	ExhibitDisposed   Act = "exhibit.disposed"   // its bytes and words are gone; what it was is not
	RestoreDisposed   Act = "restore.disposed"   // a restored backup had it still, and it is gone again
)

// A Disposing is one exhibit of a disposal, with the rule that reaches it. It
// is what the first approver read, and the second's plan must be the same.
type Disposing struct {
	Item    ItemID    `json:"item"`
	Kind    string    `json:"kind"`
	Rule    string    `json:"rule"`             // ORDER/SCHEDULE
	Version Digest    `json:"version"`          // of the order's file
	Basis   string    `json:"basis"`            // of the rule
	Since   time.Time `json:"since"`            // from when the minimum was counted
	Until   time.Time `json:"until"`            // when the minimum ended
	Past    time.Time `json:"past,omitzero"`    // when the maximum ended or ends; zero: none is stated
	Held    Held      `json:"held"`             // elsewhere: its holder is owed a word
	System  string    `json:"system,omitempty"` // elsewhere
	Key     string    `json:"key,omitempty"`    // elsewhere
	Digest  Digest    `json:"digest,omitzero"`  // of the bytes, kept (EVD-6)
	Size    int64     `json:"size"`
}

// An Approval is one person's decision of two.
type Approval struct {
	By     PersonID  `json:"by"`
	Office OfficeID  `json:"office"`
	Role   Role      `json:"role"`
	At     time.Time `json:"at"`
}

// A Telling says that the holder of an exhibit held elsewhere was told that it
// was disposed of here.
type Telling struct {
	Item ItemID    `json:"item"`
	How  string    `json:"how"`
	By   PersonID  `json:"by"`
	At   time.Time `json:"at"`
}

// A Disposal erases exhibits of one incident under a certificate, decided by
// two people: who keeps the records, and counsel or a supervisor (EVD-6). It
// is carried out with the second approval.
type Disposal struct {
	ID          ItemID         `json:"id"`
	Incident    IncidentNumber `json:"incident"`
	Certificate string         `json:"certificate"`
	Backups     time.Time      `json:"backups"` // after this day no backup opens what was erased
	Items       []Disposing    `json:"items"`
	Approvals   []Approval     `json:"approvals"`
	OneOperator bool           `json:"one_operator,omitempty"` // one operator entered both people's acts
	Withdrawn   time.Time      `json:"withdrawn_at,omitzero"`
	WithdrawnBy PersonID       `json:"withdrawn_by,omitempty"`
	Told        []Telling      `json:"told,omitempty"`
}

// A Tombstone says, on an exhibit that was disposed of, under what and by whom.
type Tombstone struct {
	Disposal    ItemID      `json:"disposal"`
	Certificate string      `json:"certificate"`
	Rule        string      `json:"rule"`
	By          [2]PersonID `json:"by"`
	At          time.Time   `json:"at"`
	Backups     time.Time   `json:"backups"`
}

// ApproveDisposal is the first of two approvals: of who keeps the records. The
// certificate is the Local Records Commission's; backups is the last day on
// which a backup made before today still exists. against holds what protects
// the items; anything refuses, with kind Conflict, naming the first.
func ApproveDisposal(id ItemID, certificate string, backups time.Time, items []Disposing, against []Reason, by Hand, at time.Time) (Disposal, Event, error) {
	if err := by.needPerson("approving a disposal"); err != nil {
		return Disposal{}, Event{}, err
	}
	if err := named(NounDisposal, id); err != nil {
		return Disposal{}, Event{}, err
	}
	d := Disposal{ID: id, Incident: id.Incident(), Certificate: strings.TrimSpace(certificate), Backups: At(backups), Items: slices.Clone(items)}
	switch {
	case by.Role != RoleRecords:
		return Disposal{}, Event{}, Errorf(Forbidden, "the records officer approves a disposal first; %s is not recorded as one (EVD-6)", by.Person)
	case d.Certificate == "":
		return Disposal{}, Event{}, Errorf(Invalid, "a disposal needs the number of the certificate it is done under (EVD-6)")
	case backups.IsZero():
		return Disposal{}, Event{}, Errorf(Invalid, "say until which day backups made before today are kept: the certificate says from when nothing opens what was erased")
	case backups.AddDate(0, 0, 1).Before(at):
		return Disposal{}, Event{}, Errorf(Invalid, "the last day of the backups (%s) is before today", backups.Format(time.DateOnly))
	case len(against) > 0:
		return Disposal{}, Event{}, Errorf(Conflict, "%s is protected: %s", against[0].Item.ID, against[0].Say)
	case len(items) == 0:
		return Disposal{}, Event{}, Errorf(Conflict, "nothing in incident %s is reached by a schedule: nothing can be disposed of (LAW-1)", d.Incident)
	}
	for i, x := range items {
		if err := filed(d.Incident, NounExhibit, x.Item); err != nil {
			return Disposal{}, Event{}, err
		}
		if slices.ContainsFunc(items[:i], func(y Disposing) bool { return x.Item == y.Item }) {
			return Disposal{}, Event{}, Errorf(Invalid, "exhibit %s is named twice", x.Item)
		}
	}
	d.Approvals = []Approval{approval(by, at)}
	return d, d.event(DisposalApproved, ""), nil
}

func approval(by Hand, at time.Time) Approval {
	return Approval{By: by.Person, Office: by.Office, Role: by.Role, At: At(at)}
}

// Approve is the second approval, of counsel or a supervisor (in a prosecutor's
// own record, of a prosecutor), which carries the disposal out. now is the plan
// as it stands: when it is not the first approver's to the letter, or anything
// protects an item, the disposal is refused with kind Conflict and nothing is
// erased.
func (d Disposal) Approve(now []Disposing, against []Reason, by Hand, at time.Time) (Disposal, Event, error) {
	if err := by.needPerson("approving a disposal"); err != nil {
		return d, Event{}, err
	}
	switch {
	case !d.Withdrawn.IsZero():
		return d, Event{}, Errorf(Conflict, "disposal %s was withdrawn", d.ID)
	case d.Done():
		return d, Event{}, Errorf(Conflict, "disposal %s was carried out on %s", d.ID, d.Approvals[1].At.Format(time.DateOnly))
	case by.Person == d.Approvals[0].By:
		return d, Event{}, Errorf(Forbidden, "%s approved disposal %s first; a second person decides (EVD-6)", by.Person, d.ID)
	case !by.mayConfirm():
		return d, Event{}, Errorf(Forbidden, "the second approval of a disposal is counsel's or a sworn supervisor's; %s is not recorded as one (EVD-6)", by.Person)
	case len(against) > 0:
		return d, Event{}, Errorf(Conflict, "the plan changed since the first approval: %s is protected: %s", against[0].Item.ID, against[0].Say)
	case !slices.EqualFunc(now, d.Items, Disposing.same):
		return d, Event{}, Errorf(Conflict, "the plan changed since the first approval: another rule reaches an item, or it is another item now; withdraw %s and plan again", d.ID)
	}
	next := d.clone()
	next.Approvals = append(next.Approvals, approval(by, at))
	return next, next.event(DisposalApproved, ""), nil
}

func (x Disposing) same(y Disposing) bool {
	for _, t := range [...]*time.Time{&x.Since, &x.Until, &x.Past, &y.Since, &y.Until, &y.Past} {
		*t = At(*t)
	}
	return x == y
}

// mayConfirm reports whether somebody may be the second of two on what cannot
// be undone.
func (h Hand) mayConfirm() bool {
	switch h.Role {
	case RoleCounsel:
		return true
	case RoleSupervisor:
		return h.Sworn
	case RoleProsecutor:
		return h.Function == FunctionProsecutor
	}
	return false
}

// Withdraw takes back a disposal that one person approved, with a reason.
func (d Disposal) Withdraw(reason string, by Hand, at time.Time) (Disposal, Event, error) {
	if err := by.needPerson("withdrawing a disposal"); err != nil {
		return d, Event{}, err
	}
	switch {
	case d.Done():
		return d, Event{}, Errorf(Conflict, "disposal %s was carried out on %s: what was erased does not come back", d.ID, d.Approvals[1].At.Format(time.DateOnly))
	case !d.Withdrawn.IsZero():
		return d, Event{}, Errorf(Conflict, "disposal %s is withdrawn already", d.ID)
	case blank(reason):
		return d, Event{}, Errorf(Invalid, "say why disposal %s is withdrawn", d.ID)
	}
	next := d.clone()
	next.Withdrawn, next.WithdrawnBy = At(at), by.Person
	return next, next.event(DisposalWithdrawn, reason), nil
}

// Tell records that the holder of an exhibit held elsewhere was told that it
// was disposed of here, and how: a word the holder is owed (EVD-3).
func (d Disposal) Tell(item ItemID, how string, by Hand, at time.Time) (Disposal, Event, error) {
	if err := by.needPerson("telling another holder"); err != nil {
		return d, Event{}, err
	}
	switch {
	case !d.Done():
		return d, Event{}, Errorf(Conflict, "disposal %s is not carried out: there is nothing to tell yet", d.ID)
	case !slices.Contains(d.Owed(), item):
		return d, Event{}, Errorf(Conflict, "disposal %s owes nobody a word about %q: it owes one about what is held elsewhere, once", d.ID, item)
	case blank(how):
		return d, Event{}, Errorf(Invalid, "say who was told about %s, and how", item)
	}
	next := d.clone()
	next.Told = append(next.Told, Telling{Item: item, How: how, By: by.Person, At: At(at)})
	return next, next.event(DisposalTold, ""), nil
}

// Done reports whether the disposal was carried out.
func (d Disposal) Done() bool { return len(d.Approvals) == 2 }

// Pending reports whether the disposal waits for its second approval.
func (d Disposal) Pending() bool { return !d.Done() && d.Withdrawn.IsZero() }

// Owed are the exhibits held elsewhere whose holders have not been told.
func (d Disposal) Owed() []ItemID {
	var all []ItemID
	for _, x := range d.Items {
		told := slices.ContainsFunc(d.Told, func(t Telling) bool { return t.Item == x.Item })
		if d.Done() && x.Held == HeldElsewhere && !told {
			all = append(all, x.Item)
		}
	}
	return all
}

// Item names the disposal.
func (d Disposal) Item() Item { return Item{Noun: NounDisposal, ID: d.ID} }

func (d Disposal) clone() Disposal {
	d.Items, d.Approvals, d.Told = slices.Clone(d.Items), slices.Clone(d.Approvals), slices.Clone(d.Told)
	return d
}

func (d Disposal) event(act Act, note string) Event {
	return Event{Act: act, Incident: d.Incident, Item: d.Item(), Value: d.clone(), Note: note}
}

// Dispose is the exhibit as a carried-out disposal leaves it: what it was, its
// digest, and under what it was erased. Nothing of who gave it or what was seen
// in it stays.
func (x Exhibit) Dispose(d Disposal) (Exhibit, Event, error) {
	next, err := x.disposed(d)
	if err != nil {
		return x, Event{}, err
	}
	return next, next.event(ExhibitDisposed, "", nil), nil
}

// DisposeAgain is Dispose on a restored record, under the letter by which the
// office said that it was done.
func (x Exhibit) DisposeAgain(d Disposal, letter string) (Exhibit, Event, error) {
	next, err := x.disposed(d)
	if err != nil {
		return x, Event{}, err
	}
	return next, next.event(RestoreDisposed, letter, nil), nil
}

func (x Exhibit) disposed(d Disposal) (Exhibit, error) {
	i := slices.IndexFunc(d.Items, func(y Disposing) bool { return y.Item == x.ID })
	if err := x.There(); err != nil {
		return x, err
	}
	if !d.Done() || i < 0 {
		return x, Errorf(Conflict, "disposal %s does not dispose of %s", d.ID, x.ID)
	}
	return Exhibit{
		ID: x.ID, Incident: x.Incident, Kind: x.Kind, Held: x.Held, System: x.System, Key: x.Key, Digest: x.Digest, Size: x.Size,
		ReceivedAt: x.ReceivedAt, Recorded: x.Recorded, DerivedFrom: x.DerivedFrom,
		Disposed: &Tombstone{
			Disposal: d.ID, Certificate: d.Certificate, Rule: d.Items[i].Rule,
			By: [2]PersonID{d.Approvals[0].By, d.Approvals[1].By}, At: d.Approvals[1].At, Backups: d.Backups,
		},
	}, nil
}
