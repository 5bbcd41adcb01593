package dossier

import (
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"io"
	"strings"

	"jurat/format"
)

// Limits of what is held in memory: tag files and the governing document.
// Exhibits have no limit; they stream (D11).
const (
	maxTagFile  = 64 << 20
	maxTagFiles = 512 << 20
)

// A bag is a dossier read once: the digest of every file, and the contents of
// the small ones a check reads.
type bag struct {
	sums  map[string]format.Sums
	text  map[string][]byte
	order []string // names as they came
}

// keep reports whether a check reads the file's contents.
func keep(name string) bool {
	return !isPayload(name) || name == format.NameReferral || strings.HasPrefix(name, "data/sealed/")
}

// read reads every byte of src once. Files it could not read to the end have no
// sums.
func read(ctx context.Context, src *source, f *findings, progress func(int)) *bag {
	b := &bag{sums: make(map[string]format.Sums, len(src.files)), text: map[string][]byte{}}
	crcs := make([]uint32, len(src.files))
	whole, held := true, int64(0)
	for i, file := range src.files {
		if _, twice := b.sums[file.name]; twice {
			continue // a fault of the wrapper, already told
		}
		if keep(file.name) {
			if held += file.size; file.size > maxTagFile || held > maxTagFiles {
				f.unsure(file.name, "the file is larger than a tag file may be (%d bytes)", file.size)
				whole = false
				continue
			}
		}
		sums, text, err := readFile(ctx, file, progress)
		if err != nil {
			whole = false
			if _, corrupt := errors.AsType[flate.CorruptInputError](err); corrupt || errors.Is(err, io.ErrUnexpectedEOF) {
				f.altered(file.name, "its compressed contents are damaged")
				continue
			}
			f.unsure(file.name, "the file cannot be read: %v", err)
			continue
		}
		if sums.Size != file.size {
			f.altered(file.name, "the file has %d bytes and its wrapper says %d", sums.Size, file.size)
		}
		b.sums[file.name], crcs[i] = sums, sums.CRC
		b.order = append(b.order, file.name)
		if text != nil {
			b.text[file.name] = text
		}
	}
	if src.zip != nil && whole {
		switch what, err := src.zip.Canonical(crcs); {
		case err != nil:
			f.because("ZIP", err)
		case what != "":
			f.unsure("ZIP", "%s; unzip it and verify the folder", what)
		}
	}
	return b
}

func readFile(ctx context.Context, file file, progress func(int)) (format.Sums, []byte, error) {
	r, err := file.open()
	if err != nil {
		return format.Sums{}, nil, err
	}
	defer r.Close() //nolint:errcheck // read only
	if !keep(file.name) {
		sums, err := format.Sum(nil, withContext{ctx, r}, progress)
		return sums, nil, err
	}
	var buf bytes.Buffer
	sums, err := format.Sum(&buf, io.LimitReader(withContext{ctx, r}, maxTagFile+1), progress)
	return sums, buf.Bytes(), err
}

// knownTag reports whether a tag file is one of this version's (D20).
func knownTag(name string) bool {
	switch name {
	case format.NameBagIt, format.NameBagInfo, format.NameManifest, format.NameTagManifest, format.NameTagManifestSignature, format.NameVerify,
		format.NameCheckpoint, format.NameConsistency, format.NameKeys, format.NameCustody, format.NameOpened, format.NameContacts,
		format.NameMissing, format.NameCertificate:
		return true
	}
	for _, dir := range []string{"jurat/leaves/", "jurat/disclosures/", "jurat/proofs/", "jurat/ended/", "jurat/house/", "jurat/tokens/", "jurat/order/"} {
		if rest, ok := strings.CutPrefix(name, dir); ok && !strings.Contains(rest, "/") {
			return true
		}
	}
	return false
}

// knownPayload is the same for what is under data/.
func knownPayload(name string) bool {
	switch name {
	case format.NameReferral, format.NameIndex, nameReport:
		return true
	}
	for _, dir := range []string{"data/exhibits/", "data/sealed/"} {
		if rest, ok := strings.CutPrefix(name, dir); ok && !strings.Contains(rest, "/") {
			return true
		}
	}
	return false
}
