// Package register is the index of the record: its rows, their search, and the
// place where one transaction says what happened.
//
// Holds: one database, SQLite (register.sqlite, its -wal and -shm, and an empty
// -lease-NAME for each lease) or PostgreSQL: events with their leaves, the
// disclosures and sealed parts that open them, the items they are about, where
// the bytes of an exhibit lie, the heads of the chain, leases, the security
// journal, and an index of words. State is not stored twice: an item points to
// the event whose open part is the item.
// Promises: what Write returned nil for survives a power cut, whole; what it
// returned an error for is not there, or the error says "outcome unknown" and
// nothing more is written until the register is opened again. Rows of events,
// leaf indexes, tree heads and the journal are never changed or removed:
// triggers on both engines refuse it. What may be erased lies in tables of its
// own: disclosure, sealed, blob, blob_key, parcel, search_doc. Both engines give the
// same answers to the same calls.
// May open: the law, format (the spelling of a disclosure), ledger (the Store
// it implements), the two database drivers, and x/text, which folds words.
// Never: decides who may, reads a payload beyond handing it out, holds an
// unwrapped key, puts a sealed part in the index of words, or asks any clock
// but the database's.
package register
