package durable_test

import (
	"errors"
	"fmt"
	"testing"

	"jurat"
	"jurat/internal/durable"
	"jurat/internal/durable/durabletest"
)

// everyCut runs act with the power cut at its first step, then its second, and
// so on until it gets through, each time with every loss, and hands the disk
// found afterwards to check.
func everyCut(t *testing.T, prepare, act func(durable.Files) error, check func(f durable.Files, acted error) error) {
	t.Helper()
	for _, loss := range durabletest.Losses {
		for _, torn := range []bool{false, true} {
			for cut := 1; ; cut++ {
				disk := durabletest.New()
				if err := prepare(durable.Files{Disk: disk}); err != nil {
					t.Fatal(err)
				}
				disk.FailAt(cut, torn)
				err := act(durable.Files{Disk: disk})
				failed := disk.Failed()
				if failed == (err == nil) {
					t.Errorf("%s, torn %t, cut at step %d: power cut %t, error %v", loss, torn, cut, failed, err)
				}
				if err := check(durable.Files{Disk: disk.Crash(loss)}, err); err != nil {
					t.Errorf("%s, torn %t, cut at step %d: %v", loss, torn, cut, err)
				}
				if !failed {
					if cut == 1 {
						t.Fatal("the act took no step")
					}
					break
				}
			}
		}
	}
}

// content reads a whole file of a disk; absent is "".
func content(f durable.Files, name string) (string, error) {
	file, err := f.Disk.Open(name)
	if err != nil {
		return "", err
	}
	info, err := file.Stat()
	if err != nil {
		return "", err
	}
	b := make([]byte, info.Size())
	if _, err := file.ReadAt(b, 0); err != nil && len(b) > 0 {
		return "", err
	}
	return string(b), nil
}

func TestAPowerCutLeavesTheOldFileOrTheNew(t *testing.T) {
	everyCut(t,
		func(f durable.Files) error {
			if err := f.MkdirAll("a/b", 0o700); err != nil {
				return err
			}
			return f.WriteFile("a/b/note", []byte("the old words"), 0o600)
		},
		func(f durable.Files) error { return f.WriteFile("a/b/note", []byte("the new words, longer"), 0o600) },
		func(f durable.Files, acted error) error {
			got, err := content(f, "a/b/note")
			switch {
			case err != nil:
				return err
			case acted == nil && got != "the new words, longer":
				return fmt.Errorf("acknowledged, and the file holds %q", got)
			case got != "the old words" && got != "the new words, longer":
				return fmt.Errorf("the file holds %q, which nobody wrote", got)
			}
			list, err := f.Disk.ReadDir("a/b")
			if err != nil {
				return err
			}
			for _, e := range list {
				if e.Name() != "note" && !durable.IsTemp(e.Name()) {
					return fmt.Errorf("litter %q is not known as litter", e.Name())
				}
			}
			return nil
		})
}

func TestAnAcknowledgedFolderSurvives(t *testing.T) {
	everyCut(t,
		func(f durable.Files) error { return nil },
		func(f durable.Files) error {
			if err := f.MkdirAll("x/y/z", 0o700); err != nil {
				return err
			}
			return f.WriteFile("x/y/z/f", nil, 0o600)
		},
		func(f durable.Files, acted error) error {
			if acted != nil {
				return nil
			}
			_, err := content(f, "x/y/z/f")
			return err
		})
}

func TestAnAcknowledgedRenameSurvives(t *testing.T) {
	everyCut(t,
		func(f durable.Files) error {
			if err := errors.Join(f.MkdirAll("p", 0o700), f.MkdirAll("q", 0o700)); err != nil {
				return err
			}
			return f.WriteFile("p/f", []byte("kept"), 0o600)
		},
		func(f durable.Files) error { return f.Rename("p/f", "q/g") },
		func(f durable.Files, acted error) error {
			_, oldErr := content(f, "p/f")
			moved, newErr := content(f, "q/g")
			// Until then a disk that keeps the two folders apart may forget
			// both names; what is acknowledged it may not.
			if acted == nil && (newErr != nil || moved != "kept" || oldErr == nil) {
				return fmt.Errorf("acknowledged, and old name: %v, new name: %q, %v", oldErr, moved, newErr)
			}
			return nil
		})
}

func TestARemovedFileStaysRemoved(t *testing.T) {
	everyCut(t,
		func(f durable.Files) error {
			if err := f.MkdirAll("p", 0o700); err != nil {
				return err
			}
			return f.WriteFile("p/f", []byte("secret"), 0o600)
		},
		func(f durable.Files) error { return f.Remove("p/f") },
		func(f durable.Files, acted error) error {
			if _, err := content(f, "p/f"); acted == nil && err == nil {
				return errors.New("acknowledged as removed, and it is there")
			}
			return nil
		})
}

func TestAFailedSyncIsToldAsOutcomeUnknown(t *testing.T) {
	disk := durabletest.New()
	f := durable.Files{Disk: disk}
	disk.FailAt(3, false) // create, write, sync
	err := f.WriteFile("f", []byte("x"), 0o600)
	if !errors.Is(err, jurat.Unavailable) || !errors.Is(err, durable.ErrOutcomeUnknown) {
		t.Errorf("sync of the file failed: %v", err)
	}
	disk = durabletest.New()
	disk.FailAt(5, false) // create, write, sync, rename, sync of the folder
	err = durable.Files{Disk: disk}.WriteFile("f", []byte("x"), 0o600)
	if !errors.Is(err, jurat.Unavailable) || !errors.Is(err, durable.ErrOutcomeUnknown) {
		t.Errorf("sync of the folder failed: %v", err)
	}
	disk = durabletest.New()
	disk.FailAt(2, false)
	err = durable.Files{Disk: disk}.WriteFile("f", []byte("x"), 0o600)
	if !errors.Is(err, jurat.Unavailable) || errors.Is(err, durable.ErrOutcomeUnknown) {
		t.Errorf("the write failed: %v", err)
	}
}
