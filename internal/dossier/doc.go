// Package dossier is the parcel: it builds what is handed over and opens what
// is handed over, by the clauses of docs/format/dossier.md.
//
// Holds: nothing. A dossier is a ZIP, the folder it unpacks to, or either one's
// ZIP encrypted with age; where it lies is the caller's business.
// Promises: [Build] writes each exhibit once, in constant memory, and refuses
// bytes that are not the bytes on the record. [Verify] reads every byte once,
// finds everything it can, and answers intact, altered or could not tell;
// altered goes before could not tell, which goes before intact. What was not
// checked is said. It needs no server, account or network.
// May open: the law, format, age.
// Never: asks a clock; opens a network or a database; trusts a key because it
// came with the dossier; repairs; says intact of what it could not read.
package dossier
