package desk_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"strings"
	"testing"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/login"
)

// A forger signs what it likes, in whose name it likes.
type forger struct {
	as  jurat.PersonID
	key ed25519.PrivateKey
}

func (f forger) Sign(d format.Draft) (*format.Proof, error) { return d.Sign(f.as, f.key), nil }

// signedActs tries every act that needs the person's own signature, where
// nothing else stands in its way.
func signedActs(t *testing.T) (city, county *desktest.Record, acts map[jurat.Act]func(sign func(jurat.PersonID, *desktest.Record) desk.Caller) error) {
	city, county = neighbours(t, desktest.SQLite)
	ctx := t.Context()
	in := city.Opened(t)
	city.Complete(t, in)
	draft := got[jurat.Record, desk.Done](t)(city.AddRecord(ctx, city.As("officer-4471"), desktest.Noon, in, desk.Words{Type: "activity", Fields: []byte(`{}`)}))
	approve := city.Added(t, "officer-4471", in, "activity", map[string]any{"activity_kinds": []string{"arrest"}, "force_seen": []string{"none_observed"}, "warrant_shown": "judicial"})
	prepared := city.Prepared(t, in)
	sent, ready := city.Approved(t), city.Approved(t)
	_, sealed := city.Send(t, sent.ID, desktest.Noon)
	x := taken(t, county, sealed, "")
	return city, county, map[jurat.Act]func(func(jurat.PersonID, *desktest.Record) desk.Caller) error{
		jurat.RecordSubmitted: func(as func(jurat.PersonID, *desktest.Record) desk.Caller) error {
			_, _, err := city.SubmitRecord(ctx, as("officer-4471", city), desktest.Noon, draft.ID)
			return err
		},
		jurat.RecordApproved: func(as func(jurat.PersonID, *desktest.Record) desk.Caller) error {
			_, _, err := city.ApproveRecord(ctx, as("supervisor-1102", city), desktest.Noon, approve.ID)
			return err
		},
		jurat.ReferralPrepared: func(as func(jurat.PersonID, *desktest.Record) desk.Caller) error {
			_, _, err := city.PrepareReferral(ctx, as("detective-2208", city), desktest.Noon, in, desk.Referring{To: "county-prosecutor", Allegations: []jurat.ItemID{jurat.NumberItem(in, jurat.NounAllegation, 1)}, Scope: "force", Reason: "again"})
			return err
		},
		jurat.ReferralAttested: func(as func(jurat.PersonID, *desktest.Record) desk.Caller) error {
			_, _, err := city.AttestReferral(ctx, as("detective-2208", city), desktest.Noon, prepared.ID, true)
			return err
		},
		jurat.ReferralApproved: func(as func(jurat.PersonID, *desktest.Record) desk.Caller) error {
			_, _, err := city.ApproveReferral(ctx, as("supervisor-1102", city), desktest.Noon, prepared.ID)
			return err
		},
		jurat.DossierSealed: func(as func(jurat.PersonID, *desktest.Record) desk.Caller) error { // and sent, and the referral with it
			_, _, err := city.SendReferral(ctx, as("detective-2208", city), desktest.Noon, ready.ID, desk.Sending{Out: desktest.Empty(t), PlainReason: "no key"})
			return err
		},
		jurat.DossierReceipt: func(as func(jurat.PersonID, *desktest.Record) desk.Caller) error {
			_, _, err := county.SignReceipt(ctx, as("prosecutor-12", county), desktest.Noon, x.ID)
			return err
		},
		jurat.DossierDecided: func(as func(jurat.PersonID, *desktest.Record) desk.Caller) error {
			_, _, err := county.Decide(ctx, as("prosecutor-12", county), desktest.Noon, x.ID, jurat.ReferralReview, "assigned")
			return err
		},
	}
}

// §6: approve, refer, send, receipt, decide, sworn report: always by the
// person's own key, on the record.
func TestASignedActTakesThePersonsOwnKey(t *testing.T) {
	city, county, acts := signedActs(t)
	_, stranger, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	strangersKey, err := login.NewKey("officer-4472", rand.Reader)
	must(t, err)
	for _, tc := range []struct {
		name string
		as   func(jurat.PersonID, *desktest.Record) desk.Caller
		say  string
	}{
		{"no key at all", func(id jurat.PersonID, _ *desktest.Record) desk.Caller { return desk.Caller{Person: id} }, "needs the person's own signature"},
		{"a key not on record", func(id jurat.PersonID, _ *desktest.Record) desk.Caller {
			return desk.Caller{Person: id, Signer: forger{as: id, key: stranger}}
		}, "is not one recorded for"},
		{"another person's key", func(id jurat.PersonID, _ *desktest.Record) desk.Caller {
			return desk.Caller{Person: id, Signer: strangersKey}
		}, "is not one recorded for"},
		{"another person's key in this person's name", func(id jurat.PersonID, r *desktest.Record) desk.Caller {
			return desk.Caller{Person: id, Signer: renamed{r.Keys["administrator-1"], id}}
		}, "is not one recorded for"},
		{"this person's key in another person's name", func(id jurat.PersonID, r *desktest.Record) desk.Caller {
			return desk.Caller{Person: id, Signer: renamed{r.Keys[id], "administrator-1"}}
		}, "is not one recorded for"},
		{"a signature over another act", func(id jurat.PersonID, r *desktest.Record) desk.Caller {
			return desk.Caller{Person: id, Signer: spoilt{r.Keys[id]}}
		}, "is not by their key over this act"},
	} {
		for act, try := range acts {
			t.Run(tc.name+" "+string(act), func(t *testing.T) {
				before, beforeCounty := snapshot(t, city), snapshot(t, county)
				lines := len(journal(t, city, 0)) + len(journal(t, county, 0))
				refused(t, try(tc.as), jurat.Forbidden, tc.say)
				if snapshot(t, city) != before || snapshot(t, county) != beforeCounty {
					t.Error("something was recorded")
				}
				if now := len(journal(t, city, 0)) + len(journal(t, county, 0)); now == lines && tc.name == "no key at all" {
					t.Error("the attempt is not in the journal")
				}
			})
		}
	}
	for act, try := range acts {
		t.Run("the person's own key "+string(act), func(t *testing.T) {
			must(t, try(func(id jurat.PersonID, r *desktest.Record) desk.Caller { return r.As(id) }))
		})
	}
	// Every one of them carries a proof that format verifies by the key recorded.
	seen := map[jurat.Act]bool{}
	for _, r := range []*desktest.Record{city, county} {
		for _, in := range []jurat.IncidentNumber{"2026-000001", "2026-000002", "2026-000003"} {
			for _, e := range chain(t, r, in) {
				if !jurat.Signed(e.Act) {
					continue
				}
				st, err := format.ReadLeaf(e.Leaf, append(e.Claims, e.Open))
				must(t, err)
				if st.Proof == nil || st.Proof.Person != st.Actor.Person || st.Actor.Via != jurat.ViaKey {
					t.Fatalf("%s has the proof %+v of %+v", e.Act, st.Proof, st.Actor)
				}
				must(t, st.VerifyProof(r.Keys[st.Proof.Person].Public()))
				seen[e.Act] = true
			}
		}
	}
	for act := range acts {
		if !seen[act] {
			t.Errorf("no %s was seen", act)
		}
	}
}

// renamed is somebody's key that claims to be another's.
type renamed struct {
	login.Key
	as jurat.PersonID
}

func (r renamed) Sign(d format.Draft) (*format.Proof, error) {
	p, err := r.Key.Sign(d)
	if err == nil {
		p.Person = r.as
	}
	return p, err
}

// spoilt signs something else.
type spoilt struct{ login.Key }

func (s spoilt) Sign(d format.Draft) (*format.Proof, error) {
	p, err := s.Key.Sign(d)
	if err == nil {
		p.Signature[0] ^= 1
	}
	return p, err
}

func TestWhoIsRetiredSignsNothing(t *testing.T) {
	r := desktest.City(t)
	ctx, in := t.Context(), r.Opened(t)
	rec := r.Added(t, "officer-4471", in, "activity", map[string]any{})
	_, err := r.RetirePerson(ctx, r.As("administrator-1"), desktest.Noon, "supervisor-1102", "left the office")
	must(t, err)
	_, _, err = r.ReturnRecord(ctx, r.As("supervisor-1102"), desktest.Noon, rec.ID, "again")
	refused(t, err, jurat.NotFound, "there is no incident")
	lines := journal(t, r, 0)
	if last := lines[len(lines)-1]; !strings.Contains(last.Detail, "wall-retired") || !strings.Contains(last.Detail, `"alert":true`) {
		t.Errorf("the journal says %+v", last)
	}
	_, err = r.AddKey(ctx, r.As("administrator-1"), desktest.Noon, "supervisor-1102", r.Keys["supervisor-1102"].Public())
	refused(t, err, jurat.Conflict, "is retired")
}

// An older key still signs, and is still checked: keys are added, never replaced.
func TestANewKeyLeavesTheOldOneGood(t *testing.T) {
	r := desktest.City(t)
	ctx, in := t.Context(), r.Opened(t)
	second, err := login.NewKey("officer-4471", rand.Reader)
	must(t, err)
	_, _, err = r.AddRecord(ctx, desk.Caller{Person: "officer-4471", Signer: second}, desktest.Noon, in, desk.Words{Type: "activity", Fields: []byte(`{}`)})
	refused(t, err, jurat.Forbidden, "is not one recorded for")
	_, err = r.AddKey(ctx, r.As("administrator-1"), desktest.Noon, "officer-4471", second.Public())
	must(t, err)
	for _, signer := range []login.Key{second, r.Keys["officer-4471"]} {
		_, _, err := r.AddRecord(ctx, desk.Caller{Person: "officer-4471", Signer: signer}, desktest.Noon, in, desk.Words{Type: "activity", Fields: []byte(`{}`)})
		must(t, err)
	}
}
