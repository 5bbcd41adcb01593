// Package desk is the work: one method for each thing a person does with the
// record. Each goes the same way: who may, the law, the bytes, then the event
// and the state it leaves in one transaction.
//
// Holds: the policy (policy/*.cedar), what the house decided as of its newest
// event, the journal's quiet minute, and the doors to the register, the vault
// and the ledger; nothing on disk of its own.
// Promises: no act without a decision of the policy; a refused attempt is in
// the security journal; what is absent and what is not yours to see look
// alike; when a method returns nil its event is durable, and when it does not
// nothing happened, unless the error says that the outcome is unknown. Bytes
// are durable before the record names them; who may not, writes none.
// May open: the law, orders, format, register, vault, ledger, dossier, media,
// numbers.
// Never: writes SQL, decides guilt, reads a clock, or lifts a wall because a
// setting says so.
package desk
