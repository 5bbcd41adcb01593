package jurat_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"jurat"

	"pgregory.net/rapid"
)

// anybody draws somebody: with some luck the one person who may.
func anybody(t *rapid.T) jurat.Hand {
	return rapid.SampledFrom([]jurat.Hand{officer, partner, supervisor, second, detective, counsel, prosecutor, auditor, mayor, operator, unsworn(supervisor)}).Draw(t, "by")
}

// A history is one thing and the events that made it what it is.
type history[T any] struct {
	now    T
	at     time.Time
	events []jurat.Event
	spelt  []string // each event as it was when it was made
}

// step takes an act: a refusal leaves everything as it was, and an act that is
// allowed gives the value its event carries. It reports whether it was allowed.
func (h *history[T]) step(t *rapid.T, v T, ev jurat.Event, err error) bool {
	h.at = h.at.Add(time.Minute)
	if err != nil {
		if !reflect.DeepEqual(v, h.now) || ev.Act != "" {
			t.Fatalf("a refused act (%v) left %+v and %q", err, v, ev.Act)
		}
		return false
	}
	if !reflect.DeepEqual(ev.Value, any(v)) {
		t.Fatalf("%s carries another value", ev.Act)
	}
	b, _ := json.Marshal(ev)
	h.now, h.events, h.spelt = v, append(h.events, ev), append(h.spelt, string(b))
	return true
}

// past fails when an event is not what it was when it was made.
func (h *history[T]) past(t *rapid.T) {
	for i, ev := range h.events {
		if b, _ := json.Marshal(ev); string(b) != h.spelt[i] {
			t.Fatalf("event %d (%s) was changed afterwards:\n%s\nwas\n%s", i, ev.Act, b, h.spelt[i])
		}
	}
}

func TestARecordWalkedAtRandom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, ev, err := jurat.AddRecord(id(jurat.NounRecord, 1), jurat.TypeReport, "", jurat.Writing{}, rapid.SampledFrom([]jurat.Hand{officer, supervisor}).Draw(t, "author"), night)
		h := &history[jurat.Record]{at: night}
		h.step(t, r, ev, err)
		texts := map[int]string{1: "{}"} // by version, as written
		var sealedAs string              // the record as approved
		n := 0
		t.Repeat(map[string]func(*rapid.T){
			"amend": func(t *rapid.T) {
				n++
				text := `{"narrative":"` + strconv.Itoa(n) + `"}`
				r, ev, err := h.now.Amend(fields(text), anybody(t), "", h.at)
				if h.step(t, r, ev, err) {
					texts[h.now.Version] = text
				}
			},
			"submit": func(t *rapid.T) {
				r, ev, err := h.now.Submit(anybody(t), h.at)
				h.step(t, r, ev, err)
			},
			"return": func(t *rapid.T) {
				r, ev, err := h.now.Return(anybody(t), "say when", h.at)
				h.step(t, r, ev, err)
			},
			"approve": func(t *rapid.T) {
				r, ev, err := h.now.Approve(anybody(t), nil, h.at)
				h.step(t, r, ev, err)
			},
			"": func(t *rapid.T) {
				h.past(t)
				r := h.now
				b, _ := json.Marshal(r)
				if sealedAs != "" && string(b) != sealedAs {
					t.Fatalf("an approved record changed to %s", b)
				}
				if string(r.Fields) != texts[r.Version] || len(texts) != r.Version {
					t.Fatalf("version %d of %d says %s, and was written as %s", r.Version, len(texts), r.Fields, texts[r.Version])
				}
				submittedTexts := map[string]bool{}
				for _, ev := range h.events {
					if ev.Act == jurat.RecordSubmitted {
						submittedTexts[string(ev.Value.(jurat.Record).Fields)] = true
					}
				}
				if r.State == jurat.RecordApprove {
					sealedAs = string(b)
					if r.ApprovedBy == r.Author || r.ApprovedBy == "" || !slices.Contains([]jurat.PersonID{supervisor.Person, second.Person}, r.ApprovedBy) {
						t.Fatalf("%s approved what %s wrote", r.ApprovedBy, r.Author)
					}
					if !submittedTexts[string(r.Fields)] {
						t.Fatalf("%s was approved and never submitted", r.Fields)
					}
				} else if r.ApprovedBy != "" {
					t.Fatalf("it is %s and approved by %s", r.State, r.ApprovedBy)
				}
				if (r.State == jurat.RecordSubmit) && r.SubmittedAt.IsZero() {
					t.Fatal("it is submitted at no time")
				}
			},
		})
	})
}

func TestAnAccountWalkedAtRandom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, ev, err := jurat.OpenAccount(id(jurat.NounAccount, 1), rapid.SampledFrom(jurat.Sides[:]).Draw(t, "side"), "", "", officer, night)
		h := &history[jurat.Account]{at: night}
		h.step(t, a, ev, err)
		t.Repeat(map[string]func(*rapid.T){
			"ask": func(t *rapid.T) {
				a, ev, err := h.now.Ask("letter", anybody(t), h.at)
				h.step(t, a, ev, err)
			},
			"give": func(t *rapid.T) {
				a, ev, err := h.now.Give(jurat.Statement{Text: "the words", Compelled: rapid.Bool().Draw(t, "compelled")}, anybody(t), h.at)
				h.step(t, a, ev, err)
			},
			"no answer": func(t *rapid.T) {
				a, ev, err := h.now.NoAnswer(anybody(t), h.at)
				h.step(t, a, ev, err)
			},
			"decline": func(t *rapid.T) {
				a, ev, err := h.now.Decline(rapid.SampledFrom([]string{"", "we give none"}).Draw(t, "words"), anybody(t), h.at)
				h.step(t, a, ev, err)
			},
			"screen": func(t *rapid.T) {
				a, ev, err := h.now.Screen(rapid.Bool().Draw(t, "release"), "reason", anybody(t), h.at)
				h.step(t, a, ev, err)
			},
			"": func(t *rapid.T) {
				h.past(t)
				a := h.now
				did := func(act jurat.Act) bool {
					return slices.ContainsFunc(h.events, func(ev jurat.Event) bool { return ev.Act == act })
				}
				switch a.State {
				case jurat.AccountNoReply, jurat.AccountHasDecline:
					if a.Asked.IsZero() || !did(jurat.AccountAsked) {
						t.Fatalf("%s, and never asked", a.State)
					}
				case jurat.AccountNotAsked:
					if did(jurat.AccountAsked) || did(jurat.AccountGiven) {
						t.Fatal("not asked, against the record")
					}
				}
				if a.State == jurat.AccountHasDecline {
					i := slices.IndexFunc(h.events, func(ev jurat.Event) bool { return ev.Act == jurat.AccountDeclined && ev.Note != "" })
					if i < 0 {
						t.Fatal("declined without a word")
					}
				}
				if did(jurat.AccountGiven) != (a.State == jurat.AccountWasGiven) {
					t.Fatalf("an account was given and the state is %s", a.State)
				}
				if a.Compelled && a.Text != "" {
					t.Fatal("a compelled statement stands open")
				}
				if a.Compelled && a.Screened != jurat.ScreenReleased && a.OpenTo(detective) == nil {
					t.Fatal("a compelled statement is open to the detective before counsel released it")
				}
				if a.Screened != "" && a.ScreenedBy != counsel.Person {
					t.Fatalf("screened by %s", a.ScreenedBy)
				}
			},
		})
	})
}

func TestAnAllegationWalkedAtRandom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, ev, err := jurat.AddAllegation(id(jurat.NounAllegation, 1), battery, "unknown", "", officer, night)
		h := &history[jurat.Allegation]{at: night}
		h.step(t, a, ev, err)
		evidenceAdded, evidenceHad := 0, 0
		t.Repeat(map[string]func(*rapid.T){
			"weigh": func(t *rapid.T) {
				some := func(label string) []jurat.Evidence {
					return slices.Repeat([]jurat.Evidence{photoEvidence()}, rapid.IntRange(0, 2).Draw(t, label))
				}
				forIt, against := some("for"), some("against")
				w := jurat.Weight{
					Element: rapid.SampledFrom([]string{"contact", "knowing", "intent"}).Draw(t, "element"), For: forIt, Against: against,
					NoneKnown: rapid.Bool().Draw(t, "none"), NoneFor: rapid.Bool().Draw(t, "none for"), Looked: rapid.Bool().Draw(t, "looked"),
				}
				if rapid.Bool().Draw(t, "not known") {
					w.NotKnown = []jurat.NotKnown{{What: "a warrant", State: rapid.SampledFrom(jurat.Askings[:]).Draw(t, "asking"), Asked: rapid.SampledFrom([]string{"", "an office"}).Draw(t, "asked")}}
				}
				a, ev, err := h.now.Weigh(w, anybody(t), h.at)
				if h.step(t, a, ev, err) {
					evidenceAdded += len(forIt) + len(against)
				}
			},
			"status": func(t *rapid.T) {
				before := h.now.Status
				by, source := rapid.SampledFrom([]jurat.Hand{officer, supervisor, detective, prosecutor, court, counsel, mayor}).Draw(t, "by"), rapid.SampledFrom([]string{"", "judgment 3"}).Draw(t, "source")
				a, ev, err := h.now.SetStatus(rapid.SampledFrom(jurat.AllegationStatuses[:]).Draw(t, "status"), source, by, h.at)
				if h.step(t, a, ev, err) && source == "" {
					if h.now.StatusBody != by.Function {
						t.Fatalf("the %s said %s by itself", by.Function, h.now.Status)
					}
					if before.Body() == jurat.FunctionCourt && by.Function != jurat.FunctionCourt {
						t.Fatalf("the %s undid the court's %s by itself", by.Function, before)
					}
				}
			},
			"": func(t *rapid.T) {
				h.past(t)
				a := h.now
				if a.StatusBody != a.Status.Body() || a.StatusBody == "" {
					t.Fatalf("%s is taken for the word of the %q", a.Status, a.StatusBody)
				}
				evidenceHad = 0
				for _, e := range a.Elements {
					evidenceHad += len(e.For) + len(e.Against)
					if e.NoneKnown && len(e.Against) > 0 {
						t.Fatalf("none known against %s, and there is %v", e.ID, e.Against)
					}
				}
				if evidenceHad != evidenceAdded || len(a.Elements) != 2 {
					t.Fatalf("%d pieces of evidence were added and %d stand", evidenceAdded, evidenceHad)
				}
				complete := true
				for _, e := range a.Elements {
					complete = complete && (e.NoneKnown || len(e.Against) > 0)
				}
				if complete != (len(a.Incomplete()) == 0) {
					t.Fatalf("complete %v, and the reasons are %v", complete, a.Incomplete())
				}
			},
		})
	})
}

func TestAReferralWalkedAtRandom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		initiator := rapid.SampledFrom([]jurat.Hand{detective, supervisor, officer}).Draw(t, "initiator")
		allegation, _, _ := jurat.AddAllegation(id(jurat.NounAllegation, 1), battery, "unknown", "", officer, night)
		r, ev, err := jurat.PrepareReferral(id(jurat.NounReferral, 1), "county-prosecutor", []jurat.Allegation{allegation}, "force", "supported", initiator, night)
		h := &history[jurat.Referral]{at: night}
		h.step(t, r, ev, err)
		var contacts []jurat.Contact
		dossier := func(t *rapid.T) jurat.Dossier {
			n := rapid.IntRange(0, 3).Draw(t, "dossier")
			d := jurat.Dossier{ID: id(jurat.NounDossier, n+1), Referral: string(id(jurat.NounReferral, 1)), Origin: "log", Number: n, Seal: json.RawMessage(`{}`)}
			if n > 0 {
				d.Predecessor = jurat.DigestOf(nil)
			}
			d, _, err := jurat.SealDossier(d, detective, h.at)
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		t.Repeat(map[string]func(*rapid.T){
			"contact": func(t *rapid.T) {
				c, _, err := jurat.RecordContact(id(jurat.NounContact, len(contacts)+1), "mayor's office", "asked", night, "", officer, h.at)
				if err != nil {
					t.Fatal(err)
				}
				contacts = append(contacts, c)
			},
			"notify": func(t *rapid.T) {
				r, ev, err := h.now.Notify("telephone", anybody(t), h.at)
				h.step(t, r, ev, err)
			},
			"attest": func(t *rapid.T) {
				r, ev, err := h.now.Attest(rapid.Bool().Draw(t, "none"), contacts, anybody(t), h.at)
				h.step(t, r, ev, err)
			},
			"approve": func(t *rapid.T) {
				r, ev, err := h.now.Approve(anybody(t), h.now.Unattested(contacts), h.at)
				h.step(t, r, ev, err)
			},
			"send": func(t *rapid.T) {
				d, open := dossier(t), h.now.Unattested(contacts)
				r, ev, err := h.now.Send(d, anybody(t), h.at, open...)
				if h.step(t, r, ev, err) && len(open) > 0 {
					t.Fatal("sent over a contact nobody attested")
				}
			},
			"supplement": func(t *rapid.T) {
				r, ev, err := h.now.Supplement(dossier(t), anybody(t), h.at)
				h.step(t, r, ev, err)
			},
			"answer": func(t *rapid.T) {
				w := word(rapid.SampledFrom(jurat.ReferralStates[:]).Draw(t, "word"))
				w.At = night.Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "hours")) * time.Hour)
				r, ev, err := h.now.Answer(w, anybody(t))
				h.step(t, r, ev, err)
			},
			"withdraw": func(t *rapid.T) {
				r, ev, err := h.now.Withdraw("more to find out", anybody(t), h.at)
				h.step(t, r, ev, err)
			},
			"": func(t *rapid.T) {
				h.past(t)
				r, sworn := h.now, []jurat.PersonID{officer.Person, supervisor.Person, second.Person, detective.Person, partner.Person}
				ofSender := slices.Contains([]jurat.ReferralState{jurat.ReferralIsPrepared, jurat.ReferralIsApproved, jurat.ReferralIsWithdrawn}, r.State)
				if ofSender != (len(r.Dossiers) == 0) {
					t.Fatalf("it is %s with %d dossiers", r.State, len(r.Dossiers))
				}
				if r.State == jurat.ReferralIsApproved || len(r.Dossiers) > 0 {
					if r.ApprovedBy == "" || r.ApprovedBy == r.InitiatedBy || !slices.Contains(sworn, r.ApprovedBy) || !slices.Contains(sworn, r.InitiatedBy) {
						t.Fatalf("it is %s, initiated by %q and approved by %q", r.State, r.InitiatedBy, r.ApprovedBy)
					}
					if r.Attested == nil || !slices.Contains(sworn, r.Attested.By) || r.Attested.None == (len(r.Attested.Contacts) > 0) {
						t.Fatalf("it is %s, attested %+v", r.State, r.Attested)
					}
				}
				for i, d := range r.Dossiers {
					if d != id(jurat.NounDossier, i+1) {
						t.Fatalf("the dossiers are not dense: %v", r.Dossiers)
					}
				}
				answers := 0
				for _, ev := range h.events {
					if ev.Act == jurat.ReferralAnswered {
						answers++
					}
				}
				if answers != len(r.Answers) {
					t.Fatalf("%d words came and %d stand", answers, len(r.Answers))
				}
				if i := slices.IndexFunc(r.Answers, func(w jurat.ReceivedWord) bool { return !w.Early }); i >= 0 && r.State == jurat.ReferralIsSent {
					t.Fatalf("the receiver said %s of what was sent, and it is %s", r.Answers[i].State, r.State)
				}
				if !ofSender && r.State != jurat.ReferralIsSent && !slices.ContainsFunc(r.Answers, func(w jurat.ReceivedWord) bool { return w.State == r.State }) {
					t.Fatalf("it is %s, which the receiver never said", r.State)
				}
			},
		})
	})
}
