package jurat_test

import (
	"errors"
	"testing"
	"time"

	"jurat"
)

func closed(t testing.TB) jurat.Incident {
	t.Helper()
	in, _, err := anIncident(t).Close("nothing awaits anybody", supervisor, morning)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func disposingPhoto() jurat.Disposing {
	return jurat.Disposing{Item: id(jurat.NounExhibit, 1), Kind: "photo", Rule: "order/schedule", Basis: "reported", Since: night, Until: night.Add(time.Hour), Held: jurat.HeldHere, Digest: jurat.DigestOf([]byte("a photo"))}
}

func disposingElsewhere() jurat.Disposing {
	return jurat.Disposing{Item: id(jurat.NounExhibit, 2), Kind: "bwc", Rule: "order/schedule", Basis: "reported", Since: night, Until: night.Add(time.Hour), Held: jurat.HeldElsewhere, System: "camera-store", Key: "1"}
}

// aDisposal awaits its second approval.
func aDisposal(t testing.TB) jurat.Disposal {
	t.Helper()
	d, _, err := jurat.ApproveDisposal(id(jurat.NounDisposal, 1), "12-345", morning.AddDate(0, 1, 0), []jurat.Disposing{disposingPhoto(), disposingElsewhere()}, nil, records, morning)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func done(t testing.TB) jurat.Disposal {
	t.Helper()
	d, _, err := aDisposal(t).Approve(aDisposal(t).Items, nil, counsel, morning)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestADisposalIsTwoPeoplesAndOnePlan(t *testing.T) {
	first := aDisposal(t)
	changed := []jurat.Disposing{disposingPhoto(), disposingElsewhere()}
	changed[1].Rule = "order/another"
	twin := supervisor
	twin.Person = records.Person
	unsworn := supervisor
	unsworn.Sworn = false
	why := []jurat.Reason{{Item: jurat.Item{Noun: jurat.NounExhibit, ID: id(jurat.NounExhibit, 1)}, Say: "hold H1 is in force"}}
	for name, tc := range map[string]struct {
		from    jurat.Disposal
		now     []jurat.Disposing
		against []jurat.Reason
		by      jurat.Hand
		want    error
	}{
		"counsel":                            {first, first.Items, nil, counsel, nil},
		"a sworn supervisor":                 {first, first.Items, nil, supervisor, nil},
		"a supervisor who is not sworn":      {first, first.Items, nil, unsworn, jurat.Forbidden},
		"the same person in another role":    {first, first.Items, nil, twin, jurat.Forbidden},
		"the records officer again":          {first, first.Items, nil, records, jurat.Forbidden},
		"an officer":                         {first, first.Items, nil, officer, jurat.Forbidden},
		"counsel, and a hold was placed":     {first, first.Items, why, counsel, jurat.Conflict},
		"counsel, and another rule reaches":  {first, changed, nil, counsel, jurat.Conflict},
		"counsel, and an item left the plan": {first, first.Items[:1], nil, counsel, jurat.Conflict},
		"counsel, after it was carried out":  {done(t), first.Items, nil, counsel, jurat.Conflict},
	} {
		after, ev, err := tc.from.Approve(tc.now, tc.against, tc.by, morning)
		if !errors.Is(err, tc.want) && !(err == nil && tc.want == nil) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
		if err != nil && (after.Done() != tc.from.Done() || ev.Act != "") {
			t.Errorf("%s: a refused approval changed it: %+v", name, after)
		}
		if err == nil && (!after.Done() || after.Approvals[0].By == after.Approvals[1].By || len(tc.from.Approvals) != 1) {
			t.Errorf("%s: %+v", name, after)
		}
	}
	withdrawn, _, err := first.Withdraw("a suit was announced", records, morning)
	if err != nil || withdrawn.Pending() {
		t.Fatalf("withdrawn: %+v, %v", withdrawn, err)
	}
	if _, _, err := withdrawn.Approve(first.Items, nil, counsel, morning); !errors.Is(err, jurat.Conflict) {
		t.Errorf("a withdrawn disposal was approved: %v", err)
	}
	if _, _, err := first.Tell(id(jurat.NounExhibit, 2), "by letter", records, morning); !errors.Is(err, jurat.Conflict) {
		t.Errorf("a holder was told of what did not happen: %v", err)
	}
}

func TestAnExhibitDisposedOfKeepsWhatItWasAndNothingOfPeople(t *testing.T) {
	x := aPhoto(t)
	x.ReceivedFrom = "Witness 1"
	gone, ev, err := x.Dispose(done(t))
	if err != nil || ev.Act != jurat.ExhibitDisposed || gone.Digest != x.Digest || gone.ReceivedFrom != "" || gone.ReceivedBy != "" || gone.Disposed.Certificate != "12-345" {
		t.Fatalf("%+v, %v", gone, err)
	}
	if err := gone.There(); !errors.Is(err, jurat.Conflict) {
		t.Errorf("it is there: %v", err)
	}
	for name, tc := range map[string]struct {
		x jurat.Exhibit
		d jurat.Disposal
	}{"twice": {gone, done(t)}, "after one approval": {x, aDisposal(t)}} {
		if _, _, err := tc.x.Dispose(tc.d); !errors.Is(err, jurat.Conflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// LAW-3: a hold of the house with an empty scope holds everything on the record.
func TestAHoldOfTheHouse(t *testing.T) {
	place := func(scope ...jurat.ItemID) jurat.Hold {
		t.Helper()
		h, ev, err := jurat.PlaceHold("hold-2", "consent decree", scope, counsel, night)
		if err != nil || ev.Incident != "" {
			t.Fatalf("%+v, %v", ev, err)
		}
		return h
	}
	e1, other := id(jurat.NounExhibit, 1), jurat.ItemID("2025-000009-E4")
	for _, tc := range []struct {
		name string
		hold jurat.Hold
		of   jurat.ItemID
		want bool
	}{
		{"everything", place(), e1, true}, {"everything, another incident", place(), other, true}, {"everything, an incident", place(), jurat.ItemID(number), true},
		{"one incident", place(jurat.ItemID(number)), e1, true}, {"one incident, not another", place(jurat.ItemID(number)), other, false},
		{"one item", place(other), other, true}, {"one item, and so its incident", place(other), "2025-000009", true}, {"one item, not its neighbour", place(other), "2025-000009-E5", false},
		{"what is in no incident", place(), "person-1", false},
	} {
		if got := tc.hold.Holds(tc.of); got != tc.want {
			t.Errorf("%s: %t", tc.name, got)
		}
	}
	if _, _, err := jurat.PlaceHold("hold-2", "a matter", []jurat.ItemID{"officer-4471"}, counsel, night); !errors.Is(err, jurat.Invalid) {
		t.Errorf("a hold on a person was placed: %v", err)
	}
}
