package desk_test

import (
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/register"
)

// sealed seals a dossier at the counter, and says how many signatures it took.
func (b *booth) sealed(t testing.TB, now time.Time, id jurat.ItemID, plain string) (x jurat.Dossier) {
	t.Helper()
	n := b.sign(t, now, func(c desk.Caller, at time.Time) error {
		var err error
		x, err = b.record.SealReferral(t.Context(), c, at, id, plain)
		return err
	})
	if n != 1 {
		t.Errorf("the seal took %d signatures", n)
	}
	return x
}

func (b *booth) sent(t testing.TB, now time.Time, id jurat.ItemID) {
	t.Helper()
	n := b.sign(t, now, func(c desk.Caller, at time.Time) error {
		_, err := b.record.SendSealed(t.Context(), c, at, id)
		return err
	})
	if n != 2 {
		t.Errorf("sending took %d signatures", n)
	}
}

// handed is a kept parcel as it is handed over, in a file.
func handed(t testing.TB, r *desktest.Record, c desk.Caller, now time.Time, id jurat.ItemID) (desk.Kept, string) {
	t.Helper()
	kept, from, err := r.OpenParcel(t.Context(), c, now, id)
	must(t, err)
	path := filepath.Join(t.TempDir(), kept.Name)
	f, err := os.Create(path)
	must(t, err)
	n, err := io.Copy(f, from)
	must(t, err)
	must(t, from.Close())
	must(t, f.Close())
	if n != kept.Size {
		t.Errorf("%d bytes of %d", n, kept.Size)
	}
	return kept, path
}

func kept(t testing.TB, r *desktest.Record) (all []register.ParcelRow) {
	t.Helper()
	must(t, r.Register.Read(t.Context(), func(tx *register.Tx) error {
		var err error
		all, err = tx.AllParcels()
		return err
	}))
	return all
}

// A dossier is sealed and sent in two steps, each signed between two requests;
// what is left in between is sent later, or sealed anew, and nothing of it lies
// in the clear.
func TestADossierIsSealedKeptAndSentInTwoSteps(t *testing.T) {
	city, county := neighbours(t, desktest.SQLite)
	ref := city.Approved(t)
	b := newBooth(t, city, "detective-2208")
	before := blobs(t, city)
	first := b.sealed(t, desktest.Noon, ref.ID, "")
	_, _, err := city.OpenParcel(t.Context(), b.who, at(time.Second), first.ID)
	refused(t, err, jurat.Conflict, "sealed and not sent")
	if out := got1(t, city, b.who, ref.ID); len(out.Kept) != 1 || out.Kept[0].Sent || out.Owed != 0 {
		t.Errorf("kept: %+v", out)
	}

	// Left there, and sealed anew: one is kept.
	again := b.sealed(t, at(5*time.Minute), ref.ID, "")
	if again.Number != 0 || again.ID == first.ID {
		t.Errorf("sealed anew as %s, number %d", again.ID, again.Number)
	}
	if rows := kept(t, city); len(rows) != 1 || rows[0].Dossier != again.ID || blobs(t, city) != before+1 {
		t.Errorf("%d parcels are kept in %d blobs", len(rows), blobs(t, city)-before)
	}
	_, err = city.SendSealed(t.Context(), city.As("detective-2208"), at(5*time.Minute), first.ID)
	refused(t, err, jurat.NotFound, "no parcel of dossier")

	b.sent(t, at(10*time.Minute), again.ID)
	_, err = city.SendSealed(t.Context(), city.As("detective-2208"), at(15*time.Minute), again.ID)
	refused(t, err, jurat.Conflict, "was sent")
	k, path := handed(t, city, b.who, at(10*time.Minute), again.ID)
	if k.Transport != "age" || !k.Sent || filepath.Ext(k.Name) != ".age" {
		t.Errorf("handed over: %+v", k)
	}
	x := taken(t, county, path, "")
	if x.Number != 0 || x.Transport != "age" {
		t.Errorf("taken in: %+v", x)
	}
	if after := referral(t, city, ref.ID); after.State != jurat.ReferralIsSent || len(after.Dossiers) != 1 || after.Dossiers[0] != again.ID {
		t.Errorf("the referral is %s with %v", after.State, after.Dossiers)
	}

	// What is new is owed, and goes as a supplement; plain only for a reason.
	city.Received(t, at(15*time.Minute), ref.Incident, "a new film")
	if out := got1(t, city, b.who, ref.ID); out.Owed != 1 {
		t.Errorf("%d items are owed", out.Owed)
	}
	second := b.sealed(t, at(20*time.Minute), ref.ID, "their key is lost; handed over in person")
	b.sent(t, at(20*time.Minute), second.ID)
	if out := got1(t, city, b.who, ref.ID); out.Owed != 0 || len(out.Kept) != 2 {
		t.Errorf("after the supplement: %+v", out)
	}
	k, zip := handed(t, city, b.who, at(20*time.Minute), second.ID)
	if k.Transport != "plain" || filepath.Ext(k.Name) != ".zip" {
		t.Errorf("handed over: %+v", k)
	}
	f, err := os.Open(zip)
	must(t, err)
	defer f.Close()
	// The county finds the dossier before it by itself.
	y, report, err := county.TakeStream(t.Context(), county.As("prosecutor-12"), at(25*time.Minute), "a supplement", f)
	must(t, err)
	if report.Answer != "intact" || y.Number != 1 {
		t.Errorf("the supplement: %s %v", report.Answer, report.Findings)
	}
	if left, err := os.ReadDir(filepath.Join(city.Dir, "work")); err != nil || len(left) != 0 {
		t.Errorf("left in the work folder: %v, %v", left, err)
	}
	provable(t, city)
}

func got1(t testing.TB, r *desktest.Record, c desk.Caller, id jurat.ItemID) desk.Outgoing {
	t.Helper()
	out, err := r.Outgoing(t.Context(), c, desktest.Noon, id)
	must(t, err)
	return out
}

// A supplement without the one before it here: nobody could tell.
func TestASupplementWithoutTheOneBeforeIsNotTold(t *testing.T) {
	city, county := neighbours(t, desktest.SQLite)
	ref := city.Approved(t)
	city.Send(t, ref.ID, desktest.Noon)
	city.Received(t, at(time.Second), ref.Incident, "a new film")
	_, sealed := city.Send(t, ref.ID, at(time.Minute))
	f, err := os.Open(sealed)
	must(t, err)
	defer f.Close()
	x, report, err := county.TakeStream(t.Context(), county.As("prosecutor-12"), at(5*time.Minute), "a supplement", f)
	must(t, err)
	if report.Answer != "could not tell" || x.Number != 1 || x.Answer != report.Answer {
		t.Errorf("%s %v", report.Answer, report.Findings)
	}
}

// Whoever may not send seals, sends and opens nothing; a wrong signature leaves
// no seal.
func TestWhoMayNotSendSealsNothing(t *testing.T) {
	city, _ := neighbours(t, desktest.SQLite)
	ref := city.Approved(t)
	b := newBooth(t, city, "detective-2208")
	x := b.sealed(t, desktest.Noon, ref.ID, "")
	b.sent(t, desktest.Noon, x.ID)
	before, bytes := snapshot(t, city), blobs(t, city)
	for _, who := range []desk.Caller{city.As("officer-4471"), city.As("auditor-1"), {}} {
		_, err := city.SealReferral(t.Context(), who, desktest.Noon, ref.ID, "")
		refused(t, err, jurat.Forbidden, "may not do this here")
		_, err = city.SendSealed(t.Context(), who, desktest.Noon, x.ID)
		refused(t, err, jurat.Forbidden, "may not do this here")
		_, _, err = city.OpenParcel(t.Context(), who, desktest.Noon, x.ID)
		refused(t, err, jurat.Forbidden, "may not do this here")
	}
	_, err := city.SealReferral(t.Context(), city.As("detective-2208"), desktest.Noon, ref.ID, " ")
	refused(t, err, jurat.Invalid, "without encryption")
	if snapshot(t, city) != before || blobs(t, city) != bytes {
		t.Error("something was written")
	}
}

// What a court had erased is in no parcel that is kept.
func TestAnExpungementErasesTheParcels(t *testing.T) {
	city, _ := neighbours(t, desktest.SQLite)
	ref := city.Approved(t)
	b := newBooth(t, city, "detective-2208")
	b.sealed(t, desktest.Noon, ref.ID, "")
	if len(kept(t, city)) != 1 || blobs(t, city) != 2 {
		t.Fatalf("%d parcels, %d blobs", len(kept(t, city)), blobs(t, city))
	}
	w := jurat.Writ{Kind: jurat.WritExpunge, Incident: ref.Incident, Backups: at(40 * oneDay), Court: "Circuit court", Number: "26-118"}
	first := got[jurat.Writ, desk.Done](t)(city.ApproveWrit(t.Context(), city.As("records-3"), at(0), w))
	got[jurat.Writ, desk.Done](t)(city.CarryOutWrit(t.Context(), city.As("supervisor-1102"), at(0), first.ID))
	if len(kept(t, city)) != 0 || blobs(t, city) != 0 {
		t.Errorf("%d parcels, %d blobs are left", len(kept(t, city)), blobs(t, city))
	}
}
