package format

import (
	"bytes"
	"encoding/binary"
	"io"

	"jurat"
)

// A ZipWriter writes a ZIP of the canonical profile. Members come in the order
// of the profile (D13), each of known size; their CRC is patched into the
// header after the contents, which therefore pass once.
type ZipWriter struct {
	out     io.WriteSeeker
	at      int64
	members []ZipMember
	offsets []int64
	err     error // the first failure; nothing is written after it
}

// NewZipWriter begins a ZIP at the start of out, which must be empty and is
// written from position 0.
func NewZipWriter(out io.WriteSeeker) *ZipWriter { return &ZipWriter{out: out} }

// Add streams one member. It refuses (Invalid) a name outside D12 or out of
// order, and (Conflict) contents that are not size bytes long. Sums is of the
// bytes written. After an error the output is unusable.
func (z *ZipWriter) Add(name string, size int64, src io.Reader, progress func(int)) (Sums, error) {
	m := ZipMember{Name: name, Size: size}
	offset := z.at
	if err := z.begin(m); err != nil {
		return Sums{}, err
	}
	sums, err := Sum(z.out, src, progress)
	if err != nil {
		return Sums{}, z.fail(jurat.Because(jurat.Unavailable, err, "write %s into the dossier", name))
	}
	z.at += sums.Size
	if sums.Size != size {
		return Sums{}, z.fail(jurat.Errorf(jurat.Conflict, "%s has %d bytes, not the %d on the record", name, sums.Size, size))
	}
	m.CRC = sums.CRC
	if err := z.patch(offset, sums.CRC); err != nil {
		return Sums{}, z.fail(jurat.Because(jurat.Unavailable, err, "write %s into the dossier", name))
	}
	z.members, z.offsets = append(z.members, m), append(z.offsets, offset)
	return sums, nil
}

// AddBytes writes one member whose contents are at hand.
func (z *ZipWriter) AddBytes(name string, b []byte) (Sums, error) {
	sums := SumBytes(b)
	m := ZipMember{name, sums.Size, sums.CRC}
	offset := z.at
	if err := z.begin(m); err != nil {
		return Sums{}, err
	}
	if err := z.write(b); err != nil {
		return Sums{}, err
	}
	z.members, z.offsets = append(z.members, m), append(z.offsets, offset)
	return sums, nil
}

// Close writes the directory. It does not close or sync the output.
func (z *ZipWriter) Close() error {
	if z.err != nil {
		return z.err
	}
	start := z.at
	var b bytes.Buffer
	for i, m := range z.members {
		b.Write(centralRecord(m, z.offsets[i]))
	}
	b.Write(endRecords(len(z.members), int64(b.Len()), start))
	return z.write(b.Bytes())
}

func (z *ZipWriter) begin(m ZipMember) error {
	if z.err != nil {
		return z.err
	}
	if err := CheckZipName(m.Name); err != nil {
		return z.fail(err)
	}
	if n := len(z.members); n >= MaxZipMembers {
		return z.fail(jurat.Errorf(jurat.Invalid, "a dossier holds at most %d files", MaxZipMembers))
	} else if n > 0 && CompareZipNames(z.members[n-1].Name, m.Name) >= 0 {
		return z.fail(jurat.Errorf(jurat.Invalid, "%s comes before %s in a dossier, once", m.Name, z.members[n-1].Name))
	}
	return z.write(localHeader(m))
}

func (z *ZipWriter) write(b []byte) error {
	n, err := z.out.Write(b)
	z.at += int64(n)
	if err != nil {
		return z.fail(jurat.Because(jurat.Unavailable, err, "write the dossier"))
	}
	return nil
}

func (z *ZipWriter) patch(offset int64, crc uint32) error {
	if _, err := z.out.Seek(offset+crcOffset, io.SeekStart); err != nil {
		return err
	}
	if _, err := z.out.Write(binary.LittleEndian.AppendUint32(nil, crc)); err != nil {
		return err
	}
	_, err := z.out.Seek(z.at, io.SeekStart)
	return err
}

func (z *ZipWriter) fail(err error) error {
	z.err = err
	return err
}
