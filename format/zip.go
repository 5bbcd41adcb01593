package format

import (
	"encoding/binary"
	"slices"
	"strings"

	"jurat"
)

// The canonical ZIP profile of a dossier (docs/format/dossier.md, D10 to D19):
// every byte outside the members' contents follows from their names, sizes and
// CRCs, so a verifier can rebuild the wrapper and compare.

// A ZipMember is one file in a ZIP, in the order of its central directory.
type ZipMember struct {
	Name string // complete, with the top-level directory; ASCII; no leading slash
	Size int64  // of the contents, as the archive states it
	CRC  uint32 // IEEE CRC-32 of the contents, as the archive states it
}

// MaxZipMembers is the limit on members of a dossier (D11); exhibits have no
// limit of size.
const MaxZipMembers = 1_000_000

const maxZipName = 255 // of a member's whole name (D12)

const (
	sigLocal     = 0x04034b50
	sigCentral   = 0x02014b50
	sigEnd       = 0x06054b50
	sigEnd64     = 0x06064b50
	sigLocator64 = 0x07064b50

	localLen     = 30
	centralLen   = 46
	endLen       = 22
	end64Len     = 56
	locator64Len = 20

	max16 = 0xffff
	max32 = 0xffffffff

	zipTime   = 0         // 00:00:00 (D14)
	zipDate   = 0x0021    // 1980-01-01, the earliest a ZIP can say (D14)
	zipMadeBy = 3<<8 | 45 // Unix, version 4.5 (D14)
	zipMode   = 0o100644 << 16
	crcOffset = 14 // of the CRC within a local header
)

func needsZip64(m ZipMember) bool { return m.Size >= max32 }

func zipVersion(m ZipMember, offset int64) uint16 {
	if needsZip64(m) || offset >= max32 {
		return 45
	}
	return 10
}

// localHeader is the header that stands before the contents of m. It never
// depends on where m stands, so it may be made before the contents are read.
func localHeader(m ZipMember) []byte {
	le := binary.LittleEndian
	b := make([]byte, 0, localLen+len(m.Name)+20)
	b = le.AppendUint32(b, sigLocal)
	b = le.AppendUint16(b, zipVersion(m, 0))
	b = le.AppendUint16(b, 0) // flags: no descriptor, no encryption, ASCII
	b = le.AppendUint16(b, 0) // Store
	b = le.AppendUint16(b, zipTime)
	b = le.AppendUint16(b, zipDate)
	b = le.AppendUint32(b, m.CRC)
	size, extra := uint32(m.Size), 0
	if needsZip64(m) {
		size, extra = max32, 20
	}
	b = le.AppendUint32(b, size)
	b = le.AppendUint32(b, size)
	b = le.AppendUint16(b, uint16(len(m.Name)))
	b = le.AppendUint16(b, uint16(extra))
	b = append(b, m.Name...)
	if extra != 0 {
		b = le.AppendUint16(b, 1)
		b = le.AppendUint16(b, 16)
		b = le.AppendUint64(b, uint64(m.Size))
		b = le.AppendUint64(b, uint64(m.Size))
	}
	return b
}

// centralRecord is the directory's entry for m, whose local header stands at
// offset.
func centralRecord(m ZipMember, offset int64) []byte {
	le := binary.LittleEndian
	var extra []byte
	size, at := uint32(m.Size), uint32(offset)
	if needsZip64(m) {
		size = max32
		extra = le.AppendUint64(extra, uint64(m.Size))
		extra = le.AppendUint64(extra, uint64(m.Size))
	}
	if offset >= max32 {
		at = max32
		extra = le.AppendUint64(extra, uint64(offset))
	}
	if extra != nil {
		head := le.AppendUint16(nil, 1)
		extra = append(le.AppendUint16(head, uint16(len(extra))), extra...)
	}
	b := make([]byte, 0, centralLen+len(m.Name)+len(extra))
	b = le.AppendUint32(b, sigCentral)
	b = le.AppendUint16(b, zipMadeBy)
	b = le.AppendUint16(b, zipVersion(m, offset))
	b = le.AppendUint16(b, 0)
	b = le.AppendUint16(b, 0)
	b = le.AppendUint16(b, zipTime)
	b = le.AppendUint16(b, zipDate)
	b = le.AppendUint32(b, m.CRC)
	b = le.AppendUint32(b, size)
	b = le.AppendUint32(b, size)
	b = le.AppendUint16(b, uint16(len(m.Name)))
	b = le.AppendUint16(b, uint16(len(extra)))
	b = le.AppendUint16(b, 0) // comment
	b = le.AppendUint16(b, 0) // disk
	b = le.AppendUint16(b, 0) // internal attributes
	b = le.AppendUint32(b, zipMode)
	b = le.AppendUint32(b, at)
	b = append(b, m.Name...)
	return append(b, extra...)
}

// endRecords closes a directory of n entries and size bytes that begins at
// offset.
func endRecords(n int, size, offset int64) []byte {
	le := binary.LittleEndian
	var b []byte
	count, size32, offset32 := uint16(min(n, max16)), uint32(min(size, max32)), uint32(min(offset, max32))
	if n >= max16 || size >= max32 || offset >= max32 {
		b = le.AppendUint32(b, sigEnd64)
		b = le.AppendUint64(b, end64Len-12)
		b = le.AppendUint16(b, zipMadeBy)
		b = le.AppendUint16(b, 45)
		b = le.AppendUint32(b, 0)
		b = le.AppendUint32(b, 0)
		b = le.AppendUint64(b, uint64(n))
		b = le.AppendUint64(b, uint64(n))
		b = le.AppendUint64(b, uint64(size))
		b = le.AppendUint64(b, uint64(offset))
		b = le.AppendUint32(b, sigLocator64)
		b = le.AppendUint32(b, 0)
		b = le.AppendUint64(b, uint64(offset+size))
		b = le.AppendUint32(b, 1)
	}
	b = le.AppendUint32(b, sigEnd)
	b = le.AppendUint16(b, 0)
	b = le.AppendUint16(b, 0)
	b = le.AppendUint16(b, count)
	b = le.AppendUint16(b, count)
	b = le.AppendUint32(b, size32)
	b = le.AppendUint32(b, offset32)
	return le.AppendUint16(b, 0)
}

// CompareZipNames orders two members of one dossier as the profile does (D13):
// what is under data/ first, then the tag files, by bytes; the tag manifest and
// its signature last, because they cover all the others.
func CompareZipNames(a, b string) int {
	if c := zipRank(a) - zipRank(b); c != 0 {
		return c
	}
	return strings.Compare(a, b)
}

func zipRank(name string) int {
	_, rest, _ := strings.Cut(name, "/")
	switch {
	case strings.HasPrefix(rest, "data/"):
		return 0
	case rest == NameTagManifest:
		return 2
	case rest == NameTagManifestSignature:
		return 3
	}
	return 1
}

// CheckZipName says whether name may be a member's name (D12): 1 to 255 bytes
// of [A-Za-z0-9._/-], no empty, "." or ".." part, at least one directory. It is
// Invalid otherwise.
func CheckZipName(name string) error {
	if name == "" || len(name) > maxZipName {
		return jurat.Errorf(jurat.Invalid, "name %.60q: want 1 to %d characters", name, maxZipName)
	}
	for _, c := range []byte(name) {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-' || c == '/') {
			return jurat.Errorf(jurat.Invalid, "name %q: only letters, digits and . _ - / are used in a dossier", name)
		}
	}
	parts := strings.Split(name, "/")
	if len(parts) < 2 || slices.Contains(parts, "") || slices.Contains(parts, ".") || slices.Contains(parts, "..") {
		return jurat.Errorf(jurat.Invalid, "name %q: want parts under one top-level directory, none empty, . or ..", name)
	}
	return nil
}
