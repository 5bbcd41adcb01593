// Package fsck is the doubter: it derives everything a record holds again,
// from its rows and bytes, and says whether it is what was committed to.
//
// Holds: nothing. It opens what it is given for reading, and writes nothing.
// Promises: every row, every file under ledger/ and every byte held here is
// looked at, whatever was found before; the answer is intact, altered or could
// not tell, and what could not be read is never called altered, nor the
// reverse. Memory does not grow with the size of an exhibit, and hardly with
// the number of events.
// May open: the law and format; the row readers of register and the ciphertext
// readers of vault. Its hashing, tile arithmetic and decryption are its own,
// so that a fault of the writer is not repeated here.
// Never: repairs, asks a clock, shows a sealed word, or leaves an event.
package fsck
