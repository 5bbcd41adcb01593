package jurat_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// documents gives the Markdown files of the tree.
func documents(t *testing.T) map[string]string {
	t.Helper()
	docs := map[string]string{}
	for name, text := range tree(t) {
		if path.Ext(name) == ".md" {
			docs[name] = text
		}
	}
	return docs
}

var (
	fence      = regexp.MustCompile("(?ms)^```.*?^```[ \t]*$")
	codeSpan   = regexp.MustCompile("`[^`\n]*`")
	inlineLink = regexp.MustCompile(`\[[^\]]*\]\(([^)\s]+)\)`)
	heading    = regexp.MustCompile(`(?m)^#{1,6} +(.+?)\s*$`)
)

func TestEveryMakeCommandInTheDocumentsIsATarget(t *testing.T) {
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	command := regexp.MustCompile("(?m)(?:^|`)make ([a-z-]+)")
	for name, text := range documents(t) {
		code := strings.Join(append(fence.FindAllString(text, -1), codeSpan.FindAllString(text, -1)...), "\n")
		for _, m := range command.FindAllStringSubmatch(code, -1) {
			if !regexp.MustCompile(`(?m)^` + m[1] + `:`).Match(makefile) {
				t.Errorf("%s names make %s: no such target", name, m[1])
			}
		}
	}
	readme := documents(t)["README.md"]
	for _, want := range []string{"make demo", "make test"} {
		if !strings.Contains(readme, want) {
			t.Errorf("README.md does not name %s", want)
		}
	}
}

func TestEveryLinkInTheDocumentsResolves(t *testing.T) {
	docs := documents(t)
	for name, text := range docs {
		text = codeSpan.ReplaceAllString(fence.ReplaceAllString(text, ""), "")
		for _, m := range inlineLink.FindAllStringSubmatch(text, -1) {
			u, err := url.Parse(m[1])
			if err != nil {
				t.Errorf("%s links to %q: %v", name, m[1], err)
				continue
			}
			if u.Scheme != "" {
				continue // addresses outside are not fetched by a test
			}
			target := name
			if u.Path != "" {
				target = path.Join(path.Dir(name), u.Path)
				if _, err := os.Stat(filepath.FromSlash(target)); err != nil {
					t.Errorf("%s links to %s: not there", name, m[1])
					continue
				}
			}
			if u.Fragment != "" && !slices.Contains(anchors(docs[target]), u.Fragment) {
				t.Errorf("%s links to %s: no such heading", name, m[1])
			}
		}
	}
}

// anchors are the names under which a page's headings can be linked.
func anchors(text string) []string {
	var all []string
	for _, m := range heading.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
		all = append(all, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-', r == '_', unicode.IsLetter(r), unicode.IsDigit(r):
				return unicode.ToLower(r)
			}
			return -1
		}, m[1]))
	}
	return all
}

func TestTheChangelogHasAPlaceForWhatIsNotReleased(t *testing.T) {
	if !strings.Contains(documents(t)["CHANGELOG.md"], "\n## [Unreleased]") {
		t.Error("CHANGELOG.md has no heading ## [Unreleased]")
	}
}

// A number such as INC-1 is a promise to tell the reader what it means and
// where it comes from.
func TestEveryRequirementCitedIsExplained(t *testing.T) {
	number := regexp.MustCompile(`\b(?:ORD|INC|IDN|EMS|RPT|EVD|REF|REQ|OWN|PRP|PDX|PUB|RES|LAW|SEC)-[1-9][0-9]*\b`)
	files := tree(t)
	explained := map[string]bool{}
	for _, row := range table(files["docs/requirements.md"]) {
		if len(row) != 3 {
			continue
		}
		if !number.MatchString(row[0]) {
			continue
		}
		if explained[row[0]] {
			t.Errorf("docs/requirements.md explains %s twice", row[0])
		}
		explained[row[0]] = true
		if len(row[1]) < 20 {
			t.Errorf("docs/requirements.md says too little about %s: %q", row[0], row[1])
		}
		if !strings.Contains(row[2], "://") && !strings.Contains(row[2], "Jurat's own choice") && !strings.HasPrefix(row[2], "Source not read") {
			t.Errorf("docs/requirements.md gives no public address for %s, nor says whose choice it is or that the source was not read", row[0])
		}
	}
	if len(explained) == 0 {
		t.Fatal("docs/requirements.md explains no number")
	}
	for name, text := range files {
		if strings.HasPrefix(name, "testdata/") {
			continue
		}
		for _, n := range number.FindAllString(text, -1) {
			if !explained[n] {
				t.Errorf("%s cites %s: docs/requirements.md does not explain it", name, n)
			}
		}
	}
}

// table gives the rows of every Markdown table in text, cells trimmed, the
// rulers left out.
func table(text string) [][]string {
	var rows [][]string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") || strings.Trim(line, "|-: ") == "" {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	return rows
}

// A term is a row of docs/glossary.md.
type term struct {
	word, sentence string
	identifiers    []string // Name in the law, or room.Name
	rejected       []string
}

func glossary(t *testing.T) []term {
	t.Helper()
	const columns = 6 // word, sentence, Go, where, standard, not
	var terms []term
	for _, row := range table(tree(t)["docs/glossary.md"]) {
		if len(row) != columns {
			t.Fatalf("docs/glossary.md: a row of %d cells, want %d: %q", len(row), columns, row)
		}
		if row[0] == "Word" {
			continue
		}
		g := term{word: strings.Trim(row[0], "*"), sentence: row[1]}
		for _, m := range codeSpan.FindAllString(row[2], -1) {
			g.identifiers = append(g.identifiers, strings.Trim(m, "`"))
		}
		for word := range strings.SplitSeq(row[5], ",") {
			if word = strings.TrimSpace(word); word != "" {
				g.rejected = append(g.rejected, word)
			}
		}
		terms = append(terms, g)
	}
	if len(terms) == 0 {
		t.Fatal("docs/glossary.md has no terms")
	}
	return terms
}

func TestEveryTermIsASentenceAndAnIdentifier(t *testing.T) {
	declared := declarations(t)
	seen := map[string]bool{}
	for _, g := range glossary(t) {
		if seen[g.word] {
			t.Errorf("the glossary has %q twice", g.word)
		}
		seen[g.word] = true
		if !strings.HasSuffix(g.sentence, ".") {
			t.Errorf("the glossary's %q is not a sentence: %q", g.word, g.sentence)
		}
		for _, id := range g.identifiers {
			if strings.HasPrefix(id, "package ") {
				if _, ok := declared[strings.TrimPrefix(id, "package ")]; !ok {
					t.Errorf("the glossary's %q: no %s", g.word, id)
				}
				continue
			}
			pkg, name, ok := strings.Cut(id, ".")
			if !ok {
				pkg, name = "jurat", id
			}
			if !slices.Contains(declared[pkg], name) {
				t.Errorf("the glossary's %q is %s in Go: no such identifier in package %s", g.word, id, pkg)
			}
		}
	}
}

func TestNoRejectedWordIsANameInTheHouse(t *testing.T) {
	rejected := map[string]string{}
	for _, g := range glossary(t) {
		for _, word := range g.rejected {
			rejected[flat(word)] = g.word
		}
	}
	for _, g := range glossary(t) {
		if other, ok := rejected[flat(g.word)]; ok {
			t.Errorf("the glossary has %q as a word and rejects it under %q", g.word, other)
		}
	}
	for pkg, names := range declarations(t) {
		for _, name := range append(names, pkg) {
			if instead, ok := rejected[flat(name)]; ok {
				t.Errorf("%s.%s: the glossary says %q", pkg, name, instead)
			}
		}
	}
	made := regexp.MustCompile(`(?im)^\s*CREATE (?:TABLE|VIEW)(?: IF NOT EXISTS)? "?(\w+)`)
	for name, text := range tree(t) {
		if path.Ext(name) != ".sql" {
			continue
		}
		for _, m := range made.FindAllStringSubmatch(text, -1) {
			if instead, ok := rejected[flat(m[1])]; ok {
				t.Errorf("%s: table %s: the glossary says %q", name, m[1], instead)
			}
		}
	}
}

// flat is a name without its case and its word breaks.
func flat(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(name))
}

// declarations gives the exported names of each package of the house: types,
// functions, methods, constants, variables.
func declarations(t *testing.T) map[string][]string {
	t.Helper()
	names := map[string][]string{}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains([]string{".git", ".cache", "testdata", "scripts", "node_modules"}, d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			return err
		}
		pkg := f.Name.Name
		names[pkg] = append(names[pkg], exported(f)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func exported(f *ast.File) []string {
	var names []string
	add := func(id *ast.Ident) {
		if id.IsExported() {
			names = append(names, id.Name)
		}
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			add(d.Name)
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					add(s.Name)
				case *ast.ValueSpec:
					for _, id := range s.Names {
						add(id)
					}
				}
			}
		}
	}
	return names
}

// partial words are looked for at their beginning, so that a root catches its
// endings (PUB-3).
var partial = []string{
	"thug", "gestapo", "goon", "rogue agent", "brutal", "illegal alien", "illegals", "criminal alien",
	"invader", "terroriz", "kidnapped", "perpetrator", "culprit", "wrongdoer", "offender", "violator",
	"so-called", "obviously", "outrage", "heinous", "shameful", "heroic", "lawless",
}

func TestWordsTakeNoSide(t *testing.T) {
	address := regexp.MustCompile(`[a-z]+://\S+|\b[\w.-]+\.(?:com|org|gov|net|us|info|tv)/\S+`)
	title := regexp.MustCompile(`(?i)\bviolator file\b`) // what a national database calls a file of its own
	loaded := regexp.MustCompile(`(?i)\b(` + strings.Join(partial, "|") + `)`)
	finding := regexp.MustCompile(`(?i)\bviolations?\b`)
	careful := regexp.MustCompile(`(?i)(alleged|reported|documented|suspected|no|not an?|found) (legal |law )?violations?`)
	for name, text := range tree(t) {
		page := slices.Contains([]string{".html", ".tmpl"}, path.Ext(name))
		if !page && path.Ext(name) != ".md" && !strings.HasPrefix(name, "orders/") {
			continue
		}
		if name == "docs/glossary.md" { // it names what it rejects
			continue
		}
		for i, line := range strings.Split(text, "\n") {
			line = title.ReplaceAllString(address.ReplaceAllString(line, ""), "")
			if m := loaded.FindString(line); m != "" {
				t.Errorf("%s:%d: %q takes a side; say what was reported, by whom", name, i+1, m)
			}
			if page && len(finding.FindAllString(line, -1)) > len(careful.FindAllString(line, -1)) {
				t.Errorf("%s:%d: a violation is a finding; say alleged or reported", name, i+1)
			}
		}
	}
}

// The tour of the README is run by a test script, so it cannot be wrong.
func TestTheTourOfTheReadmeIsRun(t *testing.T) {
	script, err := os.ReadFile("cmd/jurat/testdata/tour.txtar")
	if err != nil {
		t.Skip("cmd/jurat/testdata/tour.txtar is not there: nothing runs the README's tour")
	}
	_, tour, found := strings.Cut(documents(t)["README.md"], "<!-- tour -->")
	tour, _, ended := strings.Cut(tour, "<!-- end of tour -->")
	if !found || !ended {
		t.Fatal("README.md has no tour between <!-- tour --> and <!-- end of tour -->")
	}
	runs := 0
	for line := range strings.Lines(tour) {
		command, ok := strings.CutPrefix(strings.TrimSpace(line), "jurat ")
		if !ok {
			continue
		}
		command, _, _ = strings.Cut(command, "  #")
		runs++
		if !strings.Contains(string(script), "jurat "+strings.TrimSpace(command)+"\n") {
			t.Errorf("README.md's tour says %q: tour.txtar does not run it", "jurat "+command)
		}
	}
	if runs == 0 {
		t.Error("README.md's tour runs nothing")
	}
}
