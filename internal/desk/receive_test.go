package desk_test

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/register"
	"jurat/internal/vault"
	"jurat/internal/vault/vaulttest"
)

func clock() time.Time { return desktest.Noon }

// receive receives files and gives every outcome.
func receive(ctx context.Context, d *desk.Desk, c desk.Caller, in jurat.IncidentNumber, names iter.Seq[string]) []desk.Received {
	return slices.Collect(d.Receive(ctx, c, clock, desk.Receiving{Incident: in, Arrival: jurat.Arrival{Kind: "bwc"}}, names))
}

// whole asserts that every blob of the vault is one exhibit's, and the reverse.
func whole(t testing.TB, r *desktest.Record, ins ...jurat.IncidentNumber) {
	t.Helper()
	exhibits := 0
	must(t, r.Register.Read(t.Context(), func(tx *register.Tx) error {
		for _, in := range ins {
			rows, err := tx.Items(in, jurat.NounExhibit)
			if err != nil {
				return err
			}
			for _, row := range rows {
				if _, err := tx.Blob(row.Item.ID); err != nil {
					return err
				}
				exhibits++
			}
		}
		return nil
	}))
	if n := blobs(t, r); n != exhibits {
		t.Errorf("%d blobs in the vault, %d exhibits on the record", n, exhibits)
	}
}

func TestTheSameBytesAreOneExhibitOfAnIncident(t *testing.T) {
	r := desktest.City(t)
	in, other := r.Opened(t), r.Opened(t)
	ctx, evidence := t.Context(), r.As("evidence-7")
	first := receive(ctx, r.Desk, evidence, in, slices.Values(desktest.Files(t, "one", "two", "one", "")))
	again := receive(ctx, r.Desk, r.As("officer-4472"), in, slices.Values(desktest.Files(t, "two", "three", "")))
	elsewhere := receive(ctx, r.Desk, evidence, other, slices.Values(desktest.Files(t, "one")))
	for i, want := range []struct {
		out  desk.Received
		like *desk.Received
	}{
		{first[0], nil}, {first[1], nil}, {first[2], &first[0]}, {first[3], nil},
		{again[0], &first[1]}, {again[1], nil}, {again[2], &first[3]},
		{elsewhere[0], nil}, // another incident's: told to nobody, and an exhibit of its own
	} {
		must(t, want.out.Err)
		if want.out.Duplicate != (want.like != nil) {
			t.Errorf("%d: duplicate %t", i, want.out.Duplicate)
		}
		if want.like != nil && (want.out.Exhibit.ID != want.like.Exhibit.ID || want.out.Event != want.like.Event || want.out.Exhibit.Digest != want.like.Exhibit.Digest) {
			t.Errorf("%d: it repeats %+v, the first was %+v", i, want.out, *want.like)
		}
	}
	if elsewhere[0].Exhibit.ID.Incident() != other {
		t.Errorf("it became %s", elsewhere[0].Exhibit.ID)
	}
	whole(t, r, in, other)
}

// A file that fails has a sentence of its own, and the rest goes on.
func TestOneFileThatFailsDoesNotStopTheRest(t *testing.T) {
	r := desktest.City(t)
	in := r.Opened(t)
	files := desktest.Files(t, "one", "two")
	dir := t.TempDir()
	odd := filepath.Join(dir, "a \xff name\n.MP4") // no UTF-8
	must(t, os.WriteFile(odd, []byte("odd"), 0o600))
	names := []string{files[0], filepath.Join(dir, "absent.mp4"), odd, dir, files[1]}
	outs := receive(t.Context(), r.Desk, r.As("evidence-7"), in, slices.Values(names))
	if len(outs) != len(names) {
		t.Fatalf("%d outcomes of %d files", len(outs), len(names))
	}
	for i, out := range outs {
		if out.Name != names[i] {
			t.Errorf("outcome %d is of %q", i, out.Name)
		}
		if failed := i == 1 || i == 3; failed != (out.Err != nil) {
			t.Errorf("%q: %v", names[i], out.Err)
		} else if failed && !strings.Contains(out.Err.Error(), filepath.Base(names[i])) {
			t.Errorf("the sentence names no file: %v", out.Err)
		}
	}
	if outs[2].Exhibit.Media != "video/mp4" {
		t.Errorf("media %q", outs[2].Exhibit.Media)
	}
	whole(t, r, in)
}

// Who may not receive, and what could not be recorded, writes no bytes.
func TestWhatMayNotBeReceivedWritesNoBytes(t *testing.T) {
	r := desktest.City(t)
	in := r.Opened(t)
	asked := 0
	names := func(yield func(string) bool) {
		for _, name := range desktest.Files(t, "one", "two") {
			asked++
			if !yield(name) {
				return
			}
		}
	}
	for _, tc := range []struct {
		who  desk.Caller
		in   jurat.IncidentNumber
		kind string
		want jurat.Kind
	}{
		{r.As("records-3"), in, "bwc", jurat.Forbidden},
		{r.As("auditor-1"), in, "bwc", jurat.Forbidden},
		{r.As("aide-1"), in, "bwc", jurat.NotFound},
		{r.As("evidence-7"), "2026-000999", "bwc", jurat.NotFound},
		{desk.Caller{Person: "nobody-1"}, in, "bwc", jurat.NotFound},
		{r.As("evidence-7"), in, "No Kind!", jurat.Invalid},
	} {
		asked = 0
		outs := slices.Collect(r.Receive(t.Context(), tc.who, clock, desk.Receiving{Incident: tc.in, Arrival: jurat.Arrival{Kind: tc.kind}}, names))
		if len(outs) != 2 || asked != 2 {
			t.Fatalf("%d outcomes", len(outs))
		}
		for _, out := range outs {
			refused(t, out.Err, tc.want, "")
		}
	}
	if n := blobs(t, r); n != 0 {
		t.Errorf("%d blobs were written", n)
	}
	// The local operator may.
	for _, out := range receive(t.Context(), r.Desk, desk.Caller{}, in, names) {
		must(t, out.Err)
	}
	whole(t, r, in)
}

// after gives names and, once the last was asked for, does something else.
func after(names []string, do func()) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, name := range names {
			if !yield(name) {
				return
			}
		}
		do()
	}
}

// Refused once the bytes are durable: they are removed again.
func TestBytesThatNoRecordNamesAreRemoved(t *testing.T) {
	r := desktest.City(t)
	in := r.Opened(t)
	outs := receive(t.Context(), r.Desk, r.As("evidence-7"), in, after(desktest.Files(t, "one", "two"), func() {
		_, err := r.RetirePerson(t.Context(), r.As("administrator-1"), desktest.Noon, "evidence-7", "left")
		must(t, err)
	}))
	done := 0
	for _, out := range outs {
		if out.Err == nil {
			done++ // recorded before they left
			continue
		}
		refused(t, out.Err, jurat.NotFound, "there is no incident")
	}
	if done == len(outs) {
		t.Fatal("everything was recorded before they left")
	}
	whole(t, r, in)
}

func TestACallerWhoLeavesLeavesNothingHalfDone(t *testing.T) {
	for _, early := range []bool{true, false} {
		r := desktest.City(t)
		in := r.Opened(t)
		ctx, cancel := context.WithCancel(t.Context())
		names := after(desktest.Files(t, "one", "two", "three"), cancel)
		if early {
			cancel()
		}
		for _, out := range receive(ctx, r.Desk, r.As("evidence-7"), in, names) {
			if out.Err != nil && !errors.Is(out.Err, jurat.Unavailable) {
				t.Errorf("%v: want unavailable", out.Err)
			}
		}
		whole(t, r, in)
		cancel()
	}
}

// Somebody who stops listening stops the batch, between groups.
func TestWhoStopsListeningStopsTheBatch(t *testing.T) {
	r := desktest.City(t)
	in := r.Opened(t)
	for out := range r.Receive(t.Context(), r.As("evidence-7"), clock, desk.Receiving{Incident: in, Arrival: jurat.Arrival{Kind: "bwc"}}, slices.Values(desktest.Files(t, "one", "two", "three"))) {
		must(t, out.Err)
		break
	}
	whole(t, r, in)
}

// The store fails in every way it can: each file is there whole, or not at all,
// with a sentence.
func TestAStoreThatFails(t *testing.T) {
	r := desktest.City(t)
	var ins []jurat.IncidentNumber
	for _, op := range []vaulttest.Op{vaulttest.OpCreate, vaulttest.OpWrite, vaulttest.OpFinish, vaulttest.OpKeep} {
		for _, fault := range []vaulttest.Fault{
			{Op: op, N: 1}, {Op: op, N: 2}, {Op: op, N: 3, Lasts: true}, {Op: op, N: 1, Lasts: true, Err: syscall.ENOSPC},
		} {
			in := r.Opened(t)
			ins = append(ins, in)
			store := vaulttest.Break(r.Store, fault)
			d, _ := r.Over(t, store)
			outs := receive(t.Context(), d, r.As("evidence-7"), in, slices.Values(desktest.Files(t, "one", "two", "three")))
			failed := 0
			for _, out := range outs {
				if out.Err == nil {
					continue
				}
				failed++
				refused(t, out.Err, jurat.Unavailable, "clip-")
			}
			if len(outs) != 3 || store.Struck() && failed == 0 {
				t.Errorf("%+v: %d outcomes, %d failed", fault, len(outs), failed)
			}
			whole(t, r, ins...)
		}
	}
}

// The register is lost once the bytes are durable: they stay, for nobody knows
// whether the record names them, and nothing is half recorded.
func TestARegisterThatIsLostLeavesLitterAndNoLie(t *testing.T) {
	r := desktest.City(t)
	in := r.Opened(t)
	before := blobs(t, r)
	lost := make(chan struct{})
	outs := receive(t.Context(), r.Desk, r.As("evidence-7"), in, after(desktest.Files(t, "one"), func() {
		must(t, r.Register.Close())
		close(lost)
	}))
	<-lost
	for _, out := range outs {
		refused(t, out.Err, jurat.Unavailable, "")
	}
	if n := blobs(t, r); n != before+1 {
		t.Errorf("%d blobs are there", n)
	}
}

// Whoever checks an exhibit leaves the answer in its custody.
func TestACheckOfAnExhibitSaysWhatItFound(t *testing.T) {
	r := desktest.City(t)
	in := r.Opened(t)
	x := r.Received(t, desktest.Noon, in, strings.Repeat("a film ", 100))[0]
	ctx, evidence := t.Context(), r.As("evidence-7")
	_, said, cause, err := r.VerifyExhibit(ctx, evidence, desktest.Noon, x.ID)
	if said != "intact" || cause != nil || err != nil {
		t.Fatalf("%s %v %v", said, cause, err)
	}
	broken, _ := r.Over(t, vaulttest.Break(r.Store, vaulttest.Fault{Op: vaulttest.OpRead, N: 1, Lasts: true}))
	_, said, cause, err = broken.VerifyExhibit(ctx, evidence, desktest.Noon, x.ID)
	if said != "could not tell" || !errors.Is(cause, jurat.Unavailable) || err != nil {
		t.Fatalf("%s %v %v", said, cause, err)
	}
	var path string
	must(t, filepath.WalkDir(filepath.Join(r.Dir, "vault"), func(p string, e os.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			if info, _ := e.Info(); info.Size() > 700 {
				path = p
			}
		}
		return err
	}))
	b, err := os.ReadFile(path)
	must(t, err)
	b[len(b)/2] ^= 1
	must(t, os.Chmod(path, 0o600))
	must(t, os.WriteFile(path, b, 0o600))
	_, said, cause, err = r.VerifyExhibit(ctx, evidence, desktest.Noon, x.ID)
	if said != "altered" || !errors.Is(cause, jurat.Altered) || err != nil {
		t.Fatalf("%s %v %v", said, cause, err)
	}
	checks := 0
	for _, e := range chain(t, r, in) {
		if e.Act == jurat.ExhibitVerified {
			checks++
		}
	}
	if checks != 3 {
		t.Errorf("%d checks are in the custody", checks)
	}
}

// A tight place has no more room than it says.
type tight struct {
	vault.Store
	room int64
}

func (s tight) Room() (int64, error) { return s.room, nil }

// A dossier that comes as a stream is refused where there is no room for it, as
// every file that comes is, and nothing of it is kept.
func TestADossierIsTakenOnlyWhereThereIsRoom(t *testing.T) {
	city, county := neighbours(t, desktest.SQLite)
	_, sealed := city.Send(t, city.Approved(t).ID, desktest.Noon)
	parcel, err := os.ReadFile(sealed)
	must(t, err)
	before := blobs(t, county)
	take := func(room int64) error {
		d, _ := county.Over(t, tight{county.Store, room})
		_, _, err := d.TakeStream(t.Context(), county.As("prosecutor-12"), desktest.Noon, "a dossier", bytes.NewReader(parcel))
		return err
	}
	refused(t, take(int64(len(parcel))), jurat.Conflict, "there is no room for a dossier") // in parts a file takes its room twice
	left, err := filepath.Glob(filepath.Join(county.Dir, "work", "*"))
	must(t, err)
	if len(left) != 0 || blobs(t, county) != before {
		t.Errorf("%v and %d blobs were kept", left, blobs(t, county)-before)
	}
	must(t, take(2*int64(len(parcel))))
}
