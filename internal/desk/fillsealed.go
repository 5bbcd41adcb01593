package desk

import (
	"jurat"
	"jurat/format"
	"jurat/internal/dossier"
)

// sealedParts opens identities and contacts for the receiving office, and
// names every other sealed part with the ground on which it stays closed.
func (f *filler) sealedParts() error {
	p := &f.plan.parcel
	p.Referral.Withheld = []format.Withheld{}
	for _, row := range f.rows {
		for _, part := range row.Sealed {
			if ground, closed := why[part.Class]; closed {
				p.Referral.Withheld = append(p.Referral.Withheld, format.Withheld{Event: row.ID, Item: row.Item, Part: string(part.Class), Ground: ground})
				continue
			}
			body, err := f.desk.unseal(row.ID, part)
			if err != nil {
				return err
			}
			entry, err := format.NewSealedPart(row.ID, row.Item, f.slot(row.Item), body)
			if err != nil {
				return err
			}
			f.sealed[part.Class] = append(f.sealed[part.Class], entry)
		}
	}
	for _, class := range jurat.Classes {
		if len(f.sealed[class]) == 0 {
			continue
		}
		text, err := format.SealedDocument{Version: format.DossierVersion, Parts: f.sealed[class]}.Print()
		if err != nil {
			return err
		}
		p.Sealed = append(p.Sealed, dossier.Document{Path: dossier.SealedPath(sealedKinds[class], 1), Bytes: text})
	}
	return nil
}

// slot is what people call a party; empty for other items.
func (f *filler) slot(i jurat.Item) string {
	for _, p := range f.plan.parcel.Referral.Parties {
		if p.Value.ID == i.ID {
			return p.Value.Slot
		}
	}
	return ""
}
