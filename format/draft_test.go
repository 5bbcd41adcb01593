package format

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
)

const testOrigin = "records.city.example/jurat"

// A testRandom is a stream anybody can make again from its name, as
// testdata/leaf/make.py does. It is not random.
type testRandom struct {
	name string
	n    uint64
	left []byte
}

func (r *testRandom) Read(b []byte) (int, error) {
	for len(r.left) < len(b) {
		sum := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(r.name), r.n))
		r.left = append(r.left, sum[:]...)
		r.n++
	}
	n := copy(b, r.left)
	r.left = r.left[n:]
	return n, nil
}

func testKey(t testing.TB, n byte) ed25519.PrivateKey {
	t.Helper()
	seed := make([]byte, ed25519.SeedSize)
	for i := range seed {
		seed[i] = n
	}
	return ed25519.NewKeyFromSeed(seed)
}

func testEvent() jurat.Event {
	return jurat.Event{
		Act:    "exhibit.received",
		Actor:  jurat.Actor{Person: "officer-4471", Office: "police", Role: jurat.RoleOfficer, Via: jurat.ViaKey},
		Orders: []jurat.OrderVersion{{ID: "chicago-eo-2026-01", Digest: jurat.DigestOf([]byte("the order"))}},
		Item:   jurat.Item{Noun: jurat.NounExhibit, ID: "2026-000001-E1"},
		Value:  map[string]any{"kind": "bwc", "size": 4096, "name": "body camera <1> & \"2\""},
		Sealed: map[jurat.Class]any{jurat.ClassIdentity: map[string]string{"badge": "unknown"}, jurat.ClassMinor: true},
		Note:   "received at the counter\nby hand",
	}
}

func testPlace() Place {
	return Place{
		ID: "0193b0c6-7d30-7abc-8def-0123456789ab", At: time.Date(2026, 11, 22, 8, 9, 10, 123456789, time.FixedZone("", 3600)),
		Incident: "2026-000001", Seq: 7, Prev: tlog.Hash{1, 2, 3},
	}
}

func testSheet(t testing.TB, ev jurat.Event, p Place, salts io.Reader) (Draft, Sheet) {
	t.Helper()
	d, err := NewDraft(ev, salts)
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.Place(p, testOrigin, salts)
	if err != nil {
		t.Fatal(err)
	}
	return d, s
}

func TestALeafSaysWhatTheEventSaid(t *testing.T) { // L2…L7
	t.Parallel()
	ev, p := testEvent(), testPlace()
	d, err := NewDraft(ev, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key := testKey(t, 1)
	p.Proof = d.Sign("officer-4471", key)
	sheet, err := d.Place(p, testOrigin, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ReadLeaf(sheet.Leaf, sheet.Disclosures())
	if err != nil {
		t.Fatal(err)
	}
	if s.Issuer != testOrigin || s.ID != p.ID || s.Act != ev.Act || s.Actor != ev.Actor || len(s.Orders) != 1 || s.Orders[0] != ev.Orders[0] ||
		s.Incident != p.Incident || s.Seq != p.Seq || s.Prev != p.Prev {
		t.Errorf("the statement differs from the event: %+v", s)
	}
	if !s.At.Equal(jurat.At(p.At)) || s.At.Nanosecond() != 123456000 {
		t.Errorf("at %v, want %v", s.At, jurat.At(p.At))
	}
	if err := s.VerifyProof(NewJWK(key.Public().(ed25519.PublicKey)).PersonKey()); err != nil {
		t.Error(err)
	}
	open, err := s.Open()
	if err != nil {
		t.Fatal(err)
	}
	var value map[string]any
	if err := json.Unmarshal(open.Value, &value); err != nil {
		t.Fatal(err)
	}
	if open.Item != ev.Item || open.Note != ev.Note || value["name"] != "body camera <1> & \"2\"" {
		t.Errorf("open part %+v", open)
	}
	if string(s.Values[jurat.ClassIdentity]) != `{"badge":"unknown"}` || string(s.Values[jurat.ClassMinor]) != "true" || len(s.Parts) != 3 {
		t.Errorf("parts %v", s.Values)
	}
	claims, classes := s.Absent()
	if len(claims) != 0 || len(classes) != 5 {
		t.Errorf("absent: %v %v", claims, classes)
	}
}

func TestLeavesOfTheHouseAndOfIncidentsLookAlike(t *testing.T) { // L3, L5
	t.Parallel()
	house := testPlace()
	house.Incident, house.Seq, house.Prev = "", 0, tlog.Hash{}
	plain := testEvent()
	plain.Sealed = nil
	_, a := testSheet(t, testEvent(), testPlace(), rand.Reader)
	_, b := testSheet(t, plain, house, rand.Reader)
	if len(a.Leaf) != len(b.Leaf) {
		t.Errorf("leaves of %d and %d bytes", len(a.Leaf), len(b.Leaf))
	}
	s, err := ReadLeaf(b.Leaf, b.Disclosures())
	if err != nil {
		t.Fatal(err)
	}
	if s.Has(ClaimIncident) || s.Has(ClaimIncidentSeq) || s.Has(ClaimIncidentPrev) || s.Has(ClaimActorProof) {
		t.Error("an act of the house claims an incident or a proof")
	}
	sa, _ := ReadLeaf(a.Leaf, a.Disclosures())
	if len(sa.Claims[ClaimPayload]) != len(s.Claims[ClaimPayload]) {
		t.Error("the payload's length tells how many parts are sealed")
	}
}

func TestAnyOneClaimIsProvedAlone(t *testing.T) { // L4, L6
	t.Parallel()
	_, sheet := testSheet(t, testEvent(), testPlace(), rand.Reader)
	for _, d := range sheet.Claims {
		s, err := ReadLeaf(sheet.Leaf, []Disclosure{d})
		if err != nil {
			t.Fatal(err)
		}
		if name, _, _ := d.Open(); len(s.Claims) != 1 || !s.Has(Claim(name)) {
			t.Errorf("%s alone: %v", name, s.Claims)
		}
	}
	if s, err := ReadLeaf(sheet.Leaf, nil); err != nil || len(s.Claims) != 0 {
		t.Errorf("a leaf with nothing disclosed: %v", err)
	}
}

func TestADisclosureTheLeafDoesNotCommitToIsAltered(t *testing.T) { // L7
	t.Parallel()
	d, sheet := testSheet(t, testEvent(), testPlace(), rand.Reader)
	_, other := testSheet(t, testEvent(), testPlace(), rand.Reader)
	part := sheet.Parts[jurat.ClassIdentity]
	flip := []byte(sheet.Claims[2])
	flip[30] ^= 1
	for _, tc := range []struct {
		name string
		ds   []Disclosure
	}{
		{"of another leaf", []Disclosure{other.Claims[0]}},
		{"with a bit flipped", []Disclosure{Disclosure(flip)}},
		{"given twice", []Disclosure{d.Act, d.Act}},
		{"a part without its payload", []Disclosure{part}},
		{"empty", []Disclosure{""}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := ReadLeaf(sheet.Leaf, tc.ds); !errors.Is(err, jurat.Altered) {
				t.Errorf("got %v, want altered", err)
			}
		})
	}
}

func TestWhatCannotBeOnTheRecordIsRefused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		with func(*jurat.Event, *Place)
	}{
		{"an act without a verb", func(ev *jurat.Event, _ *Place) { ev.Act = "exhibit" }},
		{"an unknown class", func(ev *jurat.Event, _ *Place) { ev.Sealed = map[jurat.Class]any{"secret": 1} }},
		{"the open class, sealed", func(ev *jurat.Event, _ *Place) { ev.Sealed = map[jurat.Class]any{jurat.ClassOpen: 1} }},
		{"a note that is not UTF-8", func(ev *jurat.Event, _ *Place) { ev.Note = "\xff" }},
		{"a value that is not UTF-8", func(ev *jurat.Event, _ *Place) { ev.Value = map[string]string{"a": "x\xff"} }},
		{"a value with a reserved name", func(ev *jurat.Event, _ *Place) { ev.Value = map[string]any{"a": []any{map[string]int{"_sd": 1}}} }},
		{"a value with a member twice", func(ev *jurat.Event, _ *Place) { ev.Value = json.RawMessage(`{"a":1,"a":2}`) }},
		{"a value with two values", func(ev *jurat.Event, _ *Place) { ev.Value = json.RawMessage(`1,"note":"x"`) }},
		{"a value no JSON can hold", func(ev *jurat.Event, _ *Place) { ev.Value = func() {} }},
		{"no means", func(ev *jurat.Event, _ *Place) { ev.Actor.Via = "" }},
		{"an order without digest", func(ev *jurat.Event, _ *Place) { ev.Orders = []jurat.OrderVersion{{ID: "x"}} }},
		{"a random id", func(_ *jurat.Event, p *Place) { p.ID = "0193b0c6-7d30-4abc-8def-0123456789ab" }},
		{"no time", func(_ *jurat.Event, p *Place) { p.At = time.Time{} }},
		{"a first event with a previous one", func(_ *jurat.Event, p *Place) { p.Seq = 0 }},
		{"a later event without a previous one", func(_ *jurat.Event, p *Place) { p.Prev = tlog.Hash{} }},
		{"a number before the first", func(_ *jurat.Event, p *Place) { p.Seq = -1 }},
		{"a misspelt incident", func(_ *jurat.Event, p *Place) { p.Incident = "2026-1" }},
		{"a proof without signature", func(_ *jurat.Event, p *Place) { p.Proof = &Proof{Kind: ProofEd25519, Person: "a"} }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ev, p := testEvent(), testPlace()
			tc.with(&ev, &p)
			d, err := NewDraft(ev, rand.Reader)
			if err == nil {
				_, err = d.Place(p, testOrigin, rand.Reader)
			}
			if !errors.Is(err, jurat.Invalid) {
				t.Errorf("got %v, want invalid", err)
			}
		})
	}
	d, _ := testSheet(t, testEvent(), testPlace(), rand.Reader)
	for _, origin := range []string{"", "a b", "a+b", `a"b`, `a\b`, "ä", strings.Repeat("a", 201)} {
		if _, err := d.Place(testPlace(), origin, rand.Reader); !errors.Is(err, jurat.Invalid) {
			t.Errorf("issuer %q: %v", origin, err)
		}
	}
}

func TestWithoutRandomnessNothingIsMade(t *testing.T) {
	t.Parallel()
	if _, err := NewDraft(testEvent(), strings.NewReader("too short")); !errors.Is(err, jurat.Unavailable) {
		t.Error(err)
	}
}

func TestAProofIsOfOneActByOneKey(t *testing.T) { // L9
	t.Parallel()
	d, _ := testSheet(t, testEvent(), testPlace(), rand.Reader)
	other, _ := testSheet(t, testEvent(), testPlace(), rand.Reader)
	key, stranger := testKey(t, 1), testKey(t, 2)
	jwk := NewJWK(key.Public().(ed25519.PublicKey)).PersonKey()
	proof := d.Sign("officer-4471", key)
	if err := proof.Verify(d, jwk); err != nil {
		t.Error(err)
	}
	if err := proof.Verify(other, jwk); !errors.Is(err, jurat.Altered) {
		t.Errorf("over another act: %v", err)
	}
	if err := proof.Verify(d, NewJWK(stranger.Public().(ed25519.PublicKey)).PersonKey()); !errors.Is(err, jurat.Unavailable) {
		t.Errorf("with another key: %v", err)
	}
	// Signed by one person, claimed of another.
	p := testPlace()
	p.Proof = d.Sign("officer-1", key)
	sheet, err := d.Place(p, testOrigin, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ReadLeaf(sheet.Leaf, sheet.Disclosures())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.VerifyProof(jwk); !errors.Is(err, jurat.Altered) {
		t.Errorf("a proof by another person: %v", err)
	}
	s, _ = ReadLeaf(sheet.Leaf, sheet.Claims[:3])
	if err := s.VerifyProof(jwk); !errors.Is(err, jurat.Unavailable) {
		t.Errorf("with claims withheld: %v", err)
	}
}

func BenchmarkNewDraftAndPlace(b *testing.B) {
	ev, p := testEvent(), testPlace()
	ev.Sealed = nil
	ev.Value = struct {
		Kind   string       `json:"kind"`
		Size   int64        `json:"size"`
		Digest jurat.Digest `json:"digest"`
	}{"photo", 204800, jurat.DigestOf([]byte("x"))}
	b.ReportAllocs()
	for b.Loop() {
		d, err := NewDraft(ev, rand.Reader)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := d.Place(p, testOrigin, rand.Reader); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadLeaf(b *testing.B) {
	_, s := testSheet(b, testEvent(), testPlace(), rand.Reader)
	ds := s.Disclosures()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadLeaf(s.Leaf, ds); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPlace is the part that runs inside the committer.
func BenchmarkPlace(b *testing.B) {
	p := testPlace()
	d, err := NewDraft(testEvent(), rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Place(p, testOrigin, rand.Reader); err != nil {
			b.Fatal(err)
		}
	}
}
