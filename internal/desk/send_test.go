package desk_test

import (
	"sync"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/register"
)

// acts counts an incident's events of an act.
func acts(t testing.TB, r *desktest.Record, in jurat.IncidentNumber, act jurat.Act) int {
	t.Helper()
	n := 0
	for _, e := range chain(t, r, in) {
		if e.Act == act {
			n++
		}
	}
	return n
}

// A sending that dies between the seal and the record of it leaves a dossier
// that was sealed and never sent: it takes no number, and stops no later one.
func TestADossierThatWasSealedAndNotSentTakesNoNumber(t *testing.T) {
	city, county := neighbours(t, desktest.SQLite)
	ctx, detective := t.Context(), city.As("detective-2208")
	ref := city.Approved(t)
	crash := func() {
		t.Helper()
		enc := desktest.Empty(t)
		must(t, enc.Close()) // nothing can be written to it once the ZIP is sealed
		_, _, err := city.SendReferral(ctx, detective, desktest.Noon, ref.ID, desk.Sending{Out: desktest.Empty(t), Encrypted: enc})
		if err == nil {
			t.Fatal("it was sent")
		}
	}
	crash()
	crash()
	if n := acts(t, city, ref.Incident, jurat.DossierSealed); n != 2 {
		t.Fatalf("%d dossiers were sealed", n)
	}
	if got := referral(t, city, ref.ID); len(got.Dossiers) != 0 || got.State != jurat.ReferralIsApproved {
		t.Fatalf("the referral is %s with %d dossiers", got.State, len(got.Dossiers))
	}
	zip, sealed := city.Send(t, ref.ID, desktest.Noon)
	first := taken(t, county, sealed, "")
	city.Received(t, at(time.Second), ref.Incident, "a new film")
	crash()
	_, sealed2 := city.Send(t, ref.ID, at(time.Minute))
	second := taken(t, county, sealed2, zip)
	if first.Number != 0 || second.Number != 1 {
		t.Errorf("numbers %d and %d", first.Number, second.Number)
	}
	sent := referral(t, city, ref.ID)
	if len(sent.Dossiers) != 2 || sent.Dossiers[0] == sent.Dossiers[1] {
		t.Errorf("sent: %v", sent.Dossiers)
	}
	// The receipts still find their dossiers.
	for _, x := range []jurat.Dossier{first, second} {
		receipt := got[string, desk.Done](t)(county.SignReceipt(ctx, county.As("prosecutor-12"), desktest.Noon, x.ID))
		back := got[jurat.Dossier, desk.Done](t)(city.ImportReceipt(ctx, detective, desktest.Noon, receipt))
		if back.Number != x.Number || back.ID != sent.Dossiers[x.Number] {
			t.Errorf("the receipt of %d went to %s, number %d", x.Number, back.ID, back.Number)
		}
	}
	provable(t, city)
}

// A parcel whose incident went on while it was built is not sealed; that
// somebody looked is no reason.
func TestAStaleParcelIsNotSealed(t *testing.T) {
	city, county := neighbours(t, desktest.SQLite)
	ctx, detective := t.Context(), city.As("detective-2208")
	ref := city.Approved(t)
	send := func(meanwhile func()) error {
		var once sync.Once
		_, _, err := city.SendReferral(ctx, detective, desktest.Noon, ref.ID, desk.Sending{Out: desktest.Empty(t), PlainReason: "no key", Progress: func(int) { once.Do(meanwhile) }})
		return err
	}
	err := send(func() {
		_, _, err := city.AddParty(ctx, city.As("officer-4471"), desktest.Noon, ref.Incident, jurat.Particulars{Slot: "Witness 1", Capacity: "witness"})
		must(t, err)
	})
	refused(t, err, jurat.Conflict, "changed while its dossier was built (party.added)")
	if n := acts(t, city, ref.Incident, jurat.DossierSealed); n != 0 {
		t.Errorf("%d dossiers were sealed", n)
	}
	// Two at once: one is sent.
	err = send(func() {
		_, enc := city.Send(t, ref.ID, desktest.Noon)
		taken(t, county, enc, "")
	})
	refused(t, err, jurat.Conflict, "")
	if n := acts(t, city, ref.Incident, jurat.DossierSent); n != 1 {
		t.Errorf("%d dossiers were sent", n)
	}
	must(t, send(func() {
		_, err := city.Show(ctx, city.As("auditor-1"), desktest.Noon, ref.Incident)
		must(t, err)
	}))
}

// What would be refused at the end is refused before a byte is written: a
// parcel opens sealed parts.
func TestWhoMayNotSendBuildsNoParcel(t *testing.T) {
	city, _ := neighbours(t, desktest.SQLite)
	ref := city.Approved(t)
	prepared := city.Prepared(t, ref.Incident)
	before := snapshot(t, city)
	for _, tc := range []struct {
		name string
		who  desk.Caller
		id   jurat.ItemID
		s    desk.Sending
		want jurat.Kind
		say  string
	}{
		{"an officer who may see it", city.As("officer-4471"), ref.ID, desk.Sending{PlainReason: "no key"}, jurat.Forbidden, "may not do this here"},
		{"an auditor", city.As("auditor-1"), ref.ID, desk.Sending{PlainReason: "no key"}, jurat.Forbidden, "may not do this here"},
		{"a detective without a key", desk.Caller{Person: "detective-2208"}, ref.ID, desk.Sending{PlainReason: "no key"}, jurat.Forbidden, "needs the person's own signature"},
		{"the operator", desk.Caller{}, ref.ID, desk.Sending{PlainReason: "no key"}, jurat.Forbidden, "--as PERSON"},
		{"a referral that one person decided", city.As("detective-2208"), prepared.ID, desk.Sending{PlainReason: "no key"}, jurat.Conflict, "two sworn people"},
		{"a referral that is not there", city.As("detective-2208"), jurat.NumberItem(ref.Incident, jurat.NounReferral, 9), desk.Sending{PlainReason: "no key"}, jurat.NotFound, "there is no referral"},
		{"plain without a reason", city.As("detective-2208"), ref.ID, desk.Sending{}, jurat.Invalid, "--plain"},
		{"a supplement before the first", city.As("detective-2208"), ref.ID, desk.Sending{As: jurat.ReferralSupplemented, PlainReason: "no key"}, jurat.Conflict, "nothing to supplement"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			out := desktest.Empty(t)
			tc.s.Out = out
			_, _, err := city.SendReferral(t.Context(), tc.who, desktest.Noon, tc.id, tc.s)
			refused(t, err, tc.want, tc.say)
			if size(t, out) != 0 || snapshot(t, city) != before {
				t.Error("something was written")
			}
		})
	}
}

// What comes after the record of a sending is on the disk before it.
func TestTheEncryptedDossierIsWholeBeforeItIsRecorded(t *testing.T) {
	city, _ := neighbours(t, desktest.SQLite)
	ref := city.Approved(t)
	enc := desktest.Empty(t)
	_, done, err := city.SendReferral(t.Context(), city.As("detective-2208"), desktest.Noon, ref.ID, desk.Sending{Out: desktest.Empty(t), Encrypted: enc})
	must(t, err)
	must(t, city.Register.Read(t.Context(), func(tx *register.Tx) error { _, err := tx.Event(done.Event); return err }))
	if size(t, enc) == 0 {
		t.Error("the sending is on the record, and nothing was encrypted")
	}
}
