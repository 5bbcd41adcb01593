package register_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"jurat"
	"jurat/internal/register"
)

// A row is found by an index that has its columns too. When a byte of the row
// itself changes nothing that is read by the index looks different, until the
// index is made anew: the register must be able to tell.
func TestARowThatIsNotWhatItsIndexSaysIsAltered(t *testing.T) {
	file := filepath.Join(t.TempDir(), "register.sqlite")
	r, err := register.OpenSQLite(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	oneIncident(t, r, "an incident")
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	sound := func() error {
		t.Helper()
		r, err := register.ReadSQLite(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		return r.Read(t.Context(), func(tx *register.Tx) error {
			checked, err := tx.Sound()
			if !checked {
				t.Error("nothing was checked")
			}
			return err
		})
	}
	if err := sound(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// A row of the table of events: its id, its incident, its number, its leaf.
	leaf := bytes.Index(b, []byte(`{"_sd":`))
	in := bytes.LastIndex(b[:leaf], []byte("2026-000001"))
	if leaf < 0 || in < 0 || leaf-in > 16 {
		t.Fatalf("no row of an event was found (%d, %d)", in, leaf)
	}
	b[in+5] ^= 1
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := sound(); !errors.Is(err, jurat.Altered) {
		t.Errorf("got %v, want altered", err)
	}
}
