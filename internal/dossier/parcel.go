package dossier

import (
	"context"
	"io"

	"jurat"
	"jurat/format"
)

// A Parcel is everything a dossier is made of, as values and readers. The desk
// fills it; nothing here looks anything up.
type Parcel struct {
	Referral format.ReferralDocument // Inventory items of state new lie at Path, an [ExhibitPath]

	Exhibits []Exhibit  // the bytes of the inventory's new items, in any order
	Sealed   []Document // identities and contacts: a format.SealedDocument each, at a [SealedPath]
	Report   []byte     // data/report.pdf where a renderer is installed; nil: none
	Orders   []Document // order files, named as [OrderPath]; their digests stand in the referral

	Custody []CustodyLine
	Opened  []OpenedLine
	Keys    []byte // keys.jsonl of the ledger

	Events []Event // every leaf of the incident from number 0, in order
	House  []Event // signers' person.key, order.adopted, key.rotated, ledger.continued: in the order of the log

	// Progress, when not nil, is told the bytes of exhibits each step added.
	Progress func(n int)
}

// An Exhibit is bytes on the record.
type Exhibit struct {
	Path   string // its member's path below the top-level directory: data/exhibits/E1.mp4
	Size   int64
	Digest jurat.Digest
	Open   func(context.Context) (io.ReadCloser, error)
}

// A Document is a small file.
type Document struct {
	Path  string // below the top-level directory
	Bytes []byte
}

// A CustodyLine is one act on an exhibit.
type CustodyLine struct {
	Item  jurat.ItemID
	Act   jurat.Act
	At    string // RFC 3339, as the event has it
	By    string // a work name and office, never a home name
	Note  string
	Event jurat.EventID
}

// An OpenedLine is one office's opening of the incident or an item of it.
type OpenedLine struct {
	At     string
	Office jurat.OfficeID
	Role   jurat.Role
	Item   jurat.ItemID
	Reason string
	Event  jurat.EventID
}

// An Event is a leaf with the disclosures the dossier shows of it. Withheld
// ones are left out and named in the referral with their ground.
type Event struct {
	Leaf        []byte
	Disclosures []format.Disclosure
	// Ended is a tlog-proof in the log that issued the leaf, under the checkpoint
	// it ended with, when it has ended; nil: it goes on, or did not have the leaf.
	Ended []byte
}

// A Sealer commits the seal: it adds the event dossier.sealed to the incident,
// publishes, and gives back what proves it. It refuses (Conflict) when the
// incident changed since the parcel was filled in a way the dossier must show.
type Sealer func(context.Context, format.Seal) (Sealed, error)

// A Sealed is what the ledger gives back for a seal.
type Sealed struct {
	// Events are the incident's leaves after the parcel's, up to and including
	// the seal, which is the last. Usually the seal alone; openings that were
	// recorded meanwhile may come before it.
	Events []Event

	Checkpoint  []byte   // the signed note, with the cosignatures at hand
	Proofs      [][]byte // a tlog-proof for each event of the incident, in order, the seal's last
	HouseProofs [][]byte // and for each house event
	Tokens      []Token  // RFC 3161, over the checkpoint
	Consistency []byte   // supplement: from the predecessor's checkpoint to this one

	// Sign gives the office's compact JWS of this type over these bytes.
	Sign func(typ string, payload []byte) (string, error)
}

// A Token is an RFC 3161 time-stamp response and the certificates, in PEM, that
// its authority's lead to; the chain may be empty.
type Token struct {
	Response []byte
	Chain    []byte
}

// A Summary says what was built.
type Summary struct {
	Top         string       // the top-level directory
	TagManifest jurat.Digest // what receipts and supplements name
	Manifest    jurat.Digest
	Seal        format.Seal
	SealLeaf    []byte
	Files       int
	Size        int64 // of the ZIP
}
