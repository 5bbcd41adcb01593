package format

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"jurat"
)

// The names a dossier always has, below its top-level directory (D20).
const (
	NameBagIt                = "bagit.txt"
	NameBagInfo              = "bag-info.txt"
	NameManifest             = "manifest-sha256.txt"
	NameTagManifest          = "tagmanifest-sha256.txt"
	NameTagManifestSignature = "jurat/tagmanifest.sig"
	NameVerify               = "VERIFY.md"
	NameReferral             = "data/referral.json"
	NameIndex                = "data/index.html"
	NameStyle                = "data/style.css"
	NameCheckpoint           = "jurat/checkpoint"
	NameConsistency          = "jurat/consistency"
	NameKeys                 = "jurat/keys.jsonl"
	NameCustody              = "jurat/custody.csv"
	NameOpened               = "jurat/opened.csv"
	NameContacts             = "jurat/contacts.json"
	NameMissing              = "jurat/missing.json"
	NameCertificate          = "jurat/certificate.txt"
)

// BagItDeclaration is bagit.txt, byte for byte (RFC 8493 §2.1.1; D21).
const BagItDeclaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

// A ManifestLine is one file and its digest.
type ManifestLine struct {
	Path   string // below the top-level directory
	Digest jurat.Digest
}

// A Manifest lists files by path, in byte order, each once.
type Manifest []ManifestLine

// Print writes the manifest as `sha256sum -c` reads it (D22). Lines are sorted.
func (m Manifest) Print() []byte {
	lines := slices.Clone(m)
	slices.SortFunc(lines, func(a, b ManifestLine) int { return strings.Compare(a.Path, b.Path) })
	var b bytes.Buffer
	for _, l := range lines {
		fmt.Fprintf(&b, "%s  %s\n", l.Digest.Hex(), l.Path)
	}
	return b.Bytes()
}

// ParseManifest reads a manifest of the one spelling: 64 lower-case hex digits,
// two spaces, a path of D12 letters; sorted, no path twice, every line ended.
// Anything else, other white space included, is Invalid.
func ParseManifest(b []byte) (Manifest, error) {
	var m Manifest
	n := 0
	for line := range strings.Lines(string(b)) {
		n++
		text, ended := strings.CutSuffix(line, "\n")
		sum, path, split := strings.Cut(text, "  ")
		var d jurat.Digest
		if !ended || !split || len(sum) != 64 || strings.ToLower(sum) != sum {
			return nil, jurat.Errorf(jurat.Invalid, "manifest line %d: want 64 lower-case hexadecimal digits, two spaces and a path", n)
		}
		if _, err := hex.Decode(d[:], []byte(sum)); err != nil {
			return nil, jurat.Errorf(jurat.Invalid, "manifest line %d: not hexadecimal", n)
		}
		if err := CheckZipName("top/" + path); err != nil {
			return nil, jurat.Because(jurat.Invalid, err, "manifest line %d", n)
		}
		if len(m) > 0 && m[len(m)-1].Path >= path {
			return nil, jurat.Errorf(jurat.Invalid, "manifest line %d: %s is out of order or there twice", n, path)
		}
		m = append(m, ManifestLine{path, d})
	}
	return m, nil
}

// Find gives the digest listed for a path.
func (m Manifest) Find(path string) (jurat.Digest, bool) {
	i, ok := slices.BinarySearchFunc(m, path, func(l ManifestLine, p string) int { return strings.Compare(l.Path, p) })
	if !ok {
		return jurat.Digest{}, false
	}
	return m[i].Digest, true
}

// BagInfo is bag-info.txt: what an archivist reads first (RFC 8493 §2.2.2).
type BagInfo struct {
	Source     string    // the sender's name, one line
	Identifier string    // referral number and dossier number, for people
	Date       time.Time // a day, UTC: the city's assertion
	Octets     int64     // of all payload files
	Streams    int64     // how many payload files there are
}

// Print writes bag-info.txt: these five labels in this order, and the format
// version (D23).
func (i BagInfo) Print() []byte {
	return fmt.Appendf(nil, "Source-Organization: %s\nExternal-Identifier: %s\nBagging-Date: %s\nPayload-Oxum: %d.%d\nBag-Software-Agent: jurat\nJurat-Dossier-Version: %d\n",
		oneLine(i.Source), oneLine(i.Identifier), i.Date.UTC().Format(time.DateOnly), i.Octets, i.Streams, DossierVersion)
}

// DossierVersion is the version of docs/format/dossier.md this package speaks.
const DossierVersion = 1

// ParseBagInfo reads what Print writes, and nothing else: Invalid, or
// Unavailable when it states a version this program does not know.
func ParseBagInfo(b []byte) (BagInfo, error) {
	var i BagInfo
	labels := []string{"Source-Organization", "External-Identifier", "Bagging-Date", "Payload-Oxum", "Bag-Software-Agent", "Jurat-Dossier-Version"}
	values := make([]string, len(labels))
	lines := strings.Split(string(b), "\n")
	if len(lines) != len(labels)+1 || lines[len(labels)] != "" {
		return i, jurat.Errorf(jurat.Invalid, "bag-info.txt: want %d lines", len(labels))
	}
	for n, label := range labels {
		value, ok := strings.CutPrefix(lines[n], label+": ")
		if !ok {
			return i, jurat.Errorf(jurat.Invalid, "bag-info.txt line %d: want %s", n+1, label)
		}
		values[n] = value
	}
	if values[5] != fmt.Sprint(DossierVersion) {
		return i, jurat.Errorf(jurat.Unavailable, "this dossier is of format version %.20q; this program knows version %d", values[5], DossierVersion)
	}
	date, err := time.Parse(time.DateOnly, values[2])
	if err != nil {
		return i, jurat.Errorf(jurat.Invalid, "bag-info.txt: the date %.20q is not YYYY-MM-DD", values[2])
	}
	i = BagInfo{Source: values[0], Identifier: values[1], Date: date}
	if _, err := fmt.Sscanf(values[3], "%d.%d", &i.Octets, &i.Streams); err != nil || !bytes.Equal(i.Print(), b) {
		return i, jurat.Errorf(jurat.Invalid, "bag-info.txt is not in its one spelling")
	}
	return i, nil
}

// oneLine keeps a name from ending its line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
