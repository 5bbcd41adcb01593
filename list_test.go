package jurat_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jurat"
)

// listed are the closed lists of the law by the type of their members. A list
// with a name is one an order's schema may refer to ($ref: jurat:NAME).
var listed = map[string]struct {
	name    string
	members []string
}{
	"Kind":             {"", members(jurat.Kinds[:])},
	"Class":            {"", members(jurat.Classes[:])},
	"Via":              {"", members(jurat.Vias[:])},
	"Function":         {"", members(jurat.Functions[:])},
	"Role":             {"", members(jurat.Roles[:])},
	"Answer":           {"answer", []string{"yes", "no", "unknown"}},
	"Knowledge":        {"knowledge", members(jurat.Knowledges[:])},
	"Outcome":          {"identification_outcome", members(jurat.Outcomes[:])},
	"Recording":        {"recording", members(jurat.Recordings[:])},
	"AccountState":     {"account_state", members(jurat.AccountStates[:])},
	"AllegationStatus": {"allegation_status", members(jurat.AllegationStatuses[:])},
	"Asking":           {"", members(jurat.Askings[:])},
	"ReferralState":    {"referral_state", members(jurat.ReferralStates[:])},
	"ActorKind":        {"actor_kind", members(jurat.ActorKinds[:])},
	"Use":              {"", members(jurat.Uses[:])},
	"OffsetSource":     {"", members(jurat.OffsetSources[:])},
	"Wall":             {"", members(jurat.Walls[:])},
	"IncidentState":    {"", members(jurat.IncidentStates[:])},
	"WritKind":         {"", members(jurat.WritKinds[:])},
	"RedactionState":   {"", members(jurat.RedactionStates[:])},
	"RecordState":      {"record_state", members(jurat.RecordStates[:])},
	"Trigger":          {"trigger", members(jurat.Triggers[:])},
	"side":             {"side", members(jurat.Sides[:])},
	"scope":            {"protocol_scope", members(jurat.Scopes[:])},
	"precision":        {"time_precision", []string{"exact", "approx", "range", "unknown"}},
	"level":            {"offence_level", []string{"felony", "misdemeanor", "ordinance", "unclear"}},
}

// openTypes are the text types of the law that are no closed lists.
var openTypes = []string{"Act", "IncidentNumber", "ItemID", "PersonID", "OfficeID", "EventID", "Noun", "RecordType", "Held"}

func members[S ~string](list []S) []string {
	var out []string
	for _, s := range list {
		out = append(out, string(s))
	}
	return out
}

func TestListsAreComplete(t *testing.T) {
	got := jurat.Lists()
	for typ, l := range listed {
		if l.name == "" {
			continue
		}
		if !slices.Equal(got[l.name], l.members) {
			t.Errorf("list %s is %v; want the members of %s, %v", l.name, got[l.name], typ, l.members)
		}
		delete(got, l.name)
	}
	for name := range got {
		t.Errorf("list %s is of no type these tests know", name)
	}
	for typ, l := range listed {
		if dup := slices.Compact(slices.Sorted(slices.Values(l.members))); len(dup) != len(l.members) || slices.Contains(l.members, "") {
			t.Errorf("the list of %s has a member twice, or an empty one: %v", typ, l.members)
		}
	}
	jurat.Lists()["answer"][0] = "maybe"
	if jurat.Lists()["answer"][0] != "yes" {
		t.Error("a caller changed the list of answers")
	}
}

func TestThereAreNineOutcomes(t *testing.T) {
	if len(jurat.Outcomes) != 9 || len(jurat.Classes) != 8 || len(jurat.Kinds) != 6 {
		t.Errorf("outcomes %d, classes %d, kinds %d; want 9 (IDN-1), 8 (a leaf's digests), 6", len(jurat.Outcomes), len(jurat.Classes), len(jurat.Kinds))
	}
}

// lawFiles parses the law itself.
func lawFiles(t *testing.T) map[string]*ast.File {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*ast.File{}
	for _, e := range entries {
		if name := e.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			files[name] = f
		}
	}
	return files
}

// constants gives the typed text constants of the law, by type.
func constants(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, f := range lawFiles(t) {
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, s := range g.Specs {
				v := s.(*ast.ValueSpec)
				typ, ok := v.Type.(*ast.Ident)
				if !ok || len(v.Values) != 1 {
					continue
				}
				if lit, ok := v.Values[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
					text, err := strconv.Unquote(lit.Value)
					if err != nil {
						t.Fatal(err)
					}
					out[typ.Name] = append(out[typ.Name], text)
				}
			}
		}
	}
	return out
}

func TestEveryConstantStandsInItsList(t *testing.T) {
	for typ, consts := range constants(t) {
		if slices.Contains(openTypes, typ) {
			continue
		}
		l, ok := listed[typ]
		if !ok {
			t.Errorf("the type %s has constants and no list: list it, or say that it is open", typ)
			continue
		}
		for _, c := range consts {
			if !slices.Contains(l.members, c) {
				t.Errorf("%s %q is in no list", typ, c)
			}
		}
	}
}

func TestEveryActIsANounAndAVerbAndStandsOnce(t *testing.T) {
	acts := constants(t)["Act"]
	spelling := regexp.MustCompile(`^[a-z]+\.[a-z_]+$`)
	seen := map[string]bool{}
	for _, a := range acts {
		if !spelling.MatchString(a) || seen[a] {
			t.Errorf("act %q: want noun.verb, once", a)
		}
		seen[a] = true
	}
	if len(acts) < 40 {
		t.Errorf("found %d acts: the law was not read", len(acts))
	}
	var signed []string
	for _, a := range acts {
		if jurat.Signed(jurat.Act(a)) {
			signed = append(signed, a)
		}
	}
	slices.Sort(signed)
	want := []string{"disposal.approved", "dossier.decided", "dossier.receipt", "dossier.sealed", "dossier.sent", "exhibit.disposed", "record.approved", "record.submitted", "redaction.released", "redaction.reviewed",
		"referral.approved", "referral.attested", "referral.prepared", "referral.sent", "referral.supplemented", "writ.approved"}
	if !slices.Equal(signed, want) {
		t.Errorf("signed acts are %v, want %v", signed, want)
	}
}

func TestAKindIsAnErrorAndKeepsItsCause(t *testing.T) {
	for _, k := range jurat.Kinds {
		cause := errors.New("the disk is full")
		plain, because := jurat.Errorf(k, "exhibit %s cannot be kept", "E1"), jurat.Because(k, cause, "exhibit %s cannot be kept", "E1")
		if !errors.Is(plain, k) || !errors.Is(because, k) || !errors.Is(because, cause) || errors.Is(plain, cause) {
			t.Errorf("%s: %v, %v", k, plain, because)
		}
		if k.Error() != string(k) || plain.Error() != "exhibit E1 cannot be kept" || because.Error() != plain.Error()+": the disk is full" || because.Detail != plain.Detail {
			t.Errorf("%s: %q, %q", k, plain, because)
		}
	}
}

func TestUnknownIsNeverNo(t *testing.T) {
	for a, known := range map[jurat.Answer]bool{jurat.Yes: true, jurat.No: true, jurat.Unknown: false, "": false, "perhaps": false} {
		if a.Known() != known {
			t.Errorf("%q known: %v", a, a.Known())
		}
	}
	established := map[jurat.Knowledge]bool{jurat.KnownAssumed: false, jurat.KnownNot: false, "": false, "hearsay": false}
	for _, k := range jurat.Knowledges {
		if _, ok := established[k]; !ok {
			established[k] = true
		}
	}
	for k, want := range established {
		if k.Established() != want {
			t.Errorf("%q established: %v (INC-3)", k, k.Established())
		}
	}
}
