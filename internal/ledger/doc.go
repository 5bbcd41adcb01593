// Package ledger keeps the chain: every event's leaf, in one order, under
// signed checkpoints that anyone can check (docs/format/ledger.md).
//
// Holds: the folder ledger/ of a record: checkpoint, tile/, log.pub,
// keys.jsonl; anchors/SIZE-ROOT.checkpoint and anchors/SIZE-ROOT-TOKEN.tsr, what
// others signed; past/N/, the same files of the N-th origin, that ended, and
// ending/ while they move there. Which event has which index, and the root of
// each size, is the [Store]'s; checkpoint and tile/ are a function of its rows.
// Promises: dense indexes, no event before its incident's previous one; a root
// is in the store before it is signed, and one size never has two roots; what
// a killed process left, the next Publish finishes; a record that is behind
// what was once published stops signing, never saving.
// May open: the law, format, durable; a [Store]; a signer of notes.
// Never: decides what is an event, reads a payload, asks a clock, dials a
// network, or repairs a file it found altered.
package ledger
