package register_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jurat"
	"jurat/internal/register"
	"jurat/internal/register/registertest"
)

// beside lists a folder's files with their bytes, but for -shm, in which
// SQLite keeps who reads.
func beside(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(e.Name(), "-shm") {
			b = nil
		}
		files[e.Name()] = string(b)
	}
	return files
}

func same(t *testing.T, before, after map[string]string) {
	t.Helper()
	for name := range after {
		if _, ok := before[name]; !ok {
			t.Errorf("%s was made", name)
		}
	}
	for name, b := range before {
		if after[name] != b {
			t.Errorf("%s was changed or removed", name)
		}
	}
}

func oneIncident(t *testing.T, r *register.Register, title string) {
	t.Helper()
	err := r.Write(t.Context(), func(tx *register.Tx) error {
		in, err := tx.NextIncident(2026)
		if err != nil {
			return err
		}
		e := registertest.Event(t, registertest.NewID(), in, 0, jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(in)}, title)
		e.Search, e.Title = title, title
		return tx.Append(e)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func countIncidents(t *testing.T, r *register.Register) (n int) {
	t.Helper()
	if err := r.Read(t.Context(), func(tx *register.Tx) error {
		list, err := tx.ListIncidents(nil, "", 100)
		n = len(list)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// copied copies the named files of a database into a new folder.
func copied(t *testing.T, file string, suffixes ...string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "register.sqlite")
	for _, s := range suffixes {
		b, err := os.ReadFile(file + s)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to+s, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// The doubter reads evidence: whatever state a record was left in, it reads
// all of it, and leaves it as it was.
func TestReadingLeavesNoTrace(t *testing.T) {
	live := filepath.Join(t.TempDir(), "register.sqlite")
	r, err := register.OpenSQLite(t.Context(), live)
	if err != nil {
		t.Fatal(err)
	}
	oneIncident(t, r, "One")
	if err := r.Scrub(t.Context()); err != nil { // into the database
		t.Fatal(err)
	}
	oneIncident(t, r, "Two") // in the -wal alone

	states := map[string]struct {
		file string
		want int
	}{
		"another program has it open":             {live, 2},
		"a killed program left its -wal and -shm": {copied(t, live, "", "-wal", "-shm"), 2},
		"a copy was made with its -wal":           {copied(t, live, "", "-wal"), 2},
		"a copy was made of the database alone":   {copied(t, live, ""), 1},
		"a copy was made with an empty -wal":      {func() string { f := copied(t, live, ""); os.WriteFile(f+"-wal", nil, 0o600); return f }(), 1},
		"a name that means something to a URI ?#%&": {func() string {
			f := copied(t, live, "")
			n := filepath.Join(filepath.Dir(f), "a ?#%41&b")
			os.Rename(f, n)
			return n
		}(), 1},
	}
	for name, state := range states {
		t.Run(name, func(t *testing.T) {
			before := beside(t, filepath.Dir(state.file))
			reader, err := register.ReadSQLite(t.Context(), state.file)
			if err != nil {
				t.Fatal(err)
			}
			if n := countIncidents(t, reader); n != state.want {
				t.Errorf("%d incidents, want %d", n, state.want)
			}
			same(t, before, beside(t, filepath.Dir(state.file)))
			if err := reader.Close(); err != nil {
				t.Error(err)
			}
			same(t, before, beside(t, filepath.Dir(state.file)))
		})
	}

	t.Run("another program writes on meanwhile", func(t *testing.T) {
		reader, err := register.ReadSQLite(t.Context(), live)
		if err != nil {
			t.Fatal(err)
		}
		defer reader.Close()
		before := countIncidents(t, reader)
		oneIncident(t, r, "Three")
		if n := countIncidents(t, reader); n != before+1 {
			t.Errorf("%d incidents, want %d", n, before+1)
		}
	})
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	t.Run("it was closed in order", func(t *testing.T) {
		before := beside(t, filepath.Dir(live))
		if names := slices.Sorted(func(yield func(string) bool) {
			for n := range before {
				yield(n)
			}
		}); !slices.Equal(names, []string{"register.sqlite"}) {
			t.Errorf("closing left %q", names)
		}
		reader, err := register.ReadSQLite(t.Context(), live)
		if err != nil {
			t.Fatal(err)
		}
		defer reader.Close()
		if n := countIncidents(t, reader); n != 3 {
			t.Errorf("%d incidents, want 3", n)
		}
		same(t, before, beside(t, filepath.Dir(live)))
		// Somebody opens it for writing after all: what is read can no longer
		// be relied on, and that is said.
		w, err := register.OpenSQLite(t.Context(), live)
		if err != nil {
			t.Fatal(err)
		}
		oneIncident(t, w, "Four")
		err = reader.Read(t.Context(), func(tx *register.Tx) error { _, err := tx.ListIncidents(nil, "", 1); return err })
		if !errors.Is(err, jurat.Unavailable) {
			t.Errorf("Read of a file that is written to: %v", err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestWhatIsNoRegisterIsNotOpened(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		f := filepath.Join(dir, name)
		if err := os.WriteFile(f, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return f
	}
	_, err := register.ReadSQLite(t.Context(), filepath.Join(dir, "none"))
	if !errors.Is(err, jurat.NotFound) {
		t.Errorf("a file that is not there: %v", err)
	}
	for name, f := range map[string]string{
		"an empty file": file("empty", ""),
		"a text":        file("text", strings.Repeat("not a database at all\n", 1000)),
		"cut short":     file("short", "SQLite format 3\x00\x10\x00"),
		"a folder":      dir,
	} {
		before := beside(t, filepath.Dir(file("mark", "")))
		if _, err := register.ReadSQLite(t.Context(), f); !errors.Is(err, jurat.Unavailable) {
			t.Errorf("read %s: %v", name, err)
		}
		same(t, before, beside(t, dir))
		if name == "an empty file" {
			continue // a new register begins as one
		}
		if r, err := register.OpenSQLite(t.Context(), f); !errors.Is(err, jurat.Unavailable) {
			t.Errorf("open %s: %v", name, err)
			r.Close()
		}
	}
}

// Erased means gone from the files, as far as the engine can.
func TestWhatWasErasedIsNotInTheFiles(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "register.sqlite")
	r, err := register.OpenSQLite(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, r)
	oneIncident(t, r, "A stop")
	const in jurat.IncidentNumber = "2026-000001"
	item := jurat.Item{Noun: jurat.NounExhibit, ID: jurat.NumberItem(in, jurat.NounExhibit, 1)}
	var ids []jurat.EventID
	marks := []string{"quillfeather", "wrappedkeyofpart", "ciphertextofpart", "wrappedkeyofblob"}
	err = r.Write(t.Context(), func(tx *register.Tx) error {
		if _, err := tx.Lock(in); err != nil {
			return err
		}
		for i := range 40 {
			e := registertest.Event(t, registertest.NewID(), in, int64(i)+1, item, i)
			e.Search, e.Title = "a clip of quillfeather street", "quillfeather"
			e.Sealed = []register.SealedPart{{Class: jurat.ClassIdentity, Key: []byte(marks[1]), Body: []byte(marks[2])}}
			marks = append(marks, string(e.Open))
			ids = append(ids, e.ID)
			if err := tx.Append(e); err != nil {
				return err
			}
		}
		return tx.PutBlob(register.BlobRow{Exhibit: item.ID, Incident: in, ID: "b", Size: 1, Key: []byte(marks[3])})
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range marks {
		if !anywhere(t, dir, m) {
			t.Fatalf("%q is not in the files to begin with", m)
		}
	}
	err = r.Write(t.Context(), func(tx *register.Tx) error {
		if _, err := tx.Lock(in); err != nil {
			return err
		}
		return tx.EraseParts(ids, jurat.Classes[:])
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, m := range marks {
		if anywhere(t, dir, m) {
			t.Errorf("%q is still in the files", m)
		}
	}
}

func anywhere(t *testing.T, dir, mark string) bool {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte(mark)) {
			return true
		}
	}
	return false
}

// What a killed program left in the log can be read, and may not be durable: who
// opens the record has it in the database before anybody acts on it.
func TestWhatAKilledProgramLeftIsDurableOnceTheRecordIsOpen(t *testing.T) {
	live := filepath.Join(t.TempDir(), "register.sqlite")
	r, err := register.OpenSQLite(t.Context(), live)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	oneIncident(t, r, "One") // in the -wal alone
	killed := copied(t, live, "", "-wal", "-shm")
	again, err := register.OpenSQLite(t.Context(), killed)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	reader, err := register.ReadSQLite(t.Context(), copied(t, killed, "")) // the database without its log
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if n := countIncidents(t, reader); n != 1 {
		t.Errorf("%d incidents are in the database, want 1", n)
	}
}
