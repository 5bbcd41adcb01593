package format

import "jurat"

// A Claim names one statement a leaf commits to. Each is its own disclosure,
// so that any one can be shown, and proved, alone (L4).
type Claim string

// The closed list of claims (L4). A leaf carries a digest for each claim that
// was made and decoys for the rest; nobody can tell them apart.
const (
	ClaimID           Claim = "id"
	ClaimAt           Claim = "at"
	ClaimAct          Claim = "act"
	ClaimActor        Claim = "actor"
	ClaimOrder        Claim = "order"
	ClaimPayload      Claim = "payload"
	ClaimIncident     Claim = "incident"
	ClaimIncidentSeq  Claim = "incident_seq"
	ClaimIncidentPrev Claim = "incident_prev"
	ClaimActorProof   Claim = "actor_proof"
)

// Claims lists every claim, in the order a [Sheet] keeps them.
var Claims = [...]Claim{
	ClaimID, ClaimAt, ClaimAct, ClaimActor, ClaimOrder, ClaimPayload,
	ClaimIncident, ClaimIncidentSeq, ClaimIncidentPrev, ClaimActorProof,
}

// CompletenessClaims are the three that show an incident's events to be all
// of them; they outlive the erasure of a payload (L6).
var CompletenessClaims = [...]Claim{ClaimIncident, ClaimIncidentSeq, ClaimIncidentPrev}

const (
	// VCT is the type every leaf states; it is the same for every event, so
	// that it tells nothing (L2).
	VCT = "urn:jurat:event:1"

	// LeafDigests and PartDigests are how many digests a leaf and its payload
	// always carry (L3, L5).
	LeafDigests = 16
	PartDigests = len(jurat.Classes)

	// MaxLeaf is the most bytes a leaf may have (L2).
	MaxLeaf = 4096
)

// moment is how the claim "at" spells a time: RFC 3339, UTC, always six
// digits of fraction (L4).
const moment = "2006-01-02T15:04:05.000000Z"
