package desk_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/dossier"
	"jurat/internal/login"
	"jurat/internal/login/logintest"
)

const counterAt = "https://records.city.example"

// A booth is somebody signed in at the counter, with a passkey on the record.
type booth struct {
	record *desktest.Record
	porter *login.Porter
	device *logintest.Authenticator
	token  login.Token
	who    desk.Caller
	key    format.PersonKey
}

func newBooth(t testing.TB, r *desktest.Record, id jurat.PersonID) *booth {
	t.Helper()
	return newBoothAt(t, r, id, desktest.Noon)
}

func newBoothAt(t testing.TB, r *desktest.Record, id jurat.PersonID, now time.Time) *booth {
	t.Helper()
	ctx := t.Context()
	p, err := login.Open(login.Doors{
		Register: r.Register, Key: bytes.Repeat([]byte("k"), 32), Note: r.TurnedAway, Came: r.CameIn, Made: r.TokenMade, Ended: r.TokenEnded, Welcome: r.Welcome,
		Site: login.Site{Name: "Police department", RP: "records.city.example", Origins: []string{counterAt}},
	})
	must(t, err)
	link := login.NewLink()
	must(t, r.GiveLink(ctx, desk.Caller{}, now, id, link.Hash, now.Add(time.Hour)))
	token, _, err := p.ComeByLink(ctx, now, "192.0.2.7", link.Secret)
	must(t, err)
	b := &booth{record: r, porter: p, device: logintest.New(counterAt), who: desk.Caller{Person: id, Session: true}}
	ask, err := p.AskNewPasskey(ctx, now, token)
	must(t, err)
	k, keep, err := p.NewPasskey(ctx, now, token, ask.ID, "Station key", b.device.Make(t, ask.Options))
	must(t, err)
	b.key = k.Key
	_, err = r.AddKey(ctx, b.who, now, id, k.Key, keep)
	must(t, err)
	b.token, _, err = p.Settle(ctx, now, token)
	must(t, err)
	return b
}

// proof is the person's signature of an act, by their passkey.
func (b *booth) proof(t testing.TB, now time.Time, u desk.Unsigned) *format.Proof {
	t.Helper()
	ask, err := b.porter.AskSignature(t.Context(), now, b.token, u.Challenge)
	must(t, err)
	p, err := b.porter.Sign(t.Context(), now, b.token, u.Challenge, b.device.Get(t, ask.Options))
	must(t, err)
	return p
}

// sign does an act in two requests, and more when it signs more than once.
func (b *booth) sign(t testing.TB, now time.Time, do func(desk.Caller, time.Time) error) (signatures int) {
	t.Helper()
	u, err := b.record.Ready(t.Context(), b.who, now, do)
	must(t, err)
	for next := &u; next != nil; signatures++ {
		next, err = b.record.Commit(t.Context(), b.who, now.Add(time.Minute), next.ID, b.proof(t, now.Add(time.Minute), *next), do)
		must(t, err)
	}
	return signatures
}

// handedIn is a record of an officer's, which waits for approval.
func handedIn(t testing.TB, r *desktest.Record, in jurat.IncidentNumber) jurat.Record {
	t.Helper()
	return r.Added(t, "officer-4471", in, "activity", map[string]any{"activity_kinds": []string{"arrest"}, "force_seen": []string{"none_observed"}, "warrant_shown": "judicial"})
}

func TestAnActIsSignedInTwoRequests(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		r := desktest.CityOn(t, engine)
		in := r.Opened(t)
		r.Complete(t, in)
		rec := handedIn(t, r, in)
		b := newBooth(t, r, "supervisor-1102")
		approve := func(c desk.Caller, now time.Time) error {
			_, _, err := r.ApproveRecord(t.Context(), c, now, rec.ID)
			return err
		}
		before := snapshot(t, r)
		u, err := r.Ready(t.Context(), b.who, desktest.Noon, approve)
		must(t, err)
		if snapshot(t, r) != before {
			t.Error("a readied act left something on the record")
		}
		if u.Act != jurat.RecordApproved || u.Item != rec.Item() || !u.Until.Equal(at(5*time.Minute)) || u.Sentence != "I, supervisor-1102, approve record "+string(rec.ID)+" of incident "+string(in)+"." {
			t.Errorf("Ready: %+v", u)
		}
		draft, said, err := format.ReadDraft(u.Text)
		must(t, err)
		if draft.Challenge() != u.Challenge || said.Act != u.Act || said.Actor.Person != "supervisor-1102" || said.Actor.Via != jurat.ViaSession {
			t.Errorf("what is signed says %+v", said)
		}
		next, err := r.Commit(t.Context(), b.who, at(time.Minute), u.ID, b.proof(t, at(time.Minute), u), approve)
		must(t, err)
		if next != nil {
			t.Fatalf("one act asks for a second signature: %+v", next)
		}
		events := chain(t, r, in)
		last := events[len(events)-1]
		st, err := format.ReadLeaf(last.Leaf, append(last.Claims, last.Open))
		must(t, err)
		must(t, st.VerifyProof(b.key))
		if st.Act != jurat.RecordApproved || !st.At.Equal(desktest.Noon) || st.Proof.Kind != format.ProofWebAuthn || st.Proof.Origin() != counterAt || st.Claims[format.ClaimPayload] != draft.Payload {
			t.Errorf("on the record is %+v, signed %+v", st, st.Proof)
		}
		_, err = r.Commit(t.Context(), b.who, at(time.Minute), u.ID, st.Proof, approve)
		refused(t, err, jurat.Conflict, "signed already")
		provable(t, r)
		intact(t, r)
	})
}

// What was signed would be recorded over another state, by another person,
// long after, or twice.
func TestWhatWasSignedIsDoneAsItWasShownOrNotAtAll(t *testing.T) {
	r := desktest.City(t)
	in := r.Opened(t)
	r.Complete(t, in)
	rec := handedIn(t, r, in)
	b, other := newBooth(t, r, "supervisor-1102"), newBooth(t, r, "detective-2208")
	ctx := context.Background()
	approve := func(c desk.Caller, now time.Time) error {
		_, _, err := r.ApproveRecord(ctx, c, now, rec.ID)
		return err
	}
	ready := func() desk.Unsigned {
		t.Helper()
		u, err := r.Ready(ctx, b.who, desktest.Noon, approve)
		must(t, err)
		return u
	}
	u := ready()
	p := b.proof(t, desktest.Noon, u)
	_, err := r.Commit(ctx, b.who, u.Until.Add(time.Second), u.ID, p, approve)
	refused(t, err, jurat.Conflict, "more than five minutes ago")

	u = ready()
	_, err = r.Commit(ctx, other.who, desktest.Noon, u.ID, b.proof(t, desktest.Noon, u), approve)
	refused(t, err, jurat.Conflict, "Begin again")

	u = ready()
	_, err = r.Commit(ctx, b.who, desktest.Noon, u.ID, p, approve)
	refused(t, err, jurat.Forbidden, "is not by their key over this act")

	u = ready()
	stolen := other.proof(t, desktest.Noon, u)
	_, err = r.Commit(ctx, b.who, desktest.Noon, u.ID, stolen, approve)
	refused(t, err, jurat.Forbidden, "is not one recorded for")

	u = ready()
	another := handedIn(t, r, in)
	next, err := r.Commit(ctx, b.who, desktest.Noon, u.ID, b.proof(t, desktest.Noon, u), func(c desk.Caller, now time.Time) error {
		_, _, err := r.ApproveRecord(ctx, c, now, another.ID)
		return err
	})
	must(t, err) // another act than the one shown: it is shown now, and nothing is done
	if next == nil || next.Item != another.Item() {
		t.Fatalf("it was done: %+v", next)
	}

	u = ready()
	p = b.proof(t, desktest.Noon, u)
	_, err = r.DropKey(ctx, desk.Caller{Person: "administrator-1"}, desktest.Noon, "supervisor-1102", b.key.Thumbprint(), "the key was lost")
	must(t, err)
	_, err = r.Commit(ctx, b.who, desktest.Noon, u.ID, p, approve)
	refused(t, err, jurat.Forbidden, "is not one recorded for")
	_, err = r.AddKey(ctx, b.who, desktest.Noon, "supervisor-1102", b.key)
	must(t, err)

	u = ready()
	p = b.proof(t, desktest.Noon, u)
	_, _, err = r.ReturnRecord(ctx, b.who, desktest.Noon, rec.ID, "the place is missing")
	must(t, err)
	_, err = r.Commit(ctx, b.who, desktest.Noon, u.ID, p, approve)
	refused(t, err, jurat.Conflict, "")
	if _, _, err = r.SubmitRecord(ctx, r.As("officer-4471"), at(time.Second), rec.ID); err == nil {
		// The same words again are another version: not what was shown.
		_, err = r.Commit(ctx, b.who, desktest.Noon, u.ID, p, approve)
		refused(t, err, jurat.Conflict, "")
	}

	_, err = r.Ready(ctx, other.who, desktest.Noon, func(c desk.Caller, now time.Time) error {
		_, _, err := r.ApproveRecord(ctx, c, now, another.ID)
		return err
	})
	refused(t, err, jurat.Forbidden, "may not do this here")
	_, err = r.Ready(ctx, b.who, desktest.Noon, func(desk.Caller, time.Time) error { return nil })
	refused(t, err, jurat.Conflict, "nothing to be signed")
	_, err = r.Ready(ctx, desk.Caller{}, desktest.Noon, func(desk.Caller, time.Time) error {
		t.Error("an act was done for nobody")
		return nil
	})
	refused(t, err, jurat.Forbidden, "nobody is there who could sign")
	for _, e := range chain(t, r, in) {
		if e.Act == jurat.RecordApproved && (e.Item == rec.Item() || e.Item == another.Item()) {
			t.Error("an approval is on the record")
		}
	}
	provable(t, r)
	intact(t, r)
}

// Of a method that signs several acts, each is signed for itself, and until all
// are, none is done.
func TestEachOfSeveralActsIsSigned(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		r := desktest.CityOn(t, engine)
		in, film, _ := filmedTwice(t, r)
		late := at(100 * oneDay)
		settled(t, r, in, late)
		first, second := newBoothAt(t, r, "records-3", late), newBoothAt(t, r, "counsel-3", late)
		var x jurat.Disposal
		first.sign(t, late, func(c desk.Caller, now time.Time) (err error) {
			x, _, err = r.ApproveDisposal(t.Context(), c, now, in, desk.Disposing{Certificate: "12-345", Backups: late.Add(35 * oneDay), Items: []jurat.ItemID{film}})
			return err
		})
		if n := second.sign(t, late, func(c desk.Caller, now time.Time) (err error) {
			_, _, err = r.CarryOutDisposal(t.Context(), c, now, x.ID)
			return err
		}); n != 2 {
			t.Errorf("%d signatures, want one of the disposal and one of the exhibit", n)
		}
		if x.OneOperator || blobs(t, r) != 0 {
			t.Errorf("carried out by one operator: %v; %d blobs are left", x.OneOperator, blobs(t, r))
		}
		intact(t, r)
	})
}

// A person at a counter without passkeys, or without a script, signs what they
// took away.
func TestAKeyFileSignsWhatWasTakenAway(t *testing.T) {
	r := desktest.City(t)
	in := r.Opened(t)
	r.Complete(t, in)
	rec := handedIn(t, r, in)
	who := desk.Caller{Person: "supervisor-1102", Session: true}
	approve := func(c desk.Caller, now time.Time) error {
		_, _, err := r.ApproveRecord(t.Context(), c, now, rec.ID)
		return err
	}
	refused(t, approve(who, desktest.Noon), jurat.Forbidden, "needs the person's own signature")
	u, err := r.Ready(t.Context(), who, desktest.Noon, approve)
	must(t, err)
	draft, _, err := format.ReadDraft(u.Text)
	must(t, err)
	proof, err := r.Keys["supervisor-1102"].Sign(draft)
	must(t, err)
	text, err := format.MarshalProof(*proof)
	must(t, err)
	read, err := format.ParseProof(append(text, '\n'))
	must(t, err)
	next, err := r.Commit(t.Context(), who, at(time.Minute), u.ID, read, approve)
	must(t, err)
	if next != nil {
		t.Error("it asks again")
	}
	for _, e := range chain(t, r, in) {
		if strings.Contains(string(u.Text), "sealed") || e.Act == jurat.RecordApproved && e.Person != "supervisor-1102" {
			t.Errorf("%s by %s", e.Act, e.Person)
		}
	}
	provable(t, r)
	intact(t, r)
}

// The main job's acts, signed at the counter by passkeys, are as good for the
// receiver as those signed with key files.
func TestADossierOfActsSignedWithPasskeysIsIntact(t *testing.T) {
	city, _ := neighbours(t, desktest.SQLite)
	in := city.Opened(t)
	city.Complete(t, in)
	detective, supervisor := newBooth(t, city, "detective-2208"), newBooth(t, city, "supervisor-1102")
	ctx := t.Context()
	var r jurat.Referral
	detective.sign(t, desktest.Noon, func(c desk.Caller, now time.Time) (err error) {
		r, _, err = city.PrepareReferral(ctx, c, now, in, desk.Referring{To: "county-prosecutor", Allegations: []jurat.ItemID{jurat.NumberItem(in, jurat.NounAllegation, 1)}, Scope: "force", Reason: "the film"})
		return err
	})
	detective.sign(t, desktest.Noon, func(c desk.Caller, now time.Time) (err error) {
		_, _, err = city.AttestReferral(ctx, c, now, r.ID, true)
		return err
	})
	supervisor.sign(t, desktest.Noon, func(c desk.Caller, now time.Time) (err error) {
		r, _, err = city.ApproveReferral(ctx, c, now, r.ID)
		return err
	})
	if r.OneOperator {
		t.Error("two people at the counter are called one operator")
	}
	// A key that is taken off later takes nothing from what it signed.
	_, err := city.DropKey(ctx, detective.who, desktest.Noon, "detective-2208", detective.key.Thumbprint(), "a new passkey")
	must(t, err)
	zip, _ := city.Send(t, r.ID, desktest.Noon)
	trust, err := city.Trust().Marshal()
	must(t, err)
	report := dossier.Verify(ctx, zip, dossier.Options{Trust: trust})
	if report.Answer != dossier.Intact {
		t.Errorf("verify answers %s: %+v", report.Answer, report.Findings)
	}
	if !slices.ContainsFunc(report.Notes, func(n string) bool { return strings.Contains(n, counterAt) }) {
		t.Errorf("verify does not say where the passkeys signed: %q", report.Notes)
	}
	provable(t, city)
	intact(t, city)
}
