package format

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"jurat"
)

// nested is an archive whose members all reach to the end of the first: each
// header stands in the contents of the one before.
// With alone set, only the first has contents: those of the others are empty.
func nested(n, size int, alone bool) []byte {
	name := func(i int) string { return fmt.Sprintf("top/data/exhibits/E%06d.bin", i) }
	head := len(localHeader(ZipMember{Name: name(0)}))
	all := head*n + size
	var out, dir bytes.Buffer
	for i := range n {
		m := ZipMember{Name: name(i), Size: int64(all - head*(i+1))}
		if alone && i > 0 {
			m.Size = 0
		}
		dir.Write(centralRecord(m, int64(out.Len())))
		out.Write(localHeader(m))
	}
	out.Write(make([]byte, size))
	at := int64(out.Len())
	out.Write(dir.Bytes())
	out.Write(endRecords(n, int64(dir.Len()), at))
	return out.Bytes()
}

func TestAnArchiveIsNeverReadMoreOftenThanItIsLong(t *testing.T) {
	b := nested(100, 1<<16, false)
	z, err := ReadZip(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(z.Faults, func(f Fault) bool { return f.Kind == jurat.Altered }) {
		t.Errorf("members that share bytes are no fault: %+v", z.Faults)
	}
	read := int64(0)
	for i := range z.Members {
		r, err := z.Open(i)
		if err != nil {
			if !errors.Is(err, jurat.Unavailable) {
				t.Error(err)
			}
			continue
		}
		n, err := io.Copy(io.Discard, r)
		if err != nil {
			t.Error(err)
		}
		read += n
	}
	if read > int64(len(b)) {
		t.Errorf("read %d bytes of an archive of %d", read, len(b))
	}
}

// A member that lies wholly within an earlier one shares its bytes, whatever
// stands between them in the directory.
func TestEveryMemberWithinAnotherIsAFault(t *testing.T) {
	b := nested(4, 64, true)
	z, err := ReadZip(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if len(z.Faults) != 3 {
		t.Errorf("%d faults of 3: %+v", len(z.Faults), z.Faults)
	}
}

func TestNamesLongerThanAnyDossiersCostNoTime(t *testing.T) {
	long := strings.Repeat("a/", 32_700)
	var out, dir bytes.Buffer
	const n = 20
	for i := range n {
		m := ZipMember{Name: fmt.Sprintf("%s%06d", long, i)}
		dir.Write(centralRecord(m, int64(out.Len())))
		out.Write(localHeader(m))
	}
	at := int64(out.Len())
	out.Write(dir.Bytes())
	out.Write(endRecords(n, int64(dir.Len()), at))
	began := time.Now()
	z, err := ReadZip(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 3*time.Second { // it was twenty
		t.Errorf("reading %d long names took %v", n, took)
	}
	if len(z.Faults) != n || z.Faults[0].Kind != jurat.Unavailable {
		t.Errorf("%d faults, the first %.200v", len(z.Faults), z.Faults[:min(1, len(z.Faults))])
	}
}
