package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Verbs that act for nobody: --as changes nothing about them. They read public
// keys, a dossier, the machine, or make a record of their own.
var actForNobody = map[string]bool{
	"demo": true, "init": true, "verify": true, "fsck": true, "doctor": true, "completion": true, "complete": true, "version": true, "serve": true, "gallery": true,
	"order check": true, "order diff": true, "rights list": true, "rights show": true, "rights print": true, "order test": true, "order show": true, "office export": true, "person sign": true,
	"sample check":      true, // without --record it needs no record; with it, it asks as sample draw does
	"redaction reasons": true,
}

// attempts are command lines of every other verb; # is an incident's number.
// Those that name an incident must say of one that exists what they say of one
// that does not.
var attempts = map[string]string{
	"person add": "officer-9 --role officer", "person list": "", "person key": "officer-4471 --out OUT", "person retire": "officer-4471 --reason x", "person link": "officer-4471",
	"person sign-on add": "officer-4471 x --issuer https://sso.example", "person sign-on drop": "officer-4471 x --issuer https://sso.example", "person sign-on list": "",
	"office add": "Another", "office trust": "TRUST", "office list": "", "order adopt": "ORDER", "order list": "",
	"order explain": "#", "duty list": "", "publish": "OUT --period 2026-01",
	"report quarterly": "--quarter 2026-Q1 --out OUT", "report trust": "--year 2025 --out OUT", "report camera": "--year 2025 --out OUT", "report citations": "--period 2026-01 --out OUT",
	"report costs": "--period 2026-01 --out OUT", "report compliance": "--period 2026-01 --out OUT", "report oregon": "--month 2026-01 --out OUT",
	"incident open": "x", "incident amend": "# --title x --reason x", "incident list": "", "incident search": "stop", "incident show": "#",
	"party add": "Witness --incident # --capacity witness", "party amend": "#-P1 --slot x --capacity witness --reason x", "party open": "#-P1 --reason x",
	"record add": "report --incident # --submit", "record amend": "#-R1 --reason x", "record submit": "#-R1", "record approve": "#-R1", "record return": "#-R1 --reason x",
	"record list": "--incident #", "record show": "#-R1", "record open": "#-R1 --reason x",
	"account open": "complainant --incident #", "account ask": "#-S1 --how x", "account give": "#-S1 --text x", "account no-answer": "#-S1", "account decline": "#-S1", "account screen": "#-S1 --reason x", "account sheet": "#-S1",
	"allegation add": "battery --incident # --actor federal", "allegation weigh": "#-A1 --element knowingly --none-known", "allegation map": "#-A1 battery", "allegation status": "#-A1 supported",
	"receive": "--incident # ORDER", "exhibit verify": "#-E1", "exhibit export": "#-E1 OUT", "exhibit confirm": "#-E1 --word x", "exhibit consent": "#-E1 --by x", "exhibit withdraw": "#-E1", "exhibit probe": "#-E1",
	"exhibit time": "#-E1 --not-known --known hand --reason x", "viewing release": "# officer-4471 --reason x", "viewing list": "--incident #", "mark add": "#-E1 x --at 0:01", "mark list": "--incident #",
	"exhibit preview": "#-E1", "exhibit proxy": "#-E1", "redaction make": "#-E1 --edits EDITS", "redaction list": "--incident #", "redaction review": "#-X1",
	"redaction return": "#-X1 --reason x", "redaction release": "#-X1 OUT --to x",
	"flag add": "#-E1 --ground evidentiary_value", "hold place": "--incident # --matter x", "hold release": "#-H1 --reason x",
	"court seal": "# --court x --number 1 --open-to counsel", "court unseal": "# --court x --number 1", "court expunge": "# --court x --number 1 --backups 2099-01-01",
	"court approve": "writ-1", "court withdraw": "writ-1 --reason x", "court list": "",
	"incident close": "# --reason x", "incident reopen": "# --reason x",
	"dispose plan": "--incident #", "dispose approve": "--incident # --certificate 1 --backups 2099-01-01", "dispose withdraw": "#-Z1 --reason x", "dispose tell": "#-E1 --how x", "dispose show": "#", "dispose letters": "", "dispose replay": "ORDER",
	"footage list": "", "footage notices": "", "footage gaps": "",
	"import roster": "ORDER", "import dispatch": "ORDER", "import detention": "ORDER", "import list": "", "import event": "26-327-0144", "import holdings": "--hours 12",
	"sample draw":   "--seed published-before --size 1",
	"contact add":   "x --incident # --when 2026-11-22 --what x",
	"refer prepare": "--incident # --to county-prosecutor --allegation #-A1 --scope force --reason x", "refer notify": "#-K1 --how x", "refer attest": "#-K1 --none",
	"refer approve": "#-K1", "refer send": "#-K1 --out OUT", "refer supplement": "#-K1 --out OUT", "refer decide": "#-D1 declined --out OUT",
	"refer import": "--referral #-K1 --state declined", "refer withdraw": "#-K1 --reason x",
	"dossier receive": "DOSSIER", "receipt sign": "#-D1 --out OUT", "receipt import": "--dossier #-D1 --reported x",
	"event list": "--incident #", "event disclose": "EVENT", "event journal": "",
	"ledger checkpoint": "", "ledger prove": "EVENT", "ledger mirror": "OUT", "ledger import": "CHECKPOINT", "ledger recover": "OUT", "ledger continue": "CHECKPOINT --origin other.example/2",
}

// REF-1: a political office has no key to any incident. It is told what a
// stranger to the number is told, leaves no event, and every attempt is kept.
func TestAPoliticalOfficeCanDoNothingByAnyVerb(t *testing.T) {
	dir := t.TempDir()
	must(t, "demo", "--dir", dir)
	city := filepath.Join(dir, "city")
	checkpoint := filepath.Join(dir, "checkpoint")
	if err := os.WriteFile(checkpoint, []byte(must(t, "--dir", city, "ledger", "checkpoint")), 0o644); err != nil {
		t.Fatal(err)
	}
	edits := filepath.Join(dir, "edits.json")
	if err := os.WriteFile(edits, []byte(`{"version":1,"edits":[{"kind":"mute","reason":"x","from_ms":1,"to_ms":2}]}`), 0o644); err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(must(t, "--dir", city, "event", "list", "--incident", "2026-000001"), " ")
	events := func() string { return must(t, "--dir", city, "event", "list", "--json", "--incident", "2026-000001") }
	before := events()
	for _, n := range leaves(t) {
		verb := strings.Join(path(n), " ")
		line, ok := attempts[verb]
		if !ok {
			if !actForNobody[verb] {
				t.Errorf("no attempt by a political office is written for jurat %s", verb)
			}
			continue
		}
		t.Run(verb, func(t *testing.T) {
			attempt := func(number string) (int, string, string) {
				out := filepath.Join(t.TempDir(), "out")
				words := strings.Fields(strings.NewReplacer("#", number, "OUT", out, "TRUST", filepath.Join(dir, "trust.json"), "ORDER", "../../orders/chicago-eo-2026-01.yaml",
					"DOSSIER", filepath.Join(dir, "dossier.zip"), "EVENT", first, "EDITS", edits, "CHECKPOINT", checkpoint).Replace(line))
				status, said, complaint := try(t, append(append([]string{"--dir", city, "--as", "aide-1"}, path(n)...), words...)...)
				if _, err := os.Lstat(out); err == nil {
					t.Errorf("jurat %s left a file behind", verb)
				}
				return status, said, complaint
			}
			status, out, complaint := attempt("2026-000001")
			if status != 3 || out != "" {
				t.Errorf("exit %d, said %q, complained %q", status, out, complaint)
			}
			if !strings.Contains(line, "#") {
				if !strings.Contains(complaint, "may not do this here") && !strings.Contains(complaint, "that you may open") {
					t.Errorf("told %q", complaint)
				}
				return
			}
			// An act of the house that names an incident is refused before the number
			// is looked at; either way the two answers below are the same.
			if !strings.Contains(complaint, "there is no incident 2026-000001 that you may open") && !strings.Contains(complaint, "may not do this here (writ.approved)") {
				t.Errorf("told %q", complaint)
			}
			_, _, absent := attempt("2026-000777")
			if want := strings.ReplaceAll(absent, "2026-000777", "2026-000001"); complaint != want {
				t.Errorf("of an incident that exists: %q\nof one that does not:      %q", complaint, want)
			}
		})
	}
	if events() != before {
		t.Error("an attempt left an event in the incident")
	}
	must(t, "--dir", city, "fsck")
}
