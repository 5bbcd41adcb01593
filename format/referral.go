package format

import (
	"bytes"
	"encoding/json"
	"time"

	"jurat"
)

// A ReferralDocument is data/referral.json, which governs a dossier (D40): all
// that is handed over, in one closed structure. Persons are slots; identities
// are under data/sealed/. Values of the law are as their event's open part has
// them, so each can be compared with the ledger.
type ReferralDocument struct {
	Version     int                     `json:"version"`
	Dossier     DossierHead             `json:"dossier"`
	Incident    Stated[jurat.Incident]  `json:"incident"`
	Decision    ReferralDecision        `json:"decision"`
	Orders      []OrderText             `json:"orders"`
	Inventory   []InventoryItem         `json:"inventory"`
	Parties     []Stated[jurat.Party]   `json:"parties"`
	Allegations []Stated[Allegation]    `json:"allegations"`
	Accounts    []Stated[jurat.Account] `json:"accounts"`
	Records     []RecordHistory         `json:"records"`
	Flags       []Stated[jurat.Flag]    `json:"flags"`
	Holds       []Stated[jurat.Hold]    `json:"holds"`
	Missing     []Missing               `json:"missing"`
	Immunity    *ImmunitySheet          `json:"immunity,omitempty"`
	Withheld    []Withheld              `json:"withheld"`
	Certificate []CertificateDraft      `json:"certificates"`
}

// Allegation is the law's, named here so that the document reads as one list.
type Allegation = jurat.Allegation

// A DossierHead says which parcel this is.
type DossierHead struct {
	Referral    jurat.ItemID `json:"referral"`
	Number      int          `json:"number"`               // 0 is the first, n the n-th supplement
	Predecessor jurat.Digest `json:"predecessor,omitzero"` // digest of the tag manifest of the dossier before
	Made        time.Time    `json:"made"`                 // the city's assertion
	Sender      OfficeName   `json:"sender"`
	Receiver    OfficeName   `json:"receiver"`
}

// An OfficeName names an office. Origin is its log's, where it has one.
type OfficeName struct {
	Office jurat.OfficeID `json:"office"`
	Name   string         `json:"name"`
	Origin string         `json:"origin,omitempty"`
}

// A ReferralDecision is the decision behind the wall (REF-1): by two different
// sworn people of the office, never by a political office.
type ReferralDecision struct {
	Reason      string         `json:"reason"`
	Scope       string         `json:"protocol_scope"` // REF-2
	Allegations []jurat.ItemID `json:"allegations"`
	InitiatedBy Signatory      `json:"initiated_by"`
	ApprovedBy  Signatory      `json:"approved_by"`
	OneOperator bool           `json:"one_operator,omitempty"` // one operator entered both people's acts
	Attestation Attested       `json:"attestation"`
	Screened    []string       `json:"counsel_screened,omitempty"`  // counsel on the incident, screened from political offices
	Political   []string       `json:"counsel_political,omitempty"` // counsel who advise a political office
}

// A Signatory is a person with access who did an act, by the event of it.
type Signatory struct {
	Person jurat.PersonID `json:"person"`
	Label  string         `json:"label"` // a work name, such as Officer 4471
	Office jurat.OfficeID `json:"office"`
	Role   jurat.Role     `json:"role"`
	Event  jurat.EventID  `json:"event,omitempty"`
	At     time.Time      `json:"at"`
}

// Attested states the contacts with political offices, or that there were none.
type Attested struct {
	None     bool                    `json:"none"`
	By       Signatory               `json:"by"`
	Contacts []Stated[jurat.Contact] `json:"contacts"`
}

// An OrderText is an order named by the incident's events, as its file has it.
type OrderText struct {
	ID     string       `json:"id"`
	Title  string       `json:"title"`
	Digest jurat.Digest `json:"digest"`
	Path   string       `json:"path,omitempty"` // in the dossier
	Notes  []BasisNote  `json:"notes"`
}

// A BasisNote quotes what an order says and on what basis that is known.
type BasisNote struct {
	Quote  string `json:"quote"`
	Basis  string `json:"basis"` // stated, reported, unverified, choice
	Status string `json:"status,omitempty"`
	Source string `json:"source,omitempty"`
}

// ItemState says where an inventory's item is (D42).
type ItemState string

// The closed list of states.
const (
	ItemNew       ItemState = "new"       // in this bag
	ItemSent      ItemState = "sent"      // in an earlier dossier of this referral
	ItemElsewhere ItemState = "elsewhere" // held by another system; not checked
	ItemWithdrawn ItemState = "withdrawn" // named, no longer relied on; Ground says why
	ItemWithheld  ItemState = "withheld"  // held here, not handed over; Ground says why
	ItemDisposed  ItemState = "disposed"  // validly disposed of; Disposal names the event
)

// An InventoryItem is one exhibit of the incident. The inventory is cumulative:
// a supplement lists everything its predecessor listed (D43).
type InventoryItem struct {
	Exhibit  Stated[jurat.Exhibit] `json:"exhibit"`
	State    ItemState             `json:"state"`
	Path     string                `json:"path,omitempty"` // new: in this bag
	Dossier  int                   `json:"dossier"`        // the number of the dossier it was first sent with
	Ground   string                `json:"ground,omitempty"`
	Disposal jurat.EventID         `json:"disposal,omitempty"`
}

// A RecordHistory is a record with every version and act, oldest first.
type RecordHistory struct {
	ID       jurat.ItemID     `json:"id"`
	Type     jurat.RecordType `json:"type"`
	Title    string           `json:"title,omitempty"`
	Versions []RecordVersion  `json:"versions"`
}

// A RecordVersion is a record as it was after one act.
type RecordVersion struct {
	Event jurat.EventID   `json:"event,omitempty"`
	At    time.Time       `json:"at"`
	Act   jurat.Act       `json:"act"`
	By    jurat.PersonID  `json:"by,omitempty"`
	Note  string          `json:"note,omitempty"`
	Value json.RawMessage `json:"value"` // jurat.Record, its open fields as JSON
}

// Missing is something the dossier does not have, and who was asked for it.
type Missing struct {
	What   string    `json:"what"`
	Asked  string    `json:"asked,omitempty"` // who; empty: nobody was asked
	At     time.Time `json:"asked_at,omitzero"`
	Answer string    `json:"answer,omitempty"` // preserved, produced, refused, no_answer, overwritten
	Reason string    `json:"reason,omitempty"`
}

// An ImmunitySheet lists the facts the test of LAW-10 asks about, from both
// sides. There is no field for a verdict.
type ImmunitySheet struct {
	Facts []ImmunityFact `json:"facts"`
}

// An ImmunityFact is one question with what each side states. A side that was
// not obtained says so, with who was asked and when.
type ImmunityFact struct {
	Question string       `json:"question"`
	Sides    []FactBySide `json:"sides"`
}

// A FactBySide is what one side states, or why there is nothing.
type FactBySide struct {
	Side        string `json:"side"`
	Text        string `json:"text,omitempty"`
	Source      string `json:"source,omitempty"`
	NotObtained string `json:"not_obtained,omitempty"` // who was asked, and when
}

// Withheld is a part of an event that the dossier does not open, and why.
type Withheld struct {
	Event  jurat.EventID `json:"event"`
	Item   jurat.Item    `json:"item"`
	Part   string        `json:"part"` // a class, or the name of a claim
	Ground string        `json:"ground"`
}

// A CertificateDraft is a certificate a custodian may sign (FRE 902(13), (14);
// LAW-13). It is a draft: nobody has certified anything by it.
type CertificateDraft struct {
	Rule string `json:"rule"`
	Text string `json:"text"`
}

// Print writes the document in its one spelling: JSON, two spaces of
// indentation, <, > and & as they are, one newline at the end.
func (d ReferralDocument) Print() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(d); err != nil {
		return nil, jurat.Because(jurat.Invalid, err, "the referral cannot be written as JSON")
	}
	if err := checkJSON(b.Bytes(), false); err != nil {
		return nil, jurat.Because(jurat.Invalid, err, "the referral")
	}
	return b.Bytes(), nil
}

// ParseReferral reads what Print writes and nothing else, so that every reader
// reads the same (D41). Unavailable: another version or another spelling.
func ParseReferral(b []byte) (ReferralDocument, error) {
	var d ReferralDocument
	if err := strictJSON(b, &d); err != nil {
		return d, jurat.Because(jurat.Unavailable, err, "%s cannot be read", NameReferral)
	}
	if d.Version != DossierVersion {
		return d, jurat.Errorf(jurat.Unavailable, "%s is of version %d; this program knows version %d", NameReferral, d.Version, DossierVersion)
	}
	again, err := d.Print()
	if err != nil || !bytes.Equal(again, b) {
		return d, jurat.Errorf(jurat.Unavailable, "%s is not in its one spelling", NameReferral)
	}
	return d, nil
}
