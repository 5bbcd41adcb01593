package format

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"

	"jurat"
)

// A Fault is something wrong with a dossier or its wrapper: Altered when the
// bytes cannot be honest, Unavailable when they merely cannot be relied on.
type Fault struct {
	Kind  jurat.Kind
	What  string // a sentence without a full stop
	Where string // the member or structure, as a person would look for it
}

// A Zip is an archive as its central directory tells it. Members are readable
// whatever the wrapper is; what the wrapper may be is in Faults and Canonical.
type Zip struct {
	Members []ZipMember // directories left out
	Faults  []Fault     // hostile: Altered; merely not of the profile: Unavailable

	r       io.ReaderAt
	size    int64
	entries []zipEntry // beside Members
	odd     bool       // something about the wrapper is outside the profile
}

type zipEntry struct {
	method, flags uint16
	packed        int64
	header, data  int64
	shared        bool // it begins within the bytes of another
}

// ReadZip reads the structure of an archive of size bytes: its own parser,
// because a verifier must see what other readers forgive. It answers
// Unavailable for anything it cannot read to the end of its directory: not an
// archive, cut short, over the limits, unknown features. Contents are not read.
func ReadZip(r io.ReaderAt, size int64) (*Zip, error) {
	z := &Zip{r: r, size: size}
	end, err := z.findEnd()
	if err != nil {
		return nil, err
	}
	if err := z.readDirectory(end); err != nil {
		return nil, err
	}
	if err := z.readHeaders(end); err != nil {
		return nil, err
	}
	z.checkNames()
	return z, nil
}

type zipEnd struct {
	at           int64 // where the end records begin
	count        int64
	size, offset int64
	shift        int64 // bytes before the archive's own start
}

func cut(format string, args ...any) error {
	return jurat.Errorf(jurat.Unavailable, "the file is not a whole ZIP archive: "+format, args...)
}

func (z *Zip) readAt(n int, at int64) ([]byte, error) {
	if at < 0 || at > z.size || int64(n) > z.size-at {
		return nil, cut("it ends before byte %d", at+int64(n))
	}
	b := make([]byte, n)
	if got, err := z.r.ReadAt(b, at); got < n {
		return nil, jurat.Because(jurat.Unavailable, err, "read %d bytes at %d", n, at)
	}
	return b, nil
}

func (z *Zip) findEnd() (zipEnd, error) {
	n := min(z.size, endLen+max16)
	tail, err := z.readAt(int(n), z.size-n)
	if err != nil {
		return zipEnd{}, err
	}
	le := binary.LittleEndian
	for i := len(tail) - endLen; i >= 0; i-- {
		b := tail[i:]
		if le.Uint32(b) != sigEnd {
			continue
		}
		at := z.size - n + int64(i)
		end := zipEnd{at: at, count: int64(le.Uint16(b[10:])), size: int64(le.Uint32(b[12:])), offset: int64(le.Uint32(b[16:]))}
		if le.Uint16(b[4:]) != 0 || le.Uint16(b[6:]) != 0 || le.Uint16(b[8:]) != le.Uint16(b[10:]) {
			z.odd = true // disks are relics; a count that differs is looked at below
		}
		if len(b) != endLen || le.Uint16(b[20:]) != 0 {
			z.odd = true // a comment, or bytes after the archive
		}
		if at >= locator64Len {
			if err := z.findEnd64(&end); err != nil {
				return zipEnd{}, err
			}
		}
		end.shift = end.at - end.size - end.offset
		if end.shift < 0 {
			continue // not an end record, or one whose start is gone
		}
		if end.shift > 0 {
			z.odd = true
		}
		if end.count > MaxZipMembers {
			return zipEnd{}, jurat.Errorf(jurat.Unavailable, "the archive says it has %d members; the limit is %d", end.count, MaxZipMembers)
		}
		return end, nil
	}
	return zipEnd{}, cut("its directory is missing")
}

func (z *Zip) findEnd64(end *zipEnd) error {
	le := binary.LittleEndian
	loc, err := z.readAt(locator64Len, end.at-locator64Len)
	if err != nil {
		return err
	}
	if le.Uint32(loc) != sigLocator64 {
		return nil
	}
	at := end.at - locator64Len - end64Len
	b, err := z.readAt(end64Len, at)
	if err != nil {
		return err
	}
	if le.Uint32(b) != sigEnd64 || le.Uint64(loc[8:]) != uint64(at) {
		return jurat.Errorf(jurat.Unavailable, "the archive's 64-bit directory record is not where it should be")
	}
	count, size, offset := le.Uint64(b[32:]), le.Uint64(b[40:]), le.Uint64(b[48:])
	if size > uint64(z.size) || offset > uint64(z.size) || count > uint64(z.size) {
		return cut("its directory lies outside it")
	}
	end.at, end.count, end.size, end.offset = at, int64(count), int64(size), int64(offset)
	return nil
}

// maxZipDirectory bounds the directory: a million members of the longest name.
const maxZipDirectory = MaxZipMembers * (centralLen + 255 + 28)

func (z *Zip) readDirectory(end zipEnd) error {
	if end.size > maxZipDirectory || end.size > z.size {
		return jurat.Errorf(jurat.Unavailable, "the archive's directory is larger than any dossier's")
	}
	dir, err := z.readAt(int(end.size), end.at-end.size)
	if err != nil {
		return err
	}
	le := binary.LittleEndian
	for n := int64(0); n < end.count; n++ {
		if len(dir) < centralLen || le.Uint32(dir) != sigCentral {
			return jurat.Errorf(jurat.Unavailable, "entry %d of the archive's directory is not readable", n+1)
		}
		names, extras, comments := int(le.Uint16(dir[28:])), int(le.Uint16(dir[30:])), int(le.Uint16(dir[32:]))
		if len(dir) < centralLen+names+extras+comments {
			return jurat.Errorf(jurat.Unavailable, "entry %d of the archive's directory is cut short", n+1)
		}
		m := ZipMember{Name: string(dir[centralLen : centralLen+names]), Size: int64(le.Uint32(dir[24:])), CRC: le.Uint32(dir[16:])}
		e := zipEntry{flags: le.Uint16(dir[8:]), method: le.Uint16(dir[10:]), packed: int64(le.Uint32(dir[20:])), header: int64(le.Uint32(dir[42:]))}
		if err := zip64Fields(dir[centralLen+names:centralLen+names+extras], &m.Size, &e.packed, &e.header); err != nil {
			return jurat.Errorf(jurat.Unavailable, "entry %q of the archive's directory: %v", m.Name, err)
		}
		e.header += end.shift
		if mode := le.Uint32(dir[38:]) >> 16 & 0o170000; mode != 0 && mode != 0o100000 && mode != 0o040000 {
			z.Faults = append(z.Faults, Fault{jurat.Altered, "the member is a link or a device, not a file", m.Name})
		}
		if strings.HasSuffix(m.Name, "/") {
			z.odd = true
			if m.Size != 0 {
				z.Faults = append(z.Faults, Fault{jurat.Altered, "a directory has contents", m.Name})
			}
		}
		z.Members, z.entries = append(z.Members, m), append(z.entries, e)
		dir = dir[centralLen+names+extras+comments:]
	}
	if len(dir) != 0 {
		z.Faults = append(z.Faults, Fault{jurat.Altered, "the archive's directory has more than it counts", "ZIP directory"})
	}
	return nil
}

func zip64Fields(extra []byte, fields ...*int64) error {
	le := binary.LittleEndian
	var wide []byte
	found := false
	for len(extra) >= 4 {
		id, n := le.Uint16(extra), int(le.Uint16(extra[2:]))
		if len(extra) < 4+n {
			return fmt.Errorf("an extra field is cut short")
		}
		if id == 1 {
			if found {
				return fmt.Errorf("its size is stated twice")
			}
			wide, found = extra[4:4+n], true
		}
		extra = extra[4+n:]
	}
	for _, f := range fields {
		if *f != max32 || !found {
			continue
		}
		if len(wide) < 8 || le.Uint64(wide) > 1<<62 {
			return fmt.Errorf("its 64-bit size is not readable")
		}
		*f, wide = int64(le.Uint64(wide)), wide[8:]
	}
	return nil
}

// readHeaders reads every local header, and refuses an archive two readers
// could read differently: headers that disagree about a name, members that
// share bytes.
func (z *Zip) readHeaders(end zipEnd) error {
	le := binary.LittleEndian
	for i, m := range z.Members {
		e := &z.entries[i]
		b, err := z.readAt(localLen, e.header)
		if err != nil {
			return jurat.Because(jurat.Unavailable, err, "member %q", m.Name)
		}
		if le.Uint32(b) != sigLocal {
			return jurat.Errorf(jurat.Unavailable, "member %q: its header is not where the directory says", m.Name)
		}
		names, extras := int(le.Uint16(b[26:])), int(le.Uint16(b[28:]))
		name, err := z.readAt(names, e.header+localLen)
		if err != nil {
			return jurat.Because(jurat.Unavailable, err, "member %q", m.Name)
		}
		if string(name) != m.Name {
			z.Faults = append(z.Faults, Fault{jurat.Altered, fmt.Sprintf("the archive gives this member two names, the other is %q", name), m.Name})
		}
		e.data = e.header + localLen + int64(names) + int64(extras)
		if e.packed > end.at-end.size-e.data {
			return cut("member %q runs past its end", m.Name)
		}
		if e.method == 0 && e.packed != m.Size {
			z.Faults = append(z.Faults, Fault{jurat.Altered, "the archive states two sizes for this member", m.Name})
		}
	}
	order := make([]int, len(z.entries))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return int(min(1, max(-1, z.entries[a].header-z.entries[b].header))) })
	for a, k := 0, 1; k < len(order); k++ { // order[a] reaches furthest of those before
		far, e := z.entries[order[a]], &z.entries[order[k]]
		if far.data+far.packed > e.header {
			e.shared = true
			z.Faults = append(z.Faults, Fault{jurat.Altered, fmt.Sprintf("the member shares bytes with %q", z.Members[order[a]].Name), z.Members[order[k]].Name})
		}
		if e.data+e.packed > far.data+far.packed {
			a = k
		}
	}
	return nil
}

// checkNames looks for names that lead outside the dossier or meet on disk,
// and leaves directories out of Members.
func (z *Zip) checkNames() {
	seen := make(map[string]string, len(z.Members))
	members, entries := z.Members[:0], z.entries[:0]
	for i, m := range z.Members {
		if what := unsafeName(m.Name); what != "" {
			z.Faults = append(z.Faults, Fault{jurat.Altered, what, m.Name})
		}
		folded := strings.ToLower(strings.TrimSuffix(m.Name, "/"))
		if other, twice := seen[folded]; twice {
			z.Faults = append(z.Faults, Fault{jurat.Altered, fmt.Sprintf("the name occurs twice, the other is %q", other), m.Name})
		}
		seen[folded] = m.Name
		if !strings.HasSuffix(m.Name, "/") {
			members, entries = append(members, m), append(entries, z.entries[i])
		}
	}
	z.Members, z.entries = members, entries
	for _, m := range z.Members {
		if len(m.Name) > maxZipName {
			z.Faults = append(z.Faults, Fault{jurat.Unavailable, fmt.Sprintf("the name is longer than %d characters", maxZipName), m.Name[:maxZipName]})
			continue // looking up each part of it would take as long as whoever made it likes
		}
		for i := 1; i < len(m.Name); i++ {
			if m.Name[i] != '/' {
				continue
			}
			if other, is := seen[strings.ToLower(m.Name[:i])]; is && !strings.HasSuffix(other, "/") {
				z.Faults = append(z.Faults, Fault{jurat.Altered, fmt.Sprintf("the member lies under %q, which is a file", other), m.Name})
			}
		}
	}
}

func unsafeName(name string) string {
	switch {
	case name == "":
		return "the member has no name"
	case strings.HasPrefix(name, "/"), strings.ContainsAny(name, "\\:\x00"):
		return "the name leads outside the dossier"
	}
	for part := range strings.SplitSeq(strings.TrimSuffix(name, "/"), "/") {
		if part == ".." || part == "." || part == "" {
			return "the name leads outside the dossier"
		}
	}
	return ""
}

// maxInflate bounds what a compressed member, which no dossier has, may claim
// to grow by, so that a small file cannot keep a verifier busy for a day.
const maxInflate = 200

// Open reads the contents of member i. Contents of a wrapper outside the
// profile are read too, as far as that is safe; Unavailable otherwise.
func (z *Zip) Open(i int) (io.Reader, error) {
	m, e := z.Members[i], z.entries[i]
	raw := io.NewSectionReader(z.r, e.data, e.packed)
	switch {
	case e.shared:
		// Its bytes are read once, as another's: else a small archive could have
		// a verifier read them as often as it has members.
		return nil, jurat.Errorf(jurat.Unavailable, "%s shares bytes with another member and was not read", m.Name)
	case e.flags&1 != 0:
		return nil, jurat.Errorf(jurat.Unavailable, "%s is encrypted inside the archive", m.Name)
	case e.method == 0:
		return raw, nil
	case e.method == 8 && m.Size/maxInflate > e.packed+1<<16:
		return nil, jurat.Errorf(jurat.Unavailable, "%s claims to unpack to %d bytes; that is over the limit", m.Name, m.Size)
	case e.method == 8:
		return io.LimitReader(flate.NewReader(raw), m.Size+1), nil
	}
	return nil, jurat.Errorf(jurat.Unavailable, "%s is compressed by a method this program does not know (%d)", m.Name, e.method)
}

// Canonical rebuilds every byte outside the contents from names, sizes and the
// given CRCs, which the caller computed, one for each member, and compares
// (D10). It returns "" or the first difference; the error is a failed read.
func (z *Zip) Canonical(crcs []uint32) (string, error) {
	if z.odd {
		return "the archive has a comment, a directory entry or bytes that are no part of it", nil
	}
	if len(z.Members) == 0 {
		return "the archive is empty", nil
	}
	var at int64
	var dir bytes.Buffer
	top, _, _ := strings.Cut(z.Members[0].Name, "/")
	for i, m := range z.Members {
		if CheckZipName(m.Name) != nil || !strings.HasPrefix(m.Name, top+"/") {
			return fmt.Sprintf("the name %q is not one a dossier uses", m.Name), nil
		}
		if i > 0 && CompareZipNames(z.Members[i-1].Name, m.Name) >= 0 {
			return fmt.Sprintf("%s is out of order", m.Name), nil
		}
		want := ZipMember{m.Name, m.Size, crcs[i]}
		head := localHeader(want)
		got, err := z.readAt(len(head), at)
		if err != nil {
			return "", err
		}
		if z.entries[i].header != at || z.entries[i].method != 0 || !bytes.Equal(got, head) {
			return fmt.Sprintf("the header of %s is not of the profile", m.Name), nil
		}
		dir.Write(centralRecord(want, at))
		at += int64(len(head)) + m.Size
	}
	dir.Write(endRecords(len(z.Members), int64(dir.Len()), at))
	if z.size-at != int64(dir.Len()) {
		return "the archive's directory is not of the profile", nil
	}
	got, err := z.readAt(dir.Len(), at)
	if err != nil {
		return "", err
	}
	if !bytes.Equal(got, dir.Bytes()) {
		return "the archive's directory is not of the profile", nil
	}
	return "", nil
}
