package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// What an administrator reads of this machine at the counter names no folder of
// it, and is what the doctor sees.
func TestTheCounterIsToldWhatTheDoctorSeesWithoutItsFolders(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "city")
	must(t, "init", dir, "--name", "City police")
	h, err := openHouse(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer h.close() //nolint:errcheck // it was read
	doctor := must(t, "--dir", dir, "doctor")
	found := map[string]string{}
	for _, s := range h.looks(t.Context()) {
		if s.Code == "" || strings.ContainsAny(s.Beside, "/\\") {
			t.Errorf("%s: %+v", s.Look, s)
		}
		if s.Code != "outbound_none" && !strings.Contains(doctor, s.Look) {
			t.Errorf("the doctor does not look at %s:\n%s", s.Look, doctor)
		}
		found[s.Look] = s.Code
	}
	for look, code := range map[string]string{"keys": "keys_inside", "mirrors": "mirrors_none", "database": "database_flushes", "sign-on": "outbound_none"} {
		if found[look] != code {
			t.Errorf("%s: %q, want %q", look, found[look], code)
		}
	}
	for _, look := range []string{"disk", "clock", "media"} {
		if found[look] == "" {
			t.Errorf("nobody looked at %s", look)
		}
	}
	c := &call{}
	if k := c.checkup(t.Context(), dir); k.Answer != "intact" || k.Altered+k.Unsure != 0 {
		t.Errorf("a new record: %+v", k)
	}
}
