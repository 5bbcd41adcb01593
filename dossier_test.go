package jurat_test

import (
	"encoding/json"
	"testing"

	"jurat"
)

func TestSealingAndSending(t *testing.T) {
	seal := func(change func(*jurat.Dossier)) func(jurat.Dossier) (jurat.Dossier, jurat.Event, error) {
		return func(jurat.Dossier) (jurat.Dossier, jurat.Event, error) {
			d := aDossier(t, 0)
			change(&d)
			return jurat.SealDossier(d, detective, night)
		}
	}
	tags, others := jurat.DigestOf([]byte("tags")), jurat.DigestOf([]byte("others"))
	send := func(tags jurat.Digest, transport, why string) func(jurat.Dossier) (jurat.Dossier, jurat.Event, error) {
		return func(d jurat.Dossier) (jurat.Dossier, jurat.Event, error) {
			return d.Send(tags, transport, why, detective)
		}
	}
	gone, ev, err := aDossier(t, 0).Send(tags, "age", "", detective)
	gone = must(t, gone, ev, err)
	var none jurat.Dossier
	book(t, []deed[jurat.Dossier]{
		{"sealed", none, seal(func(*jurat.Dossier) {}), "", nil},
		{"what is not yet true is left out", none, seal(func(d *jurat.Dossier) {
			d.Receipt, d.Decision, d.Answer, d.Transport, d.TagManifest = "x", "x", "intact", "age", tags
		}), "", func(t *testing.T, d jurat.Dossier, _ jurat.Event) {
			if d.Receipt+d.Decision+d.Answer+d.Transport != "" || !d.TagManifest.IsZero() {
				t.Errorf("%+v", d)
			}
		}},
		{"without digests", none, seal(func(d *jurat.Dossier) { d.Seal = nil }), jurat.Invalid, nil},
		{"with a seal that cannot be read", none, seal(func(d *jurat.Dossier) { d.Seal = json.RawMessage("{") }), jurat.Invalid, nil},
		{"of no referral", none, seal(func(d *jurat.Dossier) { d.Referral = "" }), jurat.Invalid, nil},
		{"of another incident's referral", none, seal(func(d *jurat.Dossier) { d.Referral = string(jurat.NumberItem(other, jurat.NounReferral, 1)) }), jurat.Invalid, nil},
		{"resting on no log", none, seal(func(d *jurat.Dossier) { d.Origin = "" }), jurat.Invalid, nil},
		{"a supplement of nothing", none, seal(func(d *jurat.Dossier) { d.Number = 1 }), jurat.Invalid, nil},
		{"a first one with a predecessor", none, seal(func(d *jurat.Dossier) { d.Predecessor = tags }), jurat.Invalid, nil},
		{"a negative one", none, seal(func(d *jurat.Dossier) { d.Number = -1 }), jurat.Invalid, nil},
		{"under a referral's number", none, seal(func(d *jurat.Dossier) { d.ID = id(jurat.NounReferral, 1) }), jurat.Invalid, nil},

		{"sent encrypted", aDossier(t, 0), send(tags, "age", "no reason is asked"), "", func(t *testing.T, d jurat.Dossier, _ jurat.Event) {
			if d.PlainReason != "" {
				t.Error("an encrypted dossier says why it was plain")
			}
		}},
		{"sent plain for a reason", aDossier(t, 0), send(tags, "plain", "they have no key yet"), "", nil},
		{"sent plain for none", aDossier(t, 0), send(tags, "plain", " "), jurat.Invalid, nil},
		{"sent by pigeon", aDossier(t, 0), send(tags, "pigeon", ""), jurat.Invalid, nil},
		{"sent as nothing", aDossier(t, 0), send(jurat.Digest{}, "age", ""), jurat.Invalid, nil},
		{"the same again, the first was lost", gone, send(tags, "plain", "the first was lost"), "", nil},
		{"other bytes under the same number", gone, send(others, "age", ""), jurat.Conflict, nil},
		{"what was received is not sent on", takenIn(t), send(tags, "age", ""), jurat.Conflict, nil},
	})
}

func TestReceivingReceiptAndDecision(t *testing.T) {
	receive := func(change func(*jurat.Dossier)) func(jurat.Dossier) (jurat.Dossier, jurat.Event, error) {
		return func(jurat.Dossier) (jurat.Dossier, jurat.Event, error) {
			d := takenIn(t)
			change(&d)
			return jurat.ReceiveDossier(d, prosecutor, night)
		}
	}
	receipt := func(text, basis string) func(jurat.Dossier) (jurat.Dossier, jurat.Event, error) {
		return func(d jurat.Dossier) (jurat.Dossier, jurat.Event, error) { return d.Receipted(text, basis, detective) }
	}
	decide := func(text string, by jurat.Hand) func(jurat.Dossier) (jurat.Dossier, jurat.Event, error) {
		return func(d jurat.Dossier) (jurat.Dossier, jurat.Event, error) { return d.Decide(text, by) }
	}
	gone, ev, err := aDossier(t, 0).Send(jurat.DigestOf([]byte("tags")), "age", "", detective)
	gone = must(t, gone, ev, err)
	reported, ev, err := gone.Receipted("a sheet, 2 February", "reported_by_sender", detective)
	reported = must(t, reported, ev, err)
	signed, ev, err := gone.Receipted("eyJ.e30.x", "signed", detective)
	signed = must(t, signed, ev, err)
	var none jurat.Dossier
	deeds := []deed[jurat.Dossier]{
		{"received as something else", none, receive(func(d *jurat.Dossier) { d.Answer = "fine" }), jurat.Invalid, nil},
		{"received unchecked", none, receive(func(d *jurat.Dossier) { d.Answer = "" }), jurat.Invalid, nil},
		{"received and not kept", none, receive(func(d *jurat.Dossier) { d.Exhibit = "" }), jurat.Invalid, nil},
		{"received and kept in another incident", none, receive(func(d *jurat.Dossier) { d.Exhibit = jurat.NumberItem(other, jurat.NounExhibit, 1) }), jurat.Invalid, nil},
		{"received from nowhere", none, receive(func(d *jurat.Dossier) { d.Origin = " " }), jurat.Invalid, nil},
		{"decided when it came", none, receive(func(d *jurat.Dossier) { d.Decision, d.Receipt = "x", "x" }), "", func(t *testing.T, d jurat.Dossier, _ jurat.Event) {
			if d.Decision+d.Receipt != "" {
				t.Errorf("%+v", d)
			}
		}},

		{"receipted by who received it", takenIn(t), receipt("eyJ.e30.x", "signed"), "", nil},
		{"receipt of what was sent", gone, receipt("eyJ.e30.x", "signed"), "", nil},
		{"receipt on paper", gone, receipt("a sheet", "reported_by_sender"), "", nil},
		{"signed after paper", reported, receipt("eyJ.e30.x", "signed"), "", nil},
		{"paper after signed", signed, receipt("a sheet", "reported_by_sender"), jurat.Conflict, nil},
		{"an empty receipt", gone, receipt("", "signed"), jurat.Invalid, nil},
		{"a receipt on hearsay", gone, receipt("x", "hearsay"), jurat.Invalid, nil},
		{"receipt of what never left", aDossier(t, 0), receipt("eyJ.e30.x", "signed"), jurat.Conflict, nil},

		{"a prosecutor decides", takenIn(t), decide("eyJ.e30.x", prosecutor), "", nil},
		{"the sender decides", takenIn(t), decide("eyJ.e30.x", supervisor), jurat.Forbidden, nil},
		{"counsel decides", takenIn(t), decide("eyJ.e30.x", counsel), jurat.Forbidden, nil},
		{"on what was not received", gone, decide("eyJ.e30.x", prosecutor), jurat.Conflict, nil},
		{"nothing", takenIn(t), decide("", prosecutor), jurat.Invalid, nil},
	}
	for _, a := range []string{"intact", "altered", "could not tell"} {
		deeds = append(deeds, deed[jurat.Dossier]{"received and found " + a, none, receive(func(d *jurat.Dossier) { d.Answer = a }), "", nil})
	}
	book(t, deeds)
}
