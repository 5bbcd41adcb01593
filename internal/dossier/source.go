package dossier

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"jurat"
	"jurat/format"
)

// A source is a dossier as it came: files by name below the top-level
// directory, in a fixed order. It is read once, from first to last.
type source struct {
	files     []file
	faults    []format.Fault
	transport string // age, plain

	zip    *format.Zip // nil: a folder
	closer io.Closer
}

type file struct {
	name string // below the top-level directory
	size int64
	open func() (io.ReadCloser, error)
}

func (s *source) close() {
	if s.closer != nil {
		s.closer.Close() //nolint:errcheck // read only
	}
}

// openSource opens what lies at path. Every error is Unavailable: nothing was
// looked at yet.
func openSource(path string, ids []age.Identity) (*source, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "open %s", path)
	}
	if info.IsDir() {
		return openFolder(path)
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for whoever writes to it
		return nil, jurat.Errorf(jurat.Unavailable, "%s is neither a file nor a folder", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "open %s", path)
	}
	s, err := openArchive(f, info.Size(), ids)
	if err != nil {
		f.Close() //nolint:errcheck // read only
		return nil, err
	}
	s.closer = f
	return s, nil
}

const ageLine, ageArmor = "age-encryption.org/", "-----BEGIN AGE"

func openArchive(f io.ReaderAt, size int64, ids []age.Identity) (*source, error) {
	head := make([]byte, len(ageLine))
	if n, err := f.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, jurat.Because(jurat.Unavailable, err, "read the dossier")
	} else {
		head = head[:n]
	}
	transport := "plain"
	switch {
	case bytes.HasPrefix(head, []byte(ageArmor)):
		return nil, jurat.Errorf(jurat.Unavailable, "the file is age in text form; decrypt it with age -d and check the ZIP")
	case string(head) == ageLine:
		if len(ids) == 0 {
			return nil, jurat.Errorf(jurat.Unavailable, "the dossier is encrypted: give the identity it was encrypted to")
		}
		r, n, err := age.DecryptReaderAt(f, size, ids...)
		if err != nil {
			return nil, jurat.Because(jurat.Unavailable, err, "the dossier cannot be decrypted with this identity, or is cut short")
		}
		f, size, transport = r, n, "age"
	case !bytes.HasPrefix(head, []byte("PK")):
		return nil, jurat.Errorf(jurat.Unavailable, "the file is not a dossier: neither a ZIP nor an age file")
	}
	z, err := format.ReadZip(f, size)
	if err != nil {
		return nil, err
	}
	s := &source{zip: z, faults: z.Faults, transport: transport}
	top := ""
	if len(z.Members) > 0 {
		top, _, _ = strings.Cut(z.Members[0].Name, "/")
	}
	for _, m := range z.Members {
		if !strings.HasPrefix(m.Name, top+"/") {
			top = "" // not one directory; Canonical says so, names stay whole
		}
	}
	for i, m := range z.Members {
		name := m.Name
		if top != "" {
			name = strings.TrimPrefix(name, top+"/")
		}
		s.files = append(s.files, file{name, m.Size, func() (io.ReadCloser, error) {
			r, err := z.Open(i)
			return io.NopCloser(r), err
		}})
	}
	return s, nil
}

// openFolder reads an unpacked dossier: the folder with bagit.txt, or one with
// nothing in it but that folder. Links are altered: no dossier has one, and
// following one would read what was not handed over.
func openFolder(path string) (*source, error) {
	if _, err := os.Lstat(filepath.Join(path, format.NameBagIt)); errors.Is(err, fs.ErrNotExist) {
		if inner, err := os.ReadDir(path); err == nil && len(inner) == 1 && inner[0].IsDir() {
			path = filepath.Join(path, inner[0].Name())
		}
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "open %s", path)
	}
	s := &source{transport: "plain", closer: root}
	err = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			s.faults = append(s.faults, format.Fault{Kind: jurat.Unavailable, What: "the folder cannot be read: " + err.Error(), Where: name})
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
		case d.IsDir():
		case !d.Type().IsRegular():
			s.faults = append(s.faults, format.Fault{Kind: jurat.Altered, What: "it is a link or a device, not a file", Where: name})
		default:
			info, err := d.Info()
			if err != nil {
				s.faults = append(s.faults, format.Fault{Kind: jurat.Unavailable, What: "the file cannot be read: " + err.Error(), Where: name})
				return nil
			}
			if len(s.files) >= format.MaxZipMembers {
				return jurat.Errorf(jurat.Unavailable, "the folder has more than %d files", format.MaxZipMembers)
			}
			s.files = append(s.files, file{name, info.Size(), func() (io.ReadCloser, error) { return root.Open(name) }})
		}
		return nil
	})
	if err != nil {
		root.Close() //nolint:errcheck // read only
		return nil, jurat.Because(jurat.Unavailable, err, "read %s", path)
	}
	return s, nil
}
