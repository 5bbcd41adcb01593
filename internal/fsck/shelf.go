package fsck

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
	"jurat/format"
)

// The files of one log, by their names in the ledger folder (L-clauses of
// docs/format/ledger.md).
const (
	checkpointFile = "checkpoint"
	logPubFile     = "log.pub"
	keysFile       = "keys.jsonl"
	anchorsFolder  = "anchors/"
	tileFolder     = "tile/"
	pastFolder     = "past/"
	endingFolder   = "ending/" // where a log that ended is gathered on its way to past/
)

// A shelf is the files of one log: those of the log that goes on lie in the
// ledger folder itself, those of one that ended in past/ and its number.
type shelf struct {
	log     int64
	root    fs.FS
	prefix  string            // of its files in root
	files   map[string]string // where a file lies in root, by its name in the log
	tiles   map[place][]int   // the widths of the files of a tile
	anchors []string          // names under anchors/
	blind   bool              // a folder could not be listed: what is not seen may be there
	note    []byte            // the checkpoint as it was before anything else was read
}

// A place names a tile, whatever its width; level -1 are bundles of entries.
type place struct {
	level int
	n     int64
}

func newShelf(log int64, root fs.FS) *shelf {
	return &shelf{log: log, root: root, files: map[string]string{}, tiles: map[place][]int{}}
}

// where names a file of the shelf for people.
func (s *shelf) where(name string) string {
	if lies, ok := s.files[name]; ok {
		return "ledger/" + lies
	}
	return "ledger/" + s.prefix + name
}

// has reports whether a file is there.
func (s *shelf) has(name string) bool { _, ok := s.files[name]; return ok }

// read gives a file of at most limit bytes; more are cut off after one byte
// too many, which no comparison takes for equal.
func (s *shelf) read(name string, limit int64) ([]byte, error) {
	if name == checkpointFile && s.note != nil {
		return s.note, nil
	}
	return readFile(s.root, s.files[name], limit)
}

func readFile(root fs.FS, name string, limit int64) ([]byte, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit+1))
}

// shelve finds every file of the ledger folder and puts it on its log's shelf.
// current is the number of the log that goes on. ok is false when the folder
// is not there.
func (c *check) shelve(current int64) (shelves []*shelf, ok bool) {
	root := c.rec.open(c.rec.Ledger)
	if _, err := fs.Stat(root, "."); err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			c.unsure("ledger", "the folder cannot be read: %v", err)
		}
		return nil, false
	}
	c.blind = false
	note, noteErr := readFile(root, checkpointFile, noteBytes)
	past, moving := c.pastLogs(root)
	for log := range current + 1 {
		shelves = append(shelves, newShelf(log, root))
		shelves[log].prefix = pastFolder + strconv.FormatInt(log, 10) + "/"
	}
	// While the files of a log that ended are being moved, what still lies in
	// the folder itself is that log's.
	here := current
	if moving || past == current-1 && c.liesEnded(note) {
		here = min(max(0, past), current)
		c.note("the files of the log that ended are not yet moved to past/: the next publication does it")
	}
	shelves[here].prefix = ""
	c.list = append(c.list, c.walkLedger(root, func(name string) *shelfName {
		switch {
		case strings.HasPrefix(name, pastFolder):
			number, rest, _ := strings.Cut(strings.TrimPrefix(name, pastFolder), "/")
			n, err := strconv.ParseInt(number, 10, 64)
			if err != nil || n < 0 || n >= current || strconv.FormatInt(n, 10) != number {
				return nil
			}
			return &shelfName{shelves[n], rest}
		case strings.HasPrefix(name, endingFolder) && moving:
			return &shelfName{shelves[here], strings.TrimPrefix(name, endingFolder)}
		}
		return &shelfName{shelves[here], name}
	})...)
	for _, s := range shelves {
		s.blind = c.blind
	}
	switch s := shelves[here]; {
	case s.files[checkpointFile] != checkpointFile: // none, or on its way to past/
	case noteErr == nil:
		s.note = note
	case errors.Is(noteErr, fs.ErrNotExist): // published since
		delete(s.files, checkpointFile)
	}
	return shelves, true
}

type shelfName struct {
	shelf *shelf
	name  string
}

// walkLedger visits every file and shelves it, and gives what is wrong with
// those that belong nowhere.
func (c *check) walkLedger(root fs.FS, to func(name string) *shelfName) []Finding {
	f := &findings{}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		where := "ledger/" + name
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // moved or replaced since it was listed
		case err != nil:
			f.unsure(where, "it cannot be read: %v", err)
			c.blind = true
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return c.ctx.Err()
		case isTemp(name):
			c.note("%s was left by a program that was killed, or is being written", where)
			return nil
		case !d.Type().IsRegular():
			f.altered(where, "it is not a file")
			return nil
		}
		if of := to(name); of == nil || !of.shelf.put(of.name, name) {
			f.altered(where, "no such file belongs to a ledger")
		}
		return nil
	})
	if err != nil {
		c.blind = true
		f.unsure("ledger", "the folder cannot be read: %v", err)
	}
	return f.list
}

// put shelves one file; false when no log has a file of that name.
func (s *shelf) put(name, lies string) bool {
	switch {
	case name == checkpointFile, name == logPubFile, name == keysFile:
	case strings.HasPrefix(name, anchorsFolder) && !strings.Contains(name[len(anchorsFolder):], "/"):
		s.anchors = append(s.anchors, name)
	case strings.HasPrefix(name, tileFolder):
		t, err := format.ParseTilePath(name)
		if err != nil {
			return false
		}
		at := place{t.L, t.N}
		s.tiles[at] = append(s.tiles[at], t.W)
	default:
		return false
	}
	s.files[name] = lies
	return true
}

// pastLogs gives how many logs are in past/, and whether one is on its way.
func (c *check) pastLogs(root fs.FS) (past int64, moving bool) {
	entries, err := fs.ReadDir(root, strings.TrimSuffix(pastFolder, "/"))
	if err == nil {
		for _, e := range entries {
			if !isTemp(e.Name()) {
				past++
			}
		}
	}
	_, err = fs.Stat(root, strings.TrimSuffix(endingFolder, "/"))
	return past, err == nil
}

// liesEnded reports whether the checkpoint in the folder itself is of a log
// that ended.
func (c *check) liesEnded(msg []byte) bool {
	head, err := format.ParseCheckpoint(msg)
	return err == nil && slices.ContainsFunc(c.gaps, func(g gap) bool { return g.Origin == head.Origin })
}

const noteBytes = 1 << 20

// isTemp reports whether a file of this name is one that is written and then
// renamed, and left only by a program that was killed.
func isTemp(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(base, ".") && strings.HasSuffix(base, ".tmp")
}

// tileName is the name of a tile's file.
func tileName(at place, width int) string {
	return format.TilePath(tlog.Tile{H: format.TileHeight, L: at.level, N: at.n, W: width})
}

func unreadable(err error) error { return jurat.Because(jurat.Unavailable, err, "it cannot be read") }
