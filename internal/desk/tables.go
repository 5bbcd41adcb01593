package desk

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"jurat"
	"jurat/internal/numbers"
	"jurat/internal/register"
)

// tables knows which import has which rows, so that nobody reads them all for
// one event number. Imports are numbered one after another and never change:
// each is read once. The rows themselves are always read from the record, and
// what was erased since is not told from here.
type tables struct {
	mu     sync.Mutex
	last   int // the last import read
	rows   map[jurat.Digest]bool
	events map[string][]int
	kinds  map[numbers.Kind][]tableSpan
}

// A tableSpan is one import and the beginning of its latest row.
type tableSpan struct {
	n      int
	newest time.Time
}

// read takes in the imports that were added since. It is asked before a
// transaction adds one of its own, so that none which is undone stays known.
func (t *tables) read(tx *register.Tx) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.rows == nil {
		t.rows, t.events, t.kinds = map[jurat.Digest]bool{}, map[string][]int{}, map[numbers.Kind][]tableSpan{}
	}
	for {
		i, rows, err := readImport(tx, importID(t.last+1))
		switch {
		case errors.Is(err, errErased):
			t.last++
			continue
		case errors.Is(err, jurat.NotFound):
			return nil
		case err != nil:
			return err
		}
		t.last++
		span := tableSpan{n: t.last}
		for _, r := range rows {
			t.rows[r.Digest] = true
			if e := r.Texts["event_number"]; e != "" && !slices.Contains(t.events[e], t.last) {
				t.events[e] = append(t.events[e], t.last)
			}
			if b := beginning(r); b.After(span.newest) {
				span.newest = b
			}
		}
		t.kinds[numbers.Kind(i.Kind)] = append(t.kinds[numbers.Kind(i.Kind)], span)
	}
}

func (t *tables) has(d jurat.Digest) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.rows[d]
}

// withEvent names the imports that have an event number, the newest first.
func (t *tables) withEvent(event string) []jurat.ItemID {
	t.mu.Lock()
	defer t.mu.Unlock()
	var ids []jurat.ItemID
	for _, n := range slices.Backward(t.events[event]) {
		ids = append(ids, importID(n))
	}
	return ids
}

// ofKind names the imports of a kind with a row that began at since or later.
func (t *tables) ofKind(kind numbers.Kind, since time.Time) []jurat.ItemID {
	t.mu.Lock()
	defer t.mu.Unlock()
	var ids []jurat.ItemID
	for _, span := range t.kinds[kind] {
		if !span.newest.Before(since) {
			ids = append(ids, importID(span.n))
		}
	}
	return ids
}

// beginning is when what a row is about began, as far as its kind says.
func beginning(r numbers.TableRow) time.Time {
	for _, name := range [...]string{"sent_at", "from", "book_in"} {
		if m := r.Times[name]; m.Stated() {
			return m.Last
		}
	}
	return time.Time{}
}

func importID(n int) jurat.ItemID {
	return jurat.ItemID(string(jurat.NounImport) + "-" + strconv.Itoa(n))
}

// errErased says that there was an import, and that its rows are gone.
var errErased = errors.New("the rows of the import were erased")

// readImport gives an import and its rows. NotFound: there is none.
func readImport(tx *register.Tx, id jurat.ItemID) (jurat.Import, []numbers.TableRow, error) {
	var i jurat.Import
	row, err := tx.Item(jurat.Item{Noun: jurat.NounImport, ID: id})
	if err != nil {
		return i, nil, err
	}
	if len(row.Open) == 0 {
		return i, nil, errErased
	}
	if err := decode(row, &i); err != nil {
		return i, nil, err
	}
	var rows []numbers.TableRow
	err = json.Unmarshal(i.Rows, &rows)
	return i, rows, err
}

// rowsOf are the rows of an import, of one that was erased none.
func rowsOf(tx *register.Tx, id jurat.ItemID) ([]numbers.TableRow, error) {
	_, rows, err := readImport(tx, id)
	if errors.Is(err, jurat.NotFound) || errors.Is(err, errErased) {
		return nil, nil
	}
	return rows, err
}
