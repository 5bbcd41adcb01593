package dossier

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"slices"
	"strings"

	"jurat"
	"jurat/format"
)

// Build writes the dossier of a parcel into out, an empty file, and seals it by
// one call of seal. Exhibits are streamed once, in constant memory, and hashed
// on the way; then the seal; then what proves it. The ZIP is durable when the
// error is nil; on an error out holds no dossier and is the caller's to remove.
//
// Altered: an exhibit's bytes are not the bytes on the record. Conflict: the
// parcel contradicts itself, or seal refused. Invalid: something in it cannot
// be put into a dossier. Unavailable: a read or a write failed.
func Build(ctx context.Context, out *os.File, p Parcel, seal Sealer) (Summary, error) {
	if err := checkParcel(p); err != nil {
		return Summary{}, err
	}
	head := p.Referral.Dossier
	b := builder{ctx: ctx, zip: format.NewZipWriter(out), top: Top(head.Referral, head.Number), progress: p.Progress}
	if err := b.payload(p); err != nil {
		return Summary{}, err
	}
	if err := b.tagsBeforeSeal(p); err != nil {
		return Summary{}, err
	}
	want := format.Seal{
		Version: format.DossierVersion, Referral: head.Referral, Number: head.Number, Predecessor: head.Predecessor,
		Events: int64(len(p.Events)), Manifest: jurat.DigestOf(b.tags[format.NameManifest]),
	}
	for _, name := range slices.Sorted(maps.Keys(b.tags)) {
		if name != format.NameManifest {
			want.Tags = append(want.Tags, format.SealedTag{Path: name, Digest: jurat.DigestOf(b.tags[name])})
		}
	}
	done, err := seal(ctx, want)
	if err != nil {
		return Summary{}, err
	}
	if err := b.tagsAfterSeal(p, want, done); err != nil {
		return Summary{}, err
	}
	s, err := b.finish(done)
	if err != nil {
		return Summary{}, err
	}
	if err := out.Sync(); err != nil {
		return Summary{}, jurat.Because(jurat.Unavailable, err, "keep the dossier")
	}
	if info, err := out.Stat(); err == nil {
		s.Size = info.Size()
	}
	s.Seal, s.SealLeaf = want, done.Events[len(done.Events)-1].Leaf
	return s, nil
}

type builder struct {
	ctx      context.Context
	zip      *format.ZipWriter
	top      string
	tags     map[string][]byte
	files    int
	progress func(int)
}

// checkParcel refuses a parcel that its own verifier would refuse.
func checkParcel(p Parcel) error {
	d := p.Referral
	in := d.Incident.Value.Number
	switch {
	case d.Version != format.DossierVersion:
		return jurat.Errorf(jurat.Invalid, "the referral document is of version %d; this program writes version %d", d.Version, format.DossierVersion)
	case d.Dossier.Referral.Incident() != in || in == "":
		return jurat.Errorf(jurat.Invalid, "referral %s is not of incident %s", d.Dossier.Referral, in)
	case d.Decision.InitiatedBy.Person == "" || d.Decision.InitiatedBy.Person == d.Decision.ApprovedBy.Person || d.Decision.ApprovedBy.Person == "":
		return jurat.Errorf(jurat.Conflict, "a referral is decided by two different sworn people (REF-1)")
	case !d.Decision.Attestation.None && len(d.Decision.Attestation.Contacts) == 0:
		return jurat.Errorf(jurat.Conflict, "the contacts with political offices are neither listed nor attested to be none (REF-1)")
	case d.Dossier.Number > 0 && d.Dossier.Predecessor.IsZero():
		return jurat.Errorf(jurat.Invalid, "supplement %d does not name the dossier before it", d.Dossier.Number)
	}
	var want, have []string
	for _, it := range d.Inventory {
		if it.State == format.ItemNew {
			want = append(want, it.Path)
		}
	}
	for _, x := range p.Exhibits {
		have = append(have, x.Path)
	}
	slices.Sort(want)
	slices.Sort(have)
	if !slices.Equal(want, have) {
		return jurat.Errorf(jurat.Conflict, "the inventory names %d new exhibits and the parcel brings %d, or others", len(want), len(have))
	}
	for i, ev := range p.Events {
		st, err := format.ReadLeaf(ev.Leaf, ev.Disclosures)
		if err != nil {
			return jurat.Because(jurat.Conflict, err, "event %d of the incident", i)
		}
		if st.Incident != in || st.Seq != int64(i) {
			return jurat.Errorf(jurat.Conflict, "event %d of the parcel is number %d of incident %q", i, st.Seq, st.Incident)
		}
		if strings.HasPrefix(string(st.Act), "record.") {
			open, err := st.Open()
			if err == nil && behindWall(open.Value) {
				return jurat.Errorf(jurat.Conflict, "event %d of the parcel is of a record behind a wall: it never leaves its record", i)
			}
		}
	}
	return checkHouse(p)
}

// houseActs are the acts of the house a stranger needs to check an incident's.
var houseActs = []jurat.Act{jurat.PersonKey, jurat.OrderAdopted, jurat.KeyRotated, jurat.LedgerContinued}

// checkHouse refuses a parcel that would carry what the house keeps to itself: a
// record behind a wall, or an act on one of the house's own.
func checkHouse(p Parcel) error {
	for _, r := range p.Referral.Records {
		for _, v := range r.Versions {
			if behindWall(v.Value) || r.ID.Incident() == "" {
				return jurat.Errorf(jurat.Conflict, "record %s is the house's own or behind a wall: it never leaves its record", r.ID)
			}
		}
	}
	for i, ev := range p.House {
		st, err := format.ReadLeaf(ev.Leaf, ev.Disclosures)
		if err != nil {
			return jurat.Because(jurat.Conflict, err, "event %d of the house", i)
		}
		if !slices.Contains(houseActs, st.Act) {
			return jurat.Errorf(jurat.Conflict, "event %d of the house is %s, and no dossier carries one", i, st.Act)
		}
	}
	return nil
}

func behindWall(record json.RawMessage) bool {
	var r struct {
		Wall jurat.Wall `json:"wall"`
	}
	return json.Unmarshal(record, &r) == nil && r.Wall != ""
}

// payload streams everything under data/ and leaves its manifest and bag-info
// among the tags.
func (b *builder) payload(p Parcel) error {
	doc, err := p.Referral.Print()
	if err != nil {
		return err
	}
	page, err := Page(p.Referral, p.Opened)
	if err != nil {
		return err
	}
	small := map[string][]byte{format.NameReferral: doc, format.NameIndex: page}
	if p.Report != nil {
		small[nameReport] = p.Report
	}
	for _, f := range p.Sealed {
		if _, twice := small[f.Path]; twice || !strings.HasPrefix(f.Path, "data/sealed/") {
			return jurat.Errorf(jurat.Invalid, "%s is not a place for a sealed document", f.Path)
		}
		small[f.Path] = f.Bytes
	}
	exhibits := make(map[string]Exhibit, len(p.Exhibits))
	for _, x := range p.Exhibits {
		if _, twice := exhibits[x.Path]; twice || !strings.HasPrefix(x.Path, "data/exhibits/") {
			return jurat.Errorf(jurat.Invalid, "%s is not a place for an exhibit", x.Path)
		}
		exhibits[x.Path] = x
	}
	names := slices.Sorted(maps.Keys(small))
	names = append(names, slices.Sorted(maps.Keys(exhibits))...)
	slices.Sort(names)

	var manifest format.Manifest
	info := format.BagInfo{
		Source:     p.Referral.Dossier.Sender.Name,
		Identifier: strings.TrimPrefix(b.top, "jurat-"),
		Date:       p.Referral.Dossier.Made,
	}
	for _, name := range names {
		var sums format.Sums
		if x, ok := exhibits[name]; ok {
			sums, err = b.exhibit(x)
		} else {
			sums, err = b.zip.AddBytes(b.top+"/"+name, small[name])
		}
		if err != nil {
			return err
		}
		manifest = append(manifest, format.ManifestLine{Path: name, Digest: sums.Digest})
		info.Octets += sums.Size
		info.Streams++
		b.files++
	}
	b.tags = map[string][]byte{
		format.NameManifest: manifest.Print(),
		format.NameBagInfo:  info.Print(),
		format.NameBagIt:    []byte(format.BagItDeclaration),
	}
	return nil
}

func (b *builder) exhibit(x Exhibit) (format.Sums, error) {
	r, err := x.Open(b.ctx)
	if err != nil {
		return format.Sums{}, err
	}
	defer r.Close() //nolint:errcheck // read only
	sums, err := b.zip.Add(b.top+"/"+x.Path, x.Size, withContext{b.ctx, r}, b.progress)
	if err != nil {
		return sums, err
	}
	if sums.Digest != x.Digest {
		return sums, jurat.Errorf(jurat.Altered, "%s: its bytes are %s and the record says %s", x.Path, sums.Digest, x.Digest)
	}
	return sums, nil
}

// tagsBeforeSeal makes every tag file the seal will commit to.
func (b *builder) tagsBeforeSeal(p Parcel) error {
	b.tags[format.NameVerify] = verifyText(p, b.top)
	b.tags[format.NameKeys] = p.Keys
	b.tags[format.NameCustody] = custodyText(p.Custody)
	b.tags[format.NameOpened] = openedText(p.Opened)
	b.tags[format.NameCertificate] = certificateText(p.Referral)
	for name, v := range map[string]any{format.NameContacts: p.Referral.Decision.Attestation, format.NameMissing: p.Referral.Missing} {
		text, err := json.MarshalIndent(v, "", "  ")
		if err != nil {
			return jurat.Because(jurat.Invalid, err, "%s", name)
		}
		b.tags[name] = append(text, '\n')
	}
	for i, ev := range p.Events {
		b.tags[leafPath(i)], b.tags[disclosurePath(i)] = ev.Leaf, disclosureText(ev.Disclosures)
		if ev.Ended != nil {
			b.tags[endedPath(i)] = ev.Ended
		}
	}
	for i, ev := range p.House {
		b.tags[houseLeaf(i)], b.tags[houseDisclosures(i)] = ev.Leaf, disclosureText(ev.Disclosures)
		if ev.Ended != nil {
			b.tags[houseEnded(i)] = ev.Ended
		}
	}
	for _, o := range p.Orders {
		if _, twice := b.tags[o.Path]; twice || !strings.HasPrefix(o.Path, "jurat/order/") {
			return jurat.Errorf(jurat.Invalid, "%s is not a place for an order file", o.Path)
		}
		b.tags[o.Path] = o.Bytes
	}
	return nil
}

// tagsAfterSeal adds the seal's own leaf and what proves it.
func (b *builder) tagsAfterSeal(p Parcel, want format.Seal, s Sealed) error {
	n := len(p.Events) + len(s.Events)
	if len(s.Events) == 0 || len(s.Proofs) != n || len(s.HouseProofs) != len(p.House) {
		return jurat.Errorf(jurat.Conflict, "the ledger gave %d proofs for %d events and %d for %d house events", len(s.Proofs), n, len(s.HouseProofs), len(p.House))
	}
	for i, ev := range s.Events {
		seq := len(p.Events) + i
		st, err := format.ReadLeaf(ev.Leaf, ev.Disclosures)
		if err != nil {
			return jurat.Because(jurat.Conflict, err, "event %d of the incident", seq)
		}
		if st.Seq != int64(seq) {
			return jurat.Errorf(jurat.Conflict, "the ledger gave event %d where %d was due", st.Seq, seq)
		}
		if i == len(s.Events)-1 {
			got, err := format.ReadSeal(st.Values[jurat.ClassOpen])
			if err != nil {
				return err
			}
			if !sameSeal(got, want) || st.Act != jurat.DossierSealed {
				return jurat.Errorf(jurat.Conflict, "the last event is not the seal that was asked for")
			}
		}
		b.tags[leafPath(seq)], b.tags[disclosurePath(seq)] = ev.Leaf, disclosureText(ev.Disclosures)
	}
	for i, proof := range s.Proofs {
		b.tags[proofPath(i)] = proof
	}
	for i, proof := range s.HouseProofs {
		b.tags[houseProof(i)] = proof
	}
	for i, t := range s.Tokens {
		b.tags[tokenPath(i+1)] = t.Response
		if len(t.Chain) > 0 {
			b.tags[tokenChainPath(i+1)] = t.Chain
		}
	}
	b.tags[format.NameCheckpoint] = s.Checkpoint
	if s.Consistency != nil {
		b.tags[format.NameConsistency] = s.Consistency
	}
	return nil
}

// finish writes the tag files, the tag manifest and its signature.
func (b *builder) finish(s Sealed) (Summary, error) {
	var manifest format.Manifest
	for _, name := range slices.Sorted(maps.Keys(b.tags)) {
		manifest = append(manifest, format.ManifestLine{Path: name, Digest: jurat.DigestOf(b.tags[name])})
	}
	text := manifest.Print()
	letter, err := s.Sign(format.TypTagManifest, text)
	if err != nil {
		return Summary{}, err
	}
	b.tags[format.NameTagManifest] = text
	b.tags[format.NameTagManifestSignature] = format.DetachTagManifest(letter)
	for _, name := range slices.SortedFunc(maps.Keys(b.tags), func(x, y string) int { return format.CompareZipNames("t/"+x, "t/"+y) }) {
		if _, err := b.zip.AddBytes(b.top+"/"+name, b.tags[name]); err != nil {
			return Summary{}, err
		}
		b.files++
	}
	if err := b.zip.Close(); err != nil {
		return Summary{}, err
	}
	return Summary{Top: b.top, TagManifest: jurat.DigestOf(text), Manifest: jurat.DigestOf(b.tags[format.NameManifest]), Files: b.files}, nil
}

func sameSeal(a, b format.Seal) bool {
	x, err := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err == nil && err2 == nil && bytes.Equal(x, y)
}

// withContext is a reader that stops when its context does.
type withContext struct {
	ctx context.Context
	r   interface{ Read([]byte) (int, error) }
}

func (r withContext) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, errors.Join(jurat.Unavailable, err)
	}
	return r.r.Read(b)
}
