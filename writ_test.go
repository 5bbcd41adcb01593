package jurat_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"jurat"
)

func aSealing() jurat.Writ {
	return jurat.Writ{ID: "writ-1", Kind: jurat.WritSeal, Incident: number, Court: "Circuit court", Number: "26-118", OpenTo: []jurat.Role{jurat.RoleCounsel}}
}

func anExpungement() jurat.Writ {
	return jurat.Writ{ID: "writ-2", Kind: jurat.WritExpunge, Incident: number, Court: "Circuit court", Number: "26-119", Backups: morning.AddDate(0, 1, 0)}
}

// aWrit awaits its second approval.
func aWrit(t testing.TB, r jurat.Writ) jurat.Writ {
	t.Helper()
	r, _, err := jurat.ApproveWrit(r, records, morning)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWhatACourtOrdersTakesTwoPeople(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*jurat.Writ)
		by     jurat.Hand
		want   error
	}{
		"without a court":              {func(r *jurat.Writ) { r.Court = " " }, records, jurat.Invalid},
		"without a number":             {func(r *jurat.Writ) { r.Number = "" }, records, jurat.Invalid},
		"of no kind":                   {func(r *jurat.Writ) { r.Kind = "hide" }, records, jurat.Invalid},
		"of no incident":               {func(r *jurat.Writ) { r.Incident = "" }, records, jurat.Invalid},
		"open to nobody":               {func(r *jurat.Writ) { r.OpenTo = nil }, records, jurat.Invalid},
		"open to the political":        {func(r *jurat.Writ) { r.OpenTo = []jurat.Role{jurat.RolePolitical} }, records, jurat.Invalid},
		"open to no role":              {func(r *jurat.Writ) { r.OpenTo = []jurat.Role{"mayor"} }, records, jurat.Invalid},
		"an expungement open to some":  {func(r *jurat.Writ) { r.Kind = jurat.WritExpunge }, records, jurat.Invalid},
		"a seal with backups":          {func(r *jurat.Writ) { r.Backups = morning }, records, jurat.Invalid},
		"by counsel first":             {func(*jurat.Writ) {}, counsel, jurat.Forbidden},
		"expunged, and no day is said": {func(r *jurat.Writ) { *r = anExpungement(); r.Backups = time.Time{} }, records, jurat.Invalid},
	} {
		r := aSealing()
		tc.change(&r)
		if _, ev, err := jurat.ApproveWrit(r, tc.by, morning); !errors.Is(err, tc.want) || ev.Act != "" {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
	twin := supervisor
	twin.Person = records.Person
	hold := []jurat.Reason{{Item: aHold(t).Item(), Say: "a hold is in force"}}
	first := aWrit(t, anExpungement())
	for name, tc := range map[string]struct {
		against []jurat.Reason
		by      jurat.Hand
		want    error
	}{
		"counsel": {nil, counsel, nil}, "a sworn supervisor": {nil, supervisor, nil}, "the same person": {nil, twin, jurat.Forbidden},
		"an officer": {nil, officer, jurat.Forbidden}, "under a hold": {hold, counsel, jurat.Conflict},
	} {
		after, _, err := first.Approve(7, tc.against, tc.by, morning)
		if !errors.Is(err, tc.want) || after.Done() != (tc.want == nil) || after.Done() && after.Events != 7 {
			t.Errorf("%s: %+v, %v; want %v", name, after, err, tc.want)
		}
	}
}

func TestWhatWritsLeaveToSee(t *testing.T) {
	inForce := func(r jurat.Writ, hours int) jurat.Writ {
		r, _, err := aWrit(t, r).Approve(1, nil, counsel, morning.Add(time.Duration(hours)*time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	unseal := aSealing()
	unseal.Kind, unseal.OpenTo = jurat.WritUnseal, nil
	sealed := jurat.Restriction{Sealed: true, OpenTo: []jurat.Role{jurat.RoleCounsel}}
	for name, tc := range map[string]struct {
		writs []jurat.Writ
		want  jurat.Restriction
	}{
		"none": {nil, jurat.Restriction{}}, "approved once": {[]jurat.Writ{aWrit(t, aSealing())}, jurat.Restriction{}},
		"sealed": {[]jurat.Writ{inForce(aSealing(), 1)}, sealed}, "unsealed": {[]jurat.Writ{inForce(aSealing(), 1), inForce(unseal, 2)}, jurat.Restriction{}},
		"sealed again, told out of order":      {[]jurat.Writ{inForce(aSealing(), 3), inForce(unseal, 2)}, sealed},
		"expunged, and nothing brings it back": {[]jurat.Writ{inForce(anExpungement(), 1), inForce(unseal, 2)}, jurat.Restriction{Expunged: true}},
	} {
		if got := jurat.Restrictions(tc.writs)[number]; !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%s: %+v, want %+v", name, got, tc.want)
		}
	}
}
