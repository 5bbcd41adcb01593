package demomedia

import (
	"bytes"
	"io"
	"io/fs"
	"slices"
	"testing"

	"github.com/bep/imagemeta"
)

func TestEveryNameIsAFileAndEveryFileHasAName(t *testing.T) {
	var total int
	for _, name := range Names {
		b, err := Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		total += len(b)
	}
	if total > 1<<20 {
		t.Errorf("the media are %d bytes together, want at most 1 MiB: they lie in every binary", total)
	}
	entries, err := fs.ReadDir(Files, ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(Names[:], e.Name()) {
			t.Errorf("%s is embedded and has no name", e.Name())
		}
	}
}

// A player that reads from the start must find the index of a film before its
// pictures, or nothing plays until the whole file is there.
func TestFilmsAndSoundCanBePlayedWhileTheyAreRead(t *testing.T) {
	for _, name := range []string{BodyCamera1, BodyCamera2, Dispatch} {
		b, err := Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		index, data := bytes.Index(b, []byte("moov")), bytes.Index(b, []byte("mdat"))
		if index < 0 || data < 0 || index > data {
			t.Errorf("%s: index at %d, data at %d; want the index first", name, index, data)
		}
		if !bytes.Contains(b, []byte("mp4a")) {
			t.Errorf("%s has no AAC sound", name)
		}
		if name != Dispatch && !bytes.Contains(b, []byte("avc1")) {
			t.Errorf("%s has no H.264 picture", name)
		}
	}
}

func TestPicturesSayWhenAndWithWhatAndNotWhere(t *testing.T) {
	for _, name := range []string{Photo1, Photo2} {
		tags := exif(t, name)
		for _, want := range []string{"DateTimeOriginal", "OffsetTimeOriginal", "Model"} {
			if _, ok := tags.EXIF()[want]; !ok {
				t.Errorf("%s does not say %s", name, want)
			}
		}
		if got := tags.EXIF()["Make"].Value; got != "Test Camera" {
			t.Errorf("%s was made by %v, want Test Camera", name, got)
		}
		if lat, long, err := tags.GetLatLong(); err == nil && (lat != 0 || long != 0) {
			t.Errorf("%s says where it was taken", name)
		}
	}
}

func exif(t *testing.T, name string) imagemeta.Tags {
	t.Helper()
	f, err := Files.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var tags imagemeta.Tags
	_, err = imagemeta.Decode(imagemeta.Options{
		R:           f.(io.ReadSeeker),
		ImageFormat: imagemeta.JPEG,
		Sources:     imagemeta.EXIF,
		HandleTag:   func(tag imagemeta.TagInfo) error { tags.Add(tag); return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return tags
}
