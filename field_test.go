package jurat_test

import (
	"encoding/json"
	"errors"
	"testing"
	"unicode/utf8"

	"jurat"
)

func TestFieldsThatMayExistInNoRecord(t *testing.T) {
	for _, name := range []string{
		"home_address", "homeAddress", "HOME-ADDRESS", "Home Address", "homeaddress", "officer_home_addresses", "agent.home.address",
		"home_phone", "personal_phone", "personal_email", "personalEMail", "home_fax", "ssn", "SSN", "officer_ssn", "ssn4", "social_security_number",
		"family_members", "spouse_name", "social_media_handle",
		"immigration_status", "immigrationStatus", "citizenship", "is_citizenship_known", "country_of_birth", "countryOfBirth", "place_of_birth", "birthplace", "nationality", "alien_number",
		"religion", "witness_religion", "political_views", "political_view", "politicalAffiliation",
		"biometric_template", "face_embedding", "voiceprint", "gait", "facial_recognition_match",
		"live_position", "current_location", "watch_list", "watchlist", "risk_score", "riskScore2",
	} {
		if !jurat.ForbiddenField(name) {
			t.Errorf("%q may be a field (requirements §13)", name)
		}
	}
}

func TestFieldsThatMustNotBeTakenForThem(t *testing.T) {
	for _, name := range []string{
		"", "address", "place", "beat", "phone_called", "ems_called_at", "political_office", "political_contacts", "outcome", "status", "referral_status",
		"face_covered", "masked", "visible_id", "badge_given", "name_given", "agency", "location_description", "scored", "family_notified",
		"arrived_at", "bwc_ref", "condition_source", "declined_care", "what_asked", "home", "birth", "country", "view", "views", "investigation",
		"regional_office", "passname", "assn", "lessons", "status_inquiry", "social_media_link",
	} {
		if jurat.ForbiddenField(name) {
			t.Errorf("%q is refused as a field", name)
		}
	}
}

func FuzzForbiddenField(f *testing.F) {
	f.Add("home_address")
	f.Add("\xff")
	f.Fuzz(func(t *testing.T, name string) {
		if jurat.ForbiddenField(name) && !jurat.ForbiddenField("officer_"+name+"_2") {
			t.Errorf("%q is refused and its longer spelling is not", name)
		}
	})
}

// FuzzFields hands a record anything. What is kept is one JSON object that
// every reader reads alike, and reads back as itself.
func FuzzFields(f *testing.F) {
	for _, s := range []string{`{"narrative":"<b>"}`, `{"a":1,"a":2}`, `{"x":{"home_address":"y"}}`, `[]`, `null`, ``, `{"a":"` + "\xff" + `"}`, `{"Outcome":"refused","outcome":"partial"}`, `{} {}`, ` {"b":1e400,"a":[{"c":null}]} `} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, typ := range []jurat.RecordType{jurat.TypeReport, jurat.TypeIdentification} {
			r, ev, err := jurat.AddRecord(id(jurat.NounRecord, 1), typ, "", jurat.Writing{Fields: json.RawMessage(s)}, officer, night)
			if err != nil {
				if !errors.Is(err, jurat.Invalid) {
					t.Errorf("%q: %v", s, err)
				}
				continue
			}
			if !json.Valid(r.Fields) || !utf8.Valid(r.Fields) || r.Fields[0] != '{' {
				t.Errorf("%q was kept as %q", s, r.Fields)
			}
			again, _, err := r.Amend(jurat.Writing{Fields: r.Fields}, officer, "", night)
			if err != nil || string(again.Fields) != string(r.Fields) {
				t.Errorf("%q was kept as %q, and again as %q: %v", s, r.Fields, again.Fields, err)
			}
			kept(t, r, ev)
		}
	})
}
