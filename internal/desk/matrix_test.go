package desk

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jurat"
)

var update = flag.Bool("update", false, "write what the policy says into docs/who-may.md")

const matrixFile = "../../docs/who-may.md"

// actsDeclared are the constants of type Act in the files of a folder: what a
// policy may be asked.
func actsDeclared(t *testing.T, folder string) []jurat.Act {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all []jurat.Act
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			typ := ""
			switch x := spec.Type.(type) {
			case *ast.Ident:
				typ = x.Name
			case *ast.SelectorExpr:
				typ = x.Sel.Name
			}
			if value, ok := spec.Values[0].(*ast.BasicLit); ok && typ == "Act" {
				act, err := strconv.Unquote(value.Value)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, jurat.Act(act))
			}
			return true
		})
	}
	return all
}

// everyAct is whatever a policy may be asked: the acts of the law, and what is
// read. They are read from the source, so that none is forgotten.
func everyAct(t *testing.T) []jurat.Act {
	t.Helper()
	all := append(actsDeclared(t, "."), actsDeclared(t, "../..")...)
	if len(all) < 70 || !slices.Contains(all, actionView) || !slices.Contains(all, jurat.MarkAdded) {
		t.Fatalf("%d acts were found", len(all))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// A relation is what stands between who asks and what is asked about, beside
// what they are.
type relation struct {
	name string
	set  func(*question)
}

var relations = []relation{
	{"nothing else", func(*question) {}},
	{"referred to their office", func(q *question) { q.referred = true }},
	{"about themselves, at the counter", func(q *question) {
		if q.self = true; q.who.Person != "" {
			q.who.Via = jurat.ViaSession
		}
	}},
	{"a complaint", func(q *question) { q.wall, q.incident = jurat.WallComplaint, "" }},
	{"a complaint they wrote", func(q *question) { q.wall, q.incident, q.author = jurat.WallComplaint, "", true }},
	{"an inquiry", func(q *question) { q.wall, q.incident = jurat.WallInquiry, "" }},
	{"an inquiry they wrote", func(q *question) { q.wall, q.incident, q.author = jurat.WallInquiry, "", true }},
	{"an assessment", func(q *question) { q.wall, q.incident = jurat.WallAssessment, "" }},
	{"a grand-jury matter", func(q *question) { q.wall, q.incident = jurat.WallGrandJury, "" }},
}

// shows says where the matrix has each thing a policy can see.
var shows = map[string]string{
	"role": "letter", "function": "letter", "own": "letter", "sworn": "letter", "named": "letter o", "via": "column", "noAdmin": "letter i",
	"retired": "nobody", "screened": "nobody", "hidden": "nobody",
	"action": "row", "house": "row", "class": "row", "released": "row",
	"referred": "column", "self": "column", "wall": "column", "author": "column",
}

// asking are the rows: an act, or a class of what is sealed.
type asking struct {
	name string
	set  func(question) question
}

// releasedByCounsel has a row of its own where it changes anything.
const releasedByCounsel = ", released by counsel"

func askings(t *testing.T) []asking {
	var all []asking
	for _, act := range everyAct(t) {
		if act != actionSealed {
			all = append(all, asking{string(act), func(q question) question { return asks(q, act) }})
			continue
		}
		for _, class := range jurat.Classes[1:] {
			all = append(all, asking{string(act) + ", " + string(class), func(q question) question { return sealedOf(q, class) }})
			all = append(all, asking{string(act) + ", " + string(class) + releasedByCounsel, func(q question) question {
				return with(sealedOf(q, class), func(q *question) { q.released = true })
			}})
		}
	}
	return all
}

// A kind is everybody who may do the same.
type kind struct {
	letter string
	of     map[string][]string // role, own and oath → functions
	is     question            // one of them
}

// letters are those of the people an office has; the rest are given in order.
var letters = func() map[string]question {
	m := maps.Clone(columns)
	delete(m, "i") // who is the operator, before the first administrator
	delete(m, "k") // whose view is the column of what was referred
	m["k"] = who(jurat.RoleProsecutor, jurat.FunctionProsecutor, false, false)
	return m
}()

const spare = "abcdefghjlmnpqrstuvwxyzFGHIJLMNOQTVWXYZ0123456789"

// kinds puts every combination of role, function, office and oath with those
// who may do the same, whatever the relation; those who may do nothing have no
// letter.
func kinds(t *testing.T, p *policy, rows []asking) (all []kind, none map[string][]string) {
	t.Helper()
	told := func(q question) string {
		var b strings.Builder
		for _, row := range rows {
			for _, r := range relations {
				asked := row.set(q)
				r.set(&asked)
				may, _ := p.allows(asked)
				b.WriteByte("-+"[map[bool]int{false: 0, true: 1}[may]])
			}
		}
		return b.String()
	}
	by, none := map[string]*kind{}, map[string][]string{}
	for _, letter := range slices.Sorted(maps.Keys(letters)) {
		says := told(letters[letter])
		if by[says] != nil {
			t.Fatalf("%s may do what %s may: one letter is enough", letter, by[says].letter)
		}
		by[says] = &kind{letter: letter, of: map[string][]string{}, is: letters[letter]}
		all = append(all, *by[says])
	}
	more := spare
	for _, role := range jurat.Roles {
		for _, own := range []bool{true, false} {
			for _, sworn := range []bool{true, false} {
				for _, function := range jurat.Functions {
					q := who(role, function, own, sworn)
					says, of := told(q), fmt.Sprintf("%s|%s|%s", role, map[bool]string{true: "this one", false: "another"}[own], map[bool]string{true: "sworn", false: "not sworn"}[sworn])
					if !strings.Contains(says, "+") {
						none[of] = append(none[of], string(function))
						continue
					}
					if by[says] == nil {
						by[says] = &kind{letter: more[:1], of: map[string][]string{}, is: q}
						more = more[1:]
						all = append(all, *by[says])
					}
					by[says].of[of] = append(by[says].of[of], string(function))
				}
			}
		}
	}
	return all, none
}

// The matrix of role × act × relation × wall is whole, and stands in
// docs/who-may.md as the policy has it: a role, a function, an act, a class, a
// wall or a relation that is added changes it, and somebody reads what it says.
func TestTheMatrixOfWhoMayIsWhole(t *testing.T) {
	for field := range reflect.TypeFor[asked]().Fields() {
		if shows[field.Name] == "" {
			t.Errorf("a policy sees %q, and the matrix shows it nowhere", field.Name)
		}
	}
	walls := map[jurat.Wall]bool{}
	for _, r := range relations {
		var q question
		r.set(&q)
		walls[q.wall] = true
	}
	for _, w := range jurat.Walls {
		if !walls[w] {
			t.Errorf("no column is of the wall %q", w)
		}
	}
	p, err := loadPolicy()
	if err != nil {
		t.Fatal(err)
	}
	rows := askings(t)
	all, none := kinds(t, p, rows)
	before, err := os.ReadFile(matrixFile)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- What follows is drawn from the policy: go test -run TestTheMatrixOfWhoMayIsWhole ./internal/desk -update -->\n", "<!-- drawn -->\n"
	head, rest, ok := strings.Cut(string(before), begin)
	_, foot, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s has no place for the matrix", matrixFile)
	}
	text := head + begin + drawn(p, rows, all, none) + end + foot
	if *update {
		if err := os.WriteFile(matrixFile, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	was, now := strings.Split(string(before), "\n"), strings.Split(text, "\n")
	for i := range max(len(was), len(now)) {
		if i >= len(was) || i >= len(now) || was[i] != now[i] {
			t.Fatalf("%s:%d is not what the policy says; read what changed, then go test -run TestTheMatrixOfWhoMayIsWhole ./internal/desk -update", matrixFile, i+1)
		}
	}
}

// drawn is the matrix in Markdown.
func drawn(p *policy, rows []asking, all []kind, none map[string][]string) string {
	var b strings.Builder
	b.WriteString("\n## Who\n\n| letter | role | office | oath | functions of the office |\n|---|---|---|---|---|\n")
	line := func(letter string, of map[string][]string) {
		for _, key := range slices.Sorted(maps.Keys(of)) {
			parts := strings.Split(key, "|")
			functions := strings.Join(of[key], ", ")
			if len(of[key]) == len(jurat.Functions) {
				functions = "every one"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", letter, parts[0], parts[1], parts[2], functions)
		}
	}
	for _, k := range all {
		if k.letter == "o" {
			b.WriteString("| o | the local operator, who names nobody | this one | | |\n| i | the same, before the first administrator | this one | | |\n")
			continue
		}
		line(k.letter, merged(k.of))
	}
	line("–", merged(none))
	b.WriteString("\n## May\n\n| asked |")
	for _, r := range relations {
		b.WriteString(" " + r.name + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(relations)) + "\n")
	i := kind{letter: "i", is: columns["i"]}
	last := ""
	for _, row := range rows {
		plain, cells := "", ""
		for n, r := range relations {
			var may strings.Builder
			for _, k := range append(slices.Clone(all), i) {
				q := row.set(k.is)
				r.set(&q)
				if ok, _ := p.allows(q); ok {
					may.WriteString(k.letter)
				}
			}
			said := may.String()
			switch {
			case said == "":
				said = "–"
			case n > 0 && said == plain:
				said = "="
			}
			if n == 0 {
				plain = said
			}
			cells += " " + said + " |"
		}
		if !strings.HasSuffix(row.name, releasedByCounsel) || cells != last {
			b.WriteString("| " + row.name + " |" + cells + "\n")
		}
		last = cells
	}
	return b.String() + "\n"
}

// merged joins lines that differ in the oath alone.
func merged(of map[string][]string) map[string][]string {
	out := maps.Clone(of)
	for key, functions := range of {
		other := strings.TrimSuffix(key, "|sworn") + "|not sworn"
		if strings.HasSuffix(key, "|sworn") && slices.Equal(of[other], functions) {
			delete(out, key)
			delete(out, other)
			out[strings.TrimSuffix(key, "|sworn")+"|either"] = functions
		}
	}
	return out
}

// What a court hid, what somebody retired or screened asks, and what a political
// office asks is refused in every cell of the matrix; and two relations at once
// give nobody more than one of them does.
func TestNoCellOfTheMatrixIsLeftOpen(t *testing.T) {
	p, err := loadPolicy()
	if err != nil {
		t.Fatal(err)
	}
	rows := askings(t)
	refusing := map[string]func(*question){
		"hidden by a court": func(q *question) { q.hidden = true },
		"retired":           func(q *question) { q.who.retired = true },
		"screened":          func(q *question) { q.who.screened = true },
		"political":         func(q *question) { q.who.Function = jurat.FunctionPolitical },
		"a political role":  func(q *question) { q.who.Role = jurat.RolePolitical },
	}
	for _, letter := range slices.Sorted(maps.Keys(letters)) {
		for _, row := range rows {
			var alone []bool
			for _, r := range relations {
				q := row.set(letters[letter])
				r.set(&q)
				may, _ := p.allows(q)
				alone = append(alone, may)
				for what, set := range refusing {
					with := q
					set(&with)
					if may, why := p.allows(with); may {
						t.Errorf("%s, %s: %s may do %s by %v", what, r.name, letter, row.name, why)
					}
				}
			}
			for i, first := range relations {
				for k, second := range relations[:3] { // of what is no wall
					q := row.set(letters[letter])
					first.set(&q)
					second.set(&q)
					if may, why := p.allows(q); may && !alone[i] && !alone[k] {
						t.Errorf("%s and %s: %s may do %s by %v, and by neither alone", first.name, second.name, letter, row.name, why)
					}
				}
			}
		}
	}
}
