package jurat_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A door is what one room may import: other rooms, by their folder ("." is the
// law), and outside modules. The standard library is open to all but the law.
type door struct {
	rooms   []string
	modules []string
}

// everyRoom marks a room that wires the others together.
const everyRoom = "*"

// mayUse is the map of the house (docs/architecture.md): each room, and the
// rooms and modules it opens a door to. A new room starts here. A new arrow
// here is a design decision and carries its reason; an arrow nobody uses any
// more is a door left open, and fails too. Tests may open any door they need.
// Rooms that do not exist yet may be on the map; a room that exists and is not
// on the map fails.
var mayUse = map[string]door{
	".":     {},
	"order": {rooms: []string{"."}, modules: []string{"cel.dev/cel-go", "github.com/santhosh-tekuri/jsonschema/v6", "github.com/goccy/go-yaml"}},
	// the law for the kinds of a refusal
	"orders": {rooms: []string{".", "order"}},
	// pkcs7 for what timestamp does not show of a token: its attributes and chain
	"format": {rooms: []string{"."}, modules: []string{"golang.org/x/mod", "github.com/transparency-dev/formats", "github.com/digitorus/timestamp", "github.com/digitorus/pkcs7"}},

	// the law for its kinds: a full disk is Unavailable everywhere
	"internal/durable": {rooms: []string{"."}},
	"internal/ledger":  {rooms: []string{".", "format", "internal/durable"}, modules: []string{"golang.org/x/mod"}},
	"internal/vault":   {rooms: []string{"."}},
	// x/text folds words the same for both engines
	"internal/register": {rooms: []string{".", "format", "internal/ledger"}, modules: []string{"modernc.org/sqlite", "github.com/jackc/pgx/v5", "golang.org/x/mod", "golang.org/x/text"}},
	// the register for the rows that let people in; x/text so that a password typed on another keyboard is the same
	"internal/login": {rooms: []string{".", "format", "internal/register"}, modules: []string{"github.com/coreos/go-oidc/v3", "golang.org/x/oauth2", "github.com/go-webauthn/webauthn", "github.com/pquerna/otp", "golang.org/x/crypto", "golang.org/x/text"}},
	// x/sys for memory that is a file, and the numbers of system calls
	"internal/media":   {rooms: []string{"."}, modules: []string{"github.com/bep/imagemeta", "golang.org/x/sys"}},
	"internal/dossier": {rooms: []string{".", "format"}, modules: []string{"filippo.io/age"}},
	// of register and vault the readers of rows and sealed bytes, no more
	"internal/fsck": {rooms: []string{".", "format", "internal/register", "internal/vault"}, modules: []string{"golang.org/x/mod"}},
	// counts of what the desk knows; the desk hands it facts
	"internal/numbers": {rooms: []string{".", "format", "order"}, modules: []string{"golang.org/x/text"}},
	// numbers, because a report is refused for words under seal: it is made where they may be opened
	"internal/desk": {rooms: []string{".", "order", "format", "internal/register", "internal/vault", "internal/ledger", "internal/dossier", "internal/media", "internal/numbers"}, modules: []string{"github.com/cedar-policy/cedar-go", "filippo.io/age", "golang.org/x/mod"}},
	// toml and x/text for the catalogues, which are files of the one and named by the other; huma for what programs ask
	"internal/web": {rooms: []string{".", "internal/desk", "internal/login"}, modules: []string{"github.com/danielgtaylor/huma/v2", "github.com/nicksnyder/go-i18n/v2", "github.com/BurntSushi/toml", "golang.org/x/text"}},

	// Media: a backend opens the room it serves, for its contract.
	"internal/vault/dirstore": {rooms: []string{".", "internal/vault", "internal/durable"}},
	"internal/vault/memstore": {rooms: []string{".", "internal/vault"}},
	"internal/vault/s3store":  {rooms: []string{".", "internal/vault"}},

	// Suites and fakes of the outside; no room of the product opens one.
	"internal/durable/durabletest":   {rooms: []string{"internal/durable"}},
	"internal/login/logintest":       {},
	"internal/ledger/ledgertest":     {rooms: []string{".", "internal/ledger"}, modules: []string{"golang.org/x/mod"}},
	"internal/vault/vaulttest":       {rooms: []string{".", "internal/vault"}},
	"internal/register/registertest": {rooms: []string{".", "format", "internal/ledger", "internal/register"}, modules: []string{"golang.org/x/mod"}},
	// every room a record needs: it opens one as cmd does
	"internal/desk/desktest": {rooms: []string{".", "orders", "format", "internal/desk", "internal/register", "internal/vault", "internal/vault/dirstore", "internal/ledger", "internal/login", "internal/media"}, modules: []string{"filippo.io/age"}},

	"cmd/jurat":            {rooms: []string{everyRoom}, modules: []string{"github.com/alecthomas/kong", "github.com/BurntSushi/toml", "filippo.io/age", "golang.org/x/sys", "github.com/prometheus/client_golang"}},
	"cmd/jurat/demo/media": {},
	// measures whole paths, so it opens backends as cmd does
	"internal/bench": {rooms: []string{everyRoom}, modules: []string{"github.com/pquerna/otp/totp", "golang.org/x/sys"}},
}

// backends are the places bytes can live. Only the door opens one, and what
// stands in for it: the bench, and the maker of whole records for tests.
var backends = []string{"internal/vault/dirstore", "internal/vault/memstore", "internal/vault/s3store"}

// mayOpenBackends lists who may.
var mayOpenBackends = []string{"cmd/jurat", "internal/bench", "internal/desk/desktest"}

// noNetwork are the rooms below which neither a network nor a database may be
// linked, so that verify can be handed out as a small binary of its own.
var noNetwork = []string{".", "order", "orders", "format", "internal/dossier", "internal/durable", "internal/numbers"}

// mayAskTheClock lists the rooms that may know what time it is; to all others
// time is an argument.
var mayAskTheClock = []string{"cmd/jurat", "internal/web", "internal/bench"}

// bannedNames say nothing about what is in a package.
var bannedNames = []string{"util", "utils", "common", "base", "model", "models", "types", "service", "services", "manager", "helper", "helpers", "handler", "handlers", "controller", "repository", "core", "pkg", "misc", "lib", "shared"}

// A room is one package as go list tells it.
type room struct {
	ImportPath string
	Name       string
	Dir        string
	Doc        string
	GoFiles    []string
	Imports    []string
}

func (r room) folder() string {
	if f, ok := strings.CutPrefix(r.ImportPath, "jurat/"); ok {
		return f
	}
	return "."
}

// rooms lists the packages of the house that have code outside their tests.
func rooms(t *testing.T) []room {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Name,Dir,Doc,GoFiles,Imports", "./...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []room
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var r room
		if err := d.Decode(&r); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		if len(r.GoFiles) > 0 {
			all = append(all, r)
		}
	}
}

func isStandard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".") && first != "jurat"
}

func TestEveryRoomKeepsToItsDoors(t *testing.T) {
	for _, r := range rooms(t) {
		may, known := mayUse[r.folder()]
		if !known {
			t.Errorf("room %s is not on the map: add it to mayUse with what it may open", r.folder())
			continue
		}
		var opened, hired []string
		for _, imported := range r.Imports {
			if imported == "C" {
				t.Errorf("%s uses cgo: the product is one static binary", r.folder())
			}
			if isStandard(imported) {
				continue
			}
			if imported == "jurat" || strings.HasPrefix(imported, "jurat/") {
				other := room{ImportPath: imported}.folder()
				opened = append(opened, other)
				if !slices.Contains(may.rooms, everyRoom) && !slices.Contains(may.rooms, other) {
					t.Errorf("%s opens a door to %s: not on the map", r.folder(), other)
				}
				if slices.Contains(backends, other) && !slices.Contains(mayOpenBackends, r.folder()) {
					t.Errorf("%s opens the backend %s: only cmd does", r.folder(), other)
				}
				if forTests(other) && !forTests(r.folder()) {
					t.Errorf("%s links %s, which is for tests, into the product", r.folder(), other)
				}
				continue
			}
			i := slices.IndexFunc(may.modules, func(m string) bool { return imported == m || strings.HasPrefix(imported, m+"/") })
			if i < 0 {
				t.Errorf("%s uses %s: not on the map", r.folder(), imported)
				continue
			}
			hired = append(hired, may.modules[i])
		}
		for _, other := range may.rooms {
			if other != everyRoom && !slices.Contains(opened, other) {
				t.Errorf("the map has a door from %s to %s that nobody uses", r.folder(), other)
			}
		}
		for _, module := range may.modules {
			if !slices.Contains(hired, module) {
				t.Errorf("the map lets %s use %s, and it does not", r.folder(), module)
			}
		}
	}
}

// forTests says whether a room is a suite or a fake: its name ends so.
func forTests(folder string) bool { return strings.HasSuffix(folder, "test") }

// A dependency is a hire: who reads go.mod reads why each is there.
func TestEveryDependencyHasItsReason(t *testing.T) {
	text, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	required := regexp.MustCompile(`^(?:require |\t)(\S+\.\S+) v\S+(?: // (.*))?$`)
	direct := 0
	for line := range strings.Lines(string(text)) {
		m := required.FindStringSubmatch(strings.TrimRight(line, "\n"))
		if m == nil || m[2] == "indirect" {
			continue
		}
		direct++
		if len(m[2]) < 10 {
			t.Errorf("go.mod: %s has no reason beside it", m[1])
		}
	}
	if direct == 0 {
		t.Error("go.mod requires nothing: is it read rightly?")
	}
}

func TestTheLawDoesNoIO(t *testing.T) {
	for _, r := range rooms(t) {
		if r.folder() != "." {
			continue
		}
		for _, imported := range r.Imports {
			switch {
			case !isStandard(imported):
				t.Errorf("the law imports %s: standard library only", imported)
			case slices.Contains([]string{"os", "io/fs", "io/ioutil", "log", "log/slog", "database/sql", "crypto/rand", "math/rand", "math/rand/v2", "syscall", "unsafe"}, imported),
				imported == "net", strings.HasPrefix(imported, "net/"), strings.HasPrefix(imported, "os/"):
				t.Errorf("the law imports %s: it touches no disk, network, clock or chance", imported)
			}
		}
	}
}

func TestNothingBelowTheDossierKnowsANetworkOrADatabase(t *testing.T) {
	for _, r := range rooms(t) {
		if !slices.Contains(noNetwork, r.folder()) {
			continue
		}
		out, err := exec.Command("go", "list", "-deps", r.ImportPath).Output()
		if err != nil {
			t.Fatalf("go list -deps %s: %v", r.ImportPath, err)
		}
		for dep := range strings.FieldsSeq(string(out)) {
			if dep == "net/http" || dep == "database/sql" {
				t.Errorf("%s links %s", r.folder(), dep)
			}
		}
	}
}

func TestEveryRoomHasADoorPlate(t *testing.T) {
	for _, r := range rooms(t) {
		doc := packageDoc(t, r)
		if doc == "" {
			t.Errorf("%s has no package comment", r.folder())
			continue
		}
		at := 0
		for _, heading := range []string{"Holds:", "Promises:", "May open:", "Never:"} {
			i := strings.Index(doc[at:], heading)
			if i < 0 {
				t.Errorf("the package comment of %s lacks %q, or has it out of order", r.folder(), heading)
				break
			}
			at += i + len(heading)
		}
		if n := strings.Count(doc, "\n"); n > 40 {
			t.Errorf("the package comment of %s has %d lines: a door plate is read standing", r.folder(), n)
		}
	}
}

// packageDoc is the longest package comment of r, whole; go list gives only its
// first sentence.
func packageDoc(t *testing.T, r room) string {
	t.Helper()
	var doc string
	for _, f := range parseRoom(t, r, parser.ParseComments|parser.PackageClauseOnly) {
		if text := f.Doc.Text(); len(text) > len(doc) {
			doc = text
		}
	}
	return doc
}

func parseRoom(t *testing.T, r room, mode parser.Mode) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	for _, name := range r.GoFiles {
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(r.Dir, name), nil, mode)
		if err != nil {
			t.Fatal(err)
		}
		files[path.Join(r.folder(), name)] = f
	}
	return files
}

func TestTimeIsAnArgument(t *testing.T) {
	clock := []string{"Now", "Since", "Until"}
	for _, r := range rooms(t) {
		if slices.Contains(mayAskTheClock, r.folder()) {
			continue
		}
		for name, f := range parseRoom(t, r, 0) {
			ast.Inspect(f, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok {
					if pkg, ok := s.X.(*ast.Ident); ok && pkg.Name == "time" && slices.Contains(clock, s.Sel.Name) {
						t.Errorf("%s asks the clock (time.%s): take the time as an argument", name, s.Sel.Name)
					}
				}
				return true
			})
		}
	}
}

func TestNothingHappensBeforeMain(t *testing.T) {
	for _, r := range rooms(t) {
		for name, f := range parseRoom(t, r, 0) {
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
					t.Errorf("%s has an init: main wires, nothing else happens first", name)
				}
			}
			for _, imported := range f.Imports {
				mod := strings.Trim(imported.Path.Value, `"`)
				// A database driver, an embed, the time zones and a hash by its number can
				// be had in no other way.
				only := []string{"embed", "time/tzdata", "crypto/sha256", "crypto/sha512"}
				if imported.Name != nil && imported.Name.Name == "_" && !slices.Contains(only, mod) && r.folder() != "internal/register" {
					t.Errorf("%s imports %s for its effects", name, mod)
				}
			}
		}
	}
}

func TestPackagesSayWhatIsInThem(t *testing.T) {
	for _, r := range rooms(t) {
		if slices.Contains(bannedNames, r.Name) || slices.Contains(bannedNames, path.Base(r.folder())) {
			t.Errorf("package %s in %s: the name says nothing about what is in it", r.Name, r.folder())
		}
	}
}

func TestFilesAreOneThing(t *testing.T) {
	const most = 600
	for name, text := range tree(t) {
		if n := strings.Count(text, "\n"); path.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go") && n > most {
			t.Errorf("%s has %d lines, want at most %d: is it one thing?", name, n, most)
		}
	}
}

func TestNoOpenEndWithoutAnOwner(t *testing.T) {
	open := regexp.MustCompile(`\b(` + "TO" + `DO|FIX` + `ME|XX` + `X|HA` + `CK)\b(\([a-z-]+\))?`)
	for name, text := range tree(t) {
		for i, line := range strings.Split(text, "\n") {
			for _, m := range open.FindAllStringSubmatch(line, -1) {
				if m[2] == "" {
					t.Errorf("%s:%d: %s without an owner; finish it, or write %[3]s(owner)", name, i+1, m[1])
				}
			}
		}
	}
}

// A path of the machine a file was written on is no use to anybody else.
func TestNoPathOfThisMachineStandsInTheTree(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range tree(t) {
		if strings.Contains(text, here+"/") {
			t.Errorf("%s names %s/", name, here)
		}
	}
}

// tree gives every text file of the repository by its path from the root, less
// what is built, fetched or kept by other programs.
func tree(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains([]string{".git", ".cache", "bin", "bench-work", "node_modules"}, d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		switch filepath.Ext(name) {
		case ".go", ".md", ".yaml", ".yml", ".json", ".sql", ".html", ".css", ".tmpl", ".txtar", ".txt", ".py", ".mjs", ".js", ".sh", ".cedar", ".toml", ".mod", "":
		default:
			return nil
		}
		if info, err := d.Info(); err != nil || !info.Mode().IsRegular() || info.Size() > 1<<20 {
			return err
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(name)] = string(b)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
