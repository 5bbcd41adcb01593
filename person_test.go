package jurat_test

import (
	"encoding/json"
	"errors"
	"testing"

	"jurat"
)

const publicKey = `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`

func TestPeople(t *testing.T) {
	add := func(p jurat.Person) func(jurat.Person) (jurat.Person, jurat.Event, error) {
		return func(jurat.Person) (jurat.Person, jurat.Event, error) { return jurat.AddPerson(p) }
	}
	key := func(jwk string) func(jurat.Person) (jurat.Person, jurat.Event, error) {
		return func(p jurat.Person) (jurat.Person, jurat.Event, error) { return p.AddKey(json.RawMessage(jwk)) }
	}
	retire := func(why string) func(jurat.Person) (jurat.Person, jurat.Event, error) {
		return func(p jurat.Person) (jurat.Person, jurat.Event, error) { return p.Retire(why, morning) }
	}
	sworn := jurat.Person{ID: "officer-4471", Label: "Officer 4471", Office: "police", Role: jurat.RoleOfficer, Sworn: true}
	keyed, ev, err := sworn.AddKey(json.RawMessage(publicKey))
	keyed = must(t, keyed, ev, err)
	retired, ev, err := keyed.Retire("left", morning)
	retired = must(t, retired, ev, err)
	changed := func(change func(*jurat.Person)) jurat.Person { p := sworn; change(&p); return p }
	var none jurat.Person
	deeds := []deed[jurat.Person]{
		{"added", none, add(sworn), "", nil},
		{"added without the keys and the retirement they came with", none, add(retired), "", func(t *testing.T, p jurat.Person, _ jurat.Event) {
			if p.Keys != nil || !p.Retired.IsZero() {
				t.Errorf("%+v", p)
			}
		}},
		{"of no name in the record", none, add(changed(func(p *jurat.Person) { p.ID = "Officer 4471" })), jurat.Invalid, nil},
		{"of no label", none, add(changed(func(p *jurat.Person) { p.Label = " " })), jurat.Invalid, nil},
		{"of no office", none, add(changed(func(p *jurat.Person) { p.Office = "" })), jurat.Invalid, nil},
		{"of an office with no name in the record", none, add(changed(func(p *jurat.Person) { p.Office = "The Police" })), jurat.Invalid, nil},
		{"of a role nobody lists", none, add(changed(func(p *jurat.Person) { p.Role = "chief" })), jurat.Invalid, nil},
		{"sworn and political", none, add(changed(func(p *jurat.Person) { p.Role = jurat.RolePolitical })), jurat.Invalid, nil},

		{"a public key", sworn, key(publicKey), "", nil},
		{"a second key, the first stays", keyed, key(`{"kty":"OKP","crv":"Ed25519","x":"AAAA"}`), "", func(t *testing.T, p jurat.Person, _ jurat.Event) {
			if len(p.Keys) != 2 || string(p.Keys[0]) != publicKey {
				t.Errorf("%s", p.Keys)
			}
		}},
		{"the same key", keyed, key(publicKey), jurat.Conflict, nil},
		{"the same key in other blanks", keyed, key(` {"kty":"OKP", "crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`), jurat.Conflict, nil},
		{"a private key", sworn, key(`{"kty":"OKP","crv":"Ed25519","x":"AAAA","d":"AAAA"}`), jurat.Invalid, nil},
		{"a shared secret", sworn, key(`{"kty":"oct","k":"AAAA"}`), jurat.Invalid, nil},
		{"no key", sworn, key(`{"x":"AAAA"}`), jurat.Invalid, nil},
		{"a text", sworn, key(`"AAAA"`), jurat.Invalid, nil},
		{"a key of somebody retired", retired, key(`{"kty":"OKP","crv":"Ed25519","x":"BBBB"}`), jurat.Conflict, nil},

		{"retired", keyed, retire("left"), "", nil},
		{"retired for no reason", keyed, retire(""), jurat.Invalid, nil},
		{"retired twice", retired, retire("left"), jurat.Conflict, nil},
	}
	for _, r := range jurat.Roles {
		deeds = append(deeds, deed[jurat.Person]{"in the role " + string(r), none, add(changed(func(p *jurat.Person) { p.Role, p.Sworn = r, false })), "", nil})
	}
	book(t, deeds)
}

func TestOffices(t *testing.T) {
	add := func(o jurat.Office) func(jurat.Office) (jurat.Office, jurat.Event, error) {
		return func(jurat.Office) (jurat.Office, jurat.Event, error) { return jurat.AddOffice(o) }
	}
	pin := func(trust, age string) func(jurat.Office) (jurat.Office, jurat.Event, error) {
		return func(o jurat.Office) (jurat.Office, jurat.Event, error) { return o.Pin(json.RawMessage(trust), age) }
	}
	county := jurat.Office{ID: "county-prosecutor", Name: "County prosecutor", Function: jurat.FunctionProsecutor, Age: "age1before"}
	own := jurat.Office{ID: "police", Name: "Police", Function: jurat.FunctionPolice, Own: true}
	var none jurat.Office
	deeds := []deed[jurat.Office]{
		{"of no name in the record", none, add(jurat.Office{ID: "County", Name: "x", Function: jurat.FunctionCourt}), jurat.Invalid, nil},
		{"of no name", none, add(jurat.Office{ID: "county", Function: jurat.FunctionCourt}), jurat.Invalid, nil},
		{"of a function nobody lists", none, add(jurat.Office{ID: "county", Name: "x", Function: "elected"}), jurat.Invalid, nil},
		{"with keys that are none", none, add(jurat.Office{ID: "county", Name: "x", Function: jurat.FunctionCourt, Trust: json.RawMessage("{")}), jurat.Invalid, nil},
		{"its keys are pinned", county, pin(`{"offices":[]}`, "age1after"), "", func(t *testing.T, o jurat.Office, _ jurat.Event) {
			if o.Age != "age1after" {
				t.Errorf("recipient %s", o.Age)
			}
		}},
		{"its recipient stays", county, pin(`{"offices":[]}`, ""), "", func(t *testing.T, o jurat.Office, _ jurat.Event) {
			if o.Age != "age1before" {
				t.Errorf("recipient %s", o.Age)
			}
		}},
		{"pinned to nothing", county, pin(``, ""), jurat.Invalid, nil},
		{"pinned to no JSON", county, pin(`keys`, ""), jurat.Invalid, nil},
		{"the record's own office", own, pin(`{}`, ""), jurat.Conflict, nil},
	}
	for _, f := range jurat.Functions {
		deeds = append(deeds, deed[jurat.Office]{"whose function is " + string(f), none, add(jurat.Office{ID: "office", Name: "An office", Function: f}), "", nil})
	}
	book(t, deeds)
}

func TestAdoptingAnOrder(t *testing.T) {
	adopt := func(id, text string) func(jurat.Adoption) (jurat.Adoption, jurat.Event, error) {
		return func(jurat.Adoption) (jurat.Adoption, jurat.Event, error) {
			return jurat.AdoptOrder(id, "An order", text, night)
		}
	}
	var none jurat.Adoption
	book(t, []deed[jurat.Adoption]{
		{"adopted byte for byte", none, adopt("order-1", "id: order-1\r\n"), "", func(t *testing.T, a jurat.Adoption, _ jurat.Event) {
			if a.Digest != jurat.DigestOf([]byte("id: order-1\r\n")) {
				t.Errorf("its digest is %v", a.Digest)
			}
			var again jurat.Adoption
			if err := json.Unmarshal([]byte(spelt(t, a)), &again); err != nil || jurat.DigestOf([]byte(again.Text)) != a.Digest {
				t.Errorf("its text did not survive the record: %v", err)
			}
		}},
		{"of no id", none, adopt(" ", "x"), jurat.Invalid, nil},
		{"of no text", none, adopt("order-1", "\n"), jurat.Invalid, nil},
		{"that could not be kept byte for byte", none, adopt("order-1", "caf\xe9"), jurat.Invalid, nil},
	})
	ev := jurat.DigestJournal(jurat.JournalDigest{From: 1, To: 9, Digest: jurat.DigestOf(nil)})
	if ev.Act != jurat.JournalDigested || ev.Incident != "" || spelt(t, ev.Value) != `{"from":1,"to":9,"digest":"`+jurat.DigestOf(nil).String()+`"}` {
		t.Errorf("%s: %s", ev.Act, spelt(t, ev.Value))
	}
}

func TestAKeyIsTakenOffItsPerson(t *testing.T) {
	p, _, err := jurat.AddPerson(jurat.Person{ID: "officer-1", Label: "Officer 1", Office: "police", Role: jurat.RoleOfficer})
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{`{"kty":"OKP","x":"a"}`, `{"kty":"OKP","x":"b"}`} {
		if p, _, err = p.AddKey(json.RawMessage(key)); err != nil {
			t.Fatal(err)
		}
	}
	next, ev, err := p.DropKey(p.Keys[0], "it was lost")
	if err != nil || len(next.Keys) != 1 || string(next.Keys[0]) != string(p.Keys[1]) || len(p.Keys) != 2 || ev.Act != jurat.PersonKey || ev.Note != "it was lost" {
		t.Errorf("DropKey: %s, %+v, %v", next.Keys, ev, err)
	}
	if _, _, err := next.DropKey(p.Keys[0], "again"); !errors.Is(err, jurat.NotFound) {
		t.Errorf("a key that is gone: %v", err)
	}
	if _, _, err := p.DropKey(p.Keys[0], " "); !errors.Is(err, jurat.Invalid) {
		t.Errorf("without a reason: %v", err)
	}
}
