package format

import (
	"crypto/ed25519"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"jurat"
)

// Two offices that name one witness must not make what is pinned unreadable.
func TestTrustsAreMerged(t *testing.T) { // L17
	t.Parallel()
	one := testTrust(t)
	logKey, err := LogKey("county.example/log", testKey(t, 4).Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	other := Trust{Offices: []TrustedOffice{{Name: "County prosecutor", Origin: "county.example/log", Log: []string{logKey}}}, Witnesses: one.Witnesses, Quorum: 1}
	one.Offices = one.Offices[:1]
	got, err := MergeTrust(one, other, one)
	if err != nil || len(got.Offices) != 2 || !slices.Equal(got.Witnesses, one.Witnesses) || got.Quorum != 1 {
		t.Fatalf("merged: %+v, %v", got, err)
	}
	if none, err := MergeTrust(); err != nil || len(none.Offices) != 0 {
		t.Errorf("nothing merged: %+v, %v", none, err)
	}
	rival, err := WitnessKey("clerk.example/w", testKey(t, 5).Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	otherOffice := one
	otherOffice.Offices = slices.Clone(one.Offices)
	otherOffice.Offices[0].Age = nil
	for name, with := range map[string]Trust{
		"the witness clerk.example/w is trusted here with another key": {Witnesses: []string{rival}, Quorum: 1},
		"the log city.example/log is trusted here as that of":          otherOffice,
		"do not go together": {Offices: []TrustedOffice{{Name: "Town", Origin: "town.example/log", Office: one.Offices[0].Office}}},
	} {
		if _, err := MergeTrust(one, with); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v; want %q", err, name)
		} else {
			want(t, err, jurat.Conflict)
		}
	}
}

// An office keeps its key for letters when its log is continued.
func TestOneOfficeMayHaveTwoLogs(t *testing.T) { // L17
	t.Parallel()
	trust := testTrust(t)
	first := trust.Offices[0]
	next := first
	next.Origin = "city.example/log-2"
	next.Log = nil
	trust.Offices = []TrustedOffice{next, first}
	if _, err := trust.Marshal(); err != nil {
		t.Error(err)
	}
	trust.Offices[0].Name = "Another office"
	_, err := trust.Marshal()
	want(t, err, jurat.Invalid)
	trust.Offices = []TrustedOffice{first}
	trust.Offices[0].Office = append(slices.Clone(first.Office), first.Office...)
	_, err = trust.Marshal()
	want(t, err, jurat.Invalid)
}

func TestTheEndOfALogIsRead(t *testing.T) { // L22
	t.Parallel()
	note := func(origin string, size int64) string {
		return Checkpoint{Origin: origin, Size: size}.Text() + "\n— " + origin + " AAAAAAA=\n"
	}
	next, err := LogKey("city.example/log-2", testKey(t, 4).Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	const origin = "city.example/log"
	good := Gap{Origin: origin, Checkpoint: note(origin, 7), Size: 7, Kept: 5, Next: next}
	for _, tc := range []struct {
		name   string
		change func(*Gap)
		kind   jurat.Kind
	}{
		{"", func(*Gap) {}, ""},
		{"of another size than its checkpoint", func(g *Gap) { g.Size = 8 }, jurat.Altered},
		{"with another log's checkpoint", func(g *Gap) { g.Checkpoint = note("town.example/log", 7) }, jurat.Altered},
		{"with more kept than there were", func(g *Gap) { g.Kept = 8 }, jurat.Altered},
		{"continued by itself", func(g *Gap) { g.Origin, g.Checkpoint = "city.example/log-2", note("city.example/log-2", 7) }, jurat.Altered},
		{"without a checkpoint", func(g *Gap) { g.Checkpoint = "" }, jurat.Unavailable},
		{"without the next key", func(g *Gap) { g.Next = "" }, jurat.Unavailable},
	} {
		g := good
		tc.change(&g)
		raw, err := json.Marshal(g)
		if err != nil {
			t.Fatal(err)
		}
		_, last, to, err := ParseGap(raw)
		if tc.kind != "" {
			want(t, err, tc.kind)
		} else if err != nil || last.Size != 7 || to != "city.example/log-2" {
			t.Errorf("%+v, %s, %v", last, to, err)
		}
	}
	_, _, _, err = ParseGap(json.RawMessage("[]"))
	want(t, err, jurat.Unavailable)
}
