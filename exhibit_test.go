package jurat_test

import (
	"testing"
	"time"

	"jurat"
)

func TestReceivingAndLocating(t *testing.T) {
	receive := func(a jurat.Arrival) func(jurat.Exhibit) (jurat.Exhibit, jurat.Event, error) {
		return func(jurat.Exhibit) (jurat.Exhibit, jurat.Event, error) {
			return jurat.ReceiveExhibit(id(jurat.NounExhibit, 1), a, evidence, night)
		}
	}
	locate := func(a jurat.Arrival) func(jurat.Exhibit) (jurat.Exhibit, jurat.Event, error) {
		return func(jurat.Exhibit) (jurat.Exhibit, jurat.Event, error) {
			return jurat.LocateExhibit(id(jurat.NounExhibit, 1), a, evidence, night)
		}
	}
	some, offset := jurat.DigestOf([]byte("x")), -3
	var none jurat.Exhibit
	book(t, []deed[jurat.Exhibit]{
		{"zero bytes are an exhibit", none, receive(jurat.Arrival{Kind: "document", Digest: jurat.DigestOf(nil)}), "", nil},
		{"everything known of it", none, receive(jurat.Arrival{Kind: "bwc", Digest: some, Size: 1, Media: "video/mp4", ReceivedFrom: "Witness 1", Name: "clip.mp4", ClockOffset: &offset,
			Recorded: jurat.Span{From: night}, DerivedFrom: id(jurat.NounExhibit, 2)}), "", func(t *testing.T, x jurat.Exhibit, ev jurat.Event) {
			if x.Recorded.Precision != "approx" || spelt(t, ev.Sealed) != `{"identity":{"original_name":"clip.mp4"}}` {
				t.Errorf("recorded %q, sealed %s", x.Recorded.Precision, spelt(t, ev.Sealed))
			}
		}},
		{"a device whose clock ran backwards", none, receive(jurat.Arrival{Kind: "bwc", Digest: some, Recorded: jurat.Span{From: night, To: night.Add(-time.Hour), Precision: "exact"}}), "", nil},
		{"without a digest", none, receive(jurat.Arrival{Kind: "photo", Size: 1}), jurat.Invalid, nil},
		{"of less than no bytes", none, receive(jurat.Arrival{Kind: "photo", Digest: some, Size: -1}), jurat.Invalid, nil},
		{"of no kind", none, receive(jurat.Arrival{Digest: some}), jurat.Invalid, nil},
		{"of a kind that is no name", none, receive(jurat.Arrival{Kind: "a photo", Digest: some}), jurat.Invalid, nil},
		{"derived from itself", none, receive(jurat.Arrival{Kind: "photo", Digest: some, DerivedFrom: id(jurat.NounExhibit, 1)}), jurat.Invalid, nil},
		{"derived from another incident's", none, receive(jurat.Arrival{Kind: "photo", Digest: some, DerivedFrom: jurat.NumberItem(other, jurat.NounExhibit, 1)}), jurat.Invalid, nil},
		{"a precision nobody lists", none, receive(jurat.Arrival{Kind: "photo", Digest: some, Recorded: jurat.Span{Precision: "roughly"}}), jurat.Invalid, nil},
		{"under a record's number", none, func(jurat.Exhibit) (jurat.Exhibit, jurat.Event, error) {
			return jurat.ReceiveExhibit(id(jurat.NounRecord, 1), jurat.Arrival{Kind: "photo", Digest: some}, evidence, night)
		}, jurat.Invalid, nil},

		{"held elsewhere", none, locate(jurat.Arrival{Kind: "bwc", System: "camera-store", Key: "1", Digest: some, Size: 9}), "", func(t *testing.T, x jurat.Exhibit, _ jurat.Event) {
			if !x.Digest.IsZero() || x.Size != 0 || x.Held != jurat.HeldElsewhere {
				t.Errorf("bytes that are not here have digest %v and size %d", x.Digest, x.Size)
			}
		}},
		{"held in no system", none, locate(jurat.Arrival{Kind: "bwc", Key: "1"}), jurat.Invalid, nil},
		{"held under no key", none, locate(jurat.Arrival{Kind: "bwc", System: "camera-store", Key: " "}), jurat.Invalid, nil},

		{"its holder confirmed the flag", footage(t), func(x jurat.Exhibit) (jurat.Exhibit, jurat.Event, error) {
			return x.Confirm("custodian, by letter", evidence, morning)
		}, "", nil},
		{"confirmed by nobody's word", footage(t), func(x jurat.Exhibit) (jurat.Exhibit, jurat.Event, error) {
			return x.Confirm("", evidence, morning)
		}, jurat.Invalid, nil},
		{"what is here needs no other holder's word", aPhoto(t), func(x jurat.Exhibit) (jurat.Exhibit, jurat.Event, error) {
			return x.Confirm("custodian", evidence, morning)
		}, jurat.Conflict, nil},
	})
}

func TestAnArrivalStaysItsBringers(t *testing.T) {
	offset := 7
	x, ev, err := jurat.ReceiveExhibit(id(jurat.NounExhibit, 1), jurat.Arrival{Kind: "photo", Digest: jurat.DigestOf(nil), ClockOffset: &offset}, evidence, night)
	x = must(t, x, ev, err)
	offset = 8
	if *x.ClockOffset != 7 {
		t.Error("the exhibit changed when what it was read from did")
	}
}

func TestLookingAndCheckingLeaveTheThingAlone(t *testing.T) {
	x := aPhoto(t)
	before := spelt(t, x)
	for _, ev := range []jurat.Event{jurat.LookAt(number, x.Item()), x.Verified("intact")} {
		if ev.Item == x.Item() || ev.Item.ID != x.ID || ev.Incident != number || spelt(t, x) != before {
			t.Errorf("%s is an event of %+v", ev.Act, ev.Item)
		}
	}
	for name, tc := range map[string]struct {
		class jurat.Class
		why   string
		by    jurat.Hand
		want  error
	}{
		"with a reason":               {jurat.ClassIdentity, "to notify", detective, nil},
		"without one":                 {jurat.ClassIdentity, " ", detective, jurat.Invalid},
		"the open part is not sealed": {jurat.ClassOpen, "x", detective, jurat.Invalid},
		"no class":                    {"", "x", detective, jurat.Invalid},
		"counsel's notes, by counsel": {jurat.ClassPrivileged, "advice", counsel, nil},
		"counsel's notes, by others":  {jurat.ClassPrivileged, "advice", prosecutor, jurat.Forbidden},
		"by the operator":             {jurat.ClassIdentity, "x", operator, jurat.Forbidden},
		"by an auditor":               {jurat.ClassHealth, "yearly sample", auditor, nil},
	} {
		if _, err := jurat.LookAtSealed(number, x.Item(), tc.class, tc.why, tc.by); !isKind(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
}

func TestFlagging(t *testing.T) {
	flag := func(exhibit jurat.ItemID, grounds ...string) func(jurat.Flag) (jurat.Flag, jurat.Event, error) {
		return func(jurat.Flag) (jurat.Flag, jurat.Event, error) {
			return jurat.AddFlag(id(jurat.NounFlag, 1), exhibit, grounds, officer, night)
		}
	}
	e1 := id(jurat.NounExhibit, 1)
	var none jurat.Flag
	book(t, []deed[jurat.Flag]{
		{"on a ground", none, flag(e1, "complaint"), "", nil},
		{"on two", none, flag(e1, "complaint", "evidentiary_value"), "", nil},
		{"on none (EVD-2)", none, flag(e1), jurat.Invalid, nil},
		{"on an empty one", none, flag(e1, "complaint", " "), jurat.Invalid, nil},
		{"on one twice", none, flag(e1, "complaint", "complaint"), jurat.Invalid, nil},
		{"of no exhibit", none, flag("", "complaint"), jurat.Invalid, nil},
		{"of another incident's exhibit", none, flag(jurat.NumberItem(other, jurat.NounExhibit, 1), "complaint"), jurat.Invalid, nil},
		{"of a record", none, flag(id(jurat.NounRecord, 1), "complaint"), jurat.Invalid, nil},
	})
	grounds := []string{"complaint"}
	f, ev, err := jurat.AddFlag(id(jurat.NounFlag, 1), e1, grounds, officer, night)
	f = must(t, f, ev, err)
	grounds[0] = "training"
	if f.Grounds[0] != "complaint" || ev.Value.(jurat.Flag).Grounds[0] != "complaint" {
		t.Error("the ground of a flag changed after it was flagged")
	}
}

func TestHolding(t *testing.T) {
	place := func(matter string, scope ...jurat.ItemID) func(jurat.Hold) (jurat.Hold, jurat.Event, error) {
		return func(jurat.Hold) (jurat.Hold, jurat.Event, error) {
			return jurat.PlaceHold(id(jurat.NounHold, 1), matter, scope, counsel, night)
		}
	}
	release := func(why string, by jurat.Hand) func(jurat.Hold) (jurat.Hold, jurat.Event, error) {
		return func(h jurat.Hold) (jurat.Hold, jurat.Event, error) { return h.Release(why, by, morning) }
	}
	e1, e2 := id(jurat.NounExhibit, 1), id(jurat.NounExhibit, 2)
	lifted, ev, err := aHold(t).Release("settled", counsel, morning)
	lifted = must(t, lifted, ev, err)
	var none jurat.Hold
	book(t, []deed[jurat.Hold]{
		{"everything in an incident", none, place("civil suit"), "", nil},
		{"one exhibit", none, place("civil suit", e1), "", nil},
		{"the incident by its number", none, place("civil suit", jurat.ItemID(number)), "", nil},
		{"for no matter", none, place(" "), jurat.Invalid, nil},
		{"what is in another incident", none, place("civil suit", e1, jurat.NumberItem(other, jurat.NounExhibit, 1)), jurat.Invalid, nil},
		{"what is nowhere", none, place("civil suit", "the video"), jurat.Invalid, nil},
		{"counsel lifts it", aHold(t), release("settled", counsel), "", nil},
		{"a prosecutor's office lifts its own", aHold(t), release("settled", prosecutor), "", nil},
		{"who disposes does not lift it (LAW-3)", aHold(t), release("settled", records), jurat.Forbidden, nil},
		{"an officer lifts it", aHold(t), release("settled", supervisor), jurat.Forbidden, nil},
		{"lifted without a reason", aHold(t), release("", counsel), jurat.Invalid, nil},
		{"lifted twice", lifted, release("settled", counsel), jurat.Conflict, nil},
	})

	whole, ev, err := jurat.PlaceHold(id(jurat.NounHold, 1), "suit", nil, counsel, night)
	whole = must(t, whole, ev, err)
	named, ev, err := jurat.PlaceHold(id(jurat.NounHold, 1), "suit", []jurat.ItemID{jurat.ItemID(number)}, counsel, night)
	named = must(t, named, ev, err)
	for name, tc := range map[string]struct {
		hold jurat.Hold
		item jurat.ItemID
		want bool
	}{
		"an empty scope holds everything (LAW-3)":                 {whole, e2, true},
		"an empty scope holds the incident":                       {whole, jurat.ItemID(number), true},
		"the incident named holds everything":                     {named, e2, true},
		"a scope holds what it names":                             {aHold(t), e1, true},
		"a scope holds nothing else":                              {aHold(t), e2, false},
		"an incident is not disposed of around what is held":      {aHold(t), jurat.ItemID(number), true},
		"another incident is not held":                            {whole, jurat.NumberItem(other, jurat.NounExhibit, 1), false},
		"a number that names nothing is not held":                 {whole, "E1", false},
		"a lifted hold holds nothing":                             {lifted, e1, false},
		"a hold that was never placed holds nothing of the house": {jurat.Hold{}, "person-1", false},
	} {
		if got := tc.hold.Holds(tc.item); got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
